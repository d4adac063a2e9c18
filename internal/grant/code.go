package grant

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// codeLife is how long a code counts (RFC 6749, 4.1.2: ten minutes at most).
const codeLife = time.Minute

// offlineAccess is the scope by which a person lets a grant outlive the session
// (OpenID Connect Core 1.0, 11).
const offlineAccess = "offline_access"

// Reasons why a code is refused, for log and story.
var (
	errNoCode      = errors.New("grant: the code is unknown, expired or of another kind")
	errSpentCode   = errors.New("grant: the code was used before")
	errForeignCode = errors.New("grant: the code belongs to another application")
	errRedirect    = errors.New("grant: the redirect URI is not the one of the request")
	errVerifier    = errors.New("grant: the PKCE verifier does not belong to the challenge")
	errChanged     = errors.New("grant: the session, or somebody it depends on, has ended or changed")
)

// permission is what a code stands for, as its ticket keeps it.
type permission struct {
	Application identity.ApplicationID `json:"application"`
	Generation  int64                  `json:"generation"` // of the application
	Account     identity.AccountID     `json:"account"`
	Member      identity.MemberID      `json:"member"`
	Session     identity.SessionID     `json:"session"`
	Of          identity.Generations   `json:"of"`
	Methods     []string               `json:"methods,omitempty"`
	ProvenAt    int64                  `json:"proven_at"` // milliseconds
	VerifiedAt  int64                  `json:"verified_at,omitempty"`
	Address     netip.Addr             `json:"address"`
	Scopes      []string               `json:"scopes"`
	RedirectURI string                 `json:"redirect_uri,omitempty"`
	Challenge   string                 `json:"challenge,omitempty"`
	Nonce       string                 `json:"nonce,omitempty"`
	Claims      []byte                 `json:"claims,omitempty"`
}

// String keeps what was asked for out of logs.
func (permission) String() string { return "[redacted]" }

// GoString keeps it out of %#v.
func (permission) GoString() string { return "[redacted]" }

