package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/token"
)

// filled fills a small database and opens it as the server does.
func filled(t *testing.T) (*population, *store.DB) {
	t.Helper()
	ctx := context.Background()
	o := plan{dsn: "sqlite:" + t.TempDir() + "/orgate.db", sealing: make([]byte, 32), members: 25, organizations: 3, hash: "$argon2id$"}
	p, err := populate(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, store.Options{DSN: o.dsn, Sealing: [][]byte{o.sealing}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return p, db
}

func TestTokensOfThePopulation(t *testing.T) {
	p, db := filled(t)
	tokens := token.New(db, token.Options{Now: time.Now})
	defer tokens.Close()
	for i, word := range p.tokens {
		bearer, err := tokens.Check(context.Background(), word)
		if got, want := bearer.Actor.OrganizationID, p.tenantOf(i).id; err != nil || got != want {
			t.Errorf("member %d is in %s, %v; want %s", i, got, err, want)
		}
	}
}

func TestPopulate(t *testing.T) {
	p, db := filled(t)
	err := db.View(context.Background(), func(tx *store.Tx) error {
		for i, tenant := range p.tenants {
			members, _, err := tx.Organizations.Counts(tenant.id)
			if want := []int{9, 8, 8}[i]; err != nil || members != want {
				t.Errorf("organisation %d has %d members, %v; want %d", i, members, err, want)
			}
			app, err := tx.Lookup.AppID(tenant.appID)
			if err != nil || app.Validate() != nil || app.Keys[0].Secret != p.keys()[tenant.appID] {
				t.Errorf("organisation %d: the App ID differs or is not valid: %v", i, err)
			}
		}
		person, err := tx.Members.ByThirdAccount(p.tenants[1].id, thirdAccount(4))
		if err != nil || person.Account.Name != p.account(4) || person.Member.Validate() != nil {
			t.Errorf("member 4 is %q, %v; want %q and valid", person.Account.Name, err, p.account(4))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestHasty(t *testing.T) {
	for dsn, want := range map[string]string{
		"sqlite:/tmp/a.db":                           "sqlite:/tmp/a.db",
		"postgres://u@127.0.0.1:1/d?sslmode=disable": "postgres://u@127.0.0.1:1/d?sslmode=disable&synchronous_commit=off",
	} {
		if got, err := hasty(dsn); err != nil || got != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
	if _, err := hasty("postgres://%zz"); err == nil || strings.Contains(err.Error(), "zz") {
		t.Errorf("a DSN that cannot be read: got %v, want an error without it", err)
	}
}
