package provision

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	lookEvery = time.Second
	parallel  = 8 // receivers at once: a slow one keeps nobody waiting
	// overlap is how far back events are counted: a transaction may commit after
	// a later one.
	overlap = 30 * time.Second
	// moveOn is how old the beginning of the count becomes at most, so that
	// counting stays cheap.
	moveOn = 2 * time.Minute
	// recheck is when a receiver is compared although nothing seems to have
	// happened: memberships end by the clock alone.
	recheck = 10 * time.Minute
	maxDue  = 1000
	// Between the end of one push and the next comparison.
	restLeast = 2 * time.Second
	restMost  = 10 * time.Second
)

// errLost says that another node tells the application by now.
var errLost = errors.New("provision: the lease was lost")

// besides are the events that change nothing a receiver is told of, and of
// which there are many.
var besides = []string{
	string(audit.SignedIn), string(audit.SignInRefused), string(audit.SignedOut), string(audit.SessionStarted), string(audit.SessionEnded),
	string(audit.SessionRenewed), string(audit.ConsentGiven), string(audit.ConsentWithdrawn), string(audit.GrantIssued),
	string(audit.GrantRevoked), string(audit.GrantReused), string(audit.CodeReused), string(audit.ServiceEntered), string(audit.ProxyGranted),
	string(audit.AccountLocked), string(audit.PasswordChanged), string(audit.PasswordReset), string(audit.PasswordRecovered),
	string(audit.SyncTried), string(audit.SyncFailed),
}

// watch is what this node remembers of one application: how many events of its
// organisation there were since a moment when it was compared. Whatever changes
// what receivers are told records an event in the same transaction, so nobody
// who writes has to know of receivers.
type watch struct {
	since time.Time
	count int
	until time.Time // compare then in any case
	rest  time.Time // and not before
}

// watches are the applications that this node has compared.
type watches struct {
	mu  sync.Mutex
	all map[identity.ApplicationID]watch
}

// Run tells applications what they do not know yet, until ctx ends.
func (p *Syncs) Run(ctx context.Context) error {
	return p.rounds.run(ctx, func(ctx context.Context) (turns []turn[identity.ApplicationID]) {
		for _, target := range p.stirred(ctx) {
			turns = append(turns, turn[identity.ApplicationID]{
				id: target.ApplicationID, tell: func(ctx context.Context) { p.tell(ctx, target) }, wait: func() { p.forget(target.ApplicationID) },
			})
		}
		return turns
	})
}

// forget makes this node compare an application again.
func (p *Syncs) forget(id identity.ApplicationID) {
	p.watches.mu.Lock()
	defer p.watches.mu.Unlock()
	delete(p.watches.all, id)
}

// tell pushes to one application. What fails here and not at the receiver is
// logged, and tried again.
func (p *Syncs) tell(ctx context.Context, target store.SyncTarget) {
	begun := p.options.Now()
	told, err := p.push(ctx, target)
	p.watches.mu.Lock()
	defer p.watches.mu.Unlock()
	w := p.watches.all[target.ApplicationID]
	// Where much changes at once, it is gathered meanwhile.
	w.rest = p.options.Now().Add(min(max(restLeast, p.options.Now().Sub(begun)), restMost))
	if !told || err != nil {
		w.until = time.Time{}
	}
	p.watches.all[target.ApplicationID] = w
	if err != nil && ctx.Err() == nil && !errors.Is(err, errLost) && fault.KindOf(err) != fault.NotFound {
		p.options.Log.Error("application not told", "application", target.ApplicationID, "err", err)
	}
}

// Pass tells applications once what they do not know, one after the other, and
// returns when all are done; for who has no use for Run.
func (p *Syncs) Pass(ctx context.Context) {
	for _, target := range p.stirred(ctx) {
		p.tell(ctx, target)
	}
}

// stirred returns the applications for which something may have changed, or is
// outstanding. It only reads.
func (p *Syncs) stirred(ctx context.Context) []store.SyncTarget {
	p.watches.mu.Lock()
	defer p.watches.mu.Unlock()
	return stirred(ctx, lookout{p.db, p.options.Log, "applications"}, func(tx *store.Tx) ([]store.SyncTarget, error) { return tx.SyncStates.Due(maxDue) }, p.look)
}

// look compares the count of events with the one that is remembered.
func (p *Syncs) look(tx *store.Tx, target store.SyncTarget) (stir bool, err error) {
	id, now := target.ApplicationID, p.options.Now()
	w := p.watches.all[id]
	if now.Before(w.rest) || p.rounds.busy(id) {
		return false, nil
	}
	stir = target.Retry || !now.Before(w.until)
	if !stir {
		count, err := tx.Events.CountSince(target.OrganizationID, w.since, besides)
		if err != nil {
			return false, err
		}
		stir = count != w.count
		if !stir && now.Sub(w.since) < moveOn {
			return false, nil
		}
	}
	w.since = now.Add(-overlap)
	if stir {
		w.until = now.Add(recheck)
	}
	w.count, err = tx.Events.CountSince(target.OrganizationID, w.since, besides)
	p.watches.all[id] = w
	return stir, err
}
