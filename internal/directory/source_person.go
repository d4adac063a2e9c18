package directory

import (
	"maps"

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
	wayProven  way = "proven" // matched, and proven here to be the person's own
	wayCreated way = "created"
)

// finding is what was found out about a person on the way to a member, for the
// story: a transaction may run more than once, so it is told afterwards.
type finding struct {
	way      way
	member   identity.MemberID
	compared string            // by which a member was looked for, "" for nothing
	before   map[string]string // what the source said at the sign-in before
	warned   []warning
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
		return followLink(tx, p, in, f, link)
	case fault.KindOf(err) != fault.NotFound:
		return err
	}
	m, err := matching(tx, p, in.Organization, f)
	if fault.Is(err, fault.CodeMemberNotFound) {
		return createLinked(tx, p, in, f)
	}
	if err != nil {
		return err
	}
	if !m.proven {
		// Nothing more is told of the member: neither their state nor links.
		return errProve
	}
	in.Person, f.way, f.member = m.person, wayMatched, m.person.Member.ID
	if p.provenHere != "" {
		f.way = wayProven
	}
	if err := in.standing(tx.Now()); err != nil {
		return err
	}
	if err := unlinkedAt(tx, p.Source.ID, in.Person.Member); err != nil {
		return err
	}
	return addLink(tx, p, *in, f.way)
}

// followLink lets in whom the source's subject was linked with before.
func followLink(tx *store.Tx, p SourceProof, in *SignedIn, f *finding, link identity.Link) (err error) {
	f.way, f.before = wayLinked, link.Said
	if in.Person, err = tx.Members.Get(p.Source.OrganizationID, link.MemberID); err != nil {
		return err
	}
	f.member = in.Person.Member.ID
	if err := in.standing(tx.Now()); err != nil {
		return err
	}
	if err := tx.Links.Use(link, tx.Now()); err != nil || maps.Equal(link.Said, p.Profile.Said) {
		return err
	}
	link.Said = p.Profile.Said
	return tx.Links.Say(link)
}

// createLinked makes the member that an unknown subject stands for: one of the
// organisation's own for enterprise SSO, else a guest.
func createLinked(tx *store.Tx, p SourceProof, in *SignedIn, f *finding) (err error) {
	if err := mayCreate(p, in.Organization); err != nil {
		return err
	}
	newcomer := newcomerOfCentre
	if !p.Source.Rules.Enterprise() {
		newcomer = newGuest
	}
	n, err := newcomer(tx, p, in.Organization, f)
	if err != nil {
		return err
	}
	if n.Name == "" {
		n.Name = nameOf(p.Profile, f)
	}
	if n.Name == "" {
		n.Name = cutName(p.Profile.Subject)
	}
	in.Person, err = createMember(tx, in.Organization, n, identity.Credential{})
	if err != nil {
		return err
	}
	in.Created, f.way, f.member = true, wayCreated, in.Person.Member.ID
	details := map[string]string{"source": string(p.Source.ID)}
	if in.Person.Guest() {
		details["kind"] = string(identity.KindGuest)
	}
	err = audit.Record(tx, in.actor("", p.Origin), audit.MemberAutoCreated, aboutMember(in.Person, details))
	if err != nil {
		return err
	}
	return addLink(tx, p, *in, wayCreated)
}

// newcomerOfCentre is a new member of the organisation's own.
func newcomerOfCentre(tx *store.Tx, p SourceProof, o identity.Organization, f *finding) (NewMember, error) {
	third := thirdAccount(p.Profile)
	if third == "" {
		f.warn(trace.AccountForm, p.Profile.Account)
	}
	c, err := usable(tx, p.Profile, identity.Person{}, o, f)
	return NewMember{automatic: true, ThirdAccount: third, Email: c.email, Mobile: c.mobile}, err
}

// mayCreate tells why unknown people may not become members.
func mayCreate(p SourceProof, o identity.Organization) error {
	switch {
	case !o.Active():
		return errFrozen
	case p.Source.Rules.Binding() == identity.BindOnly:
		return errNoMember
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
		Said: p.Profile.Said, CreatedAt: tx.Now(), UsedAt: tx.Now(),
	})
	if err != nil {
		return err
	}
	return audit.Record(tx, in.actor("", p.Origin), audit.MemberLinked, audit.About{
		Organization: m.OrganizationID, Target: string(m.ID),
		Details: map[string]string{"source": string(p.Source.ID), "how": string(how)},
	})
}

// unlink ends the links of a member through enterprise SSO, which rest on the
// third account, and returns how many there were.
func unlink(tx *store.Tx, m identity.Member) (n int, err error) {
	links, err := tx.Links.OfMember(m.OrganizationID, m.ID)
	if err != nil {
		return 0, err
	}
	for _, l := range links {
		if l.SourceID != identity.SSOSourceID(m.OrganizationID) {
			continue
		}
		if err := tx.Links.Remove(l.SourceID, l.Subject); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}
