package grant

import (
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestACodeBecomesAGrant(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code := h.code()
		out, err := h.second().Redeem(t.Context(), h.redemption(code))
		if err != nil {
			t.Fatal(err)
		}
		now := h.clock.Now()
		want := identity.Grant{
			ID: out.Grant.ID, ApplicationID: h.app.ID, OrganizationID: h.org.ID, AccountID: h.person.Account.ID, MemberID: h.person.Member.ID,
			SessionID: h.session.ID, Scopes: []string{"openid", "profile", "email"}, Claims: []byte(`{"userinfo":{}}`), Nonce: "n-0S6",
			Methods: []string{"pwd"}, ProvenAt: now, Round: 1, RoundAt: now, CreatedAt: now, EndsAt: now.Add(h.app.OAuth.RefreshLife),
		}
		if !reflect.DeepEqual(out.Grant, want) {
			t.Errorf("got %+v\nwant %+v", out.Grant, want)
		}
		if !out.AccessEnd.Equal(now.Add(2*time.Hour)) || !strings.HasPrefix(out.Access, "ogga_") || !strings.HasPrefix(out.Refresh, "oggr_") {
			t.Errorf("got end %v, words of the wrong form", out.AccessEnd)
		}
		h.tells(out, want)
		if n := h.events("grant.issued"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
		var joined []store.Entered
		h.write(func(tx *store.Tx) (err error) {
			joined, err = tx.Participations.Of(h.session.ID)
			return err
		})
		if len(joined) != 1 || joined[0].Key != "sid" || joined[0].ApplicationID != h.app.ID || joined[0].Protocol != identity.ProtocolOIDC {
			t.Errorf("joined %+v", joined)
		}
	})
}

// tells inspects what was just issued.
func (h *house) tells(out identity.Issued, want identity.Grant) {
	h.t.Helper()
	i, err := h.Inspect(h.t.Context(), out.Access)
	if err != nil || !reflect.DeepEqual(i.Grant, want) || i.Application.ClientID != "wiki" || i.Refresh ||
		!i.EndsAt.Equal(out.AccessEnd) || !i.IssuedAt.Equal(want.RoundAt) {
		h.t.Errorf("Inspect: got %+v, %v", i, err)
	}
	i, err = h.Inspect(h.t.Context(), out.Refresh)
	if err != nil || !i.Refresh || !i.EndsAt.Equal(want.EndsAt) || !i.IssuedAt.Equal(want.RoundAt) {
		h.t.Errorf("Inspect of the refresh token: got %+v, %v", i, err)
	}
	if i, err = h.Stands(h.t.Context(), out.Grant.ID); err != nil || !reflect.DeepEqual(i.Grant, want) {
		h.t.Errorf("Stands: got %+v, %v", i, err)
	}
}

// TestWhatACodeIsRefusedFor: RFC 6749, 4.1.3 and 10.5; RFC 7636, 4.6; RFC 9700,
// 4.5 and 4.8. One attempt is all there is, whatever was wrong with it.
func TestWhatACodeIsRefusedFor(t *testing.T) {
	tests := []struct {
		name    string
		ask     func(h *house, a *identity.Authorization)
		attempt func(h *house, r *identity.Redemption)
	}{
		{"another application", nil, func(h *house, r *identity.Redemption) { r.Application = h.other }},
		{"no redirect URI", nil, func(_ *house, r *identity.Redemption) { r.RedirectURI = "" }},
		{"another redirect URI", nil, func(_ *house, r *identity.Redemption) { r.RedirectURI += "/" }},
		{"a redirect URI where there was none", func(_ *house, a *identity.Authorization) { a.RedirectURI = "" }, nil},
		{"no verifier", nil, func(_ *house, r *identity.Redemption) { r.Verifier = "" }},
		{"the challenge as verifier", nil, func(_ *house, r *identity.Redemption) { r.Verifier = challenge }},
		{"another verifier", nil, func(_ *house, r *identity.Redemption) { r.Verifier = strings.Repeat("a", 43) }},
		{"a verifier in upper case", nil, func(_ *house, r *identity.Redemption) { r.Verifier = strings.ToUpper(verifier) }},
		{"a short verifier", nil, func(_ *house, r *identity.Redemption) { r.Verifier = verifier[:42] }},
		{"a long verifier", nil, func(_ *house, r *identity.Redemption) { r.Verifier = strings.Repeat("a", 129) }},
		{"a verifier with a space", nil, func(_ *house, r *identity.Redemption) { r.Verifier = verifier + " " }},
		{"a verifier without a challenge", func(_ *house, a *identity.Authorization) { a.Challenge = "" }, nil},
		{"a minute later", nil, func(h *house, _ *identity.Redemption) { h.clock.Advance(codeLife) }},
		{"an application that was disabled", nil, func(h *house, r *identity.Redemption) {
			h.change(func(a *identity.Application) { a.Status = identity.ApplicationDisabled })
			r.Application = h.app
		}},
		{"an application whose grants ended", nil, func(h *house, r *identity.Redemption) {
			h.change(func(a *identity.Application) { a.Generation++ })
			r.Application = h.app
		}},
		{"an application as it was before its grants ended", nil, func(h *house, _ *identity.Redemption) {
			h.change(func(a *identity.Application) { a.Generation++ })
		}},
		{"a member who may not enter any more", nil, func(h *house, _ *identity.Redemption) {
			h.change(func(a *identity.Application) { a.Access = identity.Access{} })
		}},
		{"a suspended member", nil, func(h *house, _ *identity.Redemption) {
			h.member(func(m *identity.Member) { m.Status = identity.MemberDisabled })
		}},
		{"a member of another generation", nil, func(h *house, _ *identity.Redemption) {
			h.member(func(m *identity.Member) { m.Generation++ })
		}},
		{"a session that was ended", nil, func(h *house, _ *identity.Redemption) { h.signOut() }},
		{"a code cut short", nil, func(_ *house, r *identity.Redemption) { r.Code = r.Code[:len(r.Code)-1] }},
		{"a code in upper case", nil, func(_ *house, r *identity.Redemption) { r.Code = strings.ToUpper(r.Code) }},
		{"no code", nil, func(_ *house, r *identity.Redemption) { r.Code = "" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				a := h.authorization()
				if tt.ask != nil {
					tt.ask(h, &a)
				}
				code, err := h.Authorize(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				r := h.redemption(code)
				if tt.attempt != nil {
					tt.attempt(h, &r)
				}
				out, err := h.Redeem(t.Context(), r)
				wants(t, "the attempt", err, fault.CodeGrantInvalid)
				if out.Access != "" || out.Refresh != "" || fault.KindOf(err) != fault.Invalid {
					t.Errorf("got tokens beside %v", err)
				}
				if r.Code != code {
					return
				}
				_, err = h.Redeem(t.Context(), h.redemption(code))
				wants(t, "another attempt", err, fault.CodeGrantInvalid)
				if n := h.events("grant.issued"); n != 0 {
					t.Errorf("%d grants", n)
				}
			})
		})
	}
}

