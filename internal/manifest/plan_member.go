package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/setting"
)

// crew is the members of one organisation, wanted and stored.
type crew struct {
	wanted     []Member
	of         owner
	tree       *tree
	rules      identity.SignInRules
	attributes identity.Attributes
	stored     map[string]*identity.Person    // by folded account name
	order      []string                       // folded account names, oldest first
	changed    map[string]bool                // objects whose secret is another one
	over       map[identity.MemberID][]string // stored: who administers which departments
	heir       *Member                        // the one wanted as owner, nil for none
	owner      *identity.Person               // the stored owner, nil for none
}

// organizationRules are what an organisation will ask of its members.
type organizationRules struct {
	signIn     identity.SignInRules
	attributes identity.Attributes
}

func (p *planner) members(w Organization, of owner, t *tree, rules organizationRules) error {
	c := &crew{wanted: w.Members, of: of, tree: t, rules: rules.signIn, attributes: rules.attributes, stored: map[string]*identity.Person{}}
	for i := range c.wanted {
		if m := &c.wanted[i]; or(m.Role, "") == string(identity.RoleOwner) {
			c.heir = m
		}
	}
	if of.new && c.heir == nil {
		p.problems.add(w.At, "a new organisation needs exactly one member with the role owner")
	}
	if w.Members == nil {
		return nil
	}
	if err := p.loadCrew(c); err != nil {
		return err
	}
	listed := map[string]bool{}
	for i := range c.wanted {
		listed[identity.FoldAccount(c.wanted[i].Account)] = true
		p.checkMember(c, &c.wanted[i])
	}
	p.checkOwner(c, w, listed)
	p.handOver(c)
	p.pruneMembers(c, listed)
	for _, m := range c.wanted {
		if c.stored[identity.FoldAccount(m.Account)] == nil && (c.owner == nil || c.heir == nil || m.Account != c.heir.Account) {
			p.add(Step{Action: Create, Kind: "member", Name: m.Account, Of: of.code, Note: drawnNote(m.Password, "password"), do: createMember(m, of)})
		}
	}
	for _, m := range c.wanted {
		p.changeMember(c, m)
	}
	return nil
}

func drawnNote(s Secret, what string) string {
	if s.Given() {
		return ""
	}
	return "a " + what + " is made and printed once"
}

// loadCrew reads the stored members and asks which passwords changed.
func (p *planner) loadCrew(c *crew) error {
	if !c.of.new {
		err := eachMember(p.ctx, p.actor, p.house, c.of.id, func(person identity.Person) error {
			key := identity.FoldAccount(person.Account.Name)
			c.stored[key] = &person
			c.order = append(c.order, key)
			if person.Member.Role == identity.RoleOwner {
				c.owner = &person
			}
			return nil
		})
		if err != nil {
			return err
		}
		if c.over, err = p.house.Directory.Administered(p.ctx, p.actor, c.of.id); err != nil {
			return err
		}
	}
	var secrets []setting.Applied
	for _, m := range c.wanted {
		if m.Password.Given() {
			secrets = append(secrets, setting.Applied{Object: memberSecret(c.of.code, m.Account), Secret: m.Password.Reveal()})
		}
	}
	var err error
	c.changed, err = p.changedSecrets(secrets)
	return err
}

// memberSecret names a member's password among the applied secrets.
func memberSecret(org, account string) string {
	return "member:" + identity.Fold(org) + "/" + identity.FoldAccount(account) + "/password"
}

// checkMember reports what only the installation shows: a department that will
// not exist, a password against the organisation's rules.
func (p *planner) checkMember(c *crew, m *Member) {
	if m.Department != nil && !c.tree.has(*m.Department) {
		at := m.At
		at.Path = join(at.Path, "department")
		p.problems.add(at, "there is no department %q in %s, neither here nor stored", *m.Department, c.of.code)
	}
	for _, code := range m.Administers {
		if !c.tree.has(code) {
			at := m.At
			at.Path = join(at.Path, "administers")
			p.problems.add(at, "there is no department %q in %s, neither here nor stored", code, c.of.code)
		}
	}
	p.checkHead(c, m)
	p.checkAttributes(c, m)
	if !c.changed[memberSecret(c.of.code, m.Account)] {
		return
	}
	if err := c.rules.Password.Check(m.Password.Reveal(), identity.PasswordContext{Account: m.Account}); err != nil {
		at := m.At
		at.Path = join(at.Path, "password")
		p.problems.add(at, "%s", p.problems.sentence(fault.Of(err)))
	}
}

