package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"

	"modernc.org/sqlite"
)

// sqliteLink is one connection with its prepared statements. One goroutine
// uses it at a time. It talks to the driver itself: the locks and conversions
// of database/sql cost as much as a small statement.
type sqliteLink struct {
	conn     driver.Conn
	prepared map[string]*sqliteStatement
	named    []driver.NamedValue // the arguments of the statement that runs
	observe  func(string)
}

// sqliteStatement is what the driver prepared.
type sqliteStatement struct {
	driver.Stmt
	execer  driver.StmtExecContext
	querier driver.StmtQueryContext
	order   []int // which argument each placeholder takes; nil for all by name
	columns int   // of its rows; 0 before the first
}

func newSQLiteLink(ctx context.Context, uri string, observe func(string)) (*sqliteLink, error) {
	connector, err := sqlite.NewConnector(uri)
	if err != nil {
		return nil, err
	}
	conn, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &sqliteLink{conn: conn, prepared: map[string]*sqliteStatement{}, observe: observe}, nil
}

// exec runs a statement, prepared once per connection.
func (l *sqliteLink) exec(ctx context.Context, query string, args []any) (int64, error) {
	stmt, err := l.statement(query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.execer.ExecContext(ctx, l.arguments(stmt, args))
	clear(l.named)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// query runs a query, prepared once per connection.
func (l *sqliteLink) query(ctx context.Context, query string, args []any) (cursor, error) {
	stmt, err := l.statement(query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.querier.QueryContext(ctx, l.arguments(stmt, args))
	clear(l.named)
	if err != nil {
		return nil, err
	}
	if stmt.columns == 0 {
		stmt.columns = len(rows.Columns())
	}
	return &sqliteRows{rows: rows, values: make([]driver.Value, stmt.columns)}, nil
}

// arguments puts args in the order of the placeholders. conn.begin has brought
// them to the types of driver.Value before.
func (l *sqliteLink) arguments(stmt *sqliteStatement, args []any) []driver.NamedValue {
	l.named = l.named[:0]
	if len(stmt.order) != len(args) {
		// The driver finds them by name, or says which is missing.
		for i, arg := range args {
			l.named = append(l.named, driver.NamedValue{Ordinal: i + 1, Value: arg})
		}
		return l.named
	}
	for i, from := range stmt.order {
		l.named = append(l.named, driver.NamedValue{Ordinal: i + 1, Value: args[from]})
	}
	return l.named
}

// do runs one of the few statements that steer a transaction.
func (l *sqliteLink) do(ctx context.Context, query string) error {
	_, err := l.exec(ctx, query, nil)
	return err
}

func (l *sqliteLink) statement(query string) (*sqliteStatement, error) {
	if l.observe != nil {
		l.observe(query)
	}
	if stmt, ok := l.prepared[query]; ok {
		return stmt, nil
	}
	text, order := positional(query)
	prepared, err := l.conn.Prepare(text)
	if err != nil {
		return nil, err
	}
	stmt := &sqliteStatement{Stmt: prepared, order: order}
	var executes, queries bool
	stmt.execer, executes = prepared.(driver.StmtExecContext)
	stmt.querier, queries = prepared.(driver.StmtQueryContext)
	if !executes || !queries {
		return nil, errors.Join(errors.New("store: the driver lacks statements with a context"), prepared.Close())
	}
	if len(l.prepared) >= sqliteStatements {
		l.forget()
	}
	l.prepared[query] = stmt
	return stmt, nil
}

// positional turns $1, $2 … into ?, which the driver binds without looking
// names up, and tells which argument each takes. A query that uses an argument
// twice, or quotes anything, stays as it is: order is nil.
func positional(query string) (text string, order []int) {
	if !strings.Contains(query, "$") || strings.ContainsAny(query, "'\"?") {
		return query, nil
	}
	parts := strings.Split(query, "$")
	used := make([]bool, len(parts))
	var b strings.Builder
	b.WriteString(parts[0])
	for _, part := range parts[1:] {
		rest := strings.TrimLeft(part, "0123456789")
		n, err := strconv.Atoi(part[:len(part)-len(rest)])
		if err != nil || n < 1 || n >= len(parts) || used[n] {
			return query, nil
		}
		used[n] = true
		order = append(order, n-1)
		b.WriteString("?" + rest)
	}
	return b.String(), order
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
