package application

import (
	"context"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/token"
)

// Tokens made through an App ID die with it and when it is disabled, on the
// very next request; those of another App ID live on.
func TestTokensEndWithTheirAppID(t *testing.T) {
	off, on := identity.AppIDDisabled, identity.AppIDActive
	for name, act := range map[string]func(context.Context, *house, string) error{
		"removed": func(ctx context.Context, h *house, id string) error { return h.RemoveAppID(ctx, console, "", id) },
		"disabled": func(ctx context.Context, h *house, id string) error {
			_, err := h.ChangeAppID(ctx, console, "", id, 0, AppIDChange{Status: &off})
			return err
		},
		"disabled and enabled again": func(ctx context.Context, h *house, id string) error {
			if _, err := h.ChangeAppID(ctx, console, "", id, 0, AppIDChange{Status: &off}); err != nil {
				return err
			}
			_, err := h.ChangeAppID(ctx, console, "", id, 0, AppIDChange{Status: &on})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			clock := storetest.NewClock()
			h := newHouse(t, storetest.Open(t, storetest.WithClock(clock)), clock)
			tokens := token.New(h.db, token.Options{Now: clock.Now})
			t.Cleanup(tokens.Close)
			ended, other := h.add(t, "", NewAppID{}), h.add(t, "", NewAppID{})
			words := map[string]string{ended.ID: issue(t, h, tokens, ended), other.ID: issue(t, h, tokens, other)}
			for id, word := range words {
				if _, err := tokens.Check(t.Context(), word); err != nil {
					t.Fatalf("before, of %s: %v", id, err)
				}
			}
			if err := act(t.Context(), h, ended.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := tokens.Check(t.Context(), words[ended.ID]); !fault.Is(err, fault.CodeTokenUnknown) {
				t.Errorf("got %v, want %s", err, fault.CodeTokenUnknown)
			}
			if _, err := tokens.Check(t.Context(), words[other.ID]); err != nil {
				t.Errorf("of another App ID: got %v, want alive", err)
			}
		})
	}
}

// issue makes an administrator of the provider with a token through an App ID.
func issue(t *testing.T, h *house, tokens *token.Tokens, app identity.AppID) string {
	t.Helper()
	var issued token.Issued
	err := h.db.Update(t.Context(), func(tx *store.Tx) (err error) {
		tx.NoEvent("a fixture")
		account := identity.Account{
			ID: identity.NewAccountID(tx.Now()), Kind: identity.Personal, Name: "root-" + app.ID[:8],
			Status: identity.AccountActive, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err := tx.Accounts.Insert(account, account.LoginNames(false)); err != nil {
			return err
		}
		if err := tx.Providers.Put(account.ID, false); err != nil {
			return err
		}
		issued, err = tokens.Issue(tx, identity.AccessToken{
			AccountID: account.ID, ClientType: identity.ClientAPI, AppID: app.ID,
			Generation: identity.Generations{AppID: app.Generation},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return issued.Access
}
