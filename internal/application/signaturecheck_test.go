package application

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/applogin"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

// asked is a login as it is pasted, with the right signature unless another is
// given.
func asked(login SignedLogin) SignatureQuestion {
	body := map[string]any{"appId": login.AppID, "clientType": 72, "expireTime": login.Expire, "nonce": login.Nonce, "userId": login.UserID}
	if login.OrganizationRef != "" {
		body["corpId"] = login.OrganizationRef
	}
	if login.UserName != "" {
		body["userName"] = login.UserName
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return SignatureQuestion{Request: applogin.Request{
		Method: http.MethodPost, Path: applogin.Path, Body: string(text),
		Header: http.Header{"Authorization": {"HMAC-SHA256 signature=" + login.Signature}, "Content-Type": {"application/json"}},
	}}
}

func failures(a SignatureAnswer) (names []string) {
	for _, s := range a.Steps {
		if s.State == trace.Failing {
			names = append(names, string(s.Check))
		}
	}
	return names
}

// checkRow is a login as integrators get it wrong, and what they are told.
type checkRow struct {
	name   string
	app    identity.AppID
	before func(*SignedLogin)
	key    string // of the signature; "" for the right one
	text   string // that is signed; "" for the right one
	after  func(*SignatureQuestion)
	want   string // the checks that fail
	signed string // what is told to have been signed: found or said
	state  KeyState
}

func TestCheckSignature(t *testing.T) {
	h := open(t)
	app, seller := h.add(t, acme, NewAppID{}), h.add(t, "", NewAppID{})
	sister := h.add(t, acme, NewAppID{})
	end := h.clock.Now().Unix() + 3600
	for _, row := range append(textRows(app, seller, sister, end), formRows(app, seller)...) {
		t.Run(row.name, func(t *testing.T) {
			got := row.ask(t, h, end)
			if failed := strings.Join(failures(got), " "); failed != row.want || got.Passed != (row.want == "") {
				t.Errorf("failed: %q, passed %v; want %q", failed, got.Passed, row.want)
			}
			if signed := map[bool]string{true: "found", false: "said"}[got.Found]; got.Signed == "" && row.signed != "" || got.Signed != "" && signed != row.signed {
				t.Errorf("signed %q, %s; want it %s", got.Signed, signed, row.signed)
			}
			if got.Key != row.state {
				t.Errorf("by %q, want %q", got.Key, row.state)
			}
			whole := strings.ToLower(fmt.Sprintf("%+v", got))
			for _, secret := range []string{signText(row.app.Keys[0].Secret, got.Text), row.app.Keys[0].Secret, sister.Keys[0].Secret} {
				if strings.Contains(whole, strings.ToLower(secret)) {
					t.Errorf("a secret is given away: %s", whole)
				}
			}
		})
	}
}

// ask signs a login as the row says and asks about it.
func (row checkRow) ask(t *testing.T, h *house, end int64) SignatureAnswer {
	t.Helper()
	login := h.loginOf(row.app)
	login.Expire = end
	if row.before != nil {
		row.before(&login)
	}
	text, key := row.text, row.key
	if text == "" {
		text = string(appendText(nil, login, row.app.OfProvider()))
	}
	if key == "" {
		key = row.app.Keys[0].Secret
	}
	login.Signature = signText(key, text)
	q := asked(login)
	if row.after != nil {
		row.after(&q)
	}
	got, err := h.CheckSignature(t.Context(), console, row.app.OrganizationID, row.app.ID, q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// textRows: what is signed, with which key, and when.
func textRows(app, seller, sister identity.AppID, end int64) []checkRow {
	now := end - 3600
	return []checkRow{
		{name: "right", app: app, state: KeyCurrent},
		{name: "right, of the provider", app: seller, state: KeyCurrent},
		{name: "a line feed behind the key", app: app, key: app.Keys[0].Secret + "\n", want: "signature near_trailing_newline", state: KeyCurrent},
		{name: "another key", app: app, key: "another", want: "key_known signature"},
		{name: "the key of another App ID", app: app, key: sister.Keys[0].Secret, want: "key_known signature near_other_app_key", state: KeyOfOther},
		{name: "commas", app: app, text: fmt.Sprintf("%s,alice,%d,%s", app.ID, end, testNonce), want: "signature near_separator", signed: "found", state: KeyCurrent},
		{
			name: "a text of their own", app: app, text: "what ever", want: "text_form signature near_own_text", signed: "said", state: KeyCurrent,
			after: func(q *SignatureQuestion) { q.Text = "what ever" },
		},
		{
			name: "the right text, another key", app: app, key: "another", want: "key_known signature", signed: "said",
			after: func(q *SignatureQuestion) { q.Text = fmt.Sprintf("%s:alice:%d:%s", app.ID, end, testNonce) },
		},
		{name: "expired", app: app, before: func(l *SignedLogin) { l.Expire = now - 1 }, want: "expire_passed", state: KeyCurrent},
		{name: "milliseconds of an hour ago", app: app, before: func(l *SignedLogin) { l.Expire = (now - 3600) * 1000 }, want: "expire_milliseconds expire_too_far", state: KeyCurrent},
		{name: "milliseconds", app: app, before: func(l *SignedLogin) { l.Expire *= 1000 }, want: "expire_milliseconds expire_too_far", state: KeyCurrent},
	}
}

// formRows: how it is written and sent, and for whom.
func formRows(app, seller identity.AppID) []checkRow {
	return []checkRow{
		{name: "a short nonce", app: app, before: func(l *SignedLogin) { l.Nonce = "short" }, want: "nonce_length", state: KeyCurrent},
		{name: "a colon in the user", app: app, before: func(l *SignedLogin) { l.UserID = "a:b" }, want: "user_id_form", state: KeyCurrent},
		{name: "an enterprise is named", app: app, before: func(l *SignedLogin) { l.OrganizationRef = "acme" }, want: "corp_id_unwanted", state: KeyCurrent},
		{name: "none is named", app: seller, before: func(l *SignedLogin) { l.OrganizationRef = "" }, want: "corp_id_missing", state: KeyCurrent},
		{name: "one that does not exist", app: seller, before: func(l *SignedLogin) { l.OrganizationRef = "nowhere" }, want: "organization_known", state: KeyCurrent},
		{name: "another App ID", app: app, before: func(l *SignedLogin) { l.AppID = strings.Repeat("0", 32) }, want: "app_id_asked", state: KeyCurrent},
		{
			name: "sent as a form, elsewhere", app: app, want: "request_target body_media", state: KeyCurrent,
			after: func(q *SignatureQuestion) {
				q.Request.Path = "/v1/usg/acs/auth/account"
				q.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			},
		},
		{
			name: "another kind of token", app: app, want: "token_type", state: KeyCurrent,
			after: func(q *SignatureQuestion) { q.Request.Header.Set("X-Token-Type", "Short") },
		},
		{
			name: "access of another", app: app, want: "header_access", state: KeyCurrent,
			after: func(q *SignatureQuestion) {
				q.Request.Header["Authorization"][0] += ",access=" + base64.StdEncoding.EncodeToString([]byte(seller.ID))
			},
		},
		{
			name: "no header", app: app, want: "header_scheme signature",
			after: func(q *SignatureQuestion) { q.Request.Header.Del("Authorization") },
		},
		{
			name: "Base64", app: app, want: "header_signature signature header_signature", state: KeyCurrent,
			after: func(q *SignatureQuestion) {
				name, digits, _ := strings.Cut(q.Request.Header.Get("Authorization"), "=")
				raw, _ := hex.DecodeString(digits)
				q.Request.Header.Set("Authorization", name+"="+base64.StdEncoding.EncodeToString(raw))
			},
		},
		{
			name: "no JSON", app: app, want: "body_json",
			after: func(q *SignatureQuestion) { q.Request.Body = "appId=x" },
		},
	}
}

// A look signs nobody in and spends no nonce; one that was spent is told of. The
// key before the last reset is told of with its end, while it counts and after.
// Both databases.
func TestCheckSignatureLooksOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		h := newHouse(t, open(storetest.WithClock(clock)), clock)
		app := h.add(t, acme, NewAppID{})
		login := h.loginOf(app)
		check := func() SignatureAnswer {
			t.Helper()
			got, err := h.CheckSignature(t.Context(), console, acme, app.ID, asked(login))
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		for range 2 {
			if got := check(); !got.Passed {
				t.Fatalf("failed: %v", failures(got))
			}
		}
		if n := h.events(t, audit.AppIDSignatureChecked); n != 2 {
			t.Errorf("%d events, want one for each look", n)
		}
		err := h.db.Act(t.Context(), store.ActTicket, func(tx *store.Tx) error {
			return ticket.Claim(tx, app.NonceSpace(), login.Nonce, time.Unix(login.Expire, 0), errNonce)
		})
		if err != nil {
			t.Fatalf("the look has spent the nonce: %v", err)
		}
		if got := failures(check()); fmt.Sprint(got) != "[nonce_fresh]" {
			t.Errorf("after its use: failed %v", got)
		}
		if _, err := h.ResetAppKey(t.Context(), console, acme, app.ID); err != nil {
			t.Fatal(err)
		}
		ends := clock.Now().Add(identity.AppKeyOverlap)
		login.Nonce, login.UserID = strings.Repeat("m", 32), ""
		login = resigned(app, login)
		if got := check(); !got.Passed || got.Key != KeyPrevious || !got.KeyEnd.Equal(ends) {
			t.Errorf("the key before: %v by %q until %v, want until %v", failures(got), got.Key, got.KeyEnd, ends)
		}
		clock.Advance(identity.AppKeyOverlap)
		login.Expire = clock.Now().Unix() + 60
		login = resigned(app, login)
		if got := check(); fmt.Sprint(failures(got)) != "[key_known signature near_previous_key]" || got.Key != KeyEnded {
			t.Errorf("the key that ended: %v by %q", failures(got), got.Key)
		}
		login.Expire = 0
		login = resigned(app, login)
		check()
		for _, until := range []time.Time{{}, {}} {
			_ = h.db.Act(t.Context(), store.ActTicket, func(tx *store.Tx) error {
				return ticket.Claim(tx, app.NonceSpace(), login.Nonce, until, errNonce)
			})
		}
		if got := failures(check()); !strings.Contains(fmt.Sprint(got), "nonce_fresh") {
			t.Errorf("a nonce of a signature that never expires: failed %v", got)
		}
	})
}

func (h *house) events(t *testing.T, what audit.Type) (n int) {
	t.Helper()
	err := h.db.View(t.Context(), func(tx *store.Tx) error {
		found, err := tx.Events.Page(store.EventQuery{Organization: acme, Limit: 100})
		for _, e := range found {
			if e.Type == string(what) {
				n++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Whoever may not read the App ID learns nothing, and nobody asks endlessly.
func TestCheckSignatureIsBounded(t *testing.T) {
	h := open(t)
	app, seller := h.add(t, acme, NewAppID{}), h.add(t, "", NewAppID{})
	member := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: acme, Role: identity.RoleAdministrator}
	q := asked(h.loginOf(app))
	for name, c := range map[string]struct {
		actor identity.Actor
		id    string
		q     SignatureQuestion
		want  fault.Code
	}{
		"nobody":           {identity.Actor{}, app.ID, q, fault.CodeForbidden},
		"an administrator": {member, app.ID, q, fault.CodeForbidden},
		"of another owner": {console, seller.ID, q, fault.CodeAppIDNotFound},
		"too long a text":  {console, app.ID, SignatureQuestion{Text: strings.Repeat("x", maxOwnText+1)}, fault.CodeFieldLength},
	} {
		if _, err := h.CheckSignature(t.Context(), c.actor, acme, c.id, c.q); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	ask := func() error {
		_, err := h.CheckSignature(t.Context(), console, acme, app.ID, q)
		return err
	}
	for i := range checkBurst {
		if err := ask(); err != nil {
			t.Fatalf("look %d: %v", i+1, err)
		}
	}
	if err := ask(); !fault.Is(err, fault.CodeRateLimited) {
		t.Errorf("one more: %v", err)
	}
	if _, err := h.CheckSignature(t.Context(), console, "", seller.ID, q); err != nil {
		t.Errorf("another App ID: %v", err)
	}
	h.clock.Advance(checkEvery)
	if err := ask(); err != nil {
		t.Errorf("later: %v", err)
	}
}
