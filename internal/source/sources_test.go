package source

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// whole is a source that can be enabled.
func whole(name string) NewSource {
	return NewSource{Name: name, Kind: identity.SourceOAuth2, Enabled: true, Rules: byMail(), Settings: Values{
		"authorize_url": "https://c.example/a", "token_url": "https://c.example/t", "userinfo_url": "https://c.example/u",
		"client_id": "orgate", "client_secret": "the first secret", "scope": "profile email",
	}}
}

// latest lists the types of the newest events of an organisation, sorted: they
// are of one instant.
func (h *house) latest(n int) []string {
	h.t.Helper()
	var types []string
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		list, err := tx.Events.Page(store.EventQuery{Organization: h.org.ID, Limit: n})
		for _, e := range list {
			types = append(types, e.Type)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(types)
	return types
}

func TestLifeOfASource(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h, ctx := newHouse(t, houseOptions{open: open}), t.Context()
		made, err := h.Add(ctx, console, h.org.ID, whole("Corp"))
		if err != nil {
			t.Fatal(codes(err))
		}
		if made.Version != 1 || !made.Enabled || made.Settings["client_secret"] != "" || !slices.Equal(made.Secrets, []string{"client_secret"}) ||
			made.Settings["scope"] != "profile,email" || made.Settings["pkce"] != "true" || made.LogoutURL != "" || made.Default ||
			made.CallbackURL != "https://gate.example/login/source/"+string(made.ID)+"/callback" {
			t.Errorf("added: %+v, %v", made, map[string]string(made.Settings))
		}
		got, err := h.Get(ctx, console, h.org.ID, made.ID)
		if err != nil || !reflect.DeepEqual(got, made) {
			t.Errorf("read   %+v, %v\nadded %+v", got, err, made)
		}
		h.edits(made)
		want := []string{"source.added", "source.changed", "source.changed", "source.disabled", "source.enabled", "source.removed"}
		if got := h.latest(20); !slices.Equal(got, want) {
			t.Errorf("events %q, want %q", got, want)
		}
	})
}

// edits changes, disables and removes a source.
func (h *house) edits(made Configured) {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	rules := byMail(identity.Mapping{Ours: "title", Fixed: "Guest"})
	changed, err := h.Change(ctx, console, h.org.ID, made.ID, 1, SourceChange{
		Name: ptr("Corporation"), Settings: Values{"scope": "", "key_id": "k"}, Rules: &rules,
	})
	if err != nil || changed.Name != "Corporation" || changed.Settings["scope"] != "" || changed.Settings["key_id"] != "k" ||
		changed.Settings["client_id"] != "orgate" || len(changed.Secrets) != 1 || !reflect.DeepEqual(changed.Rules, rules) || changed.Version != 2 {
		t.Errorf("changed: %+v, %v", changed, err)
	}
	if same, err := h.Change(ctx, console, h.org.ID, made.ID, 0, SourceChange{Settings: Values{"key_id": "k"}}); err != nil || same.Version != 2 {
		t.Errorf("changed to what it is: version %d, %v", same.Version, err)
	}
	if _, err := h.Change(ctx, console, h.org.ID, made.ID, 1, SourceChange{Enabled: ptr(false)}); !fault.Is(err, fault.CodeStale) {
		t.Errorf("changed on an old version: %v", err)
	}
	h.discards(made)
}

// discards disables a source, which has version 2, and removes it.
func (h *house) discards(made Configured) {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	if off, err := h.Change(ctx, console, h.org.ID, made.ID, 2, SourceChange{Enabled: ptr(false)}); err != nil || off.Enabled {
		t.Errorf("disabled: %+v, %v", off, err)
	}
	if err := h.Remove(ctx, console, h.org.ID, made.ID, 2); !fault.Is(err, fault.CodeStale) {
		t.Errorf("removed on an old version: %v", err)
	}
	if err := h.Remove(ctx, console, h.org.ID, made.ID, 3); err != nil {
		t.Errorf("removed: %v", err)
	}
	if _, err := h.Get(ctx, console, h.org.ID, made.ID); !fault.Is(err, fault.CodeSourceNotFound) {
		t.Errorf("read after that: %v", err)
	}
}

