package manifest

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
)

// applicationSecret names an application's secret among the applied ones.
func applicationSecret(clientID string) string { return "application/" + clientID + "/client_secret" }

// application looks for client ids given twice and brings who may enter into
// an order, so that a plan compares sets. The other rules are looked at when
// the application is compared with what is stored.
func (c *checker) application(a *Application) {
	if a.ClientID == "" {
		return
	}
	c.free(c.clientIDs, a.ClientID, a.At, "client_id")
	if a.Protocol == string(identity.ProtocolCAS) {
		c.casApplication(a)
	}
	if a.ClientSecret.Given() {
		c.rule(a.At, identity.CheckClientSecret(a.ClientSecret.Reveal()))
		if or(a.Public, false) {
			c.wrong(a.At, "client_secret", "a public application has no secret; leave it out")
		}
	}
	c.accessControl(a.AccessControl)
	if a.Access == nil {
		return
	}
	// A block that is given says all of it.
	if a.Access.Everyone == nil {
		a.Access.Everyone = new(bool)
	}
	for _, list := range []*[]string{&a.Access.Members, &a.Access.Departments, &a.Access.Groups} {
		*list = folded(*list)
	}
}

// casApplication refuses proofs that an application of CAS does not have.
func (c *checker) casApplication(a *Application) {
	if a.ClientSecret.Given() {
		c.wrong(a.At, "client_secret", "an application of CAS has no secret; leave it out")
	}
	if or(a.Public, false) {
		c.wrong(a.At, "public", "an application of CAS proves itself by nothing in any case; leave it out")
	}
	a.Public = nil // what is not so need not be said
}

// folded sorts texts as they are compared, each once; nil becomes empty.
func folded(list []string) []string {
	list = append([]string{}, list...)
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(identity.Fold(a), identity.Fold(b)) })
	return slices.CompactFunc(list, func(a, b string) bool { return identity.Fold(a) == identity.Fold(b) })
}

// applications plans the applications of an organisation. They come after the
// people, departments and groups whom they name.
func (p *planner) applications(w Organization, of owner, t *tree) error {
	if w.Applications == nil {
		return nil
	}
	stored, order, err := p.storedApplications(of, t)
	if err != nil {
		return err
	}
	for _, a := range w.Applications {
		if err := p.checkTargets(a, w, of, t); err != nil {
			return err
		}
		if err := p.spellRegions(a, w, of); err != nil {
			return err
		}
		old, exists := stored[a.ClientID]
		delete(stored, a.ClientID)
		if !exists {
			p.checkApplication(a, newApplication(a).Check())
			p.checkSync(a, provision.Fresh(identity.Application{}))
			p.icon(a)
			step := Step{Action: Create, Kind: "application", Name: a.ClientID, Of: of.code, do: createApplication(a, of)}
			if !or(a.Public, false) && a.Protocol != string(identity.ProtocolCAS) {
				step.Note = drawnNote(a.ClientSecret, "secret")
			}
			p.add(step)
			continue
		}
		if err := p.changeApplication(a, old, of); err != nil {
			return err
		}
	}
	for _, id := range order {
		if _, left := stored[id]; left && p.options.Prune {
			p.add(Step{Action: Remove, Kind: "application", Name: id, Of: of.code, do: removeApplication(id, of)})
		}
	}
	return nil
}

// changeApplication plans the edit of an application that exists.
func (p *planner) changeApplication(a Application, old storedApplication, of owner) error {
	if a.Protocol != string(old.Protocol) {
		p.wrongApplication(a, fault.New(fault.Conflict, fault.CodeProtocolFixed).At("protocol"))
		return nil
	}
	if old.OAuth != nil && or(a.Public, old.OAuth.Public) != old.OAuth.Public {
		p.wrongApplication(a, fault.New(fault.Conflict, fault.CodeProtocolFixed).At("public"))
		return nil
	}
	p.checkApplication(a, applicationChange(a).Check(old.Application))
	own := a
	own.Sync = nil // planned by itself
	fields := differences(own, old.written)
	edit := applicationEdit{fields: len(fields) > 0}
	if icon, known := p.icon(a); known && icon != old.IconDigest {
		edit.icon = true
		fields = append(fields, FieldChange{Key: "icon", Old: shownPicture(old.IconDigest), New: shownPicture(icon)})
	}
	before := len(fields)
	fields, err := p.withSecret(fields, "client_secret", applicationSecret(a.ClientID), a.ClientSecret)
	if err != nil {
		return err
	}
	edit.secret = len(fields) > before
	told, err := p.sync(a, old, &edit)
	if fields = append(fields, told...); err != nil || len(fields) == 0 {
		return err
	}
	p.add(Step{Action: Change, Kind: "application", Name: a.ClientID, Of: of.code, Fields: fields, do: changeApplication(a, of, edit)})
	return nil
}

