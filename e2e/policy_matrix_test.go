package e2e_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
)

// gated is an installation of two nodes with an application of OpenID Connect
// and one of CAS, each with one policy.
type gated struct {
	house    *harness.Installation
	a, b     *harness.Node
	owner    string // a token of acme's owner
	wiki     map[*harness.Node]*harness.Party
	policies map[string]string // addresses, by client id
	regions  map[string]string // identifiers, by network
}

const (
	acmePath = "/api/v1/organizations/acme"
	// here is where the tests run, yonder a network from which nobody comes.
	here   = "127.0.0.0/8"
	yonder = "10.0.0.0/8"
)

func newGated(t *testing.T, o harness.Options) *gated {
	t.Helper()
	house := harness.New(t, o)
	manifest := harness.Applications(harness.Manifest(house.Mail.Port()))
	const board = `      - {name: Board, protocol: cas, client_id: board, access: {everyone: true}, home_urls: ["` + boardHome + `"]}
    app_ids:
      - {name: crm`
	house.Apply(t, strings.Replace(manifest, "    app_ids:\n      - {name: crm", board, 1))
	house.Secret(harness.Wiki.Secret)
	h := &gated{house: house, a: house.Start(t), b: house.Start(t), policies: map[string]string{}, regions: map[string]string{}}
	h.owner = h.a.SignIn(t, harness.Owner).AccessToken
	h.wiki = map[*harness.Node]*harness.Party{h.a: h.a.Party(t, harness.Wiki), h.b: h.b.Party(t, harness.Wiki)}
	for _, network := range []string{here, yonder} {
		h.regions[network] = h.made(t, "/regions", map[string]any{"name": network, "network": network})
	}
	for _, app := range []string{"wiki", "board"} {
		path := "/applications/" + app + "/policies"
		h.policies[app] = acmePath + path + "/" + h.made(t, path, map[string]any{"name": "The one", "decision": "allow"})
	}
	return h
}

// made makes something and returns its identifier.
func (h *gated) made(t *testing.T, path string, body any) string {
	t.Helper()
	var made struct{ ID string }
	h.a.Do(t, harness.Call{Path: acmePath + path, Header: bearer(h.owner), Body: body}).Want(t, http.StatusCreated, "").Into(t, &made)
	return made.ID
}

// edit changes something at the first node.
func (h *gated) edit(t *testing.T, path string, body any) {
	t.Helper()
	h.a.Do(t, harness.Call{Method: http.MethodPatch, Path: path, Header: bearer(h.owner), Body: body}).Want(t, http.StatusOK, "")
}

// open lets everybody in.
func (h *gated) open(t *testing.T) {
	t.Helper()
	for app := range h.policies {
		h.edit(t, acmePath+"/applications/"+app+"/access-control", map[string]any{"enabled": false})
	}
}

// guard makes the one policy of both applications decide, and something else
// where it does not hold.
func (h *gated) guard(t *testing.T, decision, otherwise string, c circumstance) {
	t.Helper()
	regions := []string{}
	if c.network != "" {
		regions = append(regions, h.regions[c.network])
	}
	for app, policy := range h.policies {
		h.edit(t, policy, map[string]any{"decision": decision, "schedule": c.schedule, "regions": regions})
		h.edit(t, acmePath+"/applications/"+app+"/access-control", map[string]any{"enabled": true, "default": otherwise})
	}
}

// circumstance is a condition of a policy, and whether it holds here and now.
type circumstance struct {
	name     string
	schedule map[string]any
	network  string            // "" is everywhere
	says     map[string]string // header fields of browsers and applications
	holds    bool
}

// elsewhere are the fields by which proxies tell where a client is. Nobody here
// is a proxy.
var elsewhere = map[string]string{
	"X-Forwarded-For": "10.1.2.3", "Forwarded": "for=10.1.2.3", "X-Real-IP": "10.1.2.3", "True-Client-IP": "10.1.2.3",
	"CF-Connecting-IP": "10.1.2.3", "X-Client-IP": "10.1.2.3", "X-Cluster-Client-IP": "10.1.2.3", "Via": "1.1 10.1.2.3",
}

// around are hours from one distance to now to another. They may lie about
// midnight.
func around(from, to time.Duration) map[string]any {
	now := time.Now().UTC()
	return map[string]any{"starts": now.Add(from).Format("15:04"), "ends": now.Add(to).Format("15:04"), "zone": "UTC"}
}

func circumstances() []circumstance {
	return []circumstance{
		{name: "in time", schedule: around(-2*time.Hour, 2*time.Hour), holds: true},
		{name: "out of time", schedule: around(2*time.Hour, 4*time.Hour)},
		{name: "in the region", schedule: map[string]any{}, network: here, holds: true},
		{name: "out of the region", schedule: map[string]any{}, network: yonder},
		{name: "as if from the region", schedule: map[string]any{}, network: yonder, says: elsewhere},
	}
}

