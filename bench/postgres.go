package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// postgresVariable names a server on this machine with a role that may create
// databases; scripts/with-postgres.sh sets it for what it runs.
const postgresVariable = "ORGATE_TEST_POSTGRES"

// cluster is a PostgreSQL server.
type cluster struct {
	dsn        string
	postmaster int
	version    string
	holder     *process // nil when the server is not ours
	made       []string // names of our databases
}

// openCluster uses the server that the environment names, else one that
// scripts/with-postgres.sh starts, with every commit flushed.
func openCluster(ctx context.Context, self, top string) (*cluster, error) {
	c := &cluster{dsn: os.Getenv(postgresVariable)}
	if c.dsn == "" {
		command := exec.Command(filepath.Join(top, "scripts", "with-postgres.sh"), self, "-as", roleHold)
		command.Env = append(os.Environ(), "ORGATE_TEST_PG_FSYNC=on")
		var err error
		if c.holder, err = startProcess(command); err != nil {
			return nil, err
		}
		if c.dsn, err = c.holder.word(ctx); err != nil {
			c.holder.stop()
			return nil, err
		}
	}
	if err := c.ask(ctx); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// hold is the part of the child that with-postgres.sh runs: it writes where
// the server is and waits for the end of its standard input.
func hold(in io.Reader, out io.Writer) error {
	fmt.Fprintln(out, os.Getenv(postgresVariable))
	_, err := bufio.NewReader(in).WriteTo(io.Discard)
	return err
}

// ask learns which processes the server consists of: a backend is a child of
// the one that counts.
func (c *cluster) ask(ctx context.Context) error {
	return c.run(ctx, func(conn *pgx.Conn) error {
		var backend int
		if err := conn.QueryRow(ctx, `SELECT pg_backend_pid(), current_setting('server_version')`).Scan(&backend, &c.version); err != nil {
			return err
		}
		stat, err := proc{"/proc"}.stat(backend)
		if err != nil {
			return fmt.Errorf("the PostgreSQL server must run on this machine: %w", err)
		}
		c.postmaster = stat.parent
		return nil
	})
}

func (c *cluster) run(ctx context.Context, do func(*pgx.Conn) error) error {
	return onPostgres(ctx, c.dsn, do)
}

// onPostgres does something on a connection of its own.
func onPostgres(ctx context.Context, dsn string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	return do(conn)
}

// database makes an empty database and returns its DSN.
func (c *cluster) database(ctx context.Context, purpose string) (string, error) {
	name := fmt.Sprintf("orgate_bench_%d_%s", os.Getpid(), purpose)
	u, err := url.Parse(c.dsn)
	if err != nil {
		return "", fmt.Errorf("%s is not a URL", postgresVariable)
	}
	u.Path = "/" + name
	err = c.run(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
		return err
	})
	if err == nil {
		c.made = append(c.made, name)
	}
	return u.String(), err
}

// drop removes a database that is no longer needed.
func (c *cluster) drop(ctx context.Context, dsn string) error {
	u, err := url.Parse(dsn)
	if err != nil {
		return err
	}
	name := strings.TrimPrefix(u.Path, "/")
	c.made = slices.DeleteFunc(c.made, func(made string) bool { return made == name })
	return c.run(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
		return err
	})
}

// quiet makes the server write down what it holds back, so that the flushes of
// filling a database are not counted as those of using it.
func (c *cluster) quiet(ctx context.Context, dsn string) error {
	return onPostgres(ctx, dsn, func(conn *pgx.Conn) error {
		for _, statement := range []string{"VACUUM ANALYZE", "CHECKPOINT"} {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// close removes our databases and ends the server if it is ours. It is called
// when the run is over or interrupted, so it has a time of its own.
func (c *cluster) close() error {
	if c.holder != nil {
		c.holder.stop() // with-postgres.sh removes everything
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return c.run(ctx, func(conn *pgx.Conn) error {
		var err error
		for _, name := range c.made {
			_, dropped := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
			err = errors.Join(err, dropped)
		}
		return err
	})
}
