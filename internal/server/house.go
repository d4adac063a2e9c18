package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/bulk"
	"github.com/orgate/orgate/internal/config"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/egress"
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/grant"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/keyring"
	"github.com/orgate/orgate/internal/manifest"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/privacy"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/provision"
	"github.com/orgate/orgate/internal/report"
	"github.com/orgate/orgate/internal/resource"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/setting"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/token"
	"github.com/orgate/orgate/internal/trace"
)

// House is the product without listeners: the database and every use case on
// it. The commands of the command line work on one beside a running server.
type House struct {
	DB           *store.DB
	Catalogue    *i18n.Catalogue
	Guard        *egress.Guard
	Outgoing     *http.Client // made by egress, the only way out
	Mail         *outbox.Mail
	Outbox       *outbox.Outbox
	Settings     *setting.Settings
	Tokens       *token.Tokens
	Tickets      *ticket.Tickets
	Sessions     *session.Sessions
	Directory    *directory.Directory
	Applications *application.Applications
	Resources    *resource.Resources
	Addressbook  *addressbook.Book
	Policies     *policy.Policies
	Reports      *report.Reports
	Factors      *factor.Own // that people set up for themselves
	Syncs        *provision.Syncs
	Hooks        *provision.Hooks
	Statements   *privacy.Statements
	Entry        *entry.Entry
	Approval     *approval.Approval
	Tasks        *bulk.Tasks
	Codes        *factor.Codes
	ContactCodes *factor.Codes // by which people who register prove their contact
	Second       *factor.Second
	Sources      *source.Sources
	Traces       *trace.Keeper
	Keyring      *keyring.Keyring
	Signing      *keyring.Signing
	Grants       *grant.Grants
	Events       *audit.Log
	notices      *notices
	log          *slog.Logger
	now          func() time.Time
	node         string
}

// HouseOptions say how a house is opened.
type HouseOptions struct {
	Log *slog.Logger
	Now func() time.Time // nil means the machine's clock
	// Demo lets outgoing calls reach this machine and writes messages to the
	// log instead of sending them.
	Demo bool
	// Migrate brings an older schema to this version first.
	Migrate bool
	// unchecked opens a schema of any version without changing it.
	unchecked bool
	// RequireEvent is for tests: a write without an audit event fails.
	RequireEvent bool
}

// OpenHouse opens the database of the settings and builds the use cases on it.
func OpenHouse(ctx context.Context, cfg config.Config, o HouseOptions) (*House, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	catalogue, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	guard, err := egress.New(egress.Options{Allow: cfg.EgressAllow, CAFiles: cfg.EgressCA, AllowLoopback: o.Demo})
	if err != nil {
		return nil, err
	}
	db, err := openDatabase(ctx, cfg, o)
	if err != nil {
		return nil, err
	}
	h := &House{
		DB: db, Catalogue: catalogue, Guard: guard, Outgoing: guard.Client(), log: o.Log, now: o.Now,
		node: identity.Hex(identity.NewTraceID(o.Now())),
	}
	address := ""
	if cfg.BaseURL != nil {
		address = cfg.BaseURL.String()
	}
	h.build(o, address)
	h.Sources = source.New(h.DB, source.Options{
		Now: h.now, Client: h.Outgoing, Dialer: h.Guard, BaseURL: cfg.BaseURL, Traces: h.Traces,
	})
	return h, nil
}

func openDatabase(ctx context.Context, cfg config.Config, o HouseOptions) (*store.DB, error) {
	keys, err := sealingKeys(cfg)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{
		DSN: databaseName(cfg), Sealing: keys, Now: o.Now, Log: o.Log,
		Synchronous: string(cfg.SQLiteSynchronous), SkipSchemaCheck: o.Migrate || o.unchecked, RequireEvent: o.RequireEvent,
	})
	if errors.Is(err, store.ErrSchemaOlder) {
		return nil, errors.New("the database is older than this version: run orgate migrate")
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", cfg.Database, err)
	}
	if !o.Migrate {
		return db, nil
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate %s: %w", cfg.Database, err), db.Close())
	}
	return db, nil
}

// databaseName is the DSN as store takes it.
func databaseName(cfg config.Config) string {
	if cfg.Database.Engine() == config.SQLite {
		return "sqlite:" + cfg.Database.Reveal()
	}
	return cfg.Database.Reveal()
}

