package main

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "modernc.org/sqlite" // the driver of database/sql
)

// rows is a table into which a bare server inserts; what insert returned for
// is on the disk.
type rows interface {
	insert(ctx context.Context, key []byte) error
	close() error
}

// openRows opens the table of a bare server in a database of its own.
func openRows(dsn string) (rows, error) {
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		return openSQLiteRows(path)
	}
	return openPostgresRows(dsn)
}

const (
	// postgresLimitConns is what the product's own pool holds.
	postgresLimitConns = 16
	// sqliteLimitGroup is how many inserts share a commit at most.
	sqliteLimitGroup = 128
	limitTable       = `CREATE TABLE limit_rows (id %s PRIMARY KEY, subject TEXT NOT NULL, ends BIGINT NOT NULL)`
	limitSubject     = "subject-0001"
	limitEnds        = 2_000_000_000
	limitInsert      = `INSERT INTO limit_rows (id, subject, ends) VALUES ($1, $2, $3)`
)

// sqliteRows commits in groups: one goroutine writes all that waits, commits
// once with a flush to the disk, and answers all.
type sqliteRows struct {
	db    *sql.DB
	queue chan sqliteRow
	done  sync.WaitGroup
}

type sqliteRow struct {
	key  []byte
	done chan error
}

func openSQLiteRows(path string) (rows, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(strings.Replace(limitTable, "%s", "BLOB", 1) + " WITHOUT ROWID"); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	statement, err := db.Prepare(limitInsert)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &sqliteRows{db: db, queue: make(chan sqliteRow, sqliteLimitGroup)}
	s.done.Go(func() { s.write(statement) })
	return s, nil
}

func (s *sqliteRows) insert(_ context.Context, key []byte) error {
	row := sqliteRow{key, make(chan error, 1)}
	s.queue <- row
	return <-row.done
}

func (s *sqliteRows) write(statement *sql.Stmt) {
	group := make([]sqliteRow, 0, sqliteLimitGroup)
	for row := range s.queue {
		group = append(group[:0], row)
		for waiting := true; waiting && len(group) < sqliteLimitGroup; {
			select {
			case next, open := <-s.queue:
				if waiting = open; open {
					group = append(group, next)
				}
			default:
				waiting = false
			}
		}
		err := s.commit(statement, group)
		for _, row := range group {
			row.done <- err
		}
	}
}

func (s *sqliteRows) commit(statement *sql.Stmt, group []sqliteRow) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	inTx := tx.Stmt(statement) //nolint:sqlclosecheck // the end of the transaction closes it
	for _, row := range group {
		if _, err := inTx.Exec(row.key, limitSubject, limitEnds); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

func (s *sqliteRows) close() error {
	close(s.queue)
	s.done.Wait()
	return s.db.Close()
}

// postgresRows inserts each row in a transaction of its own; the server groups
// the flushes of concurrent commits.
type postgresRows struct{ pool *pgxpool.Pool }

func openPostgresRows(dsn string) (rows, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("the PostgreSQL DSN cannot be read")
	}
	config.MaxConns = postgresLimitConns
	ctx := context.Background()
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	for _, statement := range []string{"DROP TABLE IF EXISTS limit_rows", strings.Replace(limitTable, "%s", "BYTEA", 1)} {
		if _, err := pool.Exec(ctx, statement); err != nil {
			pool.Close()
			return nil, err
		}
	}
	return postgresRows{pool}, nil
}

func (p postgresRows) insert(ctx context.Context, key []byte) error {
	_, err := p.pool.Exec(ctx, limitInsert, key, limitSubject, int64(limitEnds))
	return err
}

func (p postgresRows) close() error {
	p.pool.Close()
	return nil
}
