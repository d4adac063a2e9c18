package signin

import (
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/egress"
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/privacy"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/token"
	"github.com/orgate/orgate/internal/trace"
)

const (
	password  = "correct-horse-7"
	requestID = "085d1f96cd9ddd6f3c50d70a0b2eb239"
)

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: requestID}

func console() identity.Actor { return identity.Actor{Kind: identity.ActsAsConsole, Origin: origin} }

// house is the surface behind a real listener. Acme has the owner anna, the
// administrator ben, carl, and dora, whose password somebody else chose. Its
// centre stands ready, and SSO is off until a test sets it up.
type house struct {
	t       *testing.T
	clock   *storetest.Clock
	db      *store.DB
	o       Options
	server  *httptest.Server
	base    *url.URL
	centre  *centre
	acme    identity.Organization
	people  map[string]identity.Person
	handler atomic.Pointer[Surface]
}

func newHouse(t *testing.T) *house {
	t.Helper()
	clock := storetest.NewClock()
	return houseOn(t, storetest.Open(t, storetest.WithClock(clock)), clock)
}

func houseOn(t *testing.T, db *store.DB, clock *storetest.Clock) *house {
	t.Helper()
	h := nodeOn(t, db, clock)
	h.furnish()
	return h
}

// nodeOn is a surface on a database that may have been furnished by another.
func nodeOn(t *testing.T, db *store.DB, clock *storetest.Clock) *house {
	t.Helper()
	h := &house{t: t, clock: clock, db: db, centre: newCentre(t), people: map[string]identity.Person{}}
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.handler.Load().ServeHTTP(w, r) }))
	t.Cleanup(h.server.Close)
	base, err := url.Parse(h.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	guard, err := egress.New(egress.Options{AllowLoopback: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Client().CloseIdleConnections)
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := pages.New(catalogue, pages.Options{BaseURL: h.server.URL})
	if err != nil {
		t.Fatal(err)
	}
	tokens := token.New(db, token.Options{Now: clock.Now})
	t.Cleanup(tokens.Close)
	people := directory.New(db, directory.Options{
		Now: clock.Now, Tokens: tokens, Address: h.server.URL, Sessions: session.Options{Now: clock.Now},
		Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 64, Passes: 1}),
	})
	t.Cleanup(people.Close)
	traces := trace.NewKeeper(db, trace.Options{Now: clock.Now, Catalogue: catalogue})
	h.base = base
	h.o = Options{
		Directory: people, Statements: privacy.New(db), Entry: entry.New(db), Approval: approval.New(db, h.server.URL), Sessions: session.New(db, session.Options{Now: clock.Now}), Tickets: ticket.New(db), Traces: traces,
		Sources: source.New(db, source.Options{Now: clock.Now, Client: guard.Client(), Dialer: guard, BaseURL: base, Traces: traces}),
		Cookies: session.NewCookies(base), Flows: session.NewFlowCookies(base), Pages: drawn,
		Origin: func(*http.Request) identity.Origin { return origin },
		Log:    slog.New(slog.NewTextHandler(t.Output(), nil)), Now: clock.Now, SkipRateLimit: true,
	}
	h.build()
	return h
}

// build makes the surface anew, after a test changed the options.
func (h *house) build() {
	h.handler.Store(New(h.o))
}

