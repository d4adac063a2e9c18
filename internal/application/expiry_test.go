package application

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// What ends is listed by its end: of each kind what still counts and what ended
// within a week, and nothing of another organisation. Both databases.
func TestExpiries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		h := newHouse(t, open(storetest.WithClock(clock)), clock)
		h.furnishEnds(t)
		owner := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: acme, Role: identity.RoleOwner}
		list := func(actor identity.Actor, q ExpiryQuery) string {
			t.Helper()
			found, err := h.Expiries(t.Context(), actor, acme, q)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, e := range found {
				lines = append(lines, fmt.Sprintf("%s %s %s%s", e.Kind, e.Name, e.For, e.EndsAt.Sub(clock.Now())))
			}
			return strings.Join(lines, "\n")
		}
		whole := "client_secret shop 1h0m0s\nwebhook_secret payroll 2h0m0s\nsetup_link centre partner72h0m0s\napp_key till 720h0m0s"
		if got := list(owner, ExpiryQuery{Limit: 10}); got != whole {
			t.Errorf("got\n%s\nwant\n%s", got, whole)
		}
		if got := list(owner, ExpiryQuery{Limit: 10, Kind: SetupLinkEnds}); got != "setup_link centre partner72h0m0s" {
			t.Errorf("set-up links: %s", got)
		}
		// Two and two: a page goes on where the one before ended.
		first, err := h.Expiries(t.Context(), owner, acme, ExpiryQuery{Limit: 2})
		if err != nil || len(first) != 2 {
			t.Fatalf("got %v, %v", first, err)
		}
		if got := list(owner, ExpiryQuery{Limit: 10, After: first[1].Key()}); got != strings.Join(strings.Split(whole, "\n")[2:], "\n") {
			t.Errorf("the second page: %s", got)
		}
		// Whoever may not manage App IDs is not told of their keys.
		administrator := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: acme, Role: identity.RoleAdministrator}
		if got := list(administrator, ExpiryQuery{Limit: 10}); strings.Contains(got, "app_key") || !strings.Contains(got, "payroll") {
			t.Errorf("an administrator: %s", got)
		}
		clock.Advance(24 * time.Hour)
		if got := list(owner, ExpiryQuery{Limit: 1}); got != "client_secret shop -23h0m0s" {
			t.Errorf("a day later: %s", got)
		}
		clock.Advance(expiredFor)
		if got := list(owner, ExpiryQuery{Limit: 1}); got != "setup_link centre partner-120h0m0s" {
			t.Errorf("a week later: %s", got)
		}
		head := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: acme, Role: identity.RoleDepartmentAdministrator}
		if _, err := h.Expiries(t.Context(), head, acme, ExpiryQuery{Limit: 1}); !fault.Is(err, fault.CodeForbidden) {
			t.Errorf("a department administrator: %v", err)
		}
	})
}

// furnishEnds gives acme one thing of each kind that ends, and others that do
// not.
func (h *house) furnishEnds(t *testing.T) {
	t.Helper()
	app := h.add(t, acme, NewAppID{Name: "till"})
	h.add(t, acme, NewAppID{Name: "with one key"})
	if _, err := h.ResetAppKey(t.Context(), console, acme, app.ID); err != nil {
		t.Fatal(err)
	}
	name := "shop"
	_, _, err := h.AddApplication(t.Context(), console, acme, NewApplication{
		ClientID: "shop", Protocol: identity.ProtocolOIDC, Settings: ApplicationChange{Name: &name, HomeURLs: &[]string{"https://shop.example/cb"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.RotateSecret(t.Context(), console, acme, "shop", time.Hour); err != nil {
		t.Fatal(err)
	}
	err = h.db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a fixture")
		now := tx.Now()
		hook := identity.Webhook{ID: identity.NewWebhookID(now), OrganizationID: acme, Name: "payroll", URL: "https://p.example", Secret: "s", CreatedAt: now, UpdatedAt: now}
		if err := tx.Webhooks.Insert(hook); err != nil {
			return err
		}
		hook.Version, hook.Previous, hook.PreviousEndsAt = 1, "before", now.Add(2*time.Hour)
		if err := tx.Webhooks.Put(hook); err != nil {
			return err
		}
		source := identity.Source{ID: identity.NewSourceID(now), OrganizationID: acme, Name: "centre", Kind: "oauth2", Settings: []byte("{}"), CreatedAt: now, UpdatedAt: now}
		if err := tx.Sources.Add(source); err != nil {
			return err
		}
		for _, l := range []identity.SetupLink{{State: identity.SetupLinkOpen, For: "partner"}, {State: identity.SetupLinkApproved, For: "done"}} {
			l.ID, l.OrganizationID, l.SourceID, l.CreatedAt, l.EndsAt = identity.NewSetupLinkID(now), acme, source.ID, now, now.Add(72*time.Hour)
			if err := tx.SetupLinks.Add(l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
