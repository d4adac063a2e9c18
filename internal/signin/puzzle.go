package signin

import (
	"encoding/base64"
	"encoding/json"
	"html/template"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// How often one client address is sent a code before a puzzle is asked for. Who
// cannot solve one waits: that is the way for people who do not see the picture,
// and for browsers without script.
const (
	freeCodes   = 5
	freeMinutes = 2
	freeEvery   = freeMinutes * time.Minute
)

const (
	// puzzleField posts the word of a puzzle, and puzzleAnswer where the piece is.
	puzzleField  = "puzzle"
	puzzleAnswer = "puzzle_x"
	// puzzleLife is how long a puzzle waits to be solved.
	puzzleLife = 5 * time.Minute
)

// puzzled is a drawn puzzle: the payload of its ticket. It counts in the browser
// for which it was drawn.
type puzzled struct {
	Browser string `json:"browser"` // digest of the flow cookie
	X       int    `json:"x"`       // the answer
}

// mayAskCode lets somebody have a code sent: whoever has solved a puzzle, and
// whoever's address has not asked often. The fault is Invalid at the puzzle:
// captcha_required, captcha_failed or captcha_token.
func (s *Surface) mayAskCode(v *visit) error {
	refusal := fault.CodeCaptchaRequired
	if word := v.posted(puzzleField); word != "" {
		var err error
		if refusal, err = s.judge(v, word); err != nil || refusal == "" {
			return err
		}
	}
	if s.codes.Allow(v.origin.Address) {
		return nil
	}
	return fault.New(fault.Invalid, refusal).At(puzzleField)
}

// judge looks at the answer to a puzzle, which is spent by it, right or wrong.
// refusal is "" for the right one.
func (s *Surface) judge(v *visit, word string) (refusal fault.Code, err error) {
	t, err := s.Tickets.Redeem(v.context(), identity.TicketCaptcha, word)
	if fault.Is(err, fault.CodeTicket) || fault.Is(err, fault.CodeSpent) {
		return fault.CodeCaptchaToken, nil
	}
	if err != nil {
		return "", err
	}
	var asked puzzled
	if err := json.Unmarshal(t.Payload, &asked); err != nil {
		return "", err
	}
	if !v.isOf(asked.Browser) {
		return fault.CodeCaptchaToken, nil
	}
	if x, err := strconv.Atoi(v.posted(puzzleAnswer)); err == nil && captcha.Solved(asked.X, x, int(s.Now().Sub(t.CreatedAt).Milliseconds())) {
		return "", nil
	}
	return fault.CodeCaptchaFailed, nil
}

// drawPuzzle draws a puzzle for this browser. Where nobody draws, the page tells
// how long to wait.
func (s *Surface) drawPuzzle(v *visit) (*pages.Puzzle, error) {
	if s.Captcha == nil {
		return &pages.Puzzle{Minutes: freeMinutes}, nil
	}
	drawn, err := s.Captcha.Draw(v.context())
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(puzzled{Browser: digest(v.browser), X: drawn.X})
	if err != nil {
		return nil, err
	}
	word, err := s.Tickets.Issue(v.context(), identity.TicketCaptcha, payload, puzzleLife)
	return &pages.Puzzle{
		Word: word, Picture: dataAddress(drawn.Shadow), Piece: dataAddress(drawn.Cut), Width: captcha.Width, Height: captcha.Height,
		Size: captcha.Piece, Y: drawn.Y, Minutes: freeMinutes,
	}, err
}

// dataAddress is a picture as an address (RFC 2397).
func dataAddress(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
}
