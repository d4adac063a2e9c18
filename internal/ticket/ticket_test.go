package ticket

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

type open = func(...storetest.Option) *store.DB

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func TestTicketsAreRedeemedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open open) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		tickets := New(db)
		issue := func() string {
			secret, err := tickets.Issue(t.Context(), identity.TicketReset, []byte("what it is for"), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		redeem := func(kind identity.TicketKind, secret string) error {
			got, err := tickets.Redeem(t.Context(), kind, secret)
			if err == nil && (string(got.Payload) != "what it is for" || got.Kind != kind || !got.ExpiresAt.Equal(got.CreatedAt.Add(time.Minute))) {
				t.Errorf("got %+v", got)
			}
			return err
		}
		secret := issue()
		wants(t, "another kind", redeem(identity.TicketSetup, secret), fault.CodeTicket)
		wants(t, "malformed", redeem(identity.TicketReset, secret[:40]), fault.CodeTicket)
		wants(t, "unknown", redeem(identity.TicketReset, NewSecret(clock.Now()).Text(prefix)), fault.CodeTicket)
		s, _ := ParseSecret(prefix, secret)
		s.Proof[0] ^= 1
		wants(t, "the id with another proof", redeem(identity.TicketReset, s.Text(prefix)), fault.CodeTicket)
		wants(t, "right", redeem(identity.TicketReset, secret), "")
		wants(t, "again", redeem(identity.TicketReset, secret), fault.CodeSpent)
		late := issue()
		clock.Advance(time.Minute)
		wants(t, "spent and expired", redeem(identity.TicketReset, secret), fault.CodeTicket)
		wants(t, "expired", redeem(identity.TicketReset, late), fault.CodeTicket)
	})
}

func TestPeekSpendsNothing(t *testing.T) {
	db := storetest.Open(t)
	tickets := New(db)
	secret, err := tickets.Issue(t.Context(), identity.TicketReset, nil, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := db.View(t.Context(), func(tx *store.Tx) error {
			_, err := Peek(tx, identity.TicketReset, secret)
			return err
		})
		wants(t, "peek", err, "")
	}
	_, err = tickets.Redeem(t.Context(), identity.TicketReset, secret)
	wants(t, "redeem", err, "")
	err = db.View(t.Context(), func(tx *store.Tx) error {
		got, err := Peek(tx, identity.TicketReset, secret)
		if got.SpentAt.IsZero() {
			t.Error("a spent ticket does not say when")
		}
		return err
	})
	wants(t, "peek afterwards", err, fault.CodeSpent)
}

// What is undone with a transaction is as if it had not been: a refused
// request burns neither its ticket nor its nonce.
func TestRollbackGivesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open open) {
		db := open()
		until := storetest.NewClock().Now().Add(time.Hour)
		secret, err := New(db).Issue(t.Context(), identity.TicketReset, nil, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		refusal := fault.New(fault.Forbidden, fault.CodeForbidden)
		use := func(end error) error {
			return db.Act(t.Context(), store.ActTicket, func(tx *store.Tx) error {
				if _, err := Take(tx, identity.TicketReset, secret); err != nil {
					return err
				}
				if err := Claim(tx, "space", "word", until, errTaken); err != nil {
					t.Errorf("claim: got %v", err)
				}
				return end
			})
		}
		wants(t, "refused", use(refusal), fault.CodeForbidden)
		wants(t, "then let through", use(nil), "")
		wants(t, "then again", use(nil), fault.CodeSpent)
	})
}

func TestOfManyRedeemersOneSucceeds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open open) {
		tickets, far := New(open()), New(open())
		secret, err := tickets.Issue(t.Context(), identity.TicketReset, nil, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		errs := make([]error, 32)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() {
				_, errs[i] = []*Tickets{tickets, far}[i%2].Redeem(t.Context(), identity.TicketReset, secret)
			})
		}
		work.Wait()
		good := 0
		for _, err := range errs {
			if err == nil {
				good++
			} else {
				wants(t, "the others", err, fault.CodeSpent)
			}
		}
		if good != 1 {
			t.Errorf("%d of 32 redeemed one ticket", good)
		}
	})
}

func TestClaims(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open open) {
		clock := storetest.NewClock()
		db, far := open(storetest.WithClock(clock)), open(storetest.WithClock(clock))
		until := clock.Now().Add(time.Hour)
		claim := func(db *store.DB, space, word string, until time.Time) bool {
			return claimed(t, db, space, word, until)
		}
		for _, row := range []struct {
			name, space, word string
			db                *store.DB
			want              bool
		}{
			{"first", "app_id:a", "nonce", db, true},
			{"again", "app_id:a", "nonce", db, false},
			{"on another node", "app_id:a", "nonce", far, false},
			{"another word", "app_id:a", "nonce2", db, true},
			{"another space", "app_id:b", "nonce", db, true},
			{"the border moved", "app_id:an", "once", db, true},
			{"other case", "app_id:a", "Nonce", db, true},
		} {
			if got := claim(row.db, row.space, row.word, until); got != row.want {
				t.Errorf("%s: got %v, want %v", row.name, got, row.want)
			}
		}
	})
}

// The code of a client is known by its beginning, and serves under no other.
func TestClientCodesHaveAPrefixOfTheirOwn(t *testing.T) {
	tickets := New(storetest.Open(t))
	code, err := tickets.Issue(t.Context(), identity.TicketClientCode, nil, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	bare, found := strings.CutPrefix(code, ClientCodePrefix)
	if !found {
		t.Fatalf("got %.4s…, want %s…", code, ClientCodePrefix)
	}
	_, err = tickets.Redeem(t.Context(), identity.TicketClientCode, prefix+bare)
	wants(t, "under another prefix", err, fault.CodeTicket)
	_, err = tickets.Redeem(t.Context(), identity.TicketClientCode, code)
	wants(t, "as it was given", err, "")
}
