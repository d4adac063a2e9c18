package source

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"strconv"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// SourceTry is what is tried of a source that is stored, enabled or not: its
// call-back address is known, and can be registered, before anything is tried.
type SourceTry struct {
	Source identity.SourceID
	// Change is laid over what is stored, under the rules of Change, as if the
	// source were to be enabled. Nothing of it is saved.
	Change SourceChange
	// Flow binds the round trip to a browser, as in Attempt; "" binds it to none.
	Flow string
	// ReturnTo is the path of ours at which the report is shown, "" for the
	// management pages.
	ReturnTo string
}

// tried is what a try keeps of the source that is tried.
type tried struct {
	Name     string               `json:"name"`
	Kind     identity.SourceKind  `json:"kind"`
	Rules    identity.SourceRules `json:"rules"`
	Settings map[string]string    `json:"settings"`
}

// StartSourceTry begins a round trip with settings that are not saved, as
// StartTry does for enterprise SSO: the addresses of the kind are looked at,
// what it publishes is read, and then the browser goes on the way of a real
// sign-in. Its faults are those of Change.
func (s *Sources) StartSourceTry(ctx context.Context, actor identity.Actor, org identity.OrganizationID, r SourceTry) (Try, error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return Try{}, err
	}
	return s.startSourceTry(ctx, actor, org, r)
}

// startSourceTry is StartSourceTry for whoever may.
func (s *Sources) startSourceTry(ctx context.Context, actor identity.Actor, org identity.OrganizationID, r SourceTry) (Try, error) {
	found, err := s.sourceCandidate(ctx, org, r)
	if err != nil {
		return Try{}, err
	}
	story := s.story(identity.Origin{})
	opened, err := s.open(found)
	if err != nil {
		return Try{}, err
	}
	row := store.Try{OrganizationID: org, SourceID: found.Source.ID, StartedBy: starterOf(actor), State: store.TryWaiting}
	if row.Settings, row.Digest, err = triedText(found.Source); err != nil {
		return Try{}, err
	}
	p := &probe{centre: centre{tools: s.tools}, dialer: s.options.Dialer, callback: s.CallbackOf(found.Source), story: story}
	if of, ok := opened.(prober); ok && !of.probe(ctx, p) {
		row.State = store.TryFailed
	}
	if row.Report, err = json.Marshal(storedReport{Steps: stepsOf(story)}); err != nil {
		return Try{}, err
	}
	return s.addTry(ctx, actor, found, row, AttemptOptions{Flow: r.Flow, ReturnTo: r.ReturnTo})
}

// starterOf names who began a try.
func starterOf(actor identity.Actor) string {
	if actor.Kind == identity.ActsAsSetupLink {
		return string(actor.SetupLink)
	}
	return string(actor.AccountID)
}

// triedText writes what is tried, and the digest that names exactly its
// settings.
func triedText(of identity.Source) (text, digest []byte, err error) {
	v, err := storedValues(of.Kind, of.Settings)
	if err != nil {
		return nil, nil, err
	}
	named, err := json.Marshal(v.filled(Schema(of.Kind)))
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(append([]byte(of.Kind), named...))
	text, err = json.Marshal(tried{of.Name, of.Kind, of.Rules, v})
	return text, sum[:], err
}

// sourceCandidate makes of a change that is not saved a source that can be
// asked. Its version is 0, which no stored one has.
func (s *Sources) sourceCandidate(ctx context.Context, org identity.OrganizationID, r SourceTry) (f Found, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		organization, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		old, err := ownSource(tx, org, r.Source)
		if err != nil {
			return err
		}
		before, err := storedValues(old.Kind, old.Settings)
		if err != nil {
			return err
		}
		p := r.Change.proposal(old)
		p.enabled = true
		if p.given, err = withSecretsOf(tx, old, r.Change, before); err != nil {
			return err
		}
		settings, err := p.checked(before)
		if err != nil {
			return err
		}
		old.Name, old.Rules, old.Version = p.name, p.rules, 0
		old.Settings, err = settings.stored()
		f = Found{Source: old, Organization: organization}
		return err
	})
	return f, err
}

// withSecretsOf adds the secrets of the try that a change names to what it
// gives, unless an address that carries them has changed since.
func withSecretsOf(tx *store.Tx, of identity.Source, change SourceChange, before Values) (Values, error) {
	given := change.Settings
	if change.Try == "" {
		return given, nil
	}
	k, err := tx.Tries.Get(of.OrganizationID, change.Try)
	if err != nil {
		return nil, err
	}
	earlier, err := readTried(k)
	if err != nil || k.SourceID != of.ID {
		return nil, fault.New(fault.NotFound, fault.CodeTryNotFound).Because(err)
	}
	next := Values(earlier.Settings).with(nil)
	for key, value := range before.with(given) {
		next[key] = value
	}
	dropped := next.forget(Schema(earlier.Kind), earlier.Settings, Values{})
	for _, f := range Schema(earlier.Kind) {
		if f.Type.Secret() && given[f.Key] == "" && len(dropped) == 0 && earlier.Settings[f.Key] != "" {
			given = given.with(Values{f.Key: earlier.Settings[f.Key]})
		}
	}
	return given, nil
}

func readTried(k store.Try) (t tried, err error) {
	err = json.Unmarshal(k.Settings, &t)
	return t, err
}

// found makes the source that is tried out of what a try keeps.
func (t tried) found(k store.Try, org identity.Organization) (Found, error) {
	text, err := Values(t.Settings).stored()
	return Found{Organization: org, Source: identity.Source{
		ID: k.SourceID, OrganizationID: org.ID, Kind: t.Kind, Name: t.Name, Settings: text, Rules: t.Rules,
	}}, err
}

// TriedSource is the source of a try, zero for one of enterprise SSO.
type TriedSource struct {
	ID       identity.SourceID
	Kind     identity.SourceKind
	Settings Values // with defaults, without secrets
	Rules    identity.SourceRules
}

// Fill is one attribute of a person with what a sign-in would fill it with.
type Fill struct {
	Field string // of the rules: match, or mappings.N
	Ours  string // the attribute that is compared or filled; "" for the match of one who is always made anew
	From  string // the name under which the source says it; "" for a fixed value
	Value string // what the source said, or the fixed value; "" for nothing
}

// Fills lists what the source said for each thing that its rules look at, in
// the order of the rules. Without a person there is nothing to list.
func (r Report) Fills() []Fill {
	rules, said := r.Source.Rules, r.Profile.Said
	if r.Profile.Subject == "" || r.Source.ID == "" {
		return nil
	}
	var list []Fill
	if rules.Theirs != "" {
		list = append(list, Fill{"match", string(rules.Ours), rules.Theirs, said[rules.Theirs]})
	}
	for i, m := range rules.Mappings {
		f := Fill{"mappings." + strconv.Itoa(i), m.Ours, m.Theirs, said[m.Theirs]}
		if m.Fixed != "" {
			f.Value = m.Fixed
		}
		list = append(list, f)
	}
	return list
}
