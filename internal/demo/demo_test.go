package demo

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/config"
	signature "github.com/orgate/orgate/sdk/go"
)

// The demonstration is what it prints: a person who does not exist yet comes
// in by the App ID that stands there, and nothing is left behind.
func TestDemonstration(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	cfg := config.Default()
	cfg.Listen, cfg.OpsListen = "127.0.0.1:0", ""
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out bytes.Buffer
	ready, ended := make(chan Scene, 1), make(chan error, 1)
	go func() {
		ended <- Run(ctx, cfg, Options{Version: "test", Log: slog.New(slog.DiscardHandler), Out: &out, CentreListen: "127.0.0.1:0", ApplicationListen: "127.0.0.1:0", Ready: func(s Scene) { ready <- s }})
	}()
	var scene Scene
	select {
	case scene = <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	app := signature.App{Mode: signature.Enterprise, ID: scene.AppID, Key: signature.Key(scene.AppKey)}
	token, err := app.Login(ctx, scene.Address, signature.Login{UserID: "grace", UserName: "Grace", ExpireTime: scene.Began.Unix() + 600})
	if err != nil {
		t.Fatal(err)
	}
	if token.User.ThirdAccount != "grace" {
		t.Errorf("got %+v, want Grace", token.User)
	}
	for _, printed := range []string{scene.Address, scene.AppID, scene.AppKey, scene.Password, "owner@acme.example", "/token/validate"} {
		if !strings.Contains(out.String(), printed) {
			t.Errorf("%q is not printed", printed)
		}
	}
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "orgate-demo-*"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
