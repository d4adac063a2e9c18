package directory

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/token"
	"github.com/orgate/orgate/internal/trace"
)

// SignedIn is who came in.
type SignedIn struct {
	Issued       token.Issued    // zero unless a token was issued
	Session      session.Started // zero unless a session was started
	ClientCode   string          // the one-time code of a client, "" unless one was made
	Person       identity.Person
	Organization identity.Organization // zero for who comes to no organisation
	// Provider tells that this is an administrator of the provider, of whom
	// only Person.Account is filled in.
	Provider   bool
	MustChange bool // somebody else chose the password, and it has to be changed
	Created    bool // the member was created by this sign-in
}

// PasswordProof is a name and a password that somebody gave.
type PasswordProof struct {
	Name     string // account name, mobile number with country code, or mail address
	Password string // 1–64 bytes
	Entry    Entry  // nil checks everything and gives nothing
	// Organization is where to sign in to; "" is the account's own, or the only
	// one in which a personal account is active. With several of them, or none, a
	// browser is let in to no organisation, to choose one, and anything else to
	// the first.
	Organization identity.OrganizationID
	Origin       identity.Origin
	Story        *trace.Story
}

// String keeps passwords out of logs.
func (PasswordProof) String() string { return "[redacted]" }

// GoString keeps passwords out of %#v.
func (PasswordProof) GoString() string { return "[redacted]" }

// LogValue keeps passwords out of structured logs.
func (PasswordProof) LogValue() slog.Value { return slog.StringValue("[redacted]") }

var (
	errSignIn   = fault.New(fault.Unauthenticated, fault.CodeSignInFailed)
	errDisabled = fault.New(fault.Forbidden, fault.CodeMemberDisabled)
	errOver     = fault.New(fault.Forbidden, fault.CodeMemberExpired)
	errFrozen   = fault.New(fault.Forbidden, fault.CodeOrganizationInactive)
)

// SignInByPassword proves a person by password and gives what was asked for.
//
// An unknown name and a wrong password are the same Unauthenticated fault
// (sign_in_failed) after the same work, and count alike: per account over all
// its names, or per typed name where nobody has it. Too many lock (TooMany,
// locked), whatever the password. Only the right one is told that the account
// is disabled (Forbidden, member_disabled), the organisation frozen
// (Forbidden, organization_inactive), that the membership has ended (Forbidden,
// member_expired), or that the way in is the enterprise's
// centre (Forbidden, sso_only, with its domain).
func (d *Directory) SignInByPassword(ctx context.Context, p PasswordProof) (in SignedIn, err error) {
	p.Story.Hide(p.Password)
	p.Story.About("", p.Name)
	name, err := readName(p.Name)
	if err != nil {
		return in, err
	}
	if n := len(p.Password); n < 1 || n > passwordBytes {
		return in, fault.New(fault.Invalid, fault.CodeFieldLength).At("password").With("min", 1).With("max", passwordBytes)
	}
	c, err := d.candidate(ctx, func(tx *store.Tx) (identity.Account, bool, error) { return name.account(tx) }, name)
	p.Story.About(c.account.OrganizationID, "")
	if !p.Story.Check(trace.Locked, !fault.Is(err, fault.CodeLocked), trace.Detail{}) || err != nil {
		return in, err
	}
	verdict, err := d.hasher.Verify(ctx, p.Password, c.credential.Hash)
	if err != nil {
		return in, err
	}
	p.Story.Check(trace.AccountKnown, c.known, trace.Detail{})
	if !p.Story.Check(trace.Password, verdict.Right, trace.Detail{}) {
		return in, d.refuse(ctx, c, identity.Anonymous(p.Origin), errSignIn)
	}
	var better string
	if verdict.Outdated {
		if better, err = d.hasher.Hash(ctx, p.Password); err != nil {
			return in, err
		}
	}
	err = d.letIn(ctx, func(tx *store.Tx) error {
		in, err = d.enter(tx, p, c, better)
		return err
	})
	tellEntry(p.Story, in, err)
	return in, err
}

// enter lets somebody in whose password was right a moment ago.
func (d *Directory) enter(tx *store.Tx, p PasswordProof, c candidate, better string) (SignedIn, error) {
	// Parallel guesses may have locked the account since.
	if err := policy.Locked(tx, c.subject); err != nil {
		return SignedIn{}, err
	}
	credential, err := tx.Credentials.Get(c.account.ID)
	if err != nil {
		return SignedIn{}, err
	}
	if !samePassword(credential, c.credential) {
		return SignedIn{}, errSignIn
	}
	in, err := place(tx, c.account, p.Organization, p.Entry)
	if err != nil {
		return in, err
	}
	if err := in.standing(tx.Now()); err != nil {
		return in, err
	}
	if err := mayUsePassword(tx, in, p.Entry); err != nil {
		return in, err
	}
	in.MustChange = mustChange(credential, in)
	if better != "" {
		credential.Hash = better
		// Of two sign-ins at once one is Stale: the other did the work.
		if err := tx.Credentials.Put(credential); err != nil && !fault.Is(err, fault.CodeStale) {
			return in, err
		}
	}
	if err := policy.Clear(tx, c.subject); err != nil {
		return in, err
	}
	return in, d.admit(tx, &in, p.Entry, admission{how: howPassword, methods: []string{identity.ByPassword}, origin: p.Origin})
}

