package source

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// RemoveSSO forgets an organisation's enterprise SSO with everything that was
// linked by it; passwords work again. version is the one that was read, 0 for
// whatever version; another is Stale. Where nothing was saved it is NotFound
// (source_not_found).
func (s *Sources) RemoveSSO(ctx context.Context, actor identity.Actor, org identity.OrganizationID, version int64) error {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		source, err := tx.Sources.SSO(org)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(version, source.Version); err != nil {
			return err
		}
		if err := tx.Sources.Remove(org, source.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SSORemoved, audit.About{Organization: org, Target: string(source.ID)})
	})
}

// Check tells what SetSSO would refuse of a change, as far as it shows without
// looking at other organisations. The faults are those of SetSSO.
func (s SSOState) Check(change SSOChange) error {
	next, faults := change.applied(s.SSO)
	faults = append(faults, next.validate()...)
	if next.Enabled {
		faults = append(faults, next.missing()...)
		moved := next.TokenURL != s.TokenURL || next.UserInfoURL != s.UserInfoURL
		if next.ClientSecret == "" && (moved || !s.HasSecret) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeSSOSecretRequired).At("client_secret"))
		}
	}
	return fault.All(faults)
}

// Replacing is the change that makes settings exactly these, except that a
// blank secret keeps the stored one as in SetSSO.
func Replacing(s SSO) SSOChange {
	s = s.filled()
	follows := s.AutoCreate == nil || *s.AutoCreate
	return SSOChange{
		Enabled: &s.Enabled, Domain: &s.Domain, AuthorizeURL: &s.AuthorizeURL, TokenURL: &s.TokenURL, UserInfoURL: &s.UserInfoURL,
		ClientID: &s.ClientID, ClientSecret: &s.ClientSecret, Scope: &s.Scope, Dialect: &s.Dialect, AccountField: &s.AccountField,
		Name: &s.Fields.Name, Email: &s.Fields.Email, Mobile: &s.Fields.Mobile, AccessToken: &s.Fields.AccessToken,
		Picture: &s.Fields.Picture, TokenStyle: &s.TokenStyle, WithoutPKCE: &s.WithoutPKCE, AutoCreate: &follows,
		PC: &s.Schemes.PC, Android: &s.Schemes.Android, IOS: &s.Schemes.IOS, ExitURL: &s.ExitURL,
	}
}
