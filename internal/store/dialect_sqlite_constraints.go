package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"

	"modernc.org/sqlite"
)

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
