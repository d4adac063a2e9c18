package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// heapRoom is how far the heap may grow between two collections, however
	// little of it lives. By the runtime's own measure, twice of what lives, a
	// server with few people would collect forty times a second under load.
	heapRoom = 64 << 20
	// leastPercent is the runtime's own measure, which goes for what is larger.
	leastPercent = 100
	// startEnds is when what the start needed is given back.
	startEnds = time.Second
)

// tendHeap gives the garbage collector room, and gives back what the start
// needed. An operator who sets GOGC decides alone; a limit by GOMEMLIMIT goes
// before the room as it is.
func tendHeap() {
	time.AfterFunc(startEnds, debug.FreeOSMemory)
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(percentOf(0))
	(&collector{percent: percentOf(0), set: debug.SetGCPercent}).watch()
}

// collector follows the collections of the process.
type collector struct {
	percent int
	set     func(percent int) int
}

// sentinel is garbage from the start, so that each collection finds one.
type sentinel struct{ _ *int }

// watch looks again after each collection.
func (c *collector) watch() {
	runtime.AddCleanup(&sentinel{}, func(c *collector) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		c.adjust(live[0].Value.Uint64())
		c.watch()
	}, c)
}

// adjust follows what lives. Setting the measure stops all goroutines for a
// moment, so small differences are left.
func (c *collector) adjust(live uint64) {
	want := percentOf(live)
	if off := want - c.percent; max(off, -off)*8 < c.percent {
		return
	}
	c.percent = want
	c.set(want)
}

// percentOf is the measure with which the heap grows by its room, or doubles
// where that is more.
func percentOf(live uint64) int {
	const smallest = heapRoom / 16 // what lives right after the start
	return max(leastPercent, int(100*heapRoom/max(live, smallest)))
}
