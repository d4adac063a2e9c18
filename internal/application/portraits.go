package application

import "github.com/orgate/orgate/internal/store"

// portraits keeps what was read of members until the change feed says that
// something of it changed: the member, the account, the organisation or one of
// its departments. A change of any group empties it, for who is in a group is
// not known here.
type portraits struct {
	fresh  *store.Freshness
	known  *store.Cache[store.Portrait]
	cancel func()
}

func newPortraits(feed *store.Feed, size int) *portraits {
	fresh := store.NewFreshness(feed, store.TopicMember, store.TopicAccount, store.TopicOrganization, store.TopicDepartment)
	return &portraits{
		fresh: fresh, known: store.NewCache[store.Portrait](fresh, size),
		cancel: feed.Subscribe(store.TopicGroup, func(string) { fresh.Raise("") }),
	}
}

func (p *portraits) close() {
	p.cancel()
	p.fresh.Close()
}

// put keeps what was read of a member after a moment.
func (p *portraits) put(since store.Moment, read store.Portrait) {
	m := read.Member
	p.known.Put(since, string(m.ID), read, string(m.ID), string(m.AccountID), string(m.OrganizationID))
}
