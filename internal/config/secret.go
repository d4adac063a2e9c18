package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
)

const redacted = "[redacted]"

// Secret is a text that no printing, logging or encoding shows. The zero value
// is an empty secret.
type Secret struct{ text string }

// NewSecret hides text.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal returns the text itself; each call site should be worth a review.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether nothing was given.
func (s Secret) IsZero() bool { return s.text == "" }

// String returns [redacted].
func (Secret) String() string { return redacted }

// Format writes [redacted] for every verb: %d of a struct would print its
// fields.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns [redacted].
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns [redacted], for JSON and YAML.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// KeyBytes is the length of a sealing key.
const KeyBytes = 32

// Keys are sealing keys, each of KeyBytes bytes; the first seals and all open.
type Keys [][]byte

// ParseKeys reads sealing keys separated by commas, each 32 bytes in base64 or
// file:/path of a file that holds such a text. Its errors show no part of a key.
func ParseKeys(text string) (Keys, error) {
	var keys Keys
	for i, item := range split(text) {
		item, err := fromFile(item)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(item))
		if err != nil || len(key) != KeyBytes {
			return nil, fmt.Errorf("key %d is not 32 bytes in base64", i+1)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// String returns [redacted].
func (Keys) String() string { return redacted }

// Format writes [redacted] for every verb.
func (Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns [redacted].
func (Keys) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns [redacted].
func (Keys) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Engine is a kind of database.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// Database says where everything is kept. Printed, it shows neither password
// nor parameters.
type Database struct {
	engine Engine
	source string
}

// ParseDatabase reads sqlite:path or a postgres:// (postgresql://) URL. Its
// errors do not show the text, which may hold a password.
func ParseDatabase(text string) (Database, error) {
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok {
		return parseSQLite(path)
	}
	if !strings.HasPrefix(text, "postgres://") && !strings.HasPrefix(text, "postgresql://") {
		return Database{}, errors.New("the scheme is neither sqlite: nor postgres://")
	}
	u, err := url.Parse(text)
	if err != nil || u.Fragment != "" {
		return Database{}, errors.New("this is not a PostgreSQL URL; percent-encode special characters of the password")
	}
	if u.Host == "" && u.Query().Get("host") == "" {
		return Database{}, errors.New("the PostgreSQL URL names no host")
	}
	return Database{engine: PostgreSQL, source: text}, nil
}

func parseSQLite(path string) (Database, error) {
	switch {
	case path == "":
		return Database{}, errors.New("the sqlite: DSN has no path")
	case strings.Contains(path, ":memory:"):
		// Each connection of a pool would see another, empty database.
		return Database{}, errors.New("a database in memory is not supported")
	case strings.ContainsAny(path, "?#\x00"):
		return Database{}, errors.New("a SQLite path takes no parameters")
	}
	return Database{engine: SQLite, source: path}, nil
}

// Engine returns which kind of database it is, "" for the zero value.
func (d Database) Engine() Engine { return d.engine }

// Reveal returns the path of a SQLite database or the whole PostgreSQL URL,
// password included.
func (d Database) Reveal() string { return d.source }

// String names the database without user, password and parameters.
func (d Database) String() string {
	if d.engine == SQLite {
		return "sqlite:" + d.source
	}
	u, err := url.Parse(d.source)
	if err != nil {
		return redacted
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// Format writes String for every verb.
func (d Database) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, d.String()) }

// LogValue returns String.
func (d Database) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalText returns String.
func (d Database) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// fromFile returns what the file holds when text is file:/path, without one
// final newline, and text itself when it is not.
func fromFile(text string) (string, error) {
	path, ok := strings.CutPrefix(text, "file:")
	if !ok {
		return text, nil
	}
	raw, err := readLimited(path)
	if err != nil {
		return "", err
	}
	content := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
	if content == "" {
		return "", fmt.Errorf("the file %s is empty", path)
	}
	return content, nil
}

// maxFileBytes bounds what is read, so that a path to a device ends.
const maxFileBytes = 1 << 20

func readLimited(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxFileBytes {
		return nil, fmt.Errorf("the file %s is larger than 1 MiB", path)
	}
	return raw, nil
}
