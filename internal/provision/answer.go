package provision

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode"

	"github.com/orgate/orgate/internal/identity"
)

// Class tells failures apart by who can mend them (OrgID, G.6).
type Class string

// The classes of failures.
const (
	// Unreachable: the address is wrong, or something stands between.
	Unreachable Class = "unreachable"
	// IllegalSignature: the two sides have different keys.
	IllegalSignature Class = "signature"
	// Abnormal: the receiver is at fault; its maker has to be asked.
	Abnormal Class = "abnormal"
)

// The result codes (OrgID, G.5) that make a difference.
const (
	codeSuccess    = "000000"
	codeSignature  = "000001"
	codeParameter  = "000002"
	codeProcessing = "000004"
)

// answer is what a receiver said.
type answer struct {
	Code    string // "" when it said none
	Message string
}

var errAnswer = errors.New("provision: the answer is not a result")

// maxMessage is how many characters of a message are kept (OrgID, G.2).
const maxMessage = 255

// parseAnswer reads a result. The published samples have blanks around the
// names, which are dropped; a name that comes twice after that is refused, since
// nobody knows which was meant.
func parseAnswer(body []byte) (a answer, err error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil || raw == nil {
		return a, errAnswer
	}
	seen := map[string]bool{}
	for name, value := range raw {
		name = strings.TrimSpace(name)
		into := map[string]*string{"resultCode": &a.Code, "resultMsg": &a.Message}[name]
		if into == nil {
			continue
		}
		if seen[name] {
			return answer{}, errAnswer
		}
		seen[name] = true
		if err := json.Unmarshal(value, into); err != nil {
			return answer{}, errAnswer
		}
	}
	a.Code = strings.TrimSpace(a.Code)
	if len(a.Code) != 6 || strings.Trim(a.Code, "0123456789") != "" {
		return answer{}, errAnswer
	}
	a.Message = oneLine(a.Message)
	return a, nil
}

// oneLine is a text as it may stand in a list.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	return cut(strings.TrimSpace(text), maxMessage)
}

// reply is all that came back of a call.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// judge says how a call went: "" is success, and processing that the receiver
// has taken it and is not done.
func judge(s identity.Sync, r reply) (a answer, class Class, processing bool) {
	a, err := parseAnswer(r.body)
	verdict := signerOf(s).verify(r.header, r.body)
	switch {
	case err == nil && a.Code == codeSignature:
		return a, IllegalSignature, false
	case r.status >= 300 && r.status < 400 || r.status == http.StatusNotFound || r.status == http.StatusMethodNotAllowed:
		return a, Unreachable, false
	case r.status != http.StatusOK || err != nil:
		return a, Abnormal, false
	case verdict == forged || verdict == unsigned && s.VerifyAnswers:
		return a, IllegalSignature, false
	case a.Code == codeSuccess:
		return a, "", false
	}
	return a, Abnormal, a.Code == codeProcessing
}
