package directory

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Factors are reset by whoever may reset the password, and an account of
// somebody's own is theirs.
func TestResetFactors(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org := t.Context(), h.org.ID
		p := h.member("alice@house", func(*NewMember) {})
		admin := h.member("admin@house", func(n *NewMember) { n.Role = identity.RoleAdministrator })
		peer := h.member("peer@house", func(n *NewMember) { n.Role = identity.RoleAdministrator })
		own := h.personal("own")
		for _, one := range []identity.Person{p, admin, peer, own, h.owner} {
			h.hasApp(one)
		}
		for _, row := range []struct {
			what  string
			actor identity.Actor
			whose identity.Person
			want  fault.Code
		}{
			{"by a member", actorOf(p), admin, fault.CodeForbidden},
			{"one's own, as a member", actorOf(p), p, fault.CodeForbidden},
			{"by nobody", identity.Actor{}, p, fault.CodeForbidden},
			{"one's own, as an administrator", actorOf(admin), admin, fault.CodeFactorReset},
			{"another administrator's", actorOf(admin), peer, fault.CodeFactorReset},
			{"the owner's", actorOf(admin), h.owner, fault.CodeFactorReset},
			{"an account of their own", actorOf(h.owner), own, fault.CodeFactorReset},
			{"a member's", actorOf(admin), p, ""},
			{"an administrator's by the owner", actorOf(h.owner), peer, ""},
		} {
			all, err := h.MemberFactors(ctx, row.actor, org, row.whose.Member.ID)
			wants(t, "read "+row.what, err, row.want)
			if row.want == "" && (len(all) != 1 || all[0].Name != "Phone") {
				t.Errorf("read %s: got %+v", row.what, all)
			}
			wants(t, row.what, h.ResetFactors(ctx, row.actor, org, row.whose.Member.ID), row.want)
			if all, err := h.MemberFactors(ctx, row.actor, org, row.whose.Member.ID); row.want == "" && (err != nil || len(all) != 0) {
				t.Errorf("after %s: got %+v, %v", row.what, all, err)
			}
		}
		wants(t, "unknown", h.ResetFactors(ctx, console, org, "mem_x"), fault.CodeMemberNotFound)
	})
}

// personal adds a member whose account is their own.
func (h *house) personal(name string) (p identity.Person) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		p.Account = identity.Account{ID: identity.NewAccountID(tx.Now()), Kind: identity.Personal, Name: name, Status: identity.AccountActive, Version: 1}
		p.Member = identity.Member{
			ID: identity.NewMemberID(tx.Now()), AccountID: p.Account.ID, OrganizationID: h.org.ID, Name: name, Role: identity.RoleMember,
			Status: identity.MemberActive, Department: h.owner.Member.Department, SortLevel: 1,
		}
		if err := tx.Accounts.Insert(p.Account, p.Account.LoginNames(true)); err != nil {
			return err
		}
		return tx.Members.Insert(p)
	})
	return p
}

// hasApp gives somebody an authenticator app.
func (h *house) hasApp(p identity.Person) {
	h.t.Helper()
	f := identity.Factor{ID: identity.NewFactorID(h.now()), AccountID: p.Account.ID, Kind: identity.FactorTOTP, Name: "Phone", CreatedAt: h.now()}
	h.write(func(tx *store.Tx) error {
		return tx.Factors.Insert(store.FactorRow{Factor: f, Secret: []byte("secret")})
	})
}

// The password proves somebody anew, and so does a source that has just done so.
func TestProveSelf(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice@house", func(*NewMember) {})
	proves := func(actor identity.Actor, r SelfProof) error { return h.ProveSelf(t.Context(), actor, r) }
	proven := identity.Session{AccountID: p.Account.ID, SourceID: "src_x", ProvenAt: h.clock.Now()}
	foreign, old, ours := proven, proven, proven
	foreign.AccountID, old.ProvenAt, ours.SourceID = h.owner.Account.ID, proven.ProvenAt.Add(-freshProof-time.Second), ""
	wants(t, "the password", proves(actorOf(p), SelfProof{Password: goodPassword}), "")
	wants(t, "a source just now", proves(actorOf(p), SelfProof{Session: proven}), "")
	for what, session := range map[string]identity.Session{"somebody else's session": foreign, "too long ago": old, "a password long ago": ours, "none": {}} {
		wants(t, what, proves(actorOf(p), SelfProof{Session: session}), fault.CodePasswordOld)
		h.clock.Advance(time.Hour)
		proven.ProvenAt = h.clock.Now()
	}
	wants(t, "nobody", proves(identity.Actor{}, SelfProof{Password: goodPassword}), fault.CodeForbidden)
	wants(t, "a job", proves(identity.Actor{Kind: identity.ActsAsJob}, SelfProof{Password: goodPassword}), fault.CodeForbidden)
}