// decisions are what a policy may say, beside a default that says otherwise.
var decisions = []struct {
	decision, otherwise string
	want                map[bool]verdict // by whether the policy holds
}{
	{"allow", "deny", map[bool]verdict{true: enters, false: refused}},
	{"deny", "allow", map[bool]verdict{true: refused, false: enters}},
	{"second_verification", "allow", map[bool]verdict{true: unproven, false: enters}},
	{"second_verification", "deny", map[bool]verdict{true: unproven, false: refused}},
}

// TestPoliciesAtEveryWay asks at each way in, under each decision, whether a
// policy holds (OrgID, F.1). It is edited at one node and asked about at the
// other, at once.
func TestPoliciesAtEveryWay(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		h := newGated(t, o)
		b := harness.NewBrowser(t, "http://127.0.0.1:9", "https://board.example/")
		for _, c := range circumstances() {
			for _, d := range decisions {
				t.Run(c.name+", "+d.decision+" or "+d.otherwise, func(t *testing.T) {
					b.Says = c.says
					h.open(t)
					p := h.enter(t, h.b, b)
					h.guard(t, d.decision, d.otherwise, c)
					h.askAll(t, p, d.want[c.holds])
				})
			}
		}
	})
}

// askAll asks at each way in at the second node.
func (h *gated) askAll(t *testing.T, p *pass, want verdict) {
	t.Helper()
	for _, way := range waysIn {
		expected := want
		if want == unproven && !way.attends {
			expected = refused
		}
		if got := way.ask(t, h, h.b, p); got != expected {
			t.Errorf("%s: bob %s, want that he %s", way.name, got, expected)
		}
	}
}

// TestSecondProofOpensEveryWay gives a second proof at one way, which then
// counts at all of them, and is told to the application.
func TestSecondProofOpensEveryWay(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		h := newGated(t, o)
		h.guard(t, "second_verification", "deny", circumstance{schedule: map[string]any{}})
		b := harness.NewBrowser(t, "http://127.0.0.1:9", "https://board.example/")
		asked := h.wiki[h.b].Ask()
		page := b.SignIn(t, b.Open(t, asked.URL), harness.Bob)
		if got := h.seen(t, page, "code"); got != unproven {
			t.Fatalf("bob %s, want that he %s", got, unproven)
		}
		page = h.prove(t, b, page)
		in, err := h.wiki[h.b].Redeem(t.Context(), asked, h.b.Answer(t, h.wiki[h.b], asked, page).Get("code"))
		if err != nil {
			t.Fatal(err)
		}
		if got := in.Claims["acr"]; got != "urn:orgate:loa:2" {
			t.Errorf("acr: got %v", got)
		}
		h.askAll(t, h.enter(t, h.b, b), enters)
		// What another session proved counts in that one alone.
		other := harness.NewBrowser(t, "http://127.0.0.1:9")
		if got := h.seen(t, other.SignIn(t, other.Open(t, h.wiki[h.b].Ask().URL), harness.Bob), "code"); got != unproven {
			t.Errorf("another session: bob %s, want that he %s", got, unproven)
		}
	})
}

// digits are those of a code in a mail.
var digits = regexp.MustCompile(`\b[0-9]{6}\b`)

// prove gives the second proof that a page asks for, by mail.
func (h *gated) prove(t *testing.T, b *harness.Browser, page harness.Page) harness.Page {
	t.Helper()
	for i, form := range page.Forms {
		if form.Values.Get("method") != "mail" {
			continue
		}
		page = b.Fill(t, page, i, "", nil)
		code := digits.FindString(h.house.Mail.Take(t, harness.Bob).Text)
		return b.Fill(t, page, 0, "", map[string]string{"code": code})
	}
	t.Fatalf("no mail is offered at %s (%d):\n%.3000s", page.URL, page.Status, page.Text)
	return page
}

// TestTrustedProxyTellsTheAddress is what spoofed fields are compared with: the
// word of a proxy that is trusted counts, and of what it hands on its own alone.
func TestTrustedProxyTellsTheAddress(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		o.Settings = append(o.Settings, "ORGATE_TRUSTED_PROXIES=127.0.0.0/8")
		h := newGated(t, o)
		for said, want := range map[string]verdict{
			"10.1.2.3": enters, "192.0.2.7": refused, "10.1.2.3, 192.0.2.7": refused, "192.0.2.7, 10.1.2.3": enters,
		} {
			h.open(t)
			b := harness.NewBrowser(t, "http://127.0.0.1:9", "https://board.example/")
			b.Says = map[string]string{"X-Forwarded-For": said}
			p := h.enter(t, h.b, b)
			h.guard(t, "allow", "deny", circumstance{schedule: map[string]any{}, network: yonder})
			t.Run(said, func(t *testing.T) { h.askAll(t, p, want) })
		}
	})
}
