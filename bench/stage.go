package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// storage is a kind of database.
type storage string

// The databases.
const (
	sqlite   storage = "SQLite"
	postgres storage = "PostgreSQL"
)

// benchCase is one way in which the server is used.
type benchCase struct {
	name        string
	limit       limitKind
	path        string // at the server
	connections int
	ask         question
	// main: measured at the main size alone. The others are measured at every
	// size, which tells how they grow.
	main bool
	// long: answered so rarely that a run takes three times as long.
	long bool
}

const (
	few     = 16
	many    = 256
	hashers = 4 // enough to keep the processors busy with hashes of 20 to 30 ms
)

func cases() []benchCase {
	return []benchCase{
		{"App-ID login", signed, signedPath, few, appLogin(anyone), false, false},
		{"App-ID login, one hot member", signed, signedPath, few, appLogin(theSame), true, false},
		{"App-ID login, 256 connections", signed, signedPath, many, appLogin(anyone), true, false},
		{"token validation", constant, validatePath, few, validation(anyone, "false"), false, false},
		{"token validation, busy tokens", constant, validatePath, few, validation(busy, "false"), true, false},
		{"token validation with account, busy tokens", constant, validatePath, few, validation(busy, "true"), true, false},
		{"token validation, busy tokens, 256 connections", constant, validatePath, many, validation(busy, "false"), true, false},
		{"refresh", insert, refreshPath, few, refresh, false, false},
		{"account login", hashing, accountPath, hashers, accountLogin, true, true},
	}
}

const signedPath = "/v2/usg/acs/auth/appauth"

// stage is one database with the server on it.
type stage struct {
	storage storage
	members int
	level   string // of the server's log
	all     bool   // every case, not only those that are measured at every size
}

// Populations. PostgreSQL's is smaller by default only because every statement
// that fills it crosses a connection.
const (
	smallSize        = 1_000
	mainSize         = 100_000
	fullSize         = 1_000_000
	postgresSize     = 10_000
	postgresFullSize = mainSize
)

// Levels of the server's log: at logAll each request is a line.
const (
	logSome = "warn"
	logAll  = "info"
)

// stages is the order of a run.
func stages(o options) []stage {
	list := []stage{{sqlite, smallSize, logSome, false}, {sqlite, mainSize, logSome, true}, {sqlite, smallSize, logAll, false}}
	if o.full {
		list = append(list, stage{sqlite, fullSize, logSome, false})
	}
	if o.postgres {
		list = append(list, stage{postgres, smallSize, logSome, false}, stage{postgres, o.postgresMembers, logSome, true})
	}
	return list
}

// arena is one stage while it runs.
type arena struct {
	*campaign
	stage   stage
	people  *population
	product *product
	dsn     string // of the server's database
	sealing []byte
}

// play runs one stage: fill, start, measure, end.
func (c *campaign) play(ctx context.Context, s stage) (err error) {
	chosen := c.chosen(s)
	if len(chosen) == 0 {
		return nil
	}
	a := &arena{campaign: c, stage: s, sealing: make([]byte, 32)}
	_, _ = rand.Read(a.sealing) // never fails
	if a.dsn, err = a.place(ctx, "orgate"); err != nil {
		return err
	}
	c.say("%s with %s members: filling", s.storage, grouped(s.members))
	a.people, err = populate(ctx, plan{
		dsn: a.dsn, sealing: a.sealing, members: s.members,
		organizations: min(c.options.organizations, s.members), hash: c.hash,
	})
	if err != nil {
		return err
	}
	if s.storage == postgres {
		if err := c.cluster.quiet(ctx, a.dsn); err != nil {
			return err
		}
	}
	a.product, err = startProduct(ctx, productOptions{binary: c.binary, dsn: a.dsn, sealing: a.sealing, level: s.level, dir: c.dir})
	if err != nil {
		return err
	}
	defer a.product.end()
	if err := a.rest(ctx); err != nil {
		return err
	}
	for _, b := range chosen {
		if err := a.measure(ctx, b); err != nil {
			return fmt.Errorf("%s, %s: %w", s.storage, b.name, errors.Join(err, errors.New(lastWords(a.product.log.Name()))))
		}
	}
	return nil
}

func (c *campaign) chosen(s stage) []benchCase {
	var chosen []benchCase
	for _, b := range cases() {
		if (s.all || !b.main) && c.options.only.MatchString(b.name) && c.options.where.MatchString(string(s.storage)) {
			chosen = append(chosen, b)
		}
	}
	return chosen
}

