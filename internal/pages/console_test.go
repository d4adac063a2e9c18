package pages

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
)

func crumbs() Frame {
	return Frame{Name: "Olivia Owner", Crumbs: []Crumb{
		{Label: "console.title", Address: "/console/"}, {Text: "Acme", Address: "/console/acme/traces"}, {Label: "console_sso.title"},
	}}
}

// consoleExamples has a filled-in page for each golden file of the management
// centre.
func consoleExamples() map[string]Page {
	sso := ConsoleSSO{
		Frame: crumbs(), Action: "/console/acme/sso", Token: "token-of-the-form", Version: "7",
		Callback: "https://id.sp.example/sso/callback/src_1", Host: "id.sp.example", Address: "https://id.sp.example/sso?domain=acme.example",
		Values:    map[string]string{"domain": "acme.example", "client_id": "orgate", "dialect": "wechat", "client_secret": "never-shown"},
		HasSecret: true,
	}
	on := sso
	on.Enabled, on.Notice = true, "console_sso.notice.enabled"
	faulty := sso
	faulty.Override = true
	faulty.Fault = fault.New(fault.Invalid, fault.CodeFieldMissing).At("account_field").With("field", "account_field").Among(
		fault.New(fault.Invalid, fault.CodeFieldMissing).At("reason").With("field", "reason"))
	steps := []ConsoleStep{
		{State: "passed", Name: "source_resolved", Text: "The name has an address.", Received: "192.0.2.1", After: "12 ms"},
		{State: "failed", Name: "signature", Text: "The token came.", Expected: "200", Received: "401", Remedy: "Check the secret.", Field: "/console/acme/sso#client_secret"},
		{State: "warned", Name: "near_upper_hex", Text: "Accepted."},
		{State: "noted", Name: "token_type", Text: "Told."},
	}
	at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	line := ConsoleTraceLine{Code: "K7QF93TX", Address: "/console/traces/K7QF93TX", Kind: "password", Outcome: "refused", Who: "alice", At: at}
	tried := ConsoleTry{Frame: crumbs(), Action: "/console/acme/sso", Token: "token-of-the-form", Try: "try_1", Back: "/console/acme/sso?try=try_1", Steps: steps}
	waiting, passed, failed := tried, tried, tried
	waiting.State, waiting.Continue, waiting.Centre = "waiting", "https://centre.acme.example/connect/qrconnect?x=1", "centre.acme.example"
	passed.State, passed.MayEnable, passed.Outlook = "passed", true, ConsoleOutlook{Kind: "link", Member: "Alice"}
	passed.Values = []ConsoleValue{{"console_sso.account_field", "openid", "alice"}, {"console_sso.fields.name", "", ""}}
	failed.State, failed.Outlook = "failed", ConsoleOutlook{Kind: "refuse", Fault: fault.New(fault.Forbidden, fault.CodeMemberDisabled)}
	return map[string]Page{
		"console_home": {Content: ConsoleHome{
			Frame: crumbs(), Search: true, Query: "ac", Next: "/console/?after=org_1",
			Organizations: []ConsoleOrganization{{"Acme", "acme", "/console/acme/sso", "/console/acme/traces", "/console/acme/requests", "/console/acme/applications", "/console/acme/sources"}},
		}},
		"console_applications": {Content: ConsoleApplications{Frame: crumbs(), Next: "/console/acme/applications?after=app_1", Applications: []ConsoleApplication{
			{"Wiki", "wiki", "oidc", "active", "/console/acme/applications/wiki/try", "/console/acme/traces?application=wiki"},
			{"Desk", "desk", "oauth2", "disabled", "/console/acme/applications/desk/try", "/console/acme/traces?application=desk"},
		}}},
		"console_sources": {Content: ConsoleSources{
			Frame: crumbs(), Action: "/console/acme/sources", Token: "token-of-the-form", Kinds: []SettingChoice{{"oauth2", "page.connect.begin"}},
			Sources: []ConsoleSourceLine{{"Partner", "page.connect.begin", "/console/acme/sources/src_1", true}}, Links: linkLines(at),
			Typed: "Corp", Fault: fault.New(fault.Conflict, fault.CodeSourceExists).At("name"),
		}},
		"console_sources_none":       {Content: ConsoleSources{Frame: crumbs(), Done: "console_sources.removed"}},
		"console_source":             {Content: consoleSource(at)},
		"console_source_new":         {Content: ConsoleSource{Frame: crumbs(), Title: "Partner", Kind: "page.connect.begin", Callback: "https://id.sp.example/x", Notice: "console_source.notice.added"}},
		"console_setup_link":         {Content: reviewed("submitted", at)},
		"console_setup_link_decided": {Content: reviewed("rejected", at)},
		"connect":                    {Content: Connect{Action: "/connect/ogk_1", Organization: "Acme", Source: "Partner", EndsAt: at}},
		"connect_form":               {Content: connectForm("open", nil)},
		"connect_form_errors": {
			Content: connectForm("open", fault.New(fault.Invalid, fault.CodeFieldMissing).At("settings.client_id").With("field", "settings.client_id").
				Among(fault.New(fault.Invalid, fault.CodeFieldFormat).At("domain").With("want", "want.domain_name"))),
			Status: http.StatusUnprocessableEntity,
		},
		"connect_form_rejected":     {Content: connectForm("rejected", nil)},
		"console_applications_none": {Content: ConsoleApplications{Frame: crumbs()}},
		"console_application_try":   {Content: triedForm(nil)},
		"console_application_try_errors": {
			Content: triedForm(fault.New(fault.Invalid, fault.CodeFieldMissing).At("home_urls").With("field", "home_urls")), Status: http.StatusUnprocessableEntity,
		},
		"console_try_report":        {Content: ConsoleTryReport{Frame: crumbs(), Action: "/x", State: "waiting", Application: "Wiki", Go: "https://id.sp.example/oauth2/authorize?x=1"}},
		"console_try_report_passed": {Content: triedReport("passed")},
		"console_try_report_failed": {Content: triedReport("failed")},
		"console_home_none":         {Content: ConsoleHome{Frame: crumbs()}},
		"console_sso":               {Content: sso}, "console_sso_on": {Content: on},
		"console_sso_errors": {Content: faulty, Status: http.StatusUnprocessableEntity},
		"console_try":        {Content: waiting}, "console_try_passed": {Content: passed}, "console_try_failed": {Content: failed},
		"console_traces": {Content: ConsoleTraces{
			Frame: crumbs(), Action: "/console/traces", List: true, Traces: []ConsoleTraceLine{line}, Only: "Wiki", All: "/console/acme/traces",
			Next: "/console/acme/traces?before=trc_1",
		}},
		"console_traces_none": {Content: ConsoleTraces{
			Frame: crumbs(), Action: "/console/traces", List: true, Query: "XX", Fault: fault.New(fault.NotFound, fault.CodeTraceNotFound),
		}},
		"console_trace": {Content: ConsoleTrace{Frame: crumbs(), Stories: []ConsoleStory{{line, "0123", "192.0.2.7", "Acme", steps}}}},
	}
}