func (h *house) furnish() {
	h.t.Helper()
	own, other := false, true
	acme, err := h.o.Directory.AddOrganization(h.t.Context(), console(), directory.NewOrganization{
		Code: "acme", Name: "Acme Ltd", Domain: "acme.own",
		Owner: &directory.NewMember{Account: "anna@acme.own", Name: "Anna", Password: password, MustChange: &own},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.acme = acme
	for _, n := range []directory.NewMember{
		{Account: "ben@acme.own", Name: "Ben", Password: password, MustChange: &own, Role: identity.RoleAdministrator},
		{Account: "carl@acme.own", Name: "Carl <b>C</b>", Password: password, MustChange: &own, ThirdAccount: "carl", Email: "carl@mail.example"},
		{Account: "dora@acme.own", Name: "Dora", Password: password, MustChange: &other},
	} {
		added, err := h.o.Directory.AddMember(h.t.Context(), console(), acme.ID, n)
		if err != nil {
			h.t.Fatal(err)
		}
		h.people[strings.Split(n.Account, "@")[0]] = added.Person
	}
}

// sso sets Acme's enterprise sign-in up against the centre.
func (h *house) sso(enabled bool) {
	h.t.Helper()
	text := func(s string) *string { return &s }
	err := h.o.Sources.SetSSO(h.t.Context(), console(), h.acme.ID, 0, source.SSOChange{
		Enabled: &enabled, Domain: text("acme.example"), AuthorizeURL: text(h.centre.URL + "/authorize?lang=en"), TokenURL: text(h.centre.URL + "/token"),
		UserInfoURL: text(h.centre.URL + "/me"), ClientID: text("orgate"), ClientSecret: text("a-secret-of-the-centre"), AccountField: text("login"),
		AccessToken: text("access_token"), Name: text("name"), PC: text("orgate-pc://login?x=1"), Android: text("https://app.example/back"),
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// centre stands in for an enterprise's own. It gives any code the person whose
// login the code is.
type centre struct {
	*httptest.Server
	asked atomic.Int64 // times that its token address was asked
}

func newCentre(t *testing.T) *centre {
	t.Helper()
	c := &centre{}
	mux := http.NewServeMux()
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<title>Sign in</title>")
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		c.asked.Add(1)
		writeJSON(w, map[string]any{"access_token": "at-" + r.FormValue("code"), "token_type": "Bearer"})
	})
	mux.HandleFunc("/me", func(w http.ResponseWriter, r *http.Request) {
		login := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer at-")
		writeJSON(w, map[string]any{"login": login, "name": "Name of " + login})
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// browser keeps cookies, follows nothing by itself, and fills in forms.
type browser struct {
	h      *house
	client *http.Client
	jar    *cookiejar.Jar
}

func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, jar}
}

// answer is what a browser was answered.
type answer struct {
	status int
	header http.Header
	body   string
}

// to is where the answer leads.
func (a answer) to() string { return a.header.Get("Location") }

func (b *browser) do(r *http.Request) answer {
	b.h.t.Helper()
	w, err := b.client.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return answer{w.StatusCode, w.Header, string(body)}
}

func (b *browser) request(method, path string, form url.Values) *http.Request {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.h.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")
	return r
}

func (b *browser) get(path string) answer {
	b.h.t.Helper()
	return b.do(b.request(http.MethodGet, path, nil))
}

func (b *browser) post(path string, form url.Values) answer {
	b.h.t.Helper()
	return b.do(b.request(http.MethodPost, path, form))
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// form reads the hidden fields of a page's own form and adds what was typed.
func (a answer) form(typed ...string) url.Values {
	values := url.Values{}
	_, page, _ := strings.Cut(a.body, `method="post"`)
	page, _, _ = strings.Cut(page, "</form>")
	for _, field := range hiddenField.FindAllStringSubmatch(page, -1) {
		values.Set(field[1], html.UnescapeString(field[2]))
	}
	for i := 0; i+1 < len(typed); i += 2 {
		values.Set(typed[i], typed[i+1])
	}
	return values
}

// word is the browser's session, "" without one.
func (b *browser) word() string { return b.cookie(b.h.o.Cookies) }

func (b *browser) cookie(c session.Cookies) string {
	for _, cookie := range b.jar.Cookies(b.h.base) {
		if cookie.Name == c.Name() {
			return cookie.Value
		}
	}
	return ""
}

// signIn signs somebody in by password and returns the answer.
func (b *browser) signIn(account, password string) answer {
	b.h.t.Helper()
	return b.post("/login", b.get("/login").form("account", account, "password", password))
}

// in signs somebody in and fails the test if that does not work.
func (b *browser) in(name string) *browser {
	b.h.t.Helper()
	if a := b.signIn(name+"@acme.own", password); a.status != http.StatusSeeOther || b.word() == "" {
		b.h.t.Fatalf("%s: status %d, to %q\n%s", name, a.status, a.to(), a.body)
	}
	return b
}

// state begins a sign-in at the centre and returns the state that was sent
// there.
func (b *browser) state(query string) string {
	b.h.t.Helper()
	a := b.get("/sso?" + query)
	u, err := url.Parse(a.to())
	if a.status != http.StatusFound || err != nil || !strings.HasPrefix(a.to(), b.h.centre.URL+"/authorize?") {
		b.h.t.Fatalf("/sso?%s: status %d, to %q\n%s", query, a.status, a.to(), a.body)
	}
	return u.Query().Get("state")
}

// callback is where the centre sends browsers.
func (h *house) callback(query url.Values) string {
	return callbackPath + string(identity.SSOSourceID(h.acme.ID)) + "?" + query.Encode()
}

// comeBack returns from the centre as somebody.
func (b *browser) comeBack(state, login string) answer {
	b.h.t.Helper()
	return b.get(b.h.callback(url.Values{"state": {state}, "code": {login}}))
}

// story returns what was kept under the code of a page.
func (h *house) story(a answer) trace.Record {
	h.t.Helper()
	found := regexp.MustCompile(`<code class="code"[^>]*>([^<]+)</code>`).FindStringSubmatch(a.body)
	if found == nil {
		h.t.Fatalf("no code on the page:\n%s", a.body)
	}
	if err := h.o.Traces.Flush(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	records, err := h.o.Traces.Find(h.t.Context(), console(), found[1])
	if err != nil {
		h.t.Fatalf("story %s: %v", found[1], err)
	}
	return records[0]
}

// stepOf is a step of a story by its name.
func stepOf(r trace.Record, name trace.Check) trace.Step {
	for _, step := range r.Steps {
		if step.Check == name {
			return step
		}
	}
	return trace.Step{}
}

// sent is a message as it waits in the outbox.
type sent struct {
	Template string            `json:"template"`
	Params   map[string]string `json:"params"`
	Language string            `json:"language"`
}

// mails takes every waiting message out of the outbox.
func (h *house) mails() (all []sent) {
	h.t.Helper()
	err := h.db.Act(h.t.Context(), store.ActOutbox, func(tx *store.Tx) error {
		waiting, err := tx.Outbox.Lease("test", tx.Now().Add(time.Minute), 100)
		for _, m := range waiting {
			var one sent
			if err := json.Unmarshal(m.Payload, &one); err != nil {
				return err
			}
			all = append(all, one)
			if err := tx.Outbox.Sent(m.ID); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}
