package manifest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/provision"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var receiverKey = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)}))
})

// receiverKeyBare is the same key without its armour.
func receiverKeyBare() string {
	block, _ := pem.Decode([]byte(receiverKey()))
	return base64.StdEncoding.EncodeToString(block.Bytes)
}

// synced is an organisation with an application that is told as the text says.
func synced(text string) string {
	return apps(strings.TrimSuffix(wikiLine, "}") + ", sync: " + strings.ReplaceAll(text, "PEM", `"`+strings.ReplaceAll(receiverKey(), "\n", `\n`)+`"`) + "}\n")
}

const wholeSync = `{enabled: true, callback_url: "https://r.example/in", signature_key: the-key-that-signs, public_key: PEM, wire: v1}`

func (s *site) told() provision.Settings {
	s.t.Helper()
	settings, err := s.Syncs.Sync(s.t.Context(), console, s.organization(), "wiki")
	if err != nil {
		s.t.Fatal(err)
	}
	return settings
}

func TestSyncsAreAppliedAndExported(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(synced(wholeSync), false)
		if got := s.told(); !got.Enabled || !got.HasKey || !got.HasSecret || !got.SecretCurrent || got.Wire != "v1" {
			t.Errorf("a new application is told by %+v", got)
		}
		text := s.export()
		for _, want := range []string{"sync: {enabled: true, callback_url: ", "wire: v1"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		for _, hidden := range []string{"the-key-that-signs", "wwwwwwww", "signature_key", "digest: sha256"} {
			if strings.Contains(text, hidden) {
				t.Errorf("%q is exported:\n%s", hidden, text)
			}
		}
		same(t, s.plan(text, true), "no changes")
		s.apply(text, true)
		if again := s.export(); again != text {
			t.Errorf("exported again:\n%s\nwas\n%s", again, text)
		}
		// A new secret of the application reaches the settings by itself.
		s.apply(strings.Replace(synced(wholeSync), "wwww,", "wwwx,", 1), false)
		if got := s.told(); !got.SecretCurrent {
			t.Error("after a rotation the secret that is told proves nothing")
		}
		empty := strings.Replace(synced("{}"), "wwww,", "wwwx,", 1)
		same(t, s.plan(empty, false), "no changes")
		same(t, s.plan(empty, true), "~ change application wiki of acme: sync: as stored → (none)")
		s.apply(empty, true)
		if text := s.export(); strings.Contains(text, "sync:") {
			t.Errorf("what is not told is exported:\n%s", text)
		}
	})
}

func TestSyncPlans(t *testing.T) {
	s := sqliteSite(t)
	s.apply(synced(wholeSync), false)
	for _, row := range []struct{ name, text, want string }{
		{"nothing said", apps(wikiLine + "\n"), "no changes"},
		{"the same", synced(wholeSync), "no changes"},
		{"a part", synced("{enabled: true, verify_answers: false}"), "no changes"},
		{"another address", synced(strings.Replace(wholeSync, "/in", "/out", 1)), `~ change application wiki of acme: sync.callback_url: "https://r.example/in" → "https://r.example/out"`},
		{"another key", synced(strings.Replace(wholeSync, "that", "which", 1)), "~ change application wiki of acme: sync.signature_key: (changed)"},
		{"switched off", synced("{enabled: false, digest: sha1}"), "~ change application wiki of acme: sync.enabled: true → false, sync.digest: sha256 → sha1"},
	} {
		t.Run(row.name, func(t *testing.T) { same(t, s.plan(row.text, false), row.want) })
	}
	s.apply(synced("{enabled: false, digest: sha1}"), false)
	if got := s.told(); got.Enabled || got.Digest != "sha1" || !got.HasKey || got.Wire != "v1" {
		t.Errorf("after a part was given: %+v", got)
	}
}

// An application that was there before is told of only with its secret.
func TestAStoredApplicationIsToldWithItsSecret(t *testing.T) {
	s := sqliteSite(t)
	s.apply(apps(wikiLine+"\n"), false)
	without := regexp.MustCompile(" client_secret: w+,").ReplaceAllString(synced(wholeSync), "")
	_, err := Plan(t.Context(), console, s.House, mustLoad(t, without), Options{})
	if err == nil || !strings.Contains(err.Error(), "applications[0].client_secret") {
		t.Errorf("without the secret: %v", err)
	}
	s.apply(synced(wholeSync), false)
	if got := s.told(); !got.Enabled || !got.SecretCurrent {
		t.Errorf("got %+v", got)
	}
	s.apply(without, false)
}

func TestSyncProblems(t *testing.T) {
	s := sqliteSite(t)
	for text, want := range map[string]string{
		"{enabled: true}": "applications[0].sync.callback_url",
		strings.Replace(wholeSync, "https", "http", 1):                 "applications[0].sync.callback_url",
		strings.Replace(wholeSync, "the-key-that-signs", "short", 1):   "applications[0].sync.signature_key",
		strings.Replace(wholeSync, "PEM", "nothing", 1):                "applications[0].sync.public_key",
		strings.Replace(wholeSync, "v1", "v3", 1):                      "wire",
		strings.Replace(wholeSync, "enabled: true", "enable: true", 1): "enable",
	} {
		d, err := Load([]File{{"m.yaml", []byte(synced(text))}}, around)
		if err == nil {
			_, err = Plan(t.Context(), console, s.House, d, Options{})
		}
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "m.yaml:") {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
}
