package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/orgate/orgate/internal/identity"
	centres "github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
)

// centre stands in for the authentication centres of all enterprises. It runs
// in this process, so that what it takes is not counted for the server, and
// knows nothing: the code that a browser brings is the name of who signed in,
// and the token that it gives for the code is the code again.
type centre struct {
	server *http.Server
	addr   string
	told   atomic.Int64 // people whom the receiver was told of, see push.go
}

// Where the centre answers.
const (
	centreAuthorize = "/authorize"
	centreToken     = "/token"
	centreUserInfo  = "/userinfo"
)

// startCentre starts a centre on a port that is free.
func startCentre() (*centre, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &centre{addr: listener.Addr().String()}
	c.server = &http.Server{Handler: c.handler(), ReadHeaderTimeout: 5 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = c.server.Serve(listener) }() // ends by close
	return c, nil
}

func (c *centre) close() error { return c.server.Close() }

func (c *centre) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+centreToken, func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, map[string]any{"access_token": r.FormValue("code"), "token_type": "Bearer", "expires_in": 7200})
	})
	mux.HandleFunc("GET "+centreUserInfo, func(w http.ResponseWriter, r *http.Request) {
		account := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		answerJSON(w, map[string]any{"account": account, "sub": account})
	})
	mux.HandleFunc("POST "+pushPath+"/", c.receive)
	return mux
}

func answerJSON(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // a client that is gone is no concern of the centre
}

// addSources gives every second organisation enterprise SSO at a centre. Its
// people sign in there and by password no more.
func (p *population) addSources(ctx context.Context, db *store.DB, centre string) error {
	sources := centres.New(db, centres.Options{Now: time.Now, Client: http.DefaultClient, BaseURL: publicAddress()})
	for i := 1; i < len(p.tenants); i += 2 {
		t := &p.tenants[i]
		if err := sources.SetSSO(ctx, identity.Actor{Kind: identity.ActsAsConsole, Name: "bench"}, t.id, 0, t.sso(centre)); err != nil {
			return fmt.Errorf("fill enterprise SSO: %w", err)
		}
		found, err := sources.ByDomain(ctx, t.domain)
		if err != nil {
			return fmt.Errorf("fill enterprise SSO: %w", err)
		}
		t.source = found.Source.ID
	}
	return nil
}

// sso is the enterprise SSO of an organisation whose people this centre knows.
func (t tenant) sso(centre string) centres.SSOChange {
	enabled := true
	return centres.SSOChange{
		Enabled: &enabled, Domain: &t.domain, ClientID: new("orgate"), ClientSecret: new("a-secret-of-the-centre"),
		AuthorizeURL: new("http://" + centre + centreAuthorize), TokenURL: new("http://" + centre + centreToken),
		UserInfoURL: new("http://" + centre + centreUserInfo), AccountField: new("account"), AccessToken: new("access_token"),
	}
}
