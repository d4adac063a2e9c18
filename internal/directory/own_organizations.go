package directory

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// OwnPlaces are the organisations of a person.
type OwnPlaces struct {
	Places []OwnPlace // oldest first
	// Owned of Most organisations are the person's own.
	Owned, Most int
	Founds      bool // the installation lets people make organisations
}

// OwnPlace is one of them, and what the person is there.
type OwnPlace struct {
	Organization identity.Organization
	Member       identity.Member
	Last         bool  // where the person was last
	Barred       error // why they are not let in, nil if they are
}

// OwnPlaces returns the organisations of the acting person. Whoever has no
// account of their own is Forbidden (person_only).
func (d *Directory) OwnPlaces(ctx context.Context, actor identity.Actor) (own OwnPlaces, err error) {
	if err := allowOwn(actor); err != nil {
		return own, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		a, err := ownAccount(tx, actor)
		if err != nil {
			return err
		}
		own, err = ownPlaces(tx, a)
		return err
	})
	return own, err
}

func ownPlaces(tx *store.Tx, a identity.Account) (own OwnPlaces, err error) {
	places, err := placesOf(tx, a.ID)
	if err != nil {
		return own, err
	}
	known, err := tx.People.Get(a.ID)
	if err != nil {
		return own, err
	}
	rules, _, err := readPeopleRules(tx)
	own.Founds, own.Most = rules.Organizations, identity.PersonOrganizations+known.More
	for _, in := range places {
		o, m := in.Organization, in.Person.Member
		own.Places = append(own.Places, OwnPlace{Organization: o, Member: m, Last: o.ID == known.Last, Barred: in.standing(tx.Now())})
		if m.Role == identity.RoleOwner {
			own.Owned++
		}
	}
	return own, err
}

// OwnOrganization is what a person makes an organisation of their own from.
type OwnOrganization struct {
	Name string
	Code string // natural key; "" draws one
}

// FoundOrganization makes an organisation with the acting person as its owner
// (OrgID, B.2), under the limits of identity.LimitsOfPeople. Where the
// installation does not let people do that it is Forbidden (organizations_off);
// who owns as many as they may is a Conflict (organization_quota). Whoever has no
// account of their own is Forbidden (person_only).
func (d *Directory) FoundOrganization(ctx context.Context, actor identity.Actor, n OwnOrganization) (o identity.Organization, err error) {
	if err := allowOwn(actor); err != nil {
		return o, err
	}
	limits := identity.LimitsOfPeople()
	blueprint, err := NewOrganization{Name: strings.TrimSpace(n.Name), Code: n.Code, Limits: &limits}.organization()
	if err != nil {
		return o, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		a, err := mayFound(tx, actor)
		if err != nil {
			return err
		}
		o = blueprint
		if err := insertOrganization(tx, &o, n.Code == ""); err != nil {
			return err
		}
		owner, err := admitMember(tx, o, a, identity.Member{Name: a.Title(), Role: identity.RoleOwner})
		if err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.OrganizationAdded, audit.About{
			Organization: o.ID, Target: string(o.ID), Details: map[string]string{"code": o.Code, "owner": string(owner.Member.ID)},
		})
	})
	return o, err
}

// mayFound returns the account of who may make one organisation more.
func mayFound(tx *store.Tx, actor identity.Actor) (a identity.Account, err error) {
	if a, err = ownAccount(tx, actor); err != nil {
		return a, err
	}
	own, err := ownPlaces(tx, a)
	switch {
	case err != nil:
		return a, err
	case !own.Founds:
		return a, fault.New(fault.Forbidden, fault.CodeOrganizationsOff)
	case own.Owned >= own.Most:
		return a, fault.New(fault.Conflict, fault.CodeOrganizationQuota).With("max", own.Most)
	}
	return a, nil
}

// Switch is a wish to go on in another organisation.
type Switch struct {
	// Session is the one in which it is wished, as it was checked a moment ago.
	Session      identity.Session
	Organization identity.OrganizationID // "" is none of them
	Entry        EnterBrowser            // replaces that session
	Origin       identity.Origin
}

