package source

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// disabled adds a source that is not enabled yet.
func (h *house) disabled(of identity.SourceKind) Configured {
	h.t.Helper()
	c, err := h.Add(h.t.Context(), console, h.org.ID, NewSource{Name: "tried " + randomWord()[:8], Kind: of})
	if err != nil {
		h.t.Fatal(codes(err))
	}
	return c
}

// trySource begins a try with settings that are not saved.
func (h *house) trySource(of Configured, v Values, rules identity.SourceRules) Try {
	h.t.Helper()
	try, err := h.StartSourceTry(h.t.Context(), console, h.org.ID, SourceTry{Source: of.ID, Change: SourceChange{Settings: v, Rules: &rules}})
	if err != nil {
		h.t.Fatalf("StartSourceTry: %s", codes(err))
	}
	return try
}

// stepsOfTry are the checks of a report, those that did not pass with their
// state.
func stepsOfTry(r Report) (list []string) {
	for _, s := range r.Steps {
		name := string(s.Name)
		if s.State != trace.Passed {
			name += ":" + string(s.State)
		}
		list = append(list, name)
	}
	return list
}

func TestTriesOfEveryKind(t *testing.T) {
	centre := func(settings func(*fakeCentre) Values) func(*house) Values {
		return func(h *house) Values {
			c := newCentre(h.t, nil)
			c.now = h.clock.Now
			return settings(c)
		}
	}
	tests := []struct {
		kind     identity.SourceKind
		settings func(*house) Values
		first    string // the last checks of the looking, before the browser
		answers  []string
		fills    []Fill
	}{
		{
			identity.SourceOAuth2, centre(func(c *fakeCentre) Values { return c.oauth2() }), "authorize_status",
			[]string{"authorize_answer", "token_reached", "token_format", "token_field", "userinfo_reached", "userinfo_format", "account_field", "attribute_came", "attribute_came:warned"},
			[]Fill{{"match", "email", "email", "zhang@acme.example"}, {"mappings.0", "title", "grade", ""}, {"mappings.1", "description", "", "fixed"}},
		},
		{
			identity.SourceOIDC, centre(func(c *fakeCentre) Values { return c.provider() }), "authorize_status",
			[]string{"authorize_answer", "token_reached", "token_format", "token_field", "id_token_issuer", "id_token_audience", "id_token_time", "id_token_nonce", "id_token_signature", "userinfo_reached", "userinfo_format", "userinfo_subject", "account_field", "attribute_came", "attribute_came:warned"},
			[]Fill{{"match", "email", "email", "zhang@acme.example"}, {"mappings.0", "title", "grade", ""}, {"mappings.1", "description", "", "fixed"}},
		},
		{
			identity.SourceCAS, func(h *house) Values {
				c := newCAS(h.t)
				c.attributes["email"] = []string{"zhang@acme.example"}
				return c.settings()
			}, "validate_answer",
			[]string{"upstream_ticket", "validate_reached", "validate_answer", "account_field", "attribute_came", "attribute_came:warned"},
			[]Fill{{"match", "email", "email", "zhang@acme.example"}, {"mappings.0", "title", "grade", ""}, {"mappings.1", "description", "", "fixed"}},
		},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			h := newHouse(t, houseOptions{})
			of := h.disabled(tt.kind)
			rules := byMail(identity.Mapping{Ours: "title", Theirs: "grade"}, identity.Mapping{Ours: "description", Fixed: "fixed"})
			try := h.trySource(of, tt.settings(h), rules)
			if try.State != TryWaiting || try.URL == "" {
				t.Fatalf("%+v, %q", try, stepsOfTry(h.report(try)))
			}
			waits := h.report(try)
			looked := slices.DeleteFunc(stepsOfTry(waits), func(s string) bool { return strings.HasSuffix(s, ":noted") })
			if looked[len(looked)-1] != tt.first || len(looked) == len(waits.Steps) {
				t.Errorf("before the browser: %q", stepsOfTry(waits))
			}
			h.roundTrip(&fakeCentre{}, try)
			report := h.report(try)
			if got := stepsOfTry(report)[len(looked):]; report.State != TryPassed || !slices.Equal(got, tt.answers) {
				t.Errorf("%s\n got %q\nwant %q", report.State, got, tt.answers)
			}
			h.told(of, report, tt.fills)
		})
	}
}

