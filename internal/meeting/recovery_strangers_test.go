package meeting

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// transcript is what a client sees of one answer, without what differs from
// call to call by right.
func transcript(w *httptest.ResponseRecorder) string {
	var fields map[string]any
	shape := w.Body.String()
	if err := json.Unmarshal(w.Body.Bytes(), &fields); err == nil && w.Code == 200 {
		for name, value := range fields {
			if text, ok := value.(string); ok && len(text) > 4 {
				fields[name] = "text"
			}
		}
		shape = fmt.Sprint(fields)
	}
	return fmt.Sprint(w.Code, " ", w.Header(), " ", shape)
}

// walk does to a name all that strangers can do without its code.
func (h *lost) walk(user, method string) (seen []string) {
	note := func(step string, w *httptest.ResponseRecorder) { seen = append(seen, step+": "+transcript(w)) }
	puzzle := h.request("POST", puzzlePath, fmt.Sprintf(`{"user":%q,"clientType":0,"checkType":1}`, user))
	note("puzzle", puzzle)
	note("solution", h.solve(user, h.word(puzzle), 1))
	note("guess before any", h.check(user, "000000"))
	note("send", h.send(user, method))
	note("send at once", h.send(user, method))
	for range 6 {
		note("guess", h.check(user, "x"))
	}
	note("send locked", h.send(user, method))
	h.clock.Advance(61 * time.Second)
	note("guess late", h.check(user, "x"))
	note("send too soon", h.send(user, method))
	note("reset without a word", h.reset("nonsense", user, recovered))
	for range 10 {
		h.clock.Advance(3 * time.Minute)
		note("send again", h.send(strings.ToUpper(user), method))
	}
	return seen
}

// Strangers cannot tell by any step who exists (Meeting API, 4.12 to 4.16):
// carl, nobody, ben who has no contact, dora who has no password, and a number
// and an address of nobody.
func TestStrangersLearnNothing(t *testing.T) {
	h := newLost(t, bothChannels...)
	dora := acmeCall(h.house)
	dora.user, dora.extra = "dora", `,"userName":"Dora","userEmail":"dora@mail.example","userPhone":"+8613800000009","deptCode":"1"`
	h.answer(dora.send(h.house))
	for _, method := range []string{"sms", "email"} {
		want := h.walk("carl@acme.example", method)
		for i, part := range []string{"USG.206030001", "expire:60", "USG.206030004", "USG.206030002"} {
			if !strings.Contains(want[i+2], part) {
				t.Errorf("%s: %s, want %s", method, want[i+2], part)
			}
		}
		for i, part := range map[int]string{10: "USG.206030019", 11: "USG.206060008", len(want) - 1: "USG.206030018"} {
			if !strings.Contains(want[i], part) {
				t.Errorf("%s: %s, want %s", method, want[i], part)
			}
		}
		for _, user := range []string{"zoe@acme.example", "ben@acme.example", "dora@mail.example", "+8613800000099", "zoe@mail.example", "zoe"} {
			got := h.walk(user, method)
			if !slices.Equal(got, want) {
				t.Errorf("%s by %s:\n%s\ncarl:\n%s", user, method, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			// The next way for the same name is a day later.
		}
		h.clock.Advance(25 * time.Hour)
	}
	for _, m := range h.post() {
		if !strings.HasPrefix(m.Target, "carl@") && m.Target != "+8613800000001" {
			t.Errorf("a message left for %s", m.Target)
		}
	}
}

// All spellings of a name that nobody has are one, as they are for others.
func TestSpellingsOfNobody(t *testing.T) {
	h := newLost(t, bothChannels...)
	h.answer(h.send("zoe@acme.example", ""))
	for _, user := range []string{" Zoe@acme.example ", "ｚｏｅ@acme.example"} {
		refused(t, h.send(user, ""), 400, "USG.206030004")
	}
	h.answer(h.send("+8613800000099", ""))
	for _, user := range []string{"008613800000099", "86 138-0000-0099"} {
		refused(t, h.send(user, ""), 400, "USG.206030004")
	}
}
