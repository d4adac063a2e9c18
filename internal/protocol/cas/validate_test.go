package cas

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// TestAnswers is CAS Protocol 3.0.3, 2.4 to 2.9.
func TestAnswers(t *testing.T) {
	h := one(t)
	proven := h.session.ProvenAt.UTC().Format(time.RFC3339)
	whole := `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
  <cas:authenticationSuccess>
    <cas:user>alice@acme</cas:user>
    <cas:attributes>
      <cas:authenticationDate>` + proven + `</cas:authenticationDate>
      <cas:longTermAuthenticationRequestTokenUsed>false</cas:longTermAuthenticationRequestTokenUsed>
      <cas:isFromNewLogin>false</cas:isFromNewLogin>
      <cas:user_name>alice@acme</cas:user_name>
      <cas:name>Alice &lt;A&gt; &amp; Co</cas:name>
      <cas:displayName>Alice &lt;A&gt; &amp; Co</cas:displayName>
      <cas:mobile>+86138****0037</cas:mobile>
      <cas:uid>` + identity.Hex(h.person.Member.ID) + `</cas:uid>
      <cas:job>Engineer</cas:job>
      <cas:mobile_full>+8613800000037</cas:mobile_full>
    </cas:attributes>
  </cas:authenticationSuccess>
</cas:serviceResponse>
`
	head, rest, _ := strings.Cut(whole, "    <cas:attributes>")
	_, tail, _ := strings.Cut(rest, "</cas:attributes>\n")
	for path, want := range map[string]string{
		pathServiceValidate3: whole, pathProxyValidate3: whole, pathServiceValidate: head + tail, pathProxyValidate: head + tail,
		pathValidate: "yes\nalice@acme\n",
	} {
		w := h.get(path, "service", wikiHome, "ticket", h.enter(wikiHome))
		if w.Code != 200 || w.Body.String() != want || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %d\n%s\nwant\n%s", path, w.Code, w.Body, want)
		}
	}
	got := h.validated(pathServiceValidate3, wikiHome, h.enter(wikiHome))
	want := map[string]any{
		"authenticationDate": proven, "longTermAuthenticationRequestTokenUsed": false, "isFromNewLogin": false, "user_name": "alice@acme",
		"name": "Alice <A> & Co", "displayName": "Alice <A> & Co", "mobile": "+86138****0037", "uid": identity.Hex(h.person.Member.ID),
		"job": "Engineer", "mobile_full": "+8613800000037",
	}
	if got.Failure != nil || got.Success.User != "alice@acme" || got.Success.Granting != nil || !reflect.DeepEqual(got.Success.Attributes, want) {
		t.Errorf("got %+v, want %+v", got.Success, want)
	}
	if got := h.validated(pathServiceValidate, wikiHome, h.enter(wikiHome)); len(got.Success.Attributes) != 0 {
		t.Errorf("CAS 2.0 was told attributes: %+v", got.Success.Attributes)
	}
}

