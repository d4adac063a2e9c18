package config

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a file of the test and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadWithoutAnySetting(t *testing.T) {
	c, warnings, err := Load(nil, "", nil)
	if err != nil || len(warnings) != 0 {
		t.Fatalf("Load = %v, %v, want no warning and no error", warnings, err)
	}
	got := []string{c.Listen, c.OpsListen, c.BaseURL.String(), c.Database.String(), string(c.SQLiteSynchronous), string(c.LogFormat), c.SealingKeyFile()}
	want := []string{"127.0.0.1:8080", "127.0.0.1:8081", "http://127.0.0.1:8080", "sqlite:./data/orgate.db", "full", "text", "./data/orgate.key"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("default %d = %q, want %q", i, got[i], want[i])
		}
	}
	if c.Log != slog.LevelInfo || !c.AdminPassword.IsZero() || len(c.SealingKeys) != 0 || c.TLS() {
		t.Errorf("Load = %v, want level info and no secrets", c)
	}
}

func TestLaterPlacesWin(t *testing.T) {
	file := write(t, "orgate.yaml", "listen: 127.0.0.1:1\nlog: debug\nlog_format: json\nops_listen: off\n")
	env := []string{"ORGATE_CONFIG=" + file, "ORGATE_LISTEN=127.0.0.1:2", "ORGATE_LOG=", "ORGATE_LOG_FORMAT=text", "PATH=/bin"}
	c, _, err := Load(env, "", map[string]string{"listen": "127.0.0.1:3", "ops-listen": ""})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:3" {
		t.Errorf("Listen = %q, want the flag's", c.Listen)
	}
	if c.LogFormat != Text {
		t.Errorf("LogFormat = %q, want the environment's", c.LogFormat)
	}
	if c.Log != slog.LevelDebug {
		t.Errorf("Log = %v, want the file's: an empty value is not given", c.Log)
	}
	if c.OpsListen != "" || c.File != file {
		t.Errorf("OpsListen, File = %q, %q, want it off and the file's path", c.OpsListen, c.File)
	}
}

func TestTheFileMayBeNamedThrice(t *testing.T) {
	a, b := write(t, "a.yaml", "log: debug"), write(t, "b.yaml", "log: error")
	c, _, err := Load([]string{"ORGATE_CONFIG=" + a}, "", map[string]string{"config": b})
	if err != nil || c.Log != slog.LevelError {
		t.Errorf("Log = %v, %v, want the flag's file", c.Log, err)
	}
	c, _, err = Load(nil, a, map[string]string{"config": b})
	if err != nil || c.Log != slog.LevelDebug {
		t.Errorf("Log = %v, %v, want the argument's file", c.Log, err)
	}
}

