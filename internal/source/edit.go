package source

import (
	"crypto/sha256"
	"encoding/json"
	"strings"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// edit is one change of an organisation's SSO inside its transaction.
type edit struct {
	tx     *store.Tx
	actor  identity.Actor
	org    identity.OrganizationID
	source identity.Source // as stored; zero when nothing was
	before settings
	change SSOChange
}

func (e *edit) save() error {
	old := e.before.sso(e.source.Enabled, e.source.Domain)
	next, faults := e.change.applied(old)
	given := e.change.ClientSecret != nil && *e.change.ClientSecret != ""
	if !given {
		var err error
		if given, err = e.secretOfTry(&next); err != nil {
			return err
		}
	}
	faults = append(faults, next.validate()...)
	faults = append(faults, e.conditional(&next, given)...)
	if err := fault.All(faults); err != nil {
		return err
	}
	if err := e.ownDomain(next.Domain); err != nil {
		return err
	}
	changed := changedFields(old, next)
	if len(changed) == 0 && e.source.Version > 0 {
		e.tx.NoEvent("nothing differs from what is stored")
		return nil
	}
	untried, err := e.untried(old, next)
	if err != nil {
		return err
	}
	if err := e.store(next); err != nil {
		return err
	}
	return e.record(old, next, changed, untried)
}

// conditional applies the rules that hold while SSO is enabled, and the rule
// that keeps a stored secret from following a changed address.
func (e *edit) conditional(next *SSO, given bool) []*fault.Error {
	moved := next.TokenURL != e.before.TokenURL || next.UserInfoURL != e.before.UserInfoURL
	if !next.Enabled {
		if moved && !given {
			next.ClientSecret = ""
		}
		return nil
	}
	faults := next.missing()
	if !given && (moved || !e.before.Activated || next.ClientSecret == "") {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeSSOSecretRequired).At("client_secret"))
	}
	return faults
}

// missing reports the fields without which nobody can sign in.
func (s SSO) missing() []*fault.Error {
	var faults []*fault.Error
	for _, f := range []struct{ name, value string }{
		{"domain", s.Domain},
		{"authorize_url", s.AuthorizeURL},
		{"token_url", s.TokenURL},
		{"client_id", s.ClientID},
		{"account_field", s.AccountField},
		{"fields.access_token", s.Fields.AccessToken},
	} {
		if f.value == "" {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldMissing).At(f.name).With("field", f.name))
		}
	}
	return faults
}

// secretOfTry takes the secret over that was typed for a try, unless the
// addresses it is sent to have changed since.
func (e *edit) secretOfTry(next *SSO) (bool, error) {
	secret, err := secretOfTry(e.tx, e.org, e.change.Try, *next)
	if secret != "" {
		next.ClientSecret = secret
	}
	return secret != "", err
}

// ownDomain refuses a label that is another organisation's own domain.
func (e *edit) ownDomain(domain string) error {
	if domain == "" {
		return nil
	}
	owners, err := e.tx.Lookup.OrganizationsByDomain(domain)
	if err != nil {
		return err
	}
	for _, o := range owners {
		if o.ID != e.org {
			return fault.New(fault.Conflict, fault.CodeSSODomainReserved).At("domain")
		}
	}
	return nil
}

// untried reports whether settings come into force of which no try has passed.
func (e *edit) untried(old, next SSO) (bool, error) {
	if !next.Enabled || !e.change.OnlyTried || old.Enabled && sameDigest(old.OAuth2, next.OAuth2) {
		return false, nil
	}
	passed, err := e.tx.Tries.Passed(e.org, digest(next.OAuth2))
	if err != nil || passed {
		return false, err
	}
	if strings.TrimSpace(e.change.Override) == "" {
		return false, fault.New(fault.Conflict, fault.CodeSSOUntried)
	}
	return true, nil
}

// sourceName is what an organisation's enterprise SSO is called among its
// sources.
const sourceName = "sso"

func (e *edit) store(next SSO) error {
	text, err := json.Marshal(settingsOf(next, e.before.Activated || next.Enabled))
	if err != nil {
		return err
	}
	source := e.source
	source.Enabled, source.Domain, source.Settings, source.UpdatedAt = next.Enabled, next.Domain, text, e.tx.Now()
	if source.Version > 0 {
		return e.tx.Sources.Put(source)
	}
	source.ID, source.OrganizationID = identity.SSOSourceID(e.org), e.org
	source.Kind, source.Name, source.CreatedAt = identity.SourceOAuth2, sourceName, e.tx.Now()
	return e.tx.Sources.Add(source)
}

func (e *edit) record(old, next SSO, changed []string, untried bool) error {
	about := audit.About{
		Organization: e.org, Target: string(identity.SSOSourceID(e.org)),
		Details: map[string]string{"fields": strings.Join(changed, ", ")},
	}
	events := []audit.Type{audit.SSOConfigured}
	switch {
	case next.Enabled && !old.Enabled:
		events = append(events, audit.SSOEnabled)
	case old.Enabled && !next.Enabled:
		events = append(events, audit.SSODisabled)
	}
	for _, what := range events {
		if err := audit.Record(e.tx, e.actor, what, about); err != nil {
			return err
		}
	}
	if !untried {
		return nil
	}
	about.Details = map[string]string{"reason": e.change.Override}
	return audit.Record(e.tx, e.actor, audit.SSOSavedUntried, about)
}

// changedFields names what differs, without any value.
func changedFields(old, next SSO) []string {
	var changed []string
	note := func(name string, differs bool) {
		if differs {
			changed = append(changed, name)
		}
	}
	note("enabled", old.Enabled != next.Enabled)
	note("domain", old.Domain != next.Domain)
	before, after := old.rules(), next.rules()
	for i := range after {
		note(after[i].field, before[i].value != after[i].value)
	}
	note("without_pkce", old.WithoutPKCE != next.WithoutPKCE)
	note("auto_create", (old.AutoCreate == nil) != (next.AutoCreate == nil) || old.AutoCreate != nil && *old.AutoCreate != *next.AutoCreate)
	return changed
}

// digest names what a try tries: the settings of the centre, secret included.
// store keeps it under a key.
func digest(o OAuth2) []byte {
	s := SSO{OAuth2: o}.filled()
	// A struct of texts always marshals.
	text, _ := json.Marshal(settingsOf(SSO{OAuth2: s.OAuth2}, false))
	sum := sha256.Sum256(text)
	return sum[:]
}

func sameDigest(a, b OAuth2) bool { return string(digest(a)) == string(digest(b)) }
