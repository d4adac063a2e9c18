package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/orgate/orgate/internal/demo/centre"
	"github.com/orgate/orgate/internal/demo/relying"
)

// CentreListen is where the stand-in authentication centre listens unless it
// is told otherwise. The printed example of the SSO API names this address.
const CentreListen = "127.0.0.1:8444"

// ApplicationListen is where the applications listen that rely on this
// installation, unless they are told otherwise.
const ApplicationListen = "127.0.0.1:8090"

// The apps that are registered at the centre: Acme's, and the one that the
// printed example of the SSO API asks for.
const (
	acmeClient   = "orgate"
	dragonClient = "18bc94a643bd4b93aab3179726120943"
)

// centrePassword is that of everybody at the centre.
const centrePassword = "sesame"

// The applications that rely on this installation, by the names under which
// Acme registers them, and by the paths at which they answer.
const (
	wiki = "wiki"
	desk = "helpdesk"
)

// outside is who stands outside the product: an enterprise's authentication
// centre, and applications that rely on us.
type outside struct {
	centreAt, sitesAt net.Listener
	centre            *centre.Centre
	sites             *relying.Site
}

// bind takes the addresses of those outside. This comes first of all: a
// demonstration without them is none.
func bind(ctx context.Context, o Options) (*outside, error) {
	centreAt, err := listen(ctx, o.CentreListen, CentreListen)
	if err != nil {
		return nil, fmt.Errorf("the demonstration's authentication centre cannot listen (another address: --centre-listen): %w", err)
	}
	sitesAt, err := listen(ctx, o.ApplicationListen, ApplicationListen)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the demonstration's applications cannot listen (another address: --application-listen): %w", err), centreAt.Close())
	}
	return &outside{centreAt: centreAt, sitesAt: sitesAt}, nil
}

func listen(ctx context.Context, at, otherwise string) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", cmp.Or(at, otherwise))
}

func address(at net.Listener) string { return "http://" + at.Addr().String() }

// close gives the addresses back; those that were served are closed already.
func (o *outside) close() {
	_ = o.centreAt.Close()
	_ = o.sitesAt.Close()
}

// open makes those outside as a scene has them.
func (o *outside) open(scene Scene, host string, now func() time.Time) (err error) {
	if o.centre, err = newCentre(scene, host, now); err != nil {
		return err
	}
	o.sites, err = relying.New(relying.Options{
		Address: scene.Applications, Issuer: scene.Address, Now: now,
		Apps: []relying.App{
			{Path: wiki, Title: "Wiki", ClientID: wiki, Secret: scene.WikiSecret, Scopes: []string{"openid", "profile", "email", "phone", "offline_access"}},
			{Path: desk, Title: "Help desk", ClientID: desk, Secret: scene.DeskSecret, Plain: true, Scopes: []string{"profile", "email"}},
		},
	})
	return err
}

// parties are what serves each of them until a context ends.
func (o *outside) parties() [2]func(context.Context) error {
	return [2]func(context.Context) error{
		func(ctx context.Context) error { return o.centre.Serve(ctx, o.centreAt) },
		func(ctx context.Context) error { return o.sites.Serve(ctx, o.sitesAt) },
	}
}

// newCentre makes the centre of a scene. Its people are some of Acme's, found
// there by their third account, and Nadia, who is nobody's member yet.
func newCentre(scene Scene, host string, now func() time.Time) (*centre.Centre, error) {
	return centre.New(centre.Options{
		Name: "Acme & CloudDragon", Address: scene.Centre, Now: now,
		Apps: []centre.App{
			{ID: acmeClient, Secret: scene.AcmeSecret, Name: "Acme", Domains: []string{host}},
			{ID: dragonClient, Secret: scene.DragonSecret, Name: "CloudDragon", Domains: []string{host}, AnyScope: true},
		},
		People: []centre.Person{
			{
				Account: "alice", Password: centrePassword, OpenID: "alice", Nickname: "Alice Archer", Sex: 2, City: "Shenzhen", Province: "Guangdong",
				Country: "CN", Email: "alice@acme.example", Mobile: "+8613800000001",
			},
			{Account: "bruno", Password: centrePassword, OpenID: "bruno", Nickname: "Bruno Baker", Sex: 1, Country: "DE", Email: "bruno@acme.example"},
			{
				Account: "chenwei", Password: centrePassword, OpenID: "chenwei", Nickname: "陈伟", Sex: 1, City: "Hangzhou", Province: "Zhejiang",
				Country: "CN", Email: "chen.wei@acme.example", Mobile: "+8613800000002",
			},
			{Account: "adam", Password: centrePassword, OpenID: "adam", Nickname: "Adam Admin", Sex: 1, Country: "CN", Email: "admin@acme.example"},
			{Account: "nadia", Password: centrePassword, OpenID: "nadia", Nickname: "Nadia Nowak", Sex: 2, Country: "PL", Email: "nadia@acme.example"},
		},
	})
}
