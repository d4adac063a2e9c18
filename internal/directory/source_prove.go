package directory

import (
	"context"
	"log/slog"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// AccountProof is a password with which somebody proves that the account is
// theirs whose contact a source named (source_prove).
type AccountProof struct {
	Source   SourceProof // the proof that was not enough
	Password string      // 1–64 bytes
}

// String keeps passwords out of logs.
func (AccountProof) String() string { return "[redacted]" }

// GoString keeps passwords out of %#v.
func (AccountProof) GoString() string { return "[redacted]" }

// LogValue keeps passwords out of structured logs.
func (AccountProof) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// ProveBySource is SignInBySource for somebody who also proves with its password
// that the account is theirs, which the source's rules find. The account is
// looked for anew: nobody chooses which one is proven. It is linked then, and
// the password is not asked for again.
//
// A wrong password is Unauthenticated (sign_in_failed) and counts like any other
// of the account; so is the right one of an account that is found no more. Too
// many lock (TooMany, locked). Its other faults are those of SignInBySource, and
// Forbidden (sso_only) where passwords open nothing.
func (d *Directory) ProveBySource(ctx context.Context, p AccountProof) (in SignedIn, err error) {
	story := p.Source.Story
	story.Hide(p.Password)
	if n := len(p.Password); n < 1 || n > passwordBytes {
		return in, fault.New(fault.Invalid, fault.CodeFieldLength).At("password").With("min", 1).With("max", passwordBytes)
	}
	nobody := loginName{text: "source " + string(p.Source.Source.ID) + " " + p.Source.Profile.Subject}
	c, err := d.candidate(ctx, func(tx *store.Tx) (identity.Account, bool, error) { return claimed(tx, p.Source) }, nobody)
	if !story.Check(trace.Locked, !fault.Is(err, fault.CodeLocked), trace.Detail{}) || err != nil {
		return in, err
	}
	verdict, err := d.hasher.Verify(ctx, p.Password, c.credential.Hash)
	if err != nil {
		return in, err
	}
	if !story.Check(trace.Password, verdict.Right && c.known, trace.Detail{}) {
		return in, d.refuse(ctx, c, identity.Anonymous(p.Source.Origin), errSignIn)
	}
	proof := p.Source
	proof.provenHere = c.account.ID
	return d.signInBySource(ctx, proof, func(tx *store.Tx) error { return stillProves(tx, c, proof) })
}

// claimed is the account that a proof claims and does not prove.
func claimed(tx *store.Tx, p SourceProof) (a identity.Account, known bool, err error) {
	org, err := tx.Organizations.Get(p.Source.OrganizationID)
	if err != nil {
		return a, false, err
	}
	m, err := matching(tx, p, org, new(finding))
	switch kind := fault.KindOf(err); {
	case err == nil:
		return m.person.Account, !m.proven, nil
	case kind == fault.NotFound, kind == fault.Forbidden:
		return a, false, nil
	}
	return a, false, err
}

// stillProves looks again, in the transaction that acts on a good password, at
// what may have changed since it was read.
func stillProves(tx *store.Tx, c candidate, p SourceProof) error {
	// Parallel guesses may have locked the account since.
	if err := policy.Locked(tx, c.subject); err != nil {
		return err
	}
	credential, err := tx.Credentials.Get(c.account.ID)
	if err != nil {
		return err
	}
	if !samePassword(credential, c.credential) {
		return errSignIn
	}
	in, err := place(tx, c.account, p.Source.OrganizationID, p.Entry)
	if err != nil {
		return err
	}
	if err := mayUsePassword(tx, in, p.Entry); err != nil {
		return err
	}
	return policy.Clear(tx, c.subject)
}