// told holds the report of a try that passed against what the other side says.
func (h *house) told(of Configured, report Report, fills []Fill) {
	t := h.t
	t.Helper()
	if !slices.Equal(report.Fills(), fills) || report.Source.ID != of.ID || report.Source.Settings["client_secret"] != "" {
		t.Errorf("fills %+v of %+v", report.Fills(), report.Source)
	}
	if report.Outlook.Kind != WouldCreate || report.Profile.Subject != "zhang" {
		t.Errorf("the outlook is %+v for %+v", report.Outlook, report.Profile)
	}
	if got, err := h.Get(t.Context(), console, h.org.ID, of.ID); err != nil || got.Version != 1 || got.Enabled {
		t.Errorf("a try saved something: %+v, %v", got, err)
	}
	for _, step := range report.Steps {
		noSecrets(t, step)
	}
}

// A try refuses what could not be enabled, and what is another organisation's.
func TestWhatIsNotTried(t *testing.T) {
	h, c := begin(t)
	of := h.disabled(identity.SourceOAuth2)
	start := func(actor identity.Actor, org identity.OrganizationID, r SourceTry) string {
		_, err := h.StartSourceTry(t.Context(), actor, org, r)
		return codes(err)
	}
	rules := byMail()
	if got := start(console, h.org.ID, SourceTry{Source: of.ID, Change: SourceChange{Settings: Values{"token_url": "https://c.example"}, Rules: &rules}}); got !=
		"field_missing at settings.authorize_url, field_missing at settings.client_id, field_missing at settings.client_secret" {
		t.Errorf("incomplete: %s", got)
	}
	if got := start(identity.Actor{}, h.org.ID, SourceTry{Source: of.ID}); got != "forbidden at " {
		t.Errorf("as nobody: %s", got)
	}
	if got := start(console, h.furnish("beta").ID, SourceTry{Source: of.ID}); got != "source_not_found at " {
		t.Errorf("in another organisation: %s", got)
	}
	// Secrets of an earlier try stand for those not given again, at the same
	// addresses alone.
	v := c.oauth2()
	try := h.trySource(of, v, rules)
	delete(v, "client_secret")
	if got := start(console, h.org.ID, SourceTry{Source: of.ID, Change: SourceChange{Settings: v, Rules: &rules, Try: try.ID}}); got != "" {
		t.Errorf("the same again: %s", got)
	}
	v["userinfo_url"] = c.server.URL + "/elsewhere"
	if got := start(console, h.org.ID, SourceTry{Source: of.ID, Change: SourceChange{Settings: v, Rules: &rules, Try: try.ID}}); got != "field_missing at settings.client_secret" {
		t.Errorf("at another address: %s", got)
	}
	other := h.disabled(identity.SourceOAuth2)
	if got := start(console, h.org.ID, SourceTry{Source: other.ID, Change: SourceChange{Settings: v, Rules: &rules, Try: try.ID}}); got != "try_not_found at " {
		t.Errorf("of another source: %s", got)
	}
}

// The certificates behind an address are shown.
func TestATryShowsTheCertificates(t *testing.T) {
	a := newAuthority(t)
	h := newHouse(t, houseOptions{cas: []string{a.file}})
	c := newCentre(t, goodCertificate(t, a))
	c.roots, c.now = a.pool, h.clock.Now
	v := c.oauth2()
	for key, value := range v {
		v[key] = strings.Replace(value, "127.0.0.1", "centre.test", 1)
	}
	report := h.report(h.trySource(h.disabled(identity.SourceOAuth2), v, byMail()))
	want := "centre.test ← Test Authority, until " + day(time.Now().Add(time.Hour))
	for _, s := range report.Steps {
		if s.Name == trace.TokenTLS && s.Received != want {
			t.Errorf("got %q, want %q", s.Received, want)
		}
	}
}

