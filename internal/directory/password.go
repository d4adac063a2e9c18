package directory

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

const (
	// passwordBytes is what a login may carry; a longer password could be set
	// and never be used.
	passwordBytes = 64
	// historyKept is how many earlier hashes are kept, whatever the rules ask.
	historyKept = 5
)

// checkPassword tells the first rule that a new password breaks, the list of
// common passwords included where the rules ask for it.
func checkPassword(password string, rules identity.PasswordRules, c identity.PasswordContext) error {
	if err := rules.Check(password, c); err != nil {
		return err
	}
	if len(password) == 0 || len(password) > passwordBytes {
		return fault.New(fault.Invalid, fault.CodePasswordLength).At("password").With("min", max(1, rules.MinLength)).With("max", passwordBytes)
	}
	if rules.RefuseBreached && breached(password) {
		return fault.New(fault.Invalid, fault.CodePasswordBreached).At("password")
	}
	return nil
}

// newCredential checks a password by rules and hashes it. It is slow on
// purpose: call it before the transaction is opened. AccountID and ChangedAt
// are the caller's.
func (d *Directory) newCredential(ctx context.Context, password string, rules identity.PasswordRules, c identity.PasswordContext) (identity.Credential, error) {
	if err := checkPassword(password, rules, c); err != nil {
		return identity.Credential{}, err
	}
	hash, err := d.hasher.Hash(ctx, password)
	return identity.Credential{Hash: hash}, err
}

// succeed returns the credential with a new hash; the hash before joins the
// history.
func succeed(c identity.Credential, hash string, chosenByOther bool, now time.Time) identity.Credential {
	if c.Hash != "" {
		c.History = append([]string{c.Hash}, c.History...)
		c.History = c.History[:min(len(c.History), historyKept)]
	}
	c.Hash, c.ChosenByOther, c.ChangedAt = hash, chosenByOther, now
	return c
}

// replace stores a new hash in the caller's transaction, ends every token of
// the account and forgets its failures. It refuses with Stale when the
// credential is no longer the one that was read.
func replace(tx *store.Tx, read identity.Credential, hash string, chosenByOther bool) error {
	if err := tx.Credentials.Put(succeed(read, hash, chosenByOther, tx.Now())); err != nil {
		return err
	}
	if err := tx.Accounts.EndTokens(read.AccountID); err != nil {
		return err
	}
	if err := session.EndAllOf(tx, session.Whose{Account: read.AccountID}, identity.EndedByPassword); err != nil {
		return err
	}
	return policy.Clear(tx, subjectOf(read.AccountID))
}

// ChangePassword lets people change their own password. A wrong old one is
// Invalid (password_old_wrong) and counts against the lock-out like a failed
// sign-in. Zero rules are those of the person's organisation. Every token of the
// account ends, and the person is told by mail where there is an address. An
// account without a password is a Conflict (password_not_supported), and so is
// that of a member who signs in through the enterprise's centre (sso_password).
func (d *Directory) ChangePassword(ctx context.Context, actor identity.Actor, old, password string, rules identity.PasswordRules) error {
	if err := allowOwn(actor); err != nil {
		return err
	}
	p, err := d.provable(ctx, actor.AccountID)
	if err != nil {
		return err
	}
	if err := d.db.View(ctx, func(tx *store.Tx) error { return hasPassword(tx, p.account) }); err != nil {
		return err
	}
	if p.credential.Hash == "" {
		return fault.New(fault.Conflict, fault.CodePasswordAbsent)
	}
	verdict, err := d.hasher.Verify(ctx, old, p.credential.Hash)
	if err != nil {
		return err
	}
	if !verdict.Right {
		return d.refuse(ctx, p, actor, fault.New(fault.Invalid, fault.CodePasswordOld).At("old_password"))
	}
	if rules == (identity.PasswordRules{}) {
		rules = p.rules.Password
	}
	if err := d.mayFollow(ctx, p, change{old: old, password: password, rules: rules}); err != nil {
		return err
	}
	hash, err := d.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		// A parallel guess may have locked the account since.
		if err := policy.Locked(tx, p.subject); err != nil {
			return err
		}
		if err := hasPassword(tx, p.account); err != nil {
			return err
		}
		if err := replace(tx, p.credential, hash, false); err != nil {
			return err
		}
		if err := d.tellChanged(tx, p.account); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.PasswordChanged, audit.About{Organization: actor.OrganizationID, Target: string(p.account.ID)})
	})
}

