package job

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// fill writes n rows into each table that is swept, of which expired ones are
// past their end at the given moment and the others are not.
func fill(t *testing.T, db *store.DB, name string, n int, ends time.Time) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("test")
		for i := range n {
			if err := fillOne(tx, fmt.Sprintf("%s-%d", name, i), ends); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("fill: %v", err)
	}
}

func fillOne(tx *store.Tx, subject string, ends time.Time) error {
	id := identity.NewTicketID(tx.Now())
	ticket := store.TicketRow{Hash: []byte(subject), Ticket: identity.Ticket{ID: id, Kind: "test", ExpiresAt: ends, CreatedAt: tx.Now()}}
	if err := tx.Tickets.Insert(ticket); err != nil {
		return err
	}
	if err := tx.Claims.Take(ends, []byte(subject), errors.New("taken twice")); err != nil {
		return err
	}
	if err := tx.Attempts.Put(subject, store.Attempt{Failures: 1}, ends); err != nil {
		return err
	}
	if err := tx.Codes.Put(subject, store.Code{Hash: []byte("h"), ExpiresAt: ends}); err != nil {
		return err
	}
	trace := store.TraceRow{ID: identity.NewTraceID(ends), Code: subject, At: ends, Story: []byte("{}")}
	if err := tx.Traces.Insert(trace); err != nil {
		return err
	}
	message := identity.Message{ID: identity.NewMessageID(tx.Now()), Channel: "mail", Target: subject, NextAt: ends, CreatedAt: ends}
	if err := tx.Outbox.Insert(message); err != nil {
		return err
	}
	token := store.AccessTokenRow{Hash: []byte(subject), Seed: []byte("seed"), Token: identity.AccessToken{
		ID:        identity.NewTokenID(tx.Now()),
		AccountID: "acc_1", CreatedAt: tx.Now(), ExpiresAt: ends, RefreshEndsAt: ends,
	}}
	if err := tx.AccessTokens.Insert(token); err != nil {
		return err
	}
	if err := tx.Outbox.Sent(message.ID); err != nil {
		return err
	}
	// The application that is added announces a change.
	return fillBrowser(tx, subject, ends)
}

// fillBrowser writes a session, where it was used, and a try, with the account and organisation
// they hang on.
func fillBrowser(tx *store.Tx, subject string, ends time.Time) error {
	account := identity.Account{ID: identity.NewAccountID(tx.Now()), Kind: identity.Operator, Name: subject, Status: identity.AccountActive}
	organization := identity.Organization{ID: identity.NewOrganizationID(tx.Now()), Code: subject, Name: subject, Status: identity.OrganizationActive}
	session := identity.Session{ID: identity.SessionIDOf(identity.NewUUID(tx.Now())), AccountID: account.ID, CreatedAt: tx.Now(), EndsAt: ends}
	try := store.Try{ID: identity.NewTryID(tx.Now()), OrganizationID: organization.ID, State: store.TryWaiting, CreatedAt: tx.Now(), EndsAt: ends}
	entered := identity.Participation{SessionID: session.ID, ApplicationID: "app_x", OrganizationID: organization.ID, JoinedAt: tx.Now()}
	return errors.Join(tx.Accounts.Insert(account, nil), tx.Organizations.Insert(organization), tx.Sessions.Add(session, []byte(subject)),
		tx.Participations.Join(entered), tx.Tries.Add(try), fillGrant(tx, organization.ID, ends),
		fillRequest(tx, organization.ID, account.ID, ends), fillTry(tx, organization.ID, ends),
		fillSetupLink(tx, organization.ID, ends), fillTask(tx, organization.ID, ends), fillInvitation(tx, organization.ID, ends), fillSyncRecord(tx, organization.ID, ends),
		fillDelivery(tx, organization.ID, ends))
}

// fillInvitation writes an invitation that nobody accepted.
func fillInvitation(tx *store.Tx, org identity.OrganizationID, ends time.Time) error {
	return tx.Invitations.Add(store.InvitationRow{Hash: []byte{1}, Invitation: identity.Invitation{
		ID: identity.InvitationIDOf(identity.NewUUID(tx.Now())), OrganizationID: org, Contact: "dora@mail.example", State: identity.InvitationOpen,
		CreatedAt: tx.Now(), SentAt: tx.Now(), EndsAt: ends,
	}})
}

