package token

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// edits are the ways in which those whom a token depends on change. Each is
// told to the node that made it at once and to others within a second.
func edits(h *house) []struct {
	name string
	edit func(tx *store.Tx) error
	dead bool // for good: the token does not live again when the edit is undone
	undo func(tx *store.Tx) error
} {
	member := func(change func(*identity.Member)) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			p, err := tx.Members.Get(h.org.ID, h.person.Member.ID)
			if err != nil {
				return err
			}
			change(&p.Member)
			return tx.Members.Put(p)
		}
	}
	account := func(change func(*identity.Account)) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			a, err := tx.Accounts.Get(h.person.Account.ID)
			if err != nil {
				return err
			}
			change(&a)
			return tx.Accounts.Put(a, a.LoginNames(true))
		}
	}
	organization := func(change func(*identity.Organization)) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			o, err := tx.Organizations.Get(h.org.ID)
			if err != nil {
				return err
			}
			change(&o)
			return tx.Organizations.Put(o)
		}
	}
	app := func(change func(*identity.AppID)) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			a, err := tx.Lookup.AppID(h.app.ID)
			if err != nil {
				return err
			}
			change(&a)
			return tx.AppIDs.Put(a)
		}
	}
	return []struct {
		name string
		edit func(tx *store.Tx) error
		dead bool
		undo func(tx *store.Tx) error
	}{
		{
			"account disabled", account(func(a *identity.Account) { a.Status = identity.AccountDisabled }), false,
			account(func(a *identity.Account) { a.Status = identity.AccountActive }),
		},
		{"account's tokens ended", func(tx *store.Tx) error { return tx.Accounts.EndTokens(h.person.Account.ID) }, true, nil},
		{"member suspended", member(func(m *identity.Member) { _ = m.Suspend() }), true, member(func(m *identity.Member) { m.Resume() })},
		{"member's tokens ended", member(func(m *identity.Member) { m.Generation++ }), true, nil},
		{
			"organisation frozen", organization(func(o *identity.Organization) { o.Status = identity.OrganizationFrozen }), false,
			organization(func(o *identity.Organization) { o.Status = identity.OrganizationActive }),
		},
		{"organisation's tokens ended", organization(func(o *identity.Organization) { o.Generation++ }), true, nil},
		{
			"App ID disabled", app(func(a *identity.AppID) { a.Status = identity.AppIDDisabled }), false,
			app(func(a *identity.AppID) { a.Status = identity.AppIDActive }),
		},
		{"App ID's tokens ended", app(func(a *identity.AppID) { a.Generation++ }), true, nil},
		{
			"App ID removed", func(tx *store.Tx) error { return tx.AppIDs.Delete(h.org.ID, h.app.ID) }, true,
			func(tx *store.Tx) error { return tx.AppIDs.Insert(h.app) },
		},
		{"member removed", func(tx *store.Tx) error { return tx.Members.Delete(h.org.ID, h.person.Member.ID) }, true, nil},
	}
}

// current makes a token of those as they are now, with the App ID.
func (h *house) current() Issued {
	h.t.Helper()
	k := h.mine(identity.ClientAPI)
	k.AppID = h.app.ID
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		p, err := tx.Members.Get(h.org.ID, h.person.Member.ID)
		if err != nil {
			return err
		}
		o, err := tx.Organizations.Get(h.org.ID)
		if err != nil {
			return err
		}
		a, err := tx.Lookup.AppID(h.app.ID)
		k.Generation = identity.Generations{Account: p.Account.Generation, Member: p.Member.Generation, Organization: o.Generation, AppID: a.Generation}
		return err
	})
	if err != nil {
		h.t.Fatalf("current: %v", err)
	}
	return h.make(h.Tokens, k)
}