func linkLines(at time.Time) []ConsoleLinkLine {
	return []ConsoleLinkLine{
		{For: "root@partner.example", State: "submitted", Address: "/console/acme/setup-links/lnk_1", Source: "Partner", EndsAt: at},
		{State: "waiting", Address: "/console/acme/setup-links/lnk_2", Source: "Partner", EndsAt: at},
	}
}

func consoleSource(at time.Time) ConsoleSource {
	form := connectForm("open", nil)
	return ConsoleSource{
		Frame: crumbs(), Action: "/console/acme/sources/src_1", Token: "token-of-the-form", Version: "7", Title: "Partner", Kind: "page.connect.begin",
		Enabled: true, Callback: form.Callback, LogoutURL: form.LogoutURL, Settings: form.Settings, Links: linkLines(at),
		General: []Setting{{Name: "match.theirs", Label: "page.console_source.theirs", Help: "page.console_source.theirs_help", Type: "text", Value: "mail"}},
		NewLink: "https://id.sp.example/connect/ogk_1", Stale: true, Fault: fault.New(fault.Invalid, fault.CodeFieldMissing).At("match.theirs").With("field", "match.theirs"),
		Try: &ConsoleSourceTry{
			State: "waiting", Continue: "https://centre.example/authorize", Host: "centre.example", Steps: form.Tried.Steps,
			Said: []ConsoleSaid{{"mail", "alice@partner.example", "email"}, {"cn", "", ""}}, Outlook: ConsoleOutlook{Kind: "link", Member: "Alice"},
		},
	}
}

