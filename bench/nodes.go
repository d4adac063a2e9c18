package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
)

// oneNode is what two nodes are compared with.
const oneNode = limitKind("one node")

// doubled are the cases that are measured on two nodes too.
func doubled() []string {
	return []string{"token validation, busy tokens", "refresh", "App-ID login"}
}

// doubles reports whether a case is measured on two nodes on a stage: where
// two can share a database, which is the largest there.
func (b benchCase) doubles(s stage) bool {
	return s.storage == postgres && s.all && slices.Contains(doubled(), b.name)
}

// nodes measures a case on the server alone and on it and another of its kind
// on the same database, in turns. The other runs for this alone.
func (a *arena) nodes(ctx context.Context, b benchCase, rounds int) error {
	if !b.doubles(a.stage) {
		return nil
	}
	other, err := a.start(ctx)
	if err != nil {
		return err
	}
	defer other.end()
	r := a.row(b)
	r.Limit = oneNode
	on := func(others ...*product) contender {
		return func(ctx context.Context) (sample, error) { return drive(ctx, a.asking(b, a.product, others...)) }
	}
	if r.Bare, r.Ours, err = duel(ctx, on(), on(other), rounds); err != nil {
		return errors.Join(err, errors.New(lastWords(other.log.Name())))
	}
	a.report.Nodes = append(a.report.Nodes, r)
	a.say("%s on two nodes: %s ms, on one %s ms, ratio %s", b.name, figure(cost(r.Ours)), figure(cost(r.Bare)), figure(r.ratio()))
	return nil
}

// rateRatio is how many times as much the second side of the pairs answers.
func (r row) rateRatio() float64 {
	pairs := make([]float64, min(len(r.Bare), len(r.Ours)))
	for i := range pairs {
		pairs[i] = ratio(r.Ours[i].rate(), r.Bare[i].rate())
	}
	return median(pairs)
}

func nodeTable(rows []row) *table {
	t := &table{head: []string{"case", "members", "connections", "CPU ms on one", "on two", "ratio", "requests/s on one", "on two", "ratio", "p99 ms on one", "on two", "errors"}}
	p99 := func(runs []sample) string {
		return figure(milliseconds(median(mapped(runs, func(s sample) time.Duration { return s.P99 }))))
	}
	for _, r := range rows {
		t.add(r.Case, grouped(r.Members), strconv.Itoa(r.Connections), figure(cost(r.Bare)), figure(cost(r.Ours)), figure(r.ratio()),
			grouped(int(median(mapped(r.Bare, sample.rate)))), grouped(int(median(mapped(r.Ours, sample.rate)))), figure(r.rateRatio()),
			p99(r.Bare), p99(r.Ours), strconv.FormatInt(r.failed(), 10))
	}
	return t
}
