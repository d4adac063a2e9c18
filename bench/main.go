package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// The roles of this program as its own child.
const (
	roleLimit = "limit" // a bare server
	roleHold  = "hold"  // keeps a PostgreSQL server running
)

// options are the flags.
type options struct {
	full           bool
	gate           bool
	postgres       bool
	members        int
	organizations  int
	rounds         int
	run, warm      time.Duration
	limit          time.Duration
	steady         time.Duration
	only, where    *regexp.Regexp
	binary         string
	json, document string
	profiles       string
	role           string
}

func main() {
	o, err := parse(os.Args[1:], os.Stderr)
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			os.Exit(0)
		}
		os.Exit(2)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string, errs io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(errs)
	var only, where string
	flags.BoolVar(&o.full, "full", false, "measure with a million members instead, for a section of its own; takes half an hour")
	flags.BoolVar(&o.gate, "gate", false, "fail when a ratio is worse than its bound")
	flags.BoolVar(&o.postgres, "postgres", true, "measure on PostgreSQL too")
	flags.IntVar(&o.members, "members", mainSize, "members in the larger databases")
	flags.IntVar(&o.organizations, "organizations", 10, "organisations that share the members: every second has enterprise SSO")
	flags.IntVar(&o.rounds, "rounds", 3, "pairs of runs for each figure")
	flags.DurationVar(&o.run, "run", time.Second, "length of a run")
	flags.DurationVar(&o.warm, "warm", 250*time.Millisecond, "warm-up before each run")
	flags.DurationVar(&o.limit, "limit", 0, "give up after this time (8m, with -full 60m); rounds are left out to keep to it")
	flags.DurationVar(&o.steady, "steady", 0, "measure nothing but a mix of requests for this time, on the first of the databases, for a section of its own")
	flags.StringVar(&only, "only", "", "regular expression: cases to measure")
	flags.StringVar(&where, "storage", "", "regular expression: databases to measure on")
	flags.StringVar(&o.binary, "binary", "", "server to measure (default: what make build makes)")
	flags.StringVar(&o.json, "json", "", "file for all samples as JSON")
	flags.StringVar(&o.document, "document", filepath.Join("docs", "performance.md"), "page for the tables, \"\" for none")
	flags.StringVar(&o.profiles, "profiles", "", "folder for a processor profile of each case")
	flags.StringVar(&o.role, "as", "", "for children of this program")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.limit == 0 {
		o.limit = 8 * time.Minute
		if o.full {
			o.limit = time.Hour
		}
		o.limit += o.steady
	}
	for _, pattern := range []struct {
		text string
		into **regexp.Regexp
	}{{only, &o.only}, {where, &o.where}} {
		if *pattern.into, err = regexp.Compile(pattern.text); err != nil {
			fmt.Fprintln(errs, err)
			return o, err
		}
	}
	if o.rounds < 1 || o.organizations < 1 || o.members < smallSize || o.steady < 0 || o.run < 100*time.Millisecond || flags.NArg() > 0 {
		err = errors.New("wrong usage: see -help")
		fmt.Fprintln(errs, err)
	}
	return o, err
}

func run(o options) error {
	switch o.role {
	case roleLimit:
		return serveLimit(os.Stdin, os.Stdout)
	case roleHold:
		return hold(os.Stdin, os.Stdout)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, cancel := context.WithTimeoutCause(ctx, o.limit, fmt.Errorf("not done within %s", o.limit))
	defer cancel()
	r, err := campaignOf(ctx, o)
	if err != nil {
		// What was measured before is worth seeing, but no page of figures.
		if len(r.all()) > 0 {
			o.document, o.gate = "", false
			err = errors.Join(err, publish(o, r))
		}
		return err
	}
	return publish(o, r)
}

// publish writes what was measured, then judges it.
func publish(o options, r report) error {
	text := r.markdown()
	fmt.Println(text)
	if o.json != "" {
		if err := r.writeJSON(o.json); err != nil {
			return err
		}
	}
	if o.document != "" {
		if err := writeDocument(o.document, o.section(), text); err != nil {
			return err
		}
	}
	faults := failed(r)
	if o.gate {
		faults = append(faults, slow(r, bounds())...)
	}
	if len(faults) > 0 {
		return errors.New("worse than allowed:\n" + strings.Join(faults, "\n"))
	}
	return nil
}

// section is the part of the page that a run replaces.
func (o options) section() string {
	switch {
	case o.steady > 0:
		return "bench -steady"
	case o.full && o.organizations == 1:
		return "bench -full -organizations 1"
	case o.full:
		return "bench -full"
	}
	return "make bench"
}

// campaign is one run of the program.
type campaign struct {
	options options
	self    string // this program
	binary  string // the server
	dir     string // scratch, removed at the end
	places  int    // databases made so far
	hash    string
	sealing []byte // the master key of all databases
	seeds   map[string]*seeded
	ahead   []work        // the cases to come
	length  time.Duration // of the runs of the case that is on
	proc    proc
	cluster *cluster
	centre  *centre
	report  report
}

// campaignOf measures everything that the options ask for.
func campaignOf(ctx context.Context, o options) (r report, err error) {
	c := &campaign{options: o, proc: proc{"/proc"}, binary: o.binary, sealing: make([]byte, 32), seeds: map[string]*seeded{}}
	_, _ = rand.Read(c.sealing) // never fails
	if c.dir, err = os.MkdirTemp("", "orgate-bench-"); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(c.dir)) }()
	if c.centre, err = startCentre(); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, c.centre.close()) }()
	if err := c.prepare(ctx); err != nil {
		return r, err
	}
	if c.cluster != nil {
		defer func() { err = errors.Join(err, c.cluster.close()) }()
	}
	list := stages(o)
	c.begin(list)
	for _, s := range list {
		if err := c.play(ctx, s); err != nil {
			return c.report, err
		}
	}
	return c.report, nil
}

func (c *campaign) prepare(ctx context.Context) (err error) {
	if c.self, err = os.Executable(); err != nil {
		return err
	}
	top, err := repository()
	if err != nil {
		return err
	}
	if c.binary == "" {
		c.say("building the server")
		if c.binary, err = buildProduct(ctx, top); err != nil {
			return err
		}
	}
	if c.binary, err = filepath.Abs(c.binary); err != nil {
		return err
	}
	size, err := os.Stat(c.binary)
	if err != nil {
		return err
	}
	facts, err := inspect(c.dir)
	if err != nil {
		return err
	}
	if c.hash, err = passwordHash(ctx); err != nil {
		return err
	}
	if c.options.postgres && c.options.where.MatchString(string(postgres)) {
		if c.cluster, err = openCluster(ctx, c.self, top); err != nil {
			return err
		}
		facts.Postgres = c.cluster.version
	}
	c.report = report{When: time.Now().UTC(), Machine: facts, Rounds: c.options.rounds, Run: c.options.run, BinarySize: size.Size()}
	return nil
}

// repository is the folder with go.mod.
func repository() (string, error) {
	text, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(text))), nil
}

// say tells whoever waits what is being done.
func (c *campaign) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