func reviewed(state string, at time.Time) ConsoleSetupLink {
	link := linkLines(at)[0]
	link.State = state
	return ConsoleSetupLink{
		Frame: crumbs(), Action: "/console/acme/setup-links/lnk_1", Token: "token-of-the-form", Link: link, Domain: "partner.example", Proven: state == "submitted",
		Note: "No <b>.", Settings: []ConsoleDifference{{"page.connect.begin", "a", "b", false}, {"page.connect.save", "", "", true}},
	}
}

func connectForm(state string, f *fault.Error) ConnectForm {
	return ConnectForm{
		Action: "/connect", Token: "token-of-the-form", Organization: "Acme", Source: "Partner", Kind: "oauth2", State: state, Note: "Wrong client.",
		EndsAt: time.Date(2026, 3, 9, 9, 30, 0, 0, time.UTC), Callback: "https://id.sp.example/login/source/src_1/callback",
		LogoutURL: "https://id.sp.example/login/source/src_1/logout", Domain: "partner.example", Record: "orgate-verification=abc", Written: true, Fault: f,
		Settings: []Setting{
			{Name: "settings.client_id", Label: "page.connect.settings", Help: "page.connect.domain_help", Type: "text", Needed: true, Value: "orgate"},
			{Name: "settings.client_secret", Label: "page.connect.settings", Help: "page.connect.domain_help", Type: "secret", Held: true, Value: "never-shown"},
			{Name: "settings.private_key", Label: "page.connect.settings", Help: "page.connect.domain_help", Type: "key", Value: "never-shown"},
			{Name: "settings.pkce", Label: "page.connect.settings", Help: "page.connect.domain_help", Type: "switch", Default: "true", Choices: []SettingChoice{
				{"true", "page.connect.begin"}, {"false", "page.connect.save"},
			}},
		},
		Tried: &ConnectTried{
			State: "passed", Steps: []ConsoleStep{{State: "passed", Name: "source_resolved", Text: "The name has an address."}},
			Received: []ConnectReceived{{"email", "alice@partner.example"}},
		},
	}
}

func triedForm(f *fault.Error) ConsoleApplicationTry {
	return ConsoleApplicationTry{
		Frame: crumbs(), Action: "/console/acme/applications/wiki/try", Token: "token-of-the-form", Version: "3", Application: "Wiki", Fault: f,
		Values: map[string]string{"home_urls": "https://wiki.example/cb", "scopes": "openid email", "consent": "true", "id_token_alg": "ES256"},
	}
}

