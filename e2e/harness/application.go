package harness

import (
	"strings"
	"testing"
)

// Client is an application of acme, as Applications registers it.
type Client struct{ ID, Secret string }

// nowhere is where the applications of tests would be: nobody listens there,
// and browsers stop before it.
const nowhere = "http://127.0.0.1:9"

// Home is the application's redirect URI.
func (c Client) Home() string { return nowhere + "/" + c.ID + "/callback" }

// Exit is where the provider may send people after signing them out.
func (c Client) Exit() string { return nowhere + "/" + c.ID + "/bye" }

// The applications of acme.
var (
	// Wiki signs people in by OpenID Connect; everybody may enter.
	Wiki = Client{"wiki", "secret-of-the-wiki-0123456789-abcdefghijkl"}
	// Phone is public: it has no secret.
	Phone = Client{"phone", ""}
	// Desk uses OAuth 2.0 alone, with JWT access tokens.
	Desk = Client{"helpdesk", "secret-of-the-desk-0123456789-abcdefghijkl"}
	// Payroll may be entered by alice alone.
	Payroll = Client{"payroll", "secret-of-payroll-0123456789-abcdefghijklm"}
	// Drafts may be entered by the group of writers alone, which is alice, and
	// may ask for no data.
	Drafts = Client{"drafts", "secret-of-the-drafts-0123456789-abcdefghi"}
	// Careful asks each person before their data is released.
	Careful = Client{"careful", "secret-of-careful-0123456789-abcdefghijklm"}
	// Hasty may renew with a refresh token that was used a moment ago.
	Hasty = Client{"hasty", "secret-of-hasty-0123456789-abcdefghijklmno"}
)

// applications are those of acme in the manifest, with the group of writers.
const applications = `    groups:
      - {name: writers, members: [alice@acme.example]}
    applications:
      - {name: Wiki, protocol: oidc, client_id: wiki, client_secret: secret-of-the-wiki-0123456789-abcdefghijkl, access: {everyone: true},
         home_urls: ["http://127.0.0.1:9/wiki/callback"], exit_url: "http://127.0.0.1:9/wiki/bye"}
      - {name: Phone, protocol: oidc, client_id: phone, public: true, access: {everyone: true},
         home_urls: ["http://127.0.0.1:9/phone/callback", "com.example.phone:/back"], exit_url: "http://127.0.0.1:9/phone/bye"}
      - {name: Help desk, protocol: oauth2, client_id: helpdesk, client_secret: secret-of-the-desk-0123456789-abcdefghijkl, access: {everyone: true},
         access_token_format: jwt, home_urls: ["http://127.0.0.1:9/helpdesk/callback"]}
      - {name: Payroll, protocol: oidc, client_id: payroll, client_secret: secret-of-payroll-0123456789-abcdefghijklm,
         access: {members: [alice@acme.example]}, home_urls: ["http://127.0.0.1:9/payroll/callback"]}
      - {name: Drafts, protocol: oidc, client_id: drafts, client_secret: secret-of-the-drafts-0123456789-abcdefghi,
         access: {groups: [writers]}, home_urls: ["http://127.0.0.1:9/drafts/callback"], scopes: [openid, offline_access]}
      - {name: Careful, protocol: oidc, client_id: careful, client_secret: secret-of-careful-0123456789-abcdefghijklm, access: {everyone: true},
         consent: true, home_urls: ["http://127.0.0.1:9/careful/callback"]}
      - {name: Hasty, protocol: oidc, client_id: hasty, client_secret: secret-of-hasty-0123456789-abcdefghijklmno, access: {everyone: true},
         refresh_grace: 60s, home_urls: ["http://127.0.0.1:9/hasty/callback"]}
`

// Applications is a manifest with the applications of acme.
func Applications(manifest string) string {
	return strings.Replace(manifest, "    app_ids:\n      - {name: crm", applications+"    app_ids:\n      - {name: crm", 1)
}

// NewWithApplications is New with the usual manifest and the applications of
// acme.
func NewWithApplications(t testing.TB, o Options) *Installation {
	t.Helper()
	i := New(t, o)
	for _, c := range []Client{Wiki, Desk, Payroll, Drafts, Careful, Hasty} {
		i.Secret(c.Secret)
	}
	i.Apply(t, Applications(Manifest(i.Mail.Port())))
	return i
}
