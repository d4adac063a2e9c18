package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// Where applications ask.
const (
	discoveryPath  = "/.well-known/openid-configuration"
	keysPath       = "/oauth2/jwks"
	authorizePath  = "/oauth2/authorize"
	grantPath      = "/oauth2/token"
	introspectPath = "/oauth2/introspect"
	userInfoPath   = "/oauth2/userinfo"
)

// The applications of the first organisation.
const (
	opaqueClient = "bench-opaque" // ID tokens by ES256
	rsaIDClient  = "bench-rsa-id" // ID tokens by RS256
	jwtClient    = "bench-jwt"    // JWT access tokens by ES256
	rsaClient    = "bench-rsa"    // JWT access tokens by RS256
	clientSecret = "bench-secret-0123456789abcdefghijklmnop"
	homeURL      = "https://application.example/callback"
)

// client is what an application of the bench has of its own.
type client struct {
	id              string
	form            identity.TokenFormat
	access, idToken identity.Algorithm
}

// clients are alike but for their tokens, and for what is said of two of them
// elsewhere: guarded.go and push.go.
func clients() []client {
	return []client{
		{opaqueClient, identity.Opaque, identity.ES256, identity.ES256},
		{rsaIDClient, identity.Opaque, identity.ES256, identity.RS256},
		{jwtClient, identity.JWT, identity.ES256, identity.ES256},
		{rsaClient, identity.JWT, identity.RS256, identity.RS256},
		{guardedClient, identity.Opaque, identity.ES256, identity.ES256},
		{pushedClient, identity.Opaque, identity.ES256, identity.ES256},
	}
}

// addApplications registers the applications with the first organisation.
func (p *population) addApplications(ctx context.Context, db *store.DB) error {
	applications := application.New(db, application.Options{Now: time.Now})
	defer applications.Close()
	for _, c := range clients() {
		_, _, err := applications.AddApplication(ctx, identity.Actor{Kind: identity.ActsAsConsole, Name: "bench"}, p.tenants[0].id, application.NewApplication{
			ClientID: c.id, Secret: clientSecret, Protocol: identity.ProtocolOIDC, Settings: application.ApplicationChange{
				Name: &c.id, HomeURLs: &[]string{homeURL}, Access: &identity.Access{Everyone: true},
				AccessFormat: &c.form, AccessAlgorithm: &c.access, IDTokenAlgorithm: &c.idToken,
			},
		})
		if err != nil {
			return fmt.Errorf("fill applications: %w", err)
		}
	}
	return errors.Join(p.addCAS(ctx, applications), p.addPolicies(ctx, db))
}

const (
	// signedInBrowsers is how many members of the first organisation are signed
	// in at a browser.
	signedInBrowsers = 64
	// sessionLife is longer than any run.
	sessionLife = 12 * time.Hour
)

// addSessions signs members of the first organisation in.
func (p *population) addSessions(ctx context.Context, db *store.DB) error {
	sessions := session.New(db, session.Options{Now: time.Now, Idle: sessionLife, Absolute: sessionLife})
	for i := 0; i < len(p.tokens) && len(p.browsers) < signedInBrowsers; i += len(p.tenants) {
		var organization identity.Organization
		var person identity.Person
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			if organization, err = tx.Organizations.Get(p.tenants[0].id); err != nil {
				return err
			}
			person, err = tx.Members.ByThirdAccount(organization.ID, thirdAccount(i))
			return err
		})
		if err != nil {
			return fmt.Errorf("fill sessions: %w", err)
		}
		started, err := sessions.Start(ctx, session.Start{
			Account: person.Account, Member: person.Member, Organization: organization, Methods: []string{identity.ByPassword},
			Origin: identity.Origin{Address: netip.MustParseAddr("127.0.0.1")}, UserAgent: "bench",
		})
		if err != nil {
			return fmt.Errorf("fill sessions: %w", err)
		}
		p.browsers = append(p.browsers, started.Word)
	}
	return nil
}

