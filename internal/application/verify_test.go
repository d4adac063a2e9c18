package application

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

// The published vector of the Meeting API, 4.2, and what the helpers for
// integrators are tested with.
func TestVectors(t *testing.T) {
	h := open(t)
	text, err := os.ReadFile("../../sdk/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []struct {
			Name, Mode, AppKey, AppID, CorpID, UserID, Nonce, UserName, Text, Signature, Refused string
			ExpireTime                                                                           json.Number
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, v := range file.Vectors {
		expire, err := v.ExpireTime.Int64()
		if v.Refused != "" || err != nil {
			continue // a helper refuses to sign it: there is no signature to check
		}
		t.Run(v.Name, func(t *testing.T) {
			provider := v.Mode == "sp"
			login := SignedLogin{AppID: v.AppID, Signature: v.Signature, OrganizationRef: v.CorpID, UserID: v.UserID, Expire: expire, Nonce: v.Nonce}
			if got := string(appendText(nil, login, provider)); got != v.Text {
				t.Fatalf("text: got %q, want %q", got, v.Text)
			}
			app := identity.AppID{ID: v.AppID, Keys: []identity.AppKey{{Secret: v.AppKey}}}
			if !provider {
				app.OrganizationID = acme
			}
			e := h.newEntry(app)
			if !h.signed(e, login, h.clock.Now()) {
				t.Error("the signature was refused")
			}
			login.Nonce += "x"
			if h.signed(e, login, h.clock.Now()) {
				t.Error("the signature was taken for another nonce")
			}
		})
		checked++
	}
	if checked < 5 {
		t.Errorf("%d vectors were checked, want at least the five forms", checked)
	}
}

func TestVerify(t *testing.T) {
	h := open(t)
	ofAcme, ofProvider := h.add(t, acme, NewAppID{}), h.add(t, "", NewAppID{})
	disabled := h.add(t, acme, NewAppID{})
	off := identity.AppIDDisabled
	if _, err := h.ChangeAppID(t.Context(), console, acme, disabled.ID, 0, AppIDChange{Status: &off}); err != nil {
		t.Fatal(err)
	}
	now := h.clock.Now().Unix()
	for _, row := range []verifyRow{
		{name: "of an enterprise", app: ofAcme},
		{name: "default administrator", app: ofAcme, before: func(l *SignedLogin) { l.UserID = "" }},
		{name: "of the provider", app: ofProvider},
		{name: "provider: default administrator of an enterprise", app: ofProvider, before: func(l *SignedLogin) { l.UserID = "" }},
		{name: "provider: its own administrator", app: ofProvider, before: func(l *SignedLogin) { l.UserID, l.OrganizationRef = "", "" }},
		{name: "upper-case digits", app: ofAcme, after: func(l *SignedLogin) { l.Signature = strings.ToUpper(l.Signature) }},
		{name: "access", app: ofAcme, after: func(l *SignedLogin) { l.Access = &l.AppID }},
		{name: "last second", app: ofAcme, before: func(l *SignedLogin) { l.Expire = now }},
		{name: "as far ahead as allowed", app: ofAcme, before: func(l *SignedLogin) { l.Expire = now + 30*24*3600 }},
		{name: "a nonce of other letters", app: ofAcme, before: func(l *SignedLogin) { l.Nonce = strings.Repeat("é&:+", 8) }},

		{"unknown", ofAcme, nil, func(l *SignedLogin) { l.AppID = strings.Repeat("0", 32) }, fault.CodeAppIDRefused, trace.AppIDKnown},
		{"no App ID at all", ofAcme, nil, func(l *SignedLogin) { l.AppID = "" }, fault.CodeAppIDRefused, trace.AppIDKnown},
		{"App ID with NUL", ofAcme, nil, func(l *SignedLogin) { l.AppID = strings.Repeat("\x00", 32) }, fault.CodeAppIDRefused, trace.AppIDKnown},
		{"upper-case App ID", ofAcme, func(l *SignedLogin) { l.AppID = strings.Repeat("AB", 16) }, nil, fault.CodeAppIDRefused, trace.AppIDKnown},
		{"disabled", disabled, nil, nil, fault.CodeAppIDRefused, trace.AppIDActive},
		{"wrong signature", ofAcme, nil, func(l *SignedLogin) { l.Signature = strings.Repeat("0", 64) }, fault.CodeAppIDRefused, trace.Signature},
		{"empty signature", ofAcme, nil, func(l *SignedLogin) { l.Signature = "" }, fault.CodeAppIDRefused, trace.HeaderSignature},
		{"signature cut", ofAcme, nil, func(l *SignedLogin) { l.Signature = l.Signature[:62] }, fault.CodeAppIDRefused, trace.HeaderSignature},
		{"signature with a tail", ofAcme, nil, func(l *SignedLogin) { l.Signature += "00" }, fault.CodeAppIDRefused, trace.HeaderSignature},
		{"signature not hexadecimal", ofAcme, nil, func(l *SignedLogin) { l.Signature = l.Signature[:63] + "g" }, fault.CodeAppIDRefused, trace.HeaderSignature},
		{"access differs", ofAcme, nil, func(l *SignedLogin) { l.Access = ptr("other") }, fault.CodeAppIDRefused, trace.HeaderAccess},
		{"access is empty", ofAcme, nil, func(l *SignedLogin) { l.Access = ptr("") }, fault.CodeAppIDRefused, trace.HeaderAccess},
		{"enterprise named by its own", ofAcme, func(l *SignedLogin) { l.OrganizationRef = "acme" }, nil, fault.CodeAppIDRefused, trace.CorpIDUnwanted},
		{"enterprise missing", ofProvider, func(l *SignedLogin) { l.OrganizationRef = "" }, nil, fault.CodeAppIDRefused, trace.CorpIDMissing},
		{"colon in the user id", ofAcme, func(l *SignedLogin) { l.UserID = "a:b" }, nil, fault.CodeAppIDRefused, trace.UserIDForm},
		{"colon in the enterprise", ofProvider, func(l *SignedLogin) { l.OrganizationRef = "a:b" }, nil, fault.CodeAppIDRefused, ""},
		{
			"fields shifted", ofProvider, func(l *SignedLogin) { l.OrganizationRef, l.UserID = "acme:alice", "" },
			func(l *SignedLogin) { l.OrganizationRef, l.UserID = "acme", "alice:" }, fault.CodeAppIDRefused, trace.UserIDForm,
		},
		{"other user", ofAcme, nil, func(l *SignedLogin) { l.UserID = "bob" }, fault.CodeAppIDRefused, trace.Signature},
		{"other end", ofAcme, nil, func(l *SignedLogin) { l.Expire++ }, fault.CodeAppIDRefused, trace.Signature},
		{"expired and wrong", ofAcme, nil, func(l *SignedLogin) { l.Expire = now - 1 }, fault.CodeAppIDRefused, trace.Signature},
		{"expired", ofAcme, func(l *SignedLogin) { l.Expire = now - 1 }, nil, fault.CodeSignatureExpired, trace.ExpirePassed},
		{"negative", ofAcme, func(l *SignedLogin) { l.Expire = -1 }, nil, fault.CodeSignatureExpired, trace.ExpireForm},
		{"smallest number", ofAcme, func(l *SignedLogin) { l.Expire = math.MinInt64 }, nil, fault.CodeSignatureExpired, trace.ExpireForm},
		{"too far", ofAcme, func(l *SignedLogin) { l.Expire = now + 30*24*3600 + 1 }, nil, fault.CodeSignatureFar, trace.ExpireTooFar},
		{"milliseconds", ofAcme, func(l *SignedLogin) { l.Expire *= 1000 }, nil, fault.CodeSignatureFar, trace.ExpireMilliseconds},
		{"largest number", ofAcme, func(l *SignedLogin) { l.Expire = math.MaxInt64 }, nil, fault.CodeSignatureFar, trace.ExpireTooFar},
		{"nonce of 31", ofAcme, func(l *SignedLogin) { l.Nonce = strings.Repeat("n", 31) }, nil, fault.CodeFieldLength, trace.NonceLength},
		{"nonce of 65", ofAcme, func(l *SignedLogin) { l.Nonce = strings.Repeat("n", 65) }, nil, fault.CodeFieldLength, trace.NonceLength},
		{"nonce with a line feed", ofAcme, func(l *SignedLogin) { l.Nonce = strings.Repeat("n", 32) + "\n" }, nil, fault.CodeFieldLength, trace.NonceLength},
		{"nonce with broken UTF-8", ofAcme, func(l *SignedLogin) { l.Nonce = strings.Repeat("n", 32) + "\xff" }, nil, fault.CodeFieldLength, trace.NonceLength},
	} {
		t.Run(row.name, func(t *testing.T) { row.check(t, h) })
	}
}

// verifyRow is a right login with something changed.
type verifyRow struct {
	name   string
	app    identity.AppID
	before func(*SignedLogin) // before signing
	after  func(*SignedLogin) // after it
	want   fault.Code
	fails  trace.Check // is in the story as failed
}

func (row verifyRow) login(h *house) SignedLogin {
	login := h.loginOf(row.app)
	if row.before != nil {
		row.before(&login)
		login = resigned(row.app, login)
	}
	if row.after != nil {
		row.after(&login)
	}
	return login
}

func (row verifyRow) check(t *testing.T, h *house) {
	login := row.login(h)
	story := trace.Begin(trace.AppIDLogin, identity.Origin{})
	got, until, err := h.Verify(t.Context(), login, story)
	failed := failing(story)
	if row.want == "" {
		if err != nil || got.ID != row.app.ID || until.Unix() != login.Expire || len(failed) > 0 {
			t.Errorf("got %q until %v, %v, failing %v, want the App ID until its end", got.ID, until, err, failed)
		}
		return
	}
	if !fault.Is(err, row.want) || got.ID != "" || !until.IsZero() {
		t.Errorf("got %q, %v, want %s and nothing else", got.ID, err, row.want)
	}
	if row.fails != "" && !failed[row.fails] {
		t.Errorf("failing checks: got %v, want %q", failed, row.fails)
	}
	if row.want == fault.CodeAppIDRefused && !errors.Is(err, errRefused) {
		t.Errorf("the fault tells more than the others: %v", err)
	}
}

func failing(story *trace.Story) map[trace.Check]bool {
	failed := map[trace.Check]bool{}
	for _, step := range story.Steps() {
		if step.State == trace.Failing {
			failed[step.Check] = true
		}
	}
	return failed
}

// An unknown App ID, a wrong key and a wrong signature cost the same hashes
// and lookups and answer the same; time tells nothing that work does not.
func TestRefusalsCostTheSame(t *testing.T) {
	h := open(t)
	app := h.add(t, acme, NewAppID{})
	reset := h.add(t, acme, NewAppID{})
	if _, err := h.ResetAppKey(t.Context(), console, acme, reset.ID); err != nil {
		t.Fatal(err)
	}
	h.countSums()
	wrong := func(app identity.AppID, change func(*SignedLogin)) SignedLogin {
		login := h.loginOf(app)
		login.Signature = sign(strings.Repeat("w", 64), app.ID, "alice", "1", testNonce)
		change(&login)
		return login
	}
	for name, login := range map[string]SignedLogin{
		"unknown":              wrong(app, func(l *SignedLogin) { l.AppID = strings.Repeat("0", 32) }),
		"malformed":            wrong(app, func(l *SignedLogin) { l.AppID = "x" }),
		"wrong signature":      wrong(app, func(*SignedLogin) {}),
		"with a previous key":  wrong(reset, func(*SignedLogin) {}),
		"malformed signature":  wrong(app, func(l *SignedLogin) { l.Signature = "zz" }),
		"access differs":       wrong(app, func(l *SignedLogin) { l.Access = ptr("x") }),
		"enterprise unwanted":  wrong(app, func(l *SignedLogin) { l.OrganizationRef = "acme" }),
		"unknown, five parts":  wrong(app, func(l *SignedLogin) { l.AppID, l.OrganizationRef = strings.Repeat("1", 32), "acme" }),
		"empty signature form": wrong(app, func(l *SignedLogin) { l.Signature = "" }),
	} {
		for range 2 { // from the database, then from memory
			h.sums.Store(0)
			_, _, err := h.Verify(t.Context(), login, nil)
			if got := h.sums.Load(); got != keySlots || !errors.Is(err, errRefused) {
				t.Errorf("%s: got %d hashes and %v, want %d and %v", name, got, err, keySlots, errRefused)
			}
		}
	}
}

func TestEverlasting(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	h := newHouse(t, db, clock)
	strictInstallation := New(db, Options{Now: clock.Now})
	t.Cleanup(strictInstallation.Close)
	addOrganization(t, db, identity.Organization{ID: "org_strict", Code: "strict", Name: "Strict"})
	apps := map[string]identity.AppID{
		"allowing": h.add(t, acme, NewAppID{}),
		"narrowed": h.add(t, acme, NewAppID{Everlasting: ptr(false)}),
		"strict":   h.add(t, "org_strict", NewAppID{}),
		"provider": h.add(t, "", NewAppID{}),
	}
	for _, row := range []struct {
		app, ref, user string
		by             *Applications
		want           fault.Code
	}{
		{"allowing", "", "alice", h.Applications, ""},
		{"allowing", "", "alice", strictInstallation, fault.CodeSignatureForever},
		{"narrowed", "", "alice", h.Applications, fault.CodeSignatureForever},
		{"strict", "", "alice", h.Applications, fault.CodeSignatureForever},
		{"provider", "acme", "alice", h.Applications, ""},
		{"provider", "org_acme", "alice", h.Applications, ""},
		{"provider", "strict", "alice", h.Applications, fault.CodeSignatureForever},
		{"provider", "org_strict", "alice", h.Applications, fault.CodeSignatureForever},
		{"provider", "", "", h.Applications, ""},
		{"provider", "none", "alice", h.Applications, ""}, // refused by who looks for people there
	} {
		login := h.loginOf(apps[row.app])
		login.Expire, login.OrganizationRef, login.UserID = 0, row.ref, row.user
		login = resigned(apps[row.app], login)
		story := trace.Begin(trace.AppIDLogin, identity.Origin{})
		_, until, err := row.by.Verify(t.Context(), login, story)
		if row.want == "" && (err != nil || !until.IsZero()) || row.want != "" && !fault.Is(err, row.want) {
			t.Errorf("%s in %q: got until %v, %v, want %q", row.app, row.ref, until, err, row.want)
		}
		warned := false
		for _, step := range story.Steps() {
			warned = warned || step.Check == trace.ExpireEverlasting && step.State == trace.Warned
		}
		if warned != (row.want == "") {
			t.Errorf("%s in %q: warned %v", row.app, row.ref, warned)
		}
	}
}

// The key before the last reset lives a month, the one before that not at all;
// what another node does is heard here.
func TestKeysRollOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, openDB func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		h := newHouse(t, openDB(storetest.WithClock(clock)), clock)
		node := New(openDB(storetest.WithClock(clock)), Options{Now: clock.Now})
		t.Cleanup(node.Close)
		ctx := t.Context()
		first := h.add(t, acme, NewAppID{})
		verify := func(name string, signer identity.AppID, want fault.Code) {
			t.Helper()
			_, _, err := h.Verify(ctx, h.loginOf(signer), nil)
			if want == "" && err != nil || want != "" && !fault.Is(err, want) {
				t.Errorf("%s: got %v, want %q", name, err, want)
			}
		}
		verify("first key", first, "")
		second, err := h.ResetAppKey(ctx, console, acme, first.ID)
		if err != nil {
			t.Fatal(err)
		}
		verify("second key", second, "")
		verify("first key in its overlap", first, "")
		clock.Advance(identity.AppKeyOverlap - time.Millisecond)
		verify("first key at its last moment", first, "")
		clock.Advance(time.Millisecond)
		verify("first key afterwards", first, fault.CodeAppIDRefused)
		verify("second key afterwards", second, "")

		third, err := h.ResetAppKey(ctx, console, acme, first.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.ResetAppKey(ctx, console, acme, first.ID); err != nil {
			t.Fatal(err)
		}
		verify("second key, two resets ago", second, fault.CodeAppIDRefused)
		verify("third key", third, "")

		if err := node.RemoveAppID(ctx, console, acme, first.ID); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the removal on another node", func() bool {
			_, _, err := h.Verify(ctx, h.loginOf(third), nil)
			return errors.Is(err, errRefused)
		})
	})
}

