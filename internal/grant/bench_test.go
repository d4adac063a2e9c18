package grant

import (
	"path/filepath"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func benchHouse(b *testing.B) *house {
	dsn := "sqlite:" + filepath.Join(b.TempDir(), "orgate.db")
	return newHouse(b, func(o ...storetest.Option) *store.DB { return storetest.OpenDSN(b, dsn, o...) })
}

func BenchmarkAuthorizeAndRedeem(b *testing.B) {
	h := benchHouse(b)
	b.ReportAllocs()
	for b.Loop() {
		h.enter()
	}
}

func BenchmarkRotate(b *testing.B) {
	h := benchHouse(b)
	refresh := h.enter().Refresh
	b.ReportAllocs()
	for b.Loop() {
		refresh = h.rotate("bench", refresh, "").Refresh
	}
}

func BenchmarkIssue(b *testing.B) {
	h := benchHouse(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Issue(b.Context(), h.app, []string{"profile"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInspect(b *testing.B) {
	h := benchHouse(b)
	out := h.enter()
	for name, inspect := range map[string]func() (identity.Inspection, error){
		"opaque": func() (identity.Inspection, error) { return h.Inspect(b.Context(), out.Access) },
		"by id":  func() (identity.Inspection, error) { return h.Stands(b.Context(), out.Grant.ID) },
		"unremembered": func() (identity.Inspection, error) {
			h.cache.fresh.Raise("")
			return h.Inspect(b.Context(), out.Access)
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := inspect(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
