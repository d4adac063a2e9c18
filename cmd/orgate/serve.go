package main

import (
	"runtime"

	"github.com/orgate/orgate/internal/demo"
	"github.com/orgate/orgate/internal/server"
)

type serveCommand struct {
	settings `embed:""`
}

// Help shows an example.
func (serveCommand) Help() string {
	return `No setting is required: embedded SQLite in ./data, listening on loopback. As long as no provider
administrator was ever made, a one-time set-up address is printed.

Example:
  orgate serve
  ORGATE_DATABASE=postgres://orgate@db/orgate ORGATE_SEALING_KEY=file:/run/secrets/seal orgate serve --listen :8080 --base-url https://id.example.com`
}

// Run serves until the process is told to stop.
func (c serveCommand) Run(w *world) error {
	cfg, err := c.load(w)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(tendHeap())
	s, err := server.New(w.ctx, cfg, server.Options{Version: version, Log: server.NewLog(cfg, w.errs), Out: w.out})
	if err != nil {
		return err
	}
	return s.Run(w.ctx)
}

type demoCommand struct {
	settings          `embed:""`
	ApplicationListen string `name:"application-listen" placeholder:"127.0.0.1:8090" help:"Where the applications listen that rely on this installation."`
	CentreListen      string `name:"centre-listen" placeholder:"127.0.0.1:8444" help:"Where the stand-in authentication centre listens."`
}

// Help shows an example.
func (demoCommand) Help() string {
	return `Everything is kept in a temporary folder that is removed at the end, or in an empty PostgreSQL database that
--database names. Outgoing calls may reach loopback.

Example:
  orgate demo`
}

// Run serves the demonstration until the process is told to stop.
func (c demoCommand) Run(w *world) error {
	cfg, err := c.load(w)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(tendHeap())
	return demo.Run(w.ctx, cfg, demo.Options{
		Version: version, Log: server.NewLog(cfg, w.errs), Out: w.out, CentreListen: c.CentreListen, ApplicationListen: c.ApplicationListen,
	})
}
