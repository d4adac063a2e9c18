package directory

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MemberChange is an edit of a member; nil leaves a field alone, "" clears it.
// Account name, role, status and password have ways of their own.
type MemberChange struct {
	Name           *string
	EnglishName    *string
	Email          *string
	Mobile         *string
	Country        *string // "" is DefaultCountry
	DepartmentCode *string // "" is the root
	Title          *string
	Signature      *string
	Description    *string
	SortLevel      *int // 0 is 10000
	HideMobile     *bool
	ThirdAccount   *string
	Attributes     map[string]*string // by key; nil removes one
	// Status suspends or resumes the member, as SuspendMember and ResumeMember
	// do, together with the edit: ChangeMember alone looks at it.
	Status *identity.MemberStatus
	// ExpiresAt is when the membership ends; the zero time is never.
	ExpiresAt *time.Time
	// Then joins the transaction of ChangeMember with what other rooms keep of the
	// member; nil does nothing.
	Then func(*store.Tx, identity.Person) error
}

// ChangeMember edits a member. Administrators are edited by the owner or the
// provider, and by themselves. A contact that is somebody else's login name is
// a Conflict (mobile_taken, email_taken), so is a third account in use
// (third_account_taken). A membership whose end is put off begins to count again
// at once; the owner's has none (owner_protected). An edit that changes nothing leaves the version as it
// is.
func (d *Directory) ChangeMember(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID, version int64, c MemberChange) (p identity.Person, err error) {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return p, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		found, err := tx.Members.Get(org, id)
		if err != nil {
			return err
		}
		if err := c.permitted(tx, actor, found.Member); err != nil {
			return err
		}
		if err := store.CheckVersion(version, found.Member.Version); err != nil {
			return err
		}
		if err := c.attributes(tx, found.Member); err != nil {
			return err
		}
		var changed audit.Edit
		p, changed, err = writeBack(tx, found, c)
		if err != nil {
			return err
		}
		if len(changed) > 0 {
			if err := audit.Record(tx, actor, audit.MemberChanged, aboutMember(p, changed.Details())); err != nil {
				return err
			}
		}
		if slices.Contains(changed, "third_account") {
			if err := unlinkBy(tx, actor, p); err != nil {
				return err
			}
		}
		if p, err = c.standing(tx, actor, p); err != nil || c.Then == nil {
			return err
		}
		return c.Then(tx, p)
	})
	return p, err
}

// attributes refuses an edit of custom attributes that does not fit their
// definitions.
func (c MemberChange) attributes(tx *store.Tx, m identity.Member) error {
	if len(c.Attributes) == 0 {
		return nil
	}
	all, err := tx.Attributes.List(m.OrganizationID)
	if err != nil {
		return err
	}
	return c.checkDefined(all, m.Attributes)
}

// permitted refuses an edit of who is out of the actor's reach or may not be
// touched, and a department that is out of it. Administrators edit themselves.
func (c MemberChange) permitted(tx *store.Tx, actor identity.Actor, m identity.Member) error {
	judge := mayTouch
	if isSelf(actor, m.OrganizationID, m.ID) {
		judge = func(tx *store.Tx, actor identity.Actor, m identity.Member) error {
			return inReach(tx, actor, access.ManageMembers, m)
		}
	}
	if err := judge(tx, actor, m); err != nil || c.DepartmentCode == nil {
		return err
	}
	return intoReach(tx, actor, access.ManageMembers, m.OrganizationID, *c.DepartmentCode)
}

// standing gives the member the wanted status and returns them as now stored.
func (c MemberChange) standing(tx *store.Tx, actor identity.Actor, p identity.Person) (identity.Person, error) {
	if c.Status == nil || *c.Status == p.Member.Status {
		return p, nil
	}
	if err := setStatus(tx, actor, p, *c.Status); err != nil {
		return p, err
	}
	return tx.Members.Get(p.Member.OrganizationID, p.Member.ID)
}

// unlinkBy ends a member's links through enterprise SSO. Who enters another
// third account says that the person at the centre is another.
func unlinkBy(tx *store.Tx, actor identity.Actor, p identity.Person) error {
	n, err := unlink(tx, p.Member)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(tx, actor, audit.MemberUnlinked, aboutMember(p, nil))
}

// writeBack applies an edit to a person inside the caller's transaction and
// stores what differs. It returns the person as now stored and the names of
// the changed fields; without any it has written nothing. Under read-committed
// isolation an edit of the same person at the same moment makes it Stale: run
// the transaction again.
func writeBack(tx *store.Tx, p identity.Person, c MemberChange) (identity.Person, audit.Edit, error) {
	var moved *identity.DepartmentID
	if c.DepartmentCode != nil {
		dep, err := departmentOrRoot(tx, p.Member.OrganizationID, *c.DepartmentCode)
		if err != nil {
			return p, nil, err
		}
		moved = &dep.ID
	}
	e, err := c.edit(p, moved)
	if err != nil || len(e.changed) == 0 {
		return p, nil, err
	}
	if e.silenced() {
		o, err := tx.Organizations.Get(p.Member.OrganizationID)
		if err == nil {
			err = checkReachable(o, e.person.Account)
		}
		if err != nil {
			return p, nil, err
		}
	}
	p, err = e.store(tx)
	return p, e.changed, err
}

