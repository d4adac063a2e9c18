// Command orgate is the gate of an organisation: the server and everything an
// operator does beside it. It reads arguments and runs one command; what the
// commands do lives in internal/server and internal/demo.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // machines without a time zone database know the zones too

	"github.com/alecthomas/kong"
)

// Set by the linker.
var (
	version = "dev"
	commit  = "unknown"
)

// Exit statuses: done, failed, wrong usage.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// commands are the words after orgate.
type commands struct {
	Serve    serveCommand    `cmd:"" help:"Run the server."`
	Demo     demoCommand     `cmd:"" help:"Run the server on a throw-away database with a demonstration."`
	Plan     planCommand     `cmd:"" help:"Show what a manifest would change."`
	Apply    applyCommand    `cmd:"" help:"Make the installation as a manifest says."`
	Export   exportCommand   `cmd:"" help:"Write the installation as a manifest, without secrets."`
	Manifest manifestCommand `cmd:"" help:"About manifests."`
	Sign     signCommand     `cmd:"" help:"Make or explain the signature of an App-ID login."`
	Admin    adminCommand    `cmd:"" help:"API tokens and rescue, on the database."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database to this version."`
	Backup   backupCommand   `cmd:"" help:"Copy the SQLite database while the server runs."`
	Restore  restoreCommand  `cmd:"" help:"Put a backup in the place of the SQLite database."`
	Trace    traceCommand    `cmd:"" help:"Tell the story of one sign-in."`
	Keys     keysCommand     `cmd:"" help:"Keys that seal and sign: list and rotate."`
	Doctor   doctorCommand   `cmd:"" help:"Check settings, database, clock, addresses and mail."`
	Version  versionCommand  `cmd:"" help:"Print version, commit and Go version."`
}

// world is what a command may touch of its surroundings.
type world struct {
	ctx     context.Context
	environ []string
	in      io.Reader
	out     io.Writer
	errs    io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	w := &world{ctx: ctx, environ: os.Environ(), in: os.Stdin, out: os.Stdout, errs: os.Stderr}
	os.Exit(run(w, os.Args[1:]))
}

// run parses the arguments, runs the command and returns the exit status.
func run(w *world, args []string) int {
	// The parser calls exit when it has printed help, and then parses on: what
	// it says after that no longer counts.
	exited, status := false, exitDone
	exit := func(code int) { exited, status = true, code }
	parser, err := kong.New(&commands{}, kong.Name("orgate"), kong.Writers(w.out, w.errs), kong.Exit(exit),
		kong.Description("The gate of an organisation: signs people and servers in, for every application."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		return fail(w, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case exited:
		return status
	case err != nil:
		fmt.Fprintf(w.errs, "orgate: %v; see orgate --help\n", err)
		return exitUsage
	}
	if err := parsed.Run(w); err != nil {
		return fail(w, err)
	}
	return exitDone
}

// usageError is a wrong combination of arguments that the parser cannot see.
type usageError struct{ text string }

// Error returns what to write instead.
func (e usageError) Error() string { return e.text }

// errSilent is a failure that was already explained.
var errSilent = errors.New("failed")

func fail(w *world, err error) int {
	var usage usageError
	switch {
	case errors.Is(err, errSilent):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(w.errs, "orgate: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(w.errs, "orgate: %v\n", err)
	return exitFailed
}
