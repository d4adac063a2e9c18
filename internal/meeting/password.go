package meeting

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// passwordReplies: the password operations have codes of their own for a
// person who does not exist and for what may not be done.
var passwordReplies = map[fault.Code]reply{
	fault.CodeMemberNotFound:  {http.StatusBadRequest, "USG.206030000"},
	fault.CodeAccountNotFound: {http.StatusBadRequest, "USG.206030000"},
	fault.CodeSignInFailed:    {http.StatusBadRequest, "USG.206030006"},
}

// resetReplies: whoever may not reset a password is told so by a code of the
// operation, whatever is lacking.
var resetReplies = map[fault.Code]reply{
	fault.CodeMemberNotFound:  {http.StatusBadRequest, "USG.206030000"},
	fault.CodeAccountNotFound: {http.StatusBadRequest, "USG.206030000"},
	fault.CodeForbidden:       {http.StatusForbidden, "USG.206030016"},
}

// recoveryReplies: a code is asked for only after the slider.
var recoveryReplies = map[fault.Code]reply{
	fault.CodeCaptchaRequired: {http.StatusBadRequest, "USG.206060009"},
}

// maxPassword bounds what is read as an old password.
const maxPassword = 255

// newPassword reads newPwd. Its length is judged by the rules, which have a
// code of their own for it.
func newPassword(o *object) string { return o.text("newPwd", 0, math.MaxInt) }

// changePassword is UpdatePwd: people change their own password.
func (m *meeting) changePassword(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	o.once("account", "oldPwd", "newPwd")
	account := o.text("account", 1, 255)
	old := o.text("oldPwd", 1, maxPassword)
	password := newPassword(o)
	if err := o.err(); err != nil {
		return nil, err
	}
	who, err := m.o.Directory.Describe(c.r.Context(), c.bearer.Token)
	if err != nil {
		return nil, err
	}
	if !isNameOf(account, who.Person.Account) {
		return nil, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return nil, m.o.Directory.ChangePassword(c.r.Context(), c.actor, old, password, identity.MeetingChangeRules())
}

// isNameOf reports whether an account is typed like that.
func isNameOf(typed string, a identity.Account) bool {
	folded := identity.Fold(typed)
	return folded == identity.FoldAccount(a.Name) || a.Email != "" && folded == a.Email || a.Mobile != "" && folded == a.Mobile
}

// resetPasswordOf is ResetPwdByAdmin: an administrator has a new password made
// and sent to a member.
func (m *meeting) resetPasswordOf(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	account := o.text("account", 1, 255)
	if err := o.err(); err != nil {
		return nil, err
	}
	ctx, org := c.r.Context(), c.actor.OrganizationID
	person, err := m.o.Directory.MemberByAccount(ctx, c.actor, org, account)
	if err != nil {
		return nil, err
	}
	return nil, m.o.Directory.ResetPassword(ctx, c.actor, org, person.Member.ID)
}

// recoverPassword separates the codes of this flow from all others.
const recoverPassword = "recover_password"

// resetLife is how long the word of a checked code lets a password be set.
const resetLife = 5 * time.Minute

// codeAnswer answers 4.14: one of the contacts is told, masked.
type codeAnswer struct {
	Expire    int    `json:"expire"`
	BindPhone string `json:"bindPhone,omitempty"`
	BindEmail string `json:"bindEmail,omitempty"`
}

// sendMethods are the values of sendMethod; left out, a short message is
// preferred where one can be sent.
var sendMethods = map[string]identity.Channel{"": "", "sms": identity.BySMS, "email": identity.ByMail}

// sendCode is 4.14: send a code to whoever forgot the password. A name that
// belongs to nobody is answered like one that does.
func (m *meeting) sendCode(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	o.once("user", "token", "sendMethod")
	user := o.text("user", 1, 255)
	proof, _ := o.optionalText("token", 0, 1024)
	name, _ := o.optionalText("sendMethod", 0, 16)
	method, known := sendMethods[name]
	if !known {
		o.refuse(fault.New(fault.Invalid, fault.CodeFieldChoice).At("sendMethod").With("choices", []string{"sms", "email"}))
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	if proof == "" {
		return nil, fault.New(fault.Invalid, fault.CodeCaptchaRequired)
	}
	ctx := c.r.Context()
	if err := m.redeemCaptcha(ctx, proof, user, captchaPassword); err != nil {
		return nil, err
	}
	account, _, err := m.o.Directory.RecoveringAccount(ctx, user)
	if err != nil {
		return nil, err
	}
	sent, err := m.sendRecovery(ctx, factor.CodeRequest{Account: account, Purpose: recoverPassword, Method: method, Language: string(c.language())})
	if err != nil {
		return nil, err
	}
	return codeAnswer{Expire: int(sent.Expires / time.Second), BindPhone: sent.MaskedMobile, BindEmail: sent.MaskedEmail}, nil
}

// sendRecovery sends a code or, to somebody who cannot get one, nothing: the
// answer is the same. An account that no code can reach would otherwise be the
// one kind whose existence strangers could find out. Nothing is logged of it
// either: a line more takes time that can be measured from outside.
func (m *meeting) sendRecovery(ctx context.Context, request factor.CodeRequest) (factor.CodeSent, error) {
	if request.Account.ID == "" {
		return m.o.Codes.SendNothing(ctx, request)
	}
	sent, err := m.o.Codes.SendCode(ctx, request)
	if fault.Is(err, fault.CodeCodeNoContact) {
		return m.o.Codes.SendNothing(ctx, request)
	}
	return sent, err
}

// checkCode is 4.15: the code gives the word that lets a password be set.
func (m *meeting) checkCode(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	o.once("user", "code")
	user := o.text("user", 1, 255)
	code := o.text("code", 1, 64)
	if err := o.err(); err != nil {
		return nil, err
	}
	ctx := c.r.Context()
	account, _, err := m.o.Directory.RecoveringAccount(ctx, user)
	if err != nil {
		return nil, err
	}
	// Nobody knows the code of a name that nobody has.
	if err := m.o.Codes.CheckCode(ctx, recoverPassword, factor.SubjectOf(account), code); err != nil {
		return nil, err
	}
	word, err := m.o.Directory.IssueReset(ctx, account.ID, user, resetLife)
	if err != nil {
		return nil, err
	}
	return wordAnswer{Token: word, Expire: int(resetLife / time.Second)}, nil
}

// temporaryPassword is the value of passWordType that asks for a change after
// the next login.
const temporaryPassword = 1

// setForgottenPassword is 4.16: the word of 4.15 stands in X-Access-Token. A
// password that breaks a rule does not spend it.
func (m *meeting) setForgottenPassword(c *call) (any, error) {
	word, err := c.accessToken()
	if err != nil {
		return nil, err
	}
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	o.once("user", "newPwd", "passWordType")
	user := o.text("user", 1, 255)
	password := newPassword(o)
	kind, _ := o.optionalInteger("passWordType", -1<<31, 1<<31-1)
	if err := o.err(); err != nil {
		return nil, err
	}
	return nil, m.o.Directory.RecoverPassword(c.r.Context(), c.origin, word, user, password, directory.Temporary(kind == temporaryPassword))
}
