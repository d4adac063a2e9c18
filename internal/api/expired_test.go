package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// ways are all the ways by which the other member of an estate comes in or is
// in already, each with the code of its refusal once their membership is over.
type ways struct {
	h       *house
	e       estate
	app     identity.AppID
	client  identity.Application
	bearer  string // a Meeting access token
	renewal string // and its refresh token
	word    string // of a browser session
	issued  identity.Issued
	nonces  int
}

func (h *house) waysOf(e estate) *ways {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	third := "theirs"
	must(h.o.Directory.ChangeMember(ctx, console(), e.organization.ID, e.other.Member.ID, 0, directory.MemberChange{ThirdAccount: &third}))(t)
	in := must(h.o.Directory.SignInByPassword(ctx, directory.PasswordProof{
		Name: e.other.Account.Name, Password: password, Origin: origin,
		Entry: directory.EnterClient{ClientType: identity.ClientAPI, CreateToken: true},
	}))(t)
	w := &ways{h: h, e: e, bearer: in.Issued.Access, renewal: in.Issued.Refresh}
	w.app = must(h.o.Applications.AppID(ctx, console(), e.organization.ID, e.appID))(t)
	w.word, w.issued = h.enters(e, true)
	w.client = must(h.o.Applications.Find(ctx, e.application))(t)
	return w
}

func (w *ways) password(password string) error {
	_, err := w.h.o.Directory.SignInByPassword(w.h.t.Context(), directory.PasswordProof{
		Name: w.e.other.Account.Name, Password: password, Origin: origin,
		Entry: directory.EnterClient{ClientType: identity.ClientAPI, CreateToken: true},
	})
	return err
}

func (w *ways) vouched() error {
	w.nonces++
	_, err := w.h.o.Directory.SignInByAppID(w.h.t.Context(), directory.AppIDProof{
		AppID: w.app, ThirdAccount: "theirs", Nonce: strings.Repeat("n", 31) + string(rune('a'+w.nonces)),
		NonceUntil: w.h.clock.Now().Add(time.Hour), ClientType: identity.ClientAPI,
	})
	return err
}

func (w *ways) refresh() (err error) {
	out, err := w.h.o.Grants.Rotate(w.h.t.Context(), w.client, w.issued.Refresh, nil)
	if err == nil {
		w.issued = out
	}
	return err
}

// tried tries them all and returns how each was answered.
func (w *ways) tried() map[string]error {
	ctx, o := w.h.t.Context(), w.h.o
	_, bearer := o.Tokens.Check(ctx, w.bearer)
	_, session := o.Sessions.Check(ctx, w.word)
	return map[string]error{
		"password": w.password(password), "App ID": w.vouched(), "token": bearer, "session": session, "refresh of a grant": w.refresh(),
	}
}

func (w *ways) until(end time.Time) {
	w.h.t.Helper()
	must(w.h.o.Directory.ChangeMember(w.h.t.Context(), console(), w.e.organization.ID, w.e.other.Member.ID, 0, directory.MemberChange{ExpiresAt: &end}))(w.h.t)
}

