package main

import (
	"math"
	"os"
	"runtime/debug"
	"time"
)

const (
	// heapRoom is how far the heap may grow between two collections beyond what
	// the runtime itself allows. By its own measure, twice of what lives, a
	// server with few people would collect forty times a second under load.
	heapRoom = 64 << 20
	// startEnds is when what the start needed is given back.
	startEnds = time.Second
)

// tendHeap gives the garbage collector room, and gives back what the start
// needed. The room is a block that counts as living as long as the caller keeps
// it. Nothing ever touches it, so it takes addresses and no memory, and a limit
// by GOMEMLIMIT is moved by it. An operator who sets GOGC decides alone and
// gets no block.
func tendHeap() []byte {
	time.AfterFunc(startEnds, debug.FreeOSMemory)
	if os.Getenv("GOGC") != "" {
		return nil
	}
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64-heapRoom {
		debug.SetMemoryLimit(limit + heapRoom)
	}
	return make([]byte, heapRoom)
}
