package source

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// outside is where the other side sits.
var outside = identity.Origin{RequestID: "of-the-other-side"}

// filledIn are settings that lack nothing.
func filledIn() Values {
	return Values{
		"authorize_url": "https://c.example/a", "token_url": "https://c.example/t", "userinfo_url": "https://c.example/u",
		"client_id": "orgate", "client_secret": "the first secret", "scope": "profile email",
	}
}

// empty adds a source that nobody has filled in.
func (h *house) empty(name string) Configured {
	h.t.Helper()
	c, err := h.Add(h.t.Context(), console, h.org.ID, NewSource{Name: name, Kind: identity.SourceOAuth2})
	if err != nil {
		h.t.Fatal(codes(err))
	}
	return c
}

// invite makes a link and opens it; guest is who works by it.
func (h *house) invite(of Configured) (link identity.SetupLink, guest identity.Actor) {
	h.t.Helper()
	link, secret, err := h.AddSetupLink(h.t.Context(), console, h.org.ID, NewSetupLink{Source: of.ID, For: "root@partner.example"})
	if err != nil {
		h.t.Fatal(err)
	}
	return link, h.guest(secret)
}

func (h *house) guest(secret string) identity.Actor {
	h.t.Helper()
	word, err := h.OpenSetupLink(h.t.Context(), outside, secret)
	if err != nil {
		h.t.Fatal(err)
	}
	guest, err := h.SetupGuest(h.t.Context(), outside, word)
	if err != nil {
		h.t.Fatal(err)
	}
	return guest
}

func TestLifeOfASetupLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h, ctx := newHouse(t, houseOptions{open: open}), t.Context()
		of := h.empty("Partner")
		link, guest := h.invite(of)
		filled := filledIn()
		fine(t, h.FillIn(ctx, guest, link.ID, filled, "Partner.Example"))
		h.update(func(tx *store.Tx) error {
			return tx.Domains.Put(identity.Domain{OrganizationID: h.org.ID, Name: "partner.example", Token: "t", ProvenAt: tx.Now(), CreatedAt: tx.Now()})
		})
		// A later edit without the secret leaves it.
		fine(t, h.FillIn(ctx, guest, link.ID, Values{"client_id": "gate"}, "partner.example"))
		fine(t, h.Submit(ctx, guest, link.ID))
		h.submitted(link.ID)
		if c, err := h.Get(ctx, console, h.org.ID, of.ID); err != nil || len(c.Secrets) > 0 || c.Settings["client_id"] != "" {
			t.Errorf("in force before it was approved: %+v, %v", c, err)
		}
		fine(t, h.ApproveSetupLink(ctx, console, h.org.ID, link.ID))
		c, err := h.Get(ctx, console, h.org.ID, of.ID)
		if err != nil || c.Settings["client_id"] != "gate" || !slices.Equal(c.Secrets, []string{"client_secret"}) || c.Enabled {
			t.Errorf("approved: %+v, %v", c, err)
		}
		h.update(func(tx *store.Tx) error {
			d, err := tx.Lookup.ProvenDomain("partner.example")
			if err == nil && d.SourceID != of.ID {
				t.Errorf("the domain leads to %q", d.SourceID)
			}
			return err
		})
		want := []string{
			string(audit.SetupLinkApproved), string(audit.SetupLinkCreated), string(audit.SetupLinkOpened), string(audit.SetupLinkSubmitted),
			string(audit.SourceAdded), string(audit.SourceChanged),
		}
		h.events(t, want...)
	})
}

// submitted looks at what was filled in as it is shown.
func (h *house) submitted(id identity.SetupLinkID) {
	h.t.Helper()
	sub, err := h.SetupLink(h.t.Context(), console, h.org.ID, id)
	fine(h.t, err)
	if sub.Link.State != identity.SetupLinkSubmitted || sub.Link.Domain != "partner.example" || sub.Link.Draft != nil || !sub.Written {
		h.t.Errorf("submitted: %+v", sub.Link)
	}
	if sub.Settings["client_id"] != "gate" || sub.Settings["client_secret"] != "" || !slices.Equal(sub.Secrets, []string{"client_secret"}) {
		h.t.Errorf("submitted: %v, %v", map[string]string(sub.Settings), sub.Secrets)
	}
}

func fine(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(codes(err))
	}
}

func TestSetupLinkIsOpenedOnce(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	of := h.empty("Partner")
	_, secret, err := h.AddSetupLink(ctx, console, h.org.ID, NewSetupLink{Source: of.ID})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // looking spends nothing
		if sub, err := h.PeekSetupLink(ctx, secret); err != nil || sub.Organization.ID != h.org.ID || sub.Source.ID != of.ID {
			t.Fatalf("got %+v, %v", sub, err)
		}
	}
	h.guest(secret)
	_, err = h.PeekSetupLink(ctx, secret)
	wants(t, "looked at again", err, fault.CodeSetupLinkEnded)
	_, err = h.OpenSetupLink(ctx, outside, secret)
	wants(t, "opened again", err, fault.CodeSetupLinkEnded)
	for _, word := range []string{"", "ogk_x", secret} {
		_, err = h.SetupGuest(ctx, outside, word)
		wants(t, "a word "+word, err, fault.CodeSetupLinkEnded)
	}
}

