package meeting

import (
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/captcha"
)

// inParallel counts what n calls at once answer, by status and code.
func inParallel(n int, call func(i int) *httptest.ResponseRecorder) map[string]int {
	code := regexp.MustCompile(`USG\.\d{9}`)
	answers := make([]string, n)
	var work sync.WaitGroup
	for i := range n {
		work.Go(func() {
			w := call(i)
			answers[i] = strings.TrimSpace(fmt.Sprint(w.Code, " ", code.FindString(w.Body.String())))
		})
	}
	work.Wait()
	got := map[string]int{}
	for _, a := range answers {
		got[a]++
	}
	return got
}

// A puzzle may be tried once, however many try at once.
func TestCaptchaIsCheckedOnce(t *testing.T) {
	eachLost(t, func(t *testing.T, h *lost) {
		word := h.puzzle("carl@acme.example", 1)
		got := inParallel(20, func(int) *httptest.ResponseRecorder { return h.solve("carl@acme.example", word, 1) })
		if got["200"] != 1 || got["400 USG.206060010"] != 19 {
			t.Errorf("got %v, want one success", got)
		}
		proof := h.proof("carl@acme.example")
		got = inParallel(20, func(int) *httptest.ResponseRecorder {
			return h.request("POST", sendCodePath, fmt.Sprintf(`{"user":"carl@acme.example","token":%q}`, proof))
		})
		if got["200"] != 1 || got["400 USG.206060010"] != 19 || len(h.post()) != 1 {
			t.Errorf("got %v, want one code sent", got)
		}
	})
}

// Of many guesses at once five are looked at, and of many right ones one is
// taken; so is one of many new passwords.
func TestCodesAreGuessedInVain(t *testing.T) {
	eachLost(t, func(t *testing.T, h *lost) {
		const user = "carl@acme.example"
		code := h.code()
		got := inParallel(50, func(int) *httptest.ResponseRecorder { return h.check(user, "x"+code) })
		if got["400 USG.206030002"] != 5 || got["400 USG.206030019"] != 45 {
			t.Errorf("50 wrong codes: got %v, want 5 looked at", got)
		}
		refused(t, h.check(user, code), 400, "USG.206030019")
		h.clock.Advance(4 * time.Minute)
		code = h.code()
		words := make(chan string, 50)
		got = inParallel(50, func(int) *httptest.ResponseRecorder {
			w := h.check(user, code)
			if w.Code == 200 {
				words <- h.word(w)
			}
			return w
		})
		if got["200"] != 1 || got["400 USG.206030001"] != 49 {
			t.Fatalf("50 right codes: got %v, want one taken", got)
		}
		word := <-words
		got = inParallel(8, func(i int) *httptest.ResponseRecorder { return h.reset(word, user, fmt.Sprint(recovered, i)) })
		if got["200"] != 1 || got["401 USG.206020000"] != 7 {
			t.Errorf("8 new passwords: got %v, want one set", got)
		}
	})
}

func TestSendCaptcha(t *testing.T) {
	h := newLost(t)
	w := h.request("POST", puzzlePath, `{"user":"carl@acme.example","clientType":5}`)
	got := regexp.MustCompile(`(base64,|"token":")[^"]+`).ReplaceAllString(w.Body.String(), "$1…")
	want := fmt.Sprintf(`{"shadowImage":"data:image/png;base64,…","cutImage":"data:image/png;base64,…","pointY":%d,"token":"…","expire":120}`, y(t))
	if w.Code != 200 || got != want {
		t.Errorf("got %d %s, want %s", w.Code, got, want)
	}
	for body, code := range map[string]string{
		`{"clientType":0}`:                             "USG.000000003",
		`{"user":"","clientType":0}`:                   "USG.000000003",
		`{"user":7,"clientType":0}`:                    "USG.000000003",
		`{"user":"carl"}`:                              "USG.000000003",
		`{"user":"carl","clientType":"0"}`:             "USG.000000003",
		`{"user":"carl","clientType":-1}`:              "USG.000000003",
		`{"user":"a","user":"b","clientType":0}`:       "USG.000000003",
		`{"user":"carl","clientType":0,"checkType":2}`: "USG.000000003",
		`[]`: "USG.000000003",
		``:   "USG.000000003",
		fmt.Sprintf(`{"user":%q,"clientType":0}`, strings.Repeat("a", 256)): "USG.000000003",
	} {
		refused(t, h.request("POST", puzzlePath, body), 400, code)
	}
}

func y(t *testing.T) int {
	t.Helper()
	drawn, err := captcha.Draw(dice{})
	if err != nil {
		t.Fatal(err)
	}
	return drawn.Y
}

// noDice is a source of randomness that is broken.
type noDice struct{}

func (noDice) Read([]byte) (int, error) { return 0, errors.New("broken") }

