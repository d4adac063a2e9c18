package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/config"
	"github.com/orgate/orgate/internal/manifest"
)

// Configuration is one plan or apply.
type Configuration struct {
	Files    []string // paths; "-" is not read
	Prune    bool
	PlanOnly bool
	Environ  []string // for env:NAME
	Out      io.Writer
}

// Configurator is where a manifest goes: a database or a running server.
type Configurator interface {
	// Configure plans or applies and writes one line for each change.
	Configure(ctx context.Context, c Configuration) error
	// Export writes the installation as a manifest, without secrets.
	Export(ctx context.Context, out io.Writer) error
	io.Closer
}

// ManifestSchema is the JSON Schema of manifests.
func ManifestSchema() ([]byte, error) { return manifest.Schema() }

// ConfigureDatabase works on the database itself, whose schema is made or
// brought to this version first.
func ConfigureDatabase(ctx context.Context, cfg config.Config, o HouseOptions) (Configurator, error) {
	o.Migrate = true
	h, err := OpenHouse(ctx, cfg, o)
	if err != nil {
		return nil, err
	}
	if !cfg.AdminPassword.IsZero() {
		if _, err := h.Directory.FirstAdministratorByPassword(ctx, "admin", cfg.AdminPassword.Reveal()); err != nil {
			return nil, errors.Join(h.Say(err), h.Close())
		}
	}
	return localConfigurator{h}, nil
}

type localConfigurator struct{ house *House }

// Close closes the database.
func (l localConfigurator) Close() error { return l.house.Close() }

// Export writes the database as a manifest.
func (l localConfigurator) Export(ctx context.Context, out io.Writer) error {
	return l.house.Say(manifest.Export(ctx, console(), l.house.manifest(), out))
}

// Configure plans or applies on the database.
func (l localConfigurator) Configure(ctx context.Context, c Configuration) error {
	files, err := readFiles(c.Files)
	if err != nil {
		return err
	}
	document, err := manifest.Load(files, surroundings(c.Environ))
	if err != nil {
		return err
	}
	o := manifest.Options{Prune: c.Prune}
	if c.PlanOnly {
		difference, err := manifest.Plan(ctx, console(), l.house.manifest(), document, o)
		if err != nil {
			return l.house.Say(err)
		}
		if difference.Empty() {
			return writePlan(c.Out, nil)
		}
		return writePlan(c.Out, difference.Lines())
	}
	result, err := manifest.Apply(ctx, console(), l.house.manifest(), document, o)
	if listed := manifest.Errors(nil); errors.As(err, &listed) {
		return err // found before the first change
	}
	return errors.Join(l.house.Say(err), writeResult(c.Out, outcomeOf(result)))
}

func (h *House) manifest() manifest.House {
	return manifest.House{Directory: h.Directory, Applications: h.Applications, Settings: h.Settings, Sources: h.Sources, Policies: h.Policies, Resources: h.Resources, Reports: h.Reports, Syncs: h.Syncs, Hooks: h.Hooks, Statements: h.Statements}
}

func readFiles(paths []string) (files []manifest.File, err error) {
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files = append(files, manifest.File{Name: path, Data: data})
	}
	return files, nil
}

// surroundings are where env:NAME and file:/path are looked up.
func surroundings(environ []string) manifest.Surroundings {
	return manifest.Surroundings{ReadFile: os.ReadFile, Env: func(name string) (string, bool) {
		for _, entry := range environ {
			if value, found := strings.CutPrefix(entry, name+"="); found {
				return value, true
			}
		}
		return "", false
	}}
}

func writePlan(out io.Writer, lines []string) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(out, "no changes")
		return err
	}
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
	_, err := fmt.Fprintf(out, "%d changes; orgate apply makes them.\n", len(lines))
	return err
}

// outcome is what an apply did, here or on a server.
type outcome struct {
	lines     []string // of the changes that were made
	total     int
	generated []secretMade
}

// secretMade is a secret that the manifest does not give.
type secretMade struct{ Kind, Name, Of, Key, Secret string }

// String keeps the secret out of logs.
func (secretMade) String() string { return "[redacted]" }

func outcomeOf(r manifest.Result) outcome {
	o := outcome{total: len(r.Difference.Steps)}
	if r.Done > 0 {
		o.lines = r.Difference.Lines()[:r.Done]
	}
	for _, g := range r.Generated {
		o.generated = append(o.generated, secretMade{g.Kind, g.Name, g.Of, g.Key, g.Secret.Reveal()})
	}
	return o
}

