package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// steadyRow is how long the runs of steady load are, a row of the table each.
const steadyRow = time.Minute

// steadyRuns splits a time into runs; the last may be shorter.
func steadyRuns(left time.Duration) (runs []time.Duration) {
	for ; left > 0; left -= steadyRow {
		runs = append(runs, min(left, steadyRow))
	}
	return runs
}

// steadyStage is the stage of steady load: the first database that was asked
// for, with all members.
func steadyStage(o options) stage {
	s := stage{sqlite, o.size(), o.organizations, logSome, true}
	if o.postgres && !o.where.MatchString(string(sqlite)) {
		s.storage = postgres
	}
	return s
}

// mixLength is how many requests of a connection make up the mix once.
const mixLength = 20

// mixed are the kinds of request in the mix, each with its share: of twenty
// fourteen, two, two, one and one.
type mixed struct {
	validate, signIn, refresh, userInfo, list source
}

// kind is what the n-th request of a connection is.
func (m mixed) kind(n int) source {
	switch n % mixLength {
	case 3, 13:
		return m.signIn
	case 6, 16:
		return m.refresh
	case 9:
		return m.userInfo
	case 19:
		return m.list
	}
	return m.validate
}

// source is the mix. Connections begin at different places of it.
func (m mixed) source(connections int) source {
	asked := make([]int, connections)
	for i := range asked {
		asked[i] = i
	}
	return func(connection int, buf []byte) []byte {
		n := asked[connection]
		asked[connection]++
		return m.kind(n)(connection, buf)
	}
}

// mix asks as the people of a database do. Who signs in is of the second half
// of them, since each sign-in is one more token of a person and in the long run
// ends the oldest; the tokens of the first half last.
func mix(p *population) mixed {
	lasting := *p
	lasting.tokens = p.tokens[:(len(p.tokens)+1)/2]
	others := func(p *population) int {
		return len(lasting.tokens) + rand.IntN(len(p.tokens)-len(lasting.tokens))
	}
	granted := p.granted
	m := mixed{
		validate: validation(busy, "false")(&lasting, validatePath), signIn: appLogin(others)(p, signedPath), refresh: refresh(&lasting, refreshPath),
		userInfo: userInfo()(p, userInfoPath), list: firstPage(p, listPath),
	}
	p.granted = granted // at hand, so that nobody has to sign in for it
	return m
}

// lastSteadily runs the mix for as long as was asked for.
func (a *arena) lastSteadily(ctx context.Context) error {
	info, ok := called("user info")
	if !ok {
		return errors.New("there is no user info")
	}
	l := a.asking(info, a.product)
	// Something has to be granted before somebody can ask about it, and so many
	// times that there is always one at hand.
	l.connections = many
	if _, err := drive(ctx, l); err != nil {
		return err
	}
	l.connections, l.next, l.then = few, mix(a.people).source(few), nil
	bare, end, err := a.bare(ctx, info)
	if err != nil {
		return err
	}
	defer end()
	for _, l.run = range steadyRuns(a.options.steady) {
		s, err := drive(ctx, l)
		if err != nil {
			return err
		}
		l.warm = 0 // the next goes on where this one ended
		r := a.row(benchCase{name: fmt.Sprintf("minute %d", len(a.report.Steady)+1), connections: few})
		r.Ours = []sample{s}
		if r.Resident, err = a.proc.resident(a.product.pid()); err != nil {
			return err
		}
		// How fast the machine was then.
		if s, err = bare(ctx); err != nil {
			return err
		}
		r.Bare = []sample{s}
		a.report.Steady = append(a.report.Steady, r)
		a.say("%s: %s ms, bare %s ms, %s MB, %d errors", r.Case, figure(cost(r.Ours)), figure(cost(r.Bare)), megabytes(r.Resident), r.failed())
	}
	return nil
}

// steadyMarkdown is the generated part of the section of steady load.
func (r report) steadyMarkdown() string {
	t := &table{head: []string{"minute", "requests/s", "CPU ms", "of it database", "bare CPU ms", "RSS MB", "p50 ms", "p99 ms", "errors"}}
	for _, x := range r.Steady {
		s := x.Ours[0]
		t.add(strings.TrimPrefix(x.Case, "minute "), grouped(int(s.rate())), figure(s.perRequest()), figure(s.databasePerRequest()), figure(cost(x.Bare)), megabytes(x.Resident),
			figure(milliseconds(s.P50)), figure(milliseconds(s.P99)), strconv.FormatInt(x.failed(), 10))
	}
	return fmt.Sprintf("Measured on %s.\n\n### Steady load\n\n%s, %d connections.\n\n%s\n%s\n", r.machineText(), r.Steady[0].where(), r.Steady[0].Connections, t, r.errorLine())
}
