package main

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// halved are the cases that are measured at half load too: what reads, then
// what is durable.
func halved() []string {
	return []string{"token validation, busy tokens", "user info", "member list, page 1", "App-ID login", "refresh", string(plainLogin)}
}

// halves reports whether a case is measured at half load on a stage. A line
// logged for each request is not measured twice.
func (b benchCase) halves(s stage) bool {
	return s.level != logAll && slices.Contains(halved(), b.name)
}

// halfTime is how long that takes.
func (b benchCase) halfTime(o options) time.Duration { return o.warm + 2*b.length(o.run) }

// half measures the server at half of the requests that the closed loop has
// reached, in an open loop.
func (a *arena) half(ctx context.Context, b benchCase, r *row) error {
	if !b.halves(a.stage) {
		return nil
	}
	// Whoever asks about something granted asks about what the closed loop was
	// granted: to sign in anew would hold up all who are due meanwhile.
	granted := a.people.granted
	l := a.asking(b, a.product)
	a.people.granted = granted
	l.connections, l.run = many, 2*l.run
	run, err := driveOpen(ctx, l, median(mapped(r.Ours, sample.rate))/2)
	if err != nil {
		return err
	}
	r.Half = &run
	a.say("%s at half load: %s/s of %s/s, p99 %s ms", b.name, grouped(int(run.Answered)), grouped(int(run.Asked)), figure(milliseconds(run.P99)))
	return nil
}

// halfTable is empty where nothing was measured at half load.
func halfTable(rows []row) *table {
	t := &table{head: []string{"case", "database", "members", "requests/s asked for", "answered", "connections", "p50 ms", "p95 ms", "p99 ms", "errors"}}
	for _, r := range rows {
		if r.Half == nil {
			continue
		}
		var failed int64
		for _, n := range r.Half.Errors {
			failed += n
		}
		t.add(r.Case, string(r.Storage), grouped(r.Members), grouped(int(r.Half.Asked)), grouped(int(r.Half.Answered)), strconv.Itoa(r.Half.Connections),
			figure(milliseconds(r.Half.P50)), figure(milliseconds(r.Half.P95)), figure(milliseconds(r.Half.P99)), strconv.FormatInt(failed, 10))
	}
	return t
}
