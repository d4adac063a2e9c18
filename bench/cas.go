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

// casTickets is how many service tickets may be at hand: more than are validated
// in a run.
const casTickets = 40_000

// casEntry enters a service in a browser that is signed in.
func casEntry(p *population, path string) source {
	asked := path + "?" + url.Values{"service": {casHome}}.Encode()
	return func(_ int, buf []byte) []byte {
		return appendVisit(buf, http.MethodGet, asked, sessionCookie(p.browsers[rand.IntN(len(p.browsers))]), "")
	}
}

// casTicketed puts the ticket of an entry at hand.
func casTicketed(p *population) sequel {
	return func(status int, l *line, _ []byte) ([]byte, bool) {
		if status != http.StatusFound || !strings.HasPrefix(l.location, casHome+"?ticket=") {
			return nil, false
		}
		_, ticket, _ := strings.Cut(l.location, "ticket=")
		select {
		case p.tickets <- ticket:
		default: // more than anybody needs
		}
		return nil, true
	}
}

// casValidation validates the tickets at hand, each of which counts once, and
// ends with them.
func casValidation(p *population, path string) source {
	return func(_ int, buf []byte) []byte {
		select {
		case ticket := <-p.tickets:
			return appendVisit(buf, http.MethodGet, path+"?"+url.Values{"service": {casHome}, "ticket": {ticket}}.Encode(), "", "")
		default:
			return nil
		}
	}
}

// casAccepted has the ticket accepted.
func casAccepted(*population) sequel {
	return func(status int, l *line, _ []byte) ([]byte, bool) {
		return nil, status == http.StatusOK && bytes.Contains(l.body, []byte("<cas:authenticationSuccess>"))
	}
}
