package directory

import (
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// offers offers the house's organisation and returns the word that is sent.
func (h *house) offers(n NewHandover) string {
	h.t.Helper()
	h.mails()
	if _, err := h.OfferOrganization(h.t.Context(), actorOf(h.owner), h.org.ID, n); err != nil {
		h.t.Fatalf("offer: %v", err)
	}
	return h.wordIn(h.mails(), "/handover/")
}

func TestHandOver(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		ctx, dora := t.Context(), h.own("dora")
		word := h.offers(NewHandover{Name: "Dora", Contact: "dora@mail.example"})
		o, err := h.OpenHandover(ctx, word)
		wants(t, "opened", err, "")
		same(t, "the giver", o.Giver.ID, h.owner.Member.ID)
		got, err := h.Handover(ctx, actorOf(h.owner), h.org.ID)
		wants(t, "read", err, "")
		same(t, "the receiver", [2]string{got.Contact, got.Name}, [2]string{"dora@mail.example", "Dora"})
		nodes := []*Directory{h.Directory, second()}
		errs := make(chan error, 4)
		for n := range cap(errs) {
			go func() { _, err := nodes[n%2].AcceptHandover(ctx, dora, word); errs <- err }()
		}
		taken := 0
		for range cap(errs) {
			if err := <-errs; err == nil {
				taken++
			} else {
				wants(t, "who was slower", err, fault.CodeHandoverNotFound)
			}
		}
		same(t, "taken over so often", taken, 1)
		h.read(func(tx *store.Tx) error {
			owner, err := tx.Members.Owner(h.org.ID)
			same(t, "the owner", owner.Account.ID, dora.AccountID)
			before, _ := tx.Members.Get(h.org.ID, h.owner.Member.ID)
			same(t, "the giver's role", before.Member.Role, identity.RoleAdministrator)
			return err
		})
		events := h.events(h.org.ID)
		same(t, "recorded", slices.Contains(events, "handover.offered") && slices.Contains(events, "handover.accepted"), true)
	})
}

func TestHandOverAndLeave(t *testing.T) {
	h := sqliteHouse(t)
	heir := h.member("heir@house", func(n *NewMember) { n.Email = "heir@mail.example" })
	word := h.offers(NewHandover{Name: "Heir", Contact: "heir@mail.example", Leaves: true})
	p, err := h.AcceptHandover(t.Context(), actorOf(heir), word)
	if err != nil || p.Member.ID != heir.Member.ID {
		t.Fatalf("got %+v, %v", p, err)
	}
	h.read(func(tx *store.Tx) error {
		_, err := tx.Members.Get(h.org.ID, h.owner.Member.ID)
		wants(t, "the giver", err, fault.CodeMemberNotFound)
		owner, err := tx.Members.Owner(h.org.ID)
		if owner.Member.ID != heir.Member.ID {
			t.Errorf("the owner is %+v", owner.Member)
		}
		return err
	})
}

func TestHandOverRefuses(t *testing.T) {
	h := sqliteHouse(t)
	ctx, dora, emil := t.Context(), h.own("dora"), h.own("emil")
	admin := h.member("admin@house", func(n *NewMember) { n.Role, n.Email = identity.RoleAdministrator, "admin@mail.example" })
	good := NewHandover{Name: "Dora", Contact: "dora@mail.example"}
	for name, actor := range map[string]identity.Actor{"an administrator": actorOf(admin), "a person": dora, "nobody": {}} {
		_, err := h.OfferOrganization(ctx, actor, h.org.ID, good)
		wants(t, name, err, fault.CodeForbidden)
		_, err = h.Handover(ctx, actor, h.org.ID)
		wants(t, name+" reads", err, fault.CodeForbidden)
		wants(t, name+" withdraws", h.WithdrawHandover(ctx, actor, h.org.ID), fault.CodeForbidden)
	}
	_, err := h.OfferOrganization(ctx, console, h.org.ID, NewHandover{Contact: "dora@mail.example"})
	wants(t, "without a name", err, fault.CodeFieldLength)
	wants(t, "nothing to withdraw", h.WithdrawHandover(ctx, console, h.org.ID), fault.CodeHandoverNotFound)
	word := h.offers(good)
	_, err = h.OfferOrganization(ctx, console, h.org.ID, good)
	wants(t, "a second", err, fault.CodeHandoverExists)
	_, err = h.AcceptHandover(ctx, emil, word)
	wants(t, "somebody else", err, fault.CodeHandoverForeign)
	_, err = h.AcceptHandover(ctx, identity.Actor{}, word)
	wants(t, "nobody", err, fault.CodeForbidden)
	if err := h.WithdrawHandover(ctx, actorOf(h.owner), h.org.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.AcceptHandover(ctx, dora, word)
	wants(t, "withdrawn", err, fault.CodeHandoverNotFound)
	word = h.offers(good)
	h.clock.Advance(identity.InvitationLife)
	_, err = h.OpenHandover(ctx, word)
	wants(t, "too late", err, fault.CodeHandoverEnded)
	_, err = h.Handover(ctx, console, h.org.ID)
	wants(t, "read too late", err, fault.CodeHandoverNotFound)
	h.clock.Advance(time.Second)
	word = h.offers(NewHandover{Name: "Dora", Contact: "dora@mail.example"}) // the one that ran out gives way
	if err := h.TransferOwnership(ctx, console, h.org.ID, admin.Member.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.AcceptHandover(ctx, dora, word)
	wants(t, "of who owns it no more", err, fault.CodeHandoverEnded)
	_, err = h.OpenHandover(ctx, "ogh_nothing")
	wants(t, "a word of nobody's", err, fault.CodeHandoverNotFound)
}

// A managed account of another organisation owns none here.
func TestHandOverToTheManaged(t *testing.T) {
	h := sqliteHouse(t)
	first, owner := h.org, h.owner
	h.furnish("other", func(n *NewOrganization) { n.Owner.Email = "foreign@mail.example" })
	foreign := h.owner
	h.org, h.owner = first, owner
	word := h.offers(NewHandover{Name: "Foreign", Contact: "foreign@mail.example"})
	_, err := h.AcceptHandover(t.Context(), actorOf(foreign), word)
	wants(t, "another organisation's", err, fault.CodeInvitationManaged)
	if err := h.WithdrawHandover(t.Context(), console, h.org.ID); err != nil {
		t.Fatal(err)
	}
	late := h.member("late@house", func(n *NewMember) {
		n.Email, n.ExpiresAt = "late@mail.example", h.clock.Now().Add(time.Hour)
	})
	word = h.offers(NewHandover{Name: "Late", Contact: "late@mail.example"})
	_, err = h.AcceptHandover(t.Context(), actorOf(late), word)
	wants(t, "whose membership has an end", err, fault.CodeMemberState)
}
