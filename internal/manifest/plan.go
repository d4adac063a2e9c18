package manifest

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/privacy"
	"github.com/orgate/orgate/internal/provision"
	"github.com/orgate/orgate/internal/report"
	"github.com/orgate/orgate/internal/resource"
	"github.com/orgate/orgate/internal/setting"
	"github.com/orgate/orgate/internal/source"
)

// House is what a manifest is compared with and applied to.
type House struct {
	Directory    *directory.Directory
	Applications *application.Applications
	Settings     *setting.Settings
	Sources      *source.Sources
	Policies     *policy.Policies
	Resources    *resource.Resources
	Reports      *report.Reports
	Syncs        *provision.Syncs
	Hooks        *provision.Hooks
	Statements   *privacy.Statements
}

// Options say how a manifest is read.
type Options struct {
	// Prune removes what is stored and not listed: children of a listed
	// organisation, where the manifest has the key of their list at all, and
	// organisations, where it has the key organizations.
	Prune bool
	// Progress, if set, is told after each step that Apply has done.
	Progress func(done, total int)
}

// Action is what a step does, as the sign a plan begins its line with.
type Action string

// The actions.
const (
	Create Action = "+"
	Change Action = "~"
	Remove Action = "-"
)

var verbs = map[Action]string{Create: "create", Change: "change", Remove: "remove"}

// Step is one change of one object.
type Step struct {
	Action Action
	Kind   string // "organization", "member", …
	Name   string // the object's natural key; empty where there is only one
	Of     string // the code of its organisation, or "provider"
	Fields []FieldChange
	// Note tells more about a step, such as that a key will be made.
	Note string

	do func(ctx context.Context, a *applier) error
}

// String writes the step as a plan prints it: "~ change member alice of acme:
// name: Alice → Alicia".
func (s Step) String() string {
	text := string(s.Action) + " " + verbs[s.Action] + " " + s.Kind
	if s.Name != "" {
		text += " " + quoted(s.Name)
	}
	if s.Of != "" {
		text += " of " + s.Of
	}
	if len(s.Fields) > 0 {
		parts := make([]string, len(s.Fields))
		for i, f := range s.Fields {
			parts[i] = f.String()
		}
		text += ": " + strings.Join(parts, ", ")
	}
	if s.Note != "" {
		text += " (" + s.Note + ")"
	}
	return text
}

// Difference is what has to be done for the installation to be as the manifest
// says, in the order in which it can be done.
type Difference struct{ Steps []Step }

// Empty reports whether the installation is as the manifest says.
func (d Difference) Empty() bool { return len(d.Steps) == 0 }

// Lines returns a line for each step, or the one line “no changes”.
func (d Difference) Lines() []string {
	if d.Empty() {
		return []string{"no changes"}
	}
	lines := make([]string, len(d.Steps))
	for i, s := range d.Steps {
		lines[i] = s.String()
	}
	return lines
}

// Plan tells what differs between a manifest and the installation, and changes
// nothing. What only the installation can show to be wrong, such as a department
// that exists nowhere, is an error of type Errors. The actor has to administer
// the provider.
func Plan(ctx context.Context, actor identity.Actor, house House, document Document, options Options) (Difference, error) {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return Difference{}, err
	}
	p := &planner{ctx: ctx, actor: actor, house: house, options: options}
	if document.Provider != nil {
		if err := p.provider(*document.Provider); err != nil {
			return Difference{}, err
		}
	}
	if err := p.organizations(document.Organizations); err != nil {
		return Difference{}, err
	}
	return Difference{p.steps}, p.problems.err()
}

// planner gathers the steps. It lives for one plan.
type planner struct {
	ctx      context.Context
	actor    identity.Actor
	house    House
	options  Options
	problems problems
	steps    []Step
}

func (p *planner) add(s Step) { p.steps = append(p.steps, s) }

// owner is whom App IDs belong to: the provider, or an organisation that exists
// or will.
type owner struct {
	code string // "provider" for the provider
	id   identity.OrganizationID
	new  bool
}

// resolve returns the owner's id when a step runs: that of an organisation made
// by an earlier step is known only then.
func (o owner) resolve(a *applier) (identity.OrganizationID, error) {
	if !o.new {
		return o.id, nil
	}
	id, ok := a.made[identity.Fold(o.code)]
	if !ok {
		return "", fmt.Errorf("organization %s has not been made", o.code)
	}
	return id, nil
}

// changedSecrets tells which of the secrets are not the ones last applied.
func (p *planner) changedSecrets(secrets []setting.Applied) (map[string]bool, error) {
	same, err := p.house.Settings.SameApplied(p.ctx, p.actor, secrets)
	changed := map[string]bool{}
	for i, s := range secrets {
		if err == nil && !same[i] {
			changed[s.Object] = true
		}
	}
	return changed, err
}

