package trace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var console = identity.Actor{Kind: identity.ActsAsConsole}

func keeper(t testing.TB, db *store.DB) *Keeper {
	t.Helper()
	return NewKeeper(db, Options{Now: storetest.NewClock().Now, Catalogue: catalogue(t)})
}

func flush(t *testing.T, k *Keeper) {
	t.Helper()
	if err := k.Flush(t.Context()); err != nil {
		t.Fatalf("Flush: %v", err)
	}
}

// told returns a story with something in every field.
func told(k *Keeper) *Story {
	s := k.Begin(AppIDLogin, origin)
	s.Check(HeaderScheme, true, Detail{})
	s.Check(Signature, false, Detail{Expected: "appId:userId:expireTime:nonce", Received: "00ff"})
	s.Warn(NearUpperHex, Detail{})
	s.About("org_1", "zhang.san")
	s.End(Refused)
	return s
}

func TestAKeptStoryIsFoundAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		k := keeper(t, open())
		s := told(k)
		k.Keep(s)
		k.Keep(Begin(PasswordLogin, identity.Origin{RequestID: "another"}))
		flush(t, k)
		code := s.Code()
		for _, text := range []string{code, strings.ToLower(code), code[:4] + "-" + code[4:], origin.RequestID} {
			got, err := k.Find(t.Context(), console, text)
			if err != nil || len(got) != 1 {
				t.Fatalf("Find(%q) = %+v, %v; want one story", text, got, err)
			}
			r := got[0]
			if !slices.Equal(r.Steps, s.Steps()) {
				t.Errorf("got steps  %+v\nwant %+v", r.Steps, s.Steps())
			}
			r.Steps = nil
			want := Record{
				ID: r.ID, Code: code, Kind: AppIDLogin, Outcome: Refused, At: storetest.NewClock().Now(), Origin: origin,
				Organization: "org_1", Who: "zhang.san",
			}
			if fmt.Sprintf("%+v", r) != fmt.Sprintf("%+v", want) {
				t.Errorf("got  %+v\nwant %+v", r, want)
			}
		}
		for _, text := range []string{"", "NOSUCHCD", "no such request"} {
			if _, err := k.Find(t.Context(), console, text); !fault.Is(err, fault.CodeTraceNotFound) {
				t.Errorf("Find(%q): got %v, want %s", text, err, fault.CodeTraceNotFound)
			}
		}
	})
}

// One who may not see a story learns exactly what one learns who asks for a
// story that does not exist.
func TestWhoSeesAStory(t *testing.T) {
	member := func(org identity.OrganizationID, role identity.Role) identity.Actor {
		return identity.Actor{Kind: identity.ActsAsMember, OrganizationID: org, Role: role}
	}
	tests := []struct {
		name         string
		actor        identity.Actor
		owned, alone bool // sees the story of org_1, sees the one without an organisation
	}{
		{"nobody", identity.Actor{}, false, false},
		{"nobody with an organisation", identity.Actor{OrganizationID: "org_1", Role: identity.RoleOwner}, false, false},
		{"the provider", identity.Actor{Kind: identity.ActsAsProvider}, true, true},
		{"the operator", console, true, true},
		{"a job", identity.Actor{Kind: identity.ActsAsJob}, false, false},
		{"the owner", member("org_1", identity.RoleOwner), true, false},
		{"an administrator", member("org_1", identity.RoleAdministrator), true, false},
		{"a member", member("org_1", identity.RoleMember), false, false},
		{"an administrator of another", member("org_2", identity.RoleAdministrator), false, false},
		{"an administrator of none", member("", identity.RoleAdministrator), false, false},
		{"its management token", identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: "org_1"}, true, false},
		{"a management token of another", identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: "org_2"}, false, false},
		{"an application of it", identity.Actor{Kind: identity.ActsAsApplication, OrganizationID: "org_1"}, false, false},
	}
	k := keeper(t, storetest.Open(t))
	owned, alone := told(k), k.Begin(AppIDLogin, origin)
	k.Keep(owned)
	k.Keep(alone)
	flush(t, k)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for code, want := range map[string]bool{owned.Code(): tt.owned, alone.Code(): tt.alone} {
				got, err := k.Find(t.Context(), tt.actor, code)
				if want && (err != nil || len(got) != 1) || !want && !fault.Is(err, fault.CodeTraceNotFound) {
					t.Errorf("got %d stories, %v; want to see it: %v", len(got), err, want)
				}
			}
			// Both share a request id: only what may be seen is in the answer.
			got, _ := k.Find(t.Context(), tt.actor, origin.RequestID)
			want := 0
			for _, sees := range []bool{tt.owned, tt.alone} {
				if sees {
					want++
				}
			}
			if len(got) != want {
				t.Errorf("by request id: got %d stories, want %d", len(got), want)
			}
		})
	}
}

