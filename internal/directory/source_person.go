package directory

import (
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// way is how it was decided which member somebody is.
type way string

// The ways, as events name them; "" when none led to a member.
const (
	wayLinked  way = "linked"
	wayMatched way = "matched"
	wayCreated way = "created"
)

// finding is what was found out about a person on the way to a member, for the
// story: a transaction may run more than once, so it is told afterwards.
type finding struct {
	way    way
	member identity.MemberID
	warned []warning
}

// warning is something that was accepted and left out.
type warning struct {
	check trace.Check
	shown string
}

func (f *finding) warn(c trace.Check, shown string) { f.warned = append(f.warned, warning{c, shown}) }

// identify finds, links or creates the member and refuses one who may not come
// in before anything is written about them.
func (d *Directory) identify(tx *store.Tx, p SourceProof, in *SignedIn, f *finding) error {
	link, err := tx.Links.Find(p.Source.ID, p.Profile.Subject)
	switch {
	case err == nil:
		f.way = wayLinked
		if in.Person, err = tx.Members.Get(p.Source.OrganizationID, link.MemberID); err != nil {
			return err
		}
		f.member = in.Person.Member.ID
		if err := in.standing(); err != nil {
			return err
		}
		return tx.Links.Use(link, tx.Now())
	case fault.KindOf(err) != fault.NotFound:
		return err
	}
	in.Person, err = matching(tx, p)
	if fault.Is(err, fault.CodeMemberNotFound) {
		return createLinked(tx, p, in, f)
	}
	if err != nil {
		return err
	}
	f.way, f.member = wayMatched, in.Person.Member.ID
	if err := in.standing(); err != nil {
		return err
	}
	if err := unlinkedAt(tx, p.Source.ID, in.Person.Member); err != nil {
		return err
	}
	return addLink(tx, p, *in, wayMatched)
}

// matching returns the member whose third account is the profile's account.
func matching(tx *store.Tx, p SourceProof) (identity.Person, error) {
	third := thirdAccount(p.Profile)
	if third == "" {
		return identity.Person{}, fault.New(fault.NotFound, fault.CodeMemberNotFound)
	}
	return tx.Members.ByThirdAccount(p.Source.OrganizationID, third)
}

// thirdAccount is the account at the source as a third account, "" when it has
// not the form of one (Meeting API, 1.6): such a person is known by the link
// alone.
func thirdAccount(p identity.Profile) string {
	if p.Account == "" || utf8.RuneCountInString(p.Account) > 64 || strings.Contains(p.Account, ":") || !identity.CleanText(p.Account) {
		return ""
	}
	return p.Account
}

// unlinkedAt refuses a member who is somebody else at the source already.
func unlinkedAt(tx *store.Tx, source identity.SourceID, m identity.Member) error {
	links, err := tx.Links.OfMember(m.OrganizationID, m.ID)
	for _, l := range links {
		if l.SourceID == source {
			return errLinked
		}
	}
	return err
}

// createLinked makes the member that an unknown subject stands for.
func createLinked(tx *store.Tx, p SourceProof, in *SignedIn, f *finding) (err error) {
	if err := mayCreate(p, in.Organization); err != nil {
		return err
	}
	third := thirdAccount(p.Profile)
	if third == "" {
		f.warn(trace.AccountForm, p.Profile.Account)
	}
	c, err := usable(tx, p.Profile, identity.Person{}, in.Organization, f)
	if err != nil {
		return err
	}
	name := nameOf(p.Profile, f)
	if name == "" {
		name = cutName(p.Profile.Subject)
	}
	in.Person, err = createMember(tx, in.Organization, NewMember{
		automatic: true, Name: name, ThirdAccount: third, Email: c.email, Mobile: c.mobile,
	}, identity.Credential{})
	if err != nil {
		return err
	}
	in.Created, f.way, f.member = true, wayCreated, in.Person.Member.ID
	err = audit.Record(tx, in.actor("", p.Origin), audit.MemberAutoCreated, audit.About{
		Organization: in.Organization.ID, Target: string(in.Person.Member.ID),
		Details: map[string]string{"source": string(p.Source.ID)},
	})
	if err != nil {
		return err
	}
	return addLink(tx, p, *in, wayCreated)
}

// mayCreate tells why unknown people may not become members.
func mayCreate(p SourceProof, o identity.Organization) error {
	switch {
	case !o.Active():
		return errFrozen
	case !o.AutoCreate, p.AutoCreate != nil && !*p.AutoCreate:
		return errAutoCreate
	}
	return nil
}

// addLink says from now on that the member is the source's subject.
func addLink(tx *store.Tx, p SourceProof, in SignedIn, how way) error {
	m := in.Person.Member
	err := tx.Links.Add(identity.Link{
		SourceID: p.Source.ID, Subject: p.Profile.Subject, OrganizationID: m.OrganizationID, MemberID: m.ID,
		CreatedAt: tx.Now(), UsedAt: tx.Now(),
	})
	if err != nil {
		return err
	}
	return audit.Record(tx, in.actor("", p.Origin), audit.MemberLinked, audit.About{
		Organization: m.OrganizationID, Target: string(m.ID),
		Details: map[string]string{"source": string(p.Source.ID), "how": string(how)},
	})
}

// unlink ends the links of a member and returns how many there were.
func unlink(tx *store.Tx, m identity.Member) (int, error) {
	links, err := tx.Links.OfMember(m.OrganizationID, m.ID)
	if err != nil {
		return 0, err
	}
	for _, l := range links {
		if err := tx.Links.Remove(l.SourceID, l.Subject); err != nil {
			return 0, err
		}
	}
	return len(links), nil
}
