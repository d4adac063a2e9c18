package directory

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

// portalLife is how long the jump into the portal may take. The API names no
// time; a browser opens the address at once.
const portalLife = time.Minute

// portalJump is what a portal nonce stands for.
type portalJump struct {
	bearer
	Client identity.ClientType `json:"client"` // of the token that asked for it
	AppID  string              `json:"app_id,omitempty"`
}

// IssuePortalNonce makes the word with which the holder of a checked token
// jumps into the portal once, within a minute (Meeting API, 4.7).
func (d *Directory) IssuePortalNonce(ctx context.Context, t identity.AccessToken) (nonce string, err error) {
	payload, err := json.Marshal(portalJump{
		bearer: bearer{Account: t.AccountID, Organization: t.OrganizationID, Member: t.MemberID, Generation: t.Generation},
		Client: t.ClientType, AppID: t.AppID,
	})
	if err != nil {
		return "", err
	}
	err = d.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		nonce, err = ticket.Put(tx, identity.TicketPortal, payload, portalLife)
		return err
	})
	return nonce, err
}

// PortalProof is the nonce that a browser brings.
type PortalProof struct {
	Nonce  string
	Entry  EnterBrowser
	Origin identity.Origin
	Story  *trace.Story
}

// String keeps nonces out of logs.
func (PortalProof) String() string { return "[redacted]" }

// GoString keeps nonces out of %#v.
func (PortalProof) GoString() string { return "[redacted]" }

// LogValue keeps nonces out of structured logs.
func (PortalProof) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// SignInByPortal starts a session for the holder of a token who jumps into the
// portal (Meeting API, 4.7). The nonce works once: unknown or expired it is
// NotFound (ticket_not_found), spent Conflict (ticket_spent), and it is gone
// when the password was changed since. A refused jump does not spend it.
//
// The jump proves no more than its token. Where members sign in through their
// enterprise's centre a token of a program (client type 72), which a password
// opens, does not open the portal: Forbidden (sso_only). One that the
// enterprise's own server signed for does.
func (d *Directory) SignInByPortal(ctx context.Context, p PortalProof) (in SignedIn, err error) {
	p.Story.Hide(p.Nonce)
	err = d.letIn(ctx, func(tx *store.Tx) error {
		t, err := ticket.Take(tx, identity.TicketPortal, p.Nonce)
		if err != nil {
			return err
		}
		jump, err := payloadOf[portalJump](t)
		if err != nil {
			return err
		}
		in, err = d.jumped(tx, jump, p)
		return err
	})
	fresh := !fault.Is(err, fault.CodeTicket) && !fault.Is(err, fault.CodeSpent)
	if p.Story.Check(trace.PortalNonce, fresh, trace.Detail{Received: trace.Shape(p.Nonce)}) {
		tellEntry(p.Story, in, err)
	}
	return in, err
}

// jumped lets the holder of the token in.
func (d *Directory) jumped(tx *store.Tx, jump portalJump, p PortalProof) (in SignedIn, err error) {
	if in, err = jump.again(tx); err != nil {
		return in, err
	}
	method, err := jump.method(tx, &in)
	if err != nil {
		return in, err
	}
	return in, d.admit(tx, &in, p.Entry, admission{how: howPortal, methods: []string{method}, origin: p.Origin})
}

// method tells by what the token was proven, as far as that is known: a token
// does not say so itself. A password that has to be changed has to be changed
// in the portal too.
func (j portalJump) method(tx *store.Tx, in *SignedIn) (string, error) {
	if j.AppID != "" {
		return identity.ByAppID, nil
	}
	domain, on, err := centreFor(tx, *in)
	switch {
	case err != nil:
		return "", err
	case on && j.Client == identity.ClientAPI:
		return "", ssoOnly(domain)
	case on:
		return identity.ByCentre, nil
	}
	credential, err := tx.Credentials.Get(in.Person.Account.ID)
	in.MustChange = mustChange(credential, *in)
	return identity.ByPassword, err
}
