package source

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// fakeCAS is a CAS server of all three versions, written from the CAS Protocol
// Specification 3.0. A test breaks one thing of it.
type fakeCAS struct {
	server     *httptest.Server
	user       string
	attributes map[string][]string
	service    string       // the only one it knows; "" knows every
	replace    http.Handler // answers validations in its place

	mu      sync.Mutex
	tickets map[string]string // service by ticket
	asked   []url.Values      // of validations
}

func newCAS(t *testing.T) *fakeCAS {
	t.Helper()
	c := &fakeCAS{user: "zhang", tickets: map[string]string{}, attributes: map[string][]string{
		"mail": {"zhang@acme.example", "san@acme.example"}, "displayName": {"Zhang San"}, "urn:oid:1.2.3": {"7"},
	}}
	c.server = httptest.NewServer(c)
	t.Cleanup(c.server.Close)
	return c
}

// ServeHTTP answers the addresses of a server below /cas.
func (c *fakeCAS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if r.URL.Path == "/cas/login" {
		if c.service != "" && !strings.HasPrefix(q.Get("service"), c.service) {
			http.Error(w, "Application Not Authorized to Use CAS", http.StatusForbidden)
			return
		}
		ticket := "ST-1-" + rand.Text()
		c.mu.Lock()
		c.tickets[ticket] = q.Get("service")
		c.mu.Unlock()
		http.Redirect(w, r, q.Get("service")+"&ticket="+ticket, http.StatusFound)
		return
	}
	c.mu.Lock()
	c.asked = append(c.asked, q)
	service, known := c.tickets[q.Get("ticket")]
	delete(c.tickets, q.Get("ticket"))
	c.mu.Unlock()
	code := ""
	switch {
	case c.replace != nil:
		c.replace.ServeHTTP(w, r)
		return
	case !known:
		code = "INVALID_TICKET"
	case service != q.Get("service"):
		code = "INVALID_SERVICE"
	}
	switch {
	case r.URL.Path == "/cas/validate":
		c.plain(w, code)
	case q.Get("format") == "JSON":
		c.json(w, code)
	default:
		c.xml(w, code, strings.HasPrefix(r.URL.Path, "/cas/p3/"))
	}
}

func (c *fakeCAS) plain(w http.ResponseWriter, code string) {
	if code != "" {
		fmt.Fprint(w, "no\n\n")
		return
	}
	fmt.Fprintf(w, "yes\n%s\n", c.user)
}

func (c *fakeCAS) json(w http.ResponseWriter, code string) {
	verdict := map[string]any{"authenticationSuccess": map[string]any{"user": c.user, "attributes": c.attributes}}
	if code != "" {
		verdict = map[string]any{"authenticationFailure": map[string]any{"code": code, "description": "the ticket"}}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"serviceResponse": verdict})
}

func (c *fakeCAS) xml(w http.ResponseWriter, code string, attributes bool) {
	if code != "" {
		fmt.Fprintf(w, "<cas:serviceResponse xmlns:cas='%s'>\n <cas:authenticationFailure code=\"%s\">the ticket</cas:authenticationFailure>\n</cas:serviceResponse>", casNamespace, code)
		return
	}
	fmt.Fprintf(w, "<cas:serviceResponse xmlns:cas='%s'><cas:authenticationSuccess><cas:user>%s</cas:user>", casNamespace, c.user)
	if attributes {
		fmt.Fprint(w, "<cas:attributes>")
		for name, values := range c.attributes {
			for _, value := range values {
				if !strings.Contains(name, ":") {
					fmt.Fprintf(w, "<cas:%s>%s</cas:%s>", name, value, name)
				}
			}
		}
		fmt.Fprint(w, "</cas:attributes>")
	}
	fmt.Fprint(w, "</cas:authenticationSuccess></cas:serviceResponse>")
}

func (c *fakeCAS) settings(change ...Values) Values {
	v := Values{"login_url": c.server.URL + "/cas/login", "validate_url": c.server.URL + "/cas/p3/serviceValidate"}
	for _, more := range change {
		v = v.with(more)
	}
	return v
}

// casSignIn goes the whole way of a sign-in at a CAS server.
func (h *house) casSignIn(f Found) (identity.Profile, *trace.Story, error) {
	h.t.Helper()
	return h.signInAt(f, &fakeCentre{})
}

