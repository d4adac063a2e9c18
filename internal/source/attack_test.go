package source

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// attempt begins a sign-in, goes to the centre and comes back.
func (h *house) attempt(c *fakeCentre) (Attempt, url.Values) {
	h.t.Helper()
	_, a, err := h.NewAttempt(h.t.Context(), h.found(), AttemptOptions{Purpose: ForPC, ReturnTo: "/", Flow: "flow", Domain: "acme.example"})
	if err != nil {
		h.t.Fatal(err)
	}
	step, err := h.Begin(h.t.Context(), h.found(), a)
	if err != nil {
		h.t.Fatal(err)
	}
	query, err := h.browse(step.URL, c.roots)
	if err != nil {
		h.t.Fatal(err)
	}
	return a, query
}

// A state that is missing, foreign, altered, used or old redeems nothing, and
// nobody can tell which of these it is.
func TestStates(t *testing.T) {
	h, c := begin(t)
	h.save(c.standard())
	a, query := h.attempt(c)
	state := query.Get("state")
	for name, text := range map[string]string{
		"missing": "", "foreign": strings.Repeat("a", len(state)), "shorter": state[:len(state)-1], "longer": state + "a",
		"in capitals": strings.ToUpper(state), "altered": state[:len(state)-9] + "aaaaaaaaa",
	} {
		if _, err := h.TakeAttempt(t.Context(), text); codes(err) != "attempt_ended at " {
			t.Errorf("%s: %v", name, err)
		}
	}
	got, err := h.TakeAttempt(t.Context(), state)
	if err != nil || fmt.Sprintf("%+v", settingsOfAttempt(got)) != fmt.Sprintf("%+v", settingsOfAttempt(a)) {
		t.Fatalf("got  %+v, %v\nwant %+v", settingsOfAttempt(got), err, settingsOfAttempt(a))
	}
	if _, err := h.TakeAttempt(t.Context(), state); codes(err) != "attempt_ended at " {
		t.Errorf("replayed: %v", err)
	}
	_, query = h.attempt(c)
	h.clock.Advance(attemptLife)
	if _, err := h.TakeAttempt(t.Context(), query.Get("state")); codes(err) != "attempt_ended at " {
		t.Errorf("ten minutes later: %v", err)
	}
}

// settingsOfAttempt makes an attempt printable.
func settingsOfAttempt(a Attempt) map[string]any {
	return map[string]any{
		"source": a.SourceID, "org": a.OrganizationID, "version": a.Version, "purpose": a.Purpose, "state": a.State, "nonce": a.Nonce,
		"verifier": a.Verifier, "callback": a.Callback, "return": a.ReturnTo, "flow": a.Flow, "domain": a.Domain, "try": a.TryID,
	}
}

// An answer that was meant for another source, or for settings that were
// changed while the person was at the centre, goes to no centre.
func TestAnswersOfAnotherSignInAreRefused(t *testing.T) {
	h, c := begin(t)
	h.save(c.standard())
	refused := func(name string, found Found, a Attempt, query url.Values) {
		t.Helper()
		before := len(c.asked("/token"))
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		_, err := h.Finish(t.Context(), found, a, Answer{Query: query}, story)
		check, _ := firstBad(story)
		if !fault.Is(err, fault.CodeSourceFailed) || check != trace.SourceState || len(c.asked("/token")) != before {
			t.Errorf("%s: %v at %s, want source_failed at source_state and no call", name, err, check)
		}
	}
	a, query := h.attempt(c)
	other := h.found()
	other.Source.ID = identity.SSOSourceID(h.furnish("beta").ID)
	refused("another source", other, a, query)
	if err := h.SetSSO(t.Context(), console, h.org.ID, 0, SSOChange{Scope: ptr("profile")}); err != nil {
		t.Fatal(err)
	}
	refused("changed settings", h.found(), a, query)
}

