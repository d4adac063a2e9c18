package source

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// minimum is the least with which SSO can be enabled.
func minimum() SSO {
	return SSO{Enabled: true, Domain: "acme.example", OAuth2: OAuth2{
		AuthorizeURL: "https://c.example/a", TokenURL: "https://c.example/t", ClientID: "id", ClientSecret: "secret-1",
		AccountField: "sub", Fields: Fields{AccessToken: "access_token"},
	}}
}

// stored reads the secret that is kept.
func (h *house) secret() (secret string) {
	h.t.Helper()
	h.update(func(tx *store.Tx) error {
		_, set, err := stored(tx, h.org.ID)
		secret = set.ClientSecret
		return err
	})
	return secret
}

// Each row of the Meeting API, 4.8: what was saved before, what is changed,
// and which faults it gives at which fields, or which secret is kept then.
func TestConditionalRules(t *testing.T) {
	const required = string(fault.CodeSSOSecretRequired)
	field := func(change func(*SSOChange)) func(*SSOChange) { return change }
	tests := []struct {
		name   string
		before []func(*SSOChange) // saved one after the other, from the minimum on
		change func(*SSOChange)
		want   string // "code at field, …", "" when it is saved
		secret string // kept afterwards
	}{
		{"first activation with everything", nil, nil, "", "secret-1"},
		{"first activation without a domain", nil, field(func(c *SSOChange) { c.Domain = nil }), "field_missing at domain", ""},
		{"without an authorisation address", nil, field(func(c *SSOChange) { c.AuthorizeURL = ptr("") }), "field_missing at authorize_url", ""},
		{"without a token address", nil, field(func(c *SSOChange) { c.TokenURL = nil }), "field_missing at token_url", ""},
		{"without a client ID", nil, field(func(c *SSOChange) { c.ClientID = nil }), "field_missing at client_id", ""},
		{"without an account field", nil, field(func(c *SSOChange) { c.AccountField = nil }), "field_missing at account_field", ""},
		{"without an access-token field", nil, field(func(c *SSOChange) { c.AccessToken = nil }), "field_missing at fields.access_token", ""},
		{"without a secret", nil, field(func(c *SSOChange) { c.ClientSecret = nil }), required + " at client_secret", ""},
		{"with an empty secret", nil, field(func(c *SSOChange) { c.ClientSecret = ptr("") }), required + " at client_secret", ""},
		{
			"without anything", nil, field(func(c *SSOChange) { *c = SSOChange{Enabled: ptr(true)} }),
			"field_missing at domain, field_missing at authorize_url, field_missing at token_url, field_missing at client_id, field_missing at account_field, field_missing at fields.access_token, " + required + " at client_secret", "",
		},
		{"disabled without anything", nil, field(func(c *SSOChange) { *c = SSOChange{Enabled: ptr(false)} }), "", ""},
		{"disabled with a malformed address", nil, field(func(c *SSOChange) { *c = SSOChange{Enabled: ptr(false), TokenURL: ptr("x")} }), "field_format at token_url", ""},
		{"optional fields are optional", nil, field(func(c *SSOChange) { c.Scope, c.UserInfoURL, c.Name, c.PC = nil, nil, nil, nil }), "", "secret-1"},

		{"same addresses, no secret", saved(nil), field(func(c *SSOChange) { c.ClientSecret, c.Scope = nil, ptr("openid") }), "", "secret-1"},
		{"same addresses, empty secret", saved(nil), field(func(c *SSOChange) { c.ClientSecret = ptr("") }), "", "secret-1"},
		{"same addresses, new secret", saved(nil), field(func(c *SSOChange) { c.ClientSecret = ptr("secret-2") }), "", "secret-2"},
		{"another token address, no secret", saved(nil), field(func(c *SSOChange) { c.ClientSecret, c.TokenURL = nil, ptr("https://d.example/t") }), required + " at client_secret", "secret-1"},
		{"another UserInfo address, no secret", saved(nil), field(func(c *SSOChange) { c.ClientSecret, c.UserInfoURL = nil, ptr("https://c.example/u") }), required + " at client_secret", "secret-1"},
		{"the token address in another letter case", saved(nil), field(func(c *SSOChange) { c.ClientSecret, c.TokenURL = nil, ptr("https://C.example/t") }), required + " at client_secret", "secret-1"},
		{"another token address with a secret", saved(nil), field(func(c *SSOChange) { c.ClientSecret, c.TokenURL = ptr("secret-2"), ptr("https://d.example/t") }), "", "secret-2"},
		{"another authorisation address, no secret", saved(nil), field(func(c *SSOChange) { c.ClientSecret, c.AuthorizeURL = nil, ptr("https://d.example/a") }), "", "secret-1"},
		{"another client ID, no secret", saved(nil), field(func(c *SSOChange) { c.ClientSecret, c.ClientID = nil, ptr("id-2") }), "", "secret-1"},
		{"a field that is needed is cleared", saved(nil), field(func(c *SSOChange) { *c = SSOChange{AccountField: ptr("")} }), "field_missing at account_field", "secret-1"},

		{"disabling keeps what is stored", saved(nil), field(func(c *SSOChange) { *c = SSOChange{Enabled: ptr(false)} }), "", "secret-1"},
		{
			"and enabling again needs no secret", saved(nil, func(c *SSOChange) { *c = SSOChange{Enabled: ptr(false)} }),
			field(func(c *SSOChange) { *c = SSOChange{Enabled: ptr(true)} }), "", "secret-1",
		},
		{
			"saved disabled, the first activation counts as a change", saved(func(c *SSOChange) { c.Enabled = ptr(false) }),
			field(func(c *SSOChange) { *c = SSOChange{Enabled: ptr(true)} }), required + " at client_secret", "secret-1",
		},
		{
			"no secret follows an address that is changed while disabled",
			saved(nil, func(c *SSOChange) { *c = SSOChange{Enabled: ptr(false), TokenURL: ptr("https://evil.example/t")} }),
			field(func(c *SSOChange) { *c = SSOChange{Enabled: ptr(true)} }), required + " at client_secret", "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, houseOptions{})
			for _, edit := range tt.before {
				c := change(minimum())
				edit(&c)
				if err := h.SetSSO(t.Context(), console, h.org.ID, 0, c); err != nil {
					t.Fatal(err)
				}
			}
			c := change(minimum())
			if tt.change != nil {
				tt.change(&c)
			}
			if got := codes(h.SetSSO(t.Context(), console, h.org.ID, 0, c)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := h.secret(); got != tt.secret {
				t.Errorf("the secret kept is %q, want %q", got, tt.secret)
			}
		})
	}
}

