package directory

import (
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// apply stores what was decided, unless nothing is to be stored. A conflict
// here is a race with somebody else and told as Stale.
func (i *importing) apply() error {
	if i.batch.Mode == ImportDry || i.batch.Mode == ImportAllOrNone && i.anyRefused() {
		i.tx.NoEvent("nothing of the rows is stored")
		return nil
	}
	used := map[identity.DepartmentID]bool{}
	for _, it := range i.items {
		if it.refusal == nil {
			used[it.edit.person.Member.Department] = true
		}
	}
	err := i.tree.store(i.actor, used)
	for _, step := range []func() error{i.storeNew, i.storeKnown, i.storeGroups, i.record} {
		if err == nil {
			err = step()
		}
	}
	if err != nil && fault.KindOf(err) == fault.Conflict {
		return fault.New(fault.Stale, fault.CodeStale).Because(err)
	}
	return err
}

func (i *importing) anyRefused() bool {
	return slices.ContainsFunc(i.items, func(it importItem) bool { return it.refusal != nil })
}

// storeNew stores those who are new, with many rows to a statement.
func (i *importing) storeNew() error {
	var accounts []store.NamedAccount
	var people []identity.Person
	var credentials []identity.Credential
	for n, it := range i.items {
		if it.result() != ImportCreated {
			continue
		}
		p := it.edit.person
		people = append(people, p)
		accounts = append(accounts, store.NamedAccount{Account: p.Account, Names: p.Account.LoginNames(i.org.Rules.ContactsAsNames)})
		if c := i.secrets[n].credential; c.Hash != "" {
			c.AccountID, c.ChangedAt = p.Account.ID, i.tx.Now()
			credentials = append(credentials, c)
		}
	}
	if len(people) == 0 {
		return nil
	}
	if err := i.tx.Accounts.InsertAll(accounts); err != nil {
		return err
	}
	for _, c := range credentials {
		if err := i.tx.Credentials.Put(c); err != nil {
			return err
		}
	}
	return i.tx.Members.InsertAll(i.org.ID, people)
}

// storeKnown stores the edits of those who are known.
func (i *importing) storeKnown() error {
	for n := range i.items {
		it := &i.items[n]
		if !it.known || it.result() != ImportChanged {
			continue
		}
		if err := i.storeEdit(it); err != nil {
			return err
		}
	}
	return nil
}

func (i *importing) storeEdit(it *importItem) (err error) {
	p := it.edit.person
	if len(it.edit.changed) > 0 {
		if p, err = it.edit.store(i.tx); err != nil {
			return err
		}
		if slices.Contains(it.edit.changed, "third_account") {
			if err := unlinkBy(i.tx, i.actor, p); err != nil {
				return err
			}
		}
	}
	switch it.status {
	case identity.MemberDisabled:
		return suspend(i.tx, i.actor, p)
	case identity.MemberActive:
		return resume(i.tx, i.actor, p)
	}
	return nil
}

// storeGroups puts people into groups and takes them out.
func (i *importing) storeGroups() error {
	touched := map[identity.GroupID]identity.Group{}
	for _, it := range i.items {
		if it.refusal != nil {
			continue
		}
		for _, g := range it.join {
			touched[g.ID] = g
			if _, err := i.tx.Groups.Add(g, it.edit.person.Member.ID); err != nil {
				return err
			}
		}
		for _, g := range it.leave {
			touched[g.ID] = g
			if _, err := i.tx.Groups.Remove(g, it.edit.person.Member.ID); err != nil {
				return err
			}
		}
	}
	for _, g := range touched {
		if err := i.tx.Groups.Changed(g); err != nil {
			return err
		}
	}
	return nil
}
