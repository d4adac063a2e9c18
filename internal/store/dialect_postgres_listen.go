package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// postgresBeat is how often the listening connection proves to be alive.
	postgresBeat = 500 * time.Millisecond
	// postgresRedial is the pause before the connection is made again.
	postgresRedial = 250 * time.Millisecond
)

// watch listens for announcements until ctx ends, and connects again whenever
// the connection is lost.
func (e *postgresEngine) watch(ctx context.Context, feed *Feed) {
	told := false
	for ctx.Err() == nil {
		err := e.listen(ctx, feed, &told)
		feed.lost()
		if ctx.Err() == nil && told {
			told = false
			e.options.Log.Warn("change feed lost; caches are bypassed", "err", err)
		}
		pause(ctx, postgresRedial)
	}
}

// listen serves one connection. well is set when it is established.
func (e *postgresEngine) listen(ctx context.Context, feed *Feed, well *bool) error {
	dialing, stop := context.WithTimeout(ctx, 5*time.Second)
	defer stop()
	conn, err := pgx.ConnectConfig(dialing, e.config)
	if err != nil {
		return err
	}
	defer func() {
		closing, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer stop()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(dialing, "LISTEN "+postgresChannel); err != nil {
		return err
	}
	*well = true
	feed.deliverAll()
	for {
		feed.beat()
		if err := e.hear(ctx, conn, feed); err != nil {
			return err
		}
	}
}

// hear waits one beat for an announcement; if none comes the server must
// answer a ping within another.
func (e *postgresEngine) hear(ctx context.Context, conn *pgx.Conn, feed *Feed) error {
	beat, stop := context.WithTimeout(ctx, postgresBeat)
	defer stop()
	note, err := conn.WaitForNotification(beat)
	switch {
	case err == nil:
		if ch, ok := parsePayload(note.Payload); ok {
			feed.deliver(ch)
		}
		return nil
	case ctx.Err() != nil || !pgconn.Timeout(err) && !errors.Is(err, context.DeadlineExceeded):
		return err
	}
	answer, stop := context.WithTimeout(ctx, postgresBeat)
	defer stop()
	return conn.Ping(answer)
}
