package directory

import (
	"context"
	"log/slog"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// Entry is what somebody is given who may come in, made in the transaction
// that lets them in: EnterBrowser, EnterClient or EnterCode.
type Entry interface {
	// besideSSO reports whether a password opens this way where members sign
	// in through their enterprise's centre.
	besideSSO() bool
	// letsChoose reports whether somebody is let in this way to no organisation,
	// to choose one there.
	letsChoose() bool
	// give makes it and returns its identifier; "" when nothing was given that
	// lets anybody do anything yet.
	give(d *Directory, tx *store.Tx, in *SignedIn, a admission) (target string, err error)
}

// EnterBrowser starts a session: SignedIn.Session.
type EnterBrowser struct {
	UserAgent string
	Replaces  string // the word of the browser's earlier session, which ends; "" if none
}

// String keeps the word of the session out of logs.
func (EnterBrowser) String() string { return "browser" }

// GoString keeps the word of the session out of %#v.
func (EnterBrowser) GoString() string { return "browser" }

// LogValue keeps the word of the session out of structured logs.
func (EnterBrowser) LogValue() slog.Value { return slog.StringValue("browser") }

func (EnterBrowser) besideSSO() bool { return false }

func (EnterBrowser) letsChoose() bool { return true }

func (e EnterBrowser) give(d *Directory, tx *store.Tx, in *SignedIn, a admission) (string, error) {
	started, err := session.StartIn(tx, tx.Now(), d.sessions, session.Start{
		Account: in.Person.Account, Member: in.Person.Member, Organization: in.Organization,
		Methods: a.methods, SourceID: a.source, SourceSession: a.session, MustChange: in.MustChange,
		Origin: a.origin, UserAgent: e.UserAgent, Replaces: e.Replaces, Continues: a.continues,
	})
	in.Session = started
	return string(started.Session.ID), err
}

// EnterClient issues an access token: SignedIn.Issued.
type EnterClient struct {
	ClientType  identity.ClientType
	CreateToken bool // false checks everything and issues nothing
}

// besideSSO: what signs in with account and password of its own accord are
// programs (Meeting API, 4.1); every other client is used by people.
func (e EnterClient) besideSSO() bool { return e.ClientType == identity.ClientAPI }

// letsChoose: a client works in an organisation or not at all.
func (EnterClient) letsChoose() bool { return false }

func (e EnterClient) give(d *Directory, tx *store.Tx, in *SignedIn, a admission) (_ string, err error) {
	if !e.CreateToken {
		tx.NoEvent("a verification lets nobody in")
		return "", nil
	}
	p, g := in.Person, in.generations()
	g.AppID = a.app.Generation
	in.Issued, err = d.tokens.Issue(tx, identity.AccessToken{
		AccountID: p.Account.ID, OrganizationID: p.Member.OrganizationID, MemberID: p.Member.ID,
		ClientType: e.ClientType, AppID: a.app.ID, Address: a.origin.Address, Generation: g,
	})
	return string(in.Issued.Token.ID), err
}

// generations are those of the people and the organisation as they were read.
func (in SignedIn) generations() identity.Generations {
	return identity.Generations{
		Account: in.Person.Account.Generation, Member: in.Person.Member.Generation, Organization: in.Organization.Generation,
	}
}

// The ways of coming in, as events name them.
const (
	howPassword   = "password"
	howAppID      = "app_id"
	howSource     = "source"
	howClientCode = "client_code"
	howPortal     = "portal"
	howSwitch     = "switch"       // from another organisation of the same person
	howNew        = "new_password" // the one that was demanded after a password somebody else chose
)

// admission is how somebody came in.
type admission struct {
	how     string
	methods []string          // how the person was proven (RFC 8176)
	app     identity.AppID    // zero without one
	source  identity.SourceID // "" without one
	session string            // the source's own name for its session, "" for none
	origin  identity.Origin
	// continues is the session on whose proof somebody comes in, zero where they
	// gave one now.
	continues identity.Session
}

// admit gives somebody who may come in what they came for and records it. No
// entry at all is one that gives nothing.
func (d *Directory) admit(tx *store.Tx, in *SignedIn, e Entry, a admission) error {
	if e == nil {
		e = EnterClient{}
	}
	target, err := e.give(d, tx, in, a)
	if err != nil || target == "" {
		return err
	}
	details := map[string]string{"how": a.how}
	if err := activate(tx, in, details); err != nil {
		return err
	}
	if a.app.ID != "" {
		details["app_id"] = a.app.ID
	}
	if a.source != "" {
		details["source"] = string(a.source)
	}
	return audit.Record(tx, in.actor(a.app.ID, a.origin), audit.SignedIn, audit.About{
		Organization: in.Person.Member.OrganizationID, Target: target, Details: details,
	})
}

// activate notes that a member came in, which costs those who did before
// nothing, and that it was for the first time.
func activate(tx *store.Tx, in *SignedIn, details map[string]string) error {
	m := &in.Person.Member
	if in.alone() || !m.Activate(tx.Now()) {
		return nil
	}
	first, err := tx.Members.Activate(m.OrganizationID, m.ID)
	if err != nil || !first {
		return err // another sign-in of the same moment was the first
	}
	m.Version++
	details["first"] = "true"
	return nil
}

// letIn runs a sign-in in a transaction, and again when who came in was changed
// by somebody else meanwhile: then it is judged by how they stand now.
func (d *Directory) letIn(ctx context.Context, enter func(tx *store.Tx) error) (err error) {
	for range signInRuns {
		if err = d.db.Act(ctx, store.ActSignIn, enter); fault.KindOf(err) != fault.Stale {
			return err
		}
	}
	return err
}
