package api

import (
	"context"
	"encoding/json"

	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/identity"
)

// PasskeyAsked is what a browser is to do with a passkey: make one, or sign.
type PasskeyAsked struct {
	Ticket  string          `json:"ticket" doc:"Names it until it is answered, once, within five minutes and in the same session."`
	Options json.RawMessage `json:"options" doc:"For PublicKeyCredential.parseCreationOptionsFromJSON() or parseRequestOptionsFromJSON() (WebAuthn Level 3, 5.1)."`
}

func passkeyAsked(a factor.PasskeyAsked, err error) (*plain[PasskeyAsked], error) {
	if err != nil {
		return nil, err
	}
	return &plain[PasskeyAsked]{PasskeyAsked{Ticket: a.Ticket, Options: a.Options}}, nil
}

// PasskeyAnswer is what the browser brought back.
type PasskeyAnswer struct {
	Ticket   string          `json:"ticket"`
	Response json.RawMessage `json:"response" doc:"What toJSON() of the credential returns."`
}

func (a PasskeyAnswer) answer() factor.PasskeyAnswer {
	return factor.PasskeyAnswer{Ticket: a.Ticket, Response: a.Response}
}

type beginPasskeyInput struct{ Body FactorProof }

func beginMyPasskey(ctx context.Context, c *call, in *beginPasskeyInput) (*plain[PasskeyAsked], error) {
	return passkeyAsked(c.s.o.Factors.BeginPasskey(ctx, c.actor, in.Body.of(c)))
}

// NewPasskey is the body that adds a passkey.
type NewPasskey struct {
	PasskeyAnswer
	Name string `json:"name" doc:"What the caller calls it, 1 to 64 characters."`
}

type addPasskeyInput struct{ Body NewPasskey }

func addMyPasskey(ctx context.Context, c *call, in *addPasskeyInput) (*plain[ConfirmedFactor], error) {
	f, codes, err := c.s.o.Factors.AddPasskey(ctx, c.actor, factor.NewPasskey{Answer: in.Body.answer(), Session: c.session, Name: in.Body.Name})
	if err != nil {
		return nil, err
	}
	return &plain[ConfirmedFactor]{ConfirmedFactor{Factor: factorShown(f), RecoveryCodes: append([]string{}, codes...)}}, nil
}

func askMyPasskey(ctx context.Context, c *call, _ *nothing) (*plain[PasskeyAsked], error) {
	return passkeyAsked(c.s.o.Factors.AskPasskey(ctx, c.actor, c.session, ""))
}

// FactorName is the body that renames a factor.
type FactorName struct {
	Name string `json:"name" doc:"What the caller calls it, 1 to 64 characters."`
}

type renameFactorInput struct {
	Factor string `path:"factor" doc:"The factor's identifier."`
	Body   FactorName
}

func renameMyFactor(ctx context.Context, c *call, in *renameFactorInput) (*plain[Factor], error) {
	f, err := c.s.o.Factors.Rename(ctx, c.actor, identity.FactorID(in.Factor), in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &plain[Factor]{factorShown(f)}, nil
}
