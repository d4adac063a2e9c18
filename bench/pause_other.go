//go:build !linux

package main

import "time"

// pause waits: elsewhere this program is built and tested, but does not measure.
func pause(d time.Duration) { time.Sleep(d) }