// The verifier binds the code to this sign-in: one who steals a code and
// brings it back under another state is refused by the centre (RFC 7636).
func TestAStolenCodeIsUseless(t *testing.T) {
	h, c := begin(t)
	h.save(c.standard())
	_, stolen := h.attempt(c)
	mine, query := h.attempt(c)
	query.Set("code", stolen.Get("code"))
	_, err := h.Finish(t.Context(), h.found(), mine, Answer{Query: query}, nil)
	if f := fault.Of(err); f.Code != fault.CodeSourceFailed || f.Params["check"] != string(trace.TokenCode) {
		t.Errorf("got %v, want the code refused", err)
	}
	query["code"] = []string{stolen.Get("code"), "second"}
	if _, err = h.Finish(t.Context(), h.found(), mine, Answer{Query: query}, nil); fault.Of(err).Params["check"] != string(trace.AuthorizeAnswer) {
		t.Errorf("two codes: %v", err)
	}
}

// iss is compared before the code is sent anywhere, and with the ID token.
func TestIssuerOfTheAnswer(t *testing.T) {
	h, c := begin(t)
	h.save(c.openID())
	for issuer, want := range map[string]string{
		c.server.URL: "", "": "", "https://evil.example": string(trace.AuthorizeIssuer), c.server.URL + "@evil.example": string(trace.AuthorizeIssuer),
		c.server.URL + "/realms/other": string(trace.AuthorizeIssuer), "not an address": string(trace.AuthorizeIssuer),
	} {
		a, query := h.attempt(c)
		if issuer != "" {
			query.Set("iss", issuer)
		}
		_, err := h.Finish(t.Context(), h.found(), a, Answer{Query: query}, nil)
		got := ""
		if err != nil {
			got, _ = fault.Of(err).Params["check"].(string)
		}
		if got != want {
			t.Errorf("iss %q: failed at %q (%v), want %q", issuer, got, err, want)
		}
	}
}

// What a centre sends back reaches nobody but the trace, where it is escaped.
func TestErrorsOfTheCentreAreNotReflected(t *testing.T) {
	h, c := begin(t)
	h.save(c.standard())
	a, _ := h.attempt(c)
	story := trace.Begin(trace.SourceLogin, identity.Origin{})
	const script = "<script>alert(1)</script>\x1b[31m"
	_, err := h.Finish(t.Context(), h.found(), a, Answer{Query: url.Values{"error": {script}, "error_description": {script}}}, story)
	f := fault.Of(err)
	text, _ := json.Marshal(f.Params)
	if f.Code != fault.CodeSourceFailed || strings.Contains(f.Error()+string(text), "script") {
		t.Errorf("the fault repeats the centre: %v %s", f, text)
	}
	if _, detail := firstBad(story); strings.Contains(detail.Received, "\x1b") {
		t.Errorf("the trace holds a control character: %q", detail.Received)
	}
}

// Every address of a centre is judged when it is dialled (attack corpus of
// egress), for sign-ins and for tries.
func TestNoAddressLeadsInside(t *testing.T) {
	h := newHouse(t, houseOptions{closed: true})
	for _, host := range []string{
		"127.0.0.1", "0.0.0.0", "[::]", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0177.1", "0x7f.1", "169.254.169.254", "10.1.2.3",
		"[fd00:ec2::254]", "localhost", "inside.example", "anything.test",
	} {
		s := minimum()
		s.TokenURL, s.UserInfoURL = "http://"+host+"/t", "http://"+host+"/u"
		h.save(s)
		_, a, err := h.NewAttempt(t.Context(), h.found(), AttemptOptions{})
		if err != nil {
			t.Fatal(err)
		}
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		_, err = h.Finish(t.Context(), h.found(), a, Answer{Query: url.Values{"code": {"c"}}}, story)
		check, detail := firstBad(story)
		if !fault.Is(err, fault.CodeSourceFailed) || check != trace.TokenOpen || strings.Contains(detail.Received, "10.0.0.7") {
			t.Errorf("%s: %v at %s (%+v), want it blocked", host, err, check, detail)
		}
		try, err := h.StartTry(t.Context(), console, h.org.ID, TryRequest{SSO: s})
		if err != nil || try.State != TryFailed || try.URL != "" {
			t.Errorf("%s: try %+v, %v; want it failed", host, try, err)
		}
	}
}