// fillSyncRecord writes a call to the receiver of an application.
func fillSyncRecord(tx *store.Tx, org identity.OrganizationID, ends time.Time) error {
	id := identity.NewApplicationID(tx.Now())
	application := identity.Application{ID: id, OrganizationID: org, ClientID: string(id), Name: string(id), Status: identity.ApplicationActive}
	record := store.SyncRecord{ID: identity.NewSyncRecordID(tx.Now()), OrganizationID: org, ApplicationID: id, Status: store.SyncSuccess, At: ends}
	return errors.Join(tx.Applications.Insert(application), tx.SyncRecords.Put(record))
}

// fillDelivery writes an event that a webhook was told of, whose secret took over
// from another.
func fillDelivery(tx *store.Tx, org identity.OrganizationID, ends time.Time) error {
	id := identity.NewWebhookID(tx.Now())
	hook := identity.Webhook{ID: id, OrganizationID: org, Name: string(id), Secret: identity.NewWebhookSecret(), Version: 1}
	rotated := hook
	rotated.Previous, rotated.PreviousEndsAt = identity.NewWebhookSecret(), ends
	return errors.Join(tx.Webhooks.Insert(hook), tx.Webhooks.Put(rotated),
		tx.Deliveries.Put(store.WebhookDelivery{WebhookID: id, EventID: identity.NewEventID(tx.Now()), OrganizationID: org, Status: store.SyncSuccess, At: ends}))
}

// fillTask writes an import with its file, which goes before it, and one without.
func fillTask(tx *store.Tx, org identity.OrganizationID, ends time.Time) error {
	task := identity.Task{ID: identity.NewTaskID(tx.Now()), OrganizationID: org, Kind: identity.TaskImportMembers, Status: identity.TaskDone, CreatedAt: tx.Now(), EndsAt: ends}
	bare := task
	bare.ID = identity.NewTaskID(tx.Now())
	_, err := tx.Tasks.Add(task)
	_, err2 := tx.Tasks.Add(bare)
	return errors.Join(err, err2, tx.Tasks.PutPart(task.ID, store.TaskOriginal, 0, []byte("account,name")))
}

// fillSetupLink writes a source and a link by which it is set up.
func fillSetupLink(tx *store.Tx, org identity.OrganizationID, ends time.Time) error {
	source := identity.Source{ID: identity.NewSourceID(tx.Now()), OrganizationID: org, Kind: identity.SourceOIDC, Name: "Corp", Settings: []byte("{}")}
	link := identity.SetupLink{
		ID: identity.NewSetupLinkID(tx.Now()), OrganizationID: org, SourceID: source.ID, State: identity.SetupLinkWaiting,
		CreatedAt: tx.Now(), EndsAt: ends,
	}
	return errors.Join(tx.Sources.Add(source), tx.SetupLinks.Add(link))
}

// fillTry writes a try of an application, and what stands in for it.
func fillTry(tx *store.Tx, org identity.OrganizationID, ends time.Time) error {
	id := identity.NewApplicationID(tx.Now())
	stand := identity.Application{ID: id, OrganizationID: org, ClientID: "try_" + string(id), Name: "Wiki", TriedBy: "acc_x", CreatedAt: tx.Now()}
	try := store.ApplicationTry{ID: identity.NewTryID(tx.Now()), OrganizationID: org, ApplicationID: id, State: store.TryWaiting, CreatedAt: tx.Now(), EndsAt: ends}
	return errors.Join(tx.Applications.Insert(stand), tx.ApplicationTries.Add(try))
}

// fillGrant writes an application and what it was granted.
func fillGrant(tx *store.Tx, org identity.OrganizationID, ends time.Time) error {
	id := identity.NewApplicationID(tx.Now())
	application := identity.Application{ID: id, OrganizationID: org, ClientID: string(id), Name: string(id), Status: identity.ApplicationActive}
	grant := identity.Grant{ID: identity.GrantIDOf(identity.NewUUID(tx.Now())), ApplicationID: id, OrganizationID: org, EndsAt: ends}
	return errors.Join(tx.Applications.Insert(application), tx.Grants.Insert(store.GrantRow{Grant: grant, Seed: []byte("seed")}))
}