func TestWhatIsRefusedOfASource(t *testing.T) {
	without := func(keys ...string) NewSource {
		n := whole("New")
		for _, key := range keys {
			delete(n.Settings, key)
		}
		return n
	}
	set := func(pairs ...string) NewSource {
		n := whole("New")
		for i := 0; i < len(pairs); i += 2 {
			n.Settings[pairs[i]] = pairs[i+1]
		}
		return n
	}
	named := func(name string) NewSource { return whole(name) }
	tests := []struct {
		name string
		add  NewSource
		want string
	}{
		{"the name of enterprise SSO", named("SSO"), "source_name at name"},
		{"no name", named(""), "field_length at name"},
		{"a long name", named(strings.Repeat("n", 65)), "field_length at name"},
		{"a blank before it", named(" corp"), "field_length at name"},
		{"a line feed in it", named("a\nb"), "field_length at name"},
		{"a name in use, in other letters", named("TAKEN"), "source_exists at name"},
		{"an unknown kind", NewSource{Name: "x", Kind: "radius"}, "field_choice at kind"},
		{"implicit", set("grant_type", "implicit"), "grant_unsafe at settings.grant_type"},
		{"passwords", set("grant_type", "password"), "grant_unsafe at settings.grant_type"},
		{"client credentials", set("grant_type", "client_credentials"), "grant_nobody at settings.grant_type"},
		{"no secret", without("client_secret"), "field_missing at settings.client_secret"},
		{"no key", set("auth_method", "private_key_jwt"), "field_missing at settings.private_key"},
		{"neither secret nor challenge", set("auth_method", "none", "pkce", "false"), "field_choice at settings.pkce"},
		{"much is missing", without("authorize_url", "token_url", "client_id"), "field_missing at settings.authorize_url, field_missing at settings.token_url, field_missing at settings.client_id"},
		{"a setting of another kind", set("login_page", "https://c.example"), "field_unknown at settings.login_page"},
		{"no rules", NewSource{Name: "x", Kind: identity.SourceOAuth2, Enabled: true, Settings: whole("").Settings}, "field_choice at match.ours, field_missing at match.theirs"},
	}
	h := newHouse(t, houseOptions{})
	if _, err := h.Add(t.Context(), console, h.org.ID, whole("Taken")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := h.Add(t.Context(), console, h.org.ID, tt.add); codes(err) != tt.want {
				t.Errorf("got %s, want %s", codes(err), tt.want)
			}
		})
	}
}

// A source that is switched off may be incomplete, but not malformed, and
// nobody switches it on like that.
func TestADisabledSourceMayBeIncomplete(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	bare, err := h.Add(ctx, console, h.org.ID, NewSource{Name: "later", Kind: identity.SourceOAuth2})
	if err != nil || bare.Enabled {
		t.Fatal(codes(err))
	}
	if _, err := h.Add(ctx, console, h.org.ID, NewSource{Name: "x", Kind: identity.SourceOAuth2, Settings: Values{"token_url": "nonsense"}}); codes(err) != "field_format at settings.token_url" {
		t.Errorf("malformed: %s", codes(err))
	}
	_, err = h.Change(ctx, console, h.org.ID, bare.ID, 0, SourceChange{Enabled: ptr(true)})
	if want := "field_missing at settings.authorize_url, field_missing at settings.token_url, field_missing at settings.client_id, " +
		"field_missing at settings.client_secret, field_choice at match.ours, field_missing at match.theirs"; codes(err) != want {
		t.Errorf("enabled: %s", codes(err))
	}
	n := whole("")
	if _, err := h.Change(ctx, console, h.org.ID, bare.ID, 0, SourceChange{Enabled: ptr(true), Settings: n.Settings, Rules: &n.Rules}); err != nil {
		t.Errorf("completed: %s", codes(err))
	}
}

