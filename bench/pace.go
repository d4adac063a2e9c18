package main

import (
	"context"
	"time"
)

// What a run takes beside the measuring, estimated generously: a start on a
// database with its copy, the filling of a million members, and what is kept
// back to write everything down.
const (
	startTime = 8 * time.Second
	caseTime  = 300 * time.Millisecond
	reserve   = 10 * time.Second
)

// shortest is the part of a run that is measured where time is shortest.
const shortest = 0.5

// fillTime is how long a database may take to be filled or moved.
func fillTime(members int) time.Duration { return time.Duration(members) * 400 * time.Microsecond }

// begin counts the work that lies ahead.
func (c *campaign) begin(list []stage) {
	c.ahead, c.length = nil, c.options.run
	seeded := map[[2]int]bool{}
	for _, s := range list {
		chosen := c.chosen(s)
		if len(chosen) == 0 {
			continue
		}
		preparing := startTime
		if population := [2]int{s.members, s.organizations}; !seeded[population] || s.storage == postgres {
			seeded[population] = true
			preparing += fillTime(s.members)
		}
		for i, b := range chosen {
			once := c.options.warm + b.length(c.options.run)
			w := work{measuring: 2 * once, preparing: caseTime}
			if b.doubles(s) { // as many rounds again, after the start of the other
				w.measuring += 2 * once
				w.after += caseTime
			}
			if b.halves(s) {
				w.after += b.halfTime(c.options)
			}
			if b.validates() {
				w.measuring += 2 * once
			}
			if i == 0 {
				w.preparing += preparing
			}
			c.ahead = append(c.ahead, w)
		}
	}
}

// work is one case that lies ahead: what comes before its rounds, one of them,
// and what comes after them.
type work struct{ preparing, measuring, after time.Duration }

// rounds is how many rounds the next case gets: as many as were asked for, but
// fewer when otherwise the last cases would not be measured before the limit.
// One round of every case is worth more than three of some. Where not even one
// of each fits, its runs are shorter, by half at most.
func (c *campaign) rounds(ctx context.Context) int {
	next, later := c.ahead[0], c.ahead[1:]
	c.ahead = later
	deadline, limited := ctx.Deadline()
	if !limited {
		return c.options.rounds
	}
	left := time.Until(deadline) - reserve - next.after
	measuring := next.measuring
	for _, w := range later {
		left -= w.preparing + w.after
		measuring += w.measuring
	}
	share := min(max(ratio(float64(left), float64(measuring)), shortest), 1)
	c.length = time.Duration(share * float64(c.options.run))
	return min(max(int(left/measuring), 1), c.options.rounds)
}
