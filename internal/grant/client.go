package grant

import (
	"context"
	"errors"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// errApplication: the application was changed so that what it was granted ends.
var errApplication = errors.New("grant: the application has been disabled, removed or renewed")

// Issue grants an application something for itself (RFC 6749, 4.4): an access
// token and no refresh token. Of a JWT nothing is stored, since it says all there
// is to say; its grant has an id and is found by no one. An application that does
// not stand as it was read is Invalid (grant_invalid).
func (g *Grants) Issue(ctx context.Context, a identity.Application, scopes []string) (identity.Issued, error) {
	now := g.options.Now().UTC()
	end := seconds(now).Add(a.OAuth.AccessLife)
	row := store.GrantRow{Seed: newSeed(), Grant: identity.Grant{
		ID: identity.GrantIDOf(identity.NewUUID(now)), ApplicationID: a.ID, OrganizationID: a.OrganizationID, Scopes: scopes,
		Round: 1, RoundAt: now, ApplicationGeneration: a.Generation, CreatedAt: now, EndsAt: end,
	}}
	if a.OAuth.AccessFormat != identity.JWT {
		err := g.db.Act(ctx, store.ActGrant, func(tx *store.Tx) error {
			tx.NoEvent("an application that acts for itself is not recorded at each token")
			return tx.Grants.Insert(row)
		})
		if fault.KindOf(err) == fault.Stale {
			return identity.Issued{}, errGrant.Because(errApplication)
		}
		if err != nil {
			return identity.Issued{}, err
		}
	}
	return issued(row, a, everything, false), nil
}
