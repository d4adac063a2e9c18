package source

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// callTimeout bounds one call to a centre.
const callTimeout = 10 * time.Second

// Dialer opens connections through egress; *egress.Guard is one.
type Dialer interface {
	DialContext(ctx context.Context, network, addr string) (net.Conn, error)
	Roots() *x509.CertPool
}

// Options say what Sources works with. All but Timeout and Traces are needed.
type Options struct {
	Now func() time.Time
	// Client is made by egress: the only way out.
	Client *http.Client
	// Dialer is the same way out, for the steps of a try that look at one
	// connection.
	Dialer Dialer
	// BaseURL is the public address of this server, from which call-back
	// addresses are made; nil where none is known, which leaves them empty.
	BaseURL *url.URL
	// Timeout bounds one call to a centre; 0 means ten seconds.
	Timeout time.Duration
	// Traces gives the stories of tries a clock; nil leaves their times out.
	Traces *trace.Keeper
}

// Sources keeps the authentication sources of organisations and asks them. It
// is safe for concurrent use.
type Sources struct {
	db      *store.DB
	options Options
	tools   tools
}

// New returns the sources of a database.
func New(db *store.DB, o Options) *Sources {
	if o.Timeout == 0 {
		o.Timeout = callTimeout
	}
	direct := *o.Client
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Sources{db: db, options: o, tools: tools{
		client: o.Client, direct: &direct, timeout: o.Timeout, now: o.Now,
		issuers: &issuers{known: map[string]knownIssuer{}}, providers: &providers{known: map[string]knownProvider{}},
		keys: &keySets{known: map[string]keySet{}},
	}}
}

// Found is a source by which people can sign in, with its organisation.
type Found struct {
	Source identity.Source
	// SSO is with its secret, for this server's own calls alone; zero for a
	// source other than enterprise SSO.
	SSO          SSO
	Organization identity.Organization
}

// ByDomain returns the source that a typed domain leads to. A domain that is
// unknown or malformed, whose SSO is disabled, and whose organisation is frozen
// are all the same NotFound (sso_unknown), for the same work: one look at the
// sources and one at the organisations.
func (s *Sources) ByDomain(ctx context.Context, domain string) (Found, error) {
	normal, err := NormalDomain(domain)
	if err != nil {
		normal = "" // no source has this one
	}
	return s.find(ctx, func(tx *store.Tx) (identity.Source, error) { return tx.Lookup.SourceByDomain(normal) })
}

// ByID returns a source by its id, under the rules of ByDomain.
func (s *Sources) ByID(ctx context.Context, id identity.SourceID) (Found, error) {
	return s.find(ctx, func(tx *store.Tx) (identity.Source, error) { return tx.Lookup.Source(id) })
}

func (s *Sources) find(ctx context.Context, look func(*store.Tx) (identity.Source, error)) (f Found, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		f = Found{}
		source, err := look(tx)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		org, orgErr := tx.Organizations.Get(source.OrganizationID)
		switch {
		case orgErr != nil && fault.KindOf(orgErr) != fault.NotFound:
			return orgErr
		case err != nil, orgErr != nil, !source.Enabled, !org.Active():
			return errUnknown
		}
		f, err = foundOf(source, org)
		return err
	})
	return f, err
}

func foundOf(source identity.Source, org identity.Organization) (Found, error) {
	if !isSSO(source) {
		return Found{Source: source, Organization: org}, nil
	}
	set, err := readSettings(source.Settings)
	return Found{Source: source, SSO: set.sso(source.Enabled, source.Domain), Organization: org}, err
}

// SSOState is an organisation's enterprise SSO as it may be shown.
type SSOState struct {
	SSO         // ClientSecret is blank; Dialect and TokenStyle are never ""
	HasSecret   bool
	Version     int64  // 0 while nothing was saved
	CallbackURL string // to be registered at the centre; known before anything is saved
	UpdatedAt   time.Time
}

// SSO returns the enterprise SSO of an organisation, disabled and empty while
// nothing was saved. Whoever may change the organisation may read it.
func (s *Sources) SSO(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (state SSOState, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return state, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		source, set, err := stored(tx, org)
		if err != nil {
			return err
		}
		state = SSOState{SSO: set.sso(source.Enabled, source.Domain).filled(), Version: source.Version, CallbackURL: s.Callback(org), UpdatedAt: source.UpdatedAt}
		state.HasSecret, state.ClientSecret = state.ClientSecret != "", ""
		return nil
	})
	return state, err
}

// Callback is where the centre of an organisation's enterprise SSO sends
// browsers back to.
func (s *Sources) Callback(org identity.OrganizationID) string {
	if s.options.BaseURL == nil {
		return ""
	}
	return s.options.BaseURL.JoinPath("sso", "callback", string(identity.SSOSourceID(org))).String()
}

// CallbackOf is where a source sends browsers back to, "" where no address of
// this server is known.
func (s *Sources) CallbackOf(source identity.Source) string {
	if isSSO(source) {
		return s.Callback(source.OrganizationID)
	}
	return s.address(source.ID, "callback")
}

// address is one of those at which this server is spoken to by a source.
func (s *Sources) address(id identity.SourceID, word string) string {
	if s.options.BaseURL == nil {
		return ""
	}
	return s.options.BaseURL.JoinPath("login", "source", string(id), word).String()
}

// stored reads what was saved; the zero Source when nothing was.
func stored(tx *store.Tx, org identity.OrganizationID) (source identity.Source, set settings, err error) {
	source, err = tx.Sources.SSO(org)
	switch {
	case err == nil:
		set, err = readSettings(source.Settings)
	case fault.KindOf(err) == fault.NotFound:
		source, err = identity.Source{}, nil
	}
	return source, set, err
}

// filled writes the choices out that were left to their defaults.
func (s SSO) filled() SSO {
	if s.Dialect == "" {
		s.Dialect = DialectAuto
	}
	if s.TokenStyle == "" {
		s.TokenStyle = SecretInBody
	}
	return s
}
