package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"

	"modernc.org/sqlite"
)

// sqliteLink is one connection with its prepared statements. One goroutine
// uses it at a time.
type sqliteLink struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	observe  func(string)
}

func newSQLiteLink(ctx context.Context, db *sql.DB, observe func(string)) (*sqliteLink, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &sqliteLink{conn: conn, prepared: map[string]*sql.Stmt{}, observe: observe}, nil
}

// ExecContext runs a statement, prepared once per connection.
func (l *sqliteLink) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := l.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// QueryContext runs a query, prepared once per connection.
func (l *sqliteLink) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := l.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// do runs one of the few statements that steer a transaction.
func (l *sqliteLink) do(ctx context.Context, query string) error {
	_, err := l.ExecContext(ctx, query)
	return err
}

func (l *sqliteLink) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := l.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := l.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if l.observe != nil {
		l.observe(query)
	}
	if len(l.prepared) >= sqliteStatements {
		l.forget()
	}
	l.prepared[query] = stmt
	return stmt, nil
}

// forget closes one statement, whichever.
func (l *sqliteLink) forget() {
	for query, stmt := range l.prepared {
		_ = stmt.Close()
		delete(l.prepared, query)
		return
	}
}

func (l *sqliteLink) close() error {
	var err error
	for _, stmt := range l.prepared {
		err = errors.Join(err, stmt.Close())
	}
	return errors.Join(err, l.conn.Close())
}

// sqliteConstraints finds the name of a violated key. SQLite reports its
// columns ("UNIQUE constraint failed: login_names.name"), PostgreSQL the name
// of its index; callers see the latter.
type sqliteConstraints struct {
	read  *sql.DB
	mu    sync.Mutex
	names map[string]string // "table.column, table.column" → index
}

// explain turns a driver error into a fault.
func (k *sqliteConstraints) explain(err error) error {
	var from *sqlite.Error
	if !errors.As(err, &from) {
		if errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return (&driverError{reason: outage, err: err}).asFault()
		}
		return (&driverError{reason: defect, err: err}).asFault()
	}
	cause := &driverError{reason: sqliteReason(from), err: err}
	if cause.reason == unique {
		cause.constraint = k.name(from.Error())
	}
	return cause.asFault()
}

func (k *sqliteConstraints) name(message string) string {
	_, key, _ := strings.Cut(message, "UNIQUE constraint failed: ")
	key, _, _ = strings.Cut(key, " (")
	if index, ok := strings.CutPrefix(key, "index '"); ok {
		return strings.TrimSuffix(index, "'")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if name, ok := k.names[key]; ok {
		return name
	}
	// Not known yet, or migrated since: read them all again.
	if names, err := sqliteIndexes(k.read); err == nil {
		k.names = names
	}
	return k.names[key]
}

// sqliteIndexes lists the unique keys by their columns.
func sqliteIndexes(db *sql.DB) (map[string]string, error) {
	rows, err := db.Query(`
		SELECT group_concat(t.name || '.' || c.name, ', ' ORDER BY c.seqno),
		       CASE i.origin WHEN 'pk' THEN t.name || '_pkey' ELSE i.name END
		FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
		WHERE t.type = 'table' AND i."unique" = 1 GROUP BY t.name, i.name, i.origin`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names := map[string]string{}
	for rows.Next() {
		var columns, name string
		if err := rows.Scan(&columns, &name); err != nil {
			return nil, err
		}
		names[columns] = name
	}
	return names, rows.Err()
}
