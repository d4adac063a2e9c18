package application

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestAddAppID(t *testing.T) {
	h := open(t)
	for _, row := range []struct {
		name  string
		owner identity.OrganizationID
		n     NewAppID
		want  fault.Code
	}{
		{"generated", acme, NewAppID{Name: "crm"}, ""},
		{"of the provider", "", NewAppID{Name: "reseller"}, ""},
		{"chosen", acme, NewAppID{Name: "own", ID: strings.Repeat("ab", 16), Key: strings.Repeat("k", 32)}, ""},
		{"taken", acme, NewAppID{Name: "own", ID: strings.Repeat("ab", 16)}, fault.CodeAppIDExists},
		{"taken by another owner", "", NewAppID{Name: "own", ID: strings.Repeat("ab", 16)}, fault.CodeAppIDExists},
		{"no such owner", "org_none", NewAppID{Name: "crm"}, fault.CodeOrganizationNotFound},
		{"no name", acme, NewAppID{}, fault.CodeFieldLength},
		{"upper-case id", acme, NewAppID{Name: "x", ID: strings.Repeat("AB", 16)}, fault.CodeAppIDFormat},
		{"short key", acme, NewAppID{Name: "x", Key: strings.Repeat("k", 31)}, fault.CodeAppKeyFormat},
		{"key with a blank", acme, NewAppID{Name: "x", Key: strings.Repeat("k", 31) + " k"}, fault.CodeAppKeyFormat},
		{"too far ahead", acme, NewAppID{Name: "x", MaxAhead: 367 * 24 * time.Hour}, fault.CodeFieldRange},
		{"negative ahead", acme, NewAppID{Name: "x", MaxAhead: -time.Hour}, fault.CodeFieldRange},
	} {
		t.Run(row.name, func(t *testing.T) {
			app, err := h.AddAppID(t.Context(), console, row.owner, row.n)
			if row.want == "" {
				checkAdded(t, row.n, app, err)
			} else if !fault.Is(err, row.want) || app.ID != "" || len(app.Keys) != 0 {
				t.Errorf("got %+v, %v, want %s and nothing else", app, err, row.want)
			}
		})
	}
}

func checkAdded(t *testing.T, n NewAppID, app identity.AppID, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if app.Version != 1 || !app.Active() || !app.AutoCreate || !app.Everlasting || app.MaxAhead != identity.DefaultMaxAhead {
		t.Errorf("got %+v, want version 1 and the defaults", app)
	}
	key := app.Keys[0].Secret
	if n.Key == "" && !regexp.MustCompile(`^[0-9A-Za-z]{64}$`).MatchString(key) || n.Key != "" && key != n.Key {
		t.Errorf("the key is %d characters, want the chosen one or 64 letters and digits", len(key))
	}
}

// Resellers' scripts loop: one owner cannot fill the table.
func TestAppIDLimit(t *testing.T) {
	h := open(t)
	for i := range maxAppIDs {
		h.add(t, acme, NewAppID{Name: fmt.Sprint("n", i)})
	}
	if _, err := h.AddAppID(t.Context(), console, acme, NewAppID{Name: "more"}); !fault.Is(err, fault.CodeAppIDLimit) {
		t.Errorf("the 101st: got %v, want %s", err, fault.CodeAppIDLimit)
	}
	h.add(t, "", NewAppID{Name: "another owner has room"})
}

// No answer but those of making and resetting ever carries a key.
func TestKeysAreNeverListed(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	app := h.add(t, acme, NewAppID{})
	listed := map[string]func() ([]identity.AppID, error){
		"AppID": func() ([]identity.AppID, error) { return one(h.AppID(ctx, console, acme, app.ID)) },
		"AppIDs": func() ([]identity.AppID, error) {
			page, _, err := h.AppIDs(ctx, console, acme, 0, 10)
			return page, err
		},
		"ChangeAppID": func() ([]identity.AppID, error) {
			return one(h.ChangeAppID(ctx, console, acme, app.ID, 0, AppIDChange{Name: ptr("new")}))
		},
		"SetAppKey": func() ([]identity.AppID, error) {
			return one(h.SetAppKey(ctx, console, acme, app.ID, strings.Repeat("s", 40)))
		},
		"Verify": func() ([]identity.AppID, error) {
			signer := app
			signer.Keys = []identity.AppKey{{Secret: strings.Repeat("s", 40)}}
			verified, _, err := h.Verify(ctx, h.loginOf(signer), nil)
			return []identity.AppID{verified}, err
		},
	}
	for _, name := range []string{"AppID", "AppIDs", "ChangeAppID", "SetAppKey", "Verify"} {
		apps, err := listed[name]()
		if err != nil || len(apps) != 1 || apps[0].ID != app.ID {
			t.Fatalf("%s: got %v, %v, want the one App ID", name, apps, err)
		}
		for _, k := range apps[0].Keys {
			if k.Secret != "" {
				t.Errorf("%s carries a key", name)
			}
		}
	}
	n := NewAppID{Key: "hush"}
	if text := fmt.Sprintf("%v %+v %#v", n, n, n); strings.Contains(text, "hush") {
		t.Errorf("NewAppID prints its key: %s", text)
	}
}

