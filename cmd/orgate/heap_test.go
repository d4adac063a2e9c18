package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

// goal is the size of the heap at which the next collection begins.
func goal(t *testing.T) uint64 {
	t.Helper()
	runtime.GC()
	sample := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestHeapHasRoom(t *testing.T) {
	t.Setenv("GOGC", "")
	before := goal(t)
	room := tendHeap()
	after := goal(t)
	runtime.KeepAlive(room)
	// The block itself and as much again, less what lived in between.
	if after < before+heapRoom*3/2 {
		t.Errorf("the next collection begins at %d MB, before at %d MB", after>>20, before>>20)
	}
}

func TestOperatorDecidesAlone(t *testing.T) {
	t.Setenv("GOGC", "100")
	if room := tendHeap(); room != nil {
		t.Errorf("%d MB of room beside GOGC", len(room)>>20)
	}
}

// TestLimitMovesByTheRoom: the block counts in the runtime's sum, though it
// takes no memory.
func TestLimitMovesByTheRoom(t *testing.T) {
	t.Setenv("GOGC", "")
	was := debug.SetMemoryLimit(300 << 20)
	t.Cleanup(func() { debug.SetMemoryLimit(was) })
	room := tendHeap()
	if limit := debug.SetMemoryLimit(-1); limit != 300<<20+heapRoom {
		t.Errorf("the limit is %d MB", limit>>20)
	}
	runtime.KeepAlive(room)

	debug.SetMemoryLimit(math.MaxInt64)
	room = tendHeap()
	if limit := debug.SetMemoryLimit(-1); limit != math.MaxInt64 {
		t.Errorf("without a limit there is one: %d MB", limit>>20)
	}
	runtime.KeepAlive(room)
}
