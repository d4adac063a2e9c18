package store

import (
	"reflect"
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

func TestNarrow(t *testing.T) {
	for name, c := range map[string]struct {
		build func(*narrow)
		slice Slice
		want  string
		args  []any
	}{
		"nothing more": {
			func(*narrow) {},
			Slice{Limit: 9},
			`SELECT x FROM t WHERE o = $1 ORDER BY id LIMIT $2`,
			[]any{identity.OrganizationID("org_1"), 9},
		},
		"a text in one of two columns": {
			func(n *narrow) { n.containing(` A%b_\`, `a`, `b`) },
			Slice{Limit: 9},
			`SELECT x FROM t WHERE o = $1 AND (a LIKE $2 ESCAPE '\' OR b LIKE $2 ESCAPE '\') ORDER BY id LIMIT $3`,
			[]any{identity.OrganizationID("org_1"), `%a\%b\_\\%`, 9},
		},
		"no text": {
			func(n *narrow) { n.containing(`  `, `a`) },
			Slice{Limit: 9},
			`SELECT x FROM t WHERE o = $1 ORDER BY id LIMIT $2`,
			[]any{identity.OrganizationID("org_1"), 9},
		},
		"a subtree": {
			func(n *narrow) { n.below(`d`, `1/rd/`) },
			Slice{Limit: 9},
			`SELECT x FROM t WHERE o = $1 AND d.path >= $2 AND d.path < $3 ORDER BY id LIMIT $4`,
			[]any{identity.OrganizationID("org_1"), `1/rd/`, prefixEnd(`1/rd/`), 9},
		},
		"after a key": {
			func(*narrow) {},
			Slice{After: "k", Limit: 9},
			`SELECT x FROM t WHERE o = $1 AND id > $2 ORDER BY id LIMIT $3`,
			[]any{identity.OrganizationID("org_1"), "k", 9},
		},
		"from an offset": {
			func(n *narrow) { n.and(`a = `, true); n.also(`b`) },
			Slice{Offset: 20, Limit: 9},
			`SELECT x FROM t WHERE o = $1 AND a = $2 AND b ORDER BY id LIMIT $3 OFFSET $4`,
			[]any{identity.OrganizationID("org_1"), true, 9, 20},
		},
	} {
		n := within(`o`, "org_1")
		c.build(n)
		got, args := n.page(`SELECT x FROM t`, `id`, c.slice)
		if got != c.want || !reflect.DeepEqual(args, c.args) {
			t.Errorf("%s: got %s with %v, want %s with %v", name, got, args, c.want, c.args)
		}
	}
}

func TestNarrowCounts(t *testing.T) {
	n := within(`o`, "org_1")
	n.containing(`a`, `name`)
	got, args := n.count(`t`)
	if want := `SELECT count(*) FROM t WHERE o = $1 AND (name LIKE $2 ESCAPE '\')`; got != want || len(args) != 2 {
		t.Errorf("got %s with %v, want %s", got, args, want)
	}
}
