package meeting

import (
	"context"
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// captchaPurpose is what a captcha is solved for (checkType of 4.12).
type captchaPurpose int

// The purposes.
const (
	captchaLogin    captchaPurpose = 0
	captchaPassword captchaPurpose = 1 // a forgotten password
)

// captchaProof is what the word stands for that a solved captcha gives. It is
// good once, for one typed name and one purpose.
type captchaProof struct {
	User    string         `json:"user"` // folded
	Purpose captchaPurpose `json:"purpose"`
}

var errCaptchaToken = fault.New(fault.Invalid, fault.CodeCaptchaToken)

// issueCaptcha makes the word for somebody who solved a captcha.
func (m *meeting) issueCaptcha(ctx context.Context, user string, p captchaPurpose, life time.Duration) (word string, err error) {
	payload, err := json.Marshal(captchaProof{User: identity.Fold(user), Purpose: p})
	if err != nil {
		return "", err
	}
	return m.o.Tickets.Issue(ctx, identity.TicketCaptchaDone, payload, life)
}

// redeemCaptcha spends the word. One that is unknown, spent, expired, of
// another name or for another purpose is Invalid (captcha_token).
func (m *meeting) redeemCaptcha(ctx context.Context, word, user string, p captchaPurpose) error {
	t, err := m.o.Tickets.Redeem(ctx, identity.TicketCaptchaDone, word)
	switch {
	case fault.Is(err, fault.CodeTicket), fault.Is(err, fault.CodeSpent):
		return errCaptchaToken
	case err != nil:
		return err
	}
	var proof captchaProof
	if err := json.Unmarshal(t.Payload, &proof); err != nil {
		return err
	}
	if proof != (captchaProof{User: identity.Fold(user), Purpose: p}) {
		return errCaptchaToken
	}
	return nil
}
