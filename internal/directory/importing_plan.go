package directory

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// importing is one batch on its way through one transaction. All reading and
// deciding comes before the first write: what is refused is refused then, and a
// refused row leaves nothing behind.
type importing struct {
	tx      *store.Tx
	actor   identity.Actor
	org     identity.Organization
	batch   *ImportBatch
	secrets map[int]importSecret
	items   []importItem // one for each row
	tree    *importTree
	groups  map[string]identity.Group // by folded name
	known   identity.Attributes
	frozen  map[string]error // why nobody is given an account under a domain
	within  map[identity.MemberID][]identity.Group
	// What rows of this batch will have.
	names   map[identity.LoginName]identity.AccountID
	thirds  map[string]identity.MemberID
	created int
}

// importItem is one row as decided.
type importItem struct {
	known   bool // there is such a person
	edit    memberEdit
	status  identity.MemberStatus // to be set; "" for none
	join    []identity.Group
	leave   []identity.Group
	refusal *fault.Error
}

func (it importItem) result() ImportResult {
	switch {
	case it.refusal != nil:
		return ImportRefused
	case !it.known:
		return ImportCreated
	case len(it.edit.changed)+len(it.join)+len(it.leave) > 0 || it.status != "":
		return ImportChanged
	}
	return ImportUnchanged
}

func newImporting(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, batch *ImportBatch) (*importing, error) {
	actor, err := StillMay(tx, actor, access.ManageMembers, org)
	if err != nil {
		return nil, err
	}
	o, err := tx.Organizations.Get(org)
	if err != nil {
		return nil, err
	}
	i := &importing{
		tx: tx, actor: actor, org: o, batch: batch, items: make([]importItem, len(batch.Rows)),
		names: map[identity.LoginName]identity.AccountID{}, thirds: map[string]identity.MemberID{},
	}
	if i.known, err = tx.Attributes.List(org); err != nil {
		return nil, err
	}
	if i.frozen, err = frozenDomains(tx, org); err != nil {
		return nil, err
	}
	if batch.Earlier != nil && batch.Earlier.tree != nil {
		i.tree = batch.Earlier.tree.in(tx)
		return i, nil
	}
	i.tree, err = newImportTree(tx, o)
	return i, err
}

// outcomes tells what became of each row.
func (i *importing) outcomes() []ImportOutcome {
	all := make([]ImportOutcome, len(i.items))
	for n, it := range i.items {
		all[n] = ImportOutcome{Result: it.result(), Refusal: it.refusal}
	}
	return all
}

// plan decides every row.
func (i *importing) plan() error {
	known, err := i.match()
	if err != nil {
		return err
	}
	turns := i.turns()
	for n, row := range i.batch.Rows {
		it := &i.items[n]
		person, found := known.of(row)
		if found {
			*it, err = i.decideKnown(row, person)
		} else {
			*it, err = i.decideNew(row, turns[n])
		}
		if it.refusal, err = refusal(err); err != nil {
			return err
		}
		if s := i.secrets[n]; it.refusal == nil && !found {
			it.refusal = s.refusal
		}
	}
	if err := i.decideGroups(); err != nil {
		return err
	}
	if err := i.decideNames(known); err != nil {
		return err
	}
	return i.decideLimit()
}

// turns are the places of as many new people as there are rows, in the order of
// the rows.
func (i *importing) turns() []turn {
	turns := make([]turn, len(i.batch.Rows))
	accounts, members := make([]identity.AccountID, len(turns)), make([]identity.MemberID, len(turns))
	for n := range turns {
		accounts[n], members[n] = identity.NewAccountID(i.tx.Now()), identity.NewMemberID(i.tx.Now())
	}
	slices.Sort(accounts)
	slices.Sort(members)
	for n := range turns {
		turns[n] = turn{accounts[n], members[n], time.Duration(n) * time.Millisecond}
	}
	return turns
}

// knownPeople are the people whom rows may be about.
type knownPeople struct {
	byAccount map[string]identity.Person // folded
	byThird   map[string]identity.Person
}

func (k knownPeople) of(row ImportRow) (p identity.Person, found bool) {
	if row.Account != "" {
		p, found = k.byAccount[identity.FoldAccount(row.Account)]
		return p, found
	}
	p, found = k.byThird[row.third()]
	return p, found
}

func (r ImportRow) third() string {
	if r.Change.ThirdAccount == nil {
		return ""
	}
	return *r.Change.ThirdAccount
}

