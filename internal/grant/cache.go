package grant

import (
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// applicationsKept bounds the applications that inspections share.
const applicationsKept = 10_000

// known is a grant that was read, with the verdict on it.
type known struct {
	row         store.GrantRow
	application *identity.Application // shared by all its grants
	refusal     error                 // nil when the grant counts
	// end is when the verdict holds no more although nothing is edited: the
	// membership ends, or an access policy looks at the time; zero for never.
	end time.Time
}

// over reports whether what is known no longer holds by the passing of time.
func (k *known) over(now time.Time) bool { return !k.end.IsZero() && !now.Before(k.end) }

// cache keeps what was found out about grants until the change feed says that
// something it depends on has changed: the grant, its application, account,
// member or organisation. Who may enter hangs on departments and groups as well;
// one of those that changes empties the cache, for whom it concerns is not known
// here.
type cache struct {
	fresh        *store.Freshness
	grants       *store.Cache[*known]
	applications *store.Cache[*identity.Application]
	cancel       []func()
}

func newCache(feed *store.Feed, size int) *cache {
	fresh := store.NewFreshness(feed, store.TopicGrant, store.TopicApplication, store.TopicAccount, store.TopicMember, store.TopicOrganization)
	c := &cache{
		fresh: fresh, grants: store.NewCache[*known](fresh, size),
		applications: store.NewCache[*identity.Application](fresh, applicationsKept),
	}
	for _, topic := range []store.Topic{store.TopicDepartment, store.TopicGroup} {
		c.cancel = append(c.cancel, feed.Subscribe(topic, func(string) { fresh.Raise("") }))
	}
	return c
}

func (c *cache) close() {
	for _, cancel := range c.cancel {
		cancel()
	}
	c.fresh.Close()
}

// put keeps what was read of a grant after a moment.
func (c *cache) put(since store.Moment, k *known) {
	g := k.row.Grant
	c.applications.Put(since, string(g.ApplicationID), k.application, string(g.ApplicationID))
	c.grants.Put(since, string(g.ID), k, string(g.ID), string(g.ApplicationID), string(g.AccountID), string(g.MemberID), string(g.OrganizationID))
}