// fillRequest writes a request that was decided.
func fillRequest(tx *store.Tx, org identity.OrganizationID, account identity.AccountID, decided time.Time) error {
	request := identity.Request{
		ID: identity.NewRequestID(tx.Now()), Kind: identity.RequestJoin, OrganizationID: org, AccountID: account,
		State: identity.RequestPending, CreatedAt: tx.Now(),
	}
	if _, err := tx.Requests.Add(request); err != nil {
		return err
	}
	request.State, request.DecidedAt = identity.RequestRejected, decided
	return tx.Requests.Decide(request)
}

// TestARequestThatWaitsIsNeverSwept: nobody has decided it, however old it is.
func TestARequestThatWaitsIsNeverSwept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		var waits identity.Request
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			tx.NoEvent("test")
			account := identity.Account{ID: identity.NewAccountID(tx.Now()), Kind: identity.Operator, Name: "dora", Status: identity.AccountActive}
			organization := identity.Organization{ID: identity.NewOrganizationID(tx.Now()), Code: "acme", Name: "Acme", Status: identity.OrganizationActive}
			waits = identity.Request{
				ID: identity.NewRequestID(tx.Now()), Kind: identity.RequestJoin, OrganizationID: organization.ID, AccountID: account.ID,
				State: identity.RequestPending, CreatedAt: tx.Now(),
			}
			if err := errors.Join(tx.Accounts.Insert(account, nil), tx.Organizations.Insert(organization)); err != nil {
				return err
			}
			_, err := tx.Requests.Add(waits)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(10 * keepRequests)
		if err := Sweep(db, nil).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		err = db.View(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Requests.Get(waits.OrganizationID, waits.ID)
			return err
		})
		if err != nil {
			t.Errorf("the request is gone: %v", err)
		}
	})
}

// left counts what the sweeps of one table would still delete if everything
// were past its end: the rows there are.
func left(t *testing.T, db *store.DB, clock *storetest.Clock) map[string]int64 {
	t.Helper()
	before := clock.Now()
	clock.Advance(100 * 365 * 24 * time.Hour)
	defer clock.Set(before)
	counts := map[string]int64{}
	for _, table := range expired {
		n, err := count(t.Context(), db, table.sweep)
		if err != nil {
			t.Fatalf("count %s: %v", table.name, err)
		}
		counts[table.name] = n
	}
	return counts
}

// count rolls back what it deletes.
func count(ctx context.Context, db *store.DB, sweep func(*store.Tx, int) (int64, error)) (n int64, err error) {
	undo := errors.New("undo")
	err = db.Act(ctx, store.ActSweep, func(tx *store.Tx) error {
		if n, err = sweep(tx, 1_000_000); err != nil {
			return err
		}
		return undo
	})
	if errors.Is(err, undo) {
		err = nil
	}
	return n, err
}

func tokensLeft(t *testing.T, db *store.DB) int {
	t.Helper()
	var found store.AgedTokens
	err := db.Glance(t.Context(), func(tx *store.Tx) (err error) {
		found, err = tx.AccessTokens.Aged("", "tok_~", 1_000_000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found.Read
}

func TestSweepDeletesWhatExpiredAndNothingElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		const old, fresh = sliceRows + 7, 5 // more than a slice
		fill(t, db, "old", old, clock.Now().Add(time.Minute))
		clock.Advance(max(identity.RefreshLife, keepRequests) + 2*time.Minute)
		fill(t, db, "fresh", fresh, clock.Now().Add(time.Hour))

		if err := Sweep(db, nil).Run(t.Context()); err != nil {
			t.Fatalf("Run: %v", err)
		}
		for name, got := range left(t, db, clock) {
			want := int64(fresh)
			if name == "changes" {
				want = 4 * fresh // each fill announces three applications and a source
			}
			if got != want {
				t.Errorf("%s: %d rows left, want %d", name, got, want)
			}
		}
		if got := tokensLeft(t, db); got != fresh {
			t.Errorf("access tokens: %d rows left, want %d", got, fresh)
		}
	})
}