// match looks up everybody whom a row names.
func (i *importing) match() (known knownPeople, err error) {
	known = knownPeople{map[string]identity.Person{}, map[string]identity.Person{}}
	var names []identity.LoginName
	var thirds []string
	for _, row := range i.batch.Rows {
		// What no name can hold is refused when the row is decided.
		if row.Account != "" && identity.CleanText(row.Account) {
			names = append(names, identity.LoginName{Kind: identity.ByAccount, Text: identity.FoldAccount(row.Account)})
		}
		if third := row.third(); third != "" && identity.CleanText(third) {
			thirds = append(thirds, third)
		}
	}
	holders, err := i.tx.Lookup.Holders(names)
	if err != nil {
		return known, err
	}
	var accounts []identity.AccountID
	for _, id := range holders {
		accounts = append(accounts, id)
	}
	people, err := i.tx.Members.OfAccounts(i.org.ID, accounts)
	if err != nil {
		return known, err
	}
	for _, p := range people {
		known.byAccount[identity.FoldAccount(p.Account.Name)] = p
	}
	people, err = i.tx.Members.ByThirdAccounts(i.org.ID, thirds)
	for _, p := range people {
		known.byThird[p.Member.ThirdAccount] = p
	}
	return known, err
}

// department is where a row puts the person, nil where it does not say.
func (i *importing) department(row ImportRow) (*identity.DepartmentID, error) {
	var dep identity.Department
	var err error
	switch {
	case row.Change.DepartmentCode != nil:
		// Codes of another organisation are known here by chance only: the names
		// are asked then.
		dep, err = i.tree.byCode(*row.Change.DepartmentCode)
		if fault.Is(err, fault.CodeDepartmentNotFound) && row.Department != nil {
			dep, err = i.tree.byPath(row.Department, missingDepartments(i.batch.MakeDepartments))
		}
	case row.Department != nil:
		dep, err = i.tree.byPath(row.Department, missingDepartments(i.batch.MakeDepartments))
	default:
		return nil, nil
	}
	return &dep.ID, err
}

// decideNew decides a row about somebody who is not known.
func (i *importing) decideNew(row ImportRow, t turn) (it importItem, err error) {
	if row.Account == "" && row.third() == "" {
		return it, fault.New(fault.Invalid, fault.CodeImportNobody).At("account")
	}
	if row.Role != "" && row.Role != identity.RoleMember {
		return it, fault.New(fault.Invalid, fault.CodeImportRole).At("role").With("role", string(identity.RoleMember))
	}
	n := row.newMember()
	n.turn = t
	if it.edit.person, err = newPerson(i.tx.Now(), i.org.ID, n); err != nil {
		return it, err
	}
	if err := checkReachable(i.org, it.edit.person.Account); err != nil {
		return it, err
	}
	if name := identity.DomainOf(row.Account); name != strings.ToLower(i.org.Domain) && i.frozen[name] != nil {
		return it, fault.Of(i.frozen[name]).At("account")
	}
	if err := cmp.Or(i.known.Edited(nil, n.Attributes), i.known.Complete(n.Attributes)); err != nil {
		return it, err
	}
	it.edit.account = true
	moved, err := i.department(row)
	if err == nil && moved == nil {
		moved = &i.tree.root.ID
	}
	if err == nil {
		it.edit.person.Member.Department = *moved
	}
	return it, err
}

func (r ImportRow) newMember() NewMember {
	c := r.Change
	n := NewMember{
		Account: r.Account, Name: deref(c.Name), EnglishName: deref(c.EnglishName), ThirdAccount: r.third(), Email: deref(c.Email),
		Mobile: deref(c.Mobile), Country: deref(c.Country), Title: deref(c.Title), Signature: deref(c.Signature),
		Description: deref(c.Description), SortLevel: deref(c.SortLevel), HideMobile: deref(c.HideMobile),
		Disabled: r.Status == identity.MemberDisabled,
	}
	for key, value := range c.Attributes {
		if value == nil {
			continue
		}
		if n.Attributes == nil {
			n.Attributes = map[string]string{}
		}
		n.Attributes[key] = *value
	}
	return n
}

// deref is what a pointer holds, the zero value for nil.
func deref[T any](p *T) (value T) {
	if p != nil {
		value = *p
	}
	return value
}

// decideKnown decides a row about a member.
func (i *importing) decideKnown(row ImportRow, p identity.Person) (it importItem, err error) {
	it.known = true
	if row.Role != "" && row.Role != p.Member.Role {
		return it, fault.New(fault.Invalid, fault.CodeImportRole).At("role").With("role", string(p.Member.Role))
	}
	moved, err := i.department(row)
	if err != nil {
		return it, err
	}
	if it.edit, err = row.Change.edit(p, moved); err != nil {
		return it, err
	}
	if it.edit.silenced() {
		err = checkReachable(i.org, it.edit.person.Account)
	}
	if err := cmp.Or(err, row.Change.checkDefined(i.known, p.Member.Attributes)); err != nil {
		return it, err
	}
	it.edit.person.Member.UpdatedAt = p.Member.UpdatedAt
	if row.Status != "" && row.Status != p.Member.Status {
		it.status = row.Status
		if p.Member.Role == identity.RoleOwner {
			return it, errOwner.At("status")
		}
	}
	if it.result() == ImportUnchanged || isSelf(i.actor, i.org.ID, p.Member.ID) {
		return it, nil
	}
	return it, mayAppoint(i.actor, p.Member)
}
