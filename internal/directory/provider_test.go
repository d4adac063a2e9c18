package directory

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// operator adds an administrator of the provider.
func (h *house) operator(account string, isDefault bool) identity.Account {
	h.t.Helper()
	a, err := h.AddProviderAdministrator(h.t.Context(), console, NewOperator{Account: account, Password: goodPassword, Default: isDefault})
	if err != nil {
		h.t.Fatalf("add operator %s: %v", account, err)
	}
	return a
}

// operators are the accounts of the provider's administrators, the default one
// first.
func (h *house) operators() string {
	h.t.Helper()
	all, err := h.ProviderAdministrators(h.t.Context(), console)
	if err != nil {
		h.t.Fatal(err)
	}
	names := []string{}
	for _, a := range all {
		names = append(names, a.Name)
	}
	return strings.Join(names, " ")
}

func TestProviderAdministrators(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	a, err := h.AddProviderAdministrator(ctx, console, NewOperator{
		Account: "Root@sp", Name: " Root ", Password: goodPassword,
		Email: "Root@SP.example", Mobile: "138 0000 0001", Language: "zh-CN",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := identity.Account{
		ID: a.ID, Kind: identity.Operator, Name: "Root@sp", DisplayName: "Root", Email: "root@sp.example",
		Mobile: "+8613800000001", Country: DefaultCountry, Language: "zh-CN", Status: identity.AccountActive, Version: 1,
		CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	all, err := h.ProviderAdministrators(ctx, console)
	if err != nil || a != want || len(all) != 1 || all[0] != want {
		t.Errorf("got %+v and %+v, %v, want %+v", a, all, err, want)
	}
	h.recorded("", audit.ProviderAdministratorAdded, "")
	second, third := h.operator("second", false), h.operator("third", true)
	if got := h.operators(); got != "third Root@sp second" && got != "third second Root@sp" {
		t.Errorf("default first: got %s", got)
	}
	wants(t, "remove the default", h.RemoveProviderAdministrator(ctx, console, third.ID), "")
	wants(t, "again", h.RemoveProviderAdministrator(ctx, console, third.ID), fault.CodeAdministratorNotFound)
	wants(t, "remove another", h.RemoveProviderAdministrator(ctx, console, second.ID), "")
	wants(t, "remove the last", h.RemoveProviderAdministrator(ctx, console, a.ID), fault.CodeLastAdministrator)
	wants(t, "a member is none", h.RemoveProviderAdministrator(ctx, console, h.owner.Account.ID), fault.CodeAdministratorNotFound)
	if got := h.operators(); got != "Root@sp" {
		t.Errorf("left: got %s, want Root@sp", got)
	}
	h.read(func(tx *store.Tx) error {
		_, err := tx.Accounts.Get(third.ID)
		wants(t, "the account is gone", err, fault.CodeAccountNotFound)
		return nil
	})
}

func TestProviderAdministratorTokensDie(t *testing.T) {
	h := sqliteHouse(t)
	h.operator("first", false)
	a := h.operator("second", false)
	issued := h.signIn("second")
	bearer, err := h.tokens.Check(t.Context(), issued.Access)
	if err != nil || bearer.Actor.Kind != identity.ActsAsProvider {
		t.Fatalf("got %+v, %v", bearer.Actor, err)
	}
	wants(t, "remove", h.RemoveProviderAdministrator(t.Context(), bearer.Actor, a.ID), "")
	_, err = h.tokens.Check(t.Context(), issued.Access)
	wants(t, "token", err, fault.CodeTokenUnknown)
	wants(t, "sign in", h.tries("second", goodPassword), fault.CodeSignInFailed)
}

func TestAddProviderAdministratorRefusals(t *testing.T) {
	h := sqliteHouse(t)
	tests := []struct {
		name string
		n    NewOperator
		want fault.Code
	}{
		{"account of a member", NewOperator{Account: "OWNER@house", Password: goodPassword}, fault.CodeAccountTaken},
		{"no password", NewOperator{Account: "root"}, fault.CodeFieldMissing},
		{"short password", NewOperator{Account: "root", Password: "short"}, fault.CodePasswordLength},
		{"common password", NewOperator{Account: "root", Password: "password123"}, fault.CodePasswordBreached},
		{"no account", NewOperator{Password: goodPassword}, fault.CodeFieldLength},
		{"mail", NewOperator{Account: "root", Password: goodPassword, Email: "x"}, fault.CodeEmailFormat},
		{"name with NUL", NewOperator{Account: "root", Password: goodPassword, Name: "a\x00"}, fault.CodeMalformed},
	}
	for _, tt := range tests {
		_, err := h.AddProviderAdministrator(t.Context(), console, tt.n)
		wants(t, tt.name, err, tt.want)
	}
	if text := fmt.Sprintf("%v %#v", tests[0].n, tests[0].n); strings.Contains(text, goodPassword) {
		t.Errorf("the password is printed: %s", text)
	}
}

// Who was given a password by somebody else has to change it; who chose it at
// the set-up need not.
func TestOperatorPasswordChange(t *testing.T) {
	h := sqliteHouse(t)
	wants(t, "set-up", h.first(h.open(), "first"), "")
	h.operator("second", false)
	if _, err := h.AddProviderAdministrator(t.Context(), console, NewOperator{Account: "third", Password: goodPassword, MustChange: new(bool)}); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]bool{"first": false, "second": true, "third": false} {
		in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: account, Password: goodPassword, Entry: apiClient})
		if err != nil || in.MustChange != want {
			t.Errorf("%s: got %v, %v, want %v", account, in.MustChange, err, want)
		}
	}
}

// One is left, whoever removes whom at once.
func TestParallelRemovalLeavesOne(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		all := []identity.Account{h.operator("a", false), h.operator("b", false), h.operator("c", false)}
		nodes := []*Directory{h.Directory, second()}
		var work sync.WaitGroup
		for i, a := range all {
			work.Go(func() {
				err := nodes[i%2].RemoveProviderAdministrator(t.Context(), console, a.ID)
				if err != nil && !fault.Is(err, fault.CodeLastAdministrator) {
					t.Errorf("remove %s: %v", a.Name, err)
				}
			})
		}
		work.Wait()
		if got := h.operators(); len(got) != 1 {
			t.Errorf("left: got %q, want one", got)
		}
	})
}