func TestSetupLinkEnds(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	of := h.empty("Partner")
	_, late, err := h.AddSetupLink(ctx, console, h.org.ID, NewSetupLink{Source: of.ID, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	link, guest := h.invite(of)
	withdrawn, other := h.invite(of)
	if err := h.WithdrawSetupLink(ctx, console, h.org.ID, withdrawn.ID); err != nil {
		t.Fatal(err)
	}
	wants(t, "withdrawn", h.FillIn(ctx, other, withdrawn.ID, nil, ""), fault.CodeSetupLinkEnded)
	wants(t, "nothing filled in", h.Submit(ctx, guest, link.ID), fault.CodeFieldMissing)
	fine(t, h.FillIn(ctx, guest, link.ID, filledIn(), ""))
	h.clock.Advance(identity.DefaultSetupLinkLife)
	_, err = h.OpenSetupLink(ctx, outside, late)
	wants(t, "opened late", err, fault.CodeSetupLinkEnded)
	wants(t, "filled in late", h.FillIn(ctx, guest, link.ID, nil, ""), fault.CodeSetupLinkEnded)
	wants(t, "submitted late", h.Submit(ctx, guest, link.ID), fault.CodeSetupLinkEnded)
	wants(t, "approved without being submitted", h.ApproveSetupLink(ctx, console, h.org.ID, link.ID), fault.CodeSetupLinkState)
}

// TestSetupGuestIsNobodyElse: a link opens one source and nothing beside it.
func TestSetupGuestIsNobodyElse(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	mine, guest := h.invite(h.empty("Partner"))
	theirs, _ := h.invite(h.empty("Another"))
	wants(t, "another's link", h.FillIn(ctx, guest, theirs.ID, nil, ""), fault.CodeForbidden)
	_, err := h.SetupLink(ctx, guest, h.org.ID, theirs.ID)
	wants(t, "another's draft", err, fault.CodeForbidden)
	for what, act := range map[string]func() error{
		"approve":  func() error { return h.ApproveSetupLink(ctx, guest, h.org.ID, mine.ID) },
		"reject":   func() error { return h.RejectSetupLink(ctx, guest, h.org.ID, mine.ID, "") },
		"withdraw": func() error { return h.WithdrawSetupLink(ctx, guest, h.org.ID, mine.ID) },
		"list":     func() error { _, err := h.SetupLinks(ctx, guest, h.org.ID); return err },
		"make": func() error {
			_, _, err := h.AddSetupLink(ctx, guest, h.org.ID, NewSetupLink{Source: mine.SourceID})
			return err
		},
		"sources": func() error { _, err := h.List(ctx, guest, h.org.ID); return err },
		"change": func() error {
			_, err := h.Change(ctx, guest, h.org.ID, mine.SourceID, 0, SourceChange{Enabled: ptr(true)})
			return err
		},
		"SSO": func() error { _, err := h.SSO(ctx, guest, h.org.ID); return err },
	} {
		wants(t, what, act(), fault.CodeForbidden)
	}
}

// TestDraftsHoldNobodyElsesSecret: what the organisation stored is not shown to
// the other side, and is not sent to addresses of theirs.
func TestDraftsHoldNobodyElsesSecret(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	of, err := h.Add(ctx, console, h.org.ID, NewSource{Name: "Partner", Kind: identity.SourceOAuth2, Settings: filledIn()})
	if err != nil {
		t.Fatal(codes(err))
	}
	link, guest := h.invite(of)
	sub, err := h.SetupLink(ctx, guest, h.org.ID, link.ID)
	if err != nil || len(sub.Secrets) > 0 || sub.Settings["client_id"] != "orgate" {
		t.Errorf("begins with %+v, %v", sub, err)
	}
	fine(t, h.FillIn(ctx, guest, link.ID, Values{"token_url": "https://elsewhere.example/t"}, ""))
	wants(t, "submitted without a secret of their own", h.Submit(ctx, guest, link.ID), fault.CodeFieldMissing)
}

func TestSetupLinkRefusals(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	of := h.empty("Partner")
	add := func(n NewSetupLink) error { _, _, err := h.AddSetupLink(ctx, console, h.org.ID, n); return err }
	wants(t, "no such source", add(NewSetupLink{Source: "src_x"}), fault.CodeSourceNotFound)
	wants(t, "the enterprise SSO", add(NewSetupLink{Source: identity.SSOSourceID(h.org.ID)}), fault.CodeSourceNotFound)
	wants(t, "too short a life", add(NewSetupLink{Source: of.ID, Life: time.Minute}), fault.CodeFieldRange)
	wants(t, "too long a life", add(NewSetupLink{Source: of.ID, Life: identity.SetupLinkLife + 1}), fault.CodeFieldRange)
	wants(t, "for an essay", add(NewSetupLink{Source: of.ID, For: strings.Repeat("x", 256)}), fault.CodeFieldLength)
	for range maxSetupLinks {
		if err := add(NewSetupLink{Source: of.ID}); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, "one more", add(NewSetupLink{Source: of.ID}), fault.CodeSetupLinkLimit)
	link, err := h.SetupLinks(ctx, console, h.org.ID)
	if err != nil || len(link) != maxSetupLinks {
		t.Fatalf("got %d, %v", len(link), err)
	}
	wants(t, "a note of an essay", h.RejectSetupLink(ctx, console, h.org.ID, link[0].ID, strings.Repeat("x", 256)), fault.CodeFieldLength)
	wants(t, "rejected before", h.RejectSetupLink(ctx, console, h.org.ID, link[0].ID, "no"), fault.CodeSetupLinkState)
}

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}
