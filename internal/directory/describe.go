package directory

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	organizationsKept = 10_000 // in memory, under identifier and code
	holdersKept       = 50_000
	peopleKept        = 50_000
)

// caches are what sign-in and validation read again and again.
type caches struct {
	organizations *cached[identity.Organization]
	holders       *cached[SignedIn]
	people        *cached[identity.Person] // by organisation and third account
}

func newCaches(feed *store.Feed) caches {
	return caches{
		organizations: newCached[identity.Organization](feed, organizationsKept, store.TopicOrganization),
		holders:       newCached[SignedIn](feed, holdersKept, store.TopicOrganization, store.TopicMember, store.TopicAccount),
		people:        newCached[identity.Person](feed, peopleKept, store.TopicOrganization, store.TopicMember, store.TopicAccount),
	}
}

func (c caches) close() {
	c.organizations.close()
	c.holders.close()
	c.people.close()
}

// organization returns an organisation by identifier or code, from memory
// where nothing was heard of it since.
func (d *Directory) organization(ctx context.Context, ref string) (o identity.Organization, err error) {
	if o, ok := d.caches.organizations.get(ref); ok {
		return o, nil
	}
	mark := d.caches.organizations.mark()
	err = d.db.View(ctx, func(tx *store.Tx) error {
		o, err = organizationByRef(tx, ref)
		return err
	})
	if err == nil {
		d.caches.organizations.put(mark, ref, o, dependencies{string(o.ID)})
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
	in, ok := d.caches.holders.get(key)
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
	mark := d.caches.holders.mark()
	err = d.db.View(ctx, func(tx *store.Tx) error {
		in, err = holder(tx, t)
		return err
	})
	if err == nil {
		d.caches.holders.put(mark, key, in, dependencies{string(t.AccountID), string(t.MemberID), string(t.OrganizationID)})
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
