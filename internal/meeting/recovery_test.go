package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// The five steps of a forgotten password (Meeting API, 4.11).
const (
	puzzlePath    = "/v1/usg/acs/auth/slideverifycode/send"
	solutionPath  = "/v1/usg/acs/auth/slideverifycode/check"
	sendCodePath  = "/v1/usg/acs/verifycode/send"
	checkCodePath = "/v1/usg/acs/verifycode/check"
	resetPath     = "/v1/usg/acs/password/reset"
)

const recovered = "Recovered-horse-9"

// dice always fall alike, so that a test knows where the hole of a puzzle is.
type dice struct{}

func (dice) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// lost is the house with what a forgotten password needs.
type lost struct {
	*house
	db *store.DB
	x  int // of every puzzle's hole
}

func lostOn(t testing.TB, db *store.DB, clock *storetest.Clock, channels ...identity.Channel) *lost {
	t.Helper()
	h := houseOn(t, db, clock)
	h.o.Codes = factor.NewCodes(db, factor.CodeOptions{Configured: func(_ context.Context, c identity.Channel) bool {
		return slices.Contains(channels, c)
	}})
	h.o.Captcha = captcha.NewStudio(dice{}, 2, 100)
	h.build()
	drawn, err := captcha.Draw(dice{})
	if err != nil {
		t.Fatal(err)
	}
	return &lost{h, db, drawn.X}
}

var bothChannels = []identity.Channel{identity.BySMS, identity.ByMail}

func newLost(t testing.TB, channels ...identity.Channel) *lost {
	t.Helper()
	clock := storetest.NewClock()
	return lostOn(t, storetest.Open(t, storetest.WithClock(clock)), clock, channels...)
}

// eachLost runs a test on both databases.
func eachLost(t *testing.T, test func(t *testing.T, h *lost)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		test(t, lostOn(t, open(storetest.WithClock(clock)), clock, bothChannels...))
	})
}

// word reads the token of an answer.
func (h *lost) word(w *httptest.ResponseRecorder) string {
	h.t.Helper()
	var a wordAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 || a.Token == "" || a.Expire <= 0 {
		h.t.Fatalf("got %d %.200s, %v, want a word", w.Code, w.Body, err)
	}
	return a.Token
}

// puzzle is step 1.
func (h *lost) puzzle(user string, checkType int) string {
	h.t.Helper()
	return h.word(h.request("POST", puzzlePath, fmt.Sprintf(`{"user":%q,"clientType":0,"checkType":%d}`, user, checkType)))
}

// solve is step 2.
func (h *lost) solve(user, word string, checkType int) *httptest.ResponseRecorder {
	return h.request("PUT", solutionPath, fmt.Sprintf(`{"user":%q,"clientType":0,"checkType":%d,"token":%q,"pointX":%d,"slideTime":812}`,
		user, checkType, word, h.x))
}

// proof is steps 1 and 2 for a forgotten password.
func (h *lost) proof(user string) string {
	h.t.Helper()
	return h.word(h.solve(user, h.puzzle(user, 1), 1))
}

// send is steps 1 to 3.
func (h *lost) send(user, method string) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.request("POST", sendCodePath, fmt.Sprintf(`{"user":%q,"token":%q,"sendMethod":%q}`, user, h.proof(user), method))
}

// check is step 4.
func (h *lost) check(user, code string) *httptest.ResponseRecorder {
	return h.request("PUT", checkCodePath, fmt.Sprintf(`{"user":%q,"code":%q}`, user, code))
}

// reset is step 5.
func (h *lost) reset(word, user, password string) *httptest.ResponseRecorder {
	return h.request("PUT", resetPath, fmt.Sprintf(`{"user":%q,"newPwd":%q}`, user, password), "X-Access-Token: "+word)
}

// posted is one message that waits to leave.
type posted struct {
	identity.Message
	Template string
	Params   map[string]string
}