// waitFor polls without sleeping: each attempt runs the code under test.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !done(); {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// An App ID that was asked for before it was made is known at once.
func TestUnknownIsForgotten(t *testing.T) {
	h := open(t)
	id := strings.Repeat("ab", 16)
	login := SignedLogin{AppID: id, Expire: h.clock.Now().Unix(), Nonce: testNonce}
	if _, _, err := h.Verify(t.Context(), login, nil); !errors.Is(err, errRefused) {
		t.Fatalf("got %v, want refused", err)
	}
	app := h.add(t, acme, NewAppID{ID: id})
	if _, _, err := h.Verify(t.Context(), h.loginOf(app), nil); err != nil {
		t.Errorf("made since: got %v, want verified", err)
	}
}

func TestVerifyAllocations(t *testing.T) {
	h := open(t)
	login := h.loginOf(h.add(t, acme, NewAppID{}))
	ctx := t.Context()
	run := func() {
		if _, _, err := h.Verify(ctx, login, nil); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, "the change feed", h.db.Feed().Current)
	run()
	if got := testing.AllocsPerRun(200, run); got > 12 {
		t.Errorf("got %v allocations, want at most 12", got)
	}
}

func BenchmarkVerify(b *testing.B) {
	h := open(b)
	login := h.loginOf(h.add(b, acme, NewAppID{}))
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := h.Verify(ctx, login, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(strings.Repeat("0", 64), "", "alice", testNonce, int64(1604020600))
	f.Add("", "a:b", "c", "", int64(-1))
	h := open(f)
	ids := []string{h.add(f, acme, NewAppID{}).ID, h.add(f, "", NewAppID{}).ID, oneID}
	f.Fuzz(func(t *testing.T, signature, ref, user, nonce string, expire int64) {
		for _, id := range append(ids, user) {
			login := SignedLogin{AppID: id, Signature: signature, OrganizationRef: ref, UserID: user, Nonce: nonce, Expire: expire}
			story := trace.Begin(trace.AppIDLogin, identity.Origin{})
			if _, _, err := h.Verify(t.Context(), login, story); err == nil {
				t.Fatal("a signature was guessed")
			}
			h.Explain(login, story)
		}
	})
}
