package oidc

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

const (
	issuer     = "https://id.example"
	wikiSecret = "5b0c1e6f4a1d4c0f9a7e3b2d8c6f5e4a"
	wikiBack   = "https://wiki.example/cb"
	wikiExit   = "https://wiki.example/bye"
)

var moment = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// house is a provider with everything behind it played by fakes of a few
// lines.
type house struct {
	*Provider
	mux     *http.ServeMux
	now     time.Time
	apps    map[string]identity.Application
	gate    *fakeGate
	codes   *fakeCodes
	grants  *fakeGrants
	tickets *fakeTickets
	keys    *fakeKeys
	people  *fakePeople
	proofs  int
	lookups int
	log     bytes.Buffer
	stories *trace.Keeper
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{now: moment, apps: map[string]identity.Application{}, keys: newFakeKeys(t), mux: http.NewServeMux()}
	for _, a := range []identity.Application{wiki(), phone(), oauthApp(), resource()} {
		h.apps[a.ClientID] = a
	}
	clock := func() time.Time { return h.now }
	h.gate = &fakeGate{session: alice()}
	h.codes = &fakeCodes{h: h, made: map[string]identity.Authorization{}}
	h.grants = &fakeGrants{h: h, tokens: map[string]identity.Inspection{}}
	h.tickets = &fakeTickets{h: h, kept: map[string]identity.Ticket{}}
	h.people = &fakePeople{subject: subject()}
	base, err := url.Parse(issuer)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	html, err := pages.New(catalogue, pages.Options{BaseURL: issuer})
	if err != nil {
		t.Fatal(err)
	}
	h.stories = trace.NewKeeper(storetest.Open(t), trace.Options{Now: clock, Catalogue: catalogue})
	h.Provider, err = New(Options{
		Host: protocol.Host{
			BaseURL: base, Applications: h, Gate: h.gate, Subjects: h.people, Codes: h.codes, Grants: h.grants, Tickets: h.tickets,
			Keys: h.keys, HTTP: http.DefaultClient, Now: clock, Log: slog.New(slog.NewTextHandler(&h.log, nil)),
			Origin: func(*http.Request) identity.Origin { return identity.Origin{RequestID: "request-1"} },
		},
		Pages: html, Catalogue: catalogue, Traces: h.stories,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Mount(h.mux)
	return h
}

// settings are those of a confidential application with every grant.
func settings() *identity.OAuthSettings {
	return &identity.OAuthSettings{
		AuthMethods: []identity.AuthMethod{identity.AuthBasic, identity.AuthPost},
		Grants:      []identity.GrantType{identity.GrantCode, identity.GrantRefresh, identity.GrantClient},
		Scopes:      []string{"openid", "profile", "email", "phone", "offline_access", "reports"},
		AccessLife:  2 * time.Hour, RefreshLife: 720 * time.Hour, IDTokenLife: time.Hour,
		AccessFormat: identity.Opaque, AccessAlgorithm: identity.ES256, IDTokenAlgorithm: identity.RS256,
	}
}

func application(clientID string, s *identity.OAuthSettings) identity.Application {
	sum := sha256.Sum256([]byte(wikiSecret))
	a := identity.Application{
		ID: identity.ApplicationID("app_" + clientID), OrganizationID: "org_acme", ClientID: clientID, Name: clientID,
		Protocol: identity.ProtocolOIDC, Status: identity.ApplicationActive,
		HomeURLs: []string{"https://" + clientID + ".example/cb"}, ExitURL: "https://" + clientID + ".example/bye", OAuth: s, Generation: 1,
	}
	if !s.Public {
		a.Secrets = []identity.ClientSecret{{Digest: sum[:]}}
	}
	return a
}

func wiki() identity.Application { return application("wiki", settings()) }

// resource is an application that may inspect wiki's tokens once wiki says so.
func resource() identity.Application { return application("resource", settings()) }

func oauthApp() identity.Application {
	a := application("forum", settings())
	a.Protocol = identity.ProtocolOAuth2
	return a
}

// phone is a public application.
func phone() identity.Application {
	s := settings()
	s.Public, s.AuthMethods, s.Grants = true, []identity.AuthMethod{identity.AuthNone}, s.Grants[:2]
	a := application("phone", s)
	a.HomeURLs = []string{"com.example.phone:/cb", "http://127.0.0.1/cb"}
	return a
}

func alice() identity.Session {
	return identity.Session{
		ID: identity.SessionIDOf([16]byte{1, 2, 3}), AccountID: "acc_alice", MemberID: identity.NewMemberID(moment),
		OrganizationID: "org_acme", Methods: []string{identity.ByPassword}, ProvenAt: moment.Add(-10 * time.Minute),
	}
}

func subject() identity.Subject {
	return identity.Subject{
		ID: "alice-sub", OrganizationCode: "acme", OrganizationName: "Acme Ltd", Name: "Alice", LoginName: "alice@acme.example",
		Email: "alice@acme.example", EmailVerified: true, Mobile: "+8613800000001", MobileVerified: true, EmployeeNumber: "00001",
		Language: "en-US", UpdatedAt: moment.Add(-time.Hour), Extra: map[string]any{"badge": "42", "iss": "https://evil.example"},
	}
}

// Find and Prove are protocol.Applications.
func (h *house) Find(_ context.Context, clientID string) (identity.Application, error) {
	h.lookups++
	a, ok := h.apps[clientID]
	if !ok {
		return a, fault.New(fault.NotFound, fault.CodeApplicationNotFound)
	}
	return a, nil
}

func (h *house) Serving(context.Context, string) (identity.Application, error) {
	return identity.Application{}, fault.New(fault.NotFound, fault.CodeServiceUnknown)
}

func (h *house) Prove(a identity.Application, secret string) bool {
	h.proofs++
	sum := sha256.Sum256([]byte(secret))
	return slices.ContainsFunc(a.Secrets, func(s identity.ClientSecret) bool { return subtle.ConstantTimeCompare(s.Digest, sum[:]) == 1 })
}

// changeWiki changes the application most tests are about.
func (h *house) changeWiki(change func(*identity.Application)) {
	a := h.apps["wiki"]
	o := *a.OAuth
	a.OAuth = &o
	change(&a)
	h.apps["wiki"] = a
}

// fakeGate lets a person pass whose session satisfies the demand.
type fakeGate struct {
	session identity.Session
	err     error
	demands []identity.Demand
	left    []protocol.Departure
	address string       // at which it was last asked
	tells   []trace.Step // what it writes into stories
}

func (g *fakeGate) Pass(w http.ResponseWriter, r *http.Request, d identity.Demand, story *trace.Story) (identity.Session, error) {
	g.demands = append(g.demands, d)
	g.address = r.URL.RequestURI()
	for _, step := range g.tells {
		story.Check(step.Check, step.State == trace.Passed, step.Detail)
	}
	switch {
	case g.err != nil:
		return identity.Session{}, g.err
	case r.Method != http.MethodGet:
		return identity.Session{}, fault.New(fault.Internal, fault.CodeInternal)
	case g.session.ID != "" && !g.session.ProvenAt.Before(d.NotBefore) && (d.Subject == "" || d.Subject == "alice-sub"):
		return g.session, nil
	case d.Silent:
		return identity.Session{}, fault.New(fault.Unauthenticated, fault.CodeLoginRequired)
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte("the page of the sign-in"))
	return identity.Session{}, protocol.ErrAnswered
}

func (g *fakeGate) Leave(w http.ResponseWriter, _ *http.Request, d protocol.Departure) {
	g.left = append(g.left, d)
	w.WriteHeader(http.StatusOK)
}

func (g *fakeGate) last() identity.Demand { return g.demands[len(g.demands)-1] }

// fakePeople knows one person.
type fakePeople struct {
	subject identity.Subject
	err     error
	reads   int
}

func (p *fakePeople) Subject(context.Context, identity.MemberID, identity.Application) (identity.Subject, error) {
	p.reads++
	return p.subject, p.err
}

func (p *fakePeople) SubjectID(identity.MemberID) string { return p.subject.ID }

// fakeTickets keeps tickets under their number.
type fakeTickets struct {
	h    *house
	kept map[string]identity.Ticket
	err  error
}

func (f *fakeTickets) Issue(_ context.Context, kind identity.TicketKind, payload []byte, life time.Duration) (string, error) {
	secret := "ticket-" + strconv.Itoa(len(f.kept))
	f.kept[secret] = identity.Ticket{Kind: kind, Payload: payload, ExpiresAt: f.h.now.Add(life)}
	return secret, f.err
}

func (f *fakeTickets) Look(_ context.Context, kind identity.TicketKind, secret string) (identity.Ticket, error) {
	t, ok := f.kept[secret]
	if !ok || t.Kind != kind || !f.h.now.Before(t.ExpiresAt) {
		return t, fault.New(fault.NotFound, fault.CodeTicket)
	}
	return t, nil
}

func (f *fakeTickets) Redeem(ctx context.Context, kind identity.TicketKind, secret string) (identity.Ticket, error) {
	return f.Look(ctx, kind, secret)
}

// fakeCodes redeems each code once, without looking at the verifier.
type fakeCodes struct {
	h    *house
	made map[string]identity.Authorization
	last identity.Redemption
	err  error
}

func (f *fakeCodes) Authorize(_ context.Context, a identity.Authorization) (string, error) {
	code := "code-" + strconv.Itoa(len(f.made))
	f.made[code] = a
	return code, f.err
}

func (f *fakeCodes) Redeem(_ context.Context, r identity.Redemption) (identity.Issued, error) {
	f.last = r
	a, ok := f.made[r.Code]
	if f.err != nil || !ok || a.Application.ID != r.Application.ID || a.RedirectURI != r.RedirectURI {
		if f.err == nil {
			f.err = fault.New(fault.Invalid, fault.CodeGrantInvalid)
		}
		return identity.Issued{}, f.err
	}
	delete(f.made, r.Code)
	g := identity.Grant{
		ID: identity.GrantIDOf([16]byte{9}), ApplicationID: a.Application.ID, AccountID: a.Session.AccountID, MemberID: a.Session.MemberID,
		SessionID: a.Session.ID, Scopes: a.Scopes, Claims: a.Claims, Nonce: a.Nonce, Methods: a.Session.Methods, ProvenAt: a.Session.ProvenAt, Round: 1,
	}
	return f.h.grants.give(a.Application, g), nil
}

// fakeGrants keeps what was issued by its token.
type fakeGrants struct {
	h       *house
	tokens  map[string]identity.Inspection
	err     error
	revoked []identity.GrantID
}

func (f *fakeGrants) give(a identity.Application, g identity.Grant) identity.Issued {
	n := strconv.Itoa(len(f.tokens))
	end := f.h.now.Add(a.OAuth.AccessLife)
	issued := identity.Issued{Grant: g, Access: "oga_" + n, AccessEnd: end}
	f.tokens[issued.Access] = identity.Inspection{Grant: g, Application: a, EndsAt: end, IssuedAt: f.h.now}
	if g.MemberID != "" {
		issued.Refresh = "ogr_" + n
		f.tokens[issued.Refresh] = identity.Inspection{Grant: g, Application: a, EndsAt: end.Add(time.Hour), IssuedAt: f.h.now, Refresh: true}
	}
	return issued
}

func (f *fakeGrants) Issue(_ context.Context, a identity.Application, scopes []string) (identity.Issued, error) {
	return f.give(a, identity.Grant{ID: identity.GrantIDOf([16]byte{7}), ApplicationID: a.ID, Scopes: scopes}), f.err
}

func (f *fakeGrants) Rotate(_ context.Context, a identity.Application, refresh string, scopes []string) (identity.Issued, error) {
	i, ok := f.tokens[refresh]
	if f.err != nil || !ok || i.Application.ID != a.ID {
		if f.err != nil {
			return identity.Issued{}, f.err
		}
		return identity.Issued{}, fault.New(fault.Invalid, fault.CodeGrantInvalid)
	}
	delete(f.tokens, refresh)
	if scopes != nil {
		i.Grant.Scopes = scopes
	}
	return f.give(a, i.Grant), nil
}

func (f *fakeGrants) Inspect(_ context.Context, token string) (identity.Inspection, error) {
	i, ok := f.tokens[token]
	if f.err != nil || !ok {
		if f.err != nil {
			return i, f.err
		}
		return i, fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
	}
	i.Application = f.h.apps[i.Application.ClientID]
	return i, nil
}

func (f *fakeGrants) Stands(_ context.Context, id identity.GrantID) (identity.Inspection, error) {
	for _, i := range f.tokens {
		if i.Grant.ID == id && f.err == nil && !slices.Contains(f.revoked, id) {
			i.Refresh = true // whatever it was found by
			return i, nil
		}
	}
	return identity.Inspection{}, fault.New(fault.Unauthenticated, fault.CodeTokenRevoked)
}

func (f *fakeGrants) Revoke(_ context.Context, _ identity.Application, id identity.GrantID) error {
	f.revoked = append(f.revoked, id)
	return f.err
}

// get asks by GET.
func (h *house) get(path string, query url.Values, header ...string) *httptest.ResponseRecorder {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return h.do(httptest.NewRequest(http.MethodGet, path, nil), header)
}

// post posts a form.
func (h *house) post(path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", formType)
	return h.do(r, header)
}

// do sends a request with header fields given as name and value in turn.
func (h *house) do(r *http.Request, header []string) *httptest.ResponseRecorder {
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, r)
	return w
}

// object decodes a JSON answer.
func object(t testing.TB, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &o); err != nil {
		t.Fatalf("answer %d %q: %v", w.Code, w.Body, err)
	}
	return o
}

// wantError fails the test unless the answer is an error of a code.
func wantError(t testing.TB, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	if got := object(t, w)["error"]; w.Code != status || got != code {
		t.Errorf("got %d %s, want %d %s", w.Code, w.Body, status, code)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control: got %q, want no-store", got)
	}
}