func one(app identity.AppID, err error) ([]identity.AppID, error) { return []identity.AppID{app}, err }

func TestAppIDsPages(t *testing.T) {
	h := open(t)
	var ids []string
	for i := range 5 {
		h.clock.Advance(time.Second)
		ids = append(ids, h.add(t, acme, NewAppID{Name: fmt.Sprint("n", i)}).ID)
	}
	for _, row := range []struct {
		offset, limit int
		want          []string
	}{
		{0, 2, ids[:2]},
		{2, 2, ids[2:4]},
		{4, 2, ids[4:]},
		{1, 3, ids[1:4]},
		{5, 2, ids[4:]},
		{1000, 5, ids},
		{-3, 2, ids[:2]},
		{0, 0, ids},
		{0, 1 << 40, ids},
	} {
		page, total, err := h.AppIDs(t.Context(), console, acme, row.offset, row.limit)
		if err != nil || total != 5 {
			t.Fatalf("offset %d: got total %d, %v, want 5", row.offset, total, err)
		}
		var got []string
		for _, app := range page {
			got = append(got, app.ID)
		}
		if strings.Join(got, " ") != strings.Join(row.want, " ") {
			t.Errorf("offset %d, limit %d: got %v, want %v", row.offset, row.limit, got, row.want)
		}
	}
	if page, total, err := h.AppIDs(t.Context(), console, "", 7, 3); len(page) != 0 || total != 0 || err != nil {
		t.Errorf("of an owner without any: got %v, %d, %v, want nothing", page, total, err)
	}
}

func TestChangeAppIDRefusals(t *testing.T) {
	h := open(t)
	app := h.add(t, acme, NewAppID{})
	odd := identity.AppIDStatus("odd")
	for _, row := range []struct {
		name    string
		owner   identity.OrganizationID
		version int64
		change  AppIDChange
		want    fault.Code
	}{
		{"stale", acme, 9, AppIDChange{Name: ptr("n")}, fault.CodeStale},
		{"unknown status", acme, 0, AppIDChange{Status: &odd}, fault.CodeFieldChoice},
		{"empty name", acme, 0, AppIDChange{Name: ptr("")}, fault.CodeFieldLength},
		{"no time ahead", acme, 0, AppIDChange{MaxAhead: ptr(time.Duration(0))}, fault.CodeFieldRange},
		{"another owner", "", 0, AppIDChange{Name: ptr("n")}, fault.CodeAppIDNotFound},
	} {
		if _, err := h.ChangeAppID(t.Context(), console, row.owner, app.ID, row.version, row.change); !fault.Is(err, row.want) {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
	same, err := h.ChangeAppID(t.Context(), console, acme, app.ID, 1, AppIDChange{Name: ptr("crm")})
	if err != nil || same.Version != 1 {
		t.Errorf("nothing new: got version %d, %v, want 1", same.Version, err)
	}
}

func TestChangeAppID(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	app := h.add(t, acme, NewAppID{})
	off, on := identity.AppIDDisabled, identity.AppIDActive
	want := withoutSecrets(app)
	want.Name, want.Description, want.Status, want.Everlasting, want.AutoCreate, want.MaxAhead = "new", "d", off, false, false, time.Hour
	want.Version, want.Generation = 2, app.Generation+1
	got, err := h.ChangeAppID(ctx, console, acme, app.ID, 1, AppIDChange{
		Name: ptr("new"), Description: ptr("d"), Status: &off,
		Everlasting: ptr(false), AutoCreate: ptr(false), MaxAhead: ptr(time.Hour),
	})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if stored, err := h.AppID(ctx, console, acme, app.ID); err != nil || !reflect.DeepEqual(stored, want) {
		t.Errorf("stored: got %+v, %v, want %+v", stored, err, want)
	}
	// Enabling gives no life back to tokens of before.
	again, err := h.ChangeAppID(ctx, console, acme, app.ID, 2, AppIDChange{Status: &on})
	if err != nil || again.Generation != want.Generation || !again.Active() || again.Version != 3 {
		t.Errorf("enabled: got %+v, %v", again, err)
	}
}

// Nobody and people without the permission are refused by every method.
func TestAppIDsNeedPermission(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	app := h.add(t, acme, NewAppID{})
	administrator := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: acme, Role: identity.RoleAdministrator}
	owner := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: acme, Role: identity.RoleOwner}
	methods := map[string]func(identity.Actor, identity.OrganizationID) error{
		"AddAppID": func(a identity.Actor, o identity.OrganizationID) error {
			_, err := h.AddAppID(ctx, a, o, NewAppID{Name: "n"})
			return err
		},
		"AppIDs": func(a identity.Actor, o identity.OrganizationID) error {
			_, _, err := h.AppIDs(ctx, a, o, 0, 1)
			return err
		},
		"AppID": func(a identity.Actor, o identity.OrganizationID) error {
			_, err := h.AppID(ctx, a, o, app.ID)
			return err
		},
		"ChangeAppID": func(a identity.Actor, o identity.OrganizationID) error {
			_, err := h.ChangeAppID(ctx, a, o, app.ID, 0, AppIDChange{})
			return err
		},
		"ResetAppKey": func(a identity.Actor, o identity.OrganizationID) error {
			_, err := h.ResetAppKey(ctx, a, o, app.ID)
			return err
		},
		"SetAppKey": func(a identity.Actor, o identity.OrganizationID) error {
			_, err := h.SetAppKey(ctx, a, o, app.ID, strings.Repeat("k", 32))
			return err
		},
		"RemoveAppID": func(a identity.Actor, o identity.OrganizationID) error { return h.RemoveAppID(ctx, a, o, app.ID) },
	}
	for name, call := range methods {
		for who, actor := range map[string]identity.Actor{"nobody": {}, "an administrator": administrator} {
			if err := call(actor, acme); !fault.Is(err, fault.CodeForbidden) {
				t.Errorf("%s by %s: got %v, want forbidden", name, who, err)
			}
		}
		if err := call(owner, ""); !fault.Is(err, fault.CodeForbidden) {
			t.Errorf("%s of the provider by an owner: got %v, want forbidden", name, err)
		}
	}
	if _, err := h.AddAppID(ctx, owner, acme, NewAppID{Name: "n"}); err != nil {
		t.Errorf("by the owner: got %v, want allowed", err)
	}
}

func TestResetAppKeyAndEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, openDB func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		h := newHouse(t, openDB(storetest.WithClock(clock)), clock)
		ctx := t.Context()
		app := h.add(t, acme, NewAppID{})
		clock.Advance(time.Second)
		reset, err := h.ResetAppKey(ctx, console, acme, app.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(reset.Keys) != 2 || reset.Keys[0].Secret == app.Keys[0].Secret || len(reset.Keys[0].Secret) != 64 || reset.Keys[1].Secret != "" {
			t.Fatalf("got %d keys, want the new one told and the one before kept to itself", len(reset.Keys))
		}
		if want := h.clock.Now().Add(identity.AppKeyOverlap); !reset.Keys[1].EndsAt.Equal(want) {
			t.Errorf("the key before ends %v, want %v", reset.Keys[1].EndsAt, want)
		}
		kept, err := h.SetAppKey(ctx, console, acme, app.ID, reset.Keys[0].Secret)
		if err != nil || kept.Version != reset.Version {
			t.Errorf("the same key again: got version %d, %v, want %d", kept.Version, err, reset.Version)
		}
		clock.Advance(time.Second)
		if err := h.RemoveAppID(ctx, console, acme, app.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.RemoveAppID(ctx, console, acme, app.ID); !fault.Is(err, fault.CodeAppIDNotFound) {
			t.Errorf("removed twice: got %v, want not found", err)
		}
		want := []audit.Type{audit.AppIDRemoved, audit.AppIDKeyReset, audit.AppIDAdded}
		if got := eventsOf(ctx, t, h.db); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("events: got %v, want %v", got, want)
		}
	})
}

// eventsOf lists the events of acme, newest first, and refuses secrets in them.
func eventsOf(ctx context.Context, t *testing.T, db *store.DB) (types []audit.Type) {
	t.Helper()
	events, err := audit.NewLog(db).Page(ctx, store.EventQuery{Organization: acme, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		types = append(types, audit.Type(e.Type))
		for _, detail := range e.Details {
			if len(detail) >= 32 {
				t.Errorf("event %s carries %q", e.Type, detail)
			}
		}
	}
	return types
}

func TestRandom(t *testing.T) {
	seen := map[byte]bool{}
	for range 64 {
		key := randomKey()
		for i := range len(key) {
			seen[key[i]] = true
		}
		if id := randomID(); !wellFormed(id) {
			t.Fatalf("id %q", id)
		}
	}
	// 4,096 draws leave out one of 62 characters once in 10²⁷ runs.
	if len(seen) != len(alphanumeric) {
		t.Errorf("got %d different characters, want %d", len(seen), len(alphanumeric))
	}
}