func TestACASServerNamesThePerson(t *testing.T) {
	type said = map[string]string
	tests := []struct {
		name string
		with func(*fakeCAS) Values
		want identity.Profile
	}{
		{
			"version 3, XML", func(*fakeCAS) Values { return nil },
			identity.Profile{Subject: "zhang", Account: "zhang", Name: "Zhang San", Email: "zhang@acme.example", Said: said{"mail": "zhang@acme.example", "user": "zhang"}},
		},
		{
			"version 3, JSON", func(*fakeCAS) Values { return Values{"format": "json"} },
			identity.Profile{Subject: "zhang", Account: "zhang", Name: "Zhang San", Email: "zhang@acme.example", Said: said{"mail": "zhang@acme.example", "user": "zhang"}},
		},
		{
			"version 2", func(c *fakeCAS) Values {
				return Values{"version": "2", "validate_url": c.server.URL + "/cas/serviceValidate?tenant=1"}
			}, identity.Profile{Subject: "zhang", Account: "zhang", Said: said{"user": "zhang"}},
		},
		{
			"version 1", func(c *fakeCAS) Values {
				return Values{"version": "1", "format": "json", "validate_url": c.server.URL + "/cas/validate"}
			}, identity.Profile{Subject: "zhang", Account: "zhang", Said: said{"user": "zhang"}},
		},
		{
			"a subject of its own", func(c *fakeCAS) Values {
				c.attributes = map[string][]string{"urn:oid:1.2.3": {"7"}, "mail": {"a@b.example"}, "email_verified": {"false"}}
				return Values{"format": "json", "subject_field": "urn:oid:1.2.3"}
			}, identity.Profile{Subject: "7", Account: "zhang", Email: "a@b.example", EmailDoubted: true, Said: said{"mail": "a@b.example", "user": "zhang"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, c := newHouse(t, houseOptions{}), newCAS(t)
			rules := identity.SourceRules{Ours: identity.MatchEmail, Theirs: "mail", Mappings: []identity.Mapping{{Ours: "title", Theirs: "user"}}}
			f := h.add(identity.SourceCAS, c.settings(tt.with(c)), rules)
			got, story, err := h.casSignIn(f)
			if err != nil {
				check, detail := firstBad(story)
				t.Fatalf("%v at %s: %+v", err, check, detail)
			}
			if asked := c.asked[0]; got.SessionID != asked.Get("ticket") || !strings.HasPrefix(asked.Get("service"), h.CallbackOf(f.Source)+"?state=") {
				t.Errorf("the session is %q, asked for %v", got.SessionID, asked)
			}
			got.SessionID = ""
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			for _, step := range story.Steps() {
				if text := step.Detail.Expected + step.Detail.Received; strings.Contains(text, "ST-1-") {
					t.Errorf("%s tells the ticket: %s", step.Check, text)
				}
			}
		})
	}
}

// What a CAS server answers, byte by byte.
func TestReadCAS(t *testing.T) {
	success := func(inner string) string {
		return "<cas:serviceResponse xmlns:cas='" + casNamespace + "'><cas:authenticationSuccess>" + inner + "</cas:authenticationSuccess></cas:serviceResponse>"
	}
	tests := []struct {
		name, version, raw string
		user, code, got    string
	}{
		// The examples of the specification, 2.5.2, 2.5.3 and Appendix A.
		{name: "success", version: "2", raw: "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>\n <cas:authenticationSuccess>\n  <cas:user>username</cas:user>\n  <cas:proxyGrantingTicket>PGTIOU-84678-8a9d...</cas:proxyGrantingTicket>\n </cas:authenticationSuccess>\n</cas:serviceResponse>\n", user: "username"},
		{name: "failure", version: "2", raw: "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\"><cas:authenticationFailure code=\"INVALID_TICKET\">Ticket ST-1856339-aA5Yuvrxzpv8Tau1cYQ7 not recognized</cas:authenticationFailure></cas:serviceResponse>", code: "INVALID_TICKET"},
		{name: "with a declaration", version: "3", raw: "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + success("<cas:user> u </cas:user>"), user: "u"},
		{name: "JSON", version: "3", raw: `{"serviceResponse":{"authenticationSuccess":{"user":"username","proxyGrantingTicket":"PGTIOU-1"}}}`, user: "username"},
		{name: "JSON failure", version: "3", raw: `{"serviceResponse":{"authenticationFailure":{"code":"INVALID_SERVICE","description":"no"}}}`, code: "INVALID_SERVICE"},
		{name: "version 1", version: "1", raw: "yes\r\nusername\r\n", user: "username"},
		{name: "version 1, no", version: "1", raw: "no\n\n", code: "-"},

		{name: "version 1 with a second line", version: "1", raw: "yes\na\nb\n", got: "text that is neither yes with an account nor no"},
		{name: "version 1, a page", version: "1", raw: "<html>", got: "text that is neither yes with an account nor no"},
		{name: "nothing", version: "3", raw: " \n", got: "nothing"},
		{name: "broken text", version: "3", raw: "<a>\xff</a>", got: "text that is not UTF-8"},
		{name: "another text", version: "3", raw: "yes\nu\n", got: "text that is neither XML nor JSON"},
		{name: "no user", version: "3", raw: success(""), got: "a success that names not one person"},
		{name: "two users", version: "3", raw: success("<cas:user>a</cas:user><cas:user>b</cas:user>"), got: "a success that names not one person"},
		{name: "a comment in the user", version: "3", raw: success("<cas:user>admin<!-- -->.evil</cas:user>"), got: "XML that is not taken: with a document type, an instruction or a comment in it"},
		{name: "a document type", version: "3", raw: "<!DOCTYPE x [<!ENTITY u 'admin'>]>" + success("<cas:user>&u;</cas:user>"), got: "XML that is not taken: with a document type, an instruction or a comment in it"},
		{name: "an instruction", version: "3", raw: success("<?x y?><cas:user>a</cas:user>"), got: "XML that is not taken: with a document type, an instruction or a comment in it"},
		{name: "an unknown entity", version: "3", raw: success("<cas:user>&u;</cas:user>"), got: "XML that is not taken: not well formed"},
		{name: "cut off", version: "3", raw: success("<cas:user>a</cas:user>")[:120], got: "XML that is not taken: not well formed"},
		{name: "something behind it", version: "3", raw: success("<cas:user>a</cas:user>") + "<x/>", got: "XML that is not taken: not well formed"},
		{name: "another charset", version: "3", raw: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + success("<cas:user>a</cas:user>"), got: "XML that is not taken: not well formed"},
		{name: "another namespace", version: "3", raw: "<cas:serviceResponse xmlns:cas='urn:x'><cas:authenticationSuccess><cas:user>a</cas:user></cas:authenticationSuccess></cas:serviceResponse>", got: "XML that is no answer of CAS"},
		{name: "no namespace", version: "3", raw: "<serviceResponse><authenticationSuccess><user>a</user></authenticationSuccess></serviceResponse>", got: "XML that is no answer of CAS"},
		{name: "a user of another namespace", version: "3", raw: success("<x:user xmlns:x='urn:x'>a</x:user>"), got: "XML that is no answer of CAS"},
		{name: "two verdicts", version: "3", raw: "<cas:serviceResponse xmlns:cas='" + casNamespace + "'><cas:authenticationFailure/><cas:authenticationSuccess><cas:user>a</cas:user></cas:authenticationSuccess></cas:serviceResponse>", got: "XML that is no answer of CAS"},
		{name: "too deep", version: "3", raw: strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40), got: "XML that is not taken: too deep or too long"},
		{name: "a page", version: "3", raw: html, got: "XML that is not taken: with a document type, an instruction or a comment in it"},
		{name: "both verdicts in JSON", version: "3", raw: `{"serviceResponse":{"authenticationFailure":{"code":"x"},"authenticationSuccess":{"user":"a"}}}`, got: "an object with serviceResponse.authenticationFailure, serviceResponse.authenticationSuccess, without one verdict"},
		{name: "no user in JSON", version: "3", raw: `{"serviceResponse":{"authenticationSuccess":{"user":["a"]}}}`, got: "a success that names nobody"},
		{name: "broken JSON", version: "3", raw: `{"serviceResponse":`, got: "text that is not JSON"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, got := readCAS([]byte(tt.raw), tt.version)
			if got != tt.got || a.user != tt.user || a.failed != (tt.code != "") || a.failed && tt.code != "-" && a.code != tt.code {
				t.Errorf("got %+v, %q", a, got)
			}
		})
	}
}