// counts reports whether what the person proved counts in several organisations.
func (s Switch) counts() error {
	if k := s.Session; k.MustChange || k.SourceID != "" || !k.Proven(identity.ByPassword) {
		return fault.New(fault.Forbidden, fault.CodeOrganizationSwitch)
	}
	return nil
}

// SwitchOrganization lets the person of a session go on in another of their
// organisations, or in none, by a new session that rests on the same proof; the
// one before ends. It remembers the organisation they went to.
//
// Only a password of ours counts in several organisations: whoever was proven by
// the source of one is Forbidden (organization_switch), and where members sign in
// through a centre of their own the password is not enough (sso_only). An
// organisation they have no place in is NotFound (organization_not_found); the
// other faults are those of a sign-in there.
func (d *Directory) SwitchOrganization(ctx context.Context, s Switch) (in SignedIn, err error) {
	if err := s.counts(); err != nil {
		return in, err
	}
	err = d.letIn(ctx, func(tx *store.Tx) error {
		in, err = d.switched(tx, s)
		return err
	})
	return in, err
}

func (d *Directory) switched(tx *store.Tx, s Switch) (in SignedIn, err error) {
	k := s.Session
	before, err := bearer{Account: k.AccountID, Organization: k.OrganizationID, Member: k.MemberID, Generation: k.Generation}.again(tx)
	if err != nil {
		return in, ended(err)
	}
	a := before.Person.Account
	if a.Kind != identity.Personal {
		return in, errPersonOnly
	}
	if in, err = wished(tx, a, s); err != nil {
		return in, err
	}
	if err := in.standing(tx.Now()); err != nil {
		return in, err
	}
	if err := mayUsePassword(tx, in, s.Entry); err != nil {
		return in, err
	}
	credential, err := tx.Credentials.Get(a.ID)
	if err != nil {
		return in, err
	}
	in.MustChange = mustChange(credential, in)
	if s.Organization != "" {
		if err := tx.People.Visit(a.ID, s.Organization); err != nil {
			return in, err
		}
	}
	return in, d.admit(tx, &in, s.Entry, admission{how: howSwitch, methods: k.Methods, origin: s.Origin, continues: k})
}

// wished finds the place to which somebody goes.
func wished(tx *store.Tx, a identity.Account, s Switch) (SignedIn, error) {
	if s.Organization == "" {
		return alonePlace(tx, a.ID)
	}
	in, err := place(tx, a, s.Organization, s.Entry)
	if fault.Is(err, fault.CodeSignInFailed) {
		err = fault.New(fault.NotFound, fault.CodeOrganizationNotFound)
	}
	return in, err
}

// LeaveAndGoOn is LeaveOrganization for whoever acts there: in one transaction
// the session goes on in no organisation and the place ends. A refusal, of
// LeaveOrganization or of SwitchOrganization, leaves both as they were.
func (d *Directory) LeaveAndGoOn(ctx context.Context, actor identity.Actor, s Switch) (in SignedIn, err error) {
	if err := allowOwn(actor); err != nil {
		return in, err
	}
	if err := s.counts(); err != nil {
		return in, err
	}
	org := s.Session.OrganizationID
	s.Organization = ""
	err = d.letIn(ctx, func(tx *store.Tx) error {
		a, err := ownAccount(tx, actor)
		if err != nil {
			return err
		}
		if in, err = d.switched(tx, s); err != nil {
			return err
		}
		p, err := tx.Members.ByAccount(org, a.ID)
		if err != nil {
			return err
		}
		return leave(tx, actor, p)
	})
	return in, err
}

// LeaveOrganization ends the acting person's place in an organisation: their
// sessions there, and what applications were granted there. The owner stays
// (owner_protected); whoever is no member is NotFound (member_not_found).
func (d *Directory) LeaveOrganization(ctx context.Context, actor identity.Actor, org identity.OrganizationID) error {
	if err := allowOwn(actor); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		a, err := ownAccount(tx, actor)
		if err != nil {
			return err
		}
		p, err := tx.Members.ByAccount(org, a.ID)
		if err != nil {
			return err
		}
		return leave(tx, actor, p)
	})
}
