package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// Administrator is an administrator of the provider on the wire.
type Administrator struct {
	ID        string    `json:"id"`
	Account   string    `json:"account" doc:"What is typed to sign in."`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Mobile    string    `json:"mobile"`
	Country   string    `json:"country"`
	Status    string    `json:"status" enum:"active,disabled"`
	CreatedAt time.Time `json:"created_at"`
}

func administratorShown(a identity.Account) Administrator {
	return Administrator{
		ID: string(a.ID), Account: a.Name, Name: a.DisplayName, Email: a.Email, Mobile: a.Mobile, Country: a.Country,
		Status: string(a.Status), CreatedAt: a.CreatedAt.UTC(),
	}
}

type nothing struct{}

func listProviderAdministrators(ctx context.Context, c *call, _ *nothing) (*all[Administrator], error) {
	found, err := c.s.o.Directory.ProviderAdministrators(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return whole(found, administratorShown), nil
}

// NewAdministrator is the body that makes an administrator of the provider.
type NewAdministrator struct {
	Account    string `json:"account" doc:"What is typed to sign in, unique in the whole system."`
	Name       string `json:"name,omitempty" doc:"Left out, the account name."`
	Password   string `json:"password,omitempty" doc:"Left out, one is made and told in the answer, this once."`
	MustChange *bool  `json:"must_change_password,omitempty" doc:"Whether it has to be changed at the first sign-in. Default true."`
	Email      string `json:"email,omitempty"`
	Mobile     string `json:"mobile,omitempty" doc:"With the country code, such as +8613800000001."`
	Country    string `json:"country,omitempty" doc:"By its symbolic name, such as chinaPR."`
	Language   string `json:"language,omitempty" doc:"Of messages to the person."`
	Default    bool   `json:"default,omitempty" doc:"Whether an App ID of the provider signs in as this administrator where nobody is named."`
}

// MadeAdministrator is a new administrator of the provider.
type MadeAdministrator struct {
	Administrator
	Password string `json:"password,omitempty" doc:"The password that was made. It is told this once."`
}

type addAdministratorInput struct{ Body NewAdministrator }

// plain is an answer without a version.
type plain[T any] struct{ Body T }

func addProviderAdministrator(ctx context.Context, c *call, in *addAdministratorInput) (*plain[MadeAdministrator], error) {
	b := in.Body
	n := directory.NewOperator{
		Account: b.Account, Name: b.Name, Password: b.Password, Email: b.Email, Mobile: b.Mobile, Country: b.Country,
		Language: b.Language, Default: b.Default, MustChange: b.MustChange,
	}
	var drawn string
	if n.Password == "" {
		drawn = directory.GeneratePassword()
		n.Password = drawn
	}
	a, err := c.s.o.Directory.AddProviderAdministrator(ctx, c.actor, n)
	if err != nil {
		return nil, err
	}
	return &plain[MadeAdministrator]{MadeAdministrator{administratorShown(a), drawn}}, nil
}

type removeAdministratorInput struct {
	Account string `path:"account" doc:"The identifier of the account."`
}

func removeProviderAdministrator(ctx context.Context, c *call, in *removeAdministratorInput) (*empty, error) {
	return &empty{}, c.s.o.Directory.RemoveProviderAdministrator(ctx, c.actor, identity.AccountID(in.Account))
}