// TestPage goes through an organisation's stories, newest first, and keeps
// strangers out.
func TestPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		k := NewKeeper(open(storetest.WithClock(clock)), Options{Now: clock.Now, Catalogue: catalogue(t)})
		for range 3 {
			k.Keep(told(k))
			clock.Advance(time.Second)
		}
		flush(t, k)
		first, err := k.Page(t.Context(), console, Asked{Organization: "org_1", Limit: 2})
		if err != nil || len(first) != 2 || first[0].ID <= first[1].ID {
			t.Fatalf("got %+v, %v", first, err)
		}
		rest, err := k.Page(t.Context(), console, Asked{Organization: "org_1", Before: first[1].ID, Limit: 2})
		if err != nil || len(rest) != 1 || rest[0].ID >= first[1].ID {
			t.Errorf("got %+v, %v", rest, err)
		}
		stranger := identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: "org_2"}
		if _, err := k.Page(t.Context(), stranger, Asked{Organization: "org_1", Limit: 2}); !fault.Is(err, fault.CodeForbidden) {
			t.Errorf("a stranger got %v", err)
		}
	})
}

func TestAFloodIsDroppedAndCounted(t *testing.T) {
	k := keeper(t, storetest.Open(t))
	const beyond = 77
	for range queueLength + beyond {
		k.Keep(Begin(AppIDLogin, origin)) // nobody stores: a Keep that waits would never return
	}
	if got := k.Dropped(); got != beyond {
		t.Errorf("Dropped = %d, want %d", got, beyond)
	}
	flush(t, k)
	if got := stored(t, k.db); got != queueLength {
		t.Errorf("stored %d stories, want %d", got, queueLength)
	}
}

// stored counts the stories in the table.
func stored(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		for before := identity.TraceID(""); ; {
			rows, err := tx.Traces.Page(store.TraceQuery{Before: before, Limit: 500})
			if err != nil || len(rows) == 0 {
				return err
			}
			n += len(rows)
			before = rows[len(rows)-1].ID
		}
	})
	if err != nil {
		t.Fatalf("count: %v", err)
	}
	return n
}

func TestRunStoresSoonAndDrainsAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := storetest.Open(t, storetest.With(func(o *store.Options) { o.Now = time.Now }))
		k := NewKeeper(db, Options{Now: time.Now, Catalogue: catalogue(t)})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- k.Run(ctx) }()

		first := k.Begin(AppIDLogin, origin)
		<-time.After(3 * time.Second)
		first.Check(Signature, false, Detail{})
		k.Keep(first)
		<-time.After(batchEvery + time.Millisecond)
		synctest.Wait()
		got, err := k.Find(t.Context(), console, first.Code())
		if err != nil || len(got) != 1 {
			t.Fatalf("after %v: got %d stories, %v; want it stored", batchEvery, len(got), err)
		}
		if after := got[0].Steps[0].After; after != 3*time.Second {
			t.Errorf("the step has the time %v, want 3 s", after)
		}

		last := k.Begin(AppIDLogin, origin)
		k.Keep(last)
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if _, err := k.Find(t.Context(), console, last.Code()); err != nil {
			t.Errorf("kept just before the end: %v", err)
		}
	})
}

func TestStoriesThatCannotBeStoredAreCounted(t *testing.T) {
	k := keeper(t, storetest.Open(t))
	for range 2*batchSize + 1 {
		k.Keep(told(k))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := k.Flush(ctx); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Flush: got %v, want the failure", err)
	}
	if got := k.Dropped(); got != 2*batchSize+1 {
		t.Errorf("Dropped = %d, want %d", got, 2*batchSize+1)
	}
	flush(t, k)
	if got := stored(t, k.db); got != 0 {
		t.Errorf("%d stories are stored, want none", got)
	}
}

func TestRender(t *testing.T) {
	k := keeper(t, storetest.Open(t))
	s := told(k)
	s.steps[1].After = 1500 * time.Microsecond
	k.Keep(s)
	flush(t, k)
	records, err := k.Find(t.Context(), console, s.Code())
	if err != nil {
		t.Fatal(err)
	}
	c := k.options.Catalogue
	for _, lang := range i18n.Languages() {
		var out strings.Builder
		if err := k.Render(&out, records[0], lang); err != nil {
			t.Fatal(err)
		}
		say := func(key string) string { return c.Text(lang, key, nil) }
		want := fmt.Sprintf(`%s · %s · %s
  %s: 2026-03-02T09:30:00Z
  %s: 192.0.2.7
  %s: 0123456789abcdef
  %s: org_1
  %s: zhang.san

ok    header_scheme: %s
FAIL  signature: %s (+2ms)
      %s: appId:userId:expireTime:nonce
      %s: 00ff
      %s: %s
warn  near_upper_hex: %s
      %s: %s
`, s.Code(), say("trace.kind.app_id"), say("trace.outcome.refused"), say("trace.at"), say("trace.address"),
			say("trace.request"), say("trace.organization"), say("trace.who"), say("check.header_scheme"), say("check.signature"),
			say("trace.expected"), say("trace.received"), say("trace.remedy"), say("remedy.signature"),
			say("check.near_upper_hex"), say("trace.remedy"), say("remedy.near_upper_hex"))
		if out.String() != want {
			t.Errorf("%s: got\n%s\nwant\n%s", lang, out.String(), want)
		}
	}
	broken := errors.New("pipe closed")
	if err := k.Render(failing{broken}, records[0], i18n.EnUS); !errors.Is(err, broken) {
		t.Errorf("Render: got %v, want %v", err, broken)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func BenchmarkStory(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		s := Begin(AppIDLogin, origin)
		for range 25 {
			s.Check(Signature, true, Detail{Expected: "64 characters", Received: "64 characters"})
		}
	}
}