func TestListsInTheFile(t *testing.T) {
	file := write(t, "orgate.yaml", "trusted_proxies: [10.0.0.0/8, '192.168.1.1', \"2001:db8::/32\"]\negress_allow:\n- Mail.Corp.example.\n- 10.1.0.0/16\n")
	c, _, err := Load(nil, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	var proxies []string
	for _, p := range c.TrustedProxies {
		proxies = append(proxies, p.String())
	}
	if got, want := strings.Join(proxies, " "), "10.0.0.0/8 192.168.1.1/32 2001:db8::/32"; got != want {
		t.Errorf("TrustedProxies = %s, want %s", got, want)
	}
	if got, want := strings.Join(c.EgressAllow, " "), "mail.corp.example 10.1.0.0/16"; got != want {
		t.Errorf("EgressAllow = %s, want %s", got, want)
	}
}

// TestProblems gives one wrong setting a row and expects it named, with where
// it stood and the remedy.
func TestProblems(t *testing.T) {
	const public = "ORGATE_BASE_URL=https://id.example"
	short := base64.StdEncoding.EncodeToString(make([]byte, 31))
	tests := []struct {
		name string
		env  []string
		want string
	}{
		{"public listener without base URL", []string{"ORGATE_LISTEN=:8080"}, "ORGATE_BASE_URL: it is mandatory"},
		{"listener without port", []string{"ORGATE_LISTEN=localhost"}, `ORGATE_LISTEN (environment): "localhost" is not host:port`},
		{"listener with a large port", []string{"ORGATE_LISTEN=127.0.0.1:65536"}, `"65536" is no port`},
		{"listener with a broken host", []string{"ORGATE_LISTEN=a b:80", public}, `"a b" is no host`},
		{"two listeners on one address", []string{"ORGATE_OPS_LISTEN=127.0.0.1:8080"}, "ORGATE_OPS_LISTEN (environment): it is the same"},
		{"base URL with a slash", []string{public + "/"}, "it ends with a slash"},
		{"base URL with a path", []string{public + "/id"}, "it has a path"},
		{"base URL with a query", []string{public + "?a"}, "it has a query"},
		{"base URL with an empty query", []string{public + "?"}, "it has a query"},
		{"base URL with a fragment", []string{public + "#"}, "has a fragment"},
		{"base URL with a user", []string{"ORGATE_BASE_URL=https://hunter2@id.example"}, "holds a user name"},
		{"base URL without scheme", []string{"ORGATE_BASE_URL=id.example"}, "neither http nor https"},
		{"base URL of another scheme", []string{"ORGATE_BASE_URL=ftp://id.example"}, "neither http nor https"},
		{"base URL without host", []string{"ORGATE_BASE_URL=https://"}, "names no valid host"},
		{"base URL with an odd host", []string{"ORGATE_BASE_URL=https://2130706433"}, "names no valid host"},
		{"base URL with Unicode", []string{"ORGATE_BASE_URL=https://组织.example"}, "xn--"},
		{"base URL with a bad port", []string{"ORGATE_BASE_URL=https://id.example:0"}, "port is not valid"},
		{"base URL with an empty port", []string{"ORGATE_BASE_URL=https://id.example:"}, "port is not valid"},
		{"unknown database", []string{"ORGATE_DATABASE=mysql://root:hunter2@db"}, "neither sqlite: nor postgres://"},
		{"SQLite without path", []string{"ORGATE_DATABASE=sqlite:"}, "no path"},
		{"SQLite in memory", []string{"ORGATE_DATABASE=sqlite::memory:"}, "in memory"},
		{"SQLite with parameters", []string{"ORGATE_DATABASE=sqlite:a.db?_x=1"}, "no parameters"},
		{"PostgreSQL without key", []string{"ORGATE_DATABASE=postgres://u:hunter2@db/orgate"}, "ORGATE_SEALING_KEY: it is mandatory on PostgreSQL"},
		{"PostgreSQL without host", []string{"ORGATE_DATABASE=postgres:///orgate"}, "names no host"},
		{"PostgreSQL broken", []string{"ORGATE_DATABASE=postgres://u:hunter2%zz@db/orgate"}, "not a PostgreSQL URL"},
		{"short sealing key", []string{"ORGATE_SEALING_KEY=" + short}, "key 1 is not 32 bytes"},
		{"sealing key in no file", []string{"ORGATE_SEALING_KEY=file:/does/not/exist"}, "key 1: open /does/not/exist"},
		{"password in no file", []string{"ORGATE_ADMIN_PASSWORD=file:/does/not/exist"}, "ORGATE_ADMIN_PASSWORD (environment): open /does/not/exist"},
		{"synchronous", []string{"ORGATE_SQLITE_SYNCHRONOUS=off"}, "write full or normal"},
		{"proxy", []string{"ORGATE_TRUSTED_PROXIES=10.0.0.0/8,proxy"}, `"proxy" is no network`},
		{"proxy with host bits", []string{"ORGATE_TRUSTED_PROXIES=10.1.2.3/8"}, "write 10.0.0.0/8"},
		{"proxy mapped", []string{"ORGATE_TRUSTED_PROXIES=::ffff:10.0.0.0/104"}, "write the network as IPv4"},
		{"proxy with a zone", []string{"ORGATE_TRUSTED_PROXIES=fe80::1%eth0"}, "is no network"},
		{"egress", []string{"ORGATE_EGRESS_ALLOW=http://inside"}, "neither a network nor a host name"},
		{"egress in an odd spelling", []string{"ORGATE_EGRESS_ALLOW=0177.1"}, "neither a network nor a host name"},
		{"egress with host bits", []string{"ORGATE_EGRESS_ALLOW=10.0.0.1/8"}, "write 10.0.0.0/8"},
		{"certificate authority", []string{"ORGATE_EGRESS_CA=/does/not/exist"}, "ORGATE_EGRESS_CA (environment): open /does/not/exist"},
		{"half a TLS pair", []string{"ORGATE_TLS_CERT=/dev/null"}, "ORGATE_TLS_KEY: ORGATE_TLS_KEY is missing"},
		{"the other half", []string{"ORGATE_TLS_KEY=/dev/null"}, "ORGATE_TLS_CERT: ORGATE_TLS_CERT is missing"},
		{"level", []string{"ORGATE_LOG=loud"}, "write debug, info, warn or error"},
		{"format", []string{"ORGATE_LOG_FORMAT=xml"}, "write text or json"},
		{"OTLP", []string{"ORGATE_OTLP_ENDPOINT=collector:4317"}, "ORGATE_OTLP_ENDPOINT (environment): the scheme"},
		{"file", []string{"ORGATE_CONFIG=/does/not/exist"}, "ORGATE_CONFIG: open /does/not/exist"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := Load(test.env, "", nil)
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("Load = %v, want Problems", err)
			}
			if len(problems) != 1 || !strings.Contains(err.Error(), test.want) {
				t.Errorf("problems = %v, want one with %q", err, test.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("problems = %v, want no secret in it", err)
			}
			if problems[0].Remedy == "" {
				t.Error("Remedy is empty")
			}
		})
	}
}

