package directory

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// stands tells in which state a member is.
func (h *house) stands(id identity.MemberID) identity.MemberStatus {
	h.t.Helper()
	p, err := h.Member(h.t.Context(), console, h.org.ID, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.Standing(p.Member)
}

// What lets nobody in makes nobody active; the first way in does, and the
// event says so.
func TestFirstSignInActivates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		p := h.member("alice", func(n *NewMember) { n.ThirdAccount = "a" })
		id := p.Member.ID
		wants(t, "wrong", h.tries("alice", "Wrong-horse-42"), fault.CodeSignInFailed)
		proof := PasswordProof{Name: "alice", Password: goodPassword, Entry: EnterClient{ClientType: identity.ClientAPI}}
		if _, err := h.SignInByPassword(t.Context(), proof); err != nil || h.stands(id) != identity.MemberInactive {
			t.Fatalf("after a verification: %s, %v", h.stands(id), err)
		}
		for i, entry := range []Entry{apiClient, EnterBrowser{}} {
			proof.Entry = entry
			in, err := h.SignInByPassword(t.Context(), proof)
			if err != nil || h.stands(id) != identity.MemberActive || in.Person.Member.Version != 2 {
				t.Fatalf("sign-in %d: %s of version %d, %v", i, h.stands(id), in.Person.Member.Version, err)
			}
		}
		firsts := 0
		for _, e := range h.all(audit.SignedIn) {
			if e.Details["first"] == "true" {
				firsts++
			}
		}
		if firsts != 1 {
			t.Errorf("%d events of a first sign-in, want 1", firsts)
		}
		app := h.appID(h.org.ID)
		made, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount = "new" })
		if err != nil || h.stands(made.Person.Member.ID) != identity.MemberActive || made.Person.Member.Version != 1 {
			t.Errorf("made by an App ID: %+v, %v", made.Person.Member, err)
		}
	})
}

// all are the events of one type.
func (h *house) all(what audit.Type) (found []identity.Event) {
	h.t.Helper()
	h.read(func(tx *store.Tx) (err error) {
		found, err = tx.Events.Page(store.EventQuery{All: true, Type: string(what), Limit: 100})
		return err
	})
	return found
}

// Whose membership ends is out with the next request, whatever is remembered of
// them, and comes in by no way until it is renewed.
func TestMembershipEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		ctx, app := t.Context(), h.appID(h.org.ID)
		p := h.member("alice", func(n *NewMember) { n.ThirdAccount, n.ExpiresAt = "a", h.clock.Now().Add(time.Hour) })
		change := func(end time.Time) error {
			_, err := h.ChangeMember(ctx, console, h.org.ID, p.Member.ID, 0, MemberChange{ExpiresAt: &end})
			return err
		}
		vouch := func() error {
			_, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount = "a" })
			return err
		}
		issued := h.signIn("alice")
		for range 2 { // the second of each is remembered
			wants(t, "App ID", vouch(), "")
			_, err := h.tokens.Check(ctx, issued.Access)
			wants(t, "token", err, "")
		}
		h.clock.Advance(time.Hour)
		if got := h.stands(p.Member.ID); got != identity.MemberExpired {
			t.Errorf("got %s", got)
		}
		_, err := h.tokens.Check(ctx, issued.Access)
		wants(t, "token, over", err, fault.CodeTokenUnknown)
		_, err = h.tokens.Refresh(ctx, issued.Refresh, identity.Origin{})
		wants(t, "refresh, over", err, fault.CodeTokenUnknown)
		wants(t, "App ID, over", vouch(), fault.CodeMemberExpired)
		wants(t, "password, over", h.tries("alice", goodPassword), fault.CodeMemberExpired)
		wants(t, "a wrong password is not told", h.tries("alice", "Wrong-horse-42"), fault.CodeSignInFailed)
		wants(t, "hand-over to them", h.TransferOwnership(ctx, console, h.org.ID, p.Member.ID), fault.CodeMemberState)

		wants(t, "renew", change(h.clock.Now().Add(time.Minute)), "")
		wants(t, "App ID, renewed", vouch(), "")
		wants(t, "password, renewed", h.tries("alice", goodPassword), "")
		wants(t, "end at once", change(h.clock.Now()), "")
		wants(t, "App ID, ended", vouch(), fault.CodeMemberExpired)
		wants(t, "for ever", change(time.Time{}), "")
		wants(t, "App ID, for ever", vouch(), "")
		end := h.clock.Now()
		_, err = h.ChangeMember(ctx, console, h.org.ID, h.owner.Member.ID, 0, MemberChange{ExpiresAt: &end})
		wants(t, "the owner", err, fault.CodeOwnerProtected)
	})
}
