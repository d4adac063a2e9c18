package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// centre is the enterprise sign-in of a manifest with an owner.
func centre(lines string) string {
	return org("    members: [{account: a, name: A, role: owner}]\n    sso: " + lines + "\n")
}

const ready = `{enabled: true, domain: sso.example, authorize_url: "https://c.example/authorize", token_url: "https://c.example/token", ` +
	`client_id: orgate, client_secret: the first secret, account_field: sub, fields: {access_token: access_token}}`

func (s *site) organization() identity.OrganizationID {
	s.t.Helper()
	o, err := s.Directory.OrganizationByRef(s.t.Context(), console, "acme")
	if err != nil {
		s.t.Fatal(err)
	}
	return o.ID
}

func TestSSOPlans(t *testing.T) {
	s := sqliteSite(t)
	s.apply(centre(ready), false)
	tests := []struct{ name, text, want string }{
		{"nothing", centre(ready), "no changes"},
		{"nothing said", org(""), "no changes"},
		{"an empty block", centre("{}"), "no changes"},
		{"a domain in other letters", centre(`{domain: " SSO.Example "}`), "no changes"},
		{"a field", centre(strings.Replace(ready, "sub", "data.id", 1)), "~ change sso of acme: account_field: sub → data.id"},
		{
			"fields inside", centre(`{fields: {email: mail}, schemes: {pc: "x://y"}, pkce: false, auto_create_members: false}`),
			`~ change sso of acme: pkce: true → false, fields.email: "" → mail, schemes.pc: "" → "x://y", auto_create_members: true → false`,
		},
		{"another secret", centre(strings.Replace(ready, "first", "other", 1)), "~ change sso of acme: client_secret: (changed)"},
		{"switched off", centre("{enabled: false}"), "~ change sso of acme: enabled: true → false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { same(t, s.plan(tt.text, false), tt.want) })
	}
}

func TestSSOPlanFindsWhatIsMissing(t *testing.T) {
	s := sqliteSite(t)
	s.apply(centre("{domain: sso.example, account_field: sub}"), false)
	tests := []struct{ name, text, want string }{
		{"a needed field", centre(`{enabled: true}`), "m.yaml:6:10: organizations[0].sso.authorize_url: The field “authorize_url” is missing"},
		{"the secret", centre(strings.Replace(ready, "client_secret: the first secret, ", "", 1)), "organizations[0].sso.client_secret: "},
		{"a form", centre(`{token_url: "https://a b/"}`), "organizations[0].sso.token_url: This value is not written as it should be"},
		{"a script as scheme", centre(`{schemes: {ios: "javascript:1"}}`), "organizations[0].sso.schemes.ios: This value is not written"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Apply(t.Context(), console, s.House, mustLoad(t, tt.text), Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want … %s …", err, tt.want)
			}
		})
	}
}

// The stored secret is that of whoever set it last; the manifest's comes back
// only when it is another one, or when the rules ask for one.
func TestTheSecretOfACentreIsAppliedOnlyWhenItHasTo(t *testing.T) {
	tests := []struct {
		name, text, want string
		pushed           bool // the manifest's secret is stored again
	}{
		{"a field changes", strings.Replace(ready, "sub", "id", 1), "~ change sso of acme: account_field: sub → id", false},
		{
			"an address it is sent to changes", strings.Replace(ready, "/token", "/token2", 1),
			"~ change sso of acme: token_url: \"https://c.example/token\" → \"https://c.example/token2\"", true,
		},
		{"it changes itself", strings.Replace(ready, "first", "third", 1), "~ change sso of acme: client_secret: (changed)", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sqliteSite(t)
			s.apply(centre(ready), false)
			by := "set by somebody else"
			if err := s.Sources.SetSSO(t.Context(), console, s.organization(), 0, source.SSOChange{ClientSecret: &by}); err != nil {
				t.Fatal(err)
			}
			same(t, s.plan(centre(tt.text), false), tt.want)
			s.apply(centre(tt.text), false)
			found, err := s.Sources.ByDomain(t.Context(), "sso.example")
			if err != nil || (found.SSO.ClientSecret != by) != tt.pushed {
				t.Errorf("the manifest's secret was stored again: %t, %v; want %t", found.SSO.ClientSecret != by, err, tt.pushed)
			}
		})
	}
}

func TestSSOIsSwitchedOffAndOn(t *testing.T) {
	s := sqliteSite(t)
	s.apply(centre(ready), false)
	s.apply(centre(strings.Replace(ready, "true", "false", 1)), false)
	if _, err := s.Sources.ByDomain(t.Context(), "sso.example"); !fault.Is(err, fault.CodeSSOUnknown) {
		t.Errorf("switched off: %v, want sso_unknown", err)
	}
	s.apply(centre(ready), false)
	if _, err := s.Sources.ByDomain(t.Context(), "sso.example"); err != nil {
		t.Errorf("switched on again: %v", err)
	}
}

func TestPruneRemovesSSOByAnEmptyBlockAlone(t *testing.T) {
	s := sqliteSite(t)
	s.apply(centre(ready), false)
	same(t, s.plan(org(""), true), "no changes")
	same(t, s.plan(centre("{}"), true), "- remove sso of acme")
	s.apply(centre("{}"), true)
	state, err := s.Sources.SSO(t.Context(), console, s.organization())
	if err != nil || state.Version != 0 || state.Domain != "" {
		t.Errorf("after its removal: version %d, domain %q, %v", state.Version, state.Domain, err)
	}
	s.apply(centre(ready), false)
}

// A configuration is tried in one organisation and carried to another.
func TestSSOIsCarriedFromATestOrganisation(t *testing.T) {
	s := sqliteSite(t)
	s.apply(centre(ready), false)
	s.apply("version: 1\norganizations:\n  - code: real\n    name: Real\n    members: [{account: r, name: R, role: owner}]\n    sso: "+
		strings.Replace(ready, "sso.example", "real.example", 1)+"\n", false)
	_, err := Apply(t.Context(), console, s.House, mustLoad(t, centre(strings.Replace(ready, "sso.example", "real.example", 1))), Options{})
	if !fault.Is(err, fault.CodeSSODomainTaken) {
		t.Errorf("the same domain twice: %v, want sso_domain_taken", err)
	}
	text := s.export()
	if !strings.Contains(text, "    sso: {enabled: true, domain: sso.example,") || strings.Contains(text, "secret") && strings.Contains(text, "first") {
		t.Errorf("exported:\n%s", text)
	}
}
