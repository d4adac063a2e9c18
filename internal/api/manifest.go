package api

import (
	"context"
	"io"
	"log/slog"

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