// The secret is asked for again wherever it would be sent to another address.
func TestTheSecretOfASourceStaysWhereItIs(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	made, err := h.Add(ctx, console, h.org.ID, whole("Corp"))
	if err != nil {
		t.Fatal(codes(err))
	}
	moved := SourceChange{Settings: Values{"token_url": "https://evil.example/t"}}
	if _, err := h.Change(ctx, console, h.org.ID, made.ID, 0, moved); codes(err) != "sso_secret_required at settings.client_secret" {
		t.Errorf("moved: %s", codes(err))
	}
	if got := codes(made.Check(moved)); got != "sso_secret_required at settings.client_secret" {
		t.Errorf("foreseen: %s", got)
	}
	off := moved
	off.Enabled = ptr(false)
	changed, err := h.Change(ctx, console, h.org.ID, made.ID, 0, off)
	if err != nil || len(changed.Secrets) != 0 {
		t.Errorf("moved while it is switched off: %q, %v", changed.Secrets, err)
	}
	if _, err := h.Change(ctx, console, h.org.ID, made.ID, 0, SourceChange{Enabled: ptr(true)}); codes(err) != "field_missing at settings.client_secret" {
		t.Errorf("switched on again: %s", codes(err))
	}
	back := SourceChange{Enabled: ptr(true), Settings: Values{"client_secret": "another"}}
	if got, err := h.Change(ctx, console, h.org.ID, made.ID, 0, back); err != nil || len(got.Secrets) != 1 {
		t.Errorf("with another secret: %v", err)
	}
}

