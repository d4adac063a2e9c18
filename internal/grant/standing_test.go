package grant

import (
	"errors"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// TestWhatEndsAGrant: attack row 30. Each counts at the very next use on the
// node that did it, at the very next refresh on every node, and at inspections
// of other nodes as soon as they hear.
func TestWhatEndsAGrant(t *testing.T) {
	tests := []struct {
		name string
		do   func(h *house)
		gone fault.Code // of an inspection; "" for token_revoked
	}{
		{"the member is suspended", func(h *house) { h.member(func(m *identity.Member) { m.Status = identity.MemberDisabled }) }, ""},
		{"the membership is over", func(h *house) { h.member(func(m *identity.Member) { m.ExpiresAt = h.clock.Now() }) }, ""},
		{"the member has another generation", func(h *house) { h.member(func(m *identity.Member) { m.Generation++ }) }, ""},
		{"the account has another generation", func(h *house) {
			h.write(func(tx *store.Tx) error {
				a, err := tx.Accounts.Get(h.person.Account.ID)
				if err != nil {
					return err
				}
				a.Generation++
				return tx.Accounts.Put(a, a.LoginNames(true))
			})
		}, ""},
		{"the organisation is disabled", func(h *house) {
			h.write(func(tx *store.Tx) error {
				o, err := tx.Organizations.Get(h.org.ID)
				if err != nil {
					return err
				}
				o.Status = identity.OrganizationFrozen
				return tx.Organizations.Put(o)
			})
		}, ""},
		{"the application is disabled", func(h *house) {
			h.change(func(a *identity.Application) { a.Status = identity.ApplicationDisabled })
		}, ""},
		{"the application has another generation", func(h *house) { h.change(func(a *identity.Application) { a.Generation++ }) }, ""},
		{"the member is not among those who may enter", func(h *house) {
			h.change(func(a *identity.Application) { a.Access = identity.Access{} })
		}, ""},
		{"the member's department does not hang below", func(h *house) { h.move() }, ""},
		{"the session ends", func(h *house) { h.signOut() }, ""},
		{"the application is removed", func(h *house) {
			h.write(func(tx *store.Tx) error { return tx.Applications.Delete(h.org.ID, h.app.ID) })
		}, fault.CodeTokenUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				branch := h.below()
				h.change(func(a *identity.Application) {
					a.Access = identity.Access{Departments: []identity.DepartmentID{branch}}
				})
				far := h.second()
				out := h.enter()
				h.counts("before", h.Grants, out.Access, "")
				h.counts("before, elsewhere", far, out.Access, "")
				tt.do(h)
				if tt.gone == "" {
					tt.gone = fault.CodeTokenRevoked
				}
				h.counts("after", h.Grants, out.Access, tt.gone)
				h.counts("the refresh token", h.Grants, out.Refresh, tt.gone)
				h.counts("the refresh token, elsewhere", far, out.Refresh, tt.gone)
				_, err := h.Stands(t.Context(), out.Grant.ID)
				wants(t, "Stands", err, tt.gone)
				_, err = far.Rotate(t.Context(), h.app, out.Refresh, nil)
				wants(t, "a refresh elsewhere", err, fault.CodeGrantInvalid)
				h.awaits(far, out.Access, tt.gone)
			})
		})
	}
}

