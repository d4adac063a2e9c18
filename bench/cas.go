package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

// Where applications of CAS ask, and the one of the first organisation.
const (
	casLoginPath    = "/cas/login"
	casValidatePath = "/cas/p3/serviceValidate"
	casClient       = "bench-cas"
	casHome         = "https://cas.example/home"
)

// addCAS registers an application of CAS with the first organisation.
func (p *population) addCAS(ctx context.Context, applications *application.Applications) error {
	name := casClient
	_, _, err := applications.AddApplication(ctx, identity.Actor{Kind: identity.ActsAsConsole, Name: "bench"}, p.tenants[0].id, application.NewApplication{
		ClientID: casClient, Protocol: identity.ProtocolCAS, Settings: application.ApplicationChange{
			Name: &name, HomeURLs: &[]string{casHome}, Access: &identity.Access{Everyone: true},
		},
	})
	if err != nil {
		return fmt.Errorf("fill applications: %w", err)
	}
	return nil
}

// casEntry enters a service in a browser that is signed in. A ticket counts once,
// so that its validation, which casAccepted asks for, is measured with it.
func casEntry(p *population, path string) source {
	asked := path + "?" + url.Values{"service": {casHome}}.Encode()
	return func(_ int, buf []byte) []byte {
		return appendVisit(buf, http.MethodGet, asked, sessionCookie(p.browsers[rand.IntN(len(p.browsers))]), "")
	}
}

// casAccepted has the ticket accepted.
func casAccepted(*population) sequel {
	return func(status int, l *line, buf []byte) ([]byte, bool) {
		switch {
		case status == http.StatusOK:
			return nil, bytes.Contains(l.body, []byte("<cas:authenticationSuccess>"))
		case status != http.StatusFound || !strings.HasPrefix(l.location, casHome+"?ticket="):
			return nil, false
		}
		_, ticket, _ := strings.Cut(l.location, "ticket=")
		return appendVisit(buf, http.MethodGet, casValidatePath+"?"+url.Values{"service": {casHome}, "ticket": {ticket}}.Encode(), "", ""), true
	}
}
