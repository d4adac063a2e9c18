package source

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// SourceChange edits a source; what is nil stays as it is.
type SourceChange struct {
	Name    *string
	Enabled *bool
	// Settings are those to change: one that is not in it stays, an empty one
	// takes away what is stored. A secret that is not in it stays too, unless an
	// address that carries it changes.
	Settings Values
	Rules    *identity.SourceRules

	// Try names a try of the source whose secrets stand for those that are not
	// given, while the addresses that carry them are those of that try.
	Try identity.TryID
	// OnlyTried refuses to put settings in force of which no try has passed
	// within a day, unless Override gives a reason. Pages ask for it.
	OnlyTried bool
	// Override is the reason for saving untried settings; it is recorded.
	Override string
}

// String keeps secrets out of logs.
func (SourceChange) String() string { return redacted }

// GoString keeps secrets out of %#v.
func (SourceChange) GoString() string { return redacted }

// Change edits a source. version is the one that was read, 0 for whatever
// version; another is Stale. The faults are those of Add, and:
//
//   - sso_secret_required, enabled, for a secret that has to be given again
//     because an address that carries it has changed. Changed while disabled,
//     such an address makes the stored secret be forgotten;
//   - sso_untried, a Conflict, as OnlyTried says.
//
// The kind of a source never changes.
func (s *Sources) Change(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SourceID,
	version int64, change SourceChange,
) (c Configured, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return c, err
	}
	if !visible(change.Override) || utf8.RuneCountInString(change.Override) > maxReason {
		return c, fault.New(fault.Invalid, fault.CodeFieldLength).At("override").With("min", 0).With("max", maxReason)
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		organization, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		old, err := ownSource(tx, org, id)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(version, old.Version); err != nil {
			return err
		}
		next, err := change.store(tx, actor, old)
		if err != nil {
			return err
		}
		c, err = s.configured(next, organization)
		return err
	})
	return c, err
}

// store applies a change, stores what it makes of the source and records it.
func (c SourceChange) store(tx *store.Tx, actor identity.Actor, old identity.Source) (identity.Source, error) {
	before, err := storedValues(old.Kind, old.Settings)
	if err != nil {
		return old, err
	}
	if c.Settings, err = withSecretsOf(tx, old, c, before); err != nil {
		return old, err
	}
	next, changed, err := c.applied(old)
	if err != nil {
		return old, err
	}
	if len(changed) == 0 {
		tx.NoEvent("nothing differs from what is stored")
		return old, nil
	}
	untried, err := c.untried(tx, old, next)
	if err != nil {
		return old, err
	}
	next.UpdatedAt = tx.Now()
	if err := tx.Sources.Put(next); err != nil {
		return old, err
	}
	next.Version++
	if err := recordChange(tx, actor, old, next, changed); err != nil || !untried {
		return next, err
	}
	return next, audit.Record(tx, actor, audit.SourceSavedUntried, audit.About{
		Organization: next.OrganizationID, Target: string(next.ID), Details: map[string]string{"reason": c.Override},
	})
}

// untried reports whether settings come into force of which no try has passed,
// for the reason that was given.
func (c SourceChange) untried(tx *store.Tx, old, next identity.Source) (bool, error) {
	if !c.OnlyTried || !next.Enabled || old.Enabled && string(old.Settings) == string(next.Settings) {
		return false, nil
	}
	_, digest, err := triedText(next)
	if err != nil {
		return false, err
	}
	passed, err := tx.Tries.Passed(next.OrganizationID, digest)
	if err != nil || passed {
		return false, err
	}
	if strings.TrimSpace(c.Override) == "" {
		return false, fault.New(fault.Conflict, fault.CodeSSOUntried)
	}
	return true, nil
}

// Check tells what Change would refuse of a source, as far as it shows without
// its secrets: those that are stored count as there.
func (c Configured) Check(change SourceChange) error {
	settings := c.Settings
	for _, key := range c.Secrets {
		settings = settings.with(Values{key: redacted})
	}
	_, err := change.proposal(identity.Source{Kind: c.Kind, Name: c.Name, Enabled: c.Enabled, Rules: c.Rules}).checked(settings)
	return err
}