// TestRefusalsNameTheirCheck: what is answered is one thing; what a story is told
// is the check that decided.
func TestRefusalsNameTheirCheck(t *testing.T) {
	nobody := func(h *house) { h.change(func(a *identity.Application) { a.Access = identity.Access{} }) }
	suspended := func(h *house) { h.member(func(m *identity.Member) { m.Status = identity.MemberDisabled }) }
	refresh := func(h *house, out identity.Issued) error {
		_, err := h.Rotate(h.t.Context(), h.app, out.Refresh, nil)
		return err
	}
	redeem := func(change func(r *identity.Redemption)) func(h *house, _ identity.Issued) error {
		return func(h *house, _ identity.Issued) error {
			r := h.redemption(h.code())
			change(&r)
			_, err := h.Redeem(h.t.Context(), r)
			return err
		}
	}
	inspect := func(h *house, out identity.Issued) error {
		i, err := h.Inspect(h.t.Context(), out.Access)
		if i.Application.ID != h.app.ID {
			h.t.Errorf("the refusal does not tell whose token it was: %+v", i)
		}
		return err
	}
	tests := []struct {
		name    string
		arrange func(h *house)
		act     func(h *house, out identity.Issued) error
		want    trace.Check // "" for none
	}{
		{"refresh, not among them", nobody, refresh, trace.EntryAllowed},
		{"inspection, not among them", nobody, inspect, trace.EntryAllowed},
		{"code, not among them", nobody, redeem(func(*identity.Redemption) {}), trace.EntryAllowed},
		{"inspection of one who is suspended", suspended, inspect, ""},
		{"refresh of one who is suspended", suspended, refresh, trace.RefreshStands},
		{"refresh, late", func(h *house) { h.clock.Advance(h.app.OAuth.RefreshLife) }, refresh, trace.RefreshFresh},
		{"refresh, used before", func(*house) {}, func(h *house, out identity.Issued) error {
			return errors.Join(refresh(h, out), refresh(h, out))
		}, trace.RefreshUnused},
		{"verifier", func(*house) {}, redeem(func(r *identity.Redemption) { r.Verifier = challenge }), trace.CodeVerifier},
		{"redirect", func(*house) {}, redeem(func(r *identity.Redemption) { r.RedirectURI = "https://x.example" }), trace.CodeRedirect},
		{"code of another", func(*house) {}, redeem(func(r *identity.Redemption) { r.Code = "x" }), trace.CodeKnown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				out := h.enter()
				tt.arrange(h)
				err := tt.act(h, out)
				var got trace.Check
				if why := trace.ReasonOf(err); why != nil {
					got = why.Check
				}
				if err == nil || got != tt.want {
					t.Errorf("got %v with the check %q, want %q", err, got, tt.want)
				}
			})
		})
	}
}

// awaits inspects on another node until it has heard.
func (h *house) awaits(node *Grants, token string, code fault.Code) {
	h.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 200 {
		if _, err := node.Inspect(h.t.Context(), token); fault.Is(err, code) {
			return
		}
		<-tick.C
	}
	h.t.Errorf("another node does not hear: want %s", code)
}

// below puts the member into a department below another, and returns the upper
// one.
func (h *house) below() identity.DepartmentID {
	h.t.Helper()
	now := h.clock.Now()
	branch := identity.Department{
		ID: identity.NewDepartmentID(now), OrganizationID: h.org.ID, ParentID: h.root.ID, Code: "2", Name: "Branch", Path: "1/2/", Level: 2, SortLevel: 1,
	}
	leaf := identity.Department{
		ID: identity.NewDepartmentID(now), OrganizationID: h.org.ID, ParentID: branch.ID, Code: "3", Name: "Leaf", Path: "1/2/3/", Level: 3, SortLevel: 1,
	}
	h.write(func(tx *store.Tx) error {
		if err := tx.Departments.Insert(branch); err != nil {
			return err
		}
		return tx.Departments.Insert(leaf)
	})
	h.leaf = leaf
	h.member(func(m *identity.Member) { m.Department = leaf.ID })
	return branch.ID
}

// move hangs the member's department below the root.
func (h *house) move() {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		old, err := tx.Departments.Get(h.org.ID, h.leaf.ID)
		if err != nil {
			return err
		}
		moved := old
		moved.ParentID, moved.Path, moved.Level = h.root.ID, "1/3/", 2
		return tx.Departments.Move(old, moved)
	})
}