// post takes what waits to leave, oldest first. Messages to nobody do not.
func (h *lost) post() (all []posted) {
	h.t.Helper()
	err := h.db.Act(h.t.Context(), store.ActOutbox, func(tx *store.Tx) error {
		for {
			// Of several to one target the oldest comes first and alone.
			messages, err := tx.Outbox.Lease("test", tx.Now().Add(time.Second), 100)
			if err != nil || len(messages) == 0 {
				return err
			}
			for _, m := range messages {
				p := posted{Message: m}
				if err := json.Unmarshal(m.Payload, &p); err != nil {
					return err
				}
				if m.Channel != identity.ToNobody {
					all = append(all, p)
				}
				if err := tx.Outbox.Sent(m.ID); err != nil {
					return err
				}
			}
		}
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// code sends a code to carl and returns it.
func (h *lost) code() string {
	h.t.Helper()
	h.answer(h.send("carl@acme.example", ""))
	messages := h.post()
	if len(messages) != 1 || messages[0].Template != "code" {
		h.t.Fatalf("post: %+v, want one code", messages)
	}
	return messages[0].Params["code"]
}

// signIn tries a password.
func (h *lost) signIn(account, password string) *httptest.ResponseRecorder {
	return h.request("POST", "/v1/usg/acs/auth/account", fmt.Sprintf(`{"account":%q,"clientType":72}`, account), basic(account, password))
}

// The whole way, under each name that a person has and each way a code goes.
func TestForgottenPassword(t *testing.T) {
	eachLost(t, func(t *testing.T, h *lost) {
		before, now := h.login("carl@acme.example").AccessToken, password
		for i, row := range []struct {
			user, method string
			by           identity.Channel
			target       string
			answer       string
		}{
			{"carl@acme.example", "", identity.BySMS, "+8613800000001", `{"expire":60,"bindPhone":"+8613****00001"}`},
			{"Carl@ACME.example", "email", identity.ByMail, "carl@mail.example", `{"expire":60,"bindEmail":"c****@mail.example"}`},
			{"+8613800000001", "", identity.BySMS, "+8613800000001", `{"expire":60,"bindPhone":"+8613****00001"}`},
			{"carl@mail.example", "sms", identity.BySMS, "+8613800000001", `{"expire":60,"bindPhone":"+8613****00001"}`},
		} {
			w := h.send(row.user, row.method)
			if w.Code != 200 || w.Body.String() != row.answer {
				t.Fatalf("%s: got %d %s, want %s", row.user, w.Code, w.Body, row.answer)
			}
			messages := h.post()
			if len(messages) != 1 || messages[0].Channel != row.by || messages[0].Target != row.target {
				t.Fatalf("%s: post %+v, want one message by %s to %s", row.user, messages, row.by, row.target)
			}
			word := h.word(h.check(row.user, messages[0].Params["code"]))
			refused(t, h.check(row.user, messages[0].Params["code"]), 400, "USG.206030001")
			next := fmt.Sprint(recovered, i)
			if w := h.reset(word, row.user, next); w.Code != 200 || w.Body.Len() != 0 {
				t.Fatalf("%s: got %d %s, want an empty answer", row.user, w.Code, w.Body)
			}
			refused(t, h.reset(word, row.user, recovered+"x"), 401, "USG.206020000")
			refused(t, h.signIn("carl@acme.example", now), 401, "USG.206010000")
			h.answer(h.signIn("carl@acme.example", next))
			if told := h.post(); len(told) != 1 || told[0].Template != "password_changed" {
				t.Errorf("%s: post %+v, want to be told of the change", row.user, told)
			}
			now = next
			h.clock.Advance(3 * time.Minute)
		}
		refused(t, h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+before), 401, "USG.206020000")
	})
}

// A forgotten password may be set anew while wrong ones have locked the account.
func TestForgottenPasswordUnlocks(t *testing.T) {
	h := newLost(t, bothChannels...)
	for range 5 {
		refused(t, h.signIn("carl@acme.example", "nonsense-1"), 401, "USG.206010000")
	}
	refused(t, h.signIn("carl@acme.example", password), 423, "USG.206030015")
	word := h.word(h.check("carl@acme.example", h.code()))
	h.answer(h.reset(word, "carl@acme.example", recovered))
	h.answer(h.signIn("carl@acme.example", recovered))
}

func TestTemporaryPassword(t *testing.T) {
	h := newLost(t, bothChannels...)
	for kind, first := range map[int]bool{1: true, 0: false, 7: false} {
		word := h.word(h.check("carl@acme.example", h.code()))
		next := recovered + fmt.Sprint(kind)
		w := h.request("PUT", resetPath, fmt.Sprintf(`{"user":"carl@acme.example","newPwd":%q,"passWordType":%d}`, next, kind), "X-Access-Token: "+word)
		h.answer(w)
		if a := h.answer(h.signIn("carl@acme.example", next)); a.FirstLogin != first {
			t.Errorf("passWordType %d: firstLogin = %v, want %v", kind, a.FirstLogin, first)
		}
		h.post()
		h.clock.Advance(3 * time.Minute)
	}
}
