package meeting

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

// proxyReplies: what hinders that a member is created has codes of its own at
// sign-ins (Meeting API, 4.2, rule 3).
var proxyReplies = map[fault.Code]reply{fault.CodeMemberLimit: {http.StatusForbidden, "USG.206010070"}}

// proxyLogin is the input of 4.3.
type proxyLogin struct {
	code   string
	domain string
	entry  directory.EnterClient
	// What a client knows of a code it fetched from the centre itself.
	callback, state, verifier string
}

// The only ways of 4.3 that are served.
const (
	serverOAuth2 = "oauth2"
	authCode     = "AuthCode"
)

var errAuthType = fault.New(fault.Invalid, fault.CodeAuthType)

// signInByProxy is 4.3: sign in through the enterprise's centre. The
// credential is our own one-time code, which begins ogc_, or a code that the
// client fetched from the centre and that is exchanged here.
func (m *meeting) signInByProxy(c *call) (any, error) {
	l, err := readProxyLogin(c)
	if err != nil {
		return nil, err
	}
	kind := trace.SourceLogin
	ours := strings.HasPrefix(l.code, ticket.ClientCodePrefix)
	if ours {
		kind = trace.ClientCodeLogin
	}
	story := m.o.Traces.Begin(kind, c.origin)
	story.Hide(l.code)
	in, err := m.enterByProxy(c, l, ours, story)
	m.keepSSO(story, in, err)
	if err != nil {
		return nil, asSSO(err)
	}
	c.noteEntry(in)
	return m.made(c, in, l.entry.ClientType), nil
}

func readProxyLogin(c *call) (l proxyLogin, err error) {
	o, err := c.object()
	if err != nil {
		return l, err
	}
	o.once("authServerType", "authType", "clientType", "credential", "domain", "createTokenType", "redirectUri", "state", "codeVerifier")
	server, kind := o.text("authServerType", 1, 64), o.text("authType", 1, 64)
	if err := o.err(); err != nil {
		return l, err
	}
	if server != serverOAuth2 || kind != authCode {
		return l, errAuthType
	}
	l.entry.ClientType = identity.ClientType(o.integer("clientType", 0, maxClientType))
	known := []identity.ClientType{identity.ClientWeb, identity.ClientPC, identity.ClientMobile, identity.ClientAPI}
	if !slices.Contains(known, l.entry.ClientType) {
		o.refuse(fault.New(fault.Invalid, fault.CodeFieldChoice).At("clientType").With("choices", "0, 5, 6, 72"))
	}
	l.code = o.text("credential", 1, 2048)
	l.domain = o.text("domain", 1, 255)
	token, _ := o.optionalInteger("createTokenType", createToken, verifyPerson)
	l.entry.CreateToken = token == createToken
	l.callback, _ = o.optionalText("redirectUri", 0, 2048)
	l.state, _ = o.optionalText("state", 0, 1024)
	l.verifier, _ = o.optionalText("codeVerifier", 0, 128) // RFC 7636, 4.1
	return l, o.err()
}

func (m *meeting) enterByProxy(c *call, l proxyLogin, ours bool, story *trace.Story) (in directory.SignedIn, err error) {
	ctx := c.r.Context()
	found, err := m.o.Sources.ByDomain(ctx, l.domain)
	if !story.Check(trace.SourceKnown, err == nil, trace.Detail{Received: l.domain}) {
		return in, err
	}
	story.About(found.Organization.ID, "")
	if ours {
		return m.o.Directory.SignInByClientCode(ctx, directory.CodeProof{
			Code: l.code, Domain: found.Source.Domain, Entry: l.entry, Origin: c.origin, Story: story,
		})
	}
	attempt, err := m.attemptOf(c, l, found, story)
	if err != nil {
		return in, err
	}
	profile, err := m.o.Sources.Finish(ctx, found, attempt, source.Answer{Query: url.Values{"code": {l.code}, "state": {attempt.State}}}, story)
	if err != nil {
		return in, err
	}
	return m.o.Directory.SignInBySource(ctx, directory.SourceProof{
		Source: found.Source, AutoCreate: found.SSO.AutoCreate, Profile: profile, Entry: l.entry, Origin: c.origin, Story: story,
	})
}

// attemptOf is the way to the centre that ended in a code: the one that was
// begun by the operation of authorizeURL, under its state, or else what the
// client says of one it went alone. The state of a browser's sign-in belongs to
// that browser and is refused here.
func (m *meeting) attemptOf(c *call, l proxyLogin, found source.Found, story *trace.Story) (a source.Attempt, err error) {
	if l.state == "" {
		story.Hide(l.verifier)
		return source.Attempt{
			SourceID: found.Source.ID, OrganizationID: found.Source.OrganizationID, Version: found.Source.Version,
			Purpose: source.ForClient, Callback: l.callback, Verifier: l.verifier, Domain: found.Source.Domain,
		}, nil
	}
	a, err = m.o.Sources.TakeAttempt(c.r.Context(), l.state)
	if err == nil && (a.Flow != "" || a.Purpose == source.ForWeb || a.Purpose == source.ForTry || l.callback != "" && l.callback != a.Callback) {
		err = fault.New(fault.Expired, fault.CodeAttemptEnded)
	}
	if err != nil {
		story.Check(trace.SourceState, false, trace.Detail{Received: trace.Shape(l.state)})
	}
	return a, err
}

// asSSO tells what was wrong with a code, or with a person whom the centre
// proved, as a failed sign-in (4.3, rule 7): what came from the centre is no
// input of the caller.
func asSSO(err error) error {
	f := fault.Of(err)
	switch {
	case f.Code == fault.CodeMemberLimit:
		return err
	case f.Code == fault.CodeTicket, f.Kind == fault.Invalid, f.Kind == fault.Conflict, f.Kind == fault.Expired:
		return fault.New(fault.Unauthenticated, fault.CodeSourceFailed).Because(err)
	}
	return err
}

// keepSSO keeps the story of every sign-in through a centre: there are few,
// and administrators will ask about them.
func (m *meeting) keepSSO(story *trace.Story, in directory.SignedIn, err error) {
	if err != nil {
		story.End(outcomeOf(err))
	} else {
		story.About(in.Organization.ID, "")
		story.End(trace.Succeeded)
	}
	m.o.Traces.Keep(story)
}
