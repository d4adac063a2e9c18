package addressbook

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Ref names an entry by one of two names.
type Ref struct {
	ID           string // of a person, terminal or device, as identity.Hex writes it
	ThirdAccount string // of a person, byte by byte
}

// Answer is what became of a reference.
type Answer uint8

// The answers.
const (
	Found   Answer = iota
	Unknown        // nobody has this name
	Unseen         // somebody has, whom the actor may not see
)

// Named is the answer to one reference.
type Named struct {
	Answer Answer
	Entry  Entry // where Found
}

// MaxRefs is how many entries are asked for at once.
const MaxRefs = 500

// Entries returns the entries that references name, one answer for each in their
// order, whatever becomes of the others. More than MaxRefs are Invalid
// (list_length).
func (b *Book) Entries(ctx context.Context, actor identity.Actor, org identity.OrganizationID, refs []Ref) (all []Named, err error) {
	scope, err := b.visible(ctx, actor, org)
	if err != nil {
		return nil, err
	}
	if len(refs) > MaxRefs {
		return nil, fault.New(fault.Invalid, fault.CodeListLength).At("refs").With("max", MaxRefs)
	}
	err = b.db.View(ctx, func(tx *store.Tx) error {
		people, err := peopleOf(tx, org, actor, refs)
		if err != nil {
			return err
		}
		all = make([]Named, 0, len(refs))
		for _, ref := range refs {
			one, ok := people[ref]
			if !ok {
				if one, ok, err = deviceOf(tx, org, ref); err != nil {
					return err
				}
			}
			switch {
			case !ok:
				all = append(all, Named{Answer: Unknown})
			case one.Kind == Person && one.Person.Member.ID == actor.MemberID, scope.Includes(one.Department):
				all = append(all, Named{Entry: one})
			default:
				all = append(all, Named{Answer: Unseen})
			}
		}
		return nil
	})
	return all, err
}

// peopleOf finds those of the references that name people.
func peopleOf(tx *store.Tx, org identity.OrganizationID, actor identity.Actor, refs []Ref) (map[Ref]Entry, error) {
	var ids []identity.MemberID
	var thirds []string
	for _, ref := range refs {
		if id, ok := identity.MemberIDOfHex(ref.ID); ok {
			ids = append(ids, id)
		} else if ref.ThirdAccount != "" {
			thirds = append(thirds, ref.ThirdAccount)
		}
	}
	found, err := tx.Members.ByIDs(org, ids)
	if err != nil {
		return nil, err
	}
	others, err := tx.Members.ByThirdAccounts(org, thirds)
	if err != nil {
		return nil, err
	}
	entries, err := entriesOf(tx, org, actor, append(found, others...))
	people := make(map[Ref]Entry, len(entries))
	for i, e := range entries {
		if i < len(found) {
			people[Ref{ID: identity.Hex(e.Person.Member.ID)}] = e
		} else {
			people[Ref{ThirdAccount: e.Person.Member.ThirdAccount}] = e
		}
	}
	return people, err
}

// deviceOf finds the terminal or the device that a reference names.
func deviceOf(tx *store.Tx, org identity.OrganizationID, ref Ref) (e Entry, ok bool, err error) {
	id, ok := identity.TerminalIDOfHex(ref.ID)
	if !ok {
		return e, false, nil
	}
	row, err := tx.Terminals.Get(org, id)
	if err == nil {
		return terminalEntry(row), true, nil
	}
	if !fault.Is(err, fault.CodeTerminalNotFound) {
		return e, false, err
	}
	code, _ := identity.ActivationCodeIDOfHex(ref.ID)
	device, err := tx.ActivationCodes.Get(org, code)
	if fault.Is(err, fault.CodeActivationNotFound) {
		return e, false, nil
	}
	return deviceEntry(device), err == nil, err
}