// checkApplication reports what an application as a whole lacks, at the keys it
// is about.
func (p *planner) checkApplication(a Application, err error) {
	if err == nil {
		return
	}
	first := fault.Of(err)
	for _, f := range append([]*fault.Error{first}, first.Others...) {
		p.wrongApplication(a, f)
	}
}

func (p *planner) wrongApplication(a Application, f *fault.Error) {
	at := a.At
	at.Path = join(at.Path, f.Field)
	p.problems.add(at, "%s", p.problems.sentence(f))
}

// checkTargets reports those named by an application who will not be there.
func (p *planner) checkTargets(a Application, w Organization, of owner, t *tree) error {
	missing := func(key, kind, name string) {
		at := a.At
		at.Path = join(at.Path, key)
		p.problems.add(at, "there is no %s %q in %s, neither here nor stored", kind, name, of.code)
	}
	for _, name := range a.Sources {
		there, err := p.willHaveSource(name, w, of)
		if err != nil {
			return err
		}
		if !there {
			missing("sources", "source", name)
		}
	}
	members := []string{}
	if a.Access != nil {
		members = append(members, a.Access.Members...)
		for _, code := range a.Access.Departments {
			if code != identity.RootDepartmentCode && !t.has(code) {
				missing("access.departments", "department", code)
			}
		}
		for _, name := range a.Access.Groups {
			there, err := p.willHaveGroup(name, w, of)
			if err != nil {
				return err
			}
			if !there {
				missing("access.groups", "group", name)
			}
		}
	}
	if responsible := or(a.Responsible, ""); responsible != "" {
		members = append(members, responsible)
	}
	for _, account := range members {
		there, err := p.willHaveMember(account, w, of)
		if err != nil {
			return err
		}
		if !there {
			missing("access", "member", account)
		}
	}
	return nil
}

