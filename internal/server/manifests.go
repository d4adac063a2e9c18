package server

import (
	"context"
	"errors"
	"io"

	"github.com/orgate/orgate/internal/api"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/manifest"
)

// manifests lets the management API plan and apply manifests: surfaces do not
// know each other. Nothing is looked up on this machine for a caller, neither
// in its environment nor in its files.
type manifests struct{ house manifest.House }

func (h *House) manifests() manifests { return manifests{h.manifest()} }

// Plan tells what Apply would do.
func (m manifests) Plan(ctx context.Context, actor identity.Actor, files []api.ManifestFile, prune api.Prune) ([]string, error) {
	document, err := load(files)
	if err != nil {
		return nil, err
	}
	difference, err := manifest.Plan(ctx, actor, m.house, document, manifest.Options{Prune: bool(prune)})
	if err != nil || difference.Empty() {
		return nil, err
	}
	return difference.Lines(), nil
}

// Apply makes the installation as the files say.
func (m manifests) Apply(ctx context.Context, actor identity.Actor, files []api.ManifestFile, prune api.Prune) (api.Applied, error) {
	document, err := load(files)
	if err != nil {
		return api.Applied{}, err
	}
	result, err := manifest.Apply(ctx, actor, m.house, document, manifest.Options{Prune: bool(prune)})
	applied := api.Applied{Total: len(result.Difference.Steps)}
	if result.Done > 0 {
		applied.Lines = result.Difference.Lines()[:result.Done]
	}
	for _, g := range result.Generated {
		applied.Generated = append(applied.Generated, api.Generated{Kind: g.Kind, Name: g.Name, Of: g.Of, Key: g.Key, Secret: g.Secret.Reveal()})
	}
	if result.Done == 0 {
		return applied, err
	}
	// What was done has to be told, with the secrets that were made.
	applied.Stopped = err
	if stopped := (*manifest.StoppedError)(nil); errors.As(err, &stopped) {
		applied.Step = stopped.Step.String()
	}
	return applied, nil
}

// Export writes the installation as a manifest.
func (m manifests) Export(ctx context.Context, actor identity.Actor, out io.Writer) error {
	return manifest.Export(ctx, actor, m.house, out)
}

func load(files []api.ManifestFile) (manifest.Document, error) {
	read := make([]manifest.File, len(files))
	for i, f := range files {
		read[i] = manifest.File{Name: f.Name, Data: []byte(f.Data)}
	}
	return manifest.Load(read, manifest.Surroundings{})
}