// What a look finds out before a browser is needed.
func TestATryFailsBeforeTheBrowser(t *testing.T) {
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(html)) })
	tests := []struct {
		name string
		kind identity.SourceKind
		set  func(*house) Values
		want trace.Check
	}{
		{"no issuer there", identity.SourceOIDC, func(h *house) Values {
			return Values{"issuer": nobodyListens(h.t), "client_id": "c", "client_secret": "s"}
		}, trace.DiscoveryReached},
		{"keys that are none", identity.SourceOIDC, func(h *house) Values {
			c := newCentre(h.t, nil)
			c.replace["/keys"] = text(http.StatusOK, "application/json", `{"keys":[]}`)
			return c.provider()
		}, trace.KeysAnswer},
		{"a page in place of an answer", identity.SourceCAS, func(h *house) Values {
			c := newCAS(h.t)
			c.replace = page
			return c.settings()
		}, trace.ValidateAnswer},
		{"a server that takes every ticket", identity.SourceCAS, func(h *house) Values {
			c := newCAS(h.t)
			c.replace = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { c.xml(w, "", false) })
			return c.settings()
		}, trace.ValidateAnswer},
		{"nobody validates", identity.SourceCAS, func(h *house) Values {
			return newCAS(h.t).settings(Values{"validate_url": nobodyListens(h.t)})
		}, trace.ValidateReached},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, houseOptions{})
			try := h.trySource(h.disabled(tt.kind), tt.set(h), byMail())
			report := h.report(try)
			last := report.Steps[len(report.Steps)-1]
			if try.State != TryFailed || last.Name != tt.want || last.State != trace.Failing || last.Remedy == "" {
				t.Errorf("%s, %+v", try.State, last)
			}
		})
	}
	h, c := begin(t)
	try := h.trySource(h.disabled(identity.SourceOAuth2), c.oauth2(), byMail())
	if _, err := h.TryReport(t.Context(), identity.Actor{}, h.org.ID, try.ID); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("read by nobody: %v", err)
	}
}

// Pages put nothing in force that was not tried, without a reason.
func TestOnlyTriedSettingsComeIntoForce(t *testing.T) {
	h, c := begin(t)
	of := h.disabled(identity.SourceOAuth2)
	rules, v := byMail(), c.oauth2()
	save := func(change SourceChange) string {
		change.Enabled, change.Rules, change.OnlyTried = ptr(true), &rules, true
		_, err := h.Change(t.Context(), console, h.org.ID, of.ID, 0, change)
		return codes(err)
	}
	if got := save(SourceChange{Settings: v}); got != "sso_untried at " {
		t.Errorf("untried: %s", got)
	}
	try := h.trySource(of, v, rules)
	if got := save(SourceChange{Settings: v}); got != "sso_untried at " {
		t.Errorf("while the try waits: %s", got)
	}
	h.roundTrip(c, try)
	delete(v, "client_secret")
	if got := save(SourceChange{Settings: v, Try: try.ID}); got != "" {
		t.Errorf("tried, with the secret of the try: %s", got)
	}
	if got := save(SourceChange{Settings: Values{"scope": "email"}}); got != "sso_untried at " {
		t.Errorf("another scope: %s", got)
	}
	if got := save(SourceChange{Settings: Values{"scope": "email"}, Override: "the centre is being moved"}); got != "" {
		t.Errorf("with a reason: %s", got)
	}
	if got := h.latest(20); !slices.Contains(got, "source.saved_untried") {
		t.Errorf("recorded %q", got)
	}
	if got := save(SourceChange{Override: strings.Repeat("x", maxReason+1)}); got != "field_length at override" {
		t.Errorf("a long reason: %s", got)
	}
	if got := save(SourceChange{Name: ptr("renamed")}); got != "" {
		t.Errorf("a name needs no try: %s", got)
	}
}
