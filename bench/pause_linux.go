package main

import (
	"syscall"
	"time"
)

// pause waits, more exactly than time.Sleep, which a program that has nothing
// else to do wakes from up to a millisecond late: longer than most answers
// take. It may end early.
func pause(d time.Duration) {
	left := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&left, nil) // fails only if it is interrupted
}