func (h *House) build(o HouseOptions, address string) {
	h.Mail = outbox.NewMail(h.DB, outbox.MailOptions{Catalogue: h.Catalogue, Dial: h.Guard.DialContext, Now: h.now, Roots: h.Guard.Roots()})
	sms := outbox.NewSMS(h.DB, outbox.SMSOptions{Catalogue: h.Catalogue, Client: h.Outgoing, Now: h.now})
	senders := map[identity.Channel]outbox.Sender{identity.ByMail: h.Mail, identity.BySMS: sms}
	h.Traces = trace.NewKeeper(h.DB, trace.Options{Now: h.now, Log: h.log, Catalogue: h.Catalogue})
	h.Sessions = session.New(h.DB, session.Options{Now: h.now})
	h.notices = &notices{sessions: h.Sessions, traces: h.Traces, now: h.now, speakers: map[identity.ProtocolName]protocol.Protocol{}}
	if o.Demo {
		senders = demoSenders(h.Catalogue, h.log, h.Mail, sms)
	}
	senders[identity.ToApplication] = h.notices
	h.Outbox = outbox.New(h.DB, outbox.Options{Senders: senders, Catalogue: h.Catalogue, Node: h.node, Log: h.log, Now: h.now, GivenUp: h.notices.givenUp})
	h.Settings = setting.New(h.DB, h.Outbox)
	h.Tokens = token.New(h.DB, token.Options{Now: h.now})
	h.Tickets = ticket.New(h.DB)
	h.Approval = approval.New(h.DB, strings.TrimSuffix(address, "/"))
	h.Entry = entry.New(h.DB)
	h.Directory = directory.New(h.DB, directory.Options{
		Now: h.now, Tokens: h.Tokens, Address: address, Configured: h.Outbox.Configured,
		Hasher: directory.NewHasher(directory.HasherOptions{}), Texts: h.Guard.LookupTXT, Exchanges: h.Guard.LookupMX,
	})
	h.Resources = resource.New(h.DB, resource.Options{Configured: h.Outbox.Configured})
	h.Policies = policy.New(h.DB)
	h.Reports = report.New(h.DB)
	h.Statements = privacy.New(h.DB)
	h.Addressbook = addressbook.New(h.DB, h.Directory.VisibleDepartments)
	h.Tasks = bulk.New(h.DB, h.Directory, h.Addressbook, bulk.Options{Catalogue: h.Catalogue, Log: h.log})
	h.Applications = application.New(h.DB, application.Options{
		Now: h.now, AllowEverlasting: true, Pictures: strings.TrimSuffix(address, "/") + directory.PicturePath,
	})
	h.Syncs = provision.New(h.DB, provision.Options{
		Now: h.now, Client: h.Outgoing, Issuer: strings.TrimSuffix(address, "/"), Proves: h.Applications.Prove, Node: h.node, Log: h.log,
	})
	h.Hooks = provision.NewHooks(h.DB, provision.Options{Now: h.now, Client: h.Outgoing, Node: h.node, Log: h.log})
	h.Codes = factor.NewCodes(h.DB, factor.CodeOptions{Configured: h.Outbox.Configured})
	// A mail may take a while, and somebody reads it at leisure.
	h.ContactCodes = factor.NewCodes(h.DB, factor.CodeOptions{Life: 10 * time.Minute, Resend: time.Minute, Configured: h.Outbox.Configured})
	h.Second = factor.NewSecond(h.DB, factor.CodeOptions{Configured: h.Outbox.Configured})
	h.Factors = factor.NewOwn(h.DB, factor.OwnOptions{Issuer: issuerOf(address), Address: address, Prove: func(ctx context.Context, actor identity.Actor, p factor.FirstProof) error {
		return h.Directory.ProveSelf(ctx, actor, directory.SelfProof(p))
	}})
	h.Keyring = keyring.New(h.DB, func(tx *store.Tx, actor identity.Actor, id string) error {
		return audit.Record(tx, actor, audit.KeyRotated, audit.About{Target: id})
	})
	h.Signing = keyring.NewSigning(h.DB, keyring.SigningOptions{Now: h.now, Record: func(tx *store.Tx, actor identity.Actor, id string) error {
		return audit.Record(tx, actor, audit.SigningKeyRotated, audit.About{Target: id})
	}})
	h.Grants = grant.New(h.DB, grant.Options{Now: h.now})
	h.Events = audit.NewLog(h.DB)
}

// issuerOf is what authenticator apps show above their codes: the host, which
// people know from the address bar.
func issuerOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return "Orgate " + u.Hostname()
	}
	return "Orgate"
}

// Close ends the use cases and closes the database.
func (h *House) Close() error {
	h.Grants.Close()
	h.Signing.Close()
	h.Directory.Close()
	h.Applications.Close()
	h.Tokens.Close()
	h.Sessions.Close()
	return h.DB.Close()
}

// console is the operator at the machine's command line: whoever can open the
// database may do everything.
func console() identity.Actor {
	return identity.Actor{Kind: identity.ActsAsConsole, Name: "command line"}
}

// Say turns a fault into the sentence of the catalogue for the command line. The
// problems of a manifest are told one by one, with the lines they are at.
func (h *House) Say(err error) error {
	var f *fault.Error
	if listed := manifest.Errors(nil); errors.As(err, &listed) || !errors.As(err, &f) {
		return err
	}
	return errors.New(h.Catalogue.Fault(i18n.EnUS, f))
}
