package store

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Words of the server about a transaction.
const (
	postgresCommit   = "COMMIT"
	postgresRollback = "ROLLBACK"
	postgresIdle     = 'I' // no transaction is open (protocol message ReadyForQuery)
)

var errUndone = errors.New("store: the server rolled back what was to be committed")

// postgresRunner runs the statements of one transaction. A statement whose
// result nobody waits for is kept until the next one that has a result or until
// the end, and all go to the server together: a round trip costs more than most
// statements. BEGIN is the first that waits.
type postgresRunner struct {
	conn    *pgxpool.Conn
	observe func(string) // nil for none
	waiting []postponed
	begun   bool // something was sent
}

// postponed is a statement that waits.
type postponed struct {
	query string
	args  []any
	check func(affected int64) error // nil for none
}

func (r *postgresRunner) postpone(query string, args []any, check func(int64) error) {
	r.tell(query)
	r.waiting = append(r.waiting, postponed{query, args, check})
}

func (r *postgresRunner) tell(query string) {
	if r.observe != nil {
		r.observe(query)
	}
}

// send sends what waits and one statement more, and reads the results of what
// waited.
func (r *postgresRunner) send(ctx context.Context, query string, args []any) (pgx.BatchResults, error) {
	batch := &pgx.Batch{QueuedQueries: make([]*pgx.QueuedQuery, 0, len(r.waiting)+1)}
	for _, w := range r.waiting {
		batch.Queue(w.query, w.args...)
	}
	batch.Queue(query, args...)
	results := r.conn.SendBatch(ctx, batch)
	r.begun = true
	for _, w := range r.waiting {
		tag, err := results.Exec()
		if err == nil && w.check != nil {
			err = w.check(tag.RowsAffected())
		}
		if err != nil {
			_ = results.Close()
			return nil, err
		}
	}
	r.waiting = r.waiting[:0]
	return results, nil
}

func (r *postgresRunner) exec(ctx context.Context, query string, args []any) (int64, error) {
	r.tell(query)
	if len(r.waiting) == 0 {
		tag, err := r.conn.Exec(ctx, query, args...)
		return tag.RowsAffected(), err
	}
	results, err := r.send(ctx, query, args)
	if err != nil {
		return 0, err
	}
	tag, err := results.Exec()
	if closed := results.Close(); err == nil {
		err = closed
	}
	return tag.RowsAffected(), err
}

func (r *postgresRunner) query(ctx context.Context, query string, args []any) (cursor, error) {
	r.tell(query)
	if len(r.waiting) == 0 {
		rows, err := r.conn.Query(ctx, query, args...)
		return &postgresRows{rows: rows}, err
	}
	results, err := r.send(ctx, query, args)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close()
		return nil, err
	}
	return &postgresRows{rows: rows, batch: results}, nil
}

// commit ends the transaction and returns when the server has it on the disk.
// What waits goes along, unless its result decides.
func (r *postgresRunner) commit(ctx context.Context) error {
	if !r.begun && len(r.waiting) == 1 {
		return nil // BEGIN alone
	}
	for i := len(r.waiting) - 1; i >= 0; i-- {
		if r.waiting[i].check == nil {
			continue
		}
		last := r.waiting[i]
		after := slices.Clone(r.waiting[i+1:])
		r.waiting = r.waiting[:i]
		n, err := r.exec(ctx, last.query, last.args)
		if err == nil {
			err = last.check(n)
		}
		if err != nil {
			return err
		}
		r.waiting = after
		break
	}
	results, err := r.send(ctx, postgresCommit, nil)
	if err != nil {
		return err
	}
	tag, err := results.Exec()
	if closed := results.Close(); err == nil {
		err = closed
	}
	if err == nil && tag.String() != postgresCommit {
		err = errUndone
	}
	return err
}

// end rolls back what was not committed.
func (r *postgresRunner) end(ctx context.Context) {
	link := r.conn.Conn()
	if r.begun && !link.IsClosed() && link.PgConn().TxStatus() != postgresIdle {
		_, _ = link.Exec(ctx, postgresRollback) // a connection that cannot is not used again
	}
	r.conn.Release()
}

// postgresRows are the rows of one query and, if it went out with others, the
// batch to be closed after it.
type postgresRows struct {
	rows  pgx.Rows
	batch pgx.BatchResults
	scan  error // of Scan, which is not the database's
}

// Next steps to the next row.
func (r *postgresRows) Next() bool { return r.rows.Next() }

// Scan copies the current row.
func (r *postgresRows) Scan(dest ...any) error {
	r.scan = r.rows.Scan(dest...)
	return r.scan
}

// Err is what ended the rows before their end.
func (r *postgresRows) Err() error {
	if r.scan == nil {
		return r.rows.Err()
	}
	return nil // the caller has the error of Scan already, and pgx repeats it
}

// Close makes the connection ready for the next statement.
func (r *postgresRows) Close() error {
	r.rows.Close()
	if r.batch == nil {
		return nil
	}
	err := r.batch.Close()
	r.batch = nil
	if r.scan == nil {
		return err
	}
	return nil // the caller has the error of Scan already, and pgx repeats it
}
