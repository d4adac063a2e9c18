package config

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func key(b byte) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, KeyBytes))
}

func TestSealingKeys(t *testing.T) {
	file := write(t, "key", key('b')+"\n")
	c, _, err := Load([]string{"ORGATE_SEALING_KEY=" + key('a') + ", file:" + file}, "", nil)
	if err != nil || len(c.SealingKeys) != 2 {
		t.Fatalf("SealingKeys = %d keys, %v, want 2", len(c.SealingKeys), err)
	}
	if c.SealingKeys[0][0] != 'a' || c.SealingKeys[1][0] != 'b' {
		t.Error("SealingKeys are not in the order given")
	}
}

func TestSecretsFromFiles(t *testing.T) {
	tests := []struct{ name, content, want string }{
		{"plain", "pass word", "pass word"},
		{"one newline goes", "pass\n", "pass"},
		{"only one newline goes", "pass\n\n", "pass\n"},
		{"CRLF goes", "pass\r\n", "pass"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, _, err := Load([]string{"ORGATE_ADMIN_PASSWORD=file:" + write(t, "secret", test.content)}, "", nil)
			if got := c.AdminPassword.Reveal(); err != nil || got != test.want {
				t.Errorf("AdminPassword = %q, %v, want %q", got, err, test.want)
			}
		})
	}
	for _, content := range []string{"", "\n", strings.Repeat("a", maxFileBytes+1)} {
		if _, _, err := Load([]string{"ORGATE_ADMIN_PASSWORD=file:" + write(t, "secret", content)}, "", nil); err == nil {
			t.Errorf("Load with a secret of %d bytes = nil, want an error", len(content))
		}
	}
}

func TestDatabaseFromAFile(t *testing.T) {
	file := write(t, "dsn", "postgresql://u:hunter2@db.example:5432/orgate?sslmode=require\n")
	c, _, err := Load([]string{"ORGATE_DATABASE=file:" + file, "ORGATE_SEALING_KEY=" + key('a')}, "", nil)
	if err != nil || c.Database.Engine() != PostgreSQL || c.SealingKeyFile() != "" {
		t.Fatalf("Database = %v, %v, want PostgreSQL", c.Database, err)
	}
	if got, want := c.Database.String(), "postgresql://db.example:5432/orgate"; got != want {
		t.Errorf("Database = %s, want %s", got, want)
	}
	if !strings.Contains(c.Database.Reveal(), "hunter2") {
		t.Error("Reveal hides the password")
	}
}

func TestPostgresOverASocket(t *testing.T) {
	if _, err := ParseDatabase("postgres:///orgate?host=/run/postgresql"); err != nil {
		t.Errorf("ParseDatabase = %v, want a socket to do", err)
	}
}

// TestNothingPrintsASecret sends a whole Config through every way out that
// prints or encodes.
func TestNothingPrintsASecret(t *testing.T) {
	c, _, err := Load([]string{
		"ORGATE_ADMIN_PASSWORD=hunter2", "ORGATE_SEALING_KEY=" + key('S'),
		"ORGATE_DATABASE=postgres://u:hunter2@db/orgate?password=hunter2",
	}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&out, verb+"\n", c)
		fmt.Fprintf(&out, verb+verb+verb+"\n", c.AdminPassword, c.SealingKeys, c.Database)
	}
	for _, log := range []*slog.Logger{slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))} {
		log.Info("x", "config", c, "password", c.AdminPassword, "keys", c.SealingKeys, "database", c.Database)
	}
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	out.WriteString(c.AdminPassword.String() + c.SealingKeys.String())
	for _, leak := range []string{"hunter2", "68756e7465723", "SSSS", "83 83 83", key('S')[:8]} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("output holds %q:\n%s", leak, out.String())
		}
	}
	if !strings.Contains(out.String(), redacted) {
		t.Error("output shows no [redacted]: the test sees nothing")
	}
}

func TestSecretKeepsItsText(t *testing.T) {
	if got := NewSecret("x").Reveal(); got != "x" {
		t.Errorf("Reveal = %q, want x", got)
	}
	if !(Secret{}).IsZero() || NewSecret("x").IsZero() {
		t.Error("IsZero is wrong")
	}
}
