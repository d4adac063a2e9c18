package directory

import (
	"context"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// OrganizationChange is an edit of an organisation; nil leaves a field alone.
// The code never changes.
type OrganizationChange struct {
	Name        *string
	AutoCreate  *bool
	Everlasting *bool
	Rules       *identity.SignInRules
	Profile     *identity.OrganizationProfile
	// Amend edits the profile as it is stored, after Profile.
	Amend func(*identity.OrganizationProfile)
	// Owner edits the owner in the same transaction.
	Owner *MemberChange
	// DefaultSource is in place of Rules.DefaultSource, "" leads people nowhere.
	DefaultSource *identity.SourceID
	// Domain, Limits and Status are for the provider alone.
	Domain *string
	Limits *identity.Limits
	Status *identity.OrganizationStatus
}

// ChangeOrganization edits an organisation; the root department follows its
// name. Freezing it ends all its access tokens. When contacts become login
// names, one that somebody else has already is a Conflict (mobile_taken,
// email_taken) and nothing changes. A default source that is none of the
// organisation's, or its enterprise SSO, is Invalid (source_not_found), one that
// is not enabled a Conflict (source_disabled). One that is being dissolved changes
// no more (organization_dissolving).
func (d *Directory) ChangeOrganization(ctx context.Context, actor identity.Actor, id identity.OrganizationID, version int64, c OrganizationChange) (o identity.Organization, err error) {
	permission := access.ManageOrganization
	if c.Domain != nil || c.Limits != nil || c.Status != nil || c.Owner != nil {
		permission = access.GovernOrganization
	}
	if err := access.Allow(actor, permission, id); err != nil {
		return o, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if o, err = tx.Organizations.Get(id); err != nil {
			return err
		}
		if o.Status == identity.OrganizationDissolving {
			return fault.New(fault.Conflict, fault.CodeOrganizationDissolving)
		}
		if err := store.CheckVersion(version, o.Version); err != nil {
			return err
		}
		before := o
		if err := c.changeOwner(tx, actor, id); err != nil {
			return err
		}
		if err := c.checkGranted(o); err != nil {
			return err
		}
		changed := c.apply(&o)
		if len(changed) == 0 {
			return nil
		}
		if err := checkOrganization(o); err != nil {
			return err
		}
		if err := checkDefaultSource(tx, before, o); err != nil {
			return err
		}
		if err := putOrganization(tx, before, &o); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.OrganizationChanged, audit.About{Organization: id, Target: string(id), Details: changed.Details()})
	})
	return o, err
}

// changeOwner edits the owner inside the caller's transaction.
func (c OrganizationChange) changeOwner(tx *store.Tx, actor identity.Actor, org identity.OrganizationID) error {
	if c.Owner == nil {
		return nil
	}
	owner, err := tx.Members.Owner(org)
	if err != nil {
		return err
	}
	p, changed, err := writeBack(tx, owner, *c.Owner)
	if err != nil || len(changed) == 0 {
		return ofOwner(err)
	}
	return audit.Record(tx, actor, audit.MemberChanged, aboutMember(p, changed.Details()))
}

// checkDefaultSource demands an enabled source of the organisation, where people
// are led to another one than before.
func checkDefaultSource(tx *store.Tx, before, o identity.Organization) error {
	id := o.Rules.DefaultSource
	if id == "" || id == before.Rules.DefaultSource {
		return nil
	}
	s, err := tx.Sources.Get(o.ID, id)
	switch {
	case fault.Is(err, fault.CodeSourceNotFound), id == identity.SSOSourceID(o.ID):
		return fault.New(fault.Invalid, fault.CodeSourceNotFound).At("default_source")
	case err == nil && !s.Enabled:
		return fault.New(fault.Conflict, fault.CodeSourceDisabled).At("default_source")
	}
	return err
}

// checkGranted refuses to set how many members there may be where the provider
// grants them, and keeps the mark of that.
func (c *OrganizationChange) checkGranted(o identity.Organization) error {
	if c.Limits == nil {
		return nil
	}
	limits := *c.Limits
	limits.Granted = o.Limits.Granted
	if limits.Granted && limits.Members != o.Limits.Members {
		return fault.New(fault.Conflict, fault.CodeMembersGranted).At("limits.members")
	}
	c.Limits = &limits
	return nil
}

// apply edits an organisation and tells which fields changed.
func (c OrganizationChange) apply(o *identity.Organization) (changed audit.Edit) {
	audit.Set(&changed, "name", &o.Name, c.Name)
	audit.Set(&changed, "auto_create", &o.AutoCreate, c.AutoCreate)
	audit.Set(&changed, "everlasting", &o.Everlasting, c.Everlasting)
	audit.Set(&changed, "rules", &o.Rules, c.Rules)
	audit.Set(&changed, "default_source", &o.Rules.DefaultSource, c.DefaultSource)
	profile := o.Profile
	audit.Set(new(audit.Edit), "", &profile, c.Profile)
	if c.Amend != nil {
		c.Amend(&profile)
	}
	audit.Set(&changed, "profile", &o.Profile, &profile)
	audit.Set(&changed, "limits", &o.Limits, c.Limits)
	if c.Domain != nil {
		domain := strings.ToLower(*c.Domain)
		audit.Set(&changed, "domain", &o.Domain, &domain)
	}
	if c.Status != nil && *c.Status != o.Status {
		audit.Set(&changed, "status", &o.Status, c.Status)
		if !o.Active() {
			// Tokens of before must not come back to life when it thaws.
			o.Generation++
		}
	}
	return changed
}

