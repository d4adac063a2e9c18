package meeting

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// How long a puzzle waits to be solved, and how long its solution counts.
const (
	puzzleLife   = 2 * time.Minute
	solutionLife = 5 * time.Minute
)

// puzzle is what a drawn captcha stands for: the payload of a ticket.
type puzzle struct {
	captchaProof
	X int `json:"x"`
}

// captchaRequest is what 4.12 and 4.13 have in common.
type captchaRequest struct {
	user    string
	purpose captchaPurpose
}

func readCaptchaRequest(o *object) captchaRequest {
	o.once("user", "checkType", "token")
	r := captchaRequest{user: o.text("user", 1, 255)}
	o.integer("clientType", 0, maxClientType)
	purpose, _ := o.optionalInteger("checkType", int64(captchaLogin), int64(captchaPassword))
	r.purpose = captchaPurpose(purpose)
	return r
}

// puzzleAnswer answers 4.12.
type puzzleAnswer struct {
	ShadowImage string `json:"shadowImage"`
	CutImage    string `json:"cutImage"`
	PointY      int    `json:"pointY"`
	Token       string `json:"token"`
	Expire      int    `json:"expire"`
}

// wordAnswer answers the steps whose result is a word for the next one.
type wordAnswer struct {
	Token  string `json:"token"`
	Expire int    `json:"expire"`
}

// captchaReplies: a puzzle that could not be drawn has a code of its own. With
// too many waiting for theirs the server is busy, not down.
var captchaReplies = map[fault.Code]reply{
	fault.CodeInternal:    {http.StatusInternalServerError, "USG.206010010"},
	fault.CodeUnavailable: {http.StatusServiceUnavailable, "USG.000000001"},
}

var errCaptchaFailed = fault.New(fault.Invalid, fault.CodeCaptchaFailed)

// sendCaptcha is 4.12: draw a puzzle. Whether the typed name belongs to
// anybody is not looked at.
func (m *meeting) sendCaptcha(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	request := readCaptchaRequest(o)
	if err := o.err(); err != nil {
		return nil, err
	}
	drawn, err := m.o.Captcha.Draw(c.r.Context())
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(puzzle{captchaProof{identity.Fold(request.user), request.purpose}, drawn.X})
	if err != nil {
		return nil, err
	}
	word, err := m.o.Tickets.Issue(c.r.Context(), identity.TicketCaptcha, payload, puzzleLife)
	if err != nil {
		return nil, err
	}
	return puzzleAnswer{
		ShadowImage: dataURL(drawn.Shadow), CutImage: dataURL(drawn.Cut), PointY: drawn.Y, Token: word,
		Expire: int(puzzleLife / time.Second),
	}, nil
}

func dataURL(png []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)
}

// checkCaptcha is 4.13: the first check of a puzzle spends it, right or wrong.
func (m *meeting) checkCaptcha(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	request := readCaptchaRequest(o)
	word := o.text("token", 1, 1024)
	x := o.integer("pointX", -1_000_000, 1_000_000)
	millis := o.integer("slideTime", 0, 1<<31)
	if err := o.err(); err != nil {
		return nil, err
	}
	t, err := m.o.Tickets.Redeem(c.r.Context(), identity.TicketCaptcha, word)
	switch {
	case fault.Is(err, fault.CodeTicket), fault.Is(err, fault.CodeSpent):
		return nil, errCaptchaToken
	case err != nil:
		return nil, err
	}
	var asked puzzle
	if err := json.Unmarshal(t.Payload, &asked); err != nil {
		return nil, err
	}
	if asked.captchaProof != (captchaProof{identity.Fold(request.user), request.purpose}) {
		return nil, errCaptchaToken
	}
	if !captcha.Solved(asked.X, int(x), int(millis)) {
		return nil, errCaptchaFailed
	}
	proof, err := m.issueCaptcha(c.r.Context(), request.user, request.purpose, solutionLife)
	if err != nil {
		return nil, err
	}
	return wordAnswer{Token: proof, Expire: int(solutionLife / time.Second)}, nil
}
