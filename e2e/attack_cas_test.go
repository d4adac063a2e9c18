package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

const (
	boardHome = "https://board.example/in"
	boardPage = "https://board.example/pages/1"
	notesHome = "https://notes.example/in"
)

// boardApplications are two applications of CAS; CALLBACK is where the second
// takes proxy-granting tickets.
const boardApplications = `    applications:
      - {name: Board, protocol: cas, client_id: board, access: {everyone: true}, home_urls: ["https://board.example/in"],
         exit_url: "https://board.example/bye", cas: {service_prefixes: ["https://board.example/pages/"]}}
      - {name: Notes, protocol: cas, client_id: notes, access: {everyone: true}, home_urls: ["https://notes.example/in", "CALLBACK"],
         cas: {proxy: true, single_logout: false}}
    app_ids:
      - {name: crm,`

// casStage is an installation with applications of CAS that attacks share.
type casStage struct {
	house    *harness.Installation
	n        *harness.Node
	proxy    *callback
	manifest string // that is applied
}

// casAttacks goes on with the list of attacks where applications speak CAS.
var casAttacks = []struct {
	name string // begins with the row
	test func(t *testing.T, s casStage)
}{
	{"14 a service that looks like a registered one", foreignServices},
	{"14 an unsafe service is registered", unsafeServices},
	{"14 a sign-out that leads elsewhere", foreignDepartures},
	{"68 a ticket used again, elsewhere or changed", changedServiceTickets},
	{"69 proxies", foreignProxies},
	{"69 a session in place of a fresh proof", staleProofs},
	{"70 the state of a sign-in on its way", changedStates},
}

func TestAttacksOnCAS(t *testing.T) {
	certificate := harness.NewCertificate(t)
	s := casStage{house: harness.New(t, harness.Options{Empty: true}), proxy: newCallback(t)}
	applications := strings.Replace(boardApplications, "CALLBACK", s.proxy.url, 1)
	s.manifest = strings.Replace(harness.Manifest(s.house.Mail.Port()), "    app_ids:\n      - {name: crm,", applications, 1)
	s.house.Apply(t, s.manifest)
	s.n = s.house.StartWithTLS(t, certificate)
	for _, a := range casAttacks {
		t.Run(a.name, func(t *testing.T) { a.test(t, s) })
	}
}

// callback is where an application takes proxy-granting tickets.
type callback struct {
	url  string
	mu   sync.Mutex
	last url.Values
}

func newCallback(t *testing.T) *callback {
	t.Helper()
	c := &callback{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.last = r.URL.Query()
	}))
	t.Cleanup(server.Close)
	c.url = server.URL + "/pgt"
	return c
}

func (c *callback) ticket() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last.Get("pgtId")
}

func (s casStage) browser(t *testing.T) *harness.Browser {
	t.Helper()
	return harness.NewBrowser(t, "https://board.example/", "https://notes.example/").Trust(s.n)
}

