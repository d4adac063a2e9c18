package main

import (
	"github.com/orgate/orgate/internal/server"
)

type migrateCommand struct {
	settings `embed:""`
	Check    bool `help:"Only tell what would change and how long it would take."`
}

// Help shows an example.
func (migrateCommand) Help() string { return "Example:\n  orgate migrate --check\n  orgate migrate" }

// Run migrates or tells what it would do.
func (c migrateCommand) Run(w *world) error {
	cfg, err := c.load(w)
	if err != nil {
		return err
	}
	return server.Migrate(w.ctx, cfg, server.MigrateOptions{CheckOnly: c.Check, Out: w.out})
}

type backupCommand struct {
	settings `embed:""`
	File     string `arg:"" help:"Where the copy goes; must not exist."`
}

// Help shows an example.
func (backupCommand) Help() string {
	return "The sealing key is not part of the copy: keep it elsewhere.\n\nExample:\n  orgate backup /backup/orgate-2026-11-21.db"
}

// Run copies the database.
func (c backupCommand) Run(w *world) error {
	cfg, err := c.load(w)
	if err != nil {
		return err
	}
	return server.Backup(w.ctx, cfg, server.CopyOptions{File: c.File, Out: w.out})
}

type restoreCommand struct {
	settings `embed:""`
	File     string `arg:"" help:"A copy made by orgate backup."`
	Force    bool   `help:"Replace a database that exists; the old one is kept beside it."`
}

// Help shows an example.
func (restoreCommand) Help() string {
	return "The server must be down.\n\nExample:\n  orgate restore /backup/orgate-2026-11-21.db"
}

// Run puts a copy in place.
func (c restoreCommand) Run(w *world) error {
	cfg, err := c.load(w)
	if err != nil {
		return err
	}
	return server.Restore(w.ctx, cfg, server.CopyOptions{File: c.File, Replace: c.Force, Out: w.out})
}

type doctorCommand struct {
	settings `embed:""`
}

// Help shows an example.
func (doctorCommand) Help() string {
	return "Each line is ok, warning or error with the remedy; an error makes the exit status 1.\n\nExample:\n  orgate doctor"
}

// Run checks the installation.
func (c doctorCommand) Run(w *world) error {
	cfg, err := c.load(w)
	if err != nil {
		return err
	}
	healthy, err := server.Doctor(w.ctx, cfg, w.out)
	if err == nil && !healthy {
		err = errSilent
	}
	return err
}

type traceCommand struct {
	settings `embed:""`
	Code     string `arg:"" help:"The eight characters on the page, or the request id of the answer."`
	Language string `default:"en-US" enum:"en-US,zh-CN" help:"en-US or zh-CN."`
}

// Help shows an example.
func (traceCommand) Help() string {
	return "Checks, expected, received, remedy. Stories are kept for seven days.\n\nExample:\n  orgate trace 085d1f96cd9ddd6f3c50d70a0b2eb239"
}

// Run tells the story.
func (c traceCommand) Run(w *world) error {
	return withHouse(w, c.settings, func(h *server.House) error {
		return h.Tell(w.ctx, server.Telling{Code: c.Code, Language: c.Language, Out: w.out})
	})
}

type keysCommand struct {
	List   keysListCommand   `cmd:"" help:"List the keys that seal and those that sign."`
	Rotate keysRotateCommand `cmd:"" help:"Make a new key; what the old ones sealed or signed stays good."`
}

type keysListCommand struct {
	settings `embed:""`
}

// Help shows an example.
func (keysListCommand) Help() string { return "Example:\n  orgate keys list" }

// Run lists the keys.
func (c keysListCommand) Run(w *world) error {
	return withHouse(w, c.settings, func(h *server.House) error { return h.ListKeys(w.ctx, w.out) })
}

type keysRotateCommand struct {
	settings `embed:""`
	Signing  bool `help:"Rotate the keys that sign tokens instead of the one that seals."`
}

// Help shows an example.
func (keysRotateCommand) Help() string {
	return "To replace the master key itself put a new one in front of ORGATE_SEALING_KEY and restart.\n\nThe keys that sign are rotated every 90 days without being asked.\n\nExample:\n  orgate keys rotate\n  orgate keys rotate --signing"
}

// Run makes a new key.
func (c keysRotateCommand) Run(w *world) error {
	return withHouse(w, c.settings, func(h *server.House) error {
		if c.Signing {
			return h.RotateSigningKeys(w.ctx, w.out)
		}
		return h.RotateKey(w.ctx, w.out)
	})
}