func (p *planner) willHaveMember(account string, w Organization, of owner) (bool, error) {
	for _, m := range w.Members {
		if identity.FoldAccount(m.Account) == identity.FoldAccount(account) {
			return true, nil
		}
	}
	if of.new || w.Members != nil && p.options.Prune {
		return false, nil
	}
	_, err := p.house.Directory.MemberByAccount(p.ctx, p.actor, of.id, account)
	if fault.Is(err, fault.CodeMemberNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (p *planner) willHaveGroup(name string, w Organization, of owner) (bool, error) {
	for _, g := range w.Groups {
		if identity.Fold(g.Name) == identity.Fold(name) {
			return true, nil
		}
	}
	if of.new {
		return false, nil
	}
	g, err := p.house.Directory.GroupByName(p.ctx, p.actor, of.id, name)
	if fault.Is(err, fault.CodeGroupNotFound) {
		return false, nil
	}
	// A security group stays whatever is pruned.
	return err == nil && (w.Groups == nil || !p.options.Prune || g.Editable() != nil), err
}

// groupNames returns the names of an organisation's groups by their ids.
func groupNames(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID) (map[identity.GroupID]string, error) {
	names := map[identity.GroupID]string{}
	var after identity.GroupID
	for {
		page, err := house.Directory.Groups(ctx, actor, org, directory.GroupQuery{After: string(after), Limit: pageSize})
		if err != nil {
			return nil, err
		}
		for _, g := range page {
			names[g.ID], after = g.Name, g.ID
		}
		if len(page) < pageSize {
			return names, nil
		}
	}
}

// storedApplication is an application as it is, and as a manifest writes it.
type storedApplication struct {
	identity.Application
	written Application
	told    provision.Settings
}

// storedApplications returns the applications of an organisation by their
// client ids and in the order of their making.
func (p *planner) storedApplications(of owner, t *tree) (map[string]storedApplication, []string, error) {
	stored, order := map[string]storedApplication{}, []string(nil)
	if of.new {
		return stored, nil, nil
	}
	n := &namer{ctx: p.ctx, actor: p.actor, house: p.house, org: of.id, departments: t.codes}
	err := eachApplication(n, func(a storedApplication) error {
		stored[a.ClientID] = a
		order = append(order, a.ClientID)
		return nil
	})
	return stored, order, err
}

// applicationEdit says what of an application is changed.
type applicationEdit struct {
	fields, icon, secret bool
	sync                 *provision.SyncChange // nil for none
	unsync               bool
}

func createApplication(w Application, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		n := newApplication(w)
		if err := a.aim(ctx, org, w, &n.Settings); err != nil {
			return err
		}
		_, secret, err := a.house.Applications.AddApplication(ctx, a.actor, org, n)
		if err != nil {
			return err
		}
		if secret != "" && !w.ClientSecret.Given() {
			a.generated(Generated{Kind: "application", Name: w.ClientID, Of: of.code, Key: "client_secret", Secret: SecretOf(secret)})
		}
		if err := a.icon(ctx, org, w); err != nil {
			return err
		}
		if err := a.control(ctx, org, w); err != nil {
			return err
		}
		if err := a.note(ctx, applicationSecret(w.ClientID), w.ClientSecret); err != nil || w.Sync == nil || w.Sync.empty() {
			return err
		}
		change := syncChange(w, SecretOf(secret))
		return a.sync(ctx, org, w, &change)
	}
}

func changeApplication(w Application, of owner, e applicationEdit) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		if e.fields {
			change := applicationChange(w)
			if err := a.aim(ctx, of.id, w, &change); err != nil {
				return err
			}
			if _, err := a.house.Applications.ChangeApplication(ctx, a.actor, of.id, w.ClientID, 0, change); err != nil {
				return err
			}
			if err := a.control(ctx, of.id, w); err != nil {
				return err
			}
		}
		if e.icon {
			if err := a.icon(ctx, of.id, w); err != nil {
				return err
			}
		}
		if e.secret {
			if _, err := a.house.Applications.SetSecret(ctx, a.actor, of.id, w.ClientID, w.ClientSecret.Reveal()); err != nil {
				return err
			}
			if err := a.note(ctx, applicationSecret(w.ClientID), w.ClientSecret); err != nil {
				return err
			}
		}
		if e.unsync {
			return a.house.Syncs.RemoveSync(ctx, a.actor, of.id, w.ClientID, 0)
		}
		return a.sync(ctx, of.id, w, e.sync)
	}
}

func removeApplication(clientID string, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Applications.RemoveApplication(ctx, a.actor, of.id, clientID)
	}
}

// aim finds whom an application names: accounts, codes and names become
// identifiers.
func (a *applier) aim(ctx context.Context, org identity.OrganizationID, w Application, c *application.ApplicationChange) error {
	member := func(account string) (identity.MemberID, error) {
		p, err := a.house.Directory.MemberByAccount(ctx, a.actor, org, account)
		return p.Member.ID, err
	}
	if w.Responsible != nil {
		var id identity.MemberID
		var err error
		if *w.Responsible != "" {
			if id, err = member(*w.Responsible); err != nil {
				return err
			}
		}
		c.Responsible = &id
	}
	if err := a.aimSources(ctx, org, w, c); err != nil || w.Access == nil {
		return err
	}
	access := identity.Access{Everyone: or(w.Access.Everyone, false)}
	for _, account := range w.Access.Members {
		id, err := member(account)
		if err != nil {
			return err
		}
		access.Members = append(access.Members, id)
	}
	for _, code := range w.Access.Departments {
		d, err := a.house.Directory.Department(ctx, a.actor, org, code)
		if err != nil {
			return err
		}
		access.Departments = append(access.Departments, d.ID)
	}
	if len(w.Access.Groups) > 0 {
		names, err := groupNames(ctx, a.actor, a.house, org)
		if err != nil {
			return err
		}
		for id, name := range names {
			if slices.ContainsFunc(w.Access.Groups, func(g string) bool { return identity.Fold(g) == identity.Fold(name) }) {
				access.Groups = append(access.Groups, id)
			}
		}
	}
	c.Access = &access
	return nil
}
