package meeting

import (
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// signInReplies: what was typed is not told apart from what does not exist.
var signInReplies = map[fault.Code]reply{
	fault.CodeAccountNotFound: replySignIn, fault.CodeMemberNotFound: replySignIn,
	fault.CodeOrganizationNotFound: replySignIn, fault.CodeAccountFormat: replySignIn,
	fault.CodeUnauthenticated: replySignIn,
}

var errSignIn = fault.New(fault.Unauthenticated, fault.CodeSignInFailed)

// The values of createTokenType.
const (
	createToken  = 0
	verifyPerson = 1
)

// maxClientType bounds client types of their own: any number up to it is one.
const maxClientType = 1_000_000

// passwordLogin is the input of 4.1.
type passwordLogin struct {
	account string
	captcha string // HA2: the proof that a captcha was solved, "" if none
	client  identity.ClientType
	verify  bool // check the password and create no token
}

// signIn is 4.1: sign in with account and password.
func (m *meeting) signIn(c *call) (any, error) {
	login, err := readPasswordLogin(c)
	if err != nil {
		return nil, err
	}
	story := m.o.Traces.Begin(trace.PasswordLogin, c.origin)
	story.About("", login.account)
	in, err := m.enterByPassword(c, login, story)
	if err != nil {
		story.End(outcomeOf(err))
		m.o.Traces.Keep(story)
		return nil, err
	}
	c.noteEntry(in)
	return m.made(c, in, login.client), nil
}

func readPasswordLogin(c *call) (l passwordLogin, err error) {
	o, err := c.object()
	if err != nil {
		return l, err
	}
	o.once("account", "clientType", "createTokenType", "HA2")
	l.account = o.text("account", 1, 255)
	l.client = identity.ClientType(o.integer("clientType", 0, maxClientType))
	kind, _ := o.optionalInteger("createTokenType", createToken, verifyPerson)
	l.verify = kind == verifyPerson
	l.captcha, _ = o.optionalText("HA2", 0, 1024)
	return l, o.err()
}

func (m *meeting) enterByPassword(c *call, l passwordLogin, story *trace.Story) (in directory.SignedIn, err error) {
	given, ok := parseBasic(c.r.Header["Authorization"])
	if !story.Check(trace.HeaderScheme, ok, trace.Detail{Expected: "Basic"}) {
		return in, errSignIn
	}
	story.Hide(given.password)
	// The body names the account again: another one than was proven is refused.
	same := identity.FoldAccount(strings.TrimSpace(given.account)) == identity.FoldAccount(strings.TrimSpace(l.account))
	if !same {
		story.Check(trace.AccountKnown, false, trace.Detail{Expected: l.account, Received: given.account})
		return in, errSignIn
	}
	if l.captcha != "" {
		err := m.redeemCaptcha(c.r.Context(), l.captcha, l.account, captchaLogin)
		if !story.Check(trace.Captcha, err == nil, trace.Detail{}) {
			return in, err
		}
	}
	return m.o.Directory.SignInByPassword(c.r.Context(), directory.PasswordProof{
		Name: given.account, Password: given.password, Origin: c.origin, Story: story,
		Entry: directory.EnterClient{ClientType: l.client, CreateToken: !l.verify},
	})
}

// outcomeOf says how a story ended that ended with an error.
func outcomeOf(err error) trace.Outcome {
	switch fault.KindOf(err) {
	case fault.Internal, fault.Unavailable:
		return trace.Failed
	}
	return trace.Refused
}

// noteEntry tells the access log who came in.
func (c *call) noteEntry(in directory.SignedIn) {
	c.note(identity.Actor{AccountID: in.Person.Account.ID, MemberID: in.Person.Member.ID, OrganizationID: in.Organization.ID})
}