func triedReport(state string) ConsoleTryReport {
	return ConsoleTryReport{
		Frame: crumbs(), Action: "/console/acme/application-tries/try_1", Token: "token-of-the-form", State: state, Application: "Wiki",
		Homes: []string{"https://wiki.example/cb"}, Back: "/console/acme/applications/wiki/try?try=try_1", MaySave: state == "passed",
		Steps: []TriedStep{
			{Name: "authorize", State: "passed", Request: "GET https://id.sp.example/oauth2/authorize", Checks: []TriedCheck{{"state", "passed", "a", "a"}}},
			{
				Name: "id_token", State: state, Answer: "200 OK", Tokens: []TriedToken{{"id_token", "{}", "{\n}"}},
				Checks: []TriedCheck{{"nonce", state, "", ""}}, Remedy: "Mend it.",
			},
		},
		Claims: []TriedClaim{{"email", "a@b.example", false, true, "email", ""}, {"team", "", false, false, "", "department"}, {"sub", "1", true, true, "", ""}},
	}
}

// allExamples are the pages of every golden file.
func allExamples() map[string]Page {
	all := examples()
	maps.Copy(all, consoleExamples())
	return all
}

func TestTheSecretIsNeverInAPage(t *testing.T) {
	p := newPages(t, Options{})
	for name, page := range consoleExamples() {
		html := render(t, p, "/", page).Body.String()
		if strings.Contains(html, "never-shown") {
			t.Errorf("%s shows the secret", name)
		}
	}
	html := render(t, p, "/", consoleExamples()["console_sso"]).Body.String()
	field := regexp.MustCompile(`<input id="client_secret"[^>]*>`).FindString(html)
	if field == "" || strings.Contains(field, " value=") || !strings.Contains(field, `type="password"`) {
		t.Errorf("the secret's field is %s, want one of passwords without a value", field)
	}
}

func TestEveryFieldOfTheFormHasItsWords(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []Key
	for _, section := range ssoSections() {
		for _, f := range section.Fields {
			keys = append(keys, f.Label(), f.Help())
			for _, choice := range f.Choices {
				keys = append(keys, f.ChoiceKey(choice))
			}
		}
		keys = append(keys, section.Title)
	}
	for _, state := range []string{"waiting", "passed", "failed"} {
		keys = append(keys, Key("console_try.title."+state), Key("console_try.lead."+state))
	}
	for _, kind := range []string{"find", "link", "create", "refuse"} {
		keys = append(keys, Key("console_try.outlook."+kind))
	}
	for _, lang := range i18n.Languages() {
		for _, key := range keys {
			if !catalogue.Has(lang, keyPrefix+string(key)) {
				t.Errorf("messages/%s.json lacks %q", lang, keyPrefix+key)
			}
		}
	}
}

// The guide's reader finds its fields by their words and in their order.
func TestTheFormFollowsTheGuide(t *testing.T) {
	html := render(t, newPages(t, Options{}), "/", consoleExamples()["console_sso"]).Body.String()
	at := 0
	for _, words := range []string{
		"Basic settings", "Enterprise domain name", "Token URL", "Authorization center URL", "User info query URL", "App ID",
		"Scheme for starting PC client", "Scheme for starting Android app", "Scheme for starting iOS app", "Mappings",
		"Third-party account field name", "Third-party access token field name", "Third-party name field name",
		"Third-party email address field name", "Third-party mobile number field name",
	} {
		found := strings.Index(html[at:], ">"+words)
		if found < 0 {
			t.Fatalf("%q is missing or stands too early", words)
		}
		at += found
	}
}

func TestFaultsStandBesideTheirFields(t *testing.T) {
	c := ConsoleSSO{Fault: fault.New(fault.Invalid, fault.CodeFieldMissing).At("client_id").Among(
		fault.New(fault.Invalid, fault.CodeFieldMissing).At("schemes.pc"), fault.New(fault.Conflict, fault.CodeStale))}
	if got := c.Errors(); got["client_id"] == nil || got["schemes.pc"] == nil || got[""] == nil {
		t.Errorf("faults by field: %v", got)
	}
	var focused []string
	for _, section := range c.Sections() {
		for _, f := range section.Fields {
			if f.Focus {
				focused = append(focused, f.Name)
			}
		}
	}
	if len(focused) != 1 || focused[0] != "client_id" {
		t.Errorf("the cursor is in %v, want the first field at fault", focused)
	}
}