// A source that people may be led to is not taken away under them.
func TestWhoUsesASourceKeepsIt(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	made, err := h.Add(ctx, console, h.org.ID, whole("Corp"))
	if err != nil {
		t.Fatal(codes(err))
	}
	app := identity.Application{
		ID: identity.NewApplicationID(h.clock.Now()), OrganizationID: h.org.ID, ClientID: "wiki", Name: "Wiki", Protocol: identity.ProtocolOIDC,
		Status: identity.ApplicationActive, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	settings := identity.DefaultOAuth(identity.ProtocolOIDC, false)
	app.OAuth = &settings
	offer := func(list ...identity.SourceID) {
		h.update(func(tx *store.Tx) error { return tx.Applications.SetSources(app.ID, list) })
	}
	h.update(func(tx *store.Tx) error { return tx.Applications.Insert(app) })
	offer(made.ID)
	err = h.Remove(ctx, console, h.org.ID, made.ID, 0)
	if f := fault.Of(err); f.Code != fault.CodeSourceUsed || !reflect.DeepEqual(f.Params["applications"], []string{"wiki"}) {
		t.Errorf("offered: %v, %v", err, f.Params)
	}
	offer()
	lead := func(to identity.SourceID) {
		h.update(func(tx *store.Tx) error {
			o, err := tx.Organizations.Get(h.org.ID)
			if err != nil {
				return err
			}
			o.Rules.DefaultSource = to
			return tx.Organizations.Put(o)
		})
	}
	lead(made.ID)
	if err := h.Remove(ctx, console, h.org.ID, made.ID, 0); !fault.Is(err, fault.CodeSourceDefault) {
		t.Errorf("the default: %v", err)
	}
	if got, err := h.Get(ctx, console, h.org.ID, made.ID); err != nil || !got.Default {
		t.Errorf("Default = %t, %v", got.Default, err)
	}
	lead("")
	if err := h.Remove(ctx, console, h.org.ID, made.ID, 0); err != nil {
		t.Errorf("free: %v", err)
	}
}

// Enterprise SSO is another thing: it is neither listed nor found here.
func TestEnterpriseSSOIsNoneOfThese(t *testing.T) {
	h, c := begin(t)
	h.save(c.standard())
	id := identity.SSOSourceID(h.org.ID)
	if all, err := h.List(t.Context(), console, h.org.ID); err != nil || len(all) != 0 {
		t.Errorf("listed: %v, %v", all, err)
	}
	if _, err := h.Get(t.Context(), console, h.org.ID, id); !fault.Is(err, fault.CodeSourceNotFound) {
		t.Errorf("read: %v", err)
	}
	if err := h.Remove(t.Context(), console, h.org.ID, id, 0); !fault.Is(err, fault.CodeSourceNotFound) {
		t.Errorf("removed: %v", err)
	}
	if _, err := h.Ended(t.Context(), h.found(), nil, nil); codes(err) != "sso_unknown at " {
		t.Errorf("told of an end: %v", err)
	}
}

// Nobody touches sources but who administers their organisation, and none of
// another.
func TestSourcesAreTheOrganisations(t *testing.T) {
	h, ctx := newHouse(t, houseOptions{}), t.Context()
	made, err := h.Add(ctx, console, h.org.ID, whole("Corp"))
	if err != nil {
		t.Fatal(codes(err))
	}
	picture := drawn(t)
	other := h.furnish("beta")
	acts := map[string]func(context.Context, identity.Actor, identity.OrganizationID) error{
		"list": func(ctx context.Context, a identity.Actor, o identity.OrganizationID) error {
			_, err := h.List(ctx, a, o)
			return err
		},
		"get": func(ctx context.Context, a identity.Actor, o identity.OrganizationID) error {
			_, err := h.Get(ctx, a, o, made.ID)
			return err
		},
		"add": func(ctx context.Context, a identity.Actor, o identity.OrganizationID) error {
			_, err := h.Add(ctx, a, o, whole("x"))
			return err
		},
		"change": func(ctx context.Context, a identity.Actor, o identity.OrganizationID) error {
			_, err := h.Change(ctx, a, o, made.ID, 0, SourceChange{Name: ptr("x")})
			return err
		},
		"remove": func(ctx context.Context, a identity.Actor, o identity.OrganizationID) error {
			return h.Remove(ctx, a, o, made.ID, 0)
		},
		"icon": func(ctx context.Context, a identity.Actor, o identity.OrganizationID) error {
			_, err := h.SetIcon(ctx, a, o, made.ID, 0, picture)
			return err
		},
		"no icon": func(ctx context.Context, a identity.Actor, o identity.OrganizationID) error {
			_, err := h.RemoveIcon(ctx, a, o, made.ID, 0)
			return err
		},
	}
	for name, act := range acts {
		if err := act(ctx, identity.Actor{}, h.org.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s, as nobody: %v", name, err)
		}
		if err := act(ctx, console, other.ID); name != "list" && name != "add" && !fault.Is(err, fault.CodeSourceNotFound) {
			t.Errorf("%s, in another organisation: %v", name, err)
		}
	}
	if got, err := h.Get(ctx, console, h.org.ID, made.ID); err != nil || got.Version != 1 {
		t.Errorf("afterwards: version %d, %v", got.Version, err)
	}
}

// drawn is a picture that can be an icon.
func drawn(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, icon.Side, icon.Side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestIconOfASource(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h, ctx := newHouse(t, houseOptions{open: open}), t.Context()
		made, err := h.Add(ctx, console, h.org.ID, whole("Corp"))
		if err != nil {
			t.Fatal(codes(err))
		}
		h.hasNoIcon(made)
		picture := drawn(t)
		set, err := h.SetIcon(ctx, console, h.org.ID, made.ID, 1, picture)
		if err != nil || set.IconDigest == "" || set.Version != 2 {
			t.Errorf("set: %+v, %v", set, err)
		}
		if same, err := h.SetIcon(ctx, console, h.org.ID, made.ID, 0, picture); err != nil || same.Version != 2 {
			t.Errorf("the same again: version %d, %v", same.Version, err)
		}
		if content, digest, err := h.Icon(ctx, made.ID); err != nil || digest != set.IconDigest || len(content) == 0 {
			t.Errorf("read: %s, %v", digest, err)
		}
		if _, err := h.RemoveIcon(ctx, console, h.org.ID, made.ID, 1); !fault.Is(err, fault.CodeStale) {
			t.Errorf("taken away on an old version: %v", err)
		}
		if gone, err := h.RemoveIcon(ctx, console, h.org.ID, made.ID, 2); err != nil || gone.IconDigest != "" {
			t.Errorf("taken away: %+v, %v", gone, err)
		}
		h.hasNoIcon(made)
	})
}

// hasNoIcon looks for an icon in vain, and offers a picture that can be none.
func (h *house) hasNoIcon(of Configured) {
	h.t.Helper()
	if _, err := h.SetIcon(h.t.Context(), console, h.org.ID, of.ID, 0, []byte("GIF89a")); !fault.Is(err, fault.CodeIconFormat) {
		h.t.Errorf("a GIF: %v", err)
	}
	if _, _, err := h.Icon(h.t.Context(), of.ID); !fault.Is(err, fault.CodeIconNotFound) {
		h.t.Errorf("there is an icon: %v", err)
	}
}

func TestSourcesAreBounded(t *testing.T) {
	h := newHouse(t, houseOptions{})
	h.update(func(tx *store.Tx) error {
		for i := range maxSources {
			err := tx.Sources.Add(identity.Source{
				ID: identity.NewSourceID(h.clock.Now()), OrganizationID: h.org.ID, Kind: identity.SourceOAuth2, Name: "s" + itoa(i),
				CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if _, err := h.Add(t.Context(), console, h.org.ID, whole("one more")); !fault.Is(err, fault.CodeSourceLimit) {
		t.Errorf("one more: %v", err)
	}
}
