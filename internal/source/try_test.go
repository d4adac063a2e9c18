package source

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

// outlook stands for the directory, which says whom a profile would be.
func outlook(_ context.Context, found Found, p identity.Profile) (Outlook, error) {
	return Outlook{Kind: WouldCreate, Name: p.Name, Account: p.Account + "@" + found.Organization.Code}, nil
}

func TestATryThatPasses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, houseOptions{open: open})
		c := newCentre(t, nil)
		c.now = h.clock.Now
		s := c.standard()
		try, err := h.StartTry(t.Context(), console, h.org.ID, TryRequest{SSO: s, Flow: "digest"})
		if err != nil || try.State != TryWaiting || try.URL == "" {
			t.Fatalf("StartTry = %+v, %v", try, err)
		}
		h.waits(try)
		h.roundTrip(c, try)
		report := h.report(try)
		if report.State != TryPassed || !reflect.DeepEqual(report.Profile, zhang("zhang")) || report.Outlook != (Outlook{Kind: WouldCreate, Name: "Zhang San", Account: "zhang@acme"}) {
			t.Errorf("got %s, %+v, %+v", report.State, report.Profile, report.Outlook)
		}
		if report.Tried.ClientSecret != "" || report.Tried.TokenURL != s.TokenURL || report.Tried.Enabled {
			t.Errorf("tried: %#v", settingsOf(report.Tried, false))
		}
		var got []trace.Check
		for _, step := range report.Steps {
			noSecrets(t, step)
			got = append(got, step.Name)
		}
		if want := stepsOfAGoodTry(); !slices.Equal(got, want) {
			t.Errorf("steps\n got %v\nwant %v", got, want)
		}
		if h.state().Version != 0 {
			t.Error("a try saved something")
		}
	})
}

// waits looks at a report before the browser comes back: it tells what is to
// be mended when the centre shows an error and keeps the browser.
func (h *house) waits(try Try) {
	h.t.Helper()
	report := h.report(try)
	last := report.Steps[len(report.Steps)-2:]
	want := []ReportStep{
		{Name: trace.AuthorizeRedirect, State: trace.Noted, Expected: h.Callback(h.org.ID), Remedy: trace.AuthorizeRedirect.RemedyKey()},
		{Name: trace.AuthorizeScope, State: trace.Noted, Remedy: trace.AuthorizeScope.RemedyKey()},
	}
	if report.State != TryWaiting || !slices.Equal(last, want) {
		h.t.Errorf("%s, %+v; want it to wait with %+v", report.State, last, want)
	}
}

func stepsOfAGoodTry() []trace.Check {
	return []trace.Check{
		trace.AuthorizeResolves, trace.AuthorizeReached, trace.AuthorizeTLS, trace.TokenResolves, trace.TokenReached, trace.TokenTLS,
		trace.UserInfoResolves, trace.UserInfoReached, trace.UserInfoTLS, trace.AuthorizeStatus,
		trace.AuthorizeAnswer, trace.TokenReached, trace.TokenFormat, trace.TokenField, trace.UserInfoReached, trace.UserInfoFormat,
		trace.AccountField, trace.NameField, trace.EmailField, trace.MobileField, trace.PictureField,
	}
}