// Authorize stores what a person has just granted, notes that the application
// took part in the session, and returns the code. It counts for a minute and for
// one attempt. A session that was ended meanwhile is NotFound
// (session_not_found).
func (g *Grants) Authorize(ctx context.Context, a identity.Authorization) (code string, err error) {
	s := a.Session
	payload, err := json.Marshal(permission{
		Application: a.Application.ID, Generation: a.Application.Generation, Account: s.AccountID, Member: s.MemberID, Session: s.ID,
		Of: s.Generation, Methods: s.Methods, ProvenAt: s.ProvenAt.UnixMilli(), VerifiedAt: milliseconds(s.VerifiedAt),
		Address: s.Origin.Address, Scopes: a.Scopes, RedirectURI: a.RedirectURI,
		Challenge: a.Challenge, Nonce: a.Nonce, Claims: a.Claims,
	})
	if err != nil {
		return "", err
	}
	err = g.db.Act(ctx, store.ActGrant, func(tx *store.Tx) error {
		tx.NoEvent("a code is a step; that it was redeemed is recorded")
		if a.Application.Tried() {
			// Nobody is told of the end of a session for a try's sake.
			code, err = ticket.Put(tx, identity.TicketCode, payload, codeLife)
			return err
		}
		if err := tx.Participations.Join(identity.Participation{
			SessionID: s.ID, ApplicationID: a.Application.ID, OrganizationID: a.Application.OrganizationID, MemberID: s.MemberID,
			Protocol: a.Application.Protocol, Key: a.Key, JoinedAt: tx.Now(),
		}); err != nil {
			return err
		}
		code, err = ticket.Put(tx, identity.TicketCode, payload, codeLife)
		return err
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

// Redeem turns a code into a grant with its first tokens. Whatever is wrong is
// Invalid (grant_invalid). A code is spent by any attempt, also by one of
// another application or with a wrong redirect URI or verifier; a second attempt
// ends what the first was given (RFC 6749, 4.1.2 and 10.5). A refresh token
// comes along where the application offers that grant.
func (g *Grants) Redeem(ctx context.Context, r identity.Redemption) (out identity.Issued, err error) {
	err = g.act(ctx, func(tx *store.Tx) (refusal, err error) {
		t, err := ticket.Peek(tx, identity.TicketCode, r.Code)
		if err == nil {
			err = tx.Tickets.Spend(t.ID)
		}
		switch {
		case fault.Is(err, fault.CodeSpent):
			return refusedFor(errSpentCode), reused(tx, r.Application, t)
		case fault.Is(err, fault.CodeTicket):
			tx.NoEvent("nothing was redeemed")
			return refusedFor(errNoCode), nil
		case err != nil:
			return nil, err
		}
		out, refusal, err = g.redeem(tx, r, t)
		if refusal != nil {
			tx.NoEvent("nothing was granted")
		}
		return refusal, err
	})
	switch {
	case fault.KindOf(err) == fault.Stale:
		return identity.Issued{}, refusedFor(errChanged)
	case err != nil:
		return identity.Issued{}, err
	}
	return out, nil
}

// redeem makes the grant of a code that was just spent.
func (g *Grants) redeem(tx *store.Tx, r identity.Redemption, t identity.Ticket) (out identity.Issued, refusal, err error) {
	var p permission
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return out, nil, err
	}
	if why := p.refuse(r); why != nil {
		return out, refusedFor(why), nil
	}
	row := p.grant(tx.Now(), r, t)
	switch why, err := refuses(tx, row.Grant); {
	case err != nil:
		return out, nil, err
	case why != nil:
		return out, refusedFor(why), nil
	}
	if err := tx.Grants.Insert(row); err != nil {
		return out, nil, err
	}
	err = audit.Record(tx, asApplication(r.Application), audit.GrantIssued, audit.About{
		Organization: row.Grant.OrganizationID, Target: string(row.Grant.ID),
		Details: enteredBy(row.Grant.MemberID, row.Grant.Address, !row.Grant.VerifiedAt.IsZero()),
	})
	return issued(row, r.Application, everything, r.Application.OAuth.Offers(identity.GrantRefresh)), nil, err
}

// refuse tells what is wrong with an attempt, nil for nothing.
func (p permission) refuse(r identity.Redemption) error {
	switch {
	case p.Application != r.Application.ID:
		return errForeignCode
	case p.RedirectURI != r.RedirectURI:
		return errRedirect
	case !verified(p.Challenge, r.Verifier):
		return errVerifier
	case p.Generation != r.Application.Generation || !r.Application.Active():
		return errChanged
	}
	return nil
}

// verified checks a PKCE verifier against the S256 challenge (RFC 7636, 4.6).
// Neither counts without the other: a verifier without a challenge shows that
// the challenge was taken out of the request (RFC 9700, 4.8.2).
func verified(challenge, verifier string) bool {
	if challenge == "" || verifier == "" {
		return challenge == verifier
	}
	if len(verifier) < 43 || len(verifier) > 128 || strings.Trim(verifier, unreserved) != "" {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// unreserved are the characters of a verifier (RFC 7636, 4.1).
const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

// grant is what the permission becomes.
func (p permission) grant(now time.Time, r identity.Redemption, t identity.Ticket) store.GrantRow {
	a := r.Application
	refresh := a.OAuth.Offers(identity.GrantRefresh)
	id, _ := identity.UUID(t.ID) // ours: read from its table
	return store.GrantRow{Seed: newSeed(), Grant: identity.Grant{
		ID: identity.GrantIDOf(id), ApplicationID: a.ID, OrganizationID: a.OrganizationID, AccountID: p.Account, MemberID: p.Member,
		SessionID: p.Session, Scopes: p.Scopes, Claims: p.Claims, Nonce: p.Nonce, Methods: p.Methods,
		ProvenAt: time.UnixMilli(p.ProvenAt).UTC(), VerifiedAt: instant(p.VerifiedAt), Address: p.Address, Offline: refresh && (r.Offline || slices.Contains(p.Scopes, offlineAccess)),
		Round: 1, RoundAt: now, Generation: p.Of, ApplicationGeneration: p.Generation, CreatedAt: now,
		EndsAt: ends(a, now, seconds(now).Add(a.OAuth.AccessLife), refresh),
	}}
}

// milliseconds and instant write and read an instant that may be none.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// reused ends the grant of a code that came again.
func reused(tx *store.Tx, a identity.Application, t identity.Ticket) error {
	u, _ := identity.UUID(t.ID) // ours: read from its table
	id := identity.GrantIDOf(u)
	ended, err := tx.Grants.Revoke(id)
	if err != nil {
		return err
	}
	if !ended {
		tx.NoEvent("the grant had ended, or there was none")
		return nil
	}
	return audit.Record(tx, asApplication(a), audit.CodeReused, audit.About{Organization: a.OrganizationID, Target: string(id)})
}