func TestRevoke(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.enter()
		wants(t, "another application", h.Revoke(t.Context(), h.other, out.Grant.ID), "")
		h.counts("not its own", h.Grants, out.Access, "")
		wants(t, "its own", h.Revoke(t.Context(), h.app, out.Grant.ID), "")
		h.counts("its own", h.Grants, out.Access, fault.CodeTokenRevoked)
		h.rotate("its own", out.Refresh, fault.CodeGrantInvalid)
		wants(t, "again", h.Revoke(t.Context(), h.app, out.Grant.ID), "")
		wants(t, "none", h.Revoke(t.Context(), h.app, "gra_x"), "")
		if n := h.events("grant.revoked"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

func TestListAndRevokeAll(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.enter()
		h.clock.Advance(time.Second)
		second := h.enter()
		org, m := h.org.ID, h.person.Member.ID
		self := identity.Actor{Kind: identity.ActsAsMember, Role: identity.RoleMember, OrganizationID: org, MemberID: m}
		admin := identity.Actor{Kind: identity.ActsAsMember, Role: identity.RoleAdministrator, OrganizationID: org, MemberID: "mem_x"}
		for _, actor := range []identity.Actor{self, admin} {
			all, err := h.List(t.Context(), actor, org, m)
			if err != nil || len(all) != 2 || all[0].ID != second.Grant.ID || all[1].ID != first.Grant.ID || all[0].ClientID != "wiki" {
				t.Errorf("got %+v, %v", all, err)
			}
		}
		colleague := identity.Actor{Kind: identity.ActsAsMember, Role: identity.RoleMember, OrganizationID: org, MemberID: "mem_x"}
		stranger := identity.Actor{Kind: identity.ActsAsMember, Role: identity.RoleOwner, OrganizationID: "org_x", MemberID: m}
		for _, actor := range []identity.Actor{{}, colleague, stranger} {
			_, err := h.List(t.Context(), actor, org, m)
			wants(t, "List", err, fault.CodeForbidden)
			_, err = h.RevokeAll(t.Context(), actor, org, m, "")
			wants(t, "RevokeAll", err, fault.CodeForbidden)
		}
		_, err := h.List(t.Context(), admin, org, "mem_none")
		wants(t, "nobody's", err, fault.CodeMemberNotFound)
		n, err := h.RevokeAll(t.Context(), self, org, m, h.other.ID)
		if err != nil || n != 0 {
			t.Errorf("of another application: got %d, %v", n, err)
		}
		n, err = h.RevokeAll(t.Context(), self, org, m, h.app.ID)
		if err != nil || n != 2 {
			t.Errorf("got %d, %v; want 2", n, err)
		}
		h.counts("first", h.Grants, first.Access, fault.CodeTokenRevoked)
		h.counts("second", h.second(), second.Access, fault.CodeTokenRevoked)
		h.member(func(m *identity.Member) { m.Role = identity.RoleAdministrator })
		_, err = h.RevokeAll(t.Context(), admin, org, m, "")
		wants(t, "of another administrator", err, fault.CodeForbidden)
	})
}

func TestClientCredentials(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out, err := h.Issue(t.Context(), h.app, []string{"profile"})
		if err != nil || out.Refresh != "" || out.Grant.MemberID != "" || !out.AccessEnd.Equal(h.clock.Now().Add(2*time.Hour)) {
			t.Fatalf("got %+v, %v", out.Grant, err)
		}
		i, err := h.second().Inspect(t.Context(), out.Access)
		if err != nil || i.Grant.MemberID != "" || i.Grant.Scopes[0] != "profile" || i.Application.ID != h.app.ID {
			t.Errorf("got %+v, %v", i, err)
		}
		signed := h.app
		settings := *h.app.OAuth
		settings.AccessFormat = identity.JWT
		signed.OAuth = &settings
		alone, err := h.Issue(t.Context(), signed, nil)
		if err != nil || alone.Access != "" || alone.Grant.ID == "" || alone.AccessEnd.IsZero() {
			t.Errorf("of a JWT: got %+v, %v", alone.Grant, err)
		}
		_, err = h.Stands(t.Context(), alone.Grant.ID)
		wants(t, "nothing is stored of a JWT", err, fault.CodeTokenUnknown)
		old := h.app
		h.change(func(a *identity.Application) { a.Generation++ })
		_, err = h.Issue(t.Context(), old, nil)
		wants(t, "an application that has changed", err, fault.CodeGrantInvalid)
		h.counts("after the change", h.Grants, out.Access, fault.CodeTokenRevoked)
	})
}

func TestStands(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.enter()
		for _, id := range []identity.GrantID{"", "gra_", "gra_x", "mem_x", identity.GrantIDOf([16]byte{1})} {
			_, err := h.Stands(t.Context(), id)
			wants(t, string(id), err, fault.CodeTokenUnknown)
		}
		_, err := h.Stands(t.Context(), out.Grant.ID)
		wants(t, "before", err, "")
		// What is remembered here does not know of a refresh elsewhere.
		h.clock.Advance(h.app.OAuth.RefreshLife - time.Minute)
		_, err = h.second().Rotate(t.Context(), h.app, out.Refresh, nil)
		wants(t, "refresh", err, "")
		h.clock.Advance(time.Hour)
		_, err = h.Stands(t.Context(), out.Grant.ID)
		wants(t, "refreshed elsewhere", err, "")
		h.clock.Advance(h.app.OAuth.RefreshLife)
		_, err = h.Stands(t.Context(), out.Grant.ID)
		wants(t, "after its end", err, fault.CodeTokenExpired)
	})
}
