package meeting

import (
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// adminReplies: the default administrator is none of those whom these
// operations make and dismiss (Meeting API, 5.4).
var adminReplies = map[fault.Code]reply{fault.CodeOwnerProtected: replyParameter, fault.CodeMemberGuest: replyParameter}

// addAdmin is AddCorpAdmin: a user becomes an ordinary administrator.
func (m *meeting) addAdmin(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	ref := q.refs(o.text("account", 1, maxContact))[0]
	if err := o.err(); err != nil {
		return nil, err
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	ctx, org := c.r.Context(), c.actor.OrganizationID
	p, err := m.o.Directory.MemberByRef(ctx, c.actor, org, ref)
	if err != nil {
		return nil, err
	}
	return nil, m.o.Directory.SetRole(ctx, c.actor, org, p.Member.ID, identity.RoleAdministrator)
}

// showAdmin is ShowCorpAdmin; a user who is no administrator is not found.
func (m *meeting) showAdmin(c *call) (any, error) {
	p, err := c.named()
	if err == nil && !p.Member.Administers() {
		err = fault.New(fault.NotFound, fault.CodeMemberNotFound)
	}
	if err != nil {
		return nil, err
	}
	trail, err := m.o.Directory.DepartmentTrail(c.r.Context(), c.actor, p.Member.OrganizationID, p.Member.Department)
	return answerOr(adminOf(p, trail), err)
}

// searchAdmins is SearchCorpAdmins.
func (m *meeting) searchAdmins(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	s := directory.MemberSearch{
		Text: q.searchKey(), Roles: []identity.Role{identity.RoleOwner, identity.RoleAdministrator}, Offset: w.offset, Limit: w.limit,
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	found, err := m.o.Directory.SearchMembers(c.r.Context(), c.actor, c.actor.OrganizationID, directory.Within{}, s)
	if err != nil {
		return nil, err
	}
	return pageOf(w, found.Count, found.People, func(p identity.Person) adminAnswer { return adminOf(p, found.Trails[p.Member.Department]) }), nil
}

// removeAdmins is BatchDeleteCorpAdmins: they stay as ordinary users. All or
// nobody.
func (m *meeting) removeAdmins(c *call) (any, error) {
	refs, err := c.listed()
	if err != nil {
		return nil, err
	}
	return nil, m.o.Directory.DismissAdministrators(c.r.Context(), c.actor, c.actor.OrganizationID, refs)
}
