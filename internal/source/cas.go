package source

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// gatekeeper is a source of the kind cas: a CAS server of version 1, 2 or 3
// (CAS Protocol Specification 3.0). Its tickets are bound to the service for
// which they were made, and ours names the sign-in: a ticket of another one, or
// for another, is worth nothing here.
type gatekeeper struct {
	v     Values
	reads []string
	tools tools
}

func openCAS(source identity.Source, t tools) (Source, error) {
	v, err := readValues(source.Kind, source.Settings)
	return gatekeeper{v: v, reads: source.Rules.Reads(), tools: t}, err
}

// serviceOf is the address under which a sign-in is known to the server, byte
// for byte the same when the ticket is validated (2.5.1).
func serviceOf(a Attempt) string { return a.Callback + "?state=" + url.QueryEscape(a.State) }

// Begin leads the browser to the server's sign-in page (2.1.1).
func (g gatekeeper) Begin(_ context.Context, a Attempt) (Step, error) {
	u, err := url.Parse(g.v["login_url"])
	if err != nil {
		return Step{}, err
	}
	u.RawQuery = extended(u.RawQuery, []parameter{{"service", serviceOf(a)}})
	return Step{URL: u.String()}, nil
}

// leave is the configured exit address.
func (g gatekeeper) leave(ctx context.Context, to string) (string, error) {
	return centre{exit: g.v["exit_url"]}.leave(ctx, to)
}

// maxTicket bounds what is taken for a ticket; servers promise at most 256
// characters (3.1.1).
const maxTicket = 1024

var validateStage = stage{
	resolves: trace.ValidateResolves, open: trace.ValidateOpen, reached: trace.ValidateReached, inTime: trace.ValidateReached,
	tls: trace.ValidateTLS, redirect: trace.ValidateAnswer, size: trace.ValidateAnswer,
	status: trace.ValidateAnswer, format: trace.ValidateAnswer,
}

// Finish has the ticket validated and reads whom it names. The faults are those
// of OAuth 2.0.
func (g gatekeeper) Finish(ctx context.Context, a Attempt, back Answer, s *trace.Story) (identity.Profile, error) {
	t := &turn{centre: centre{tools: g.tools}, attempt: a, story: s}
	ticket := back.Query.Get("ticket")
	s.Hide(ticket)
	if len(back.Query["ticket"]) != 1 || !isTicket(ticket) {
		return identity.Profile{}, t.fail(trace.UpstreamTicket, trace.Detail{Expected: "one ticket", Received: parameterNames(back.Query)}, nil)
	}
	s.Check(trace.UpstreamTicket, true, trace.Detail{})
	said, err := g.validate(ctx, t, ticket)
	if err != nil {
		return identity.Profile{}, err
	}
	return g.profile(t, said, ticket)
}

func isTicket(text string) bool {
	return text != "" && len(text) <= maxTicket && visible(text) && !strings.ContainsAny(text, " &=#?")
}

// validate asks whom a ticket names.
func (g gatekeeper) validate(ctx context.Context, t *turn, ticket string) (casAnswer, error) {
	u, err := url.Parse(g.v["validate_url"])
	if err != nil {
		return casAnswer{}, t.fail(trace.ValidateAnswer, trace.Detail{}, err)
	}
	query := []parameter{{"service", serviceOf(t.attempt)}, {"ticket", ticket}}
	if g.v["format"] == casJSON && g.v["version"] != casVersion1 {
		query = append(query, parameter{"format", "JSON"})
	}
	u.RawQuery = extended(u.RawQuery, query)
	r, err := http.NewRequest(http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return casAnswer{}, t.fail(trace.ValidateAnswer, trace.Detail{}, err)
	}
	r.Header.Set("Accept", "application/xml, application/json, text/plain")
	// The ticket is in the address, so it follows no redirect elsewhere.
	a, err := t.ask(ctx, validateStage, t.tools.direct, r)
	if err != nil {
		return casAnswer{}, err
	}
	if a.status != http.StatusOK {
		return casAnswer{}, t.fail(trace.ValidateAnswer, trace.Detail{Expected: "200 OK", Received: a.statusText("")}, nil)
	}
	said, got := readCAS(a.body, g.v["version"])
	if got != "" {
		return said, t.fail(trace.ValidateAnswer, trace.Detail{Expected: "an answer of CAS " + g.v["version"], Received: got + typed(a.contentType)}, nil)
	}
	if said.failed {
		return said, t.fail(casFailure(said.code), trace.Detail{Expected: "whom the ticket names", Received: told(said.code, said.description)}, nil)
	}
	t.story.Check(trace.ValidateAnswer, true, trace.Detail{})
	return said, nil
}

// casFailure says which check explains a code of failure (2.5.3).
func casFailure(code string) trace.Check {
	switch code {
	case "INVALID_TICKET", "INVALID_TICKET_SPEC", "":
		return trace.UpstreamTaken
	case "INVALID_SERVICE", "UNAUTHORIZED_SERVICE":
		return trace.UpstreamService
	}
	return trace.UpstreamRefused
}

// profile reads the person. The ticket names the session at the server, which
// tells of its end by it (2.3.3).
func (g gatekeeper) profile(t *turn, said casAnswer, ticket string) (identity.Profile, error) {
	path := g.v["subject_field"]
	subject, found := said.named(path)
	switch n := utf8.RuneCountInString(subject); {
	case !found:
		return identity.Profile{}, t.fail(trace.AccountField, trace.Detail{Expected: path, Received: said.names()}, nil)
	case n > maxAccount || !visible(subject):
		return identity.Profile{}, t.fail(trace.AccountLength, trace.Detail{Expected: "1 to 255 visible characters", Received: itoa(n) + " characters"}, nil)
	}
	t.story.Check(trace.AccountField, true, trace.Detail{Expected: path, Received: subject})
	t.story.About("", subject)
	if looksLikeMail(subject) {
		t.story.Warn(trace.SubjectStable, trace.Detail{Expected: "a name that is never given to somebody else", Received: "a mail address"})
	}
	p := identity.Profile{Subject: subject, Account: said.user, SessionID: ticket, Said: map[string]string{}}
	p.Name = said.first("displayName", "cn", "name")
	p.Email, p.Mobile = said.first("mail", "email"), said.first("mobile", "phone_number")
	// Some servers pass claims of OpenID Connect on.
	p.EmailDoubted, p.MobileDoubted = said.denies("email_verified"), said.denies("phone_number_verified")
	for _, name := range g.reads {
		if text, found := said.named(name); found && visible(text) && len(text) <= maxField {
			p.Said[name] = text
			t.story.Check(trace.AttributeCame, true, trace.Detail{Expected: name, Received: kindOf(text)})
			continue
		}
		t.story.Warn(trace.AttributeCame, trace.Detail{Expected: name, Received: said.names()})
	}
	return p, nil
}
