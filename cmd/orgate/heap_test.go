package main

import (
	"runtime"
	"slices"
	"testing"
)

func TestHeapGrowsByItsRoomOrDoubles(t *testing.T) {
	for _, row := range []struct {
		live    uint64
		percent int
	}{
		{0, 1600},
		{4 << 20, 1600},
		{16 << 20, 400},
		{32 << 20, 200},
		{64 << 20, 100},
		{1 << 30, 100},
	} {
		if got := percentOf(row.live); got != row.percent {
			t.Errorf("%d MB live: %d %%, want %d", row.live>>20, got, row.percent)
		}
	}
}

func TestMeasureFollowsWhatLives(t *testing.T) {
	var set []int
	c := &collector{percent: percentOf(0), set: func(percent int) int { set = append(set, percent); return 0 }}
	for _, megabytes := range []uint64{4, 16, 17, 16, 40, 500, 600, 4} {
		c.adjust(megabytes << 20)
	}
	if want := []int{400, 160, 100, 1600}; !slices.Equal(set, want) {
		t.Errorf("set %v, want %v", set, want)
	}
}

// TestEachCollectionIsSeen sees two, the second by the sentinel that the first
// has laid out anew.
func TestEachCollectionIsSeen(t *testing.T) {
	seen := make(chan int, 8)
	c := &collector{percent: 1 << 20, set: func(percent int) int { seen <- percent; return 0 }}
	c.watch()
	runtime.GC()
	first := <-seen
	c.percent = 1 << 20
	runtime.GC()
	if second := <-seen; first < leastPercent || second < leastPercent {
		t.Errorf("set %d, then %d", first, second)
	}
}