func TestTextOfTheConsoleIsNeverMarkup(t *testing.T) {
	p := newPages(t, Options{})
	for _, evil := range []string{`<svg onload=alert(1)>`, `"><img src=x onerror=alert(1)>`, `{{7*7}}`, `javascript:alert(1)`} {
		frame := Frame{Name: evil, Crumbs: []Crumb{{Text: evil, Address: evil}}}
		steps := []ConsoleStep{{State: evil, Name: evil, Text: evil, Expected: evil, Received: evil, Remedy: evil, Field: evil, After: evil}}
		line := ConsoleTraceLine{Code: evil, Address: evil, Kind: evil, Outcome: evil, Who: evil}
		slots := map[string]Page{
			"home": {Content: ConsoleHome{Frame: frame, Search: true, Query: evil, Next: evil, Organizations: []ConsoleOrganization{{evil, evil, evil, evil, evil, evil, evil}}}},
			"sso": {Content: ConsoleSSO{
				Frame: frame, Action: evil, Token: evil, Try: evil, Version: evil, Callback: evil, Host: evil, Address: evil,
				Values: map[string]string{"domain": evil, "dialect": evil},
			}},
			"try": {Content: ConsoleTry{
				Frame: frame, Action: evil, Token: evil, Try: evil, State: "failed", Continue: evil, Centre: evil, Steps: steps, Back: evil,
				Values: []ConsoleValue{{"console_sso.domain", evil, evil}}, Outlook: ConsoleOutlook{Kind: "link", Member: evil},
			}},
			"traces": {Content: ConsoleTraces{Frame: frame, Action: evil, Query: evil, List: true, Traces: []ConsoleTraceLine{line}, Only: evil, All: evil, Next: evil}},
			"trace":  {Content: ConsoleTrace{Frame: frame, Stories: []ConsoleStory{{line, evil, evil, evil, steps}}}},
			"sources": {Content: ConsoleSources{
				Frame: frame, Action: evil, Token: evil, Sources: []ConsoleSourceLine{{evil, evil, evil, true}}, Kinds: []SettingChoice{{evil, evil}}, Typed: evil,
			}},
			"source": {Content: ConsoleSource{
				Frame: frame, Action: evil, Token: evil, Version: evil, Title: evil, Kind: evil, Callback: evil, LogoutURL: evil, NewLink: evil,
				Settings: []Setting{{Name: evil, Label: evil, Help: evil, Type: "text", Default: evil, Value: evil}},
				Links:    []ConsoleLinkLine{{For: evil, State: "open", Address: evil, Source: evil}},
				Try:      &ConsoleSourceTry{State: "passed", Continue: evil, Host: evil, Steps: steps, Said: []ConsoleSaid{{evil, evil, evil}}, Outlook: ConsoleOutlook{Kind: "link", Member: evil}},
			}},
			"link": {Content: ConsoleSetupLink{
				Frame: frame, Action: evil, Token: evil, Link: ConsoleLinkLine{For: evil, State: "submitted", Source: evil}, Domain: evil, Note: evil,
				Settings: []ConsoleDifference{{evil, evil, evil, false}},
			}},
			"connect": {Content: Connect{Action: evil, Organization: evil, Source: evil}},
			"connect_form": {Content: ConnectForm{
				Action: evil, Token: evil, Organization: evil, Source: evil, Kind: "oauth2", State: "open", Callback: evil, Domain: evil, Record: evil, Note: evil,
				Tried: &ConnectTried{State: "failed", Continue: evil, Host: evil, Steps: steps, Received: []ConnectReceived{{evil, evil}}},
			}},
		}
		for slot, page := range slots {
			checkHarmless(t, slot, evil, render(t, p, "/", page).Body.String())
		}
	}
}
