package provision

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Settings are how an application is told, without what is secret.
type Settings struct {
	identity.Sync // its SignatureKey and ClientSecret are ""
	// HasKey says that there is a key that signs, HasSecret that there is a secret
	// to tell.
	HasKey, HasSecret bool
	// SecretCurrent says that the secret that is told still proves the
	// application; true for one that has none.
	SecretCurrent bool
}

// SyncChange edits how an application is told; a nil field is left as it is.
type SyncChange struct {
	Enabled         *bool
	CallbackURL     *string
	SignatureKey    *string
	PublicKey       *string
	Digest          *identity.SyncDigest
	Wire            *identity.SyncWire
	VerifyAnswers   *bool
	ReleasePersonal *bool
	// ClientSecret is told to the receiver, and has to be one of the application's
	// live secrets.
	ClientSecret *string
}

// String keeps key and secret out of logs.
func (SyncChange) String() string { return "[redacted]" }

// GoString keeps key and secret out of %#v.
func (SyncChange) GoString() string { return "[redacted]" }

// onto edits settings and tells which fields differ now, secrets by their name
// alone.
func (c SyncChange) onto(s *identity.Sync) (changed []string) {
	changed = put(changed, "enabled", &s.Enabled, c.Enabled)
	changed = put(changed, "callback_url", &s.CallbackURL, c.CallbackURL)
	changed = put(changed, "signature_key", &s.SignatureKey, c.SignatureKey)
	changed = put(changed, "public_key", &s.PublicKey, c.PublicKey)
	changed = put(changed, "digest", &s.Digest, c.Digest)
	changed = put(changed, "wire", &s.Wire, c.Wire)
	changed = put(changed, "verify_answers", &s.VerifyAnswers, c.VerifyAnswers)
	changed = put(changed, "release_personal", &s.ReleasePersonal, c.ReleasePersonal)
	return put(changed, "client_secret", &s.ClientSecret, c.ClientSecret)
}

func put[T comparable](changed []string, name string, field, value *T) []string {
	if value == nil || *field == *value {
		return changed
	}
	*field = *value
	return append(changed, name)
}

// unknownKey stands for a key that is not shown where rules are applied.
const unknownKey = "unknown-key"

// Check says what SetSync would say of an edit, but for the application's
// secrets, which it does not know.
func (v Settings) Check(c SyncChange) error {
	s := v.Sync
	if v.HasKey {
		s.SignatureKey = unknownKey
	}
	c.onto(&s)
	return s.Validate()
}

// Fresh are the settings of an application for which nobody has said any.
func Fresh(app identity.Application) Settings { return Settings{Sync: fresh(app)} }

// fresh are the settings of an application for which nobody has said any.
func fresh(app identity.Application) identity.Sync {
	return identity.Sync{OrganizationID: app.OrganizationID, ApplicationID: app.ID, Wire: identity.SyncV2, Digest: identity.SyncSHA256}
}

// shown leaves of settings what may be shown.
func (p *Syncs) shown(app identity.Application, s identity.Sync) Settings {
	view := Settings{Sync: s, HasKey: s.SignatureKey != "", HasSecret: s.ClientSecret != ""}
	view.SecretCurrent = !view.HasSecret && len(app.Secrets) == 0 || view.HasSecret && p.options.Proves(app, s.ClientSecret)
	view.SignatureKey, view.ClientSecret = "", ""
	return view
}

// Sync returns how an application is told, or NotFound (sync_not_found) when
// nobody has said.
func (p *Syncs) Sync(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) (view Settings, err error) {
	if err := access.Allow(actor, access.ReadApplications, org); err != nil {
		return view, err
	}
	err = p.db.View(ctx, func(tx *store.Tx) error {
		app, err := tx.Applications.ByClientID(org, clientID)
		if err != nil {
			return err
		}
		s, err := tx.ApplicationSyncs.Get(org, app.ID)
		view = p.shown(app, s)
		return err
	})
	if err != nil {
		return Settings{}, err
	}
	return view, nil
}

// SetSync says how an application is told. Whoever may change the application
// may. version is the one the caller read, or 0 for whatever version; another is
// Stale. A secret that is none of the application's is Invalid
// (sync_secret_wrong), and an application that has secrets cannot be told without
// one (sync_secret_needed).
func (p *Syncs) SetSync(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, version int64, c SyncChange) (view Settings, err error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return view, err
	}
	err = p.db.Update(ctx, func(tx *store.Tx) error {
		app, s, err := p.load(tx, actor, org, clientID)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(version, s.Version); err != nil {
			return err
		}
		was := s
		changed := c.onto(&s)
		if err := p.check(app, was, s); err != nil {
			return err
		}
		if len(changed) == 0 && s.Version > 0 {
			tx.NoEvent("nothing differs from what is stored")
			view = p.shown(app, s)
			return nil
		}
		if s.Version == 0 {
			s.CreatedAt = tx.Now()
		}
		s.UpdatedAt = tx.Now()
		if was.CallbackURL != s.CallbackURL && was.CallbackURL != "" {
			// Another receiver knows nothing yet.
			if err := tx.SyncAcks.Doubt(app.ID, true); err != nil {
				return err
			}
		}
		if err := tx.SyncStates.Hasten(app.ID); err != nil {
			return err
		}
		if err := tx.ApplicationSyncs.Put(s); err != nil {
			return err
		}
		s.Version++
		view = p.shown(app, s)
		return audit.Record(tx, actor, audit.SyncConfigured, concerning(app, map[string]string{"fields": strings.Join(changed, ",")}))
	})
	if err != nil {
		return Settings{}, err
	}
	return view, nil
}

// check applies every rule to settings that were edited.
func (p *Syncs) check(app identity.Application, was, s identity.Sync) error {
	if err := s.Validate(); err != nil {
		return err
	}
	switch {
	case s.ClientSecret != "" && s.ClientSecret != was.ClientSecret && !p.options.Proves(app, s.ClientSecret):
		return fault.New(fault.Invalid, fault.CodeSyncSecretWrong).At("client_secret")
	case s.Enabled && s.ClientSecret == "" && len(app.Secrets) > 0:
		return fault.New(fault.Invalid, fault.CodeSyncSecretNeeded).At("client_secret")
	}
	return nil
}

// load returns an application that the actor may change and how it is told, the
// settings of a fresh one where nobody has said.
func (p *Syncs) load(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, clientID string) (app identity.Application, s identity.Sync, err error) {
	if app, err = tx.Applications.ByClientID(org, clientID); err != nil {
		return app, s, err
	}
	if err := application.MayChange(tx, actor, app); err != nil {
		return app, s, err
	}
	s, err = tx.ApplicationSyncs.Get(org, app.ID)
	if fault.Is(err, fault.CodeSyncNotFound) {
		return app, fresh(app), nil
	}
	return app, s, err
}

// RemoveSync forgets how an application is told. Its receiver keeps what it
// knows, and is told nothing more.
func (p *Syncs) RemoveSync(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, version int64) error {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return err
	}
	return p.db.Update(ctx, func(tx *store.Tx) error {
		app, s, err := p.load(tx, actor, org, clientID)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(version, s.Version); err != nil {
			return err
		}
		if err := tx.ApplicationSyncs.Remove(org, app.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SyncRemoved, concerning(app, nil))
	})
}

func concerning(app identity.Application, details map[string]string) audit.About {
	if details == nil {
		details = map[string]string{}
	}
	details["client_id"] = app.ClientID
	return audit.About{Organization: app.OrganizationID, Target: string(app.ID), Details: details}
}
