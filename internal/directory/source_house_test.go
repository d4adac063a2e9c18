package directory

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// sso switches enterprise SSO of the house on.
func (h *house) sso() identity.Source {
	h.t.Helper()
	s := identity.Source{
		ID: identity.SSOSourceID(h.org.ID), OrganizationID: h.org.ID, Kind: identity.SourceOAuth2, Name: "sso",
		Enabled: true, Domain: h.org.Code + ".example", Settings: []byte("{}"), CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	h.write(func(tx *store.Tx) error { return tx.Sources.Add(s) })
	s.Version = 1
	return s
}

// ssoOff switches it off again.
func (h *house) ssoOff() {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		s, err := tx.Sources.SSO(h.org.ID)
		if err != nil {
			return err
		}
		s.Enabled = false
		return tx.Sources.Put(s)
	})
}

// proofOf is what the centre of the house says about an account.
func proofOf(s identity.Source, account string, change ...func(*SourceProof)) SourceProof {
	p := SourceProof{Source: s, Profile: identity.Profile{Subject: account, Account: account}, Entry: apiClient}
	for _, c := range change {
		c(&p)
	}
	return p
}

// comes signs somebody in whom the centre proved.
func (h *house) comes(s identity.Source, account string, change ...func(*SourceProof)) (SignedIn, error) {
	h.t.Helper()
	return h.SignInBySource(h.t.Context(), proofOf(s, account, change...))
}

// enters is comes for somebody who must get in.
func (h *house) enters(s identity.Source, account string, change ...func(*SourceProof)) SignedIn {
	h.t.Helper()
	in, err := h.comes(s, account, change...)
	if err != nil {
		h.t.Fatalf("%s: %v", account, err)
	}
	return in
}

// person reads a member as it is stored.
func (h *house) person(id identity.MemberID) (p identity.Person) {
	h.t.Helper()
	h.read(func(tx *store.Tx) (err error) {
		p, err = tx.Members.Get(h.org.ID, id)
		return err
	})
	return p
}

// links counts the links of a member.
func (h *house) links(id identity.MemberID) (n int) {
	h.t.Helper()
	h.read(func(tx *store.Tx) error {
		links, err := tx.Links.OfMember(h.org.ID, id)
		n = len(links)
		return err
	})
	return n
}

// countEvents counts the latest events of a type.
func (h *house) countEvents(event string) int {
	h.t.Helper()
	return len(slices.DeleteFunc(h.events(h.org.ID), func(e string) bool { return e != event }))
}

// stepsOf writes the steps of a story in one line.
func stepsOf(s *trace.Story) string {
	var steps []string
	for _, step := range s.Steps() {
		steps = append(steps, string(step.Check)+":"+string(step.State))
	}
	return strings.Join(steps, " ")
}

// inBrowser asks for a session.
func inBrowser(p *SourceProof) { p.Entry = EnterBrowser{UserAgent: "a browser"} }

// must fails a test whose furniture is wrong.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
