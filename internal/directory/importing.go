package directory

import (
	"context"
	"maps"
	"strconv"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ImportRow is one person as a file tells of them. What is nil or "" is left
// alone, or takes the default of NewMember for somebody new.
type ImportRow struct {
	// Account names the person; where it is "" the third account of Change does.
	// Somebody who is named by neither is refused.
	Account string
	// Change is what the file says, DepartmentCode included.
	Change MemberChange
	// Department is the names of the departments from below the root down; it
	// counts where Change names no code, or one that is not there. Empty is the
	// root, nil says nothing.
	Department []string
	// Groups are the names of all groups the person is in; nil says nothing.
	Groups []string
	// Role must be the one the person has: an import changes none.
	Role   identity.Role
	Status identity.MemberStatus
	// Password is for somebody new; without one they have none until they set it
	// by the way for forgotten ones, or are given one.
	Password string
}

// String keeps the password out of logs.
func (ImportRow) String() string { return "[redacted]" }

// GoString keeps the password out of %#v.
func (ImportRow) GoString() string { return "[redacted]" }

// ImportMode is what becomes of the rows that are in order.
type ImportMode uint8

// The modes.
const (
	ImportRows      ImportMode = iota // they are taken over, whatever the others are like
	ImportAllOrNone                   // they are taken over if all are in order
	ImportDry                         // nothing is taken over
)

// ImportBatch is some rows of a file, for one transaction.
type ImportBatch struct {
	Rows            []ImportRow
	Mode            ImportMode
	MakeDepartments bool // those that are named and missing
	// Details are told by the event besides the counts.
	Details map[string]string
	// Earlier is what the batches before it would have made, for a dry run of
	// several: the same value for all of them.
	Earlier *ImportEarlier
	// Also runs in the same transaction, so that what it stores stands exactly if
	// the rows do. It may run more than once.
	Also func(tx *store.Tx, outcomes []ImportOutcome) error
}

// ImportEarlier carries over what a dry run would have made. The zero value is
// ready.
type ImportEarlier struct {
	names   map[identity.LoginName]bool
	thirds  map[string]bool
	created int
	tree    *importTree
}

// ImportResult is what became of one row.
type ImportResult uint8

// The results. Where nothing is stored, they are what would have become of it.
const (
	ImportRefused ImportResult = iota
	ImportCreated
	ImportChanged
	ImportUnchanged
)

// ImportOutcome is what became of one row, and why it was refused.
type ImportOutcome struct {
	Result  ImportResult
	Refusal *fault.Error // its field is a column
}

// ImportMembers adds and changes people by some rows of a file, by the rules of
// AddMember and ChangeMember; of a row that breaks one, the outcome tells the
// fault. Whoever is known is found by account name, else by third account.
// The actor is looked up again: who may not do it by now is Forbidden. Who
// edits a row at the same moment makes it Stale: run it again.
func (d *Directory) ImportMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, batch *ImportBatch) error {
	if err := access.Allow(actor, access.ManageMembers, org); err != nil {
		return err
	}
	secrets, err := d.importSecrets(ctx, org, batch)
	if err != nil {
		return err
	}
	var done *importing
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		i, err := newImporting(tx, actor, org, batch)
		if err != nil {
			return err
		}
		i.secrets, done = secrets, i
		if err := i.plan(); err != nil {
			return err
		}
		if err := i.apply(); err != nil {
			return err
		}
		if batch.Also == nil {
			return nil
		}
		return batch.Also(tx, i.outcomes())
	})
	if err == nil && batch.Mode == ImportDry && batch.Earlier != nil {
		batch.Earlier.add(done)
	}
	return err
}

// importSecret is a password of a row, hashed outside the transaction, or why
// it is none.
type importSecret struct {
	credential identity.Credential
	refusal    *fault.Error
}

// importSecrets hashes the passwords of a batch; a dry run only checks them.
func (d *Directory) importSecrets(ctx context.Context, org identity.OrganizationID, batch *ImportBatch) (map[int]importSecret, error) {
	secrets := map[int]importSecret{}
	var rules *identity.SignInRules
	for n, row := range batch.Rows {
		if row.Password == "" {
			continue
		}
		if rules == nil {
			read, err := d.signInRules(ctx, org)
			if err != nil {
				return nil, err
			}
			rules = &read
		}
		var s importSecret
		var err error
		about := identity.PasswordContext{Account: row.Account}
		if batch.Mode == ImportDry {
			err = checkPassword(row.Password, rules.Password, about)
		} else {
			s.credential, err = d.newCredential(ctx, row.Password, rules.Password, about)
		}
		if s.refusal, err = refusal(err); err != nil {
			return nil, err
		}
		if s.refusal != nil && s.refusal.Field == "" {
			s.refusal = s.refusal.At("password")
		}
		s.credential.ChosenByOther = true
		secrets[n] = s
	}
	return secrets, nil
}

// refusal tells a fault of the input, which refuses a row, from an error that
// ends everything.
func refusal(err error) (*fault.Error, error) {
	if err == nil {
		return nil, nil
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Forbidden, fault.NotFound, fault.Conflict:
		return fault.Of(err), nil
	}
	return nil, err
}

// StillMay looks an actor up again for work that goes on after their request,
// and returns them as they are now. Who is gone, suspended or has lost the
// permission is Forbidden.
func StillMay(tx *store.Tx, actor identity.Actor, p access.Permission, org identity.OrganizationID) (identity.Actor, error) {
	gone := fault.New(fault.Forbidden, fault.CodeForbidden)
	switch {
	case actor.APIToken != "":
		row, err := tx.Lookup.APIToken(actor.APIToken)
		if _, err := refusal(err); err != nil {
			return actor, err
		}
		if err != nil || !row.Token.Live(tx.Now()) {
			return actor, gone
		}
	case actor.Kind == identity.ActsAsMember:
		person, err := tx.Members.Get(actor.OrganizationID, actor.MemberID)
		if _, err := refusal(err); err != nil {
			return actor, err
		}
		if err != nil || !person.Active(tx.Now()) {
			return actor, gone
		}
		actor.Role = person.Member.Role
	case actor.Kind == identity.ActsAsProvider:
		is, err := tx.Providers.Is(actor.AccountID)
		if err != nil {
			return actor, err
		}
		if !is {
			return actor, gone
		}
	}
	return actor, access.Allow(actor, p, org)
}

// add notes what a batch of a dry run would have made.
func (e *ImportEarlier) add(i *importing) {
	if e.names == nil {
		e.names, e.thirds = map[identity.LoginName]bool{}, map[string]bool{}
	}
	for name := range i.names {
		e.names[name] = true
	}
	for third := range i.thirds {
		e.thirds[third] = true
	}
	e.created += i.created
	e.tree = i.tree
}

// record writes the event of a batch that changed something.
func (i *importing) record() error {
	changed := 0
	for _, o := range i.outcomes() {
		if o.Result == ImportChanged {
			changed++
		}
	}
	if i.created+changed == 0 {
		i.tx.NoEvent("no row differs from what is stored")
		return nil
	}
	details := map[string]string{"created": strconv.Itoa(i.created), "changed": strconv.Itoa(changed)}
	maps.Copy(details, i.batch.Details)
	return audit.Record(i.tx, i.actor, audit.MembersImported, audit.About{Organization: i.org.ID, Details: details})
}
