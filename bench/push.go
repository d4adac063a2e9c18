package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// pushedClient is an application that is told of the first organisation, and
	// of everybody in it: 10,000 people where 100,000 are in ten organisations.
	pushedClient = "bench-pushed"
	// pushPath is where its receiver is called, at the centre.
	pushPath = "/receiver"
	// pushBegins is how long a push may take to begin: the server looks every
	// second, and rests for up to ten after each.
	pushBegins = 30 * time.Second
	pushPoll   = 20 * time.Millisecond
)

// addPush says how the application is told, which is switched off: it would be
// told as soon as the server starts. It is written past the rules, for which a
// receiver on this machine has no address.
func (p *population) addPush(ctx context.Context, db *store.DB, centre string) error {
	err := db.Act(ctx, store.ActSync, func(tx *store.Tx) error {
		app, err := tx.Applications.ByClientID(p.tenants[0].id, pushedClient)
		if err != nil {
			return err
		}
		return tx.ApplicationSyncs.Put(identity.Sync{
			OrganizationID: app.OrganizationID, ApplicationID: app.ID, CallbackURL: "http://" + centre + pushPath, SignatureKey: "bench-signature-key-0123456789",
			Digest: identity.SyncSHA256, Wire: identity.SyncV2, ReleasePersonal: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		})
	})
	if err != nil {
		return fmt.Errorf("fill sync integration: %w", err)
	}
	return nil
}

// receive takes every call and counts the people that it names.
func (c *centre) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "body", http.StatusBadRequest)
		return
	}
	c.told.Add(int64(bytes.Count(body, []byte(`"userName"`))))
	answerJSON(w, map[string]string{"resultCode": "000000", "resultMsg": "Success"})
}

// A receiver that knows nothing is told everything; that something failed before
// makes the server look although nobody has changed anything.
const (
	startPush = `DELETE FROM sync_acks; DELETE FROM sync_states;
		INSERT INTO sync_states (application_id, leased_by, leased_until, next_at, attempts, polls, record_id, failure, settled_at)
			SELECT application_id, '', 0, 0, 1, 0, '', '', 0 FROM application_syncs;
		UPDATE application_syncs SET enabled = TRUE`
	endPush    = `UPDATE application_syncs SET enabled = FALSE`
	pushGoesOn = `SELECT count(*) FROM sync_states WHERE leased_until > %d`
)

// beside measures something while a push goes on, from the first people that the
// receiver is told of. Afterwards it waits for the end of the push.
func (a *arena) beside(ours contender) contender {
	return func(ctx context.Context) (s sample, err error) {
		limited, cancel := context.WithTimeoutCause(ctx, pushBegins, errors.New("the push did not begin"))
		defer cancel()
		before := a.centre.told.Load() // the first may be told before the write has returned
		if err := a.write(ctx, startPush); err != nil {
			return s, err
		}
		for a.centre.told.Load() == before {
			if err := wait(limited, pushPoll); err != nil {
				return s, err
			}
		}
		begun := a.centre.told.Load()
		if s, err = ours(ctx); err != nil {
			return s, err
		}
		s.Told = a.centre.told.Load() - begun
		if err := a.write(ctx, endPush); err != nil {
			return s, err
		}
		for on := int64(1); on > 0; {
			if err := wait(ctx, pushPoll); err != nil {
				return s, err
			}
			if on, err = a.number(ctx, fmt.Sprintf(pushGoesOn, time.Now().UnixMilli())); err != nil {
				return s, err
			}
		}
		return s, nil
	}
}

// write changes the database of the server behind its back.
func (a *arena) write(ctx context.Context, statements string) error {
	if path, ok := strings.CutPrefix(a.dsn, sqliteScheme); ok {
		return raw(ctx, path, func(c *sql.Conn) error { return execAll(ctx, c, []string{statements}) })
	}
	return onPostgres(ctx, a.dsn, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statements)
		return err
	})
}

// number reads a number from the database of the server.
func (a *arena) number(ctx context.Context, query string) (n int64, err error) {
	if path, ok := strings.CutPrefix(a.dsn, sqliteScheme); ok {
		err = raw(ctx, path, func(c *sql.Conn) error { return c.QueryRowContext(ctx, query).Scan(&n) })
		return n, err
	}
	err = onPostgres(ctx, a.dsn, func(conn *pgx.Conn) error { return conn.QueryRow(ctx, query).Scan(&n) })
	return n, err
}
