package bulk

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestImportFromBeginningToEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		file := "账号,Name,department,attr:floor\r\nalice,Alice,Research/Backend,3\r\n\r\n,Nobody,,\r\nbob,Bob,/,\r\nALICE,Again,,\r\n"
		dry := h.imports(NewImport{FileName: `C:\tmp\..\people.csv`, DryRun: true, MakeDepartments: true}, file)
		if got := told(dry); got != "done 4/4 +2 ~0 =0 !2" || len(h.people()) != 0 || dry.FileName != "people.csv" {
			t.Errorf("dry: got %s, %v, %q", got, h.people(), dry.FileName)
		}
		k := h.imports(NewImport{FileName: "people.csv", MakeDepartments: true}, file)
		if got := told(k); got != "done 4/4 +2 ~0 =0 !2" {
			t.Errorf("got %s", got)
		}
		if got, want := h.refusals(k), []string{"4 account import_nobody", "6 account import_repeated"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		result := h.content(h.Result(t.Context(), console, k, i18n.ZhCN))
		if !strings.HasPrefix(result, "\ufeff账号,Name,department,attr:floor,需更正的问题\r\n,Nobody,,,") || !strings.Contains(result, "ALICE,Again,,,账号: 该行与第 2 行是同一人。") {
			t.Errorf("got %s", result)
		}
		if got := h.content(h.Original(t.Context(), console, k)); got != file {
			t.Errorf("got the original %q", got)
		}
		if got := told(h.imports(NewImport{}, file)); got != "done 4/4 +0 ~0 =2 !2" {
			t.Errorf("again: got %s", got)
		}
	})
}

func TestImportAllOrNothing(t *testing.T) {
	h := sqliteHouse(t)
	for _, tt := range []struct{ name, file, want, people string }{
		{"a cell that cannot be read", "account,name,sort_level\na,A,\nb,B,x\n", "failed 2/2 +0 ~0 =0 !1 import_refused", ""},
		{"a rule", "account,name\na,A\n123,B\n", "failed 2/2 +0 ~0 =0 !1 import_refused", ""},
		{"all in order", "account,name\na,A\nb,B\n", "done 2/2 +2 ~0 =0 !0", "a b"},
		{"too many", "account,name\n" + strings.Repeat("x,X\n", maxAtomic+1), "failed 0/0 +0 ~0 =0 !0 import_atomic", "a b"},
	} {
		if got := told(h.imports(NewImport{AllOrNothing: true}, tt.file)); got != tt.want || strings.Join(h.people(), " ") != tt.people {
			t.Errorf("%s: got %s, %v, want %s", tt.name, got, h.people(), tt.want)
		}
	}
	if k := h.imports(NewImport{}, "account\n"); told(k) != "failed 0/0 +0 ~0 =0 !0 import_empty" || k.Status != identity.TaskFailed {
		t.Errorf("got %s", told(k))
	}
}
