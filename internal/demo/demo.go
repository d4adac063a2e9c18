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

// enterprises is the manifest of Acme and CloudDragon.
//
//go:embed enterprises.yaml
var enterprises string

// Options say how the demonstration runs.
type Options struct {
	Version string
	Log     *slog.Logger
	Out     io.Writer // where addresses, accounts and commands are printed
	// CentreListen is where the stand-in authentication centre listens; ""
	// means the constant of this name.
	CentreListen string
	// ApplicationListen is where the applications listen that rely on this
	// installation; "" means the constant of this name.
	ApplicationListen string
	// Ready, if set, is told once everything is there.
	Ready func(Scene)
}

// Scene is what was made, for printing and for tests.
type Scene struct {
	Address          string // base URL
	Password         string // of every account
	AppID, AppKey    string // of Acme
	AcmeSecret       string // of Acme's app at the centre
	DragonID         string // the App ID of CloudDragon
	DragonKey        string
	DragonSecret     string // of CloudDragon's app at the centre
	ProviderID       string
	ProviderKey      string
	Centre           string // base URL of the stand-in authentication centre
	CentrePassword   string // of everybody there
	Applications     string // base URL of the applications that rely on us
	WikiSecret       string // of Acme's wiki, by which it proves itself here
	DeskSecret       string // of Acme's help desk
	Command          string // the path of this program
	OperatorsAddress string // host:port, "" when off
	Began            time.Time
}

// String keeps keys and passwords, which are for the announcement only, out of
// messages.
func (s Scene) String() string { return "demonstration at " + s.Address }

// GoString keeps them out of %#v.
func (s Scene) GoString() string { return s.String() }

// LogValue keeps them out of logs.
func (s Scene) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Run serves the demonstration until ctx ends, then removes what it kept.
func Run(ctx context.Context, cfg config.Config, o Options) (err error) {
	outside, err := bind(ctx, o)
	if err != nil {
		return err
	}
	defer outside.close()
	folder, err := os.MkdirTemp("", "orgate-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := place(ctx, &cfg, folder); err != nil {
		return err
	}
	s, err := server.New(ctx, cfg, server.Options{Version: o.Version, Log: o.Log, Demo: true})
	if err != nil {
		return err
	}
	scene := newScene(s, outside)
	err = outside.open(scene, s.BaseURL().Hostname(), s.Now)
	if err == nil {
		err = furnish(ctx, s.House, scene)
	}
	if err == nil {
		err = announce(o.Out, scene)
	}
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return serve(ctx, s, outside, func() {
		if o.Ready != nil {
			o.Ready(scene)
		}
	})
}

// place says where the demonstration keeps what it makes: in the folder, or in
// a PostgreSQL database that nobody has used yet.
func place(ctx context.Context, cfg *config.Config, folder string) (err error) {
	cfg.AdminPassword = config.Secret{}
	if cfg.Database.Engine() == config.SQLite {
		// A sealing key from the surroundings belongs to another database.
		cfg.SealingKeys = nil
		cfg.Database, err = config.ParseDatabase("sqlite:" + filepath.Join(folder, "orgate.db"))
		return err
	}
	untouched, err := server.Untouched(ctx, *cfg)
	if err == nil && !untouched {
		err = fmt.Errorf("%s is in use: give the demonstration an empty database, or leave --database out", cfg.Database)
	}
	return err
}

// serve runs the server and those outside until ctx ends or one of them fails.
func serve(ctx context.Context, s *server.Server, outside *outside, ready func()) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 2)
	for _, party := range outside.parties() {
		go func() {
			defer stop()
			served <- party(ctx)
		}()
	}
	ready()
	err := s.Run(ctx)
	stop()
	return errors.Join(err, <-served, <-served)
}

func newScene(s *server.Server, outside *outside) Scene {
	command, err := os.Executable()
	if err != nil {
		command = "orgate"
	}
	return Scene{
		Address: s.BaseURL().String(), OperatorsAddress: s.OpsAddr(), Command: command, Began: s.Now(), Password: directory.GeneratePassword(),
		AppID: randomHex(16), AppKey: randomHex(32), ProviderID: randomHex(16), ProviderKey: randomHex(32),
		DragonID: randomHex(16), DragonKey: randomHex(32), AcmeSecret: randomHex(16), DragonSecret: randomHex(16),
		Centre: address(outside.centreAt), CentrePassword: centrePassword,
		Applications: address(outside.sitesAt), WikiSecret: randomHex(32), DeskSecret: randomHex(32),
	}
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// furnish applies the manifest of the demonstration.
func furnish(ctx context.Context, h *server.House, scene Scene) error {
	text := strings.NewReplacer("PROVIDER_APP_ID,", scene.ProviderID+",", "DRAGON_APP_ID,", scene.DragonID+",",
		"app_id: APP_ID,", "app_id: "+scene.AppID+",", "http://"+CentreListen, scene.Centre, "http://"+ApplicationListen, scene.Applications).Replace(enterprises)
	secrets := map[string]string{
		"PASSWORD": scene.Password, "APP_KEY": scene.AppKey, "PROVIDER_APP_KEY": scene.ProviderKey,
		"DRAGON_APP_KEY": scene.DragonKey, "CENTRE_SECRET": scene.AcmeSecret,
		"WIKI_SECRET": scene.WikiSecret, "DESK_SECRET": scene.DeskSecret,
	}
	document, err := manifest.Load([]manifest.File{{Name: "enterprises.yaml", Data: []byte(text)}},
		manifest.Surroundings{Env: func(name string) (string, bool) { value, found := secrets[name]; return value, found }})
	if err != nil {
		return err
	}
	actor := identity.Actor{Kind: identity.ActsAsConsole, Name: "demonstration"}
	_, err = manifest.Apply(ctx, actor, manifest.House{
		Directory: h.Directory, Applications: h.Applications, Settings: h.Settings, Sources: h.Sources, Policies: h.Policies, Resources: h.Resources, Reports: h.Reports, Syncs: h.Syncs, Statements: h.Statements,
	}, document, manifest.Options{})
	if err != nil {
		return fmt.Errorf("furnish the demonstration: %w", h.Say(err))
	}
	return nil
}
