// Package store is the one path to the database: every SQL text, every table,
// both dialects (SQLite and PostgreSQL), migrations, sealing keys and the
// change feed.
//
// There are three ways in. View runs a function on a read-only snapshot.
// Update runs it in a serialisable transaction. Act is Update for the named
// acts of the sign-in path (see acts.go), which rest on unique keys instead of
// serialisable isolation. The function gets a Tx, which offers one small table
// value per noun. It may be run more than once, so it touches nothing but the
// Tx, does no slow work, sends nothing and never opens another transaction.
//
// Methods return identity types and faults (NotFound, Conflict, Stale);
// errors of a driver do not leave this package except as a private cause.
//
// The core is db.go (ways in), tx.go (one transaction), sql.go (running a
// statement), feed.go, migrate.go and datakeys.go. What differs between the
// databases is in the files named dialect_*.go and nowhere else; no other file
// asks which database it is on.
package store