// samePassword reports whether the password was not changed between two
// readings. The hash does not tell: another sign-in may have made a better one
// of the same password.
func samePassword(a, b identity.Credential) bool {
	return a.ChangedAt.Equal(b.ChangedAt) && slices.Equal(a.History, b.History)
}

// place finds where an account signs in to.
func place(tx *store.Tx, a identity.Account, org identity.OrganizationID, e Entry) (in SignedIn, err error) {
	if a.Kind == identity.Operator && org == "" {
		return providerPlace(tx, a.ID)
	}
	if org == "" {
		org = a.OrganizationID
	}
	if org == "" {
		return ownPlace(tx, a, e)
	}
	if in.Person, err = tx.Members.ByAccount(org, a.ID); err != nil {
		return in, refused(err, fault.CodeMemberNotFound)
	}
	in.Organization, err = tx.Organizations.Get(org)
	return in, refused(err, fault.CodeOrganizationNotFound)
}

func providerPlace(tx *store.Tx, id identity.AccountID) (in SignedIn, err error) {
	in.Provider = true
	if in.Person.Account, err = tx.Accounts.Get(id); err != nil {
		return in, refused(err, fault.CodeAccountNotFound)
	}
	administers, err := tx.Providers.Is(id)
	if err == nil && (!administers || in.Person.Account.Kind != identity.Operator) {
		err = errSignIn
	}
	return in, err
}

// refused tells what is missing as a failed sign-in.
func refused(err error, missing fault.Code) error {
	if fault.Is(err, missing) {
		return errSignIn
	}
	return err
}

// standing tells why somebody who proved who they are may not come in.
func (in SignedIn) standing(now time.Time) error {
	switch m := in.Person.Member; {
	case !in.Person.Account.Active(), !in.alone() && m.Status != identity.MemberActive:
		return errDisabled
	case !in.alone() && m.Expired(now):
		return errOver
	case !in.alone() && !in.Organization.Active():
		return errFrozen
	}
	return nil
}

// mustChange tells whether a password that somebody else chose has to be
// changed where it was used.
func mustChange(c identity.Credential, in SignedIn) bool {
	return c.ChosenByOther && (in.alone() || in.Organization.Rules.MustChange)
}

// actor is the person who came in, as the one who did it.
func (in SignedIn) actor(appID string, origin identity.Origin) identity.Actor {
	m, a := in.Person.Member, in.Person.Account
	if in.alone() {
		return identity.Actor{Kind: a.OutsideOrganizations(), AccountID: a.ID, Name: a.DisplayName, AppID: appID, Origin: origin}
	}
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: a.ID, MemberID: m.ID, OrganizationID: m.OrganizationID,
		Role: m.Role, Name: m.Name, AppID: appID, Origin: origin,
	}
}

// tellEntry writes the end of a sign-in into its story, after the transaction:
// a transaction may run more than once.
func tellEntry(s *trace.Story, in SignedIn, err error) {
	switch {
	case fault.Is(err, fault.CodeMemberDisabled), fault.Is(err, fault.CodeMemberExpired):
		s.Check(trace.MemberActive, false, trace.Detail{})
	case fault.Is(err, fault.CodeOrganizationInactive):
		s.Check(trace.OrganizationKnown, false, trace.Detail{})
	case fault.Is(err, fault.CodeLocked):
		s.Check(trace.Locked, false, trace.Detail{})
	case fault.Is(err, fault.CodeSSOOnly):
		s.Check(trace.PasswordAllowed, false, trace.Detail{Expected: domainOf(err)})
	case err == nil:
		s.About(in.Organization.ID, "")
		s.Check(trace.MemberActive, true, trace.Detail{})
		tellGiven(s, in)
	}
}

// tellGiven writes what somebody was given, by its identifier.
func tellGiven(s *trace.Story, in SignedIn) {
	if in.Issued.Access != "" {
		s.Check(trace.TokenIssued, true, trace.Detail{Received: string(in.Issued.Token.ID)})
	}
	if id := in.Session.Session.ID; id != "" {
		s.Check(trace.SessionStarted, true, trace.Detail{Received: string(id)})
	}
	if in.ClientCode != "" {
		s.Check(trace.ClientCodeIssued, true, trace.Detail{})
	}
}

// domainOf is the domain that a refusal names.
func domainOf(err error) string {
	domain, _ := fault.Of(err).Params["domain"].(string)
	return domain
}
