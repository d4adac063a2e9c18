package source

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// byMail is rules of an own source: people are found by their mail address.
func byMail(mappings ...identity.Mapping) identity.SourceRules {
	return identity.SourceRules{
		Ours: identity.MatchEmail, Theirs: "email", Trusted: []identity.MatchAttribute{identity.MatchEmail}, Mappings: mappings,
	}
}

// oauth2 is settings of an own source that work with the centre as it stands.
func (c *fakeCentre) oauth2(change ...Values) Values {
	v := Values{
		"authorize_url": c.server.URL + "/authorize", "token_url": c.server.URL + "/token", "userinfo_url": c.server.URL + "/userinfo",
		"client_id": goodClient, "client_secret": goodSecret,
	}
	for _, more := range change {
		v = v.with(more)
	}
	return v
}

// add adds an enabled source and returns it as people find it.
func (h *house) add(of identity.SourceKind, v Values, rules identity.SourceRules) Found {
	h.t.Helper()
	c, err := h.Add(h.t.Context(), console, h.org.ID, NewSource{
		Name: "source " + randomWord()[:8], Kind: of, Enabled: true, Settings: v, Rules: rules,
	})
	if err != nil {
		h.t.Fatalf("Add: %s", codes(err))
	}
	f, err := h.ByID(h.t.Context(), c.ID)
	if err != nil {
		h.t.Fatalf("ByID: %v", err)
	}
	return f
}

