package setup

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/egress"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/token"
	"github.com/orgate/orgate/internal/trace"
	"github.com/orgate/orgate/internal/tryout"
)

const (
	storedSecret = "stored-s3cret-of-acme-0123456789"
	typedSecret  = "typed-s3cret-of-acme-9876543210"
)

var consoleOrigin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: "085d1f96cd9ddd6f3c50d70a0b2eb239"}

func asConsole() identity.Actor {
	return identity.Actor{Kind: identity.ActsAsConsole, Origin: consoleOrigin}
}

// consoleHouse is the pages behind a real listener. Acme has the owner anna,
// the administrator ben, the member carl, and dora, an administrator whose
// password somebody else chose; nova has the owner nina; root administers the
// provider. Acme's settings are stored, switched off, with storedSecret.
type consoleHouse struct {
	t          *testing.T
	clock      *storetest.Clock
	db         *store.DB
	o          ConsoleOptions
	server     *httptest.Server
	centre     *loginCentre
	acme, nova identity.Organization
	starts     map[string]session.Start
	guests     session.Cookies
	records    map[string][]string // TXT records by name
}

func newConsoleHouse(t *testing.T) *consoleHouse {
	t.Helper()
	clock := storetest.NewClock()
	h := &consoleHouse{t: t, clock: clock, db: storetest.Open(t, storetest.WithClock(clock)), centre: newLoginCentre(t), starts: map[string]session.Start{}}
	var handler http.Handler
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(h.server.Close)
	base, err := url.Parse(h.server.URL)
	must(t, err)
	guard, err := egress.New(egress.Options{AllowLoopback: true})
	must(t, err)
	t.Cleanup(guard.Client().CloseIdleConnections)
	catalogue, err := i18n.Load()
	must(t, err)
	drawn, err := pages.New(catalogue, pages.Options{BaseURL: h.server.URL})
	must(t, err)
	tokens := token.New(h.db, token.Options{Now: clock.Now})
	t.Cleanup(tokens.Close)
	people := directory.New(h.db, directory.Options{
		Now: clock.Now, Tokens: tokens, Address: h.server.URL, Sessions: session.Options{Now: clock.Now},
		Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 64, Passes: 1}),
		Texts:  func(_ context.Context, name string) ([]string, error) { return h.records[name], nil },
	})
	t.Cleanup(people.Close)
	apps := application.New(h.db, application.Options{Now: clock.Now})
	t.Cleanup(apps.Close)
	traces := trace.NewKeeper(h.db, trace.Options{Now: clock.Now, Catalogue: catalogue})
	h.o = ConsoleOptions{
		Sources:   source.New(h.db, source.Options{Now: clock.Now, Client: guard.Client(), Dialer: guard, BaseURL: base, Traces: traces}),
		Directory: people, Approval: approval.New(h.db, h.server.URL), Applications: apps, Tryout: tryout.New(h.db, tryout.Options{
			Now: clock.Now, BaseURL: base, Front: http.NotFoundHandler(), Scope: func(string) string { return "" },
		}), Sessions: session.New(h.db, session.Options{Now: clock.Now}), Cookies: session.NewCookies(base), Traces: traces,
		Pages: drawn, Catalogue: catalogue, BaseURL: base, Origin: func(*http.Request) identity.Origin { return consoleOrigin },
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	mux := http.NewServeMux()
	mux.HandleFunc(ConsolePath, func(w http.ResponseWriter, r *http.Request) { NewConsole(h.o).ServeHTTP(w, r) })
	h.guests = session.NewConnectCookies(base)
	links := NewConnect(ConnectOptions{
		Sources: h.o.Sources, Directory: people, Cookies: h.guests, Pages: drawn, Catalogue: catalogue, Origin: h.o.Origin, Log: h.o.Log,
	})
	mux.Handle(ConnectPath, links)
	mux.Handle(ConnectPath+"/", links)
	mux.HandleFunc("/sso/callback/", h.callback)
	mux.HandleFunc("/login/source/", h.callback)
	handler = mux
	h.furnish()
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *consoleHouse) furnish() {
	h.t.Helper()
	h.acme, h.nova = h.organization("acme", "anna"), h.organization("nova", "nina")
	h.member(h.acme, "ben", identity.RoleAdministrator)
	h.member(h.acme, "carl", identity.RoleMember)
	h.member(h.acme, "dora", identity.RoleAdministrator)
	dora := h.starts["dora"]
	dora.MustChange = true
	h.starts["dora"] = dora
	root := identity.Account{
		ID: identity.NewAccountID(h.clock.Now()), Kind: identity.Operator, Name: "root", DisplayName: "Root", Status: identity.AccountActive, Version: 1,
	}
	must(h.t, h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		if err := tx.Accounts.Insert(root, root.LoginNames(true)); err != nil {
			return err
		}
		return tx.Providers.Put(root.ID, true)
	}))
	h.starts["root"] = session.Start{Account: root, Methods: []string{identity.ByPassword}, Origin: consoleOrigin}
	set := h.centre.settings()
	set.ClientSecret = storedSecret
	must(h.t, h.o.Sources.SetSSO(h.t.Context(), asConsole(), h.acme.ID, 0, source.Replacing(set)))
}

