package main

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/token"
)

// filled fills a small database, at once and from parts that are put together,
// moves it where a PostgreSQL is at hand, and opens it as the server does.
func filled(t *testing.T, check func(t *testing.T, p *population, db *store.DB)) {
	t.Helper()
	filledAt(t, func(t *testing.T, p *population, _ string, db *store.DB) { check(t, p, db) })
}

// filledAt is filled for who has to know where the database is.
func filledAt(t *testing.T, check func(t *testing.T, p *population, dsn string, db *store.DB)) {
	t.Helper()
	for name, shard := range map[string]int{"at once": 0, "in parts": 5} {
		t.Run(name, func(t *testing.T) {
			storetest.EachDSN(t, func(t *testing.T, dsn string) {
				ctx := t.Context()
				o := plan{
					path: t.TempDir() + "/orgate.db", sealing: storetest.SealingKey(), members: 200, organizations: 3,
					hash: "$argon2id$", shard: shard, centre: "127.0.0.1:1",
				}
				p, err := seed(ctx, o)
				if strings.HasPrefix(dsn, "sqlite:") {
					dsn = "sqlite:" + o.path
				} else if err == nil {
					err = transfer(ctx, o.path, dsn, o.sealing)
				}
				if err != nil {
					t.Fatal(err)
				}
				check(t, p, dsn, storetest.OpenDSN(t, dsn, storetest.With(func(o *store.Options) { o.Now = time.Now })))
			})
		})
	}
}

func TestTokensOfThePopulation(t *testing.T) {
	filled(t, func(t *testing.T, p *population, db *store.DB) {
		tokens := token.New(db, token.Options{Now: time.Now})
		defer tokens.Close()
		for i, word := range p.tokens {
			bearer, err := tokens.Check(t.Context(), word)
			if got, want := bearer.Actor.OrganizationID, p.tenantOf(i).id; err != nil || got != want {
				t.Errorf("member %d is in %s, %v; want %s", i, got, err, want)
			}
			if p.person(i, time.Now()).Member.ActivatedAt.IsZero() {
				t.Errorf("member %d holds a token and never came in", i)
			}
		}
		if actor, err := tokens.CheckAPIToken(t.Context(), p.key); err != nil || actor.OrganizationID != "" {
			t.Errorf("the management token acts for %q, %v; want the installation", actor.OrganizationID, err)
		}
	})
}

func TestSeed(t *testing.T) {
	filled(t, func(t *testing.T, p *population, db *store.DB) {
		err := db.View(t.Context(), func(tx *store.Tx) error {
			for i := range p.tenants {
				p.checkTenant(t, tx, i)
			}
			for i := range p.tokens {
				p.checkMember(t, tx, i)
			}
			for _, m := range p.marks {
				if _, err := tx.Members.Get(p.tenants[m.tenant].id, m.id); err != nil {
					t.Errorf("the mark %s: %v", m.id, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		// What counts on from the rows that were moved: the change feed.
		if err := db.Act(t.Context(), store.ActToken, func(tx *store.Tx) error { return tx.Changed(store.TopicToken, "any") }); err != nil {
			t.Errorf("a change after filling: %v", err)
		}
	})
}

func (p *population) checkTenant(t *testing.T, tx *store.Tx, i int) {
	t.Helper()
	members, departments, err := tx.Organizations.Counts(p.tenants[i].id)
	if want := []int{67, 67, 66}[i]; err != nil || members != want || departments > 1 {
		t.Errorf("organisation %d has %d members and %d departments, %v; want %d", i, members, departments, err, want)
	}
	app, err := tx.Lookup.AppID(p.tenants[i].appID)
	if err != nil || app.Validate() != nil || app.Keys[0].Secret != p.keys()[p.tenants[i].appID] {
		t.Errorf("organisation %d: the App ID differs or is not valid: %v", i, err)
	}
}

// checkMember looks a member up by each of the indexes that filling in parts
// leaves out at first.
func (p *population) checkMember(t *testing.T, tx *store.Tx, i int) {
	t.Helper()
	org := p.tenantOf(i).id
	person, err := tx.Members.ByThirdAccount(org, thirdAccount(i))
	if err != nil || person.Account.Name != p.account(i) || person.Member.Validate() != nil {
		t.Errorf("member %d is %q, %v; want %q and valid", i, person.Account.Name, err, p.account(i))
	}
	for _, text := range []string{nameOf(i), mailOf(i), person.Account.Mobile} {
		found, err := tx.Members.Page(org, store.MemberQuery{Text: text, Limit: 5})
		if err != nil || len(found) != 1 || found[0].Member.ID != person.Member.ID {
			t.Errorf("%q finds %d members, %v; want member %d", text, len(found), err, i)
		}
	}
}

func TestHasty(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://u@127.0.0.1:1/d?sslmode=disable": "postgres://u@127.0.0.1:1/d?maintenance_work_mem=256MB&sslmode=disable&synchronous_commit=off",
		"postgres://u@127.0.0.1:1/d":                 "postgres://u@127.0.0.1:1/d?maintenance_work_mem=256MB&synchronous_commit=off",
	} {
		if got, err := hasty(dsn); err != nil || got != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
	if _, err := hasty("postgres://%zz"); err == nil || strings.Contains(err.Error(), "zz") {
		t.Errorf("a DSN that cannot be read: got %v, want an error without it", err)
	}
}

func TestNames(t *testing.T) {
	given, names := map[string]int{}, map[string]bool{}
	for i := range 20_000 {
		g, family := namesOf(i)
		given[g]++
		names[g+family] = true
	}
	if len(given) < 4_500 || len(names) < 19_900 {
		t.Errorf("20,000 people have %d given and %d whole names, want most of 4,900 and hardly one twice", len(given), len(names))
	}
	for name, n := range given {
		if n > 30 {
			t.Errorf("%d of 20,000 are called %s, want about 4", n, name)
		}
	}
}