func (h *house) member(edit func(m *identity.Member)) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		p, err := tx.Members.Get(h.org.ID, h.person.Member.ID)
		if err != nil {
			return err
		}
		edit(&p.Member)
		return tx.Members.Put(p)
	})
}

func (h *house) signOut() {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		if err := tx.Sessions.End(h.session.ID, tx.Now(), identity.EndedBySignOut); err != nil {
			return err
		}
		return tx.Grants.EndSession(h.session.ID, tx.Now())
	})
}

func TestWithoutPKCEWhereNoneWasAskedFor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.authorization()
		a.Challenge = ""
		code, err := h.Authorize(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		r := h.redemption(code)
		r.Verifier = ""
		_, err = h.Redeem(t.Context(), r)
		wants(t, "redeem", err, "")
	})
}

// TestASecondUseOfACodeEndsTheGrant: RFC 6749, 10.5; the conformance suite's
// oidcc-codereuse.
func TestASecondUseOfACodeEndsTheGrant(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code := h.code()
		out, err := h.Redeem(t.Context(), h.redemption(code))
		wants(t, "the first use", err, "")
		h.counts("before", h.Grants, out.Access, "")
		h.clock.Advance(30 * time.Second)
		_, err = h.second().Redeem(t.Context(), h.redemption(code))
		wants(t, "the second use", err, fault.CodeGrantInvalid)
		h.counts("the access token, elsewhere", h.second(), out.Access, fault.CodeTokenRevoked)
		h.rotate("the refresh token", out.Refresh, fault.CodeGrantInvalid)
		_, err = h.Redeem(t.Context(), h.redemption(code))
		wants(t, "a third use", err, fault.CodeGrantInvalid)
		if n := h.events("code.reused"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

func TestASessionThatEndedGivesNoCode(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.signOut()
		_, err := h.Authorize(t.Context(), h.authorization())
		wants(t, "authorize", err, fault.CodeSessionNotFound)
	})
}

func TestOfflineGrantsOutliveTheSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		online, offline := h.enter(), h.enter("openid", "offline_access")
		if online.Grant.Offline || !offline.Grant.Offline {
			t.Errorf("got offline %v and %v", online.Grant.Offline, offline.Grant.Offline)
		}
		late := h.code("openid", "offline_access")
		h.counts("before", h.Grants, online.Access, "")
		h.signOut()
		h.counts("online", h.Grants, online.Access, fault.CodeTokenRevoked)
		h.rotate("online", online.Refresh, fault.CodeGrantInvalid)
		h.counts("offline", h.Grants, offline.Access, "")
		h.rotate("offline", offline.Refresh, "")
		_, err := h.Redeem(t.Context(), h.redemption(late))
		wants(t, "a code of before, offline", err, "")
	})
}

func TestNoRefreshTokenWithoutThatGrant(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.change(func(a *identity.Application) { a.OAuth.Grants = []identity.GrantType{identity.GrantCode} })
		out := h.enter("openid", "offline_access")
		if out.Refresh != "" || out.Grant.Offline || !out.Grant.EndsAt.Equal(out.AccessEnd) {
			t.Errorf("got refresh %v, offline %v, end %v", out.Refresh != "", out.Grant.Offline, out.Grant.EndsAt)
		}
	})
}

// TestOneOfManyRedeems: attack row 20 as a race, on two nodes.
func TestOneOfManyRedeems(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		nodes := []*Grants{h.Grants, h.second()}
		code := h.code()
		var won atomic.Int32
		var access atomic.Pointer[string]
		var work sync.WaitGroup
		for i := range 50 {
			work.Go(func() {
				out, err := nodes[i%2].Redeem(t.Context(), h.redemption(code))
				switch {
				case err == nil:
					won.Add(1)
					access.Store(&out.Access)
				case !fault.Is(err, fault.CodeGrantInvalid):
					t.Errorf("got %v", err)
				}
			})
		}
		work.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d of 50 got tokens, want 1", won.Load())
		}
		// The others used the code a second time.
		h.counts("the winner's token", h.second(), *access.Load(), fault.CodeTokenRevoked)
	})
}