func (s casStage) login(service string, more ...string) string {
	q := url.Values{"service": {service}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return s.n.URL + "/cas/login?" + q.Encode()
}

// signedIn is a browser in which alice has entered the board.
func (s casStage) signedIn(t *testing.T) *harness.Browser {
	t.Helper()
	b := s.browser(t)
	s.ticketOf(t, b.SignIn(t, b.Open(t, s.login(boardHome)), harness.Alice), boardHome)
	return b
}

// ticket is one of somebody who is signed in.
func (s casStage) ticket(t *testing.T, b *harness.Browser, service string) string {
	t.Helper()
	return s.ticketOf(t, b.Open(t, s.login(service)), service)
}

func (s casStage) ticketOf(t *testing.T, page harness.Page, service string) string {
	t.Helper()
	ticket := page.URL.Query().Get("ticket")
	if page.Status != 0 || !strings.HasPrefix(page.URL.String(), service) || !strings.HasPrefix(ticket, "ST-") {
		t.Fatalf("got %d at %s, want a ticket at %s:\n%.600s", page.Status, page.URL, service, page.Text)
	}
	s.house.Secret(ticket)
	return ticket
}

// validated asks at a path who a ticket stands for; it is "" for accepted.
func (s casStage) validated(t *testing.T, path, service, ticket string, more ...string) string {
	t.Helper()
	q := url.Values{"service": {service}, "ticket": {ticket}, "format": {"JSON"}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	var a struct {
		Response struct {
			Success *struct{ User string } `json:"authenticationSuccess"`
			Failure struct{ Code string }  `json:"authenticationFailure"`
		} `json:"serviceResponse"`
	}
	s.n.Do(t, harness.Call{Path: path + "?" + q.Encode()}).Into(t, &a)
	if got := a.Response.Success; got != nil && got.User != harness.Alice {
		t.Errorf("got %+v, want alice", got)
	}
	return a.Response.Failure.Code
}

const validateAt = "/cas/serviceValidate"

// foreignServices: neither ticket nor browser leaves for an address that is no
// application's own.
func foreignServices(t *testing.T, s casStage) {
	b := s.signedIn(t)
	for _, service := range []string{
		"https://board.example.evil.tld/in", "https://board.example@evil.tld/in", "https://evil.tld/?https://board.example/in",
		"https://evil.tld/#https://board.example/in", "https://board.example/in#x", "https://board.example/in/", "https://board.example/in?x=1",
		"https://BOARD.example/in", "HTTPS://board.example/in", "http://board.example/in", "https://board.example:443/in",
		"https://board.example/pages/../admin", "https://board.example/pages/%2e%2e/admin", "https://board.example/pages/..;/admin",
		"https://board.example/pages/..%2fadmin", "https://board.example/pagesx", "https://board.example\\@evil.tld/", "//board.example/in",
		"https://board.example/pages/?ticket=ST-of-the-attacker", "javascript:alert(1)", "https://board.example/pages/" + strings.Repeat("x", 1024),
	} {
		for _, more := range []string{"x", "gateway", "renew"} {
			page := b.Open(t, s.login(service, more, "true"))
			if page.URL.Host != s.n.Host() || page.Status != http.StatusNotFound || strings.Contains(page.Text, "ST-a") {
				t.Errorf("%s with %s: the browser is at %s (%d), want an error page of ours", service, more, page.URL, page.Status)
			}
		}
	}
	page := b.Open(t, s.login(boardHome)+"&service="+url.QueryEscape("https://evil.tld/"))
	if page.URL.Host != s.n.Host() || page.Status != http.StatusBadRequest {
		t.Errorf("two services: got %d at %s", page.Status, page.URL)
	}
}

// unsafeServices: what would be unsafe is refused when it is saved, and what
// another application has, too.
func unsafeServices(t *testing.T, s casStage) {
	for _, settings := range []string{
		`home_urls: ["http://evil.example/"]`, `home_urls: ["https://a@evil.example/"]`, `home_urls: ["https://evil.example/#x"]`,
		`home_urls: ["https://evil.example/a/../b"]`, `home_urls: ["javascript:alert(1)"]`, `home_urls: ["https://evil.example/?ticket=x"]`,
		`home_urls: ["https://evil.example/"], cas: {service_prefixes: ["https://evil.example"]}`,
		`home_urls: ["https://evil.example/"], cas: {service_prefixes: ["https://*.evil.example/"]}`,
		`home_urls: ["https://evil.example/"], cas: {service_prefixes: ["https://evil.example/%2e%2e/"]}`,
		`home_urls: ["https://board.example/in"]`, `home_urls: ["https://board.example/pages/2"]`,
		`home_urls: ["https://evil.example/"], cas: {service_prefixes: ["https://board.example/"]}`,
	} {
		evil := "    applications:\n      - {name: Evil, protocol: cas, client_id: evil, " + settings + "}\n"
		s.house.Run(t, "apply", "-f", s.house.Write(t, "evil.yaml", strings.Replace(s.manifest, "    applications:\n", evil, 1))).Want(t, 1)
	}
	if got := s.house.Run(t, "export").Out; strings.Contains(got, "client_id: evil") {
		t.Errorf("an unsafe application was saved:\n%s", got)
	}
}

// foreignDepartures: a sign-out leads only to where the session's own
// applications are.
func foreignDepartures(t *testing.T, s casStage) {
	for service, follows := range map[string]bool{
		boardPage: true, "https://board.example/bye": true, "https://notes.example/in": false, "https://evil.tld/": false,
		"https://board.example.evil.tld/bye": false, "https://board.example@evil.tld/": false, "//evil.tld/": false, "javascript:alert(1)": false,
	} {
		b := s.browser(t)
		ticket := s.ticketOf(t, b.SignIn(t, b.Open(t, s.login(boardHome)), harness.Alice), boardHome)
		if code := s.validated(t, validateAt, boardHome, ticket); code != "" {
			t.Fatalf("got %s", code)
		}
		page := b.Open(t, s.n.URL+"/cas/logout?"+url.Values{"service": {service}}.Encode())
		if got := page.Status == 0 && page.URL.String() == service; got != follows || !got && page.URL.Host != s.n.Host() {
			t.Errorf("%s: got %d at %s", service, page.Status, page.URL)
		}
		if page := b.Open(t, s.login(boardHome, "gateway", "true")); page.URL.Query().Has("ticket") {
			t.Errorf("%s: still signed in", service)
		}
	}
}

// changedServiceTickets: a ticket counts once, at its service, as it was made.
func changedServiceTickets(t *testing.T, s casStage) {
	b := s.signedIn(t)
	first, second := s.ticket(t, b, boardHome), s.ticket(t, b, boardHome)
	if first == second || entropy(first[3+26:]) < leastEntropy {
		t.Errorf("tickets are guessed: %s, %s", first, second)
	}
	for name, changed := range map[string]string{
		"cut": first[:len(first)-1], "longer": first + "a", "in capitals": "ST-" + strings.ToUpper(first[3:]), "another prefix": "PT-" + first[3:],
		"the proof of another": first[:40] + second[40:],
	} {
		if code := s.validated(t, validateAt, boardHome, changed); code != "INVALID_TICKET" {
			t.Errorf("%s: got %q", name, code)
		}
	}
	for _, path := range []string{
		"/cas/serviceValidate", "/cas/p3/serviceValidate", "/cas/proxyValidate", "/orgid/openapi/v1/cas/p3/serviceValidate", "/v1/cas/serviceValidate",
	} {
		ticket := s.ticket(t, b, boardHome)
		if code := s.validated(t, path, boardHome, ticket); code != "" {
			t.Errorf("%s: got %q", path, code)
		}
		if code := s.validated(t, path, boardHome, ticket); code != "INVALID_TICKET" {
			t.Errorf("%s, again: got %q", path, code)
		}
		for _, service := range []string{boardHome + "/", boardPage, notesHome, "https://evil.tld/"} {
			ticket := s.ticket(t, b, boardHome)
			if code := s.validated(t, path, service, ticket); code != "INVALID_SERVICE" {
				t.Errorf("%s, at %s: got %q", path, service, code)
			}
			if code := s.validated(t, path, boardHome, ticket); code != "INVALID_TICKET" {
				t.Errorf("%s, after an attempt at %s: got %q", path, service, code)
			}
		}
	}
	left := s.ticket(t, b, boardHome)
	b.Open(t, s.n.URL+"/cas/logout")
	if code := s.validated(t, validateAt, boardHome, left); code != "INVALID_TICKET" {
		t.Errorf("after the sign-out: got %q", code)
	}
}

// foreignProxies: a proxy-granting ticket goes to the application's own https
// address alone, and what comes of it counts where proxies count.
func foreignProxies(t *testing.T, s casStage) {
	b := s.signedIn(t)
	for target, want := range map[string]string{
		strings.Replace(s.proxy.url, "https", "http", 1): "INVALID_PROXY_CALLBACK", boardHome: "INVALID_PROXY_CALLBACK",
		"https://127.0.0.1:1/": "INVALID_PROXY_CALLBACK", s.proxy.url + "/x": "INVALID_PROXY_CALLBACK", s.proxy.url: "",
	} {
		if code := s.validated(t, validateAt, notesHome, s.ticket(t, b, notesHome), "pgtUrl", target); code != want {
			t.Errorf("%s: got %q, want %q", target, code, want)
		}
	}
	if code := s.validated(t, validateAt, boardHome, s.ticket(t, b, boardHome), "pgtUrl", boardHome); code != "UNAUTHORIZED_SERVICE_PROXY" {
		t.Errorf("an application that may not: got %q", code)
	}
	granting := s.proxy.ticket()
	s.house.Secret(granting)
	proxied := func() string {
		t.Helper()
		body := string(s.n.Do(t, harness.Call{Path: "/cas/proxy?" + url.Values{"pgt": {granting}, "targetService": {boardHome}}.Encode()}).Body)
		_, rest, _ := strings.Cut(body, "<cas:proxyTicket>")
		ticket, _, _ := strings.Cut(rest, "<")
		return ticket
	}
	if code := s.validated(t, validateAt, boardHome, proxied()); code != "INVALID_TICKET_SPEC" {
		t.Errorf("where no proxy counts: got %q", code)
	}
	if code := s.validated(t, "/cas/proxyValidate", boardHome, proxied()); code != "" {
		t.Errorf("where proxies count: got %q", code)
	}
	if code := s.validated(t, "/cas/proxyValidate", boardHome, granting); code != "INVALID_TICKET" {
		t.Errorf("the granting ticket itself: got %q", code)
	}
	b.Open(t, s.n.URL+"/cas/logout")
	if ticket := proxied(); ticket != "" {
		t.Error("the granting ticket outlives the session")
	}
}

// staleProofs: where a fresh proof is demanded a session does not do, and one
// proof makes one ticket.
func staleProofs(t *testing.T, s casStage) {
	b := s.signedIn(t)
	if code := s.validated(t, validateAt, boardHome, s.ticket(t, b, boardHome), "renew", "true"); code != "INVALID_TICKET" {
		t.Errorf("a ticket by the session: got %q", code)
	}
	asks := b.Open(t, s.login(boardHome, "renew", "true", "gateway", "true"))
	page := b.SignIn(t, asks, harness.Alice)
	if code := s.validated(t, validateAt, boardHome, s.ticketOf(t, page, boardHome), "renew", "true"); code != "" {
		t.Errorf("a ticket of a fresh proof: got %q", code)
	}
	// The address at which the request was kept, again.
	again := b.Open(t, s.login(boardHome, "renew", "true"))
	if again.Status != http.StatusOK || again.URL.Host != s.n.Host() {
		t.Errorf("renewed by the proof of before: got %d at %s", again.Status, again.URL)
	}
}

// changedStates: what stands in the browser on the way is a word that nobody
// makes, and leads nobody else anywhere.
func changedStates(t *testing.T, s casStage) {
	b := s.browser(t)
	page := b.Open(t, s.login(boardHome))
	if page.URL.Path != "/login" {
		t.Fatalf("got %s", page.URL)
	}
	for _, word := range []string{"", "x", strings.Repeat("a", 81), page.URL.Query().Get("flow")} {
		got := s.browser(t).Open(t, s.n.URL+"/cas/login?"+url.Values{"asked": {word}, "service": {"https://evil.tld/"}}.Encode())
		if got.URL.Host != s.n.Host() || got.Status < 400 {
			t.Errorf("asked=%q: got %d at %s", word, got.Status, got.URL)
		}
	}
	// The conversation of this browser, in another: there is none.
	other := s.browser(t)
	taken := other.Open(t, page.URL.String())
	if end := other.SignIn(t, taken, harness.Alice); end.Status == 0 {
		t.Errorf("another browser went on with the conversation, to %s", end.URL)
	}
}
