package manifest

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Prefixes of a secret that stands elsewhere; textPrefix is for the secret that
// itself begins with one of them.
const (
	envPrefix  = "env:"
	filePrefix = "file:"
	textPrefix = "text:"
)

// maxSecretFile bounds a secret's file in bytes.
const maxSecretFile = 64 << 10

// Secret is a secret of a manifest, already looked up. It never prints itself.
type Secret struct {
	text  string
	given bool
}

// SecretOf makes a secret from its text.
func SecretOf(text string) Secret { return Secret{text: text, given: true} }

// Given reports whether the manifest has the secret at all.
func (s Secret) Given() bool { return s.given }

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return s.text }

// String keeps the secret out of logs.
func (Secret) String() string { return "[redacted]" }

// GoString keeps the secret out of %#v.
func (Secret) GoString() string { return "[redacted]" }

// LogValue keeps the secret out of structured logs.
func (Secret) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Surroundings are where secrets that a manifest only names are looked up.
type Surroundings struct {
	// Env looks up an environment variable. Nil: env: cannot be used.
	Env func(name string) (string, bool)
	// ReadFile reads a file. Nil: file: cannot be used.
	ReadFile func(path string) ([]byte, error)
}

// Here looks secrets up in this process's environment and file system.
func Here() Surroundings { return Surroundings{Env: os.LookupEnv, ReadFile: os.ReadFile} }

// resolve looks a secret up. The text of the error says what is missing and
// never what was found. A file's path is relative to the manifest.
func (s Surroundings) resolve(written, manifestFile string) (string, error) {
	switch {
	case strings.HasPrefix(written, envPrefix):
		return s.fromEnv(strings.TrimPrefix(written, envPrefix))
	case strings.HasPrefix(written, filePrefix):
		return s.fromFile(strings.TrimPrefix(written, filePrefix), manifestFile)
	}
	return strings.TrimPrefix(written, textPrefix), nil
}

func (s Surroundings) fromEnv(name string) (string, error) {
	if s.Env == nil {
		return "", fmt.Errorf("env:%s cannot be looked up here: send the secret itself", name)
	}
	value, ok := s.Env(name)
	if !ok || value == "" {
		return "", fmt.Errorf("the environment variable %s is not set", name)
	}
	return value, nil
}

func (s Surroundings) fromFile(name, manifestFile string) (string, error) {
	if s.ReadFile == nil {
		return "", fmt.Errorf("file:%s cannot be read here: send the secret itself", name)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(manifestFile), name)
	}
	raw, err := s.ReadFile(name)
	if err != nil || len(raw) > maxSecretFile {
		return "", fmt.Errorf("the file %s cannot be read, or is too large for a secret", name)
	}
	// Editors and echo end a file with a line feed that is no part of it.
	value := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
	if value == "" {
		return "", fmt.Errorf("the file %s is empty", name)
	}
	return value, nil
}
