package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/token"
)

// Many members are filled in parts, each into a file of its own, and the parts
// are put together in the order of the keys: a table that is written in its
// order and indexed afterwards takes seconds where a million random places
// would take an hour. Every row is written by the storage layer all the same;
// putting together copies rows and changes none.
const (
	// shardSize is how many members a part holds at least.
	shardSize = 20_000
	// maxShards is how many files SQLite lets one connection have beside its
	// own (sqlite.org/limits.html, 11), less some.
	maxShards = 8
)

// seed makes a SQLite file and fills it through the storage layer.
func seed(ctx context.Context, o plan) (*population, error) {
	if o.shard == 0 {
		o.shard = shardSize
	}
	p := &population{tokens: make([]string, o.members), marks: make([]mark, (o.members+markEvery-1)/markEvery)}
	if err := p.found(ctx, o); err != nil {
		return nil, err
	}
	if err := p.addPeople(ctx, o); err != nil {
		return p, err
	}
	return p, opened(ctx, o.path, o.sealing, func(db *store.DB) error { return p.addSessions(ctx, db) })
}

// addPeople fills the members, in parts where there are many.
func (p *population) addPeople(ctx context.Context, o plan) error {
	shards := min(maxShards, (o.members+o.shard-1)/o.shard)
	if shards < 2 {
		return opened(ctx, o.path, o.sealing, func(db *store.DB) error { return p.addMembers(ctx, db, o, 0, o.members) })
	}
	parts := make([]string, shards)
	for i := range parts {
		parts[i] = fmt.Sprintf("%s.%d", o.path, i)
	}
	err := p.addShards(ctx, o, parts)
	if err == nil {
		err = join(ctx, o.path, parts)
	}
	for _, part := range parts {
		err = errors.Join(err, remove(part))
	}
	return err
}

// found makes the file with organisations and a management token.
func (p *population) found(ctx context.Context, o plan) error {
	return opened(ctx, o.path, o.sealing, func(db *store.DB) (err error) {
		if err := db.Migrate(ctx); err != nil {
			return err
		}
		tokens := token.New(db, token.Options{Now: time.Now, CacheSize: 1})
		defer tokens.Close()
		if _, p.key, err = tokens.AddAPIToken(ctx, identity.Actor{Kind: identity.ActsAsConsole, Name: "bench"}, token.NewAPIToken{Name: "bench"}); err != nil {
			return err
		}
		if err := p.addTenants(ctx, db, o.organizations); err != nil {
			return err
		}
		if err := p.addApplications(ctx, db); err != nil || o.centre == "" {
			return err
		}
		return errors.Join(p.addPush(ctx, db, o.centre), p.addSources(ctx, db, o.centre))
	})
}

// opened opens a file for filling: what is lost in a crash is made again.
func opened(ctx context.Context, path string, sealing []byte, do func(*store.DB) error) error {
	db, err := store.Open(ctx, store.Options{DSN: "sqlite:" + path, Sealing: [][]byte{sealing}, Now: time.Now, Synchronous: "off", SkipSchemaCheck: true})
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Close())
}

// addShards fills the parts, as many at once as there are processors.
func (p *population) addShards(ctx context.Context, o plan, parts []string) error {
	failures := make([]error, len(parts))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var work sync.WaitGroup
	for i, part := range parts {
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			first, last := i*o.members/len(parts), (i+1)*o.members/len(parts)
			failures[i] = p.addShard(ctx, o, part, first, last)
		})
	}
	work.Wait()
	return errors.Join(failures...)
}

func (p *population) addShard(ctx context.Context, o plan, part string, first, last int) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if err := copyFile(o.path, part); err != nil {
		return err
	}
	// Only what the storage layer looks up by; the whole gets all its indexes.
	if err := raw(ctx, part, func(c *sql.Conn) error {
		_, err := dropIndexes(ctx, c, "AND sql NOT LIKE 'CREATE UNIQUE%'")
		return err
	}); err != nil {
		return err
	}
	return opened(ctx, part, o.sealing, func(db *store.DB) error { return p.addMembers(ctx, db, o, first, last) })
}

// raw runs something on a file that nobody writes to otherwise. Of several that
// open it at once the first reads its log again, and the others wait.
func raw(ctx context.Context, path string, do func(*sql.Conn) error) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=synchronous(off)&_pragma=cache_size(-262144)&_pragma=temp_store(memory)")
	if err != nil {
		return err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(do(c), c.Close(), db.Close())
}

// dropIndexes drops the indexes that a condition names and returns how to make
// them again. Those that SQLite makes for primary keys have no text.
func dropIndexes(ctx context.Context, c *sql.Conn, condition string) ([]string, error) {
	drops, err := texts(ctx, c, `SELECT 'DROP INDEX "' || name || '"' FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL `+condition)
	if err != nil {
		return nil, err
	}
	made, err := texts(ctx, c, `SELECT sql FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL `+condition)
	if err != nil {
		return nil, err
	}
	return made, execAll(ctx, c, drops)
}

// join puts the rows of the parts into the file. What the file has already, and
// therefore each part too, stays as it is.
func join(ctx context.Context, path string, parts []string) error {
	return raw(ctx, path, func(c *sql.Conn) error {
		for i, part := range parts {
			if _, err := c.ExecContext(ctx, fmt.Sprintf(`ATTACH $1 AS part%d`, i), part); err != nil {
				return err
			}
		}
		indexes, err := dropIndexes(ctx, c, "")
		if err != nil {
			return err
		}
		names, err := tables(ctx, c)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := joinTable(ctx, c, name, len(parts)); err != nil {
				return fmt.Errorf("join %s: %w", name, err)
			}
		}
		// The one row that all parts wrote: each counted its own.
		for i := range parts {
			indexes = append(indexes, fmt.Sprintf(`UPDATE organization_counts SET members = members + (SELECT p.members
				FROM part%d.organization_counts p WHERE p.organization_id = organization_counts.organization_id)`, i))
		}
		return execAll(ctx, c, indexes)
	})
}

// joinTable copies one table in the order of its key. SQLite walks the parts
// side by side and sorts nothing.
func joinTable(ctx context.Context, c *sql.Conn, name string, parts int) error {
	keys, err := texts(ctx, c, `SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk`, name)
	if err != nil {
		return err
	}
	from := make([]string, parts)
	for i := range from {
		from[i] = fmt.Sprintf(`SELECT * FROM part%d.%s`, i, name)
	}
	_, err = c.ExecContext(ctx, `INSERT OR IGNORE INTO main.`+name+` `+strings.Join(from, " UNION ALL ")+` ORDER BY `+strings.Join(keys, ", "))
	return err
}

// tables names what the product stores, without the tools' own.
func tables(ctx context.Context, c *sql.Conn) ([]string, error) {
	return texts(ctx, c, `SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' ORDER BY name`)
}

func texts(ctx context.Context, c *sql.Conn, query string, args ...any) (all []string, err error) {
	rows, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

func execAll(ctx context.Context, c *sql.Conn, statements []string) error {
	for _, statement := range statements {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%.60s: %w", statement, err)
		}
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err = io.Copy(out, in); err != nil {
		return err
	}
	// What is not on the disk yet would be written together with the first flush
	// of the server: with a million members that takes it some seconds.
	return errors.Join(in.Sync(), out.Sync())
}

// remove removes a database with what SQLite keeps beside it.
func remove(path string) (err error) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if gone := os.Remove(path + suffix); gone != nil && !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}
