package main

import (
	"github.com/orgate/orgate/internal/server"
)

// target says where a manifest goes: to the database, or to a running server.
type target struct {
	settings `embed:""`
	Server   string `placeholder:"URL" help:"A running server; left out, the database is used directly."`
	Token    string `placeholder:"env:NAME" help:"API token for --server."`
}

func (t target) open(w *world) (server.Configurator, error) {
	if t.Server == "" {
		cfg, err := t.load(w)
		if err != nil {
			return nil, err
		}
		return server.ConfigureDatabase(w.ctx, cfg, server.HouseOptions{Log: server.NewLog(cfg, w.errs)})
	}
	token, err := secretText(w, t.Token)
	if err != nil {
		return nil, err
	}
	if token == "" {
		return nil, usageError{"--server needs --token: make one with orgate admin token create"}
	}
	return server.ConfigureRemote(t.Server, token)
}

type planCommand struct {
	target `embed:""`
	Files  []string `short:"f" name:"file" sep:"none" required:"" placeholder:"FILE" help:"Manifest; may be given several times."`
	Prune  bool     `help:"Also remove what the manifest does not name."`
}

// Help shows an example.
func (planCommand) Help() string {
	return "Prints one change a line, or \"no changes\". Nothing is changed.\n\nExample:\n  orgate plan -f orgate.yaml"
}

// Run prints the plan.
func (c planCommand) Run(w *world) error {
	return c.configure(w, server.Configuration{Files: c.Files, Prune: c.Prune, PlanOnly: true})
}

type applyCommand struct {
	target `embed:""`
	Files  []string `short:"f" name:"file" sep:"none" required:"" placeholder:"FILE" help:"Manifest; may be given several times."`
	Prune  bool     `help:"Also remove what the manifest does not name."`
}

// Help shows an example.
func (applyCommand) Help() string {
	return "On an empty database the schema is made first. Applying twice changes nothing.\n\nExample:\n  orgate apply -f orgate.yaml\n  orgate apply -f orgate.yaml --server https://id.example.com --token env:ORGATE_TOKEN"
}

// Run applies the manifest.
func (c applyCommand) Run(w *world) error {
	return c.configure(w, server.Configuration{Files: c.Files, Prune: c.Prune})
}

// configure plans or applies at the target.
func (t target) configure(w *world, what server.Configuration) error {
	where, err := t.open(w)
	if err != nil {
		return err
	}
	defer where.Close()
	what.Environ, what.Out = w.environ, w.out
	return where.Configure(w.ctx, what)
}

type exportCommand struct {
	target `embed:""`
}

// Help shows an example.
func (exportCommand) Help() string { return "Example:\n  orgate export > orgate.yaml" }

// Run writes the manifest.
func (c exportCommand) Run(w *world) error {
	where, err := c.open(w)
	if err != nil {
		return err
	}
	defer where.Close()
	return where.Export(w.ctx, w.out)
}

type manifestCommand struct {
	Schema schemaCommand `cmd:"" help:"Print the JSON Schema of manifests."`
}

type schemaCommand struct{}

// Help shows an example.
func (schemaCommand) Help() string { return "Example:\n  orgate manifest schema > orgate.schema.json" }

// Run prints the schema.
func (schemaCommand) Run(w *world) error {
	schema, err := server.ManifestSchema()
	if err == nil {
		_, err = w.out.Write(schema)
	}
	return err
}
