package directory

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// open returns a set-up secret.
func (h *house) open() string {
	h.t.Helper()
	secret, open, err := h.OpenSetup(h.t.Context())
	if err != nil || !open || secret == "" {
		h.t.Fatalf("open: got %v, %v, want an open set-up", open, err)
	}
	return secret
}

func (h *house) first(secret, account string) error {
	return h.FirstAdministrator(h.t.Context(), identity.Origin{}, secret, NewOperator{Account: account, Password: goodPassword})
}

func (h *house) isClosed() {
	h.t.Helper()
	if secret, open, err := h.OpenSetup(h.t.Context()); err != nil || open || secret != "" {
		h.t.Errorf("got open %v, %v, want a closed set-up", open, err)
	}
}

func TestSetup(t *testing.T) {
	h := sqliteHouse(t)
	old, secret := h.open(), h.open()
	wants(t, "check", h.CheckSetup(t.Context(), secret), "")
	wants(t, "check of another word", h.CheckSetup(t.Context(), "ogk_x"), fault.CodeSetupCode)
	wants(t, "another word", h.first("ogk_x", "root"), fault.CodeSetupCode)
	err := h.FirstAdministrator(t.Context(), identity.Origin{}, secret, NewOperator{Account: "root", Password: "short"})
	wants(t, "weak password", err, fault.CodePasswordLength)
	wants(t, "taken account", h.first(secret, "owner@house"), fault.CodeAccountTaken)
	wants(t, "after the refusals", h.first(secret, "root"), "")
	wants(t, "a second time", h.first(secret, "thief"), fault.CodeSetupClosed)
	wants(t, "an older address", h.first(old, "thief"), fault.CodeSetupClosed)
	wants(t, "check when closed", h.CheckSetup(t.Context(), old), fault.CodeSetupClosed)
	if got := h.operators(); got != "root" {
		t.Errorf("administrators: got %q, want root", got)
	}
	wants(t, "sign in", h.tries("root", goodPassword), "")
	h.recorded("", audit.SetupDone, "")
	h.isClosed()
}

func TestSetupAddressExpires(t *testing.T) {
	h := sqliteHouse(t)
	secret := h.open()
	h.clock.Advance(24 * time.Hour)
	wants(t, "a day later", h.first(secret, "root"), fault.CodeSetupCode)
	wants(t, "a new one", h.first(h.open(), "root"), "")
}

// A refused word costs no hash: nobody can burn the processors without the
// printed address.
func TestWrongAddressIsCheap(t *testing.T) {
	h := sqliteHouse(t)
	before := h.hasher.made.Load()
	wants(t, "another word", h.first("ogk_x", "root"), fault.CodeSetupCode)
	if n := h.hasher.made.Load() - before; n != 0 {
		t.Errorf("got %d hashes, want none", n)
	}
}

// The mark stays when every administrator is gone, whatever way they went.
func TestSetupStaysClosed(t *testing.T) {
	h := sqliteHouse(t)
	secret := h.open()
	wants(t, "first", h.first(secret, "root"), "")
	h.write(func(tx *store.Tx) error {
		all, err := tx.Providers.All()
		if err != nil {
			return err
		}
		for _, a := range all {
			if err := tx.Accounts.Delete(a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	h.isClosed()
	wants(t, "the old address", h.first(secret, "thief"), fault.CodeSetupClosed)
	made, err := h.FirstAdministratorByPassword(t.Context(), "admin", goodPassword)
	if err != nil || made {
		t.Errorf("by password: got %v, %v, want nothing made", made, err)
	}
	if got := h.operators(); got != "" {
		t.Errorf("administrators: got %q, want none", got)
	}
}

func TestAnAddedAdministratorClosesSetup(t *testing.T) {
	h := sqliteHouse(t)
	secret := h.open()
	h.operator("root", false)
	wants(t, "the address", h.first(secret, "thief"), fault.CodeSetupClosed)
	h.isClosed()
}

func TestFirstAdministratorByPassword(t *testing.T) {
	h := sqliteHouse(t)
	_, err := h.FirstAdministratorByPassword(t.Context(), "admin", "short")
	wants(t, "weak", err, fault.CodePasswordLength)
	for i, want := range []bool{true, false} {
		made, err := h.FirstAdministratorByPassword(t.Context(), "admin", goodPassword)
		if err != nil || made != want {
			t.Errorf("start %d: got %v, %v, want %v", i+1, made, err, want)
		}
	}
	wants(t, "sign in", h.tries("admin", goodPassword), "")
}

// Of many who open the printed address at once one becomes administrator.
func TestSetupRace(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		nodes := []*Directory{h.Directory, second()}
		secrets := []string{h.open(), h.open()}
		errs := make([]error, 8)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() {
				errs[i] = nodes[i%2].FirstAdministrator(t.Context(), identity.Origin{}, secrets[i/4],
					NewOperator{Account: fmt.Sprint("root", i), Password: goodPassword})
			})
		}
		work.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !fault.Is(err, fault.CodeSetupClosed) && !fault.Is(err, fault.CodeSetupCode):
				t.Errorf("got %v, want %s", err, fault.CodeSetupClosed)
			}
		}
		if all, err := h.ProviderAdministrators(t.Context(), console); won != 1 || err != nil || len(all) != 1 {
			t.Errorf("got %d winners and %d administrators, %v, want 1", won, len(all), err)
		}
	})
}
