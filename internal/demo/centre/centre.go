package centre

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/demo/standin"
)

//go:embed pages
var files embed.FS

// App is an application registered at the centre: somebody who may ask who
// signed in.
type App struct {
	ID     string
	Secret string
	Name   string // shown on the page
	// Domains are the host names that the address of return may have, compared
	// without the port. WeChat calls them the authorised domain.
	Domains []string
	// AnyScope lets the app ask for any scope, or none. Without it the page
	// opens for snsapi_login alone, as for every website app at WeChat.
	AnyScope bool
}

// String keeps the secret out of messages.
func (a App) String() string { return "app " + a.ID }

// GoString keeps the secret out of %#v.
func (a App) GoString() string { return a.String() }

// LogValue keeps the secret out of logs.
func (a App) LogValue() slog.Value { return slog.StringValue(a.String()) }

// Person is somebody whom the centre knows.
type Person struct {
	Account  string // typed on the page
	Password string
	OpenID   string // what apps know the person by
	Nickname string
	Sex      int // 1 male, 2 female, 0 not said
	City     string
	Province string
	Country  string // two letters, ISO 3166-1
	Email    string
	Mobile   string
}

// String keeps the password out of messages.
func (p Person) String() string { return "person " + p.Account }

// GoString keeps the password out of %#v.
func (p Person) GoString() string { return p.String() }

// LogValue keeps the password out of logs.
func (p Person) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Options say whom a centre serves.
type Options struct {
	Name    string // of the enterprise, shown on the page
	Address string // of the centre itself, without a final slash; pictures are below it
	Apps    []App
	People  []Person
	Now     func() time.Time
}

// Centre is a stand-in authentication centre. It is safe for concurrent use.
type Centre struct {
	options Options
	apps    map[string]App    // by ID
	people  map[string]Person // by account
	grants  *grants
	pages   *standin.Pages
}

// New makes a centre. An error is a defect of its own pages.
func New(o Options) (*Centre, error) {
	pages, err := standin.ParsePages(files)
	if err != nil {
		return nil, fmt.Errorf("pages of the centre: %w", err)
	}
	c := &Centre{options: o, apps: map[string]App{}, people: map[string]Person{}, grants: newGrants(o.Now), pages: pages}
	for _, app := range o.Apps {
		c.apps[app.ID] = app
	}
	for _, person := range o.People {
		c.people[person.Account] = person
	}
	return c, nil
}

// Handler answers every address of the centre.
func (c *Centre) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /{$}":                       c.about,
		"GET /style.css":                 c.pages.Style,
		"GET /portraits/{openid}":        c.portrait,
		"GET /schema/{client}":           c.started,
		"GET /connect/qrconnect":         c.ask,
		"POST /connect/qrconnect":        c.admit,
		"GET /sns/oauth2/access_token":   c.exchange,
		"POST /sns/oauth2/access_token":  c.exchangeForm,
		"GET /sns/oauth2/acess_token":    c.exchange,
		"POST /sns/oauth2/acess_token":   c.exchangeForm,
		"GET /sns/oauth2/refresh_token":  c.refresh,
		"POST /sns/oauth2/refresh_token": c.exchangeForm,
		"GET /sns/auth":                  c.check,
		"GET /sns/userinfo":              c.userinfo,
		"POST /sns/userinfo":             c.admit,
	} {
		mux.HandleFunc(pattern, answer)
	}
	return mux
}

// Serve answers on a listener until ctx ends; then it returns nil. The
// listener is closed in any case.
func (c *Centre) Serve(ctx context.Context, listener net.Listener) error {
	return standin.Serve(ctx, listener, c.Handler())
}
