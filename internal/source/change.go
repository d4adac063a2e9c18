package source

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// SSOChange edits enterprise SSO; a nil field is left as it is, an empty text
// clears it. A nil or empty ClientSecret keeps the stored one, where the rules
// of SetSSO let it be kept.
type SSOChange struct {
	Enabled      *bool
	Domain       *string
	AuthorizeURL *string
	TokenURL     *string
	UserInfoURL  *string
	ClientID     *string
	ClientSecret *string
	Scope        *string
	Dialect      *Dialect
	AccountField *string
	Name         *string
	Email        *string
	Mobile       *string
	AccessToken  *string
	Picture      *string
	TokenStyle   *TokenStyle
	WithoutPKCE  *bool
	AutoCreate   *bool // true follows the organisation
	PC           *string
	Android      *string
	IOS          *string
	ExitURL      *string

	// Try names a try whose secret stands for one that is not given again,
	// while the addresses it is sent to are those of that try.
	Try identity.TryID
	// OnlyTried refuses to put settings in force of which no try has passed,
	// unless Override gives a reason. Pages ask for it.
	OnlyTried bool
	// Override is the reason for saving untried settings; it is recorded.
	Override string
}

// String keeps the secret out of logs.
func (SSOChange) String() string { return redacted }

// GoString keeps the secret out of %#v.
func (SSOChange) GoString() string { return redacted }

// maxReason bounds the reason of an override, in characters.
const maxReason = 255

// SetSSO creates or edits the enterprise SSO of an organisation. version is the
// one that was read, 0 for whatever version; another is Stale. Its rules are
// those of the Meeting API, 4.8:
//
//   - what is set must have its form: field_format, field_choice;
//   - enabled, domain, authorize_url, token_url, client_id, account_field and
//     fields.access_token must be set: field_missing;
//   - enabled, client_secret must be given when token_url or userinfo_url is
//     not byte for byte the stored one, and at the first activation:
//     sso_secret_required. Changed while disabled, such an address makes the
//     stored secret be forgotten, so that it is asked for later;
//   - the domain is unique (sso_domain_taken) and no other organisation's own
//     (sso_domain_reserved).
//
// All faults of the input are reported at once. Whether the centre can be
// reached is never asked.
func (s *Sources) SetSSO(ctx context.Context, actor identity.Actor, org identity.OrganizationID, version int64, change SSOChange) error {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return err
	}
	if !visible(change.Override) || utf8.RuneCountInString(change.Override) > maxReason {
		return fault.New(fault.Invalid, fault.CodeFieldLength).At("override").With("min", 0).With("max", maxReason)
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		source, before, err := stored(tx, org)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(version, source.Version); err != nil {
			return err
		}
		e := edit{tx: tx, actor: actor, org: org, source: source, before: before, change: change}
		return e.save()
	})
}

// applied returns the settings after the change, and the faults of its form
// that could not be told from the result.
func (c SSOChange) applied(s SSO) (SSO, []*fault.Error) {
	var faults []*fault.Error
	set(&s.Enabled, c.Enabled)
	if c.Domain != nil {
		s.Domain = ""
		if strings.TrimSpace(*c.Domain) != "" {
			domain, err := NormalDomain(*c.Domain)
			if err != nil {
				faults = append(faults, fault.Of(err))
			}
			s.Domain = domain
		}
	}
	set(&s.AuthorizeURL, c.AuthorizeURL)
	set(&s.TokenURL, c.TokenURL)
	set(&s.UserInfoURL, c.UserInfoURL)
	set(&s.ClientID, c.ClientID)
	if c.ClientSecret != nil && *c.ClientSecret != "" {
		s.ClientSecret = *c.ClientSecret
	}
	set(&s.Scope, c.Scope)
	set(&s.Dialect, c.Dialect)
	set(&s.AccountField, c.AccountField)
	set(&s.Fields.Name, c.Name)
	set(&s.Fields.Email, c.Email)
	set(&s.Fields.Mobile, c.Mobile)
	set(&s.Fields.AccessToken, c.AccessToken)
	set(&s.Fields.Picture, c.Picture)
	set(&s.TokenStyle, c.TokenStyle)
	set(&s.WithoutPKCE, c.WithoutPKCE)
	if c.AutoCreate != nil {
		s.AutoCreate = nil
		if !*c.AutoCreate {
			s.AutoCreate = new(bool)
		}
	}
	set(&s.Schemes.PC, c.PC)
	set(&s.Schemes.Android, c.Android)
	set(&s.Schemes.IOS, c.IOS)
	set(&s.ExitURL, c.ExitURL)
	return s, faults
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