// UserInfo that redirects inside is not followed, nor are discovery and keys.
func TestNoAnswerLeadsInside(t *testing.T) {
	inside := "http://10.0.0.7/"
	tests := map[string]func(*fakeCentre){
		"/userinfo": func(c *fakeCentre) { c.replace["/userinfo"] = redirectTo(inside) },
		"/.well-known/openid-configuration": func(c *fakeCentre) {
			c.replace["/.well-known/openid-configuration"] = redirectTo(inside)
		},
		"/keys": func(c *fakeCentre) {
			c.replace["/.well-known/openid-configuration"] = func(w http.ResponseWriter, _ *http.Request) {
				answer(w, http.StatusOK, map[string]any{"issuer": c.server.URL, "jwks_uri": inside})
			}
		},
	}
	want := map[string]trace.Check{
		"/userinfo": trace.UserInfoOpen, "/.well-known/openid-configuration": trace.IDTokenKeys, "/keys": trace.IDTokenSignature,
	}
	for path, set := range tests {
		h, c := begin(t)
		set(c)
		h.save(c.openID())
		_, story, err := h.signIn(c)
		if check, detail := firstBad(story); err == nil || check != want[path] || strings.Contains(detail.Received, "10.0.0.7/") {
			t.Errorf("%s: %v at %s, want %s", path, err, check, want[path])
		}
	}
}

// Domains that are unknown, malformed, disabled or of a frozen organisation:
// one answer for the same statements: two reads, and what begins and ends their
// transaction.
func TestUnknownAndDisabledDomainsLookAlike(t *testing.T) {
	known := minimum().Domain
	for name, row := range map[string]struct {
		domain string
		set    func(*house)
		want   string
	}{
		"known":     {known, func(*house) {}, ""},
		"unknown":   {"unknown.example", func(*house) {}, "sso_unknown at "},
		"malformed": {"not a domain", func(*house) {}, "sso_unknown at "},
		"empty":     {"", func(*house) {}, "sso_unknown at "},
		"disabled":  {known, (*house).disable, "sso_unknown at "},
		"frozen":    {known, (*house).freeze, "sso_unknown at "},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, houseOptions{})
			h.save(minimum())
			row.set(h)
			err, least := error(nil), int64(1000)
			for range 3 { // the change feed may begin and end a look of its own meanwhile
				before := h.count.Load()
				_, err = h.ByDomain(t.Context(), row.domain)
				least = min(least, h.count.Load()-before)
			}
			if codes(err) != row.want || least != 4 {
				t.Errorf("%q with %d statements, want %q with 4", codes(err), least, row.want)
			}
			_, err = h.ByID(t.Context(), identity.SSOSourceID(h.org.ID))
			if (err == nil) != (row.domain != known || row.want == "") {
				t.Errorf("ByID: %v", err)
			}
		})
	}
}

func (h *house) disable() {
	h.t.Helper()
	if err := h.SetSSO(h.t.Context(), console, h.org.ID, 0, SSOChange{Enabled: ptr(false)}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) freeze() {
	h.t.Helper()
	h.update(func(tx *store.Tx) error {
		org, err := tx.Organizations.Get(h.org.ID)
		if err != nil {
			return err
		}
		org.Status = identity.OrganizationFrozen
		return tx.Organizations.Put(org)
	})
}

// The secrets of a sign-in are in no story, no fault and no row in clear.
func TestNoSecretLeaks(t *testing.T) {
	h, c := begin(t)
	c.replace["/userinfo"] = func(w http.ResponseWriter, r *http.Request) {
		// A centre that repeats everything it was told.
		answer(w, http.StatusBadRequest, map[string]any{
			"error": "bad", "error_description": r.Header.Get("Authorization") + " " + goodSecret + " REFRESH-TOKEN-0123456789",
		})
	}
	h.save(c.standard())
	_, story, err := h.signIn(c)
	code := c.asked("/token")[0].PostForm.Get("code")
	text := fmt.Sprintf("%v %+v %v", story.Steps(), err, fault.Of(err).Params)
	for _, secret := range []string{goodSecret, goodToken, "REFRESH-TOKEN-0123456789", code} {
		if secret == "" || strings.Contains(text, secret) {
			t.Errorf("%q is told: %s", secret, text)
		}
	}
}