// saved puts the minimum, edited, before the other edits.
func saved(first func(*SSOChange), others ...func(*SSOChange)) []func(*SSOChange) {
	if first == nil {
		first = func(*SSOChange) {}
	}
	return append([]func(*SSOChange){first}, others...)
}

// codes writes every fault of an error as "code at field".
func codes(err error) string {
	f := fault.Of(err)
	if f == nil {
		return ""
	}
	var all []string
	for _, one := range append([]*fault.Error{f}, f.Others...) {
		all = append(all, string(one.Code)+" at "+one.Field)
	}
	return strings.Join(all, ", ")
}

func TestDomains(t *testing.T) {
	h := newHouse(t, houseOptions{})
	h.save(minimum())
	other := h.furnish("beta")
	set := func(domain string) error {
		c := change(minimum())
		c.Domain = &domain
		return h.SetSSO(t.Context(), console, other.ID, 0, c)
	}
	for domain, want := range map[string]string{
		"ACME.Example":  "sso_domain_taken at domain",
		"acme.own":      "sso_domain_reserved at domain",
		"beta.own":      "", // its own
		"b\u00fccher":   "", // stored as ASCII
		"not a domain":  "field_format at domain, field_missing at domain",
		"beta.example ": "",
	} {
		if got := codes(set(domain)); got != want && (!strings.HasPrefix(got, "field_format at domain") || !strings.HasPrefix(want, "field_format")) {
			t.Errorf("%q: got %s, want %s", domain, got, want)
		}
	}
	if err := set("B\u00fccher"); err != nil {
		t.Fatal(err)
	}
	f, err := h.ByDomain(t.Context(), " XN--bcher-kva ")
	if err != nil || f.Organization.ID != other.ID {
		t.Errorf("ByDomain = %v, %v; want the organisation beta", f.Organization.Code, err)
	}
}

