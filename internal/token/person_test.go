package token

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// A token without a member is the provider's for an account that was made for
// that and administers still, a person's for one of their own, and nobody's else;
// at the first check and at those that are remembered.
func TestWhoATokenWithoutAMemberIs(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		account := func(name string, kind identity.AccountKind) identity.Account {
			a := identity.Account{ID: identity.NewAccountID(h.clock.Now()), Kind: kind, Name: name, DisplayName: name, Status: identity.AccountActive, Version: 1}
			h.write(func(tx *store.Tx) error { return tx.Accounts.Insert(a, a.LoginNames(true)) })
			return a
		}
		posing := account("eve", identity.Personal)
		h.write(func(tx *store.Tx) error { return tx.Providers.Put(posing.ID, false) })
		for _, row := range []struct {
			name    string
			account identity.Account
			want    identity.ActorKind // Nobody where the token counts for nothing
		}{
			{"administrator of the provider", h.operator, identity.ActsAsProvider},
			{"person", account("dora", identity.Personal), identity.ActsAsPerson},
			{"person who is listed as an administrator", posing, identity.ActsAsPerson},
			{"operator who is none any more", account("old", identity.Operator), identity.Nobody},
			{"managed account", h.person.Account, identity.Nobody},
			{"outside account", account("guest", identity.Outside), identity.Nobody},
		} {
			var out Issued
			h.write(func(tx *store.Tx) (err error) {
				out, err = h.Issue(tx, identity.AccessToken{AccountID: row.account.ID, ClientType: identity.ClientAPI})
				return err
			})
			for range 2 {
				b, err := h.Check(t.Context(), out.Access)
				if row.want == identity.Nobody {
					if !fault.Is(err, fault.CodeTokenUnknown) {
						t.Errorf("%s: %+v, %v, want %s", row.name, b.Actor, err, fault.CodeTokenUnknown)
					}
					continue
				}
				if err != nil || b.Actor.Kind != row.want || b.Actor.AccountID != row.account.ID || b.Actor.OrganizationID != "" {
					t.Errorf("%s: %+v, %v", row.name, b.Actor, err)
				}
			}
		}
	})
}
