package directory

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// freshProof is how long ago a source may have proven somebody who has no
// password and removes their account.
const freshProof = 5 * time.Minute

// SelfProof is the proof with which somebody changes what is their own for good,
// such as removing the account.
type SelfProof struct {
	Password string           // the account's, where it has one
	Session  identity.Session // in which it is wished, as it was checked a moment ago
}

// String keeps the password out of logs.
func (SelfProof) String() string { return "[redacted]" }

// GoString keeps the password out of %#v.
func (SelfProof) GoString() string { return "[redacted]" }

// LogValue keeps the password out of structured logs.
func (SelfProof) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// RemoveOwnAccount removes the acting person's own account with all their places,
// sessions, tokens, links and what applications were granted; its login names are
// free again. A wrong password is Invalid (password_old_wrong) and counts as at a
// sign-in; whoever has none proves themselves at a source within the last five
// minutes, or is Unauthenticated (login_required). Who owns an organisation
// stays: Conflict (account_owns, which names them). Whoever has no account of
// their own is Forbidden (person_only).
func (d *Directory) RemoveOwnAccount(ctx context.Context, actor identity.Actor, r SelfProof) error {
	if err := allowOwn(actor); err != nil {
		return err
	}
	p, err := d.provable(ctx, actor.AccountID)
	if err != nil {
		return err
	}
	if p.account.Kind != identity.Personal {
		return errPersonOnly
	}
	if err := d.proveSelf(ctx, actor, p, r); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		// A parallel guess may have locked the account since.
		if err := policy.Locked(tx, p.subject); err != nil {
			return err
		}
		credential, err := tx.Credentials.Get(actor.AccountID)
		if err != nil {
			return err
		}
		if !samePassword(credential, p.credential) {
			return fault.New(fault.Stale, fault.CodeStale)
		}
		return removeAccount(tx, actor)
	})
}

// ProveSelf tells whether somebody is still who they are signed in as: nil for
// the right password, or for a session that a source proved within the last five
// minutes. The faults are those of RemoveOwnAccount's proof.
func (d *Directory) ProveSelf(ctx context.Context, actor identity.Actor, r SelfProof) error {
	if err := allowOwn(actor); err != nil {
		return err
	}
	if d.provenJustNow(actor, r.Session) {
		return nil
	}
	p, err := d.provable(ctx, actor.AccountID)
	if err != nil {
		return err
	}
	return d.proveSelf(ctx, actor, p, r)
}

// provenJustNow tells that a source has proven who acts a moment ago.
func (d *Directory) provenJustNow(actor identity.Actor, s identity.Session) bool {
	return s.SourceID != "" && s.AccountID == actor.AccountID && d.now().Sub(s.ProvenAt) <= freshProof
}

// proveSelf looks at the proof of a candidate.
func (d *Directory) proveSelf(ctx context.Context, actor identity.Actor, p candidate, r SelfProof) error {
	if p.credential.Hash == "" {
		if !d.provenJustNow(actor, r.Session) {
			return fault.New(fault.Unauthenticated, fault.CodeLoginRequired)
		}
		return nil
	}
	verdict, err := d.hasher.Verify(ctx, r.Password, p.credential.Hash)
	if err == nil && !verdict.Right {
		err = d.refuse(ctx, p, actor, fault.New(fault.Invalid, fault.CodePasswordOld).At("password"))
	}
	return err
}

// removeAccount takes a person out of everything and the account away.
func removeAccount(tx *store.Tx, actor identity.Actor) error {
	a, err := ownAccount(tx, actor)
	if err != nil {
		return err
	}
	places, err := placesOf(tx, a.ID)
	if err != nil {
		return err
	}
	var owned []string
	for _, in := range places {
		if in.Person.Member.Role == identity.RoleOwner {
			owned = append(owned, in.Organization.Name)
		}
	}
	if len(owned) > 0 {
		return fault.New(fault.Conflict, fault.CodeAccountOwns).With("organizations", strings.Join(owned, ", "))
	}
	for _, in := range places {
		if err := leave(tx, actor, in.Person); err != nil {
			return err
		}
	}
	if err := session.EndAllOf(tx, session.Whose{Account: a.ID}, identity.EndedByRemoval); err != nil {
		return err
	}
	if err := tx.Accounts.Delete(a.ID); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.AccountRemoved, audit.About{Target: string(a.ID)})
}

// leave takes a person with an account of their own out of an organisation.
func leave(tx *store.Tx, actor identity.Actor, p identity.Person) error {
	org := p.Member.OrganizationID
	if p.Member.Role == identity.RoleOwner {
		return errOwner
	}
	// The rows of the sessions go with the member; applications are told.
	if err := session.EndAllOf(tx, session.Whose{Account: p.Account.ID, Organization: org}, identity.EndedByRemoval); err != nil {
		return err
	}
	if err := tx.Members.Delete(org, p.Member.ID); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.MemberLeft, aboutMember(p, map[string]string{"name": p.Member.Name}))
}
