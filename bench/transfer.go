package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/orgate/orgate/internal/store"
)

// transfer makes an empty PostgreSQL database hold what a filled SQLite file
// holds. The tables of both are the same and so are the values in them, which
// is cheaper than to fill a second database statement by statement.
func transfer(ctx context.Context, path, dsn string, sealing []byte) error {
	dsn, err := hasty(dsn)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{DSN: dsn, Sealing: [][]byte{sealing}, Now: time.Now, SkipSchemaCheck: true})
	if err != nil {
		return err
	}
	if err := errors.Join(db.Migrate(ctx), db.Close()); err != nil {
		return err
	}
	m := &mover{path: path, dsn: dsn}
	var names, again []string
	err = m.both(ctx, func(from *sql.Conn, to *pgx.Conn) (err error) {
		if names, err = tables(ctx, from); err != nil {
			return err
		}
		again, err = strip(ctx, to)
		return err
	})
	if err != nil {
		return err
	}
	err = m.spread(ctx, names, func(from *sql.Conn, to *pgx.Conn, name string) error { return moveTable(ctx, from, to, name) })
	if err != nil {
		return err
	}
	err = m.spread(ctx, again, func(_ *sql.Conn, to *pgx.Conn, statement string) error {
		_, err := to.Exec(ctx, statement)
		return err
	})
	if err != nil {
		return err
	}
	return m.both(ctx, func(_ *sql.Conn, to *pgx.Conn) error { return advance(ctx, to) })
}

// advance makes counters go on after the rows that were moved.
func advance(ctx context.Context, to *pgx.Conn) error {
	// The sequences themselves are asked for: the names in information_schema are
	// read before the schema they belong to is judged, and some are no tables.
	rows, err := to.Query(ctx, `SELECT format('SELECT setval(%L, (SELECT coalesce(max(%I), 0) + 1 FROM %I), false)',
		s.oid::regclass, a.attname, t.relname) FROM pg_class s
		JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
		JOIN pg_class t ON d.refclassid = 'pg_class'::regclass AND t.oid = d.refobjid
		JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
		WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace`)
	if err != nil {
		return err
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := to.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// hasty is the DSN for filling: what is lost in a crash is made again, and
// indexes are sorted in memory.
func hasty(dsn string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", errors.New("the PostgreSQL DSN is not a URL")
	}
	query := u.Query()
	query.Set("synchronous_commit", "off")
	query.Set("maintenance_work_mem", "256MB")
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// mover is the way from one database to the other.
type mover struct{ path, dsn string }

func (m *mover) both(ctx context.Context, do func(*sql.Conn, *pgx.Conn) error) error {
	to, err := pgx.Connect(ctx, m.dsn)
	if err != nil {
		return err
	}
	err = raw(ctx, m.path, func(from *sql.Conn) error { return do(from, to) })
	return errors.Join(err, to.Close(ctx))
}

// spread does something for each item, as many at once as there are processors.
func (m *mover) spread(ctx context.Context, items []string, do func(*sql.Conn, *pgx.Conn, string) error) error {
	waiting := make(chan string, len(items))
	for _, item := range items {
		waiting <- item
	}
	close(waiting)
	failures := make([]error, runtime.GOMAXPROCS(0))
	var work sync.WaitGroup
	for i := range failures {
		work.Go(func() {
			failures[i] = m.both(ctx, func(from *sql.Conn, to *pgx.Conn) error {
				for item := range waiting {
					if err := do(from, to, item); err != nil {
						return fmt.Errorf("%.60s: %w", item, err)
					}
				}
				return nil
			})
		})
	}
	work.Wait()
	return errors.Join(failures...)
}

// strip drops foreign keys and secondary indexes and returns how to make them
// again: done once for all rows they cost a hundredth. Foreign keys refer to
// primary keys, which stay, and never in a circle, so the order is free.
func strip(ctx context.Context, to *pgx.Conn) (again []string, err error) {
	var drops []string
	for _, query := range []string{
		`SELECT indexdef, format('DROP INDEX %I', indexname) FROM pg_indexes WHERE schemaname = current_schema()
			AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname) AND tablename NOT LIKE 'goose%' ORDER BY indexname`,
		`SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
			format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
			WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname`,
	} {
		rows, err := to.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		var make, drop string
		if _, err := pgx.ForEachRow(rows, []any{&make, &drop}, func() error { again, drops = append(again, make), append(drops, drop); return nil }); err != nil {
			return nil, err
		}
	}
	slices.Reverse(drops)
	for _, statement := range drops {
		if _, err := to.Exec(ctx, statement); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// moveTable copies one table. What the migration put there gives way, such as
// keys of its own.
func moveTable(ctx context.Context, from *sql.Conn, to *pgx.Conn, name string) (err error) {
	rows, err := from.QueryContext(ctx, `SELECT * FROM `+name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	source := &moving{rows: rows, values: make([]any, len(columns)), into: make([]any, len(columns)), truth: make([]bool, len(columns))}
	for i := range columns {
		source.into[i] = &source.values[i]
	}
	if err := source.learn(ctx, to, name, columns); err != nil {
		return err
	}
	_, err = to.Exec(ctx, `DELETE FROM `+name)
	if err == nil {
		_, err = to.CopyFrom(ctx, pgx.Identifier{name}, columns, source)
	}
	return err
}

// moving is the rows of a table on their way; pgx asks it for each.
type moving struct {
	rows   *sql.Rows
	values []any
	into   []any
	truth  []bool // columns that are boolean, which SQLite keeps as 0 and 1
}

func (m *moving) learn(ctx context.Context, to *pgx.Conn, name string, columns []string) error {
	rows, err := to.Query(ctx, `SELECT column_name::text FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1 AND data_type = 'boolean'`, name)
	if err != nil {
		return err
	}
	booleans, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for i, column := range columns {
		m.truth[i] = slices.Contains(booleans, column)
	}
	return err
}

// Next is part of pgx.CopyFromSource.
func (m *moving) Next() bool { return m.rows.Next() }

// Values is part of pgx.CopyFromSource.
func (m *moving) Values() ([]any, error) {
	if err := m.rows.Scan(m.into...); err != nil {
		return nil, err
	}
	for i, truth := range m.truth {
		if n, ok := m.values[i].(int64); truth && ok {
			m.values[i] = n != 0
		}
	}
	return m.values, nil
}

// Err is part of pgx.CopyFromSource.
func (m *moving) Err() error { return m.rows.Err() }
