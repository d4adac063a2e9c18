package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// ssoSecret names the secret of an organisation's enterprise sign-in among the
// applied ones.
func ssoSecret(org string) string { return "sso:" + identity.Fold(org) + "/client_secret" }

// sso plans an organisation's enterprise sign-in. It comes last: once it is
// enabled, members have no passwords to set.
func (p *planner) sso(w Organization, of owner) error {
	if w.SSO == nil {
		return nil
	}
	var stored source.SSOState
	if !of.new {
		var err error
		if stored, err = p.house.Sources.SSO(p.ctx, p.actor, of.id); err != nil {
			return err
		}
	}
	if p.options.Prune && w.SSO.empty() {
		if stored.Version > 0 {
			p.add(Step{Action: Remove, Kind: "sso", Of: of.code, do: removeSSO(of)})
		}
		return nil
	}
	fields, err := p.withSecret(differences(*w.SSO, ssoAsWritten(stored.SSO)), "client_secret", ssoSecret(of.code), w.SSO.ClientSecret)
	if err != nil || len(fields) == 0 {
		return err
	}
	change := ssoChange(*w.SSO)
	if !fields[len(fields)-1].Secret && !asksSecret(*w.SSO, stored) {
		// A secret that is the one last applied stays as it is.
		change.ClientSecret = nil
	}
	p.checkSSO(w.SSO.At, stored, change)
	step := Step{Action: Change, Kind: "sso", Of: of.code, Fields: fields, do: setSSO(w, of, change)}
	if stored.Version == 0 {
		step.Action, step.Fields = Create, nil
	}
	p.add(step)
	return nil
}

// asksSecret reports whether the use case asks for the secret although it may
// be the stored one: an address it is sent to changes, or it comes into force.
func asksSecret(w SSO, stored source.SSOState) bool {
	return or(w.TokenURL, stored.TokenURL) != stored.TokenURL || or(w.UserInfoURL, stored.UserInfoURL) != stored.UserInfoURL ||
		or(w.Enabled, false) && !stored.Enabled
}

// empty reports whether a block says nothing.
func (s SSO) empty() bool {
	s.At = Position{}
	return s == SSO{}
}

// checkSSO reports what the settings as a whole lack, at the keys it is about.
func (p *planner) checkSSO(at Position, stored source.SSOState, change source.SSOChange) {
	err := stored.Check(change)
	if err == nil {
		return
	}
	first := fault.Of(err)
	for _, f := range append([]*fault.Error{first}, first.Others...) {
		where := at
		where.Path = join(at.Path, f.Field)
		p.problems.add(where, "%s", p.problems.sentence(f))
	}
}

func setSSO(w Organization, of owner, change source.SSOChange) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		if err := a.house.Sources.SetSSO(ctx, a.actor, org, 0, change); err != nil {
			return err
		}
		return a.note(ctx, ssoSecret(of.code), w.SSO.ClientSecret)
	}
}

func removeSSO(of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Sources.RemoveSSO(ctx, a.actor, of.id, 0)
	}
}

func ssoAsWritten(s source.SSO) SSO {
	dialect, style := string(s.Dialect), string(s.TokenStyle)
	pkce, create := !s.WithoutPKCE, or(s.AutoCreate, true)
	return SSO{
		Enabled: &s.Enabled, Domain: &s.Domain, AuthorizeURL: &s.AuthorizeURL, TokenURL: &s.TokenURL, UserInfoURL: &s.UserInfoURL,
		ClientID: &s.ClientID, Scope: &s.Scope, Dialect: &dialect, TokenStyle: &style, PKCE: &pkce, AccountField: &s.AccountField,
		Fields: &SSOFields{
			Name: &s.Fields.Name, Email: &s.Fields.Email, Mobile: &s.Fields.Mobile, AccessToken: &s.Fields.AccessToken,
			Picture: &s.Fields.Picture,
		},
		Schemes: &SSOSchemes{PC: &s.Schemes.PC, Android: &s.Schemes.Android, IOS: &s.Schemes.IOS}, ExitURL: &s.ExitURL, AutoCreate: &create,
	}
}

// freshSSO is what enterprise sign-in is when nothing is said about it.
func freshSSO() SSO {
	return ssoAsWritten(source.SSO{OAuth2: source.OAuth2{Dialect: source.DialectAuto, TokenStyle: source.SecretInBody}})
}

func ssoChange(w SSO) source.SSOChange {
	c := source.SSOChange{
		Enabled: w.Enabled, Domain: w.Domain, AuthorizeURL: w.AuthorizeURL, TokenURL: w.TokenURL, UserInfoURL: w.UserInfoURL,
		ClientID: w.ClientID, Scope: w.Scope, AccountField: w.AccountField, ExitURL: w.ExitURL, AutoCreate: w.AutoCreate,
	}
	if w.ClientSecret.Given() {
		c.ClientSecret = new(w.ClientSecret.Reveal())
	}
	if w.Dialect != nil {
		c.Dialect = new(source.Dialect(*w.Dialect))
	}
	if w.TokenStyle != nil {
		c.TokenStyle = new(source.TokenStyle(*w.TokenStyle))
	}
	if w.PKCE != nil {
		c.WithoutPKCE = new(!*w.PKCE)
	}
	if f := w.Fields; f != nil {
		c.Name, c.Email, c.Mobile, c.AccessToken, c.Picture = f.Name, f.Email, f.Mobile, f.AccessToken, f.Picture
	}
	if s := w.Schemes; s != nil {
		c.PC, c.Android, c.IOS = s.PC, s.Android, s.IOS
	}
	return c
}
