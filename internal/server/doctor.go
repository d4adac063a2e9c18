package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/config"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// finding is one line of the doctor.
type finding struct {
	state  string // ok, warning, error
	what   string
	remedy string
}

func ok(what string, args ...any) finding {
	return finding{state: "ok", what: fmt.Sprintf(what, args...)}
}

func warning(remedy, what string, args ...any) finding {
	return finding{"warning", fmt.Sprintf(what, args...), remedy}
}

func failure(remedy, what string, args ...any) finding {
	return finding{"error", fmt.Sprintf(what, args...), remedy}
}

// Doctor checks an installation from the settings on and writes one line for
// each thing: ok, warning or error with the remedy. healthy is false when
// there is an error.
func Doctor(ctx context.Context, cfg config.Config, out io.Writer) (healthy bool, err error) {
	findings := []finding{ok("settings: complete"), checkAddress(cfg), checkTLS(cfg), checkKeyFile(cfg)}
	h, err := OpenHouse(ctx, cfg, HouseOptions{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		findings = append(findings, failure("Mend what the sentence says; with an older schema run orgate migrate.", "database: %v", err))
	} else {
		defer func() { _ = h.Close() }()
		findings = append(findings, h.examine(ctx)...)
	}
	healthy = true
	for _, f := range findings {
		healthy = healthy && f.state != "error"
		fmt.Fprintf(out, "%-8s %s\n", f.state, f.what)
		if f.remedy != "" {
			fmt.Fprintf(out, "         → %s\n", f.remedy)
		}
	}
	return healthy, nil
}

func (h *House) examine(ctx context.Context) []finding {
	return []finding{h.checkDatabase(ctx), h.checkClock(ctx), h.checkRows(ctx), h.checkAdministrators(ctx), h.checkMail(ctx), h.checkSMS(ctx), h.checkOutbox(ctx), h.checkKeys(ctx)}
}

func checkAddress(cfg config.Config) finding {
	if cfg.BaseURL == nil {
		return warning("Set ORGATE_BASE_URL.", "base URL: known only once the server listens")
	}
	host := cfg.BaseURL.Hostname()
	addrs, err := net.LookupHost(host)
	switch {
	case err != nil:
		return failure("Give the name an address in DNS, or correct ORGATE_BASE_URL.", "base URL: %s is not found from here", host)
	case cfg.BaseURL.Scheme == "http" && !net.ParseIP(addrs[0]).IsLoopback():
		return warning("Serve HTTPS (ORGATE_TLS_CERT) or put a TLS proxy in front.", "base URL: %s is not encrypted", cfg.BaseURL)
	}
	return ok("base URL: %s is %s", cfg.BaseURL, addrs[0])
}

func checkTLS(cfg config.Config) finding {
	if !cfg.TLS() {
		return ok("TLS: not served here")
	}
	pair, err := tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey)
	if err != nil {
		return failure("Give a PEM pair that belongs together.", "TLS: %v", err)
	}
	left := time.Until(pair.Leaf.NotAfter)
	switch {
	case left <= 0:
		return failure("Renew the certificate; the file is taken up without a restart.", "TLS: the certificate ended on %s", pair.Leaf.NotAfter.Format(time.DateOnly))
	case left < 14*24*time.Hour:
		return warning("Renew the certificate; the file is taken up without a restart.", "TLS: the certificate ends on %s", pair.Leaf.NotAfter.Format(time.DateOnly))
	case cfg.BaseURL != nil && pair.Leaf.VerifyHostname(cfg.BaseURL.Hostname()) != nil:
		return failure("Use a certificate for the host of the base URL.", "TLS: the certificate is not for %s", cfg.BaseURL.Hostname())
	}
	return ok("TLS: the certificate is good until %s", pair.Leaf.NotAfter.Format(time.DateOnly))
}

func checkKeyFile(cfg config.Config) finding {
	path := cfg.SealingKeyFile()
	if len(cfg.SealingKeys) > 0 || path == "" {
		return ok("sealing key: %d given by the settings", len(cfg.SealingKeys))
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return warning("It is made at the first start.", "sealing key: %s does not exist yet", path)
	case info.Mode().Perm()&0o077 != 0:
		return failure("chmod 600 "+path, "sealing key: %s can be read by others", path)
	}
	return ok("sealing key: %s; keep a copy apart from backups", path)
}

