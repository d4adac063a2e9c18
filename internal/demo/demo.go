package demo

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/config"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/manifest"
	"github.com/orgate/orgate/internal/server"
)

//go:embed acme.yaml
var acme string

// Options say how the demonstration runs.
type Options struct {
	Version string
	Log     *slog.Logger
	Out     io.Writer // where addresses, accounts and commands are printed
	// Ready, if set, is told once everything is there.
	Ready func(Scene)
}

// Scene is what was made, for printing and for tests.
type Scene struct {
	Address          string // base URL
	Password         string // of every account
	AppID, AppKey    string // of Acme
	ProviderID       string
	ProviderKey      string
	Command          string // the path of this program
	OperatorsAddress string // host:port, "" when off
	Began            time.Time
}

// Run serves the demonstration until ctx ends, then removes what it kept.
func Run(ctx context.Context, cfg config.Config, o Options) (err error) {
	folder, err := os.MkdirTemp("", "orgate-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if cfg.Database, err = config.ParseDatabase("sqlite:" + filepath.Join(folder, "orgate.db")); err != nil {
		return err
	}
	// A sealing key from the surroundings belongs to another database.
	cfg.SealingKeys, cfg.AdminPassword = nil, config.Secret{}
	s, err := server.New(ctx, cfg, server.Options{Version: o.Version, Log: o.Log, Demo: true})
	if err != nil {
		return err
	}
	scene := newScene(s)
	if err := furnish(ctx, s.House, scene); err != nil {
		return errors.Join(err, s.Close())
	}
	if err := announce(o.Out, scene); err != nil {
		return errors.Join(err, s.Close())
	}
	if o.Ready != nil {
		o.Ready(scene)
	}
	return s.Run(ctx)
}

func newScene(s *server.Server) Scene {
	command, err := os.Executable()
	if err != nil {
		command = "orgate"
	}
	return Scene{
		Address: s.BaseURL().String(), OperatorsAddress: s.OpsAddr(), Command: command, Began: s.Now(), Password: directory.GeneratePassword(),
		AppID: randomHex(16), AppKey: randomHex(32), ProviderID: randomHex(16), ProviderKey: randomHex(32),
	}
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// furnish applies the manifest of the demonstration.
func furnish(ctx context.Context, h *server.House, scene Scene) error {
	text := strings.NewReplacer("PROVIDER_APP_ID,", scene.ProviderID+",", "app_id: APP_ID,", "app_id: "+scene.AppID+",").Replace(acme)
	secrets := map[string]string{"PASSWORD": scene.Password, "APP_KEY": scene.AppKey, "PROVIDER_APP_KEY": scene.ProviderKey}
	document, err := manifest.Load([]manifest.File{{Name: "acme.yaml", Data: []byte(text)}},
		manifest.Surroundings{Env: func(name string) (string, bool) { value, found := secrets[name]; return value, found }})
	if err != nil {
		return err
	}
	actor := identity.Actor{Kind: identity.ActsAsConsole, Name: "demonstration"}
	_, err = manifest.Apply(ctx, actor, manifest.House{Directory: h.Directory, Applications: h.Applications, Settings: h.Settings},
		document, manifest.Options{})
	if err != nil {
		return fmt.Errorf("furnish the demonstration: %w", h.Say(err))
	}
	return nil
}