// proposal is what a source is to become.
type proposal struct {
	name    string
	kind    identity.SourceKind
	enabled bool
	given   Values // settings that were written now
	rules   identity.SourceRules
}

func (c SourceChange) proposal(old identity.Source) proposal {
	p := proposal{name: old.Name, kind: old.Kind, enabled: old.Enabled, given: c.Settings, rules: old.Rules}
	set(&p.name, c.Name)
	set(&p.enabled, c.Enabled)
	set(&p.rules, c.Rules)
	return p
}

// applied returns the row after a change and what differs, by name alone.
func (c SourceChange) applied(old identity.Source) (next identity.Source, changed []string, err error) {
	before, err := storedValues(old.Kind, old.Settings)
	if err != nil {
		return next, nil, err
	}
	p := c.proposal(old)
	settings, err := p.checked(before)
	if err != nil {
		return next, nil, err
	}
	next = old
	next.Name, next.Enabled, next.Rules = p.name, p.enabled, p.rules
	for name, differs := range map[string]bool{
		"name": next.Name != old.Name, "enabled": next.Enabled != old.Enabled, "rules": !reflect.DeepEqual(next.Rules, old.Rules),
	} {
		if differs {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	changed = append(changed, settings.differing(Schema(old.Kind), before)...)
	next.Settings, err = settings.stored()
	return next, changed, err
}

// The longest name, in characters.
const maxName = 64

// checked returns the settings that would be stored, or every fault of the
// proposal.
func (p proposal) checked(before Values) (Values, error) {
	of, known := kinds()[p.kind]
	if !known {
		return nil, fault.New(fault.Invalid, fault.CodeFieldChoice).At("kind").With("choices", kindNames())
	}
	faults := p.nameFaults()
	given, wrong := p.given.normal(of.schema())
	next := before.with(given)
	dropped := next.forget(of.schema(), before, given)
	always, lacking := of.check(next.filled(of.schema()))
	faults = append(append(faults, wrong...), always...)
	if p.enabled {
		for _, f := range append(next.lacking(of.schema()), lacking...) {
			if slices.Contains(dropped, strings.TrimPrefix(f.Field, settingsPrefix)) {
				f = fault.New(fault.Invalid, fault.CodeSSOSecretRequired).At(f.Field)
			}
			faults = append(faults, f)
		}
	}
	return next, fault.All(append(faults, p.ruleFaults()...))
}

func (p proposal) nameFaults() []*fault.Error {
	switch n := utf8.RuneCountInString(p.name); {
	case n < 1 || n > maxName || !visible(p.name) || strings.TrimSpace(p.name) != p.name:
		return []*fault.Error{fault.New(fault.Invalid, fault.CodeFieldLength).At("name").With("min", 1).With("max", maxName)}
	case identity.Fold(p.name) == sourceName:
		return []*fault.Error{fault.New(fault.Invalid, fault.CodeSourceName).At("name")}
	}
	return nil
}

// ruleFaults checks the rules of an enabled source as a whole; a disabled one
// may have none yet.
func (p proposal) ruleFaults() []*fault.Error {
	if !p.enabled && reflect.ValueOf(p.rules).IsZero() {
		return nil
	}
	err := p.rules.Validate()
	if err == nil {
		return nil
	}
	first := *fault.Of(err)
	others := first.Others
	first.Others = nil
	return append([]*fault.Error{&first}, others...)
}

func kindNames() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// recordChange records a change, and apart from it that the source is offered
// from now on, or no more.
func recordChange(tx *store.Tx, actor identity.Actor, old, next identity.Source, changed []string) error {
	about := audit.About{
		Organization: next.OrganizationID, Target: string(next.ID),
		Details: map[string]string{"name": next.Name, "fields": strings.Join(changed, ", ")},
	}
	if err := audit.Record(tx, actor, audit.SourceChanged, about); err != nil {
		return err
	}
	about.Details = nil
	switch {
	case next.Enabled && !old.Enabled:
		return audit.Record(tx, actor, audit.SourceEnabled, about)
	case old.Enabled && !next.Enabled:
		return audit.Record(tx, actor, audit.SourceDisabled, about)
	}
	return nil
}
