package application

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/orgate/orgate/internal/store"
)

// Applications registers those who rely on us, proves them and tells what they
// may know of people; and it registers App IDs and checks what they sign. It is
// safe for concurrent use. Close ends its subscription to the change feed.
type Applications struct {
	db      *store.DB
	options Options
	cache   *cache   // of App IDs
	clients *clients // of applications
	origins *origins // where applications have services
	people  *portraits
	explain *rate.Limiter
	// checkings bound how often the logins of an App ID are looked at.
	checkings *checkings
	dummy     *macKey // stands in wherever there is no key, to spend the same work
	newMAC    macMaker

	// nothing is compared with where an application has no secret, to spend the
	// same work: no text is known that has it as digest.
	nothing [sha256.Size]byte

	scratches sync.Pool // of *scratch
}

// Options say what an installation allows.
type Options struct {
	// Now is the clock.
	Now func() time.Time
	// AllowEverlasting honours signatures that never expire (expireTime 0)
	// where App ID and organisation allow them too.
	AllowEverlasting bool
	// CacheSize is how many App IDs, applications and members are kept in memory
	// of each; 0 means 10,000.
	CacheSize int
	// Pictures is the address of members' pictures, to which the word of one is
	// added; "" tells applications of none.
	Pictures string
}

// macMaker makes a keyed hash; tests count what is done with it.
type macMaker func(key string) hash.Hash

func newMAC(key string) hash.Hash { return hmac.New(sha256.New, []byte(key)) }

const (
	defaultCacheSize = 10_000
	// An explanation costs up to maxTries hashes: a flood of wrong signatures
	// gets its refusals and no explanations.
	explainRate  = 50
	explainBurst = 100
)

// New returns the applications of a database.
func New(db *store.DB, options Options) *Applications {
	if options.CacheSize == 0 {
		options.CacheSize = defaultCacheSize
	}
	a := &Applications{
		db: db, options: options, cache: newCache(db.Feed(), options.CacheSize),
		clients: newClients(db.Feed(), options.CacheSize), people: newPortraits(db.Feed(), options.CacheSize),
		explain: rate.NewLimiter(explainRate, explainBurst), newMAC: newMAC,
		checkings: newCheckings(),
	}
	a.origins = newOrigins(a.clients.fresh, options.CacheSize)
	a.scratches.New = newScratch
	a.dummy = newMacKey(randomKey(), a.newMAC)
	return a
}

// Close stops listening to the change feed.
func (a *Applications) Close() {
	a.cache.close()
	a.clients.close()
	a.people.close()
}
