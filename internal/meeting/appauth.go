package meeting

import (
	"net/http"
	"strconv"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/applogin"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// appAuthReplies: at this login the conflicts of a person who is created have
// codes of their own (Meeting API, 4.2, rule 3).
var appAuthReplies = map[fault.Code]reply{
	fault.CodeMobileTaken: {http.StatusBadRequest, "USG.206010065"},
	fault.CodeEmailTaken:  {http.StatusBadRequest, "USG.206010066"},
	fault.CodeMemberLimit: {http.StatusForbidden, "USG.206010070"},
}

var errAppID = fault.New(fault.Unauthenticated, fault.CodeAppIDRefused)

// longTicket is the only value of X-Token-Type.
const longTicket = "LongTicket"

// appLogin is one login with an App ID: what was sent, and what is told of it.
type appLogin struct {
	signed application.SignedLogin
	proof  directory.AppIDProof
	story  *trace.Story
	// doubted: the signature could be read and was not found right, so that it
	// can be explained.
	doubted bool
}

// signInByAppID is 4.2. Header and body are read once; what is wrong with who
// signed is answered alike, and differs only in the story that is kept.
func (m *meeting) signInByAppID(c *call) (any, error) {
	l := &appLogin{story: m.o.Traces.Begin(trace.AppIDLogin, c.origin)}
	in, err := m.enterByAppID(c, l)
	m.keep(l, in, err)
	if err != nil {
		return nil, oneRefusal(err)
	}
	c.noteEntry(in)
	return m.made(c, in, l.proof.ClientType), nil
}

func (m *meeting) enterByAppID(c *call, l *appLogin) (in directory.SignedIn, err error) {
	if err := l.readBody(c); err != nil {
		l.story.Check(trace.BodyJSON, false, trace.Detail{Received: fault.Of(err).Field})
		return in, err
	}
	if err := l.readHeaders(c.r.Header); err != nil {
		return in, err
	}
	app, until, err := m.o.Applications.Verify(c.r.Context(), l.signed, l.story)
	if err != nil {
		l.doubted = fault.Is(err, fault.CodeAppIDRefused)
		return in, err
	}
	l.proof.AppID, l.proof.NonceUntil = app, until
	return m.o.Directory.SignInByAppID(c.r.Context(), l.proof)
}

// The lengths of what a login carries (Meeting API, 1.6 and 4.2).
const (
	maxAppID      = 255
	maxCorpID     = 64
	maxUserID     = 64
	maxName       = 64
	maxEmail      = 255
	maxPhone      = 32
	maxDepartment = 32
	maxNonce      = 1024 // the use case judges it, and writes so into the story
)

// readBody reads the members of the body. Those that are signed count once.
func (l *appLogin) readBody(c *call) error {
	o, err := c.object()
	if err != nil {
		return err
	}
	return l.read(o, c.origin)
}

// read takes what a login says out of its object.
func (l *appLogin) read(o *object, origin identity.Origin) error {
	o.once("appId", "clientType", "expireTime", "nonce", "corpId", "userId", "userName", "userEmail", "userPhone", "deptCode")
	s, p := &l.signed, &l.proof
	s.AppID = o.text("appId", 1, maxAppID)
	p.ClientType = identity.ClientType(o.integer("clientType", 0, maxClientType))
	s.Expire = o.integer("expireTime", 0, maxInteger)
	s.ExpireText = strconv.FormatInt(s.Expire, 10)
	s.Nonce = o.text("nonce", 0, maxNonce)
	s.OrganizationRef, _ = o.optionalText("corpId", 0, maxCorpID)
	s.UserID, _ = o.optionalText("userId", 0, maxUserID)
	s.UserName, _ = o.optionalText("userName", 0, maxName)
	p.Email, _ = o.optionalText("userEmail", 0, maxEmail)
	p.Mobile, _ = o.optionalText("userPhone", 0, maxPhone)
	p.DepartmentCode, _ = o.optionalText("deptCode", 0, maxDepartment)
	s.Origin = origin
	p.OrganizationRef, p.ThirdAccount, p.Name, p.Nonce = s.OrganizationRef, s.UserID, s.UserName, s.Nonce
	p.Origin, p.Story = origin, l.story
	l.story.About("", s.UserID)
	return o.err()
}

// readHeaders reads the signature and the kind of token that is wanted.
func (l *appLogin) readHeaders(h http.Header) error {
	for _, kind := range h["X-Token-Type"] {
		if !l.story.Check(trace.TokenType, kind == longTicket, trace.Detail{Expected: longTicket, Received: kind}) {
			return fault.New(fault.Invalid, fault.CodeFieldFormat).At("X-Token-Type").With("want", "want.token_type")
		}
	}
	s := applogin.ReadAuthorization(h["Authorization"])
	if !l.story.Check(trace.HeaderScheme, s.SchemeOK, trace.Detail{Expected: applogin.SchemeName}) {
		return errAppID
	}
	if !s.SignatureOK {
		l.story.Check(trace.HeaderSignature, false, trace.Detail{Expected: "64 hexadecimal digits", Received: trace.Shape(s.Signature)})
		return errAppID
	}
	if !s.AccessOK {
		l.story.Check(trace.HeaderAccess, false, trace.Detail{Expected: l.signed.AppID})
		return errAppID
	}
	l.signed.Signature, l.signed.Access = s.Signature, s.Access
	return nil
}

// keep takes care of the story: a refusal is kept, explained after the answer
// where a signature is to be explained; of the successes those are kept that
// an administrator will ask about.
func (m *meeting) keep(l *appLogin, in directory.SignedIn, err error) {
	switch {
	case err == nil && !in.Created && l.signed.Expire != 0:
		return
	case err == nil:
		l.story.End(trace.Succeeded)
	default:
		l.story.End(outcomeOf(err))
	}
	if l.doubted {
		m.explainer.add(refusal{l.signed, l.story})
		return
	}
	m.o.Traces.Keep(l.story)
}

// oneRefusal gives every refusal of who signed the same face: which App IDs,
// organisations and nonces exist is told to nobody who does not know the key.
func oneRefusal(err error) error {
	f := fault.Of(err)
	switch f.Code {
	case fault.CodeSignatureExpired, fault.CodeSignatureForever, fault.CodeSignatureFar:
		return err
	case fault.CodeNonceUsed, fault.CodeOrganizationNotFound:
		return errAppID
	}
	if f.Kind == fault.Unauthenticated {
		return errAppID
	}
	if name, ok := wireNames[f.Field]; ok {
		return f.At(name)
	}
	return err
}

// wireNames are the names under which the caller sent what a use case finds
// fault with.
var wireNames = map[string]string{
	"third_account": "userId", "name": "userName", "email": "userEmail", "mobile": "userPhone",
	"department": "deptCode", "department_code": "deptCode", "organization": "corpId",
}