// heldDice wait until they are let go.
type heldDice struct {
	asked, let chan struct{}
}

func (d heldDice) Read(p []byte) (int, error) {
	d.asked <- struct{}{}
	<-d.let
	return io.ReadFull(dice{}, p)
}

func TestSendCaptchaFails(t *testing.T) {
	h := newLost(t)
	h.o.Captcha = captcha.NewStudio(noDice{}, 1, 0)
	h.build()
	refused(t, h.request("POST", puzzlePath, `{"user":"carl","clientType":0}`), 500, "USG.206010010")

	held := heldDice{make(chan struct{}), make(chan struct{})}
	h.o.Captcha = captcha.NewStudio(held, 1, 0)
	h.build()
	done := make(chan *httptest.ResponseRecorder)
	go func() { done <- h.request("POST", puzzlePath, `{"user":"carl","clientType":0}`) }()
	<-held.asked
	w := h.request("POST", puzzlePath, `{"user":"carl","clientType":0}`)
	refused(t, w, 503, "USG.000000001")
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	close(held.let)
	if w := <-done; w.Code != 200 {
		t.Errorf("the first: got %d, want its puzzle", w.Code)
	}
}

func TestCheckCaptcha(t *testing.T) {
	h := newLost(t)
	const user = "carl@acme.example"
	for name, row := range map[string]struct {
		user, word           string
		kind, off, slideTime int
		code                 string
	}{
		"right":             {user, "", 0, 0, 812, ""},
		"another spelling":  {"CARL@acme.example", "", 0, 0, 812, ""},
		"five to the left":  {user, "", 0, -5, 812, ""},
		"five to the right": {user, "", 0, 5, 1, ""},
		"six to the left":   {user, "", 0, -6, 812, "USG.206010012"},
		"six to the right":  {user, "", 0, 6, 812, "USG.206010012"},
		"far away":          {user, "", 0, 5000, 812, "USG.206010012"},
		"no time at all":    {user, "", 0, 0, 0, "USG.206010012"},
		"ten minutes":       {user, "", 0, 0, 600_000, "USG.206010012"},
		"before it began":   {user, "", 0, 0, -1, "USG.000000003"},
		"another user":      {"ben@acme.example", "", 0, 0, 812, "USG.206060010"},
		"another purpose":   {user, "", 1, 0, 812, "USG.206060010"},
		"unknown word":      {user, "nonsense", 0, 0, 812, "USG.206060010"},
		"another word":      {user, h.proof(user), 0, 0, 812, "USG.206060010"},
	} {
		t.Run(name, func(t *testing.T) {
			word := row.word
			if word == "" {
				word = h.puzzle(user, 0)
			}
			w := h.request("PUT", solutionPath, fmt.Sprintf(`{"user":%q,"clientType":6,"checkType":%d,"token":%q,"pointX":%d,"slideTime":%d}`,
				row.user, row.kind, word, h.x+row.off, row.slideTime))
			if row.code != "" {
				refused(t, w, 400, row.code)
			} else if !regexp.MustCompile(`^\{"token":"[^"]+","expire":300\}$`).MatchString(w.Body.String()) || w.Code != 200 {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			if row.code != "USG.000000003" {
				refused(t, h.solve(user, word, 0), 400, "USG.206060010")
			}
		})
	}
	late := h.puzzle(user, 0)
	h.clock.Advance(2 * time.Minute)
	refused(t, h.solve(user, late, 0), 400, "USG.206060010")
	for _, body := range []string{
		`{"user":"carl","clientType":0,"pointX":1,"slideTime":1}`,
		`{"user":"carl","clientType":0,"token":"a","slideTime":1}`,
		`{"user":"carl","clientType":0,"token":"a","pointX":1}`,
		`{"user":"carl","clientType":0,"token":"a","pointX":1.5,"slideTime":1}`,
		`{"user":"carl","clientType":0,"token":"a","token":"b","pointX":1,"slideTime":1}`,
		`{"user":"carl","token":"a","pointX":1,"slideTime":1}`,
	} {
		refused(t, h.request("PUT", solutionPath, body), 400, "USG.000000003")
	}
}

func TestSendCodeRefusals(t *testing.T) {
	h := newLost(t, bothChannels...)
	const user = "carl@acme.example"
	login := h.word(h.solve(user, h.puzzle(user, 0), 0))
	late := h.proof(user)
	h.clock.Advance(5 * time.Minute)
	for name, row := range map[string]struct{ body, code string }{
		"no token":           {`{"user":"carl@acme.example"}`, "USG.206060009"},
		"an empty token":     {`{"user":"carl@acme.example","token":""}`, "USG.206060009"},
		"null":               {`{"user":"carl@acme.example","token":null}`, "USG.206060009"},
		"no user":            {`{"token":"a"}`, "USG.000000003"},
		"an unknown way":     {`{"user":"carl@acme.example","token":"a","sendMethod":"pigeon"}`, "USG.000000003"},
		"capitals":           {`{"user":"carl@acme.example","token":"a","sendMethod":"SMS"}`, "USG.000000003"},
		"two ways":           {`{"user":"carl@acme.example","token":"a","sendMethod":"sms","sendMethod":"email"}`, "USG.000000003"},
		"an unknown token":   {`{"user":"carl@acme.example","token":"nonsense"}`, "USG.206060010"},
		"a puzzle's token":   {fmt.Sprintf(`{"user":%q,"token":%q}`, user, h.puzzle(user, 1)), "USG.206060010"},
		"a login's token":    {fmt.Sprintf(`{"user":%q,"token":%q}`, user, login), "USG.206060010"},
		"an expired token":   {fmt.Sprintf(`{"user":%q,"token":%q}`, user, late), "USG.206060010"},
		"another's token":    {fmt.Sprintf(`{"user":"ben@acme.example","token":%q}`, h.proof(user)), "USG.206060010"},
		"an impossible name": {fmt.Sprintf(`{"user":"zo\u200be","token":%q}`, h.proof("zo\u200be")), "USG.000000003"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, h.request("POST", sendCodePath, row.body), 400, row.code) })
	}
	if left := h.post(); len(left) != 0 {
		t.Errorf("post: %+v, want nothing", left)
	}
}

