package provision

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Options say what Syncs work with.
type Options struct {
	// Now is the clock.
	Now func() time.Time
	// Client is the way out, made by egress.
	Client *http.Client
	// Issuer is the public address, which receivers are told as the place where
	// people sign in.
	Issuer string
	// Proves reports whether a secret is one of an application's live ones.
	Proves func(app identity.Application, secret string) bool
	// Node names this process in leases; it must differ from every other's.
	Node string
	// Log hears of failures; nil discards.
	Log *slog.Logger
}

// Syncs tells applications of their organisations. It is safe for concurrent
// use.
type Syncs struct {
	db      *store.DB
	options Options
	client  *http.Client
	watches watches
	rounds  rounds[identity.ApplicationID]
}

// callFor is how long one call may take (OrgID, G.2).
const callFor = 5 * time.Second

// New returns the syncs of a database.
func New(db *store.DB, options Options) *Syncs {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	client := *options.Client
	client.Timeout = callFor
	// Who is led elsewhere has the wrong address: what is sent is for one
	// receiver alone.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Syncs{db: db, options: options, client: &client, watches: watches{all: map[identity.ApplicationID]watch{}}}
}
