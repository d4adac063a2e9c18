package token

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// NewAPIToken is what a management token is made from.
type NewAPIToken struct {
	Name         string                  // unique, 1–64 characters
	Organization identity.OrganizationID // "" administers the installation
	Life         time.Duration           // 0 means no end
}

// AddAPIToken makes a management token and returns its word, which is shown
// this once.
func (t *Tokens) AddAPIToken(ctx context.Context, actor identity.Actor, n NewAPIToken) (k identity.APIToken, word string, err error) {
	if err := access.Allow(actor, access.ManageAPITokens, ""); err != nil {
		return k, "", err
	}
	if c := len([]rune(n.Name)); c < 1 || c > 64 || !identity.CleanText(n.Name) {
		return k, "", fault.New(fault.Invalid, fault.CodeFieldLength).At("name").With("min", 1).With("max", 64)
	}
	err = t.db.Update(ctx, func(tx *store.Tx) error {
		if n.Organization != "" {
			if _, err := tx.Organizations.Get(n.Organization); err != nil {
				return err
			}
		}
		s := ticket.NewSecret(tx.Now())
		k = identity.APIToken{ID: identity.APITokenIDOf(s.ID), Name: n.Name, OrganizationID: n.Organization, CreatedAt: tx.Now()}
		if n.Life > 0 {
			k.ExpiresAt = tx.Now().Add(n.Life)
		}
		word = s.Text(apiPrefix)
		if err := tx.APITokens.Insert(store.APITokenRow{Token: k, Hash: s.Hash()}); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.APITokenAdded, audit.About{
			Organization: k.OrganizationID, Target: string(k.ID),
			Details: map[string]string{"name": k.Name},
		})
	})
	return k, word, err
}

// APITokens returns every management token, oldest first.
func (t *Tokens) APITokens(ctx context.Context, actor identity.Actor) (all []identity.APIToken, err error) {
	if err := access.Allow(actor, access.ManageAPITokens, ""); err != nil {
		return nil, err
	}
	err = t.db.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.APITokens.All()
		all = make([]identity.APIToken, 0, len(rows))
		for _, r := range rows {
			all = append(all, r.Token)
		}
		return err
	})
	return all, err
}

// RevokeAPIToken ends a management token at once.
func (t *Tokens) RevokeAPIToken(ctx context.Context, actor identity.Actor, id identity.APITokenID) error {
	if err := access.Allow(actor, access.ManageAPITokens, ""); err != nil {
		return err
	}
	return t.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.APITokens.Revoke(id); err != nil {
			return fault.New(fault.NotFound, fault.CodeNotFound).Because(err)
		}
		return audit.Record(tx, actor, audit.APITokenRevoked, audit.About{Target: string(id)})
	})
}

// CheckAPIToken proves a management token and tells who acts. It asks the
// database each time: a revoked token is refused by the very next call.
func (t *Tokens) CheckAPIToken(ctx context.Context, word string) (actor identity.Actor, err error) {
	s, ok := ticket.ParseSecret(apiPrefix, word)
	if !ok {
		return actor, errUnknown
	}
	err = t.db.View(ctx, func(tx *store.Tx) error {
		row, err := tx.Lookup.APIToken(identity.APITokenIDOf(s.ID))
		if err != nil {
			return unauthenticated(err)
		}
		if !s.Proves(row.Hash) || !row.Token.Live(tx.Now()) {
			return errUnknown
		}
		actor = identity.Actor{Kind: identity.ActsAsProvider, APIToken: row.Token.ID, Name: row.Token.Name}
		if row.Token.OrganizationID != "" {
			actor.Kind, actor.OrganizationID = identity.ActsAsOrgToken, row.Token.OrganizationID
		}
		return nil
	})
	return actor, err
}