func (h *House) checkDatabase(ctx context.Context) finding {
	n, err := h.organizationCount(ctx)
	if err != nil {
		return failure("See the log of the server.", "database: %v", h.Say(err))
	}
	if n == 0 {
		return warning("Make one with orgate apply or the management API.", "database: answers; there is no organisation yet")
	}
	return ok("database: answers, the schema is of this version")
}

// checkClock compares the clock with the newest fact on record: a clock that
// went back makes signatures and tokens live too long.
func (h *House) checkClock(ctx context.Context) finding {
	events, err := h.Events.Page(ctx, store.EventQuery{All: true, Limit: 1})
	if err != nil {
		return failure("See the database line.", "clock: %v", h.Say(err))
	}
	if len(events) > 0 && events[0].At.After(h.now().Add(time.Minute)) {
		return failure("Set the clock by NTP.", "clock: the newest record is of %s, later than now", events[0].At.Format(time.RFC3339))
	}
	return ok("clock: %s", h.now().UTC().Format(time.RFC3339))
}

// breachesShown is how many breaches of one rule the doctor names.
const breachesShown = 3

// checkRows compares what the database holds with the rules that every change
// keeps: the trees of departments, the counts, who belongs where.
func (h *House) checkRows(ctx context.Context) finding {
	var breaches []store.Breach
	err := h.DB.View(ctx, func(tx *store.Tx) (err error) {
		breaches, err = tx.Invariants.Breaches(breachesShown)
		return err
	})
	if err != nil {
		return failure("See the database line.", "rows: %v", h.Say(err))
	}
	if len(breaches) == 0 {
		return ok("rows: trees, counts and memberships agree")
	}
	var told []string
	for _, b := range breaches {
		told = append(told, fmt.Sprintf("%s in %s at %s", b.Invariant, cmp.Or(string(b.Organization), "no organisation"), b.Subject))
	}
	return failure("Keep a backup, and report this line: no change that Orgate makes leaves such rows.", "rows: %s", strings.Join(told, "; "))
}

func (h *House) checkAdministrators(ctx context.Context) finding {
	all, err := h.Directory.ProviderAdministrators(ctx, console())
	switch {
	case err != nil:
		return failure("See the database line.", "administrators: %v", h.Say(err))
	case len(all) == 0:
		return warning("Open the set-up address that orgate serve prints.", "administrators: nobody administers the installation")
	}
	return ok("administrators: %d of the provider", len(all))
}

func (h *House) checkMail(ctx context.Context) finding {
	settings, err := h.Outbox.MailSettings(ctx)
	if err != nil || settings.Host == "" {
		return warning("Set provider.mail in the manifest.", "mail: not set; codes and passwords cannot be mailed")
	}
	if err := h.Mail.Probe(ctx); err != nil {
		return failure("Correct provider.mail; an inside server needs ORGATE_EGRESS_ALLOW.", "mail: %s does not answer: %v", settings.Host, err)
	}
	return ok("mail: %s answers", settings.Host)
}

func (h *House) checkSMS(ctx context.Context) finding {
	if !h.Outbox.Configured(ctx, identity.BySMS) {
		return ok("SMS: not set; codes go by mail")
	}
	return ok("SMS: a gateway is set")
}

func (h *House) checkOutbox(ctx context.Context) finding {
	waiting, dead, err := h.Outbox.Waiting(ctx)
	switch {
	case err != nil:
		return failure("See the database line.", "outbox: %v", h.Say(err))
	case dead > 0:
		return warning("See the log for the reasons.", "outbox: %d messages were given up, %d wait", dead, waiting)
	}
	return ok("outbox: %d messages wait", waiting)
}

// oldKey is when a sealing key should be followed by another.
const oldKey = 2 * 365 * 24 * time.Hour

func (h *House) checkKeys(ctx context.Context) finding {
	keys, err := h.Keyring.List(ctx)
	if err != nil {
		return failure("See the database line.", "keys: %v", h.Say(err))
	}
	for _, k := range keys {
		if k.Active() && k.Purpose == "seal" && h.now().Sub(k.CreatedAt) > oldKey {
			return warning("orgate keys rotate", "keys: the sealing key %s is of %s", k.ID, k.CreatedAt.Format(time.DateOnly))
		}
	}
	return ok("keys: %d, none near its end", len(keys))
}
