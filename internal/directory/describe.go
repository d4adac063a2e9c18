package directory

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// What is kept in memory. A person is some thirty words in one and a half
// kilobytes, which each garbage collection looks at: keeping many of them costs
// more than reading those who come in less often.
const (
	organizationsKept = 10_000 // under identifier and code
	holdersKept       = 10_000
	peopleKept        = 10_000
)

// caches are what sign-in and validation read again and again.
type caches struct {
	fresh         *store.Freshness
	organizations *store.Cache[identity.Organization]
	holders       *store.Cache[SignedIn]
	people        *store.Cache[identity.Person] // by organisation and third account
}

func newCaches(feed *store.Feed) caches {
	fresh := store.NewFreshness(feed, store.TopicOrganization, store.TopicMember, store.TopicAccount)
	return caches{
		fresh:         fresh,
		organizations: store.NewCache[identity.Organization](fresh, organizationsKept),
		holders:       store.NewCache[SignedIn](fresh, holdersKept),
		people:        store.NewCache[identity.Person](fresh, peopleKept),
	}
}

func (c caches) close() { c.fresh.Close() }

// organization returns an organisation by identifier or code, from memory
// where nothing was heard of it since.
func (d *Directory) organization(ctx context.Context, ref string) (o identity.Organization, err error) {
	if o, ok := d.caches.organizations.Get(ref); ok {
		return o, nil
	}
	since := d.caches.organizations.Now()
	err = d.db.View(ctx, func(tx *store.Tx) error {
		o, err = organizationByRef(tx, ref)
		return err
	})
	if err == nil {
		d.caches.organizations.Put(since, ref, o, string(o.ID))
	}
	return o, err
}

// Describe tells who holds a token that was checked; Issued stays zero. A
// holder who is gone is Unauthenticated (token_unknown). The answer is shared:
// read it, never change it.
func (d *Directory) Describe(ctx context.Context, t identity.AccessToken) (in SignedIn, err error) {
	key := string(t.MemberID)
	if key == "" {
		key = string(t.AccountID)
	}
	in, ok := d.caches.holders.Get(key)
	if !ok {
		if in, err = d.readHolder(ctx, key, t); err != nil {
			return SignedIn{}, err
		}
	}
	// Who came in through an App ID used no password.
	in.MustChange = in.MustChange && t.AppID == ""
	return in, nil
}

// readHolder is the way past the cache, apart from it because its closure would
// cost the short way two allocations.
func (d *Directory) readHolder(ctx context.Context, key string, t identity.AccessToken) (in SignedIn, err error) {
	since := d.caches.holders.Now()
	err = d.db.View(ctx, func(tx *store.Tx) error {
		in, err = holder(tx, t)
		return err
	})
	if err == nil {
		d.caches.holders.Put(since, key, in, string(t.AccountID), string(t.MemberID), string(t.OrganizationID))
	}
	return in, err
}

func holder(tx *store.Tx, t identity.AccessToken) (in SignedIn, err error) {
	if t.MemberID == "" {
		in, err = providerPlace(tx, t.AccountID)
	} else if in.Person, err = tx.Members.Get(t.OrganizationID, t.MemberID); err == nil {
		in.Organization, err = tx.Organizations.Get(t.OrganizationID)
	}
	if err != nil {
		return in, gone(err)
	}
	credential, err := tx.Credentials.Get(t.AccountID)
	in.MustChange = mustChange(credential, in)
	return in, err
}

// gone tells that there is nobody behind a token any more.
func gone(err error) error {
	if fault.KindOf(err) == fault.NotFound || fault.Is(err, fault.CodeSignInFailed) {
		return fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
	}
	return err
}
