package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// source makes the next request of one connection, appended to buf; nil when
// there are no more. It is called by one goroutine at a time for each
// connection.
type source func(connection int, buf []byte) []byte

// sequel judges the answer of a case that takes more than one request or is
// not answered in the 200s. It appends the request that follows to buf, nil
// when the case is done; ok is false when it failed. It is called by one
// goroutine at a time for each connection.
type sequel func(status int, l *line, buf []byte) (next []byte, ok bool)

// load is one run of a closed loop: each connection sends its next request
// when it has the answer to the one before.
type load struct {
	addrs       []string // of the servers, among which the connections are spread evenly
	connections int
	warm, run   time.Duration
	next        source
	then        sequel // nil: one request, and every answer in the 200s is good
	meter       meter
}

// sample is what one run measured.
type sample struct {
	Requests int64            `json:"requests"`
	Elapsed  time.Duration    `json:"elapsed_ns"`
	Server   time.Duration    `json:"server_cpu_ns"`
	Database time.Duration    `json:"database_cpu_ns"`
	P50      time.Duration    `json:"p50_ns"`
	P95      time.Duration    `json:"p95_ns"`
	P99      time.Duration    `json:"p99_ns"`
	Told     int64            `json:"told,omitempty"` // people of whom a receiver was told meanwhile
	Errors   map[string]int64 `json:"errors,omitempty"`
}

// perRequest is the processor time of server and database in milliseconds.
func (s sample) perRequest() float64 {
	return ratio(milliseconds(s.Server+s.Database), float64(s.Requests))
}

func (s sample) databasePerRequest() float64 {
	return ratio(milliseconds(s.Database), float64(s.Requests))
}

func (s sample) rate() float64 { return ratio(float64(s.Requests), s.Elapsed.Seconds()) }

func (s sample) failed() (n int64) {
	for _, count := range s.Errors {
		n += count
	}
	return n
}

// Phases of a run.
const (
	warming int32 = iota
	measuring
	over
)

// maxErrorKinds bounds the distinct errors that are kept of one connection.
const maxErrorKinds = 8

// driver is one connection's share of a run.
type driver struct {
	line    *line
	then    sequel
	count   atomic.Int64 // answers in the 200s while measuring
	delays  []time.Duration
	errors  map[string]int64
	request []byte
}

// drive runs a load and measures it. It fails only when nothing could be
// measured; refused requests are in the sample.
func drive(ctx context.Context, l load) (sample, error) {
	drivers := make([]*driver, l.connections)
	for i := range drivers {
		connection, err := dial(l.addrs[i%len(l.addrs)])
		if err != nil {
			return sample{}, err
		}
		defer connection.close()
		drivers[i] = &driver{line: connection, then: l.then, errors: map[string]int64{}}
	}
	var phase atomic.Int32
	var work sync.WaitGroup
	for i, d := range drivers {
		work.Go(func() { d.loop(&phase, func(buf []byte) []byte { return l.next(i, buf) }) })
	}
	used, elapsed, err := l.watch(ctx, &phase)
	phase.Store(over)
	work.Wait()
	if err != nil {
		return sample{}, err
	}
	s := gather(drivers)
	s.Elapsed, s.Server, s.Database = elapsed, used.server, used.database
	if s.Requests == 0 {
		return s, fmt.Errorf("not one request was answered: %v", s.Errors)
	}
	return s, nil
}

// watch waits for the warm-up, then returns what was used during the run. The
// counts of the drivers begin and end with the phases, so that a request in
// flight at the border counts once in the mean.
func (l load) watch(ctx context.Context, phase *atomic.Int32) (used usage, elapsed time.Duration, err error) {
	if err := wait(ctx, l.warm); err != nil {
		return used, 0, err
	}
	before, err := l.meter.read()
	if err != nil {
		return used, 0, err
	}
	start := time.Now()
	phase.Store(measuring)
	if err := wait(ctx, l.run); err != nil {
		return used, 0, err
	}
	phase.Store(over)
	elapsed = time.Since(start)
	after, err := l.meter.read()
	return after.minus(before), elapsed, err
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (d *driver) loop(phase *atomic.Int32, next func([]byte) []byte) {
	for phase.Load() != over {
		d.request = next(d.request[:0])
		if d.request == nil {
			return
		}
		start := time.Now()
		status, ok, err := d.play()
		took := time.Since(start)
		if err != nil || !ok {
			d.fail(status, err)
			if err != nil && d.again() != nil {
				return
			}
			continue
		}
		if phase.Load() == measuring {
			d.count.Add(1)
			d.delays = append(d.delays, took)
		}
	}
}

// play sends the request and whatever follows from its answer.
func (d *driver) play() (status int, ok bool, err error) {
	for d.request != nil {
		if status, err = d.line.exchange(d.request); err != nil {
			return status, false, err
		}
		if d.then == nil {
			return status, status >= 200 && status <= 299, nil
		}
		next, ok := d.then(status, d.line, d.request[:0])
		if !ok || next == nil {
			return status, ok, nil
		}
		d.request = next
	}
	return status, false, nil
}

// fail counts an error under what it says, the body of a refusal included as
// far as it is the same for all.
func (d *driver) fail(status int, err error) {
	what := fmt.Sprint(err)
	if err == nil {
		body, _, _ := strings.Cut(string(d.line.body[:min(len(d.line.body), 200)]), `,"request_id"`)
		what = fmt.Sprintf("%d %s", status, strings.TrimSpace(body))
	}
	if _, known := d.errors[what]; !known && len(d.errors) >= maxErrorKinds {
		what = "others"
	}
	d.errors[what]++
}

// again opens a new connection in place of a broken one.
func (d *driver) again() error {
	d.line.close()
	return d.line.open()
}

func gather(drivers []*driver) sample {
	s := sample{Errors: map[string]int64{}}
	var delays []time.Duration
	for _, d := range drivers {
		s.Requests += d.count.Load()
		delays = append(delays, d.delays...)
		for what, n := range d.errors {
			s.Errors[what] += n
		}
	}
	slices.Sort(delays)
	s.P50, s.P95, s.P99 = percentile(delays, 0.50), percentile(delays, 0.95), percentile(delays, 0.99)
	return s
}
