package store_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// withoutKey are the tables that name an organisation and do not go with it by
// a key of their own, each with how its rows go all the same.
var withoutKey = map[string]string{
	"accounts":        "with the members (Dissolutions.People)",
	"member_contacts": "with the members, by key",
	"links":           "with the members, by key",
	"sessions":        "with the members and accounts, by key",
	"grants":          "with the applications, by key",
	"app_ids":         "one by one, so that their end is announced",
	"access_tokens":   "Dissolutions.Tokens",
	"traces":          "Dissolutions.Traces",
	"api_tokens":      "revoked, and then Dissolutions.Keys",
	"events":          "they stay: the installation's log tells what happened",
	"report_people":   "Dissolutions.Met",
	"participations":  "they stay for 30 days and hold identifiers alone: other applications are told of the end",
}

// Whoever adds a table that names an organisation decides how its rows go.
func TestEveryTableOfAnOrganizationIsEmptied(t *testing.T) {
	db := storetest.Open(t)
	lines := func(query string) (all []string) {
		err := db.View(t.Context(), func(tx *store.Tx) (err error) {
			all, err = store.Strings(tx, query)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	naming := lines(`SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = 'organization_id'`)
	keyed := lines(`SELECT t.name FROM sqlite_master t, pragma_foreign_key_list(t.name) k
		WHERE t.type = 'table' AND k."table" = 'organizations' AND k.on_delete = 'CASCADE'`)
	if len(naming) < 10 || len(keyed) < 5 {
		t.Fatalf("found %d tables, %d with a key", len(naming), len(keyed))
	}
	for _, table := range naming {
		if slices.Contains(keyed, table) == (withoutKey[table] != "") {
			t.Errorf("%s: with a key that cascades %v, listed without %q", table, slices.Contains(keyed, table), withoutKey[table])
		}
	}
	for _, table := range slices.Sorted(maps.Keys(withoutKey)) {
		if !slices.Contains(naming, table) {
			t.Errorf("%s names no organisation", table)
		}
	}
}

func TestPeopleLeaveInSlices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		gone, root := w.organization("gone")
		kept, keptRoot := w.organization("kept")
		for _, name := range strings.Fields("alice bob carol") {
			w.member(gone, root, name)
		}
		stays := w.member(kept, keptRoot, "dave")
		// Somebody with an account of their own is a member of both.
		own := w.person(kept, keptRoot, "erin")
		own.Account.Kind, own.Account.OrganizationID = identity.Personal, ""
		w.update(func(tx *store.Tx) error { return insert(tx, own) })
		guest := own
		guest.Member.ID, guest.Member.OrganizationID, guest.Member.Department = identity.NewMemberID(w.now), gone.ID, root.ID
		w.update(func(tx *store.Tx) error { return tx.Members.Insert(guest) })
		for _, want := range []int{3, 1, 0} {
			w.update(func(tx *store.Tx) error {
				if n, err := tx.Dissolutions.People(gone.ID, 3); n != want {
					t.Errorf("got %d, %v, want %d", n, err, want)
					return err
				}
				return nil
			})
		}
		w.counts(gone.ID, 0, 1)
		w.counts(kept.ID, 2, 1)
		w.update(func(tx *store.Tx) error {
			for _, id := range []identity.AccountID{stays.Account.ID, own.Account.ID} {
				if _, err := tx.Accounts.Get(id); err != nil {
					t.Errorf("an account of others: %v", err)
				}
			}
			var left int
			err := store.Scan(tx, &left, `SELECT count(*) FROM accounts`)
			if left != 2 {
				t.Errorf("%d accounts are left, want 2", left)
			}
			return err
		})
	})
}

func TestTokensAndTracesOfAnOrganizationAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		for i, org := range strings.Fields("gone kept gone kept kept") {
			w.exec(`INSERT INTO traces (id, code, request_id, organization_id, kind, outcome, at, story) VALUES ($1, '', '', $2, '', '', 0, '')`,
				"trc_"+string(rune('a'+i)), org)
			w.exec(`INSERT INTO access_tokens (id, hash, seed, account_id, organization_id, member_id, client_type, app_id, address, created_at,
				expires_at, refreshed_at, refresh_ends_at, account_generation, member_generation, organization_generation, app_id_generation)
				VALUES ($1, $2, $2, '', $3, '', 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0)`, "tok_"+string(rune('a'+i)), []byte{1}, org)
		}
		var token identity.TokenID
		var trace identity.TraceID
		passes := 0
		for again := true; again; again = token != "" {
			passes++
			w.update(func(tx *store.Tx) (err error) {
				if token, err = tx.Dissolutions.Tokens("gone", token, 2); err != nil {
					return err
				}
				trace, err = tx.Dissolutions.Traces("gone", trace, 2)
				return err
			})
		}
		if passes != 3 || trace != "" {
			t.Errorf("%d passes of two rows each, want 3", passes)
		}
		w.update(func(tx *store.Tx) error {
			for _, table := range []string{"access_tokens", "traces"} {
				owners, err := store.Strings(tx, `SELECT organization_id FROM `+table)
				if err != nil || !slices.Equal(owners, []string{"kept", "kept", "kept"}) {
					t.Errorf("%s: got %v, %v", table, owners, err)
				}
			}
			return nil
		})
	})
}
