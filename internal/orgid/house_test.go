package orgid

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

const (
	secret   = "be1c2d7e0f9a4b6c8d5e3f1a2b4c6d8e"
	home     = "https://crm.example/home"
	pathBase = "/orgid/openapi/v1/oauth2"
)

var moment = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// house is the surface with everything behind it played by itself.
type house struct {
	*Surface
	mux      *http.ServeMux
	app      identity.Application
	issued   identity.Issued
	subject  identity.Subject
	tokens   map[string]identity.Inspection
	jwt      map[string]any // what a JWT of ours says
	err      error
	redeemed identity.Redemption
	rotated  string
	left     []protocol.Departure
	proofs   int
	spent    bool // the service ticket was presented
	stories  *trace.Keeper
}

func newHouse(t testing.TB) *house {
	t.Helper()
	sum := sha256.Sum256([]byte(secret))
	h := &house{mux: http.NewServeMux(), tokens: map[string]identity.Inspection{}}
	h.app = identity.Application{
		ID: "app_crm", OrganizationID: "org_test", ClientID: "crm", Protocol: identity.ProtocolOAuth2, Status: identity.ApplicationActive,
		HomeURLs: []string{home}, Secrets: []identity.ClientSecret{{Digest: sum[:]}},
		OAuth: &identity.OAuthSettings{
			AuthMethods: []identity.AuthMethod{identity.AuthBasic, identity.AuthPost},
			Grants:      []identity.GrantType{identity.GrantCode, identity.GrantRefresh},
		},
	}
	grant := identity.Grant{ID: "gra_1", MemberID: "mem_1", Scopes: []string{"phone", "profile", "email"}}
	h.issued = identity.Issued{Grant: grant, Access: "oga_access", Refresh: "ogr_refresh", AccessEnd: moment.Add(2 * time.Hour)}
	h.tokens["oga_access"] = identity.Inspection{Grant: grant, Application: h.app}
	h.subject = identity.Subject{
		ID: "1008600000169057387", LoginName: "hid_u_-9utkbz24lphe", Name: "138******37", Mobile: "+8613800000037", Administers: true,
		OrganizationCode: "9190086000000010904", OrganizationName: "801test", EmployeeNumber: "00001",
	}
	base, err := url.Parse("https://orgid.example")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	h.stories = trace.NewKeeper(storetest.Open(t), trace.Options{Now: func() time.Time { return moment }, Catalogue: catalogue})
	h.Surface, err = New(Options{
		Host: protocol.Host{
			BaseURL: base, Applications: h, Gate: h, Subjects: h, Codes: codes{h}, Grants: grants{h}, Entries: h, Keys: keys{h},
			Origin: func(*http.Request) identity.Origin { return identity.Origin{RequestID: "request-1"} },
			Now:    func() time.Time { return moment }, Log: slog.New(slog.DiscardHandler),
		},
		Catalogue: catalogue, Traces: h.stories,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Mount(h.mux)
	h.mux.Handle("/oauth/logout", h.Logout())
	return h
}

func (h *house) Find(_ context.Context, clientID string) (identity.Application, error) {
	if clientID != h.app.ClientID {
		return identity.Application{}, fault.New(fault.NotFound, fault.CodeApplicationNotFound)
	}
	return h.app, nil
}

func (h *house) Serving(_ context.Context, service string) (identity.Application, error) {
	if service != home {
		return identity.Application{}, fault.New(fault.NotFound, fault.CodeServiceUnknown)
	}
	return h.app, nil
}

func (h *house) Enter(context.Context, identity.ServiceEntry) (string, error) { return "", h.err }

// Accept takes "ST-good" once.
func (h *house) Accept(_ context.Context, p identity.ServiceProof) (identity.ServiceEntry, error) {
	if h.err != nil {
		return identity.ServiceEntry{}, h.err
	}
	if p.Ticket != "ST-good" || h.spent {
		return identity.ServiceEntry{}, fault.New(fault.Invalid, fault.CodeServiceTicket)
	}
	h.spent = true
	if p.Service != home {
		return identity.ServiceEntry{}, fault.New(fault.Invalid, fault.CodeServiceTicketAim)
	}
	return identity.ServiceEntry{
		Application: h.app, Service: p.Service, Session: identity.Session{MemberID: "mem_1", ProvenAt: moment}, Fresh: true,
	}, nil
}

func (h *house) Prove(a identity.Application, secret string) bool {
	h.proofs++
	sum := sha256.Sum256([]byte(secret))
	return slices.ContainsFunc(a.Secrets, func(s identity.ClientSecret) bool { return subtle.ConstantTimeCompare(s.Digest, sum[:]) == 1 })
}

func (h *house) Pass(http.ResponseWriter, *http.Request, identity.Demand, *trace.Story) (identity.Session, error) {
	return identity.Session{}, h.err
}

func (h *house) Leave(_ http.ResponseWriter, _ *http.Request, d protocol.Departure) {
	h.left = append(h.left, d)
}

func (h *house) Subject(context.Context, identity.MemberID, identity.Application) (identity.Subject, error) {
	return h.subject, h.err
}

func (h *house) SubjectID(identity.MemberID) string { return h.subject.ID }

type codes struct{ h *house }

func (c codes) Authorize(context.Context, identity.Authorization) (string, error) {
	return "", c.h.err
}

func (c codes) Redeem(_ context.Context, r identity.Redemption) (identity.Issued, error) {
	c.h.redeemed = r
	if r.Code != "good" {
		return identity.Issued{}, fault.New(fault.Invalid, fault.CodeGrantInvalid)
	}
	return c.h.issued, c.h.err
}

type grants struct{ h *house }

func (g grants) Issue(context.Context, identity.Application, []string) (identity.Issued, error) {
	return identity.Issued{}, g.h.err
}

func (g grants) Rotate(_ context.Context, _ identity.Application, refresh string, _ []string) (identity.Issued, error) {
	g.h.rotated = refresh
	return g.h.issued, g.h.err
}

func (g grants) Inspect(_ context.Context, token string) (identity.Inspection, error) {
	i, ok := g.h.tokens[token]
	switch {
	case strings.HasSuffix(token, "expired"):
		return i, fault.New(fault.Unauthenticated, fault.CodeTokenExpired)
	case !ok:
		return i, fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
	}
	return i, nil
}

func (g grants) Stands(_ context.Context, id identity.GrantID) (identity.Inspection, error) {
	if id != "gra_1" {
		return identity.Inspection{}, fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
	}
	return g.h.tokens["oga_access"], nil
}

func (g grants) Revoke(context.Context, identity.Application, identity.GrantID) error { return g.h.err }

// keys takes "a.b.c" for a token of ours.
type keys struct{ h *house }

func (k keys) Sign(context.Context, identity.Algorithm, string, []byte) (string, error) {
	return "", k.h.err
}

func (k keys) Public(context.Context) ([]byte, error) { return nil, k.h.err }

func (k keys) Verify(_ context.Context, compact string) ([]byte, string, error) {
	if compact != "a.b.c" {
		return nil, "", fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
	}
	payload, err := json.Marshal(k.h.jwt)
	return payload, "at+jwt", err
}

// call sends a request with header fields given as name and value in turn.
func (h *house) call(method, path string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, r)
	return w
}

// fields is the documented call with changes as names and values in turn; "" takes
// a name out.
func fields(changes ...string) url.Values {
	v := url.Values{
		"grant_type": {"authorization_code"}, "code": {"good"}, "client_id": {"crm"}, "client_secret": {secret}, "redirect_uri": {home},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if v.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			v.Del(changes[i])
		}
	}
	return v
}

// exchange posts a form with the urlencoded type.
func (h *house) exchange(v url.Values, header ...string) *httptest.ResponseRecorder {
	return h.call(http.MethodPost, pathBase+"/token", strings.NewReader(v.Encode()), append(header, "Content-Type", "application/x-www-form-urlencoded")...)
}

// exchangeParts posts a form as multipart.
func (h *house) exchangeParts(t testing.TB, v url.Values) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, values := range v {
		for _, value := range values {
			if err := m.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return h.call(http.MethodPost, pathBase+"/token", &b, "Content-Type", m.FormDataContentType())
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

// wantError fails the test unless the answer is an error in the published form.
func wantError(t testing.TB, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	got := object(t, w)
	if w.Code != status || got["error_code"] != code || got["error"] != code || got["error_msg"] != http.StatusText(status) ||
		got["error_description"] != got["error_msg"] || len(got) != 4 {
		t.Errorf("got %d %s, want %d %s", w.Code, w.Body, status, code)
	}
}