func TestTokensDieWithWhatTheyDependOn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		far := h.second()
		storetest.Until(t, "the feeds are heard", func() bool { return h.db.Feed().Current() && far.db.Feed().Current() })
		for _, e := range edits(h) {
			out := h.current()
			h.good(e.name+": before", h.Tokens, out.Access, "")
			h.good(e.name+": before, far", far, out.Access, "")
			h.write(e.edit)
			h.good(e.name, h.Tokens, out.Access, fault.CodeTokenUnknown)
			storetest.Until(t, e.name+": the other node hears", func() bool {
				_, err := far.Check(t.Context(), out.Access)
				return fault.Is(err, fault.CodeTokenUnknown)
			})
			_, err := h.Refresh(t.Context(), out.Refresh, identity.Origin{})
			wants(t, e.name+": refresh", err, fault.CodeTokenUnknown)
			if e.undo == nil {
				continue
			}
			h.write(e.undo)
			want := fault.Code("")
			if e.dead {
				want = fault.CodeTokenUnknown
			}
			h.good(e.name+": undone", h.Tokens, out.Access, want)
		}
	})
}

func TestEndsAreHeardByOtherNodes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		far := h.second()
		storetest.Until(t, "the feeds are heard", func() bool { return h.db.Feed().Current() && far.db.Feed().Current() })
		out, kicked := h.current(), h.make(h.Tokens, h.mine(identity.ClientWeb))
		h.good("far", far, out.Access, "")
		h.good("far, the other", far, kicked.Access, "")
		wants(t, "end", h.End(t.Context(), out.Access, identity.Origin{}), "")
		h.tick()
		h.make(h.Tokens, h.mine(identity.ClientWeb))
		storetest.Until(t, "signing out is heard", func() bool {
			_, err := far.Check(t.Context(), out.Access)
			return fault.Is(err, fault.CodeTokenUnknown)
		})
		storetest.Until(t, "falling is heard", func() bool {
			_, err := far.Check(t.Context(), kicked.Access)
			return fault.Is(err, fault.CodeTokenKicked)
		})
	})
}

// A refresh on one node moves the end that another node remembers.
func TestRefreshIsHeardByOtherNodes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		far := h.second()
		storetest.Until(t, "the feeds are heard", func() bool { return h.db.Feed().Current() && far.db.Feed().Current() })
		out := h.current()
		h.good("far", far, out.Access, "")
		h.clock.Advance(h.options.Life / 2)
		h.refresh(out.Access)
		storetest.Until(t, "the new end is heard", func() bool {
			b, err := far.Check(t.Context(), out.Access)
			return err == nil && b.Token.ExpiresAt.After(out.Token.ExpiresAt)
		})
	})
}

func TestCacheKeepsNothingReadBeforeAChange(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.cache
		storetest.Until(t, "the feed is heard", h.db.Feed().Current)
		b := Bearer{Token: h.mine(identity.ClientAPI), Actor: identity.Actor{Kind: identity.ActsAsMember, Role: identity.RoleMember, Name: "Alice"}}
		hash := make([]byte, 32)
		has := func(id byte) bool { _, _, ok := c.get([16]byte{id}); return ok && h.db.Feed().Current() }
		put := func(since moment, id byte) {
			b.Token.ID = identity.TokenIDOf([16]byte{id})
			c.put(since, [16]byte{id}, hash, b)
		}
		for id, key := range []string{string(b.Token.AccountID), string(b.Token.MemberID), string(b.Token.OrganizationID), ""} {
			before := c.now()
			put(before, byte(id))
			c.fresh.Raise(key)
			if has(byte(id)) {
				t.Errorf("a token outlived a change of %q", key)
			}
			if put(before, byte(id)); has(byte(id)) {
				t.Errorf("what was read before a change of %q was kept after it", key)
			}
		}
		before := c.now()
		put(before, 9)
		c.drop(string(identity.TokenIDOf([16]byte{9})))
		if has(9) {
			t.Error("a token outlived its end")
		}
		if put(before, 9); has(9) {
			t.Error("what was read before the end of a token was kept after it")
		}
		put(c.now(), 10)
		if c.drop(""); has(10) {
			t.Error("a token outlived the loss of changes")
		}
	})
}