// allowOwn is the permission to what is one's own: a person must be acting,
// not a token or a job.
func allowOwn(actor identity.Actor) error {
	if !actor.Somebody() {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return nil
}

// change is a new password that stands beside an old one.
type change struct {
	old, password string
	rules         identity.PasswordRules
}

// mayFollow checks what only a change can break: the same again, too soon, one
// of the recent ones.
func (d *Directory) mayFollow(ctx context.Context, p candidate, c change) error {
	if c.password == c.old {
		return fault.New(fault.Invalid, fault.CodePasswordRecent).At("password")
	}
	if err := checkPassword(c.password, c.rules, identity.PasswordContext{Account: p.account.Name, Old: c.old}); err != nil {
		return err
	}
	// A password that somebody else chose may be replaced at once.
	if !p.credential.ChosenByOther && d.now().Sub(p.credential.ChangedAt) < c.rules.MinAge {
		return fault.New(fault.Invalid, fault.CodePasswordTooSoon).At("password")
	}
	return d.notAmong(ctx, c.password, p.credential.History[:min(len(p.credential.History), c.rules.History)])
}

// notAmong refuses a password that one of the hashes is of.
func (d *Directory) notAmong(ctx context.Context, password string, hashes []string) error {
	for _, hash := range hashes {
		verdict, err := d.hasher.Verify(ctx, password, hash)
		if err != nil {
			return err
		}
		if verdict.Right {
			return fault.New(fault.Invalid, fault.CodePasswordRecent).At("password")
		}
	}
	return nil
}

// tellChanged tells a person by mail that the password is another now.
func (d *Directory) tellChanged(tx *store.Tx, a identity.Account) error {
	if a.Email == "" {
		return nil
	}
	return outbox.Put(tx, outbox.Message{
		Channel: identity.ByMail, Target: a.Email, Language: a.Language, Organization: a.OrganizationID,
		Template: outbox.TemplatePasswordChanged,
	})
}

// ResetPassword has a new password made for a member and sent to their mail
// address or, without one, mobile number; they have to change it. Without a
// contact it is a Conflict (code_no_contact), as it is (sso_password) for one
// who signs in through the enterprise's centre and (member_guest) for a guest.
// Resetting administrators takes
// the permission to manage them, and a personal account belongs to the person:
// both are Forbidden (password_reset_forbidden).
func (d *Directory) ResetPassword(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) error {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return err
	}
	password := GeneratePassword()
	hash, err := d.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	channels := d.channels(ctx)
	return d.db.Update(ctx, func(tx *store.Tx) error {
		person, err := tx.Members.Get(org, id)
		if err != nil {
			return err
		}
		if err := inReach(tx, actor, access.ManageMembers, person.Member); err != nil {
			return err
		}
		if person.Guest() {
			return errGuest
		}
		if !mayReset(actor, person) {
			return fault.New(fault.Forbidden, fault.CodePasswordForbidden)
		}
		if err := hasPassword(tx, person.Account); err != nil {
			return err
		}
		credential, err := tx.Credentials.Get(person.Account.ID)
		if err != nil {
			return err
		}
		if err := replace(tx, credential, hash, true); err != nil {
			return err
		}
		if err := sendPassword(tx, person.Account, password, channels); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.PasswordReset, audit.About{Organization: org, Target: string(id)})
	})
}

func mayReset(actor identity.Actor, p identity.Person) bool {
	if p.Account.Kind != identity.Managed || p.Account.OrganizationID != p.Member.OrganizationID {
		return false
	}
	if isSelf(actor, p.Member.OrganizationID, p.Member.ID) {
		return true
	}
	return mayAppoint(actor, p.Member) == nil
}

// channels are the ways by which messages can leave, the preferred one first.
func (d *Directory) channels(ctx context.Context) []identity.Channel {
	var open []identity.Channel
	for _, c := range [...]identity.Channel{identity.ByMail, identity.BySMS} {
		if d.configured == nil || d.configured(ctx, c) {
			open = append(open, c)
		}
	}
	return open
}

// sendPassword sends a password that was made for somebody. Without a contact
// that a message can reach it is a Conflict (code_no_contact): a password that
// nobody receives would lock its holder out.
func sendPassword(tx *store.Tx, a identity.Account, password string, channels []identity.Channel) error {
	contacts := map[identity.Channel]string{identity.ByMail: a.Email, identity.BySMS: a.Mobile}
	for _, c := range channels {
		if contacts[c] == "" {
			continue
		}
		return outbox.Put(tx, outbox.Message{
			Channel: c, Target: contacts[c], Language: a.Language, Organization: a.OrganizationID,
			Template: outbox.TemplatePasswordReset, Params: map[string]string{"account": a.Name, "password": password},
		})
	}
	return fault.New(fault.Conflict, fault.CodeCodeNoContact)
}

// SetPasswordOptions say how a password is set by the provider.
type SetPasswordOptions struct {
	// Rules the password must obey; zero rules are the default ones.
	Rules identity.PasswordRules
	// MustChange asks the person to choose another one.
	MustChange bool
	// Hashed says that the password is a hash made elsewhere (see ValidHash).
	Hashed bool
}

// SetPassword sets the password of any account: for the manifest and for the
// operator's rescue. Every token of the account ends. It takes the provider. A
// guest has none (member_guest).
func (d *Directory) SetPassword(ctx context.Context, actor identity.Actor, id identity.AccountID, password string, o SetPasswordOptions) error {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return err
	}
	hash, err := d.hashFor(ctx, id, password, o)
	if err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		account, err := tx.Accounts.Get(id)
		if err != nil {
			return err
		}
		if account.Kind == identity.Outside {
			return errGuest
		}
		credential, err := tx.Credentials.Get(id)
		if err != nil {
			return err
		}
		if err := replace(tx, credential, hash, o.MustChange); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.PasswordReset, audit.About{Organization: account.OrganizationID, Target: string(id)})
	})
}

func (d *Directory) hashFor(ctx context.Context, id identity.AccountID, password string, o SetPasswordOptions) (string, error) {
	if o.Hashed {
		if !ValidHash(password) {
			return "", fault.New(fault.Invalid, fault.CodeFieldFormat).At("password").With("want", "want.password_hash")
		}
		return password, nil
	}
	if o.Rules == (identity.PasswordRules{}) {
		o.Rules = identity.DefaultPasswordRules()
	}
	var account identity.Account
	err := d.db.View(ctx, func(tx *store.Tx) (err error) {
		account, err = tx.Accounts.Get(id)
		return err
	})
	if err != nil {
		return "", err
	}
	credential, err := d.newCredential(ctx, password, o.Rules, identity.PasswordContext{Account: account.Name})
	return credential.Hash, err
}
