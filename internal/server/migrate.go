package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/orgate/orgate/internal/config"
	"github.com/orgate/orgate/internal/store"
)

// MigrateOptions say what orgate migrate does.
type MigrateOptions struct {
	CheckOnly bool
	Out       io.Writer
}

// Migrate brings the database to this version, or tells what it would do.
func Migrate(ctx context.Context, cfg config.Config, o MigrateOptions) (err error) {
	db, err := openDatabase(ctx, cfg, HouseOptions{Log: slog.New(slog.DiscardHandler), Now: time.Now, unchecked: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	pending, err := db.Pending(ctx)
	if err != nil {
		return err
	}
	if len(pending) == 0 {
		_, err = fmt.Fprintln(o.Out, "The database is of this version; nothing to do.")
		return err
	}
	for _, step := range pending {
		fmt.Fprintf(o.Out, "%s\n", step)
	}
	if o.CheckOnly {
		_, err = fmt.Fprintf(o.Out, "%d steps to do. None of them rewrites a table: expect less than a second. Run orgate migrate.\n", len(pending))
		return err
	}
	began := time.Now()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.Out, "Done in %s.\n", time.Since(began).Round(time.Millisecond))
	return err
}

// Untouched reports whether nothing of ours was ever kept in the database.
func Untouched(ctx context.Context, cfg config.Config) (untouched bool, err error) {
	db, err := openDatabase(ctx, cfg, HouseOptions{Log: slog.New(slog.DiscardHandler), Now: time.Now, unchecked: true})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Untouched(ctx)
}

// CopyOptions say where a backup goes to or comes from.
type CopyOptions struct {
	File    string
	Replace bool // of a database that exists
	Out     io.Writer
}

// Backup writes a consistent copy of the SQLite database, also while a server
// runs on it.
func Backup(ctx context.Context, cfg config.Config, o CopyOptions) (err error) {
	if cfg.Database.Engine() != config.SQLite {
		return errors.New("the database is PostgreSQL: use pg_dump --format=custom, or your server's continuous archiving")
	}
	if _, err := os.Stat(cfg.Database.Reveal()); err != nil {
		return fmt.Errorf("there is no database to copy: %w", err)
	}
	db, err := openDatabase(ctx, cfg, HouseOptions{Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Backup(ctx, o.File); err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.Out, "%s is a consistent copy. The sealing key is not in it: keep %s elsewhere, without it the copy's secrets cannot be opened.\n",
		o.File, keyPlace(cfg))
	return err
}

func keyPlace(cfg config.Config) string {
	if len(cfg.SealingKeys) > 0 {
		return "ORGATE_SEALING_KEY"
	}
	return cfg.SealingKeyFile()
}

// Restore puts a copy in the place of the SQLite database. The one it replaces
// stays beside it under another name.
func Restore(ctx context.Context, cfg config.Config, o CopyOptions) error {
	if cfg.Database.Engine() != config.SQLite {
		return errors.New("the database is PostgreSQL: use pg_restore")
	}
	if err := checkCopy(ctx, cfg, o.File); err != nil {
		return err
	}
	path := cfg.Database.Reveal()
	kept := path + ".before-restore"
	if _, err := os.Stat(path); err == nil {
		if !o.Replace {
			return fmt.Errorf("%s exists: stop the server, then use --force to replace it (the old one is kept as %s)", path, kept)
		}
		if err := retire(path, kept); err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "The database before is kept as %s.\n", kept)
	}
	if err := copyFile(o.File, path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(o.Out, "%s is in place. Start the server with the sealing key of that copy.\n", path)
	return err
}

// checkCopy opens the copy with the sealing keys at hand, so that a broken file
// or a wrong key is found before anything is replaced.
func checkCopy(ctx context.Context, cfg config.Config, file string) error {
	keys, err := sealingKeys(cfg)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp(filepath.Dir(file), ".orgate-check-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	trial := filepath.Join(folder, "copy.db")
	if err := copyFile(file, trial); err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{DSN: "sqlite:" + trial, Sealing: keys, Now: time.Now, SkipSchemaCheck: true})
	if err != nil {
		return fmt.Errorf("%s cannot be opened with the sealing key at hand: %w", file, err)
	}
	return db.Close()
}

// retire moves a database away with what SQLite keeps beside it.
func retire(path, kept string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+suffix, kept+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
