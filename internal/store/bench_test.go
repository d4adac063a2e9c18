package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 8} { // times GOMAXPROCS
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) {
			db := storetest.Open(b)
			b.ReportAllocs()
			b.SetParallelism(writers)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					err := db.Update(b.Context(), func(tx *store.Tx) error { tx.NoEvent("empty"); return nil })
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func BenchmarkInsert(b *testing.B) {
	db := storetest.Open(b, storetest.With(func(o *store.Options) { o.Synchronous = "full" }))
	var n atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := db.Update(b.Context(), func(tx *store.Tx) error { return put(tx, fmt.Sprintf("%012d", n.Add(1))) }); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkView(b *testing.B) {
	db := storetest.Open(b)
	if err := db.Update(b.Context(), func(tx *store.Tx) error { return put(tx, "a") }); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			err := db.View(b.Context(), func(tx *store.Tx) error {
				var v int64
				return store.Scan(tx, &v, readVersion, "a")
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