// look asks for a document that is the same for all.
func look(_ *population, path string) source {
	return repeated([]byte("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
}

// appendForm appends what an application sends, with its secret.
func appendForm(buf []byte, path, client string, form url.Values) []byte {
	body := form.Encode()
	return fmt.Appendf(buf, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		path, base64.StdEncoding.EncodeToString([]byte(client+":"+clientSecret)), len(body), body)
}

// clientCredentials gets an application a token for itself (RFC 6749, 4.4).
func clientCredentials(client string) question {
	return func(_ *population, path string) source {
		return repeated(appendForm(nil, path, client, url.Values{"grant_type": {"client_credentials"}}))
	}
}

// held is what an application holds of one sign-in.
type held struct{ access, refresh string }

// holdings are what is at hand during a run: a request takes one, or signs in
// anew where there is none, which happens in the warm-up alone.
type holdings chan held

// askHolding makes a question about something that a client was granted before;
// again leaves it at hand for the next.
func askHolding(client string, again bool, ask func(buf []byte, path string, h held) []byte) question {
	return func(p *population, path string) source {
		p.granted = make(holdings, many)
		visit := codeLogin(client, true)(p, authorizePath)
		return func(connection int, buf []byte) []byte {
			select {
			case h := <-p.granted:
				if again {
					p.granted <- h
				}
				return ask(buf, path, h)
			default:
				return visit(connection, buf)
			}
		}
	}
}

// introspection asks whether a token counts (RFC 7662).
func introspection() question {
	return askHolding(opaqueClient, true, func(buf []byte, path string, h held) []byte {
		return appendForm(buf, path, opaqueClient, url.Values{"token": {h.access}})
	})
}

// userInfo asks who signed in (OpenID Connect Core 1.0, 5.3).
func userInfo() question {
	return askHolding(opaqueClient, true, func(buf []byte, path string, h held) []byte {
		return appendRequest(buf, http.MethodGet, path, "Authorization: Bearer "+h.access+"\r\n", "")
	})
}

// renewal redeems the refresh token that was given last (RFC 6749, 6).
func renewal(client string) question {
	return askHolding(client, false, func(buf []byte, path string, h held) []byte {
		return appendForm(buf, path, client, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {h.refresh}})
	})
}

// codeLogin begins a sign-in at an application, in a browser that is signed in
// or in one that is not. What follows is in arrives.
func codeLogin(client string, signedIn bool) question {
	return func(p *population, path string) source {
		asked := path + "?" + url.Values{
			"client_id": {client}, "redirect_uri": {homeURL}, "response_type": {"code"}, "scope": {"openid profile offline_access"},
			"state": {"bench"}, "nonce": {"bench"},
		}.Encode()
		return func(_ int, buf []byte) []byte {
			header := flowCookie()
			if signedIn {
				header = sessionCookie(p.browsers[rand.IntN(len(p.browsers))])
			}
			return appendVisit(buf, http.MethodGet, asked, header, "")
		}
	}
}

func sessionCookie(word string) string {
	return "Cookie: " + session.NewCookies(publicAddress()).Name() + "=" + word + "\r\n"
}

// arrives walks the rest of a sign-in at an application: the password where it
// is asked for, the way back, and the tokens for the code.
func arrives(client string) func(*population) sequel {
	return func(p *population) sequel {
		return func(status int, l *line, buf []byte) ([]byte, bool) { return p.step(client, status, l, buf) }
	}
}

// step is what follows an answer on the way to an application.
func (p *population) step(client string, status int, l *line, buf []byte) ([]byte, bool) {
	if status == http.StatusOK {
		return nil, p.keep(l.body)
	}
	to, err := url.Parse(l.location)
	if err != nil || status != http.StatusFound && status != http.StatusSeeOther {
		return nil, false
	}
	switch {
	case strings.HasPrefix(l.location, homeURL) && to.Query().Get("code") != "":
		return appendForm(buf, grantPath, client, url.Values{
			"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {homeURL},
		}), true
	case to.Path == loginPath:
		return p.typed(buf, to.Query().Get(pages.FlowField)), true
	case to.Path == authorizePath:
		word, found := l.session()
		return appendVisit(buf, http.MethodGet, to.RequestURI(), sessionCookie(word), ""), found
	}
	return nil, false
}

// typed posts the form of account and password, as a member of the first
// organisation.
func (p *population) typed(buf []byte, flow string) []byte {
	member := len(p.tenants) * rand.IntN(max(1, len(p.tokens)/len(p.tenants)))
	form := url.Values{
		"account": {p.account(member)}, "password": {password}, pages.CSRFField: {session.FormToken(browserWord)}, pages.FlowField: {flow},
	}
	return appendVisit(buf, http.MethodPost, loginPath, flowCookie()+"Content-Type: application/x-www-form-urlencoded\r\n", form.Encode())
}

// session is the word of the session that the answer gives the browser.
func (l *line) session() (word string, found bool) {
	_, rest, found := strings.Cut(l.cookies, session.NewCookies(publicAddress()).Name()+"=")
	word, _, _ = strings.Cut(rest, ";")
	return word, found && word != ""
}

// keep reads a good answer of whichever kind, and puts what it grants at hand.
func (p *population) keep(body []byte) bool {
	var said struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Subject string `json:"sub"`
		Active  bool   `json:"active"`
	}
	if json.Unmarshal(body, &said) != nil {
		return false
	}
	if said.Access == "" || p.granted == nil {
		return said.Access != "" || said.Subject != "" || said.Active
	}
	select {
	case p.granted <- held{said.Access, said.Refresh}:
	default: // more than anybody needs
	}
	return true
}
