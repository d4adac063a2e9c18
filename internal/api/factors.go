package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/identity"
)

// Factor is something by which a person proves themselves beside the password.
type Factor struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind" doc:"totp: an app that shows a new code every half minute (RFC 6238). passkey: a key that signs for this address alone (WebAuthn)."`
	Name      string     `json:"name" doc:"What the person calls it."`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"Absent before it was used."`
}

func factorShown(f identity.Factor) Factor {
	return Factor{ID: string(f.ID), Kind: string(f.Kind), Name: f.Name, CreatedAt: f.CreatedAt.UTC(), UsedAt: given(f.UsedAt)}
}

// MyFactors is what the caller can prove themselves by beside the password.
type MyFactors struct {
	Factors       []Factor `json:"factors" doc:"Oldest first."`
	RecoveryCodes int      `json:"recovery_codes" doc:"How many recovery codes are left."`
}

func listMyFactors(ctx context.Context, c *call, _ *nothing) (*plain[MyFactors], error) {
	h, err := c.s.o.Factors.Holding(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	shown := MyFactors{Factors: []Factor{}, RecoveryCodes: h.RecoveryCodes}
	for _, f := range h.Factors {
		shown.Factors = append(shown.Factors, factorShown(f))
	}
	return &plain[MyFactors]{shown}, nil
}

// FactorSetup is an app that is being given its secret.
type FactorSetup struct {
	Ticket  string `json:"ticket" doc:"Names it until it is confirmed, for ten minutes."`
	Secret  string `json:"secret" doc:"In base32, to be typed into the app."`
	Address string `json:"address" doc:"The same as otpauth://, to be drawn as a code for scanning."`
}

func beginMyFactor(ctx context.Context, c *call, _ *nothing) (*plain[FactorSetup], error) {
	s, err := c.s.o.Factors.Begin(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return &plain[FactorSetup]{FactorSetup{Ticket: s.Ticket, Secret: s.Secret, Address: s.Address}}, nil
}

// FactorProof proves the caller anew, for a change of their factors.
type FactorProof struct {
	Password string `json:"password,omitempty" maxLength:"64" doc:"The account's. Not needed in a session that an authentication source proved within the last five minutes."`
	Proof    string `json:"proof,omitempty" maxLength:"32" doc:"A code of an app, or a recovery code; needed where there is a factor and no passkey is given."`
	// Passkey stands in for Proof.
	Passkey *PasskeyAnswer `json:"passkey,omitempty" doc:"The answer to /me/factors/passkeys/challenge, in place of a code."`
}

func (p FactorProof) of(c *call) factor.Proof {
	proof := factor.Proof{First: factor.FirstProof{Password: p.Password, Session: c.session}, Code: p.Proof}
	if p.Passkey != nil {
		proof.Passkey = p.Passkey.answer()
	}
	return proof
}

// NewFactor is the body that confirms an app.
type NewFactor struct {
	FactorProof
	Ticket string `json:"ticket"`
	Code   string `json:"code" maxLength:"32" doc:"What the app shows."`
	Name   string `json:"name" doc:"What the caller calls it, 1 to 64 characters."`
}

type confirmFactorInput struct{ Body NewFactor }

// ConfirmedFactor is an app that was added.
type ConfirmedFactor struct {
	Factor        Factor   `json:"factor"`
	RecoveryCodes []string `json:"recovery_codes" doc:"New recovery codes, told this once; none while there are some."`
}

func confirmMyFactor(ctx context.Context, c *call, in *confirmFactorInput) (*plain[ConfirmedFactor], error) {
	n := factor.NewFactor{Ticket: in.Body.Ticket, Code: in.Body.Code, Name: in.Body.Name}
	f, codes, err := c.s.o.Factors.Confirm(ctx, c.actor, n, in.Body.of(c))
	if err != nil {
		return nil, err
	}
	return &plain[ConfirmedFactor]{ConfirmedFactor{Factor: factorShown(f), RecoveryCodes: append([]string{}, codes...)}}, nil
}

type removeFactorInput struct {
	Factor string `path:"factor" doc:"The factor's identifier."`
	Body   FactorProof
}

func removeMyFactor(ctx context.Context, c *call, in *removeFactorInput) (*empty, error) {
	return &empty{}, c.s.o.Factors.Remove(ctx, c.actor, identity.FactorID(in.Factor), in.Body.of(c))
}

type recoveryCodesInput struct{ Body FactorProof }

// RecoveryCodes are new recovery codes.
type RecoveryCodes struct {
	RecoveryCodes []string `json:"recovery_codes" doc:"Told this once; all former ones are void."`
}

func renewMyRecoveryCodes(ctx context.Context, c *call, in *recoveryCodesInput) (*plain[RecoveryCodes], error) {
	codes, err := c.s.o.Factors.RenewRecoveryCodes(ctx, c.actor, in.Body.of(c))
	if err != nil {
		return nil, err
	}
	return &plain[RecoveryCodes]{RecoveryCodes{codes}}, nil
}

type memberFactorsInput struct{ InMember }

func listMemberFactors(ctx context.Context, c *call, in *memberFactorsInput) (*all[Factor], error) {
	p, err := c.member(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	factors, err := c.s.o.Directory.MemberFactors(ctx, c.actor, p.Member.OrganizationID, p.Member.ID)
	if err != nil {
		return nil, err
	}
	return whole(factors, factorShown), nil
}

func resetMemberFactors(ctx context.Context, c *call, in *memberActionInput) (*empty, error) {
	return &empty{}, c.act(ctx, in.InMember, in.Unchanged, c.s.o.Directory.ResetFactors)
}
