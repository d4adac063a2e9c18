package directory

import (
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// decideGroups finds the groups that rows name, and which of them a person
// comes into and leaves.
func (i *importing) decideGroups() error {
	var names []string
	var members []identity.MemberID
	for n, row := range i.batch.Rows {
		if row.Groups == nil || i.items[n].refusal != nil {
			continue
		}
		names = append(names, slices.DeleteFunc(slices.Clone(row.Groups), func(name string) bool { return !identity.CleanText(name) })...)
		if i.items[n].known {
			members = append(members, i.items[n].edit.person.Member.ID)
		}
	}
	groups, err := i.tx.Groups.ByNames(i.org.ID, names)
	if err != nil {
		return err
	}
	i.groups = make(map[string]identity.Group, len(groups))
	for _, g := range groups {
		i.groups[identity.Fold(g.Name)] = g
	}
	if i.within, err = i.tx.Groups.OfMembers(i.org.ID, members); err != nil {
		return err
	}
	for n, row := range i.batch.Rows {
		if it := &i.items[n]; row.Groups != nil && it.refusal == nil {
			it.refusal = i.decideGroupsOf(it, row.Groups)
		}
	}
	return nil
}

// decideGroupsOf compares the groups that a row names with those the person is
// in.
func (i *importing) decideGroupsOf(it *importItem, names []string) *fault.Error {
	within := i.within[it.edit.person.Member.ID]
	wanted := map[identity.GroupID]bool{}
	for _, name := range names {
		g, found := i.groups[identity.Fold(name)]
		if !found {
			return fault.New(fault.NotFound, fault.CodeImportGroup).At("groups").With("group", name)
		}
		inside := slices.ContainsFunc(within, func(in identity.Group) bool { return in.ID == g.ID })
		if err := g.Editable(); err != nil && !inside {
			return fault.Of(err).At("groups")
		}
		if !wanted[g.ID] && !inside {
			it.join = append(it.join, g)
		}
		wanted[g.ID] = true
	}
	for _, g := range within {
		if !wanted[g.ID] && g.Editable() == nil { // a security group is left by nobody's file
			it.leave = append(it.leave, g)
		}
	}
	if len(it.join)+len(it.leave) > 0 && access.Allow(i.actor, access.ManageGroups, i.org.ID) != nil {
		return fault.New(fault.Forbidden, fault.CodeForbidden).At("groups")
	}
	return nil
}

// decideNames refuses rows whose login names or third account another person
// has, or an earlier row.
func (i *importing) decideNames(known knownPeople) error {
	var wanted []identity.LoginName
	for n := range i.items {
		for _, name := range i.namesOf(&i.items[n]) {
			wanted = append(wanted, name)
			if other, is := otherMeaning(name); is {
				wanted = append(wanted, other)
			}
		}
	}
	holders, err := i.tx.Lookup.Holders(wanted)
	if err != nil {
		return err
	}
	for n := range i.items {
		it := &i.items[n]
		names := i.namesOf(it)
		for _, name := range names {
			if it.refusal == nil && i.taken(name, it.edit.person.Account.ID, holders) {
				it.refusal = takenName(name.Kind)
			}
		}
		i.claim(it, names, known)
	}
	return nil
}

// claim gives a row that is in order its names and its third account.
func (i *importing) claim(it *importItem, names []identity.LoginName, known knownPeople) {
	if it.refusal != nil {
		return
	}
	m := it.edit.person.Member
	if m.ThirdAccount != "" {
		holder, held := known.byThird[m.ThirdAccount]
		claimed, claims := i.thirds[m.ThirdAccount]
		earlier := i.batch.Earlier != nil && i.batch.Earlier.thirds[m.ThirdAccount]
		if held && holder.Member.ID != m.ID || claims && claimed != m.ID || earlier && !it.known {
			it.refusal = fault.New(fault.Conflict, fault.CodeThirdAccountTaken).At("third_account")
			return
		}
		i.thirds[m.ThirdAccount] = m.ID
	}
	for _, name := range names {
		i.names[name] = it.edit.person.Account.ID
	}
}

// namesOf are the login names that a row gives somebody who is new or whose
// account changes.
func (i *importing) namesOf(it *importItem) []identity.LoginName {
	account := it.edit.person.Account
	if it.refusal != nil || !it.edit.account || account.OrganizationID != i.org.ID {
		return nil
	}
	return account.LoginNames(i.org.Rules.ContactsAsNames)
}

// otherMeaning is the login name of another kind that reads alike; see
// checkNames.
func otherMeaning(name identity.LoginName) (other identity.LoginName, is bool) {
	switch {
	case name.Kind == identity.ByMobile || !strings.Contains(name.Text, "@"):
		return other, false
	case name.Kind == identity.ByAccount:
		return identity.LoginName{Kind: identity.ByEmail, Text: name.Text}, true
	}
	return identity.LoginName{Kind: identity.ByAccount, Text: name.Text}, true
}

// taken reports whether a name, or one that reads alike, is another account's.
func (i *importing) taken(name identity.LoginName, own identity.AccountID, holders map[identity.LoginName]identity.AccountID) bool {
	meanings := []identity.LoginName{name}
	if other, is := otherMeaning(name); is {
		meanings = append(meanings, other)
	}
	for _, meaning := range meanings {
		if holder, held := holders[meaning]; held && holder != own {
			return true
		}
		if holder, held := i.names[meaning]; held && holder != own {
			return true
		}
		if _, held := holders[meaning]; !held && i.batch.Earlier != nil && i.batch.Earlier.names[meaning] {
			return true
		}
	}
	return false
}

func takenName(kind identity.LoginNameKind) *fault.Error {
	switch kind {
	case identity.ByMobile:
		return fault.New(fault.Conflict, fault.CodeMobileTaken).At("mobile")
	case identity.ByEmail:
		return fault.New(fault.Conflict, fault.CodeEmailTaken).At("email")
	}
	return fault.New(fault.Conflict, fault.CodeAccountTaken).At("account")
}

// decideLimit counts who is new and refuses those beyond the limit of the
// organisation.
func (i *importing) decideLimit() error {
	members, _, err := i.tx.Organizations.Counts(i.org.ID)
	if err != nil {
		return err
	}
	if i.batch.Earlier != nil {
		members += i.batch.Earlier.created
	}
	limit, limited, err := memberLimit(i.tx, i.org)
	if err != nil {
		return err
	}
	for n := range i.items {
		it := &i.items[n]
		if it.result() != ImportCreated {
			continue
		}
		if limited && members+i.created >= limit {
			it.refusal = fault.New(fault.Conflict, fault.CodeMemberLimit).With("max", limit)
			continue
		}
		i.created++
	}
	return nil
}