// Whose membership is over is out by every way, at the very instant and
// whatever was remembered of them before; another's is not touched.
func TestExpiredMemberIsOutByEveryWay(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w, other := h.waysOf(h.acme), h.waysOf(h.beta)
		all := func(when string, of *ways, want map[string]fault.Code) {
			t.Helper()
			for way, err := range of.tried() {
				if code := want[way]; code == "" && err != nil || code != "" && !fault.Is(err, code) {
					t.Errorf("%s, %s: got %v, want %q", when, way, err, code)
				}
			}
		}
		w.until(h.clock.Now().Add(time.Minute))
		all("before", w, nil)
		h.clock.Advance(time.Minute - time.Millisecond)
		all("at the last moment", w, nil)
		h.clock.Advance(time.Millisecond)
		over := map[string]fault.Code{
			"password": fault.CodeMemberExpired, "App ID": fault.CodeMemberExpired, "token": fault.CodeTokenUnknown,
			"session": fault.CodeSessionEnded, "refresh of a grant": fault.CodeGrantInvalid,
		}
		all("over", w, over)
		if in, err := h.o.Grants.Inspect(t.Context(), w.issued.Access); err == nil {
			t.Errorf("the application is still told of them: %+v", in)
		}
		if _, err := h.o.Tokens.Refresh(t.Context(), w.renewal, origin); !fault.Is(err, fault.CodeTokenUnknown) {
			t.Errorf("the token was renewed: %v", err)
		}
		if err := w.password("not-their-password-1"); !fault.Is(err, fault.CodeSignInFailed) {
			t.Errorf("whoever does not know the password is told of the end: %v", err)
		}
		refused(t, h.request("GET", prefix+"/me", "", "Authorization: Bearer "+w.bearer), http.StatusUnauthorized, "token_unknown")
		all("another organisation's", other, nil)
		w.until(h.clock.Now().Add(time.Hour))
		if err := w.password(password); err != nil {
			t.Errorf("renewed: %v", err)
		}
		if err := w.vouched(); err != nil {
			t.Errorf("renewed, App ID: %v", err)
		}
	})
}

// The end of a membership over the wire: who is expired is found as such, and
// nobody sets what cannot be.
func TestMembersThatExpire(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/acme/members"
		end := h.clock.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		m := read[MadeMember](t, h.as(administrator, "POST", all, `{"name":"Temp","account":"temp","expires_at":"`+end+`"}`), http.StatusCreated)
		if m.Status != "inactive" || m.ExpiresAt == nil || m.ExpiresAt.UTC().Format(time.RFC3339) != end {
			t.Errorf("got %s until %v, want until %s", m.Status, m.ExpiresAt, end)
		}
		found := func(status string) string {
			t.Helper()
			var names []string
			for _, m := range read[page[Member]](t, h.as(administrator, "GET", all+"?status="+status, ""), http.StatusOK).Items {
				names = append(names, m.Account)
			}
			return strings.Join(names, " ")
		}
		if got := found("expired"); got != "" {
			t.Errorf("before the end %q are expired", got)
		}
		h.clock.Advance(time.Hour)
		if got := found("expired"); got != "temp" {
			t.Errorf("after the end %q are expired", got)
		}
		if got := found("inactive"); strings.Contains(got, "temp") {
			t.Errorf("%q never signed in", got)
		}
		one := all + "/" + m.ID
		for _, tt := range []struct{ path, body, code string }{
			{one, `{"expires_at":"tomorrow"}`, "field_format"},
			{one, `{"expires_at":"2030-12-31"}`, "field_format"},
			{all + "/" + string(h.acme.owner.Member.ID), `{"expires_at":"` + end + `"}`, "owner_protected"},
		} {
			w := h.as(orgToken, "PATCH", tt.path, tt.body)
			if p := read[Problem](t, w, w.Code); p.Code != tt.code {
				t.Errorf("%s: got %d %+v, want %s", tt.body, w.Code, p, tt.code)
			}
		}
		refused(t, h.as(theOwner, "POST", one+"/role", `{"role":"owner"}`), http.StatusConflict, "member_state")
		// Disabled is told before expired: putting off the end would not let them in.
		if m := read[Member](t, h.as(administrator, "POST", one+"/suspend", ""), http.StatusOK); m.Status != "disabled" {
			t.Errorf("suspended: got %s", m.Status)
		}
		read[Member](t, h.as(administrator, "POST", one+"/resume", ""), http.StatusOK)
		if m := read[Member](t, h.as(administrator, "PATCH", one, `{"expires_at":""}`), http.StatusOK); m.Status != "inactive" || m.ExpiresAt != nil {
			t.Errorf("for ever: got %s until %v", m.Status, m.ExpiresAt)
		}
	})
}
