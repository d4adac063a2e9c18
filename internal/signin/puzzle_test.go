package signin

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/identity"
)

// crowded is a house from whose address as many codes were asked for as go
// without a puzzle.
func crowded(t *testing.T) *house {
	t.Helper()
	h := peopled(t)
	h.o.Captcha, h.o.SkipRateLimit = captcha.NewStudio(rand.Reader, 1, 4), false
	h.build()
	for i := range freeCodes {
		if a := h.asksCode("early" + strconv.Itoa(i)); a.status != http.StatusSeeOther {
			t.Fatalf("code %d: status %d\n%s", i, a.status, a.body)
		}
	}
	return h
}

// asksCode asks for a code at a browser of its own.
func (h *house) asksCode(name string) answer {
	b := h.browser()
	return b.post("/register", b.get("/register").form("name", name, "contact", name+"@mail.example"))
}

var puzzleWord = regexp.MustCompile(`name="puzzle" value="([^"]+)"`)

// wordOn is the word of the puzzle on a page.
func wordOn(t *testing.T, a answer) string {
	t.Helper()
	found := puzzleWord.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("status %d, no puzzle on\n%s", a.status, a.body)
	}
	return found[1]
}

// solution is where the piece of a puzzle belongs.
func (h *house) solution(word string) int {
	h.t.Helper()
	kept, err := h.o.Tickets.Look(h.t.Context(), identity.TicketCaptcha, word)
	if err != nil {
		h.t.Fatal(err)
	}
	var p puzzled
	if err := json.Unmarshal(kept.Payload, &p); err != nil {
		h.t.Fatal(err)
	}
	return p.X
}

func TestPuzzleAtRegistration(t *testing.T) {
	h := crowded(t)
	b := h.browser()
	who := []string{"name", "Late", "contact", "late@mail.example"}
	asked := b.post("/register", b.get("/register").form(who...))
	shows(t, "one too many", asked, 422, `id="puzzle-error"`, "data:image/png;base64,", `type="range"`, "wait 2 minutes", `value="late@mail.example"`)
	word := wordOn(t, asked)
	x := h.solution(word)
	h.clock.Advance(time.Second)
	wrong := b.post("/register", asked.form(append(who, "puzzle", word, "puzzle_x", strconv.Itoa(x+20))...))
	shows(t, "beside the hole", wrong, 422, "not in its place")
	spent := b.post("/register", asked.form(append(who, "puzzle", word, "puzzle_x", strconv.Itoa(x))...))
	shows(t, "the same again", spent, 422, "used already")
	word = wordOn(t, spent)
	x = h.solution(word)
	h.clock.Advance(time.Second)
	if a := b.post("/register", spent.form(append(who, "puzzle", word, "puzzle_x", strconv.Itoa(x+3))...)); a.status != http.StatusSeeOther {
		t.Errorf("solved: status %d\n%s", a.status, a.body)
	}
}

func TestPuzzlesThatDoNotCount(t *testing.T) {
	h := crowded(t)
	for _, row := range []struct {
		name string
		late time.Duration
		at   func(x int) string
	}{
		{"in no time", 0, strconv.Itoa},
		{"too late to be one slide", puzzleLife, strconv.Itoa},
		{"no number", time.Second, func(int) string { return "x" }},
		{"a number that is none", time.Second, func(int) string { return strings.Repeat("9", 40) }},
	} {
		b := h.browser()
		asked := b.post("/register", b.get("/register").form("name", "Late", "contact", "late@mail.example"))
		word := wordOn(t, asked)
		x := h.solution(word)
		h.clock.Advance(row.late)
		// Whatever time passed lets somebody else in first.
		for h.asksCode("other"+strconv.Itoa(int(h.clock.Now().UnixNano()))).status == http.StatusSeeOther {
			h.clock.Advance(time.Millisecond)
		}
		a := b.post("/register", b.get("/register").form("name", "Late", "contact", "late@mail.example", "puzzle", word, "puzzle_x", row.at(x)))
		shows(t, row.name, a, 422, `id="puzzle-error"`)
	}
	// A puzzle of another browser is nobody's.
	one, other := h.browser(), h.browser()
	word := wordOn(t, one.post("/register", one.get("/register").form("name", "Late", "contact", "late@mail.example")))
	x := strconv.Itoa(h.solution(word))
	h.clock.Advance(time.Second)
	shows(t, "of another browser", other.post("/register", other.get("/register").form("name", "Late", "contact", "late@mail.example", "puzzle", word, "puzzle_x", x)), 422, "expired or was used")
}

// Whoever cannot solve a puzzle waits, and whoever draws none lets wait.
func TestWithoutAPuzzle(t *testing.T) {
	h := crowded(t)
	h.o.Captcha = nil
	b := h.browser()
	word := wordOn(t, b.post("/register", b.get("/register").form("name", "Late", "contact", "late@mail.example")))
	h.clock.Advance(freeEvery)
	if a := b.post("/register", b.get("/register").form("name", "Late", "contact", "late@mail.example", "puzzle", word, "puzzle_x", "0")); a.status != http.StatusSeeOther {
		t.Errorf("after a while: status %d\n%s", a.status, a.body)
	}
	h.build() // forgets who asked
	for i := range freeCodes {
		h.asksCode("again" + strconv.Itoa(i))
	}
	asked := h.asksCode("last")
	shows(t, "nobody draws", asked, 422, "wait 2 minutes")
	if puzzleWord.MatchString(asked.body) {
		t.Error("there is a puzzle that nobody drew")
	}
}

// A wrong field is told before the puzzle is looked at, so it spends none.
func TestFieldsComeBeforeThePuzzle(t *testing.T) {
	h := crowded(t)
	b := h.browser()
	a := b.post("/register", b.get("/register").form("name", "", "contact", "late@mail.example"))
	shows(t, "no name", a, 422, `id="name-error"`)
	if puzzleWord.MatchString(a.body) {
		t.Error("a puzzle is asked for beside a wrong field")
	}
	word := wordOn(t, b.post("/register", b.get("/register").form("name", "Late", "contact", "late@mail.example")))
	x := strconv.Itoa(h.solution(word))
	h.clock.Advance(time.Second)
	shows(t, "a wrong field", b.post("/register", b.get("/register").form("name", "", "contact", "late@mail.example", "puzzle", word, "puzzle_x", x)), 422, `id="name-error"`)
	if done := b.post("/register", b.get("/register").form("name", "Late", "contact", "late@mail.example", "puzzle", word, "puzzle_x", x)); done.status != http.StatusSeeOther {
		t.Errorf("the same puzzle: status %d\n%s", done.status, done.body)
	}
}
