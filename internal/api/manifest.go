package api

import (
	"bytes"
	"context"
	"io"
	"log/slog"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/identity"
)

// Manifests plans, applies and exports the installation as a manifest. It is
// an interface because manifests are a surface of their own.
type Manifests interface {
	// Plan tells what Apply would do, a line for each change.
	Plan(ctx context.Context, actor identity.Actor, files []ManifestFile, prune Prune) (lines []string, err error)
	// Apply makes the installation as the files say.
	Apply(ctx context.Context, actor identity.Actor, files []ManifestFile, prune Prune) (Applied, error)
	// Export writes the installation as a manifest, without secrets.
	Export(ctx context.Context, actor identity.Actor, out io.Writer) error
}

// Prune tells whether what is not listed is removed.
type Prune bool

// ManifestFile is one file of a manifest. References to secrets elsewhere have
// been replaced by the secrets before it was sent.
type ManifestFile struct {
	Name string `json:"name" doc:"As errors call it."`
	Data string `json:"data" doc:"The text of the file, YAML."`
}

// String keeps the secrets in it out of logs.
func (ManifestFile) String() string { return "[redacted]" }

// LogValue keeps the secrets in it out of structured logs.
func (ManifestFile) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Applied is what an apply did, also when it stopped half-way: secrets that
// were made are told nowhere else.
type Applied struct {
	Lines     []string // one for each change that was made
	Total     int      // changes that were to be made
	Generated []Generated
	Stopped   error  // why it stopped, nil when it did not
	Step      string // the one at which it stopped
}

// Generated is a secret that was made.
type Generated struct {
	Kind   string `json:"kind" doc:"The kind of object it is for."`
	Name   string `json:"name" doc:"The natural key of the object."`
	Of     string `json:"of" doc:"The code of its organisation, or provider."`
	Key    string `json:"key" doc:"The key of the manifest that would hold it: app_key or password."`
	Secret string `json:"secret" doc:"The secret. It is told this once."`
}

// String keeps the secret out of logs.
func (Generated) String() string { return "[redacted]" }

// LogValue keeps the secret out of structured logs.
func (Generated) LogValue() slog.Value { return slog.StringValue("[redacted]") }

type manifestInput struct {
	Prune bool `query:"prune" doc:"Whether what is stored and not listed is removed."`
	Body  struct {
		Files []ManifestFile `json:"files" doc:"The files of the manifest."`
	}
}

// Planned is what a manifest would change.
type Planned struct {
	Lines []string `json:"lines" doc:"A line for each change, in the order of their making."`
}

func planManifest(ctx context.Context, c *call, in *manifestInput) (*plain[Planned], error) {
	if err := access.Allow(c.actor, access.ManageProvider, ""); err != nil {
		return nil, err
	}
	lines, err := c.s.o.Manifests.Plan(ctx, c.actor, in.Body.Files, Prune(in.Prune))
	if err != nil {
		return nil, err
	}
	return &plain[Planned]{Planned{nonNil(lines)}}, nil
}

// ManifestResult is what an apply did.
type ManifestResult struct {
	Lines     []string    `json:"lines" doc:"A line for each change that was made."`
	Total     int         `json:"total" doc:"How many changes were to be made."`
	Generated []Generated `json:"generated" doc:"Secrets that were made. They are told this once."`
	Stopped   *Stopped    `json:"stopped,omitempty" doc:"Present when it stopped half-way. What was done stays; applying again goes on from there."`
}

// Stopped tells why an apply stopped.
type Stopped struct {
	Step   string `json:"step" doc:"The line of the change that failed."`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func applyManifest(ctx context.Context, c *call, in *manifestInput) (*plain[ManifestResult], error) {
	if err := access.Allow(c.actor, access.ManageProvider, ""); err != nil {
		return nil, err
	}
	applied, err := c.s.o.Manifests.Apply(ctx, c.actor, in.Body.Files, Prune(in.Prune))
	if err != nil {
		return nil, err
	}
	result := ManifestResult{Lines: nonNil(applied.Lines), Total: applied.Total, Generated: nonNil(applied.Generated)}
	if applied.Stopped != nil {
		p := c.problem(applied.Stopped)
		result.Stopped = &Stopped{Step: applied.Step, Code: p.Code, Detail: p.Detail}
	}
	return &plain[ManifestResult]{result}, nil
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

type exported struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func exportManifest(ctx context.Context, c *call, _ *nothing) (*exported, error) {
	if err := access.Allow(c.actor, access.ManageProvider, ""); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	// Whole before the first byte is sent: half a manifest would be applied as one.
	if err := c.s.o.Manifests.Export(ctx, c.actor, &out); err != nil {
		return nil, err
	}
	return &exported{"application/yaml", out.Bytes()}, nil
}
