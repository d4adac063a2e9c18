package main

import (
	"context"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/token"
)

func TestPopulate(t *testing.T) {
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
	t.Cleanup(func() { db.Close() })
	tokens := token.New(db, token.Options{Now: time.Now})
	defer tokens.Close()
	for i, word := range p.tokens {
		bearer, err := tokens.Check(ctx, word)
		if err != nil {
			t.Fatalf("token of member %d: %v", i, err)
		}
		if got, want := bearer.Actor.OrganizationID, p.tenantOf(i).id; got != want {
			t.Errorf("member %d is in %s, want %s", i, got, want)
		}
	}
	err = db.View(ctx, func(tx *store.Tx) error {
		for i, tenant := range p.tenants {
			members, _, err := tx.Organizations.Counts(tenant.id)
			if want := []int{9, 8, 8}[i]; err != nil || members != want {
				t.Errorf("organisation %d has %d members, %v; want %d", i, members, err, want)
			}
			app, err := tx.Lookup.AppID(tenant.appID)
			if err != nil || app.Keys[0].Secret != tenant.key || p.keys()[tenant.appID] != tenant.key {
				t.Errorf("organisation %d: the App Key differs, %v", i, err)
			}
		}
		person, err := tx.Members.ByThirdAccount(p.tenants[1].id, thirdAccount(4))
		if err != nil || person.Account.Name != p.account(4) || person.Member.Validate() != nil {
			t.Errorf("member 4 is %q, %v, %v; want %q and valid", person.Account.Name, err, person.Member.Validate(), p.account(4))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
