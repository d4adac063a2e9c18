package addressbook

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ImportRow is one contact as a file tells of them. What is nil is left alone.
type ImportRow struct {
	// ID names a contact that is there. Without it the contact is recognised by
	// the mail address; a row without one by the mobile number, and one without
	// either by name and company together.
	ID     identity.ExternalContactID
	Change Change
}

// ImportBatch is some rows of a file, for one transaction.
type ImportBatch struct {
	Rows []ImportRow
	Mode directory.ImportMode
	// Details are told by the event besides the counts.
	Details map[string]string
	// Earlier is what the batches before it would have made, for a dry run of
	// several: the same value for all of them.
	Earlier *ImportEarlier
	// Also runs in the same transaction, so that what it stores stands exactly if
	// the rows do. It may run more than once.
	Also func(tx *store.Tx, outcomes []directory.ImportOutcome) error
}

// ImportEarlier carries over what a dry run would have made. The zero value is
// ready.
type ImportEarlier struct {
	contacts map[identity.ExternalContactID]identity.ExternalContact
	created  int
}

// ImportContacts adds and changes contacts that all members share by some rows
// of a file, by the rules of AddContact and ChangeContact; of a row that breaks
// one, the outcome tells the fault. The actor is looked up again: who may not do
// it by now is Forbidden.
func (b *Book) ImportContacts(ctx context.Context, actor identity.Actor, org identity.OrganizationID, batch *ImportBatch) error {
	if err := access.Allow(actor, access.ManageContacts, org); err != nil {
		return err
	}
	var done *importing
	err := b.db.Update(ctx, func(tx *store.Tx) error {
		i, err := newImporting(tx, actor, org, batch)
		if err != nil {
			return err
		}
		done = i
		for n, row := range batch.Rows {
			i.outcomes[n] = i.decide(row)
		}
		if err := i.apply(); err != nil {
			return err
		}
		if batch.Also == nil {
			return nil
		}
		return batch.Also(tx, i.outcomes)
	})
	if err == nil && batch.Mode == directory.ImportDry && batch.Earlier != nil {
		*batch.Earlier = ImportEarlier{contacts: done.touched, created: done.created}
	}
	return err
}

// importing is one batch on its way through one transaction. All deciding comes
// before the first write.
type importing struct {
	tx       *store.Tx
	actor    identity.Actor
	org      identity.OrganizationID
	batch    *ImportBatch
	outcomes []directory.ImportOutcome
	// known are contacts that rows may be about, as the rows before left them;
	// touched are those that differ from what is stored.
	known   recognition
	touched map[identity.ExternalContactID]identity.ExternalContact
	order   []identity.ExternalContactID // of touched, in the order of the rows
	shared  int                          // contacts before this batch
	created int
	changed int
}

func newImporting(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, batch *ImportBatch) (*importing, error) {
	actor, err := directory.StillMay(tx, actor, access.ManageContacts, org)
	if err != nil {
		return nil, err
	}
	i := &importing{
		tx: tx, actor: actor, org: org, batch: batch, outcomes: make([]directory.ImportOutcome, len(batch.Rows)),
		touched: map[identity.ExternalContactID]identity.ExternalContact{},
	}
	if batch.Earlier != nil {
		maps.Copy(i.touched, batch.Earlier.contacts)
		i.created = batch.Earlier.created
	}
	if i.shared, err = tx.ExternalContacts.Count(org, store.ExternalQuery{Shared: true}); err != nil {
		return nil, err
	}
	i.known = newRecognition(i.touched)
	stored, err := tx.ExternalContacts.Recognized(org, i.wanted())
	for _, x := range stored {
		if _, differs := i.touched[x.ID]; !differs {
			i.known.learn(x)
		}
		i.known.stored[x.ID] = true
	}
	return i, err
}

// wanted is by what the rows name contacts.
func (i *importing) wanted() (w store.RecognizedBy) {
	for _, row := range i.batch.Rows {
		switch mail, mobile, name := row.names(); {
		case row.ID != "":
			w.IDs = append(w.IDs, row.ID)
		case mail != "":
			w.Reached = append(w.Reached, mail)
		case mobile != "":
			w.Reached = append(w.Reached, mobile)
		case name != "":
			w.Names = append(w.Names, name)
		}
	}
	return w
}

// decide finds out what becomes of a row; the rows behind it find the contact as
// it leaves it.
func (i *importing) decide(row ImportRow) (o directory.ImportOutcome) {
	before, found, why := i.known.of(row)
	x := before
	if why == nil && !found {
		x = identity.ExternalContact{
			ID: identity.NewExternalContactID(i.tx.Now()), OrganizationID: i.org, Version: 1, CreatedAt: i.tx.Now(), UpdatedAt: i.tx.Now(),
		}
		if i.shared+i.created >= identity.MaxSharedContacts {
			why = fault.New(fault.Conflict, fault.CodeContactLimit).With("max", identity.MaxSharedContacts)
		}
	}
	if why == nil {
		_, why = row.Change.apply(&x)
	}
	if why == nil {
		why = x.Validate()
	}
	switch {
	case why != nil:
		return directory.ImportOutcome{Refusal: fault.Of(why)}
	case x == before:
		return directory.ImportOutcome{Result: directory.ImportUnchanged}
	case found:
		o.Result = directory.ImportChanged
		i.changed++
		x.UpdatedAt = i.tx.Now()
	default:
		o.Result = directory.ImportCreated
		i.created++
	}
	if _, again := i.touched[x.ID]; !again {
		i.order = append(i.order, x.ID)
	}
	i.touched[x.ID] = x
	i.known.learn(x)
	return o
}

// apply stores what was decided, unless nothing is to be stored.
func (i *importing) apply() error {
	refused := false
	for _, o := range i.outcomes {
		refused = refused || o.Refusal != nil
	}
	if i.batch.Mode == directory.ImportDry || i.batch.Mode == directory.ImportAllOrNone && refused {
		i.tx.NoEvent("nothing of the rows is stored")
		return nil
	}
	if len(i.order) == 0 {
		i.tx.NoEvent("no row differs from what is stored")
		return nil
	}
	var added []identity.ExternalContact
	for _, id := range i.order {
		x := i.touched[id]
		if !i.known.stored[id] {
			added = append(added, x)
			continue
		}
		if err := i.tx.ExternalContacts.Put(x); err != nil {
			return err
		}
	}
	if err := i.tx.ExternalContacts.InsertAll(added); err != nil {
		return err
	}
	details := map[string]string{"created": strconv.Itoa(i.created), "changed": strconv.Itoa(i.changed)}
	maps.Copy(details, i.batch.Details)
	return audit.Record(i.tx, i.actor, audit.ContactsImported, audit.About{Organization: i.org, Details: details})
}

// names are what a row is recognised by: mail address and mobile number in the
// form in which they are stored, "" where the row has none or it cannot be read,
// and the name.
func (r ImportRow) names() (mail, mobile, name string) {
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	c := r.Change
	if normalised, err := identity.Email(text(c.Email)); err == nil {
		mail = normalised
	}
	if normalised, _, err := number(text(c.Mobile), text(c.Country)); err == nil {
		mobile = normalised
	}
	return mail, mobile, identity.Fold(strings.TrimSpace(text(c.Name)))
}
