package token

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// house is a database with one member, one administrator of the provider and
// one App ID, as a test needs them.
type house struct {
	*Tokens
	t        *testing.T
	clock    *storetest.Clock
	org      identity.Organization
	person   identity.Person
	operator identity.Account
	app      identity.AppID
	second   func() *Tokens // the same database as another node sees it
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := &house{t: t, clock: storetest.NewClock()}
		node := func() *Tokens {
			tokens := New(open(storetest.WithClock(h.clock)), Options{Now: h.clock.Now})
			t.Cleanup(tokens.Close)
			return tokens
		}
		h.Tokens, h.second = node(), node
		h.furnish()
		test(t, h)
	})
}

func (h *house) furnish() {
	now := h.clock.Now()
	h.org = identity.Organization{ID: identity.NewOrganizationID(now), Code: "house", Name: "House", Status: identity.OrganizationActive}
	root := identity.Department{ID: identity.NewDepartmentID(now), OrganizationID: h.org.ID, Code: "1", Name: "House", Path: "1/", Level: 1, SortLevel: 1}
	account := identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Managed, OrganizationID: h.org.ID, Name: "alice@house",
		Status: identity.AccountActive, Version: 1,
	}
	h.person = identity.Person{Account: account, Member: identity.Member{
		ID: identity.NewMemberID(now), OrganizationID: h.org.ID,
		AccountID: account.ID, Name: "Alice", Role: identity.RoleAdministrator, Status: identity.MemberActive, Department: root.ID, SortLevel: 1, Version: 1,
	}}
	h.operator = identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Operator, Name: "root", DisplayName: "Root",
		Status: identity.AccountActive, Version: 1,
	}
	h.app = identity.AppID{ID: "0123456789abcdef0123456789abcdef", OrganizationID: h.org.ID, Name: "App", Status: identity.AppIDActive, Version: 1}
	h.write(func(tx *store.Tx) error {
		for _, step := range []func() error{
			func() error { return tx.Organizations.Insert(h.org) },
			func() error { return tx.Departments.Insert(root) },
			func() error { return tx.Accounts.Insert(account, account.LoginNames(true)) },
			func() error { return tx.Members.Insert(h.person) },
			func() error { return tx.Accounts.Insert(h.operator, h.operator.LoginNames(true)) },
			func() error { return tx.Providers.Put(h.operator.ID, true) },
			func() error { return tx.AppIDs.Insert(h.app) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	h.org.Version = 1
}

func (h *house) write(fn func(tx *store.Tx) error) {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return fn(tx)
	})
	if err != nil {
		h.t.Fatalf("write: %v", err)
	}
}

// mine is a token of the member, to be issued.
func (h *house) mine(client identity.ClientType) identity.AccessToken {
	return identity.AccessToken{AccountID: h.person.Account.ID, OrganizationID: h.org.ID, MemberID: h.person.Member.ID, ClientType: client}
}

// make issues a token on a node.
func (h *house) make(node *Tokens, k identity.AccessToken) Issued {
	h.t.Helper()
	var out Issued
	err := node.db.Act(h.t.Context(), store.ActToken, func(tx *store.Tx) (err error) {
		out, err = node.Issue(tx, k)
		return err
	})
	if err != nil {
		h.t.Fatalf("issue: %v", err)
	}
	return out
}

// tick lets a millisecond pass, so that tokens have an order.
func (h *house) tick() { h.clock.Advance(time.Millisecond) }

// good checks a token on a node; "" is wanted when it is good.
func (h *house) good(what string, node *Tokens, word string, code fault.Code) {
	h.t.Helper()
	_, err := node.Check(h.t.Context(), word)
	wants(h.t, what, err, code)
}

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}
