package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// schedule says when the requests of an open loop are due: at even times,
// whether or not those before are answered.
type schedule struct {
	rate      float64 // requests a second
	warm, run time.Duration
}

// due is when a request is due after the start.
func (s schedule) due(i int) time.Duration {
	return time.Duration(float64(i) * float64(time.Second) / s.rate)
}

// counts reports whether a request is due after the warm-up.
func (s schedule) counts(i int) bool { return s.due(i) >= s.warm }

// goesOn reports whether a request is due before the end.
func (s schedule) goesOn(i int) bool { return s.due(i) < s.warm+s.run }

// openRun is what one run of an open loop measured. A delay counts from when
// a request was due, not from when it was sent: what had to wait for a
// connection, or for a generator that had fallen behind, waited.
type openRun struct {
	Asked       float64          `json:"asked_per_s"`
	Answered    float64          `json:"answered_per_s"`
	Connections int              `json:"connections"` // that were needed
	P50         time.Duration    `json:"p50_ns"`
	P95         time.Duration    `json:"p95_ns"`
	P99         time.Duration    `json:"p99_ns"`
	Errors      map[string]int64 `json:"errors,omitempty"`
}

// errand is a request that is due.
type errand struct {
	due    time.Time
	counts bool
}

// drivers are the connections of an open loop, as many as were needed.
type drivers struct {
	load    load // connections: at most so many
	all     []*driver
	errands chan errand
	work    sync.WaitGroup
}

// driveOpen runs a load at a rate and measures it. It fails only when nothing
// could be measured; refused requests are in what it returns.
func driveOpen(ctx context.Context, l load, rate float64) (openRun, error) {
	if rate <= 0 {
		return openRun{}, errors.New("an open loop without a rate")
	}
	d := drivers{load: l, errands: make(chan errand)}
	times := schedule{rate: rate, warm: l.warm, run: l.run}
	start := time.Now()
	err := d.send(ctx, times, start)
	close(d.errands)
	d.work.Wait()
	elapsed := max(time.Since(start)-times.warm, times.run) // to the last answer
	for _, one := range d.all {
		if one.line != nil {
			one.line.close()
		}
	}
	if err != nil {
		return openRun{}, err
	}
	s := gather(d.all)
	if s.Requests == 0 {
		return openRun{}, fmt.Errorf("not one request was answered: %v", s.Errors)
	}
	return openRun{
		Asked: rate, Answered: ratio(float64(s.Requests), elapsed.Seconds()), Connections: len(d.all),
		P50: s.P50, P95: s.P95, P99: s.P99, Errors: s.Errors,
	}, nil
}

// send gives each request to a connection when it is due.
func (d *drivers) send(ctx context.Context, times schedule, start time.Time) error {
	for i := 0; times.goesOn(i); i++ {
		e := errand{due: start.Add(times.due(i)), counts: times.counts(i)}
		if left := time.Until(e.due); left > 0 {
			pause(left)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case d.errands <- e:
			continue
		default:
		}
		if len(d.all) < d.load.connections {
			d.add(e)
			continue
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case d.errands <- e:
		}
	}
	return nil
}

// add puts one more connection to work, at first on an errand for which no
// other is free.
func (d *drivers) add(e errand) {
	i, one := len(d.all), &driver{then: d.load.then, errors: map[string]int64{}}
	d.all = append(d.all, one)
	next := func(buf []byte) []byte { return d.load.next(i, buf) }
	addr := d.load.addrs[i%len(d.load.addrs)]
	d.work.Go(func() {
		for more := true; more; e, more = <-d.errands {
			one.run(e, addr, next)
		}
	})
}

// run does one errand. What breaks a connection, the next finds another.
func (d *driver) run(e errand, addr string, next func([]byte) []byte) {
	if d.line == nil {
		connection, err := dial(addr)
		if err != nil {
			d.fail(0, err)
			return
		}
		d.line = connection
	}
	d.request = next(d.request[:0])
	status, ok, err := d.play()
	took := time.Since(e.due)
	switch {
	case err != nil:
		d.fail(status, err)
		d.line.close()
		d.line = nil
	case !ok:
		d.fail(status, nil)
	case e.counts:
		d.count.Add(1)
		d.delays = append(d.delays, took)
	}
}
