package store

import (
	"context"
	"os"
	"time"
)

// sqliteWALChecks is how many polls lie between two looks at the log's size.
const sqliteWALChecks = 40

// sqliteWatch is what the polling goroutine remembers. Its connection is asked
// for the file's version alone, which needs no schema: to read that is most of
// what opening a connection costs.
type sqliteWatch struct {
	link    *sqliteLink
	version int64 // of the file, as this connection last saw it
	seq     int64 // of the last change read
}

// watch asks each quarter of a second whether another process wrote, and if so
// reads what it announced. Changes of this process are delivered by Update.
func (e *sqliteEngine) watch(ctx context.Context, feed *Feed) {
	var w sqliteWatch
	defer func() { w.drop() }()
	ticker := time.NewTicker(sqlitePoll)
	defer ticker.Stop()
	for polls := 1; ; polls++ {
		if err := e.poll(ctx, &w, feed); err != nil {
			// The connection is made anew; what was missed is everything.
			feed.lost()
			w.drop()
		}
		if polls%sqliteWALChecks == 0 {
			e.writeBack(ctx)
		}
		select {
		case <-ctx.Done():
			feed.lost()
			return
		case <-ticker.C:
		}
	}
}

func (w *sqliteWatch) drop() {
	if w.link != nil {
		_ = w.link.close()
		w.link = nil
	}
}

func (e *sqliteEngine) poll(ctx context.Context, w *sqliteWatch, feed *Feed) (err error) {
	fresh := w.link == nil
	if fresh {
		if w.link, err = newSQLiteLink(ctx, e.watching, nil); err != nil {
			return err
		}
	}
	c := &conn{ctx: context.WithoutCancel(ctx), run: w.link, traits: e.traits}
	// The version comes first: what is written after it is read at the next poll,
	// or now and then again, which tells nothing new.
	var version int64
	if err := c.row(`PRAGMA data_version`).scan(&version); err != nil {
		return err
	}
	if fresh || version != w.version {
		if err := e.catchUp(ctx, w, feed, fresh); err != nil {
			return err
		}
	}
	w.version = version
	feed.beat()
	return nil
}

// catchUp reads what was announced since the last time, on a connection of those
// that read; the first time it reads no more than where to begin.
func (e *sqliteEngine) catchUp(ctx context.Context, w *sqliteWatch, feed *Feed, fresh bool) error {
	var found []change
	seq := w.seq
	err := e.view(context.WithoutCancel(ctx), glance, func(c *conn) (err error) {
		if fresh {
			seq, err = newestChange(c, e.traits)
		} else {
			found, seq, err = feed.changesSince(c, w.seq)
		}
		return err
	})
	if err != nil {
		return err
	}
	w.seq = seq
	if fresh {
		feed.deliverAll()
	}
	feed.deliver(found...)
	return nil
}

// newestChange is where a feed begins; 0 in a database without the table.
func newestChange(c *conn, t *traits) (seq int64, err error) {
	var tables int64
	if err := c.row(t.countTables, "changes").scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	return seq, c.row(`SELECT COALESCE(MAX(seq), 0) FROM changes`).scan(&seq)
}

// writeBack copies a log that has grown too long into the file, as far as
// readers allow and without making anyone wait.
func (e *sqliteEngine) writeBack(ctx context.Context) {
	info, err := os.Stat(e.path + "-wal")
	if err != nil || info.Size() < sqliteWALLimit {
		return
	}
	handle, err := sqliteHandle(sqliteURI(e.path, "deferred", sqliteCache, "synchronous(full)"))
	if err != nil {
		return
	}
	defer func() { _ = handle.Close() }()
	// Best effort: the next commit or the next look tries again.
	_, _ = handle.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
}
