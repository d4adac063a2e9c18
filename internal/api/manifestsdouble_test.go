package api

import (
	"context"
	"io"

	"github.com/orgate/orgate/internal/identity"
)

// manifestsDouble stands for the room of manifests.
type manifestsDouble struct {
	files   []ManifestFile
	prune   Prune
	applied Applied
}

func (m *manifestsDouble) Plan(_ context.Context, _ identity.Actor, files []ManifestFile, prune Prune) ([]string, error) {
	m.files, m.prune = files, prune
	return []string{"+ create organization gamma"}, nil
}

func (m *manifestsDouble) Apply(_ context.Context, _ identity.Actor, files []ManifestFile, prune Prune) (Applied, error) {
	m.files, m.prune = files, prune
	return m.applied, nil
}

func (*manifestsDouble) Export(_ context.Context, _ identity.Actor, out io.Writer) error {
	_, err := io.WriteString(out, "version: 1\n")
	return err
}