func FuzzReadCAS(f *testing.F) {
	for _, seed := range []string{
		"yes\nusername\n", `{"serviceResponse":{"authenticationSuccess":{"user":"u","attributes":{"a":["b",1,true]}}}}`,
		"<cas:serviceResponse xmlns:cas='" + casNamespace + "'><cas:authenticationSuccess><cas:user>u</cas:user><cas:attributes><cas:a>b</cas:a></cas:attributes></cas:authenticationSuccess></cas:serviceResponse>",
	} {
		f.Add([]byte(seed), "3")
		f.Add([]byte(seed), "1")
	}
	f.Fuzz(func(t *testing.T, raw []byte, version string) {
		a, got := readCAS(raw, version)
		if got == "" && !a.failed && strings.TrimSpace(a.user) == "" || got != "" && a.user != "" {
			t.Errorf("%q: %+v, %q", raw, a, got)
		}
	})
}

func logoutRequest(tickets ...string) string {
	text := `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2026-03-02T09:30:00Z"><saml:NameID>@NOT_USED@</saml:NameID>`
	for _, ticket := range tickets {
		text += "<samlp:SessionIndex>" + ticket + "</samlp:SessionIndex>"
	}
	return text + "</samlp:LogoutRequest>"
}

func TestCASLogoutRequests(t *testing.T) {
	h, c := newHouse(t, houseOptions{}), newCAS(t)
	f := h.add(identity.SourceCAS, c.settings(), byMail())
	for name, tt := range map[string]struct{ request, ticket string }{
		"whole":               {logoutRequest("ST-1-abc"), "ST-1-abc"},
		"twice":               {logoutRequest("ST-1-abc"), "ST-1-abc"},
		"with a declaration":  {"<?xml version=\"1.0\"?>\n" + logoutRequest(" ST-1-abc "), "ST-1-abc"},
		"nothing":             {"", ""},
		"no ticket":           {logoutRequest(), ""},
		"an empty ticket":     {logoutRequest(""), ""},
		"two tickets":         {logoutRequest("ST-1", "ST-2"), ""},
		"a ticket of blanks":  {logoutRequest("a b"), ""},
		"an entity":           {"<!DOCTYPE a [<!ENTITY x 'ST-1'>]>" + logoutRequest("&x;"), ""},
		"another namespace":   {strings.ReplaceAll(logoutRequest("ST-1"), "SAML:2.0:protocol", "SAML:1.0:protocol"), ""},
		"another request":     {strings.ReplaceAll(logoutRequest("ST-1"), "LogoutRequest", "AuthnRequest"), ""},
		"longer than allowed": {logoutRequest(strings.Repeat("x", maxCode)), ""},
	} {
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		got, err := h.Ended(t.Context(), f, url.Values{"logoutRequest": {tt.request}}, story)
		check, _ := firstBad(story)
		if got != (Ended{SessionID: tt.ticket}) || (err == nil) != (tt.ticket != "") || (check == trace.LogoutRequest) != (tt.ticket == "") {
			t.Errorf("%s: %+v, %v at %q", name, got, err, check)
		}
	}
}