func TestSweepLeavesWhatIsStillKept(t *testing.T) {
	tests := []struct {
		name string
		keep time.Duration // after its end
	}{
		{"claims", keepClaims},
		{"outbox", keepOutbox},
		{"old traces", keepTraces},
		{"changes", keepChanges},
		{"sessions", keepSessions},
		{"participations", keepSessions},
		{"grants", keepGrants},
		{"requests", keepRequests},
		{"set-up links", keepSetupLinks},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clock := storetest.NewClock()
			db := storetest.Open(t, storetest.WithClock(clock))
			fill(t, db, "row", 3, clock.Now())
			for _, step := range []struct {
				at   time.Duration
				want int64
			}{{tt.keep - time.Minute, 3}, {tt.keep + 2*time.Minute, 0}} {
				moment := storetest.NewClock().Now().Add(step.at)
				clock.Set(moment)
				if err := Sweep(db, nil).Run(t.Context()); err != nil {
					t.Fatal(err)
				}
				want := step.want
				if tt.name == "changes" {
					want *= 4 // each fill announces three applications and a source
				}
				if got := left(t, db, clock)[tt.name]; got != want {
					t.Errorf("after %v: %d rows left, want %d", step.at, got, want)
				}
			}
		})
	}
}

func TestSweepGoesOnAfterAFailureAndStopsWithItsContext(t *testing.T) {
	db := storetest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Sweep(db, nil).Run(ctx)
	if err == nil {
		t.Fatal("Run succeeded with a context that had ended")
	}
	for _, name := range []string{"tickets", "changes", "access tokens"} {
		if !strings.Contains(err.Error(), "sweep "+name+":") {
			t.Errorf("%s is not among the failures: %v", name, err)
		}
	}
}

// addTokens adds tokens made now that can be refreshed until an instant.
func addTokens(t *testing.T, db *store.DB, n int, ends time.Time) {
	t.Helper()
	err := db.Act(t.Context(), store.ActSignIn, func(tx *store.Tx) error {
		tx.NoEvent("test")
		for range n {
			token := identity.AccessToken{ID: identity.NewTokenID(tx.Now()), AccountID: "acc_1", CreatedAt: tx.Now(), ExpiresAt: ends, RefreshEndsAt: ends}
			if err := tx.AccessTokens.Insert(store.AccessTokenRow{Token: token, Hash: []byte("hash"), Seed: []byte("seed")}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Nothing is read beyond the bound: what is younger than the shortest life is
// left alone whatever it says, and of what is older and lives each run passes
// its portion and no more.
func TestSweepReadsNoMoreTokensThanItMust(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		const portion, living, over = 10, 25, 7
		addTokens(t, db, living, clock.Now().Add(3*identity.RefreshLife))
		clock.Advance(time.Second)
		addTokens(t, db, over, clock.Now().Add(time.Minute))
		s := newSweeper(db, nil)
		s.living = portion
		run := func(want int) {
			t.Helper()
			if err := s.accessTokens(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := tokensLeft(t, db); got != want {
				t.Errorf("%d tokens left, want %d", got, want)
			}
		}
		clock.Advance(identity.RefreshLife - time.Minute)
		run(living + over)
		if s.passed != "" {
			t.Errorf("read up to %s, which is too young to have ended", s.passed)
		}
		clock.Advance(time.Hour)
		run(living + over)
		run(living + over)
		run(living)
		run(living) // from the oldest again
		clock.Advance(3 * identity.RefreshLife)
		run(portion) // the rest of the round, then those passed before
		run(0)
	})
}

// Whoever writes is not kept waiting by the search: while the one writer of
// SQLite is busy, all living tokens are passed.
func TestSweepPassesLivingTokensBesideTheWriter(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	addTokens(t, db, 2*pageRows, clock.Now().Add(2*identity.RefreshLife))
	clock.Advance(identity.RefreshLife + time.Hour)
	s := newSweeper(db, nil)
	err := db.Act(t.Context(), store.ActSweep, func(*store.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		return errors.Join(s.accessTokens(ctx), s.surplusTraces(ctx, 10))
	})
	if err != nil {
		t.Errorf("the sweep waits for the writer: %v", err)
	}
}

func TestSweepKeepsTheNewestTraces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		fill(t, db, "first", 2, clock.Now())
		clock.Advance(time.Second)
		fill(t, db, "then", 3, clock.Now())
		s := newSweeper(db, nil)
		for _, row := range []struct {
			keep int
			want int64
		}{{6, 5}, {5, 5}, {3, 3}, {3, 3}} {
			if err := s.surplusTraces(t.Context(), row.keep); err != nil {
				t.Fatal(err)
			}
			if got := left(t, db, clock)["old traces"]; got != row.want {
				t.Errorf("keep %d: %d left, want %d", row.keep, got, row.want)
			}
		}
	})
}
