package bulk

import (
	"context"
	"errors"
	"io"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// NewImport is what an import is asked for with.
type NewImport struct {
	About           About  // "" for members
	FileName        string // as the person calls it; only ever shown
	Encoding        string // of text, "" to find it out
	DryRun          bool   // only tell what would become of it
	AllOrNothing    bool   // one row refused refuses all
	MakeDepartments bool   // of members: make those that are missing
}

// Import takes a file and has it imported. It returns when the file has arrived
// and its headings were read; how the rest goes the task tells. A file that is
// no table, or that is too large, is refused here and leaves no task.
func (t *Tasks) Import(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewImport, file io.Reader) (k identity.Task, err error) {
	what, err := n.About.of()
	if err != nil {
		return k, err
	}
	if err := access.Allow(actor, what.noun.permission, org); err != nil {
		return k, err
	}
	k = identity.Task{
		OrganizationID: org, Kind: what.imports, Status: identity.TaskReceiving, FileName: displayName(n.FileName),
		Options: identity.TaskOptions{DryRun: n.DryRun, AllOrNothing: n.AllOrNothing, MakeDepartments: n.MakeDepartments && what.about == Members},
	}
	err = t.db.Update(ctx, func(tx *store.Tx) error {
		k, err = add(tx, actor, k)
		return err
	})
	if err != nil {
		return k, err
	}
	was := k
	if err = t.receive(ctx, &k, n.Encoding, file); err == nil {
		err = t.db.Update(ctx, func(tx *store.Tx) error {
			k.Status, k.EndsAt = identity.TaskWaiting, tx.Now().Add(Keep)
			if err := tx.Tasks.Put(was, k); err != nil {
				return err
			}
			return audit.Record(tx, actor, audit.TaskAdded, about(k, nil))
		})
	}
	if err != nil {
		return identity.Task{}, errors.Join(err, t.discard(ctx, was))
	}
	t.nudge()
	return k, nil
}

// discard removes a task whose file did not arrive, or is none.
func (t *Tasks) discard(ctx context.Context, k identity.Task) error {
	return t.db.Act(context.WithoutCancel(ctx), store.ActTask, func(tx *store.Tx) error { return tx.Tasks.Remove(k.OrganizationID, k.ID) })
}

// receive stores a file in parts and finds out what it is.
func (t *Tasks) receive(ctx context.Context, k *identity.Task, encoding string, file io.Reader) error {
	var look sniffer
	out := &partWriter{tasks: t, ctx: ctx, id: k.ID, file: store.TaskOriginal}
	n, err := io.Copy(io.MultiWriter(out, &look), io.LimitReader(file, MaxFile+1))
	if err == nil {
		err = out.flush()
	}
	if own := (*fault.Error)(nil); err != nil && !errors.As(err, &own) {
		// Reading broke off, which is not our failure.
		return fault.New(fault.Invalid, fault.CodeMalformed).Because(err)
	}
	if err != nil {
		return err
	}
	if n > MaxFile {
		return fault.New(fault.Invalid, fault.CodeImportTooLarge).With("max", MaxFile>>20)
	}
	k.Files = identity.TaskFiles{Original: out.parts, Size: n}
	if err := decideFormat(&k.Options, &look, encoding); err != nil {
		return err
	}
	rows, err := openTable(ctx, t.original(*k), k.Options)
	if err != nil {
		return err
	}
	l, err := t.headings(ctx, *k, rows)
	k.Options.Passwords, k.Options.Headings = l.password, l.headings
	return err
}

func decideFormat(o *identity.TaskOptions, look *sniffer, encoding string) error {
	switch {
	case look.oldWorkbook():
		return errWorkbook(".xls")
	case look.workbook():
		o.Format = identity.FormatXLSX
		return nil
	}
	o.Format, o.Encoding = identity.FormatCSV, look.encoding()
	if encoding != "" {
		o.Encoding = encoding
	}
	if o.Encoding == "" {
		return fault.New(fault.Invalid, fault.CodeImportEncoding)
	}
	return nil
}

// headings reads the first row of a file.
func (t *Tasks) headings(ctx context.Context, k identity.Task, rows table) (layout, error) {
	_, cells, err := rows.next()
	if errors.Is(err, io.EOF) {
		return layout{}, errEmpty
	}
	if err != nil {
		return layout{}, err
	}
	n := nounOf(k)
	all, err := t.columns(ctx, k.OrganizationID, n)
	if err != nil {
		return layout{}, err
	}
	return readLayout(t.catalogue, n, all, cells)
}

// columns are all that files about a noun have in an organisation.
func (t *Tasks) columns(ctx context.Context, org identity.OrganizationID, n noun) (all []column, err error) {
	err = t.db.View(ctx, func(tx *store.Tx) error {
		own, err := tx.Attributes.List(org)
		all = n.columns(own)
		return err
	})
	return all, err
}