func (h *consoleHouse) organization(code, owner string) identity.Organization {
	h.t.Helper()
	o, err := h.o.Directory.AddOrganization(h.t.Context(), asConsole(), directory.NewOrganization{
		Code: code, Name: strings.ToUpper(code[:1]) + code[1:] + " Ltd", Domain: code + ".own",
	})
	must(h.t, err)
	h.member(o, owner, identity.RoleOwner)
	return o
}

func (h *consoleHouse) member(o identity.Organization, name string, role identity.Role) {
	h.t.Helper()
	added, err := h.o.Directory.AddMember(h.t.Context(), asConsole(), o.ID, directory.NewMember{
		Account: name + "@" + o.Code + ".own", Name: name, Password: "correct-horse-7", Role: role, ThirdAccount: "at-centre-" + name,
	})
	must(h.t, err)
	h.starts[name] = h.start(added.Person, o)
}

func (h *consoleHouse) start(p identity.Person, o identity.Organization) session.Start {
	return session.Start{Account: p.Account, Member: p.Member, Organization: o, Methods: []string{identity.ByPassword}, Origin: consoleOrigin}
}

// callback finishes a try as the sign-in pages do.
func (h *consoleHouse) callback(w http.ResponseWriter, r *http.Request) {
	attempt, err := h.o.Sources.TakeAttempt(r.Context(), r.URL.Query().Get("state"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusGone)
		return
	}
	id, err := h.o.Sources.FinishTry(r.Context(), attempt, source.Answer{Query: r.URL.Query()}, h.outlook)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	to := ConsolePath + "sso/" + string(attempt.OrganizationID) + "/tries/" + string(id)
	if attempt.SourceID != identity.SSOSourceID(attempt.OrganizationID) {
		to = ConsolePath + string(attempt.OrganizationID) + "/sources/" + string(attempt.SourceID) + "?try=" + string(id)
	}
	if attempt.ReturnTo != "" {
		to = attempt.ReturnTo + "?try=" + string(id)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (h *consoleHouse) outlook(ctx context.Context, found source.Found, p identity.Profile) (source.Outlook, error) {
	o, err := h.o.Directory.SourceOutlook(ctx, directory.SourceProof{Source: found.Source, AutoCreate: found.SSO.AutoCreate, Profile: p, Origin: consoleOrigin})
	return source.Outlook{Kind: source.OutlookKind(o.Kind), Name: o.Person.Member.Name, Account: o.Person.Account.Name}, err
}

// visitor is a browser that follows nothing by itself.
type visitor struct {
	h    *consoleHouse
	word string // of the session, "" for nobody
	link string // of a set-up link, "" for none
}

// as signs somebody in; "" is nobody.
func (h *consoleHouse) as(name string) *visitor {
	h.t.Helper()
	if name == "" {
		return &visitor{h: h}
	}
	started, err := h.o.Sessions.Start(h.t.Context(), h.starts[name])
	must(h.t, err)
	return &visitor{h: h, word: started.Word}
}

// shown is what a visitor was answered.
type shown struct {
	status   int
	to, body string
}

func (v *visitor) do(method, address string, form url.Values, headers ...string) shown {
	v.h.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.h.server.URL + address
	}
	r, err := http.NewRequestWithContext(v.h.t.Context(), method, address, strings.NewReader(form.Encode()))
	must(v.h.t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if v.word != "" && strings.HasPrefix(address, v.h.server.URL) {
		r.AddCookie(&http.Cookie{Name: v.h.o.Cookies.Name(), Value: v.word})
	}
	if v.link != "" {
		r.AddCookie(&http.Cookie{Name: v.h.guests.Name(), Value: v.link})
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w, err := client.Do(r)
	must(v.h.t, err)
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	must(v.h.t, err)
	for _, c := range w.Cookies() {
		if c.Name == v.h.guests.Name() {
			v.link = c.Value
		}
	}
	for _, secret := range []string{storedSecret, typedSecret} {
		if strings.Contains(string(body), secret) {
			v.h.t.Errorf("%s %s shows the secret %s", method, address, secret)
		}
	}
	return shown{w.StatusCode, w.Header.Get("Location"), string(body)}
}

func (v *visitor) get(address string) shown {
	v.h.t.Helper()
	return v.do(http.MethodGet, address, nil)
}

// post sends a form of Acme's enterprise sign-in.
func (v *visitor) post(form url.Values) shown {
	v.h.t.Helper()
	return v.do(http.MethodPost, "/console/acme/sso", form)
}

var (
	inputValue = regexp.MustCompile(`<input [^>]*name="([^"]+)"[^>]*? value="([^"]*)"`)
	selected   = regexp.MustCompile(`(?s)<select id="([^"]+)".*?<option value="([^"]*)" selected`)
)

// form reads the first posted form of a page as a browser would send it, with
// what was typed and the pressed button.
func (s shown) form(do string, typed ...string) url.Values {
	_, text, _ := strings.Cut(s.body, `method="post"`)
	text, _, _ = strings.Cut(text, "</form>")
	values := url.Values{"do": {do}}
	for _, pattern := range []*regexp.Regexp{inputValue, selected} {
		for _, field := range pattern.FindAllStringSubmatch(text, -1) {
			values.Set(field[1], html.UnescapeString(field[2]))
		}
	}
	for i := 0; i+1 < len(typed); i += 2 {
		values.Set(typed[i], typed[i+1])
	}
	return values
}

// wants fails the test unless the answer has a status, leads somewhere, and
// says what it should.
func (s shown) wants(t *testing.T, what string, status int, to string, says ...string) {
	t.Helper()
	if s.status != status || s.to != to {
		t.Errorf("%s: got %d to %q, want %d to %q\n%s", what, s.status, s.to, status, to, s.body)
		return
	}
	for _, text := range says {
		if !strings.Contains(s.body, text) {
			t.Errorf("%s: the page does not say %q\n%s", what, text, s.body)
		}
	}
}

// reasons returns the reasons of the untried settings that were saved.
func (h *consoleHouse) reasons() (list []string) {
	h.t.Helper()
	must(h.t, h.db.View(h.t.Context(), func(tx *store.Tx) error {
		page, err := tx.Events.Page(store.EventQuery{Organization: h.acme.ID, Type: "sso.saved_untried", Limit: 9})
		for _, e := range page {
			list = append(list, e.Details["reason"])
		}
		return err
	}))
	return list
}