// TestRefusals: attack rows 68 and 69, and 2.5.3.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ticket := h.enter(wikiHome)
		late := h.enter(wikiHome)
		for _, row := range []struct{ name, service, ticket, want string }{
			{"no ticket", wikiHome, "", "INVALID_REQUEST"},
			{"no service", "", h.enter(wikiHome), "INVALID_REQUEST"},
			{"a long ticket", wikiHome, ticket + strings.Repeat("x", 128), "INVALID_REQUEST"},
			{"a long service", wikiHome + strings.Repeat("x", 1024), h.enter(wikiHome), "INVALID_REQUEST"},
			{"a made-up ticket", wikiHome, "ST-1-abc", "INVALID_TICKET"},
			{"a cut ticket", wikiHome, ticket[:len(ticket)-1], "INVALID_TICKET"},
			{"a longer ticket", wikiHome, ticket + "a", "INVALID_TICKET"},
			{"in capitals", wikiHome, "ST-" + strings.ToUpper(ticket[3:]), "INVALID_TICKET"},
			{"as a proxy ticket", wikiHome, "PT-" + ticket[3:], "INVALID_TICKET"},
			{"as a proxy-granting ticket", wikiHome, "PGT-" + ticket[3:], "INVALID_TICKET"},
			{"the ticket itself", wikiHome, ticket, ""},
			{"again", wikiHome, ticket, "INVALID_TICKET"},
			{"another service of the application", wikiBelo, h.enter(wikiHome), "INVALID_SERVICE"},
			{"a slash more", wikiHome + "/", h.enter(wikiHome), "INVALID_SERVICE"},
			{"the service of another application", shopHome, h.enter(wikiHome), "INVALID_SERVICE"},
			{"the service of nobody", "https://evil.tld/", h.enter(wikiHome), "INVALID_SERVICE"},
		} {
			got := h.validated(pathServiceValidate, row.service, row.ticket)
			if got.code() != row.want || row.want != "" && got.Failure.Description == "" {
				t.Errorf("%s: got %+v, want %q", row.name, got.Failure, row.want)
			}
			if row.ticket == "" || len(row.ticket) > 128 {
				continue
			}
			if got := h.validated(pathServiceValidate, wikiHome, row.ticket); got.code() != "INVALID_TICKET" {
				t.Errorf("%s: the attempt did not spend the ticket: %+v", row.name, got)
			}
		}
		if w := h.get(pathValidate, "service", wikiHome, "ticket", "x"); w.Code != 200 || w.Body.String() != "no\n" {
			t.Errorf("CAS 1.0: got %d %q", w.Code, w.Body)
		}
		h.clock.Advance(time.Minute)
		if got := h.validated(pathServiceValidate, wikiHome, late); got.code() != "INVALID_TICKET" {
			t.Errorf("after a minute: got %+v", got)
		}
		w := h.get(pathServiceValidate, "service", wikiHome, "ticket", h.enter(wikiHome), "format", "yaml")
		if !strings.Contains(w.Body.String(), `<cas:authenticationFailure code="INVALID_REQUEST">`) {
			t.Errorf("an unknown format: got %s", w.Body)
		}
		if w := h.do(http.MethodGet, pathServiceValidate+"?ticket=a&ticket=b"); !strings.Contains(w.Body.String(), "INVALID_REQUEST") {
			t.Errorf("a parameter twice: got %s", w.Body)
		}
		if w := h.do(http.MethodPost, pathServiceValidate); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST: got %d", w.Code)
		}
	})
}

// What ends between the entry and the validation counts.
func TestWhatEndsMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for name, end := range map[string]func(){
			"the session":       h.signOut,
			"the application":   func() { h.change("wiki", func(a *identity.Application) { a.Status = identity.ApplicationDisabled }) },
			"everything before": func() { h.change("wiki", func(a *identity.Application) { a.Generation++ }) },
			"who may enter":     func() { h.change("wiki", func(a *identity.Application) { a.Access.Everyone = false }) },
			"the service": func() {
				h.change("wiki", func(a *identity.Application) { a.HomeURLs = []string{"https://wiki.example/other"} })
			},
		} {
			before := h.apps["wiki"]
			ticket := h.enter(wikiHome)
			end()
			if got := h.validated(pathServiceValidate, wikiHome, ticket); got.code() != "INVALID_TICKET" && got.code() != "INVALID_SERVICE" {
				t.Errorf("%s: got %+v", name, got)
			}
			h.change("wiki", func(a *identity.Application) {
				a.Status, a.Access, a.HomeURLs = before.Status, before.Access, before.HomeURLs
			})
			h.signIn()
		}
	})
}

// TestEndSession is 2.3.3: the application is told by the ticket it knows.
func TestEndSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var status int
		var posted url.Values
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			posted, _ = url.ParseQuery(string(body))
			if r.Method != http.MethodPost || r.Header.Get("Content-Type") != formType || r.URL.Path == "/followed" {
				t.Errorf("got %s %s", r.Method, r.URL)
			}
			w.Header().Set("Location", "/followed")
			w.WriteHeader(status)
		}))
		defer server.Close()
		h.change("wiki", func(a *identity.Application) { a.CAS.LogoutURL = server.URL })
		word := h.enter(wikiHome)
		if got := h.validated(pathServiceValidate, wikiHome, word); got.code() != "" {
			t.Fatalf("got %+v", got)
		}
		part := h.participations()[0]
		if part.Service != wikiHome || part.Ticket != word || part.NoticeURL != server.URL || strings.Contains(part.Key, word) {
			t.Errorf("got %+v, want the ticket %s", part, word)
		}
		h.answers(part.Participation, &status)
		request := posted.Get("logoutRequest")
		for _, want := range []string{
			`<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"`, `Version="2.0"`, "<samlp:SessionIndex>" + word + "</samlp:SessionIndex>",
			"<saml:NameID>@NOT_USED@</saml:NameID>", ` ID="LR-`, `IssueInstant="` + h.clock.Now().UTC().Format(time.RFC3339) + `"`,
		} {
			if !strings.Contains(request, want) {
				t.Errorf("got %s, want %s", request, want)
			}
		}
		h.change("wiki", func(a *identity.Application) { a.CAS.SingleLogout = false })
		if _, err := h.EndSession(t.Context(), h.apps["wiki"], part.Participation); !errors.Is(err, protocol.ErrHopeless) {
			t.Errorf("without single logout: got %v", err)
		}
		if got := h.participations()[0].NoticeURL; got != "" {
			t.Errorf("without single logout it is told at %q", got)
		}
	})
}