func TestEveryProblemAtOnce(t *testing.T) {
	file := write(t, "orgate.yaml", "listenn: 1\nlog: loud\n")
	_, _, err := Load([]string{"ORGATE_BASE_URL=x"}, file, map[string]string{"log-format": "xml", "colour": "red"})
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 5 {
		t.Fatalf("Load = %v, want five problems", err)
	}
	for _, want := range []string{"--colour", "line 1: the key \"listenn\" is unknown; did you mean listen?", "ORGATE_LOG (" + file + " line 2)", "ORGATE_LOG_FORMAT (--log-format)", "ORGATE_BASE_URL (environment)"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("problems = %v, want %q among them", err, want)
		}
	}
}

func TestWarnings(t *testing.T) {
	tests := []struct {
		name string
		env  []string
		want string
	}{
		{"a misspelt name", []string{"ORGATE_LISTN=:1"}, "ORGATE_LISTN: no such setting; it is ignored (did you mean ORGATE_LISTEN?)"},
		{"a name of an orchestrator", []string{"ORGATE_SERVICE_PORT_HTTP=1"}, "ORGATE_SERVICE_PORT_HTTP: no such setting; it is ignored"},
		{"plain http in public", []string{"ORGATE_BASE_URL=http://id.example"}, "travel in the clear"},
		{"proxies everywhere", []string{"ORGATE_TRUSTED_PROXIES=0.0.0.0/0"}, "0.0.0.0/0 lets every caller choose its own address"},
		{"operators' listener in public", []string{"ORGATE_OPS_LISTEN=:8081"}, "metrics and profiles are open"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, warnings, err := Load(test.env, "", nil)
			if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0].String(), test.want) {
				t.Errorf("warnings = %v, %v, want %q", warnings, err, test.want)
			}
		})
	}
}

func TestBaseURL(t *testing.T) {
	cert := write(t, "cert.pem", "x")
	tests := []struct {
		name string
		env  []string
		want string
	}{
		{"from the listener", []string{"ORGATE_LISTEN=localhost:9000"}, "http://localhost:9000"},
		{"IPv6", []string{"ORGATE_LISTEN=[::1]:9000"}, "http://[::1]:9000"},
		{"with TLS", []string{"ORGATE_TLS_CERT=" + cert, "ORGATE_TLS_KEY=" + cert}, "https://127.0.0.1:8080"},
		{"default port of the scheme", []string{"ORGATE_LISTEN=127.0.0.1:80"}, "http://127.0.0.1"},
		{"given", []string{"ORGATE_LISTEN=:8080", "ORGATE_BASE_URL=https://ID.example:443"}, "https://id.example"},
		{"given with a port", []string{"ORGATE_BASE_URL=https://id.example:8443"}, "https://id.example:8443"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, _, err := Load(test.env, "", nil)
			if err != nil || c.BaseURL.String() != test.want {
				t.Errorf("BaseURL = %v, %v, want %s", c.BaseURL, err, test.want)
			}
			if got := c.Bound("127.0.0.1:1").BaseURL.String(); got != test.want {
				t.Errorf("BaseURL once bound = %s, want it unchanged", got)
			}
		})
	}
}

func TestPortZeroGetsItsNumberOnceBound(t *testing.T) {
	c, _, err := Load([]string{"ORGATE_LISTEN=127.0.0.1:0", "ORGATE_OPS_LISTEN=127.0.0.1:0"}, "", nil)
	if err != nil || c.BaseURL != nil {
		t.Fatalf("BaseURL = %v, %v, want none yet", c.BaseURL, err)
	}
	c = c.Bound("127.0.0.1:4711")
	if got, want := c.BaseURL.String(), "http://127.0.0.1:4711"; got != want || c.Listen != "127.0.0.1:4711" {
		t.Errorf("BaseURL = %s, Listen = %s, want %s", got, c.Listen, want)
	}
}

func TestValidateByHand(t *testing.T) {
	c := Default()
	if err := c.Validate(); err != nil {
		t.Errorf("Validate of the default = %v, want nil", err)
	}
	c.Listen, c.SealingKeys = ":80", Keys{[]byte("short")}
	var problems Problems
	if err := c.Validate(); !errors.As(err, &problems) || len(problems) != 2 {
		t.Errorf("Validate = %v, want two problems", err)
	}
}