// memberEdit is a person as an edit wants them, before it is stored.
type memberEdit struct {
	person  identity.Person
	changed audit.Edit // the names of the changed fields
	account bool       // what the account holds is among them
}

// edit applies the change to a copy of the person and checks the outcome.
// moved is the department that the change names, nil when it names none.
func (c MemberChange) edit(p identity.Person, moved *identity.DepartmentID) (e memberEdit, err error) {
	m := &p.Member
	audit.Set(&e.changed, "english_name", &m.EnglishName, c.EnglishName)
	audit.Set(&e.changed, "third_account", &m.ThirdAccount, c.ThirdAccount)
	audit.Set(&e.changed, "title", &m.Title, c.Title)
	audit.Set(&e.changed, "signature", &m.Signature, c.Signature)
	audit.Set(&e.changed, "description", &m.Description, c.Description)
	audit.Set(&e.changed, "hide_mobile", &m.HideMobile, c.HideMobile)
	sortLevel := c.SortLevel
	if sortLevel != nil && *sortLevel == 0 {
		last := lastSortLevel
		sortLevel = &last
	}
	audit.Set(&e.changed, "sort_level", &m.SortLevel, sortLevel)
	setAttributes(m, c.Attributes, &e.changed)
	if err := c.renew(m, &e.changed); err != nil {
		return e, err
	}
	audit.Set(&e.changed, "department", &m.Department, moved)
	ofAccount, err := c.account(&p)
	if err != nil {
		return e, err
	}
	e.person, e.account, e.changed = p, len(ofAccount) > 0, append(e.changed, ofAccount...)
	if len(e.changed) == 0 {
		return e, nil
	}
	return e, checkPerson(p)
}

// silenced reports whether an edit takes away the last contact of a member. Who
// had none before may be edited.
func (e memberEdit) silenced() bool {
	gone := slices.Contains(e.changed, "email") || slices.Contains(e.changed, "mobile")
	return gone && e.person.Account.Email == "" && e.person.Account.Mobile == ""
}

// renew sets the end of the membership.
func (c MemberChange) renew(m *identity.Member, changed *audit.Edit) error {
	if c.ExpiresAt == nil {
		return nil
	}
	before := m.ExpiresAt
	if err := m.Renew(*c.ExpiresAt); err != nil {
		return err
	}
	if !m.ExpiresAt.Equal(before) {
		*changed = append(*changed, "expires_at")
	}
	return nil
}

// store stores what an edit changed and returns the person as now stored.
func (e memberEdit) store(tx *store.Tx) (p identity.Person, err error) {
	p = e.person
	if e.account && p.Account.OrganizationID == p.Member.OrganizationID {
		if p.Account, err = putAccount(tx, p.Account); err != nil {
			return p, err
		}
	}
	return putMember(tx, p)
}

// account edits what the account holds: name and contacts. Those of an account
// that does not belong to the organisation are its person's own.
func (c MemberChange) account(p *identity.Person) (changed audit.Edit, err error) {
	audit.Set(&changed, "name", &p.Member.Name, c.Name)
	wanted := p.Account
	was := contacts{email: wanted.Email, mobile: wanted.Mobile, country: wanted.Country}
	audit.Set(new(audit.Edit), "", &was.email, c.Email)
	audit.Set(new(audit.Edit), "", &was.mobile, c.Mobile)
	audit.Set(new(audit.Edit), "", &was.country, c.Country)
	if c.Email != nil || c.Mobile != nil || c.Country != nil {
		if err := setContacts(&wanted, was); err != nil {
			return nil, err
		}
	}
	a := &p.Account
	before := len(changed)
	audit.Set(&changed, "email", &a.Email, &wanted.Email)
	audit.Set(&changed, "mobile", &a.Mobile, &wanted.Mobile)
	audit.Set(&changed, "country", &a.Country, &wanted.Country)
	if a.OrganizationID == p.Member.OrganizationID {
		a.DisplayName = p.Member.Name
	} else if len(changed) > before {
		return nil, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return changed, nil
}

// setAttributes edits a copy: the map may be shared with the value it was
// read into.
func setAttributes(m *identity.Member, edits map[string]*string, changed *audit.Edit) {
	edited := maps.Clone(m.Attributes)
	if edited == nil {
		edited = map[string]string{}
	}
	for key, value := range edits {
		if value == nil {
			delete(edited, key)
		} else {
			edited[key] = *value
		}
	}
	if !maps.Equal(edited, m.Attributes) {
		m.Attributes = edited
		*changed = append(*changed, "attributes")
	}
}

// putAccount stores a managed account with the login names its organisation
// grants, and returns it as now stored.
func putAccount(tx *store.Tx, a identity.Account) (identity.Account, error) {
	o, err := tx.Organizations.Get(a.OrganizationID)
	if err != nil {
		return a, err
	}
	names := a.LoginNames(o.Rules.ContactsAsNames)
	if err := checkNames(tx, a.ID, names); err != nil {
		return a, err
	}
	a.UpdatedAt = tx.Now()
	err = tx.Accounts.Put(a, names)
	a.Version++
	return a, err
}
