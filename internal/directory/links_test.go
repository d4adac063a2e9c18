package directory

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
)

func TestLinksAreSeenAndRemoved(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		corp, open := h.upstream("corp", byMail()), h.upstream("open", byMail())
		bob := h.member("bob@house", func(n *NewMember) { n.Email = "bob@example.com" })
		guest := h.enters(corp, "guest", says()).Person
		in := h.enters(corp, "b1", says("mail", "bob@example.com"), inBrowser)
		h.clock.Advance(time.Second)
		h.enters(open, "b2", says("mail", "bob@example.com"))
		ctx, org := t.Context(), h.org.ID
		for who, actor := range map[string]identity.Actor{"bob": actorOf(bob), "console": console} {
			links, err := h.Links(ctx, actor, org, bob.Member.ID)
			if err != nil || len(links) != 2 || links[0].Source.Name != "corp" || links[1].Subject != "b2" || links[0].Last || links[0].Said != nil {
				t.Errorf("%s: %+v, %v", who, links, err)
			}
		}
		_, err := h.Links(ctx, actorOf(guest), org, bob.Member.ID)
		wants(t, "somebody else's", err, fault.CodeForbidden)
		wants(t, "somebody else's, removed", h.RemoveLink(ctx, actorOf(guest), org, bob.Member.ID, corp.ID), fault.CodeForbidden)
		wants(t, "the guest's last", h.RemoveLink(ctx, actorOf(guest), org, guest.Member.ID, corp.ID), fault.CodeLinkLast)
		wants(t, "the guest's last, by the console", h.RemoveLink(ctx, console, org, guest.Member.ID, corp.ID), fault.CodeLinkLast)
		wants(t, "none", h.RemoveLink(ctx, console, org, guest.Member.ID, open.ID), fault.CodeLinkNotFound)
		sessions := session.New(h.db, session.Options{Now: h.clock.Now})
		_, err = sessions.Check(ctx, in.Session.Word)
		wants(t, "the session", err, "")
		wants(t, "bob's own", h.RemoveLink(ctx, actorOf(bob), org, bob.Member.ID, corp.ID), "")
		_, err = sessions.Check(ctx, in.Session.Word)
		wants(t, "the session that it opened", err, fault.CodeSessionEnded)
		wants(t, "bob's other, who has a password", h.RemoveLink(ctx, actorOf(bob), org, bob.Member.ID, open.ID), "")
		if n := h.countEvents("member.unlinked"); n != 2 {
			t.Errorf("recorded %d times", n)
		}
	})
}

// Enterprise SSO rests on the third account, other links do not.
func TestAnotherThirdAccountLeavesOtherLinks(t *testing.T) {
	h := sqliteHouse(t)
	sso, corp := h.sso(), h.upstream("corp", byMail())
	bob := h.member("bob@house", func(n *NewMember) { n.ThirdAccount, n.Email = "bob", "bob@example.com" })
	h.enters(sso, "bob")
	h.enters(corp, "b1", says("mail", "bob@example.com"))
	_, err := h.ChangeMember(t.Context(), console, h.org.ID, bob.Member.ID, 0, MemberChange{ThirdAccount: new("robert")})
	must(t, err)
	if n := h.links(bob.Member.ID); n != 1 {
		t.Errorf("%d links, want that with corp", n)
	}
}