// writeResult tells what was done, also when it stopped half-way: secrets that
// were made are told nowhere else.
func writeResult(out io.Writer, o outcome) error {
	if o.total == 0 {
		_, err := fmt.Fprintln(out, "no changes")
		return err
	}
	for _, line := range o.lines {
		fmt.Fprintln(out, line)
	}
	for _, g := range o.generated {
		of := ""
		if g.Of != "" {
			of = " of " + g.Of
		}
		fmt.Fprintf(out, "%s of %s %s%s, shown once: %s\n", g.Key, g.Kind, g.Name, of, g.Secret)
	}
	_, err := fmt.Fprintf(out, "%d of %d changes made.\n", len(o.lines), o.total)
	return err
}

// remoteConfigurator sends manifests to a running server. Secrets that a
// manifest takes from the environment or from files are read here, before it
// leaves.
type remoteConfigurator struct {
	base   *url.URL
	token  string
	client *http.Client
}

// ConfigureRemote works on a running server over its management API.
func ConfigureRemote(server, token string) (Configurator, error) {
	base, err := url.Parse(server)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("--server %q is not an address such as https://id.example.com", server)
	}
	return remoteConfigurator{base, token, &http.Client{Timeout: 10 * time.Minute}}, nil
}

// Close does nothing: each call has its own connection.
func (remoteConfigurator) Close() error { return nil }

// Export reads the manifest from the server.
func (r remoteConfigurator) Export(ctx context.Context, out io.Writer) error {
	return r.call(ctx, exchange{method: http.MethodGet, path: "/api/v1/manifest", out: out})
}

// Configure sends the files to the server.
func (r remoteConfigurator) Configure(ctx context.Context, c Configuration) error {
	files, err := readFiles(c.Files)
	if err != nil {
		return err
	}
	resolved, err := manifest.Resolve(files, surroundings(c.Environ))
	if err != nil {
		return err
	}
	sent := make([]sentFile, len(resolved))
	for i, f := range resolved {
		sent[i] = sentFile{f.Name, string(f.Data)}
	}
	body, err := json.Marshal(map[string][]sentFile{"files": sent})
	if err != nil {
		return err
	}
	query := url.Values{}
	if c.Prune {
		query.Set("prune", "true")
	}
	e := exchange{method: http.MethodPost, path: "/api/v1/manifest/apply", query: query, body: body}
	if c.PlanOnly {
		e.path = "/api/v1/manifest/plan"
	}
	var answer bytes.Buffer
	e.out = &answer
	if err := r.call(ctx, e); err != nil {
		return err
	}
	var told told
	if err := json.Unmarshal(answer.Bytes(), &told); err != nil {
		return fmt.Errorf("the server's answer is not understood: %w", err)
	}
	if c.PlanOnly {
		return told.writePlan(c.Out)
	}
	return told.writeResult(c.Out)
}

// sentFile is a file of a manifest as the server takes it.
type sentFile struct {
	Name string `json:"name"`
	Data string `json:"data"`
}

// told is what the server answers about a plan or an apply.
type told struct {
	Lines     []string
	Total     int
	Generated []secretMade
	Stopped   *struct{ Step, Detail string }
}

func (t told) writePlan(out io.Writer) error { return writePlan(out, t.Lines) }

// writeResult tells what was done, and then why it stopped, if it did.
func (t told) writeResult(out io.Writer) error {
	err := writeResult(out, outcome{t.Lines, t.Total, t.Generated})
	if t.Stopped != nil {
		stopped := fmt.Errorf("%s: %s %d of %d steps are done and stay, applying again goes on from there", t.Stopped.Step, t.Stopped.Detail,
			len(t.Lines), t.Total)
		err = errors.Join(stopped, err)
	}
	return err
}

// exchange is one call of the management API.
type exchange struct {
	method, path string
	query        url.Values
	body         []byte
	out          io.Writer
}

func (r remoteConfigurator) call(ctx context.Context, e exchange) (err error) {
	at := *r.base.JoinPath(e.path)
	at.RawQuery = e.query.Encode()
	request, err := http.NewRequestWithContext(ctx, e.method, at.String(), bytes.NewReader(e.body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := r.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode == http.StatusOK {
		_, err = io.Copy(e.out, response.Body)
		return err
	}
	var problem struct {
		Detail string
		Errors []struct{ Field, Detail string }
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	if json.Unmarshal(raw, &problem) != nil || problem.Detail == "" {
		return fmt.Errorf("%s answered %s", at.Host, response.Status)
	}
	lines := []string{problem.Detail}
	for _, e := range problem.Errors {
		lines = append(lines, e.Field+": "+e.Detail)
	}
	return errors.New(strings.Join(lines, "\n"))
}
