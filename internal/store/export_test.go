package store

// The statement runner, for tests of the core.

func Exec(tx *Tx, query string, args ...any) (int64, error) { return tx.conn.exec(query, args...) }

func Scan(tx *Tx, dest any, query string, args ...any) error {
	return tx.conn.row(query, args...).scan(dest)
}

func Strings(tx *Tx, query string, args ...any) ([]string, error) {
	return list(tx.conn, func(scan func(...any) error) (s string, err error) { return s, scan(&s) }, query, args...)
}

func Each(tx *Tx, query string, fn func() error, args ...any) error {
	return tx.conn.each(query, args, func(func(...any) error) error { return fn() })
}

func IsUnique(err error, constraints ...string) bool { return isUnique(err, constraints...) }

// LostRace is the fault of a serialisation failure.
func LostRace(tx *Tx) error {
	return tx.conn.latch((&driverError{reason: retry, err: errOver}).asFault())
}

func Dialect(db *DB) string { return db.traits.name }

var (
	MS = ms
	At = at
)
