package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
)

// casApplications are an application of OpenID Connect and Apache, both of acme.
const casApplications = `    applications:
      - {name: Forum, protocol: oidc, client_id: conformance, client_secret: c0nf0rmance-secret-0123456789abcdef, access: {everyone: true},
         home_urls: ["https://rp.example/cb"], backchannel_logout_url: BACKCHANNEL}
      - {name: Intranet, protocol: cas, client_id: intranet, access: {everyone: true}, home_urls: ["APACHE/app/"],
         cas: {service_prefixes: ["APACHE/app/"]}, claims: [{attribute: organization_code, claim: company}]}
    app_ids:
      - {name: crm,`

// TestApacheApplication: Debian's Apache with mod_auth_cas, which knows nothing
// of us, lets people in by CAS over TLS. One sign-in opens it and an application
// of OpenID Connect; one sign-out closes both, and says so.
func TestApacheApplication(t *testing.T) {
	harness.OnEach(t, func(t *testing.T, o harness.Options) {
		o.Empty = true
		p := party{house: harness.New(t, o), ends: newListener(t)}
		apache, certificate := harness.NewApache(t), harness.NewCertificate(t)
		applications := strings.NewReplacer("BACKCHANNEL", p.ends.url, "APACHE", apache.URL).Replace(casApplications)
		p.house.Apply(t, strings.Replace(harness.Manifest(p.house.Mail.Port()), "    app_ids:\n      - {name: crm,", applications, 1))
		p.house.Secret(rpSecret)
		p.n = p.house.StartWithTLS(t, certificate)
		apache.Start(t, p.n, certificate)

		b := p.browser(t)
		page := b.SignIn(t, b.Open(t, apache.URL+"/app/?a=b%20c"), harness.Alice)
		inside(t, apache, page)
		if page.Header.Get("X-User") != harness.Alice || page.Header.Get("CAS-company") != "acme" || page.Header.Get("CAS-isFromNewLogin") != "true" {
			t.Errorf("Apache was told %v", page.Header)
		}
		if !p.answer(t, p.open(t, b, "prompt", "none")).Has("code") {
			t.Error("the other application asked for another sign-in")
		}
		inside(t, apache, b.Open(t, apache.URL+"/app/"))

		page = b.Open(t, p.n.URL+"/cas/logout")
		harness.Until(t, 20*time.Second, "both applications that were told", func() bool {
			page = b.Open(t, page.URL.String())
			return strings.Count(page.Text, "was told") == 2
		})
		for _, name := range []string{"Forum", "Intranet"} {
			if !strings.Contains(page.Text, name) {
				t.Errorf("the report does not tell of %s:\n%s", name, page.Text)
			}
		}
		if got := len(p.ends.tokens()); got != 1 {
			t.Errorf("the application of OpenID Connect was told %d times", got)
		}
		if page = b.Open(t, apache.URL+"/app/"); page.URL.Host != p.n.Host() || page.Status != http.StatusOK {
			t.Errorf("after the sign-out Apache lets in: %d at %s", page.Status, page.URL)
		}
	})
}

// inside requires the page behind mod_auth_cas.
func inside(t *testing.T, apache *harness.Apache, page harness.Page) {
	t.Helper()
	if page.Status != http.StatusOK || !strings.HasPrefix(page.URL.String(), apache.URL+"/app/") || !strings.Contains(page.Text, "inside") {
		t.Fatalf("got %d at %s:\n%.2000s", page.Status, page.URL, page.Text)
	}
}
