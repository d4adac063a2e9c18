package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
)

// syncKey names the key that signs an application's calls among the applied
// secrets.
func syncKey(clientID string) string { return "application/" + clientID + "/sync/signature_key" }

// sync returns how an application is told, the settings of a fresh one where
// nobody has said.
func (n *namer) sync(a identity.Application) (provision.Settings, error) {
	told, err := n.house.Syncs.Sync(n.ctx, n.actor, n.org, a.ClientID)
	if fault.Is(err, fault.CodeSyncNotFound) {
		return provision.Fresh(a), nil
	}
	return told, err
}

// syncAsWritten leaves out what is secret.
func syncAsWritten(s identity.Sync) *ApplicationSync {
	digest, wire := string(s.Digest), string(s.Wire)
	return &ApplicationSync{
		Enabled: &s.Enabled, CallbackURL: &s.CallbackURL, PublicKey: &s.PublicKey, Digest: &digest, Wire: &wire,
		VerifyAnswers: &s.VerifyAnswers, ReleasePersonal: &s.ReleasePersonal,
	}
}

// empty reports whether a block says nothing.
func (s ApplicationSync) empty() bool { return s == ApplicationSync{} }

// syncChange is the edit that a manifest asks for; secret is what the receiver
// is to be told, not given to leave it as it is.
func syncChange(w Application, secret Secret) provision.SyncChange {
	s := w.Sync
	c := provision.SyncChange{
		Enabled: s.Enabled, CallbackURL: s.CallbackURL, PublicKey: s.PublicKey, Digest: typed[identity.SyncDigest](s.Digest),
		Wire: typed[identity.SyncWire](s.Wire), VerifyAnswers: s.VerifyAnswers, ReleasePersonal: s.ReleasePersonal,
	}
	if s.SignatureKey.Given() {
		c.SignatureKey = new(s.SignatureKey.Reveal())
	}
	if secret.Reveal() != "" {
		c.ClientSecret = new(secret.Reveal())
	}
	return c
}

// proves reports whether an application has a secret by which it proves itself.
func (w Application) proves() bool {
	return w.Protocol != string(identity.ProtocolCAS) && !or(w.Public, false)
}

// sync plans how an application that exists is told.
func (p *planner) sync(a Application, old storedApplication, edit *applicationEdit) (fields []FieldChange, err error) {
	switch {
	case a.Sync == nil:
		return nil, nil
	case a.Sync.empty():
		if p.options.Prune && old.told.Version > 0 {
			edit.unsync = true
			fields = []FieldChange{{Key: "sync", Old: "as stored", New: "(none)"}}
		}
		return fields, nil
	}
	p.checkSync(a, old.told)
	for _, f := range differences(*a.Sync, *old.written.Sync) {
		f.Key = "sync." + f.Key
		fields = append(fields, f)
	}
	fields, err = p.withSecret(fields, "sync.signature_key", syncKey(a.ClientID), a.Sync.SignatureKey)
	if err != nil || len(fields) == 0 {
		return nil, err
	}
	change := syncChange(a, Secret{})
	if !old.told.HasSecret && a.ClientSecret.Given() {
		change = syncChange(a, a.ClientSecret)
	}
	if !fields[len(fields)-1].Secret && old.told.HasKey {
		change.SignatureKey = nil // the one last applied stays as it is
	}
	edit.sync = &change
	return fields, nil
}

// checkSync reports what the settings would lack, at the keys it is about.
func (p *planner) checkSync(a Application, told provision.Settings) {
	if a.Sync == nil || a.Sync.empty() {
		return
	}
	if err := told.Check(syncChange(a, Secret{})); err != nil {
		first := fault.Of(err)
		for _, f := range append([]*fault.Error{first}, first.Others...) {
			p.wrongApplication(a, f.At("sync."+f.Field))
		}
	}
	// A new application is given its secret here, or one is made.
	exists := told.ApplicationID != ""
	if or(a.Sync.Enabled, told.Enabled) && exists && a.proves() && !told.HasSecret && !a.ClientSecret.Given() {
		p.wrongApplication(a, fault.New(fault.Invalid, fault.CodeSyncSecretNeeded).At("client_secret"))
	}
}

// sync says how an application is told; nil leaves it as it is.
func (a *applier) sync(ctx context.Context, org identity.OrganizationID, w Application, change *provision.SyncChange) error {
	if change == nil {
		return nil
	}
	if _, err := a.house.Syncs.SetSync(ctx, a.actor, org, w.ClientID, 0, *change); err != nil {
		return err
	}
	return a.note(ctx, syncKey(w.ClientID), w.Sync.SignatureKey)
}
