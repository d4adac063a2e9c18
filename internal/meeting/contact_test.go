package meeting

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

const (
	contactCodePath  = myPath + "/verification-code"
	contactCheckPath = contactCodePath + "/verify"
	contactPath      = myPath + "/contact"
)

// asks sends a contact code as somebody and returns the digits and where they
// went.
func (h *lost) asks(call func(method, path, body string) *httptest.ResponseRecorder, body string) posted {
	h.t.Helper()
	says(h.t.(*testing.T), call("POST", contactCodePath, body), "")
	messages := h.post()
	if len(messages) != 1 || messages[0].Template != "code" {
		h.t.Fatalf("post: %+v, want one code", messages)
	}
	return messages[0]
}

// contactBody is a VerificationCodeDTO.
func contactBody(contact, country, code string) string {
	return fmt.Sprintf(`{"contact":%q,"country":%q,"verificationCode":%q}`, contact, country, code)
}

// The whole way of a new contact: it is sent to, looked at, written, and from
// then on a name to sign in by.
func TestNewContact(t *testing.T) {
	for _, row := range []struct {
		what, contact, country string
		by                     identity.Channel
		target, field, before  string
	}{
		{"a mail address", "karl@mail.example", "", identity.ByMail, "karl@mail.example", "email", "carl@mail.example"},
		{"a mail address in other letters", " Karl@MAIL.example", "", identity.ByMail, "karl@mail.example", "email", "carl@mail.example"},
		{"a telephone", "+8613800000002", "chinaPR", identity.BySMS, "+8613800000002", "phone", "+8613800000001"},
		{"a telephone without its code", "138-0000 0002", "chinaPR", identity.BySMS, "+8613800000002", "phone", "+8613800000001"},
	} {
		t.Run(row.what, func(t *testing.T) {
			eachLost(t, func(t *testing.T, h *lost) {
				carl := h.caller("carl@acme.example")
				sent := h.asks(carl, contactBody(row.contact, row.country, ""))
				if sent.Channel != row.by || sent.Target != row.target {
					t.Errorf("sent by %s to %s, want %s to %s", sent.Channel, sent.Target, row.by, row.target)
				}
				right := contactBody(row.contact, row.country, sent.Params["code"])
				// To look at a code does not use it up, nor does it change anything.
				says(t, carl("POST", contactCheckPath, right), "")
				says(t, carl("POST", contactCheckPath, right), "")
				has(t, told(t, carl("GET", myPath, "")), map[string]any{row.field: row.before})

				says(t, carl("PUT", contactPath, right), "")
				has(t, told(t, carl("GET", myPath, "")), map[string]any{row.field: row.target, "name": "Carl \"<C>\""})
				refused(t, carl("PUT", contactPath, right), 400, "USG.206030001")
				refused(t, carl("POST", contactCheckPath, right), 400, "USG.206030001")
				if w := h.signIn(row.target, password); w.Code != 200 {
					t.Errorf("sign-in by the new one: %d %s", w.Code, w.Body)
				}
				if w := h.signIn(row.before, password); w.Code == 200 {
					t.Errorf("sign-in by the one before: %d", w.Code)
				}
			})
		})
	}
}

// A code is good for the contact it was sent to and for whom it was sent to.
func TestContactCodeIsBound(t *testing.T) {
	eachLost(t, func(t *testing.T, h *lost) {
		carl, ben := h.caller("carl@acme.example"), h.caller("ben@acme.example")
		code := h.asks(carl, contactBody("karl@mail.example", "", "")).Params["code"]
		for _, row := range []struct{ what, contact, country string }{
			{"another address", "other@mail.example", ""},
			{"a telephone", "+8613800000002", "chinaPR"},
		} {
			refused(t, carl("POST", contactCheckPath, contactBody(row.contact, row.country, code)), 400, "USG.206030002")
			refused(t, carl("PUT", contactPath, contactBody(row.contact, row.country, code)), 400, "USG.206030002")
		}
		refused(t, ben("POST", contactCheckPath, contactBody("karl@mail.example", "", code)), 400, "USG.206030001")
		refused(t, ben("PUT", contactPath, contactBody("karl@mail.example", "", code)), 400, "USG.206030001")
		// Nor does it reset a password, or one for a password change a contact.
		refused(t, h.check("carl@acme.example", code), 400, "USG.206030001")
		says(t, carl("PUT", contactPath, contactBody("karl@mail.example", "", code)), "")
		forgotten := h.code()
		refused(t, carl("PUT", contactPath, contactBody("carl@mail.example", "", forgotten)), 400, "USG.206030001")
		has(t, told(t, ben("GET", userPath+"/carl@acme.example", "")), map[string]any{"email": "karl@mail.example", "phone": "+8613800000001"})
	})
}

