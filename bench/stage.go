package main

import (
	"context"
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

// stage is one database with the server on it.
type stage struct {
	storage       storage
	members       int
	organizations int
	level         string // of the server's log
	all           bool   // every case, not only those that are measured at every size
}

// Populations.
const (
	smallSize = 1_000
	mainSize  = 100_000
	fullSize  = 1_000_000
	// manyOrganizations is what -full measures beside the usual number, but where
	// everybody is in one.
	manyOrganizations = 2_000
)

// Levels of the server's log: at logAll each request is a line.
const (
	logSome = "warn"
	logAll  = "info"
)

// stages is the order of a run.
func stages(o options) []stage {
	if o.steady > 0 {
		return []stage{steadyStage(o)}
	}
	n := o.organizations
	list := []stage{{sqlite, smallSize, n, logSome, false}}
	if o.full {
		many := manyOrganizations
		if n == 1 {
			many = 1
		}
		list = append(list, stage{sqlite, mainSize, many, logSome, true}, stage{sqlite, fullSize, n, logSome, true})
	} else {
		list = append(list, stage{sqlite, o.members, n, logSome, true}, stage{sqlite, smallSize, n, logAll, false})
	}
	if o.postgres {
		list = append(list, stage{postgres, smallSize, n, logSome, false}, stage{postgres, o.size(), n, logSome, true})
	}
	return list
}

// size is how many members the largest database has.
func (o options) size() int {
	if o.full {
		return fullSize
	}
	return o.members
}

// arena is one stage while it runs.
type arena struct {
	*campaign
	stage   stage
	people  *population
	product *product
	dsn     string // of the server's database
}

const sqliteScheme = "sqlite:"

// play runs one stage: fill, start, measure, end.
func (c *campaign) play(ctx context.Context, s stage) (err error) {
	chosen := c.chosen(s)
	if len(chosen) == 0 && c.options.steady == 0 {
		return nil
	}
	a := &arena{campaign: c, stage: s}
	if err := a.fill(ctx); err != nil {
		return fmt.Errorf("%s with %s members: %w", s.storage, grouped(s.members), err)
	}
	defer func() { err = errors.Join(err, a.empty(context.WithoutCancel(ctx))) }()
	if a.product, err = a.start(ctx); err != nil {
		return err
	}
	defer a.product.end()
	if err := a.rest(ctx); err != nil {
		return err
	}
	if c.options.steady > 0 {
		return a.lastSteadily(ctx)
	}
	for _, b := range chosen {
		if err := a.measure(ctx, b); err != nil {
			return fmt.Errorf("%s, %s: %w", s.storage, b.name, errors.Join(err, errors.New(lastWords(a.product.log.Name()))))
		}
	}
	return nil
}

// start starts a server on the database of a stage.
func (a *arena) start(ctx context.Context) (*product, error) {
	return startProduct(ctx, productOptions{binary: a.binary, dsn: a.dsn, sealing: a.sealing, level: a.stage.level, dir: a.dir})
}

// fill makes the database of a stage. Databases of one population are copies
// of one that was filled once.
func (a *arena) fill(ctx context.Context) (err error) {
	if a.dsn, err = a.place(ctx, "orgate"); err != nil {
		return err
	}
	s, err := a.seed(ctx, a.stage)
	if err != nil {
		return err
	}
	a.people = s.people
	begun := time.Now()
	if path, ok := strings.CutPrefix(a.dsn, sqliteScheme); ok {
		return copyFile(s.path, path)
	}
	if err := transfer(ctx, s.path, a.dsn, a.sealing); err != nil {
		return err
	}
	if err := a.cluster.quiet(ctx, a.dsn); err != nil {
		return err
	}
	a.say("moved %s members to PostgreSQL in %s", grouped(a.stage.members), time.Since(begun).Round(time.Second/10))
	return nil
}

// empty removes the database of a stage: a million members take gigabytes.
func (a *arena) empty(ctx context.Context) error {
	if path, ok := strings.CutPrefix(a.dsn, sqliteScheme); ok {
		return remove(path)
	}
	return a.cluster.drop(ctx, a.dsn)
}

// seeded is a file that was filled.
type seeded struct {
	path   string
	people *population
}

// seed fills a file for a stage, or returns the one that an earlier stage with
// as many members and organisations was given.
func (c *campaign) seed(ctx context.Context, s stage) (*seeded, error) {
	organizations := min(s.organizations, s.members)
	path := filepath.Join(c.dir, fmt.Sprintf("seed-%d-%d.db", s.members, organizations))
	if made, ok := c.seeds[path]; ok {
		return made, nil
	}
	begun := time.Now()
	people, err := seed(ctx, plan{path: path, sealing: c.sealing, members: s.members, organizations: organizations, hash: c.hash, centre: c.centre.addr})
	if err != nil {
		return nil, err
	}
	c.say("filled %s members in %s", grouped(s.members), time.Since(begun).Round(time.Second/10))
	c.seeds[path] = &seeded{path, people}
	return c.seeds[path], nil
}

func (c *campaign) chosen(s stage) []benchCase {
	var chosen []benchCase
	for _, b := range cases() {
		if (s.all || !b.main) && (s.level != logAll || !b.manages()) && (s.organizations > 1 || !b.centred()) && c.options.only.MatchString(b.name) && c.options.where.MatchString(string(s.storage)) {
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
	return sqliteScheme + filepath.Join(a.dir, name+".db"), nil
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
		a.report.Starts = append(a.report.Starts, start{
			Storage: a.stage.storage, Members: a.stage.members, Organizations: len(a.people.tenants), Ready: a.product.ready, Idle: resident,
		})
	}
	return err
}

// row is that of a case, without its runs.
func (a *arena) row(b benchCase) row {
	return row{
		Case: b.name, Storage: a.stage.storage, Members: a.stage.members, Organizations: len(a.people.tenants),
		Connections: b.connections, Log: a.stage.level, Limit: b.limit,
	}
}

// measure runs one case beside its bare server.
func (a *arena) measure(ctx context.Context, b benchCase) error {
	bare, end, err := a.bare(ctx, b)
	if err != nil {
		return err
	}
	defer end()
	r := a.row(b)
	ours := func(ctx context.Context) (sample, error) {
		if b.imports() {
			i := importer{base: "http://" + a.product.addr, key: a.people.key, meter: a.meter(a.product.pid())}
			return i.measure(ctx, a.people.tenants[0], importRows)
		}
		return a.use(ctx, b)
	}
	if b.name == besidePush {
		ours = a.beside(ours)
	}
	rounds := a.rounds(ctx)
	if r.Bare, r.Ours, err = duel(ctx, bare, ours, rounds); err != nil {
		return err
	}
	r.Short = a.length < a.options.run
	if r.Resident, err = a.proc.resident(a.product.pid()); err != nil {
		return err
	}
	a.say("%s: %s ms, bare %s ms, ratio %s, %s/s", b.name, figure(cost(r.Ours)), figure(cost(r.Bare)), figure(r.ratio()),
		grouped(int(median(mapped(r.Ours, sample.rate)))))
	err = a.half(ctx, b, &r)
	a.report.Rows = append(a.report.Rows, r)
	if err = errors.Join(err, a.nodes(ctx, b, len(r.Ours))); err != nil {
		return err
	}
	return a.profile(ctx, b, ours)
}

// use drives the server in the way of a case.
func (a *arena) use(ctx context.Context, b benchCase) (sample, error) {
	if entry, ok := called(casEntered); ok && b.validates() {
		a.people.tickets = make(chan string, casTickets)
		// Who enters takes longer than who validates.
		for range 2 {
			if _, err := a.use(ctx, entry); err != nil {
				return sample{}, err
			}
		}
	}
	return drive(ctx, a.asking(b, a.product))
}

// asking is the load of a case on a server, or on several of one database.
func (a *arena) asking(b benchCase, first *product, others ...*product) load {
	l := a.load(b, first.addr, first.pid(), b.ask(a.people, b.path))
	for _, p := range others {
		l.addrs = append(l.addrs, p.addr)
		l.meter.servers = append(l.meter.servers, p.pid())
	}
	if b.then != nil {
		l.then = b.then(a.people)
	}
	return l
}

func (a *arena) load(b benchCase, addr string, pid int, next source) load {
	return load{addrs: []string{addr}, connections: b.connections, warm: a.options.warm, run: b.length(a.length), next: next, meter: a.meter(pid)}
}

// meter reads what a server uses, and the database where that is apart.
func (a *arena) meter(pid int) meter {
	m := meter{proc: a.proc, servers: []int{pid}}
	if a.stage.storage == postgres {
		m.postmaster = a.cluster.postmaster
	}
	return m
}

// bare starts what a case is compared with.
func (a *arena) bare(ctx context.Context, b benchCase) (contender, func(), error) {
	if b.limit == hashing {
		return func(ctx context.Context) (sample, error) {
			return measureHash(ctx, a.hash, meter{proc: a.proc, servers: []int{os.Getpid()}}, b.length(a.length))
		}, func() {}, nil
	}
	if rival, ok := b.rival(); ok {
		return func(ctx context.Context) (sample, error) { return a.use(ctx, rival) }, func() {}, nil
	}
	o := limitOptions{Kind: b.limit, Keys: a.people.keys()}
	if b.limit.stores() {
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