// putOrganization stores an edited organisation and what follows from it.
func putOrganization(tx *store.Tx, before identity.Organization, o *identity.Organization) error {
	o.UpdatedAt = tx.Now()
	if err := tx.Organizations.Put(*o); err != nil {
		return err
	}
	o.Version++
	if before.Active() && !o.Active() {
		if err := session.EndAllOf(tx, session.Whose{Organization: o.ID}, identity.EndedByFreezing); err != nil {
			return err
		}
	}
	if o.Name != before.Name {
		root, err := tx.Departments.ByCode(o.ID, identity.RootDepartmentCode)
		if err != nil {
			return err
		}
		root.Name, root.UpdatedAt = o.Name, tx.Now()
		if err := tx.Departments.Put(root); err != nil {
			return err
		}
	}
	if o.Rules.ContactsAsNames != before.Rules.ContactsAsNames {
		return renameAccounts(tx, *o)
	}
	return nil
}

// renameAccounts gives every managed account of an organisation the login
// names that its rules grant now.
func renameAccounts(tx *store.Tx, o identity.Organization) error {
	q := store.MemberQuery{Limit: store.PageMax}
	for {
		people, err := tx.Members.Page(o.ID, q)
		if err != nil {
			return err
		}
		for _, p := range people {
			if p.Account.OrganizationID != o.ID || p.Account.Mobile == "" && p.Account.Email == "" {
				continue
			}
			names := p.Account.LoginNames(o.Rules.ContactsAsNames)
			if err := checkNames(tx, p.Account.ID, names); err != nil {
				return err
			}
			if err := tx.Accounts.PutNames(p.Account.ID, names); err != nil {
				return err
			}
		}
		if len(people) < q.Limit {
			return nil
		}
		q.After = q.MarkOf(people[len(people)-1])
	}
}

// checkOrganization adds to an organisation's own rules the bounds of what it
// tells about itself (Meeting API, 5.1 and 5.2).
func checkOrganization(o identity.Organization) error {
	if err := o.Validate(); err != nil {
		return err
	}
	if o.Status != identity.OrganizationActive && o.Status != identity.OrganizationFrozen {
		return fault.New(fault.Invalid, fault.CodeFieldChoice).At("status").
			With("choices", []string{string(identity.OrganizationActive), string(identity.OrganizationFrozen)})
	}
	if !identity.CleanText(o.Name) {
		return fault.New(fault.Invalid, fault.CodeMalformed).At("name")
	}
	if err := checkRules(o.Rules); err != nil {
		return err
	}
	return checkTexts([]textRule{
		{"domain", o.Domain, 255},
		{"address", o.Profile.Address, 255},
		{"phone", o.Profile.Phone, 32},
		{"fax", o.Profile.Fax, 32},
		{"email", o.Profile.Email, 255},
		{"country", o.Profile.Country, 255},
		{"description", o.Profile.Description, 255},
		{"language", o.Profile.Language, 35},
	})
}

// checkRules refuses rules that no password could satisfy, or that would make
// the lock-out a way to lock everybody out for long.
func checkRules(r identity.SignInRules) error {
	p := r.Password
	longest := p.MaxLength
	if longest == 0 || longest > passwordBytes {
		longest = passwordBytes
	}
	for _, rule := range [...]struct {
		field     string
		n, lo, hi int
	}{
		{"min_length", p.MinLength, 0, longest},
		{"max_length", p.MaxLength, 0, 1024},
		{"min_classes", p.MinClasses, 0, 4},
		{"max_repeats", p.MaxRepeats, 0, longest},
		{"min_different", p.MinDifferent, 0, longest},
		{"history", p.History, 0, historyKept},
		{"min_age", int(p.MinAge / time.Second), 0, 30 * 24 * 60 * 60},
		{"lock_after", r.LockAfter, 0, 100},
		{"lock_for", int(r.LockFor / time.Second), 0, 24 * 60 * 60},
	} {
		if rule.n < rule.lo || rule.n > rule.hi {
			return fault.New(fault.Invalid, fault.CodeFieldRange).At(rule.field).With("min", rule.lo).With("max", rule.hi)
		}
	}
	return nil
}

// textRule bounds a text from outside to a number of characters.
type textRule struct {
	field, text string
	high        int
}

// checkTexts reports every text that is too long or not clean.
func checkTexts(rules []textRule) error {
	var faults []*fault.Error
	for _, r := range rules {
		switch {
		case !identity.CleanText(r.text):
			faults = append(faults, fault.New(fault.Invalid, fault.CodeMalformed).At(r.field))
		case len([]rune(r.text)) > r.high:
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldLength).At(r.field).With("min", 0).With("max", r.high))
		}
	}
	return fault.All(faults)
}