// organizations plans every listed organisation and, when pruning, the removal
// of the others.
func (p *planner) organizations(wanted []Organization) error {
	if wanted == nil {
		return nil
	}
	stored, order, err := p.storedOrganizations()
	if err != nil {
		return err
	}
	for _, w := range wanted {
		key := identity.Fold(w.Code)
		if err := p.organization(w, stored[key]); err != nil {
			return err
		}
		delete(stored, key)
	}
	for _, o := range order {
		if _, left := stored[identity.Fold(o.Code)]; left && p.options.Prune {
			p.add(Step{Action: Remove, Kind: "organization", Name: o.Code, Note: "with everything in it", do: removeOrganization(o.ID)})
		}
	}
	return nil
}

func removeOrganization(id identity.OrganizationID) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Directory.RemoveOrganization(ctx, a.actor, id)
	}
}

// storedOrganizations returns every organisation by its folded code and in the
// order of their making.
func (p *planner) storedOrganizations() (map[string]*identity.Organization, []identity.Organization, error) {
	byCode := map[string]*identity.Organization{}
	var order []identity.Organization
	err := eachOrganization(p.ctx, p.actor, p.house, func(o identity.Organization) error {
		byCode[identity.Fold(o.Code)] = &o
		order = append(order, o)
		return nil
	})
	return byCode, order, err
}

// organization plans one organisation with what belongs to it. The order of the
// steps is that in which each finds what it needs.
func (p *planner) organization(w Organization, stored *identity.Organization) error {
	of := owner{code: w.Code, new: stored == nil}
	own := w
	own.SSO, own.DefaultSource, own.Domains = nil, nil, nil // planned by themselves
	if stored == nil {
		p.add(Step{Action: Create, Kind: "organization", Name: w.Code, do: createOrganization(w)})
	} else {
		of.code, of.id = stored.Code, stored.ID
		if fields := differences(own, organizationAsWritten(*stored)); len(fields) > 0 {
			p.add(Step{Action: Change, Kind: "organization", Name: stored.Code, Fields: fields, do: changeOrganization(w, *stored)})
		}
	}
	before := identity.Organization{Rules: identity.DefaultSignInRules(), Limits: identity.LimitsOrgID()}
	if stored != nil {
		before = *stored
	}
	if err := p.domains(w, of, before); err != nil {
		return err
	}
	tree, err := p.tree(of)
	if err != nil {
		return err
	}
	p.departments(w, of, tree)
	unlisted, known, err := p.attributes(w, of)
	if err != nil {
		return err
	}
	granted, err := p.equipment(w, of, tree)
	if err != nil {
		return err
	}
	rules := before.Rules
	take(&rules, rulesWanted(w.SignInRules, w.PasswordRules, rules))
	if err := p.members(w, of, tree, organizationRules{rules, known}); err != nil {
		return err
	}
	groups, err := p.groups(w, of)
	if err != nil {
		return err
	}
	regions, err := p.regions(w, of)
	if err != nil {
		return err
	}
	if err := p.doors(w, of, tree, before); err != nil {
		return err
	}
	if err := p.pruneGroups(groups, w, of); err != nil {
		return err
	}
	if err := cmp.Or(p.messages(w.Messages, of), p.privacy(w.Privacy, of)); err != nil {
		return err
	}
	p.pruneRegions(regions, of)
	p.pruneResources(granted, of)
	p.pruneAttributes(unlisted, of)
	p.pruneDepartments(of, tree)
	// Last, so that nobody is told of how an organisation is built.
	return cmp.Or(p.sso(w, of), p.webhooks(w, of))
}

// doors plans the ways in: those of servers, those of people, and to where they
// lead. A source that goes is removed when nothing leads to it any more.
func (p *planner) doors(w Organization, of owner, tree *tree, before identity.Organization) error {
	if err := p.appIDs(w.AppIDs, of); err != nil {
		return err
	}
	left, err := p.sources(w, of)
	if err != nil {
		return err
	}
	if err := p.applications(w, of, tree); err != nil {
		return err
	}
	if err := p.defaultSource(w, of, before.Rules.DefaultSource); err != nil {
		return err
	}
	if err := p.domainSources(w, of, before); err != nil {
		return err
	}
	p.pruneSources(left, of)
	return nil
}

func createOrganization(w Organization) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		made, err := a.house.Directory.AddOrganization(ctx, a.actor, newOrganization(w))
		if err != nil {
			return err
		}
		a.made[identity.Fold(w.Code)] = made.ID
		if w.Status == nil || *w.Status == string(identity.OrganizationActive) {
			return nil
		}
		_, err = a.house.Directory.ChangeOrganization(ctx, a.actor, made.ID, 0, organizationChange(Organization{Name: w.Name, Status: w.Status}, made))
		return err
	}
}

func changeOrganization(w Organization, stored identity.Organization) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		_, err := a.house.Directory.ChangeOrganization(ctx, a.actor, stored.ID, stored.Version, organizationChange(w, stored))
		return err
	}
}