// checkHead reports who would become a department administrator of nothing.
// Whoever is one already keeps what they administer when nothing is said.
func (p *planner) checkHead(c *crew, m *Member) {
	const head = identity.RoleDepartmentAdministrator
	stored := c.stored[identity.FoldAccount(m.Account)]
	if or(m.Role, "") != string(head) || len(m.Administers) > 0 || stored != nil && stored.Member.Role == head {
		return
	}
	at := m.At
	at.Path = join(at.Path, "role")
	p.problems.add(at, "a department_administrator needs administers with the codes of the departments")
}

// checkOwner reports what would leave the organisation without an owner.
func (p *planner) checkOwner(c *crew, w Organization, listed map[string]bool) {
	if c.owner == nil || c.heir != nil {
		return
	}
	key := identity.FoldAccount(c.owner.Account.Name)
	if p.options.Prune && !listed[key] {
		p.problems.add(w.At, "%s is the owner and is not listed; list them, or give another member the role owner", c.owner.Account.Name)
	}
	for _, m := range c.wanted {
		if identity.FoldAccount(m.Account) == key && m.Role != nil {
			at := m.At
			at.Path = join(at.Path, "role")
			p.problems.add(at, "this member is the owner; give another member the role owner to hand it over")
		}
	}
}

// handOver makes the wanted owner the owner, before anybody is removed. In the
// stored state it notes what the other steps will find.
func (p *planner) handOver(c *crew) {
	if c.heir == nil {
		return
	}
	m := *c.heir
	stored := c.stored[identity.FoldAccount(m.Account)]
	switch {
	case stored == nil && c.owner == nil:
		// Made with the role, like any other member.
	case stored == nil:
		p.add(Step{Action: Create, Kind: "member", Name: m.Account, Of: c.of.code, Note: "takes over as owner", do: createHeir(m, c.of)})
		c.owner.Member.Role = identity.RoleAdministrator
	case stored.Member.Role != identity.RoleOwner:
		fields := []FieldChange{{Key: "role", Old: string(stored.Member.Role), New: string(identity.RoleOwner)}}
		resume := stored.Member.Status != identity.MemberActive && or(m.Status, "") == string(identity.MemberActive)
		if resume {
			fields = append(fields, FieldChange{Key: "status", Old: string(stored.Member.Status), New: *m.Status})
			stored.Member.Status = identity.MemberActive
		}
		p.add(Step{Action: Change, Kind: "member", Name: stored.Account.Name, Of: c.of.code, Fields: fields, do: crown(stored.Member.ID, c.of, resume)})
		if c.owner != nil {
			c.owner.Member.Role = stored.Member.Role
		}
		stored.Member.Role = identity.RoleOwner
	}
}

func (p *planner) pruneMembers(c *crew, listed map[string]bool) {
	if !p.options.Prune {
		return
	}
	for _, key := range c.order {
		if !listed[key] {
			person := c.stored[key]
			p.add(Step{Action: Remove, Kind: "member", Name: person.Account.Name, Of: c.of.code, do: removeMember(person.Member.ID, c.of)})
		}
	}
}

func (p *planner) changeMember(c *crew, m Member) {
	stored := c.stored[identity.FoldAccount(m.Account)]
	if stored == nil {
		return
	}
	fields := differences(m, memberAsWritten(*stored, c.tree.codes[stored.Member.Department], c.over[stored.Member.ID]))
	edited := len(fields) > 0
	if c.changed[memberSecret(c.of.code, m.Account)] {
		fields = append(fields, FieldChange{Key: "password", Secret: true})
	} else {
		m.Password = Secret{}
	}
	if len(fields) > 0 {
		p.add(Step{
			Action: Change, Kind: "member", Name: stored.Account.Name, Of: c.of.code, Fields: fields,
			do: changeMember(m, *stored, memberEdit{c.of, edited, c.rules.Password}),
		})
	}
}