func (h *house) report(try Try) Report {
	h.t.Helper()
	r, err := h.TryReport(h.t.Context(), console, h.org.ID, try.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// passed makes a try of settings that passes.
func (h *house) passed(c *fakeCentre, s SSO) Try {
	h.t.Helper()
	try, err := h.StartTry(h.t.Context(), console, h.org.ID, TryRequest{SSO: s})
	if err != nil {
		h.t.Fatal(err)
	}
	h.roundTrip(c, try)
	if got := h.report(try).State; got != TryPassed {
		h.t.Fatalf("the try is %s", got)
	}
	return try
}

// A passed try opens saving for exactly what was tried.
func TestSavingWhatWasTried(t *testing.T) {
	h, c := begin(t)
	s := c.standard()
	var try Try
	blank := func(n *SSOChange) { n.ClientSecret, n.Try = nil, try.ID }
	const untried = "sso_untried at "
	save := func(name string, edit func(*SSOChange), want string) {
		t.Helper()
		next := change(s)
		next.OnlyTried = true
		edit(&next)
		if got := codes(h.SetSSO(t.Context(), console, h.org.ID, 0, next)); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	save("untried", func(*SSOChange) {}, untried)
	save("saved without enabling", func(n *SSOChange) { n.Enabled = ptr(false) }, "")
	try = h.passed(c, s)
	save("another secret", func(n *SSOChange) { n.ClientSecret = ptr("another") }, untried)
	save("another scope", func(n *SSOChange) { n.Scope = ptr("another") }, untried)
	save("another account field", func(n *SSOChange) { n.AccountField = ptr("email") }, untried)
	save("another token style", func(n *SSOChange) { n.TokenStyle = ptr(SecretInHeader) }, untried)
	save("the try's secret for another address", func(n *SSOChange) { blank(n); n.TokenURL = ptr(c.server.URL + "/evil") }, "sso_secret_required at client_secret")
	save("an unknown try", func(n *SSOChange) { n.ClientSecret, n.Try = nil, "try_x" }, "try_not_found at ")
	save("the try's secret for what was tried", blank, "")
	if got := h.secret(); got != goodSecret {
		t.Errorf("the secret kept is %q", got)
	}
	save("a scheme, which is not tried", func(n *SSOChange) { n.PC = ptr("orgate-pc://login") }, "")
	save("an override", func(n *SSOChange) { n.Scope, n.Override = ptr("x"), "the centre is down" }, "")
	h.events(t, "sso.configured: "+strings.Join(changedFields(SSO{}, func() SSO { d := s.filled(); d.Enabled = false; return d }()), ", "), "sso.tried",
		"sso.configured: enabled", "sso.enabled", "sso.configured: schemes.pc", "sso.configured: scope, schemes.pc", "sso.saved_untried")
}

// A passed try is forgotten after a day, and never seen by others.
func TestTriesEnd(t *testing.T) {
	h, c := begin(t)
	s := c.standard()
	try := h.passed(c, s)
	other := h.furnish("beta")
	if _, err := h.TryReport(t.Context(), console, other.ID, try.ID); !fault.Is(err, fault.CodeTryNotFound) {
		t.Errorf("the report of another organisation: %v", err)
	}
	for org, want := range map[identity.OrganizationID]bool{h.org.ID: true, other.ID: false} {
		if ok, err := h.PassedTry(t.Context(), org, s); err != nil || ok != want {
			t.Errorf("PassedTry(%s) = %v, %v; want %v", org, ok, err, want)
		}
	}
	h.clock.Advance(tryLife + time.Minute)
	if ok, err := h.PassedTry(t.Context(), h.org.ID, s); err != nil || ok {
		t.Errorf("PassedTry a day later = %v, %v; want false", ok, err)
	}
	if _, err := h.TryReport(t.Context(), console, h.org.ID, try.ID); !fault.Is(err, fault.CodeTryNotFound) {
		t.Errorf("TryReport a day later: %v", err)
	}
}

// A stored secret is tried only with the addresses it was stored for.
func TestATryBorrowsTheStoredSecretForItsOwnAddressesOnly(t *testing.T) {
	h, c := begin(t)
	s := c.standard()
	h.save(s)
	s.ClientSecret = ""
	h.passed(c, s)
	for _, edit := range []func(*SSO){
		func(s *SSO) { s.TokenURL = c.server.URL + "/thief" },
		func(s *SSO) { s.UserInfoURL = c.server.URL + "/thief" },
	} {
		other := s
		edit(&other)
		_, err := h.StartTry(t.Context(), console, h.org.ID, TryRequest{SSO: other})
		if got := codes(err); got != "sso_secret_required at client_secret" {
			t.Errorf("got %q", got)
		}
	}
	if calls := c.asked("/thief"); len(calls) > 0 {
		t.Errorf("the thief was called: %v", calls[0].URL)
	}
}

func TestATryIsFinishedOnce(t *testing.T) {
	h, c := begin(t)
	try, err := h.StartTry(t.Context(), console, h.org.ID, TryRequest{SSO: c.standard()})
	if err != nil {
		t.Fatal(err)
	}
	query, err := h.browse(try.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.TakeAttempt(t.Context(), query.Get("state"))
	if err != nil || a.Purpose != ForTry || a.TryID != try.ID {
		t.Fatalf("TakeAttempt = %s, %s, %v", a.Purpose, a.TryID, err)
	}
	for _, want := range []string{"", "stale at "} {
		if _, err := h.FinishTry(t.Context(), a, Answer{Query: query}, outlook); codes(err) != want {
			t.Errorf("FinishTry: %v, want %q", err, want)
		}
	}
	a.Purpose = ForWeb
	if _, err := h.FinishTry(t.Context(), a, Answer{Query: query}, outlook); !fault.Is(err, fault.CodeTryNotFound) {
		t.Errorf("an attempt that is no try's: %v", err)
	}
}
