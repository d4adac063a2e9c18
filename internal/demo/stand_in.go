package demo

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/orgate/orgate/internal/demo/centre"
)

// CentreListen is where the stand-in authentication centre listens unless it
// is told otherwise. The printed example of the SSO API names this address.
const CentreListen = "127.0.0.1:8444"

// The apps that are registered at the centre: Acme's, and the one that the
// printed example of the SSO API asks for.
const (
	acmeClient   = "orgate"
	dragonClient = "18bc94a643bd4b93aab3179726120943"
)

// centrePassword is that of everybody at the centre.
const centrePassword = "sesame"

// bindCentre takes the centre's address. This comes first of all: a
// demonstration without its centre is none.
func bindCentre(ctx context.Context, address string) (net.Listener, error) {
	if address == "" {
		address = CentreListen
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("the demonstration's authentication centre cannot listen (another address: --centre-listen): %w", err)
	}
	return listener, nil
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