func TestSSOState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, houseOptions{open: open})
		state := h.state()
		want := "https://gate.example/sso/callback/" + string(identity.SSOSourceID(h.org.ID))
		if state.Version != 0 || state.Enabled || state.Dialect != DialectAuto || state.CallbackURL != want {
			t.Errorf("before anything is saved: %d, %v, %s", state.Version, state.Enabled, state.CallbackURL)
		}
		h.save(full())
		state = h.state()
		if state.Version != 1 || !state.HasSecret || state.ClientSecret != "" || state.Scope != "openid" || *state.AutoCreate {
			t.Errorf("after: version %d, secret %q", state.Version, state.ClientSecret)
		}
		for _, edit := range []struct {
			version int64
			change  SSOChange
			want    string
		}{
			{7, SSOChange{Scope: ptr("x")}, "stale at "},
			{1, SSOChange{Scope: ptr("x"), ClientSecret: ptr("other-secret")}, ""},
			{2, SSOChange{Enabled: ptr(false)}, ""},
			{3, SSOChange{Enabled: ptr(false)}, ""}, // nothing differs: no event, no new version
			{3, SSOChange{Override: strings.Repeat("a", 256)}, "field_length at override"},
		} {
			if got := codes(h.SetSSO(t.Context(), console, h.org.ID, edit.version, edit.change)); got != edit.want {
				t.Errorf("edit of version %d: %q, want %q", edit.version, got, edit.want)
			}
		}
		h.events(t, "sso.configured: "+strings.Join(everyField(), ", "), "sso.enabled", "sso.configured: client_secret, scope", "sso.configured: enabled", "sso.disabled")
	})
}

func (h *house) state() SSOState {
	h.t.Helper()
	state, err := h.SSO(h.t.Context(), console, h.org.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return state
}

func everyField() []string { return changedFields(SSO{}, full()) }

// events compares the operation log in whatever order, with the fields that
// were changed.
func (h *house) events(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	h.update(func(tx *store.Tx) error {
		page, err := tx.Events.Page(store.EventQuery{Organization: h.org.ID, Limit: 100})
		for _, e := range page {
			row := e.Type
			if fields := e.Details["fields"]; e.Type == "sso.configured" {
				row += ": " + fields
			}
			if text := e.Details["fields"] + e.Details["reason"]; strings.Contains(text, "secret-that") || strings.Contains(text, "other-secret") {
				t.Errorf("an event tells the secret: %v", e.Details)
			}
			got = append(got, row)
		}
		return err
	})
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("events\n got %q\nwant %q", got, want)
	}
}

// Whoever may not change an organisation may do none of this to it.
func TestAccess(t *testing.T) {
	h := newHouse(t, houseOptions{})
	h.save(minimum())
	member := func(org identity.OrganizationID, role identity.Role) identity.Actor {
		return identity.Actor{Kind: identity.ActsAsMember, OrganizationID: org, Role: role}
	}
	acts := map[string]func(identity.Actor) error{
		"SSO":       func(a identity.Actor) error { _, err := h.SSO(t.Context(), a, h.org.ID); return err },
		"SetSSO":    func(a identity.Actor) error { return h.SetSSO(t.Context(), a, h.org.ID, 0, SSOChange{Scope: ptr("s")}) },
		"StartTry":  func(a identity.Actor) error { _, err := h.StartTry(t.Context(), a, h.org.ID, TryRequest{}); return err },
		"TryReport": func(a identity.Actor) error { _, err := h.TryReport(t.Context(), a, h.org.ID, "try_x"); return err },
	}
	for name, act := range acts {
		for _, a := range []identity.Actor{{}, member(h.org.ID, identity.RoleMember), member("org_other", identity.RoleOwner), {Kind: identity.ActsAsApplication, OrganizationID: h.org.ID}} {
			if err := act(a); !fault.Is(err, fault.CodeForbidden) {
				t.Errorf("%s by %+v: %v, want forbidden", name, a, err)
			}
		}
		for _, a := range []identity.Actor{console, member(h.org.ID, identity.RoleOwner), member(h.org.ID, identity.RoleAdministrator)} {
			if err := act(a); fault.Is(err, fault.CodeForbidden) {
				t.Errorf("%s by %+v is forbidden", name, a)
			}
		}
	}
}
