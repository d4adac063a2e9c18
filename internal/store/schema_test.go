package store_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// Catalogue queries: one line per column or index key, spelt alike.
var catalogue = map[string][2]string{
	"sqlite": {
		`SELECT t.name || '.' || c.name || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
			|| CASE upper(c.type) WHEN 'BLOB' THEN ' blob' WHEN 'BOOLEAN' THEN ' boolean' WHEN 'TEXT' THEN ' text' ELSE ' bigint' END
		FROM sqlite_master t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'goose_%'`,
		`SELECT t.name || ' ' || CASE i.origin WHEN 'pk' THEN t.name || '_pkey' ELSE i.name END
			|| CASE i."unique" WHEN 1 THEN ' unique' ELSE '' END || CASE i.partial WHEN 1 THEN ' partial' ELSE '' END
			|| ' ' || k.seqno || ' ' || coalesce(k.name, '?')
		FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) k
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'goose_%'`,
	},
	"postgres": {
		`SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
			|| CASE data_type WHEN 'bytea' THEN ' blob' ELSE ' ' || data_type END
		FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose_%'`,
		`SELECT t.relname || ' ' || i.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
			|| CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END
			|| ' ' || (k.n - 1) || ' ' || coalesce(a.attname, '?')
		FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
		JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = current_schema()
		CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (column_number, n)
		LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.column_number AND k.column_number > 0
		WHERE t.relname NOT LIKE 'goose_%'`,
	},
}

func TestBothSchemasAreEqual(t *testing.T) {
	schemas := map[string]map[string]bool{}
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		lines := map[string]bool{}
		for _, query := range catalogue[store.Dialect(db)] {
			err := db.View(t.Context(), func(tx *store.Tx) error {
				found, err := store.Strings(tx, query)
				for _, line := range found {
					lines[line] = true
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		// An alias of SQLite's row number has no index of its own.
		delete(lines, "changes changes_pkey unique 0 seq")
		if len(lines) < 20 {
			t.Fatalf("found only %d lines", len(lines))
		}
		schemas[store.Dialect(db)] = lines
	})
	if len(schemas) < 2 {
		return
	}
	for _, line := range slices.Sorted(maps.Keys(schemas["sqlite"])) {
		if !schemas["postgres"][line] {
			t.Errorf("only on SQLite: %s", line)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(schemas["postgres"])) {
		if !schemas["sqlite"][line] {
			t.Errorf("only on PostgreSQL: %s", line)
		}
	}
}

func TestNodesMigrateTogether(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		errs := make(chan error, 4)
		for range cap(errs) {
			go func() {
				db, err := store.Open(t.Context(), store.Options{
					DSN: dsn, Sealing: [][]byte{storetest.SealingKey()}, Now: storetest.NewClock().Now,
					Synchronous: "off", SkipSchemaCheck: true,
				})
				if err == nil {
					err = db.Migrate(context.WithoutCancel(t.Context()))
					_ = db.Close()
				}
				errs <- err
			}()
		}
		for range cap(errs) {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}