func TestASourceOfItsOwnNamesThePerson(t *testing.T) {
	type said = map[string]string
	tests := []struct {
		name   string
		with   Values
		rules  identity.SourceRules
		person map[string]any // replaces the centre's
		want   identity.Profile
	}{
		{
			"a binding attribute and mappings", nil,
			byMail(identity.Mapping{Ours: "title", Theirs: "data.account"}, identity.Mapping{Ours: "description", Theirs: "nowhere"}, identity.Mapping{Ours: "name", Fixed: "x"}), nil,
			identity.Profile{Subject: "zhang", Account: "zhang", Email: "zhang@acme.example", Said: said{"email": "zhang@acme.example", "data.account": "deep"}},
		},
		{
			"the standard claims", nil, byMail(),
			map[string]any{
				"sub": "1", "name": "Li", "preferred_username": "li", "email": "li@x.example", "email_verified": true,
				"phone_number": "+86139", "phone_number_verified": "true", "picture": "https://p.example/1", "sid": "not from here",
			},
			identity.Profile{
				Subject: "1", Account: "li", Name: "Li", Email: "li@x.example", EmailVerified: true, Mobile: "+86139", MobileDoubted: true,
				Picture: "https://p.example/1", Said: said{"email": "li@x.example"},
			},
		},
		{
			"id without sub", nil, byMail(),
			map[string]any{"id": 12345678901234567, "email": "a@b.example", "email_verified": false},
			identity.Profile{Subject: "12345678901234567", Account: "12345678901234567", Email: "a@b.example", EmailDoubted: true, Said: said{"email": "a@b.example"}},
		},
		{
			"a subject of its own",
			Values{"subject_field": "data.no"},
			byMail(),
			map[string]any{"sub": "s", "data": map[string]any{"no": "7"}},
			identity.Profile{Subject: "7", Account: "7", Said: said{}},
		},
		{
			"what the values look like", nil,
			identity.SourceRules{Ours: identity.MatchAccount, Theirs: "list", Mappings: []identity.Mapping{
				{Ours: "title", Theirs: "flag"}, {Ours: "name", Theirs: "object"}, {Ours: "mobile", Theirs: "none"}, {Ours: "description", Theirs: "long"}, {Ours: "email", Theirs: "blank"},
			}},
			map[string]any{"sub": "s", "list": []any{"first", "second"}, "flag": true, "object": map[string]any{"a": 1}, "none": nil, "long": strings.Repeat("x", 2049), "blank": "  "},
			identity.Profile{Subject: "s", Account: "s", Said: said{"list": "first", "flag": "true"}},
		},
		{
			"no token is remembered of a person", nil,
			identity.SourceRules{Ours: identity.MatchAccount, Theirs: "access_token", Mappings: []identity.Mapping{
				{Ours: "title", Theirs: "refresh_token"}, {Ours: "name", Theirs: "token_type"}, {Ours: "description", Theirs: "expires_in"},
			}},
			nil,
			identity.Profile{Subject: "zhang", Account: "zhang", Email: "zhang@acme.example", Said: said{"expires_in": "7200"}},
		},
		{
			"everything in the token answer",
			Values{"userinfo_url": "", "subject_field": "openid"},
			byMail(), nil,
			identity.Profile{Subject: "oid-zhang", Account: "oid-zhang", Said: said{}},
		},
		{
			"a WeChat-like centre",
			Values{"authorize_url": "/connect/qrconnect", "token_url": "/sns/oauth2/access_token", "userinfo_url": "/sns/userinfo"},
			byMail(), nil,
			identity.Profile{Subject: "oid-zhang", Account: "oid-zhang", Email: "zhang@acme.example", Said: said{"email": "zhang@acme.example"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, c := begin(t)
			if tt.person != nil {
				c.person = tt.person
			}
			for key, value := range tt.with {
				if strings.HasPrefix(value, "/") {
					tt.with[key] = c.server.URL + value
				}
			}
			got, story, err := h.signInAt(h.add(identity.SourceOAuth2, c.oauth2(tt.with), tt.rules), c)
			if err != nil {
				check, detail := firstBad(story)
				t.Fatalf("%v at %s: %+v", err, check, detail)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// A mail address in place of a name for ever is told, and an attribute that the
// rules look for in vain.
func TestAnOwnSourceWarns(t *testing.T) {
	h, c := begin(t)
	f := h.add(identity.SourceOAuth2, c.oauth2(Values{"subject_field": "email"}), byMail(identity.Mapping{Ours: "title", Theirs: "grade"}))
	_, story, err := h.signInAt(f, c)
	if err != nil {
		t.Fatal(err)
	}
	var warned []string
	for _, s := range story.Steps() {
		noSecrets(t, ReportStep{Name: s.Check, Expected: s.Detail.Expected, Received: s.Detail.Received})
		if s.State == trace.Warned {
			warned = append(warned, string(s.Check)+" "+s.Detail.Expected)
		}
	}
	want := []string{"subject_stable a name that is never given to somebody else", "attribute_came grade"}
	if !slices.Equal(warned, want) {
		t.Errorf("got %q, want %q", warned, want)
	}
}

// What is sent to the token address is what RFC 6749, 4.1.3, names and nothing
// of enterprise SSO's own.
func TestTheTokenCallOfAnOwnSource(t *testing.T) {
	h, c := begin(t)
	f := h.add(identity.SourceOAuth2, c.oauth2(Values{"scope": "profile, email"}), byMail())
	if _, _, err := h.signInAt(f, c); err != nil {
		t.Fatal(err)
	}
	link := c.asked("/authorize")[0].URL.Query()
	if link.Get("scope") != "profile email" || link.Get("redirect_uri") != h.CallbackOf(f.Source) || link.Get("code_challenge_method") != "S256" {
		t.Errorf("the authorisation link has %v", link)
	}
	if want := "https://gate.example/login/source/" + string(f.Source.ID) + "/callback"; h.CallbackOf(f.Source) != want {
		t.Errorf("the call-back address is %s, want %s", h.CallbackOf(f.Source), want)
	}
	form := c.asked("/token")[0].PostForm
	got := slices.Sorted(maps.Keys(form))
	if want := []string{"code", "code_verifier", "grant_type", "redirect_uri"}; !slices.Equal(got, want) {
		t.Errorf("the token call has %q, want %q", got, want)
	}
}

// The exit of a source follows its settings, and only while it is in force.
func TestExitOfAnOwnSource(t *testing.T) {
	h, c := begin(t)
	f := h.add(identity.SourceOAuth2, c.oauth2(Values{"exit_url": "https://c.example/bye?to={return_url}"}), byMail())
	if got, err := h.Exit(t.Context(), f.Source.ID, "/"); err != nil || got != "https://c.example/bye?to=https%3A%2F%2Fgate.example%2F" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := h.Change(t.Context(), console, h.org.ID, f.Source.ID, 0, SourceChange{Enabled: ptr(false)}); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Exit(t.Context(), f.Source.ID, "/"); err != nil || got != "" {
		t.Errorf("disabled: %q, %v", got, err)
	}
	if _, err := h.ByID(t.Context(), f.Source.ID); codes(err) != "sso_unknown at " {
		t.Errorf("disabled, it is found: %v", err)
	}
}

// Enterprise SSO stays what it is: no claim is looked for that is not
// configured, and nothing is remembered.
func TestEnterpriseSSOSaysNothingMore(t *testing.T) {
	h, c := begin(t)
	h.save(c.standard())
	got, _, err := h.signIn(c)
	if err != nil || got.Said != nil || got.SessionID != "" {
		t.Errorf("got %+v, %v", got, err)
	}
	if got := c.asked("/token")[0]; got.Method != http.MethodPost || got.PostForm.Get("client_secret") == "" {
		t.Error("the secret is not in the body")
	}
}
