package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
)

// flow is what a conversation remembers between two requests. It is stored in
// a ticket whose secret travels in the page's address and forms, and it counts
// only together with the flow cookie of the browser for which it was made. A
// conversation that has nothing to remember is not stored.
type flow struct {
	Browser  string         `json:"browser"` // digest of the flow cookie
	ReturnTo string         `json:"return_to,omitempty"`
	Client   source.Purpose `json:"client,omitempty"` // of enterprise SSO that ends in an app, "" for this browser
	Note     pages.Key      `json:"note,omitempty"`   // what the next page begins with
	// Passage is the application on the way to which the conversation is; nil
	// for none. ReturnTo is then the address at which it was asked for, which
	// is our own however long it is.
	Passage *passage `json:"passage,omitempty"`
	// Newcomer is who registers, once a code was sent; nil for nobody.
	Newcomer *newcomer `json:"newcomer,omitempty"`
}

// flowLife is how long a conversation is remembered: as long as its cookie.
const flowLife = 10 * time.Minute

// worth tells that there is something to remember.
func (f flow) worth() bool {
	return f.ReturnTo != "" && f.ReturnTo != "/" || f.Client != "" || f.Note != "" || f.Passage != nil || f.Newcomer != nil
}

// digest is what is stored of a flow cookie.
func digest(browser string) string {
	sum := sha256.Sum256([]byte(browser))
	return hex.EncodeToString(sum[:])
}

// isOf reports whether something was bound to this browser, in constant time.
func (v *visit) isOf(bound string) bool {
	return v.browser != "" && subtle.ConstantTimeCompare([]byte(digest(v.browser)), []byte(bound)) == 1
}

// bind makes sure that the browser has a flow cookie, and renews it.
func (s *Surface) bind(v *visit) {
	if v.browser == "" {
		var word [32]byte
		rand.Read(word[:])
		v.browser = base64.RawURLEncoding.EncodeToString(word[:])
	}
	s.Flows.Write(v.w, v.browser)
}

// resume reads what the conversation remembers. ok is false when the request
// names a conversation that is not this browser's, or not any more: it begins
// again.
func (s *Surface) resume(v *visit, id string) (ok bool, err error) {
	if id == "" {
		return true, nil
	}
	t, err := s.Tickets.Look(v.context(), identity.TicketFlow, id)
	if fault.Is(err, fault.CodeTicket) || fault.Is(err, fault.CodeSpent) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var f flow
	if err := json.Unmarshal(t.Payload, &f); err != nil {
		return false, err
	}
	if !v.isOf(f.Browser) {
		return false, nil
	}
	v.flow, v.flowID = f, id
	return true, nil
}

// remember stores what the conversation is to remember from now on.
func (s *Surface) remember(v *visit, f flow) error {
	v.flow, v.flowID = flow{}, ""
	if !f.worth() {
		return nil
	}
	if err := s.count(v); err != nil {
		return err
	}
	s.bind(v)
	f.Browser = digest(v.browser)
	payload, err := json.Marshal(f)
	if err != nil {
		return err
	}
	id, err := s.Tickets.Issue(v.context(), identity.TicketFlow, payload, flowLife)
	if err == nil {
		v.flow, v.flowID = f, id
	}
	return err
}

// begin reads the conversation that an address names by its parameters.
// done is false when the step goes on; else the reply leads to the same page
// without the parameters that are remembered now, or that do not hold any more.
func (s *Surface) begin(v *visit) (answer reply, done bool, err error) {
	query := v.r.URL.Query()
	ok, err := s.resume(v, query.Get(pages.FlowField))
	if err != nil {
		return reply{}, true, err
	}
	told := toldBy(query)
	if ok && !told.worth() {
		return reply{}, false, nil
	}
	if told.worth() {
		if err := s.remember(v, told); err != nil {
			return reply{}, true, err
		}
	}
	query.Del("return_to")
	query.Del("client")
	query.Del(pages.FlowField)
	return goTo(v.address(v.r.URL.Path, query)), true, nil
}

// toldBy is what the parameters of an address ask to remember. An address to
// return to that is not a path of ours is left out.
func toldBy(query url.Values) (f flow) {
	f.ReturnTo, _ = ownPath(query.Get("return_to"))
	f.Client = clientOf(query.Get("client"))
	return f
}

// clientOf reads the parameter client: the app in which enterprise SSO is to
// end, "" for this browser and for what is no client.
func clientOf(text string) source.Purpose {
	switch p := source.Purpose(text); p {
	case source.ForPC, source.ForAndroid, source.ForIOS:
		return p
	}
	return ""
}

// address is a path of ours with the conversation.
func (v *visit) address(path string, query url.Values) string {
	if v.flowID != "" {
		if query == nil {
			query = url.Values{}
		}
		query.Set(pages.FlowField, v.flowID)
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// flowForm is the hidden part of a form of the conversation.
func (s *Surface) flowForm(v *visit, action string) pages.Hidden {
	s.bind(v)
	return pages.Hidden{Action: action, Token: session.FormToken(v.browser), Flow: v.flowID}
}

// checkFlowForm reads the conversation of a posted form. ok is false when the
// form is not one that this browser was shown under its present cookie, or is
// of a conversation that is over: the page is shown afresh, and nothing that
// was posted is acted upon.
func (s *Surface) checkFlowForm(v *visit) (ok bool, err error) {
	if v.browser == "" || !session.CheckFormToken(v.browser, v.posted(pages.CSRFField)) {
		return false, nil
	}
	return s.resume(v, v.posted(pages.FlowField))
}
