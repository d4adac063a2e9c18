package meeting

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/token"
	"github.com/orgate/orgate/internal/trace"
)

const (
	acmeAppID   = "130436e5b34d4859a87f667a2d626a83"
	acmeKey     = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	sellerAppID = "230436e5b34d4859a87f667a2d626a84"
	sellerKey   = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
	goodNonce   = "EycLQsHDgHDgaeHMXgnINuU1EBpQ1234567890ab"
	password    = "correct-horse-7"
	requestID   = "085d1f96cd9ddd6f3c50d70a0b2eb239"
)

// house is the surface on a real directory: the enterprise acme with its owner
// anna, the members ben (administrator) and carl, an App ID, and a provider
// with an administrator and an App ID of its own.
type house struct {
	t       testing.TB
	clock   *storetest.Clock
	o       Options
	surface *Surface
	acme    identity.Organization
	carl    identity.Person
}

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: requestID}

func newHouse(t testing.TB) *house {
	t.Helper()
	clock := storetest.NewClock()
	return houseOn(t, storetest.Open(t, storetest.WithClock(clock)), clock)
}

// eachHouse runs a test on both databases.
func eachHouse(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		test(t, houseOn(t, open(storetest.WithClock(clock)), clock))
	})
}

func houseOn(t testing.TB, db *store.DB, clock *storetest.Clock) *house {
	t.Helper()
	h := nodeOn(t, db, clock)
	h.furnish()
	return h
}

// nodeOn is a surface on a database that may have been furnished by another.
func nodeOn(t testing.TB, db *store.DB, clock *storetest.Clock) *house {
	t.Helper()
	tokens := token.New(db, token.Options{Now: clock.Now})
	t.Cleanup(tokens.Close)
	people := directory.New(db, directory.Options{
		Now: clock.Now, Tokens: tokens,
		Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 64, Passes: 1}),
	})
	t.Cleanup(people.Close)
	apps := application.New(db, application.Options{Now: clock.Now, AllowEverlasting: true})
	t.Cleanup(apps.Close)
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatalf("catalogue: %v", err)
	}
	base, _ := url.Parse("https://meet.example:8443")
	h := &house{t: t, clock: clock, o: Options{
		Directory: people, Applications: apps, Tokens: tokens,
		Sources:     source.New(db, source.Options{Now: clock.Now, Client: &http.Client{}, BaseURL: base}),
		Resources:   resource.New(db, resource.Options{}),
		Addressbook: addressbook.New(db, people.VisibleDepartments),
		Tickets:     ticket.New(db), Catalogue: catalogue,
		Codes: factor.NewCodes(db, factor.CodeOptions{}), Captcha: captcha.NewStudio(rand.Reader, 1, 4),
		Traces: trace.NewKeeper(db, trace.Options{Now: clock.Now, Catalogue: catalogue}),
		Origin: func(*http.Request) identity.Origin { return origin },
		Log:    slog.New(slog.NewTextHandler(t.Output(), nil)),
		Now:    clock.Now, BaseURL: base, SkipRateLimit: true,
	}}
	h.build()
	return h
}

// build makes the surface anew, after a test changed the options.
func (h *house) build() {
	h.t.Helper()
	surface, err := New(h.o)
	if err != nil {
		h.t.Fatalf("new: %v", err)
	}
	h.surface = surface
}

func console() identity.Actor { return identity.Actor{Kind: identity.ActsAsConsole, Origin: origin} }

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatalf("furnish: %v", err)
		}
		return v
	}
}

func (h *house) furnish() {
	t, ctx, own := h.t, h.t.Context(), false
	t.Helper()
	h.acme = must[identity.Organization](t)(h.o.Directory.AddOrganization(ctx, console(), directory.NewOrganization{
		Code: "acme", Name: "Acme", Domain: "acme.example",
		Owner: &directory.NewMember{Account: "anna@acme.example", Name: "Anna", Password: password, MustChange: &own},
	}))
	for _, n := range []directory.NewMember{
		{Account: "ben@acme.example", Name: "Ben", Password: password, MustChange: &own, Role: identity.RoleAdministrator},
		{
			Account: "carl@acme.example", Name: "Carl \"<C>\"", EnglishName: "Charles", Password: password, ThirdAccount: "carl",
			Mobile: "+8613800000001", Email: "carl@mail.example",
		},
	} {
		h.carl = must[directory.Added](t)(h.o.Directory.AddMember(ctx, console(), h.acme.ID, n)).Person
	}
	must[identity.Account](t)(h.o.Directory.AddProviderAdministrator(ctx, console(),
		directory.NewOperator{Account: "root@seller.example", Name: "Root", Password: password, Default: true}))
	must[identity.AppID](t)(h.o.Applications.AddAppID(ctx, console(), h.acme.ID, application.NewAppID{ID: acmeAppID, Key: acmeKey, Name: "crm"}))
	must[identity.AppID](t)(h.o.Applications.AddAppID(ctx, console(), "", application.NewAppID{ID: sellerAppID, Key: sellerKey, Name: "reseller"}))
}

// request is one call; headers are given as "Name: value".
func (h *house) request(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.surface.ServeHTTP(w, r)
	return w
}

func basic(account, password string) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(account+":"+password))
}

// login signs in with a password and returns the answer.
func (h *house) login(account string) answered {
	h.t.Helper()
	w := h.request("POST", "/v1/usg/acs/auth/account", fmt.Sprintf(`{"account":%q,"clientType":72}`, account), basic(account, password))
	return h.answer(w)
}

func sign(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// answered is a TokenDTO or an error as a client reads it.
type answered struct {
	AccessToken, RefreshToken, TokenIP                       string
	ValidPeriod, ExpireTime, CreateTime                      int64
	RefreshValidPeriod, RefreshExpireTime, RefreshCreateTime int64
	ClientType, TokenType                                    int
	FirstLogin                                               bool
	User                                                     *answeredUser
}

type answeredUser struct {
	UserID, UcloginAccount, ServiceAccount, CompanyID, CompanyDomain, SpID, Realm, Name, NameEn, ThirdAccount, AppID string
	UserType, AdminType, Status, CorpType                                                                            int
	IsBindPhone                                                                                                      bool
}

// answer reads the body of a success.
func (h *house) answer(w *httptest.ResponseRecorder) (a answered) {
	h.t.Helper()
	if w.Code != http.StatusOK {
		h.t.Fatalf("status = %d, want 200; body %s", w.Code, w.Body)
	}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			h.t.Fatalf("body %s: %v", w.Body, err)
		}
	}
	return a
}

// refused checks an error body (Meeting API, 7.1).
func refused(t testing.TB, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	var e struct {
		Code    string `json:"error_code"`
		Message string `json:"error_msg"`
		ID      string `json:"request_id"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
		t.Fatalf("error body %q: %v", w.Body, err)
	}
	if w.Code != status || e.Code != code {
		t.Errorf("got %d %s (%s), want %d %s", w.Code, e.Code, e.Message, status, code)
	}
	if e.Message == "" || strings.HasPrefix(e.Message, "fault.") || e.ID != requestID {
		t.Errorf("error body %s: want a sentence and the request id", w.Body)
	}
}

// story returns the newest kept story of the request.
func (h *house) story() (trace.Record, bool) {
	h.t.Helper()
	h.surface.meeting.explainer.drain()
	if err := h.o.Traces.Flush(h.t.Context()); err != nil {
		h.t.Fatalf("flush: %v", err)
	}
	found, err := h.o.Traces.Find(h.t.Context(), console(), requestID)
	if err != nil {
		return trace.Record{}, false
	}
	return found[0], true
}