// answers tells the wiki of an end again and again, and looks at what each status
// means.
func (h *house) answers(p identity.Participation, status *int) {
	h.t.Helper()
	for _, row := range []struct {
		status         int
		good, hopeless bool
	}{
		{200, true, false},
		{204, true, false},
		{302, true, false},
		{400, false, true},
		{404, false, true},
		{403, false, true},
		{500, false, false},
		{503, false, false},
		{429, false, false},
		{408, false, false},
	} {
		*status = row.status
		_, err := h.EndSession(h.t.Context(), h.apps["wiki"], p)
		if (err == nil) != row.good || errors.Is(err, protocol.ErrHopeless) != row.hopeless {
			h.t.Errorf("%d: got %v", row.status, err)
		}
	}
}

// A client that asks for a ticket at every turn does not fill the table.
func TestEntriesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var newest string
		for range 53 {
			h.clock.Advance(time.Millisecond)
			newest = h.enter(wikiHome)
			h.validated(pathServiceValidate, wikiHome, newest)
		}
		all := h.participations()
		if len(all) != 50 || all[len(all)-1].Ticket != newest {
			t.Errorf("got %d entries, want the newest 50", len(all))
		}
	})
}

// participations are where the session was used.
func (h *house) participations() (all []store.Entered) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		listed, err := tx.Participations.Of(h.session.ID)
		if err != nil {
			return err
		}
		for _, e := range listed {
			one, err := tx.Participations.Get(e.Participation)
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

func TestValidationStories(t *testing.T) {
	for _, row := range []struct {
		name    string
		act     func(h *house)
		check   trace.Check
		outcome trace.Outcome
	}{
		{"accepted", func(h *house) { h.validated(pathServiceValidate, wikiHome, h.enter(wikiHome)) }, trace.TicketAccepted, trace.Succeeded},
		{"another service", func(h *house) { h.validated(pathServiceValidate, wikiBelo, h.enter(wikiHome)) }, trace.TicketService, trace.Refused},
		{"made up", func(h *house) { h.enter(wikiHome); h.validated(pathServiceValidate, wikiHome, "ST-x") }, trace.TicketKnown, trace.Refused},
		{"twice", func(h *house) {
			word := h.enter(wikiHome)
			h.get(pathValidate, "service", wikiHome, "ticket", word)
			h.get(pathValidate, "service", wikiHome, "ticket", word)
		}, trace.TicketUnspent, trace.Refused},
		{"no renewal", func(h *house) { h.validated(pathServiceValidate, wikiHome, h.enter(wikiHome), "renew", "true") }, trace.TicketRenewed, trace.Refused},
		{"signed out", func(h *house) {
			word := h.enter(wikiHome)
			h.signOut()
			h.validated(pathServiceValidate, wikiHome, word)
		}, trace.SessionThere, trace.Refused},
		{"not any more", func(h *house) {
			word := h.enter(wikiHome)
			h.change("wiki", func(a *identity.Application) { a.Access.Everyone = false })
			h.validated(pathServiceValidate, wikiHome, word)
		}, trace.EntryAllowed, trace.Refused},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := one(t)
			row.act(h)
			found := false
			for _, got := range h.storiesKept() {
				if got.Kind != trace.Validating || got.Outcome != row.outcome {
					continue
				}
				last := got.Steps[len(got.Steps)-1]
				found = last.Check == row.check
				for _, step := range got.Steps {
					if strings.Contains(step.Detail.Received, "ST-a") {
						t.Errorf("the ticket is shown: %+v", step)
					}
				}
			}
			if !found {
				t.Errorf("no story ends with %s: %+v", row.check, h.storiesKept())
			}
		})
	}
}