// place makes room for an empty database.
func (a *arena) place(ctx context.Context, purpose string) (string, error) {
	a.places++
	name := fmt.Sprintf("%s%d", purpose, a.places)
	if a.stage.storage == postgres {
		return a.cluster.database(ctx, name)
	}
	return "sqlite:" + filepath.Join(a.dir, name+".db"), nil
}

// idle is how long a server rests before its memory is read.
const idle = 2 * time.Second

// rest reads what the server holds before it is asked anything.
func (a *arena) rest(ctx context.Context) error {
	if err := wait(ctx, idle); err != nil {
		return err
	}
	resident, err := a.proc.resident(a.product.pid())
	if a.stage.level != logAll {
		a.report.Starts = append(a.report.Starts, start{Storage: a.stage.storage, Members: a.stage.members, Ready: a.product.ready, Idle: resident})
	}
	return err
}

// measure runs one case beside its bare server.
func (a *arena) measure(ctx context.Context, b benchCase) error {
	bare, end, err := a.bare(ctx, b)
	if err != nil {
		return err
	}
	defer end()
	r := row{
		Case: b.name, Storage: a.stage.storage, Members: a.stage.members, Organizations: len(a.people.tenants),
		Connections: b.connections, Log: a.stage.level, Limit: b.limit,
	}
	ours := func(ctx context.Context) (sample, error) {
		return drive(ctx, a.load(b, a.product.addr, a.product.pid(), b.ask(a.people, b.path)))
	}
	if r.Bare, r.Ours, err = duel(ctx, bare, ours, a.options.rounds); err != nil {
		return err
	}
	if r.Resident, err = a.proc.resident(a.product.pid()); err != nil {
		return err
	}
	a.report.Rows = append(a.report.Rows, r)
	a.say("%s: %s ms, bare %s ms, ratio %s, %s/s", b.name, figure(cost(r.Ours)), figure(cost(r.Bare)), figure(r.ratio()),
		grouped(int(median(mapped(r.Ours, sample.rate)))))
	return a.profile(ctx, b, ours)
}

func (a *arena) load(b benchCase, addr string, pid int, next source) load {
	m := meter{proc: a.proc, server: pid}
	if a.stage.storage == postgres {
		m.postmaster = a.cluster.postmaster
	}
	return load{addr: addr, connections: b.connections, warm: a.options.warm, run: b.length(a.options.run), next: next, meter: m}
}

// length is how long a run of the case takes.
func (b benchCase) length(run time.Duration) time.Duration {
	if b.long {
		return 3 * run
	}
	return run
}

// bare starts what a case is compared with.
func (a *arena) bare(ctx context.Context, b benchCase) (contender, func(), error) {
	if b.limit == hashing {
		return func(ctx context.Context) (sample, error) {
			return measureHash(ctx, a.hash, meter{proc: a.proc, server: os.Getpid()}, b.length(a.options.run))
		}, func() {}, nil
	}
	o := limitOptions{Kind: b.limit, Keys: a.people.keys()}
	if b.limit != constant {
		var err error
		if o.DSN, err = a.place(ctx, "limit"); err != nil {
			return nil, nil, err
		}
	}
	server, err := startLimit(ctx, a.self, o)
	if err != nil {
		return nil, nil, err
	}
	ask := question(askLimit)
	if b.limit == signed {
		ask = b.ask
	}
	return func(ctx context.Context) (sample, error) {
		return drive(ctx, a.load(b, server.addr, server.pid(), ask(a.people, limitPath)))
	}, server.stop, nil
}

// profile keeps one more run of a case as a processor profile, where asked to.
func (a *arena) profile(ctx context.Context, b benchCase, ours contender) error {
	if a.options.profiles == "" {
		return nil
	}
	name := strings.NewReplacer(" ", "-", ",", "").Replace(fmt.Sprintf("%s-%d-%s-%s.pprof", a.stage.storage, a.stage.members, a.stage.level, b.name))
	done := make(chan error, 1)
	seconds := max(1, int(a.options.run/time.Second))
	go func() { done <- a.product.profile(ctx, seconds, filepath.Join(a.options.profiles, name)) }()
	_, err := ours(ctx)
	return errors.Join(err, <-done)
}