func FuzzReadCASLogout(f *testing.F) {
	f.Add(logoutRequest("ST-1"))
	f.Fuzz(func(t *testing.T, text string) {
		if ticket, got := readCASLogout(text); (got == "") != isTicket(ticket) || got != "" && ticket != "" {
			t.Errorf("%q, %q", ticket, got)
		}
	})
}

func TestWhatIsRefusedOfACASServer(t *testing.T) {
	h := newHouse(t, houseOptions{})
	good := Values{"login_url": "https://c.example/login", "validate_url": "https://c.example/validate"}
	for want, change := range map[string]Values{
		"field_missing at settings.login_url, field_missing at settings.validate_url": {"login_url": "", "validate_url": ""},
		"field_choice at settings.version":                                            {"version": "4"},
		"field_choice at settings.format":                                             {"format": "yaml"},
		"field_choice at settings.subject_field":                                      {"version": "1", "subject_field": "mail"},
		"field_unknown at settings.client_secret":                                     {"client_secret": "s"},
		"": {"version": "1"},
	} {
		_, err := h.Add(t.Context(), console, h.org.ID, NewSource{Name: "p", Kind: identity.SourceCAS, Enabled: true, Settings: good.with(change), Rules: byMail()})
		if want == "" {
			if err != nil {
				t.Errorf("%s", codes(err))
			}
			continue
		}
		if codes(err) != want {
			t.Errorf("got %s, want %s", codes(err), want)
		}
	}
}
