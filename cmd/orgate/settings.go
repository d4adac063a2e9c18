package main

import (
	"fmt"

	"github.com/orgate/orgate/internal/config"
)

// settings are the flags of the settings: each has the name of its key in the
// file and of its environment variable. What they mean is written once, in
// config; a test compares the names.
type settings struct {
	Config            string `placeholder:"FILE" help:"YAML file with settings." group:"Settings"`
	Listen            string `placeholder:"HOST:PORT" help:"Public listener." group:"Settings"`
	OpsListen         string `placeholder:"HOST:PORT" help:"Operators' listener, or off." group:"Settings"`
	BaseURL           string `name:"base-url" placeholder:"URL" help:"The one public address." group:"Settings"`
	Database          string `placeholder:"DSN" help:"sqlite:PATH or postgres://…" group:"Settings"`
	SQLiteSynchronous string `name:"sqlite-synchronous" placeholder:"full|normal" help:"How SQLite flushes." group:"Settings"`
	SealingKey        string `placeholder:"file:/PATH" help:"Master keys, the first seals." group:"Settings"`
	AdminPassword     string `placeholder:"file:/PATH" help:"Password of the first administrator." group:"Settings"`
	TrustedProxies    string `placeholder:"CIDR,…" help:"Whose forwarding headers are believed." group:"Settings"`
	EgressAllow       string `placeholder:"CIDR|NAME,…" help:"Inside addresses that may be reached." group:"Settings"`
	EgressCA          string `name:"egress-ca" placeholder:"FILE,…" help:"Further certificate authorities." group:"Settings"`
	TLSCert           string `name:"tls-cert" placeholder:"FILE" help:"Certificate chain." group:"Settings"`
	TLSKey            string `name:"tls-key" placeholder:"FILE" help:"Private key." group:"Settings"`
	Log               string `placeholder:"LEVEL" help:"debug, info, warn or error." group:"Settings"`
	LogFormat         string `placeholder:"text|json" help:"Format of the log." group:"Settings"`
	OTLPEndpoint      string `name:"otlp-endpoint" placeholder:"URL" help:"Where traces are sent." group:"Settings"`
}

// flags returns the settings given on the command line by their flag names.
func (s settings) flags() map[string]string {
	given := map[string]string{}
	for name, value := range map[string]string{
		"listen": s.Listen, "ops-listen": s.OpsListen, "base-url": s.BaseURL, "database": s.Database,
		"sqlite-synchronous": s.SQLiteSynchronous, "sealing-key": s.SealingKey, "admin-password": s.AdminPassword,
		"trusted-proxies": s.TrustedProxies, "egress-allow": s.EgressAllow, "egress-ca": s.EgressCA, "tls-cert": s.TLSCert,
		"tls-key": s.TLSKey, "log": s.Log, "log-format": s.LogFormat, "otlp-endpoint": s.OTLPEndpoint,
	} {
		if value != "" {
			given[name] = value
		}
	}
	return given
}

// load reads the settings from file, environment and flags; warnings go to
// standard error.
func (s settings) load(w *world) (config.Config, error) {
	cfg, warnings, err := config.Load(w.environ, s.Config, s.flags())
	for _, warning := range warnings {
		fmt.Fprintf(w.errs, "orgate: warning: %s\n", warning)
	}
	return cfg, err
}