// memberEdit is how a member is changed.
type memberEdit struct {
	of     owner
	edited bool // something beside the password differs
	rules  identity.PasswordRules
}

func createMember(m Member, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		_, err := a.addMember(ctx, m, of)
		return err
	}
}

// addMember makes a member, tells the password that was drawn and remembers the
// one that was given.
func (a *applier) addMember(ctx context.Context, m Member, of owner) (identity.Person, error) {
	org, err := of.resolve(a)
	if err != nil {
		return identity.Person{}, err
	}
	added, err := a.house.Directory.AddMember(ctx, a.actor, org, newMember(m))
	if err != nil {
		return identity.Person{}, err
	}
	if added.Password != "" {
		a.generated(Generated{Kind: "member", Name: m.Account, Of: of.code, Key: "password", Secret: SecretOf(added.Password)})
	}
	return added.Person, a.note(ctx, memberSecret(of.code, m.Account), m.Password)
}

// createHeir makes a member who takes the role of owner over.
func createHeir(m Member, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		administrator := string(identity.RoleAdministrator)
		m.Role = &administrator
		person, err := a.addMember(ctx, m, of)
		if err != nil {
			return err
		}
		return a.house.Directory.TransferOwnership(ctx, a.actor, of.id, person.Member.ID)
	}
}

// crown makes a stored member the owner.
func crown(id identity.MemberID, of owner, resume bool) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		if resume {
			if err := a.house.Directory.ResumeMember(ctx, a.actor, of.id, id); err != nil {
				return err
			}
		}
		return a.house.Directory.TransferOwnership(ctx, a.actor, of.id, id)
	}
}

func removeMember(id identity.MemberID, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Directory.RemoveMember(ctx, a.actor, of.id, id)
	}
}

// changeMember edits fields, role, status and password, each by its own use
// case; a crash between them leaves the rest to the next apply.
func changeMember(m Member, stored identity.Person, e memberEdit) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		d, id := a.house.Directory, stored.Member.ID
		if e.edited {
			if _, err := d.ChangeMember(ctx, a.actor, e.of.id, id, 0, memberChange(m, stored.Member)); err != nil {
				return err
			}
		}
		if err := changeRole(ctx, a, m, stored.Member); err != nil {
			return err
		}
		if err := changeStatus(ctx, a, m, stored.Member); err != nil {
			return err
		}
		if !m.Password.Given() {
			return nil
		}
		err := d.SetPassword(ctx, a.actor, stored.Account.ID, m.Password.Reveal(),
			directory.SetPasswordOptions{Rules: e.rules, MustChange: or(m.MustChange, false)})
		if err != nil {
			return err
		}
		return a.note(ctx, memberSecret(e.of.code, m.Account), m.Password)
	}
}

func changeRole(ctx context.Context, a *applier, m Member, stored identity.Member) error {
	switch {
	case or(m.Role, "") == string(identity.RoleDepartmentAdministrator) && m.Administers != nil:
		return a.house.Directory.GiveDepartments(ctx, a.actor, stored.OrganizationID, stored.ID, m.Administers)
	case m.Role == nil || *m.Role == string(stored.Role):
		return nil
	}
	return a.house.Directory.SetRole(ctx, a.actor, stored.OrganizationID, stored.ID, identity.Role(*m.Role))
}

func changeStatus(ctx context.Context, a *applier, m Member, stored identity.Member) error {
	if m.Status == nil || *m.Status == string(stored.Status) {
		return nil
	}
	if *m.Status == string(identity.MemberActive) {
		return a.house.Directory.ResumeMember(ctx, a.actor, stored.OrganizationID, stored.ID)
	}
	return a.house.Directory.SuspendMember(ctx, a.actor, stored.OrganizationID, stored.ID)
}
