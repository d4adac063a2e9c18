package server

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/orgate/orgate/internal/config"
)

// sealingKeys returns the master keys: those of the settings, or for SQLite
// those of the file beside the database. The file is made together with the
// database; a database whose key is gone is refused rather than given a new
// key that opens nothing.
func sealingKeys(cfg config.Config) ([][]byte, error) {
	if len(cfg.SealingKeys) > 0 {
		return cfg.SealingKeys, nil
	}
	path := cfg.SealingKeyFile()
	if path == "" {
		return nil, errors.New("ORGATE_SEALING_KEY is mandatory on PostgreSQL: make one with openssl rand -base64 32")
	}
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		return config.ParseKeys(string(text))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the sealing key: %w", err)
	}
	database := cfg.Database.Reveal()
	if _, err := os.Stat(database); err == nil {
		return nil, fmt.Errorf("the sealing key %s is missing, and without it the secrets in %s cannot be opened: put the file back, or set ORGATE_SEALING_KEY",
			path, database)
	}
	return newKeyFile(path)
}

func newKeyFile(path string) ([][]byte, error) {
	key := make([]byte, 32)
	rand.Read(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	// O_EXCL: of two processes that start at once, one makes the key.
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return config.ParseKeys(string(text))
	}
	if err != nil {
		return nil, fmt.Errorf("make the sealing key: %w", err)
	}
	_, err = file.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	return [][]byte{key}, errors.Join(err, file.Sync(), file.Close())
}