// What nobody can be sent is refused to all alike.
func TestSendCodeWithoutChannels(t *testing.T) {
	for _, user := range []string{"carl@acme.example", "zoe@acme.example"} {
		mail, none := newLost(t, bothChannels[1]), newLost(t)
		refused(t, mail.send(user, "sms"), 400, "USG.206060012")
		mail.answer(mail.send(user, ""))
		refused(t, none.send(user, ""), 500, "USG.206030023")
		refused(t, none.send(user, "email"), 500, "USG.206030023")
	}
}

func TestResetPasswordWords(t *testing.T) {
	h := newLost(t, bothChannels...)
	const user = "carl@acme.example"
	access, proof := h.login(user).AccessToken, h.proof(user)
	word := h.word(h.check(user, h.code()))
	for name, row := range map[string]struct{ word, user string }{
		"another user":         {word, "ben@acme.example"},
		"nobody":               {word, "zoe@acme.example"},
		"another name of carl": {word, "carl@mail.example"},
		"an access token":      {access, user},
		"a captcha's word":     {proof, user},
		"nonsense":             {"nonsense", user},
		"cut":                  {word[:len(word)-1], user},
	} {
		t.Run(name, func(t *testing.T) { refused(t, h.reset(row.word, row.user, recovered), 401, "USG.206020000") })
	}
	refused(t, h.request("PUT", resetPath, `{"user":"carl@acme.example","newPwd":"Recovered-horse-9"}`), 401, "USG.000000004")
	refused(t, h.request("PUT", resetPath, `{"user":"carl@acme.example"}`, "X-Access-Token: "+word), 400, "USG.000000003")
	// None of these spent it, nor does a password that breaks a rule.
	for bad, code := range map[string]string{
		"": "USG.206030007", "Short-7": "USG.206030007", strings.Repeat("Ab3-", 9): "USG.206030007", strings.Repeat("Ab3-", 90): "USG.206030007",
		"lower-case-9": "USG.206030008", "NoDigitsHere": "USG.206030008", "Horse-aaaa-9": "USG.206030010",
		"X9-carl@acme.example": "USG.206030012", "X9-lrac-longer": "USG.206030012", "Pässword-9": "USG.206030014",
	} {
		refused(t, h.reset(word, user, bad), 400, code)
	}
	h.answer(h.reset(word, user, recovered))

	h.clock.Advance(3 * time.Minute)
	h.post()
	late := h.word(h.check(user, h.code()))
	h.clock.Advance(5 * time.Minute)
	refused(t, h.reset(late, user, recovered+"x"), 401, "USG.206020000")
}

// FuzzCaptchaCheck: whatever is sent as a solution, only the hole's place and
// the puzzle's word give a proof.
func FuzzCaptchaCheck(f *testing.F) {
	h := newLost(f)
	for _, seed := range []string{
		`{"user":"carl","clientType":0,"checkType":1,"token":"ogk_x","pointX":130,"slideTime":812}`,
		`{"user":null,"clientType":1e3}`, `{"user":"\ud800","token":"` + h.puzzle("carl", 1) + `"}`, `[]`, "\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w := h.request("PUT", solutionPath, body)
		if w.Code != 400 {
			t.Errorf("%q: got %d %s, want a refusal", body, w.Code, w.Body)
		}
	})
}
