package api

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// granted lets an ordinary member grant something to a new application.
func (h *house) granted(p identity.Person, clientID string) identity.Grant {
	h.t.Helper()
	now := h.clock.Now()
	a := identity.Application{
		ID: identity.NewApplicationID(now), OrganizationID: h.acme.organization.ID, ClientID: clientID, Name: clientID,
		Protocol: identity.ProtocolOIDC, Status: identity.ApplicationActive, CreatedAt: now, UpdatedAt: now,
	}
	g := identity.Grant{
		ID: identity.GrantIDOf(identity.NewUUID(now)), ApplicationID: a.ID, OrganizationID: a.OrganizationID, AccountID: p.Account.ID,
		MemberID: p.Member.ID, SessionID: identity.SessionID(h.acme.session), Scopes: []string{"openid"}, Round: 1, RoundAt: now, CreatedAt: now,
		EndsAt: now.Add(time.Hour), Offline: true,
	}
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		o, err := tx.Organizations.Get(a.OrganizationID)
		if err != nil {
			return err
		}
		g.Generation = identity.Generations{Account: p.Account.Generation, Member: p.Member.Generation, Organization: o.Generation}
		if err := tx.Applications.Insert(a); err != nil {
			return err
		}
		return tx.Grants.Insert(store.GrantRow{Grant: g, Seed: []byte("seed")})
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return g
}

func TestGrants(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		of := "/organizations/acme/members/" + string(h.acme.other.Member.ID) + "/grants"
		wiki := h.granted(h.acme.other, "wiki")
		h.clock.Advance(time.Second)
		h.granted(h.acme.other, "mail")
		list := read[collection[Grant]](t, h.as(administrator, "GET", of, ""), 200).Items
		want := Grant{
			ID: string(wiki.ID), ApplicationID: string(wiki.ApplicationID), ClientID: "wiki", ApplicationName: "wiki", SessionID: h.acme.session,
			Scopes: []string{"openid"}, Offline: true, CreatedAt: wiki.CreatedAt, RefreshedAt: wiki.RoundAt, EndsAt: wiki.EndsAt,
		}
		if len(list) != 2 || !reflect.DeepEqual(list[1], want) {
			t.Errorf("got %+v, want %+v", list, want)
		}
		if got := read[RevokedGrants](t, h.as(administrator, "DELETE", of+"?application="+string(wiki.ApplicationID), ""), 200); got.Revoked != 1 {
			t.Errorf("revoked %d, want 1", got.Revoked)
		}
		if got := read[RevokedGrants](t, h.as(orgToken, "DELETE", of, ""), 200); got.Revoked != 1 {
			t.Errorf("revoked %d of the rest, want 1", got.Revoked)
		}
		if list := read[collection[Grant]](t, h.as(administrator, "GET", of, ""), 200).Items; list == nil || len(list) != 0 {
			t.Errorf("afterwards: %v", list)
		}
	})
}

func TestMyGrants(t *testing.T) {
	h := newHouse(t)
	h.granted(h.acme.member, "wiki")
	if list := read[collection[Grant]](t, h.as(anyMember, "GET", "/me/grants", ""), 200).Items; len(list) != 1 {
		t.Errorf("got %+v, want one", list)
	}
	refused(t, h.as(providerToken, "GET", "/me/grants", ""), http.StatusForbidden, "forbidden")
	if got := read[RevokedGrants](t, h.as(anyMember, "DELETE", "/me/grants", ""), 200); got.Revoked != 1 {
		t.Errorf("revoked %d, want 1", got.Revoked)
	}
}

// What somebody may open comes with the addresses that open it and show it.
func TestMyApplications(t *testing.T) {
	h := newHouse(t)
	h.granted(h.acme.member, "nowhere") // it has no address to arrive at
	read[Application](t, h.as(administrator, "POST", "/organizations/acme/applications",
		`{"client_id":"wiki","name":"Wiki","protocol":"oidc","home_urls":["https://wiki.example.com/cb"],"access":{"everyone":true}}`), 201)
	list := read[collection[MyApplication]](t, h.as(anyMember, "GET", "/me/applications", ""), 200).Items
	if want := []MyApplication{{ClientID: "wiki", Name: "Wiki", Open: "https://id.example:8443/apps/wiki/login"}}; !reflect.DeepEqual(list, want) {
		t.Errorf("got %+v, want %+v", list, want)
	}
	refused(t, h.as(providerToken, "GET", "/me/applications", ""), http.StatusForbidden, "forbidden")
}