// What is blank once it is normalised is no contact: with a code that went
// elsewhere it clears nothing.
func TestBlankContactIsRefused(t *testing.T) {
	h := newLost(t, bothChannels...)
	carl := h.caller("carl@acme.example")
	code := h.asks(carl, contactBody("karl@mail.example", "", "")).Params["code"]
	for _, blank := range []string{" ", "-", " - ", "   "} {
		body := contactBody(blank, "chinaPR", code)
		for _, call := range [][2]string{{"POST", contactCodePath}, {"POST", contactCheckPath}, {"PUT", contactPath}} {
			refused(t, carl(call[0], call[1], body), 400, "USG.000000003")
		}
	}
	has(t, told(t, carl("GET", myPath, "")), map[string]any{"email": "carl@mail.example", "phone": "+8613800000001"})
	says(t, carl("PUT", contactPath, contactBody("karl@mail.example", "", code)), "")
}

// After a minute, or five wrong guesses, the right code changes nothing.
func TestContactCodeEnds(t *testing.T) {
	for _, row := range []struct {
		what string
		ends func(h *lost, guess func())
		want string
	}{
		{"after a minute", func(h *lost, _ func()) { h.clock.Advance(time.Minute) }, "USG.206030001"},
		{"after five guesses", func(_ *lost, guess func()) {
			for range 5 {
				guess()
			}
		}, "USG.206060015"},
	} {
		t.Run(row.what, func(t *testing.T) {
			eachLost(t, func(t *testing.T, h *lost) {
				carl := h.caller("carl@acme.example")
				right := contactBody("karl@mail.example", "", h.asks(carl, contactBody("karl@mail.example", "", "")).Params["code"])
				row.ends(h, func() {
					refused(t, carl("POST", contactCheckPath, contactBody("karl@mail.example", "", "wrong")), 400, "USG.206030002")
				})
				refused(t, carl("POST", contactCheckPath, right), 400, row.want)
				refused(t, carl("PUT", contactPath, right), 400, row.want)
				has(t, told(t, carl("GET", myPath, "")), map[string]any{"email": "carl@mail.example"})
			})
		})
	}
}

// That a contact is somebody else's is told at the change, to whom has proven
// that it is theirs; and nothing changes.
func TestContactOfSomebodyElse(t *testing.T) {
	eachLost(t, func(t *testing.T, h *lost) {
		ben := h.caller("ben@acme.example")
		for _, row := range []struct{ contact, country string }{{"carl@mail.example", ""}, {"+8613800000001", "chinaPR"}} {
			code := h.asks(ben, contactBody(row.contact, row.country, "")).Params["code"]
			says(t, ben("POST", contactCheckPath, contactBody(row.contact, row.country, code)), "")
			refused(t, ben("PUT", contactPath, contactBody(row.contact, row.country, code)), 400, "USG.201040020")
			refused(t, ben("PUT", contactPath, contactBody(row.contact, row.country, code)), 400, "USG.206030001")
			has(t, told(t, ben("GET", myPath, "")), map[string]any{"email": "", "phone": ""})
			h.clock.Advance(3 * time.Minute)
		}
		if w := h.signIn("carl@mail.example", password); w.Code != 200 {
			t.Errorf("whose it is signs in: %d %s", w.Code, w.Body)
		}
	})
}

// Who may not call is refused before any code is looked at.
func TestContactNeedsASignIn(t *testing.T) {
	h := newLost(t, bothChannels...)
	body := contactBody("karl@mail.example", "", "123456")
	for _, call := range [][2]string{{"POST", contactCodePath}, {"POST", contactCheckPath}, {"PUT", contactPath}} {
		for _, header := range []string{"X-None: ", "X-Access-Token: unknown"} {
			if w := h.request(call[0], call[1], body, header); w.Code != 401 {
				t.Errorf("%s %s, %s: got %d %s, want 401", call[0], call[1], header, w.Code, w.Body)
			}
		}
	}
	if left := h.post(); len(left) != 0 {
		t.Errorf("%d messages left", len(left))
	}
}
