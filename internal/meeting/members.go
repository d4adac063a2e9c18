package meeting

import (
	"context"
	"math"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// addUserReplies: a password that breaks a rule has one code here (Meeting API,
// 7.3), not those of changing a password.
var addUserReplies = map[fault.Code]reply{
	fault.CodePasswordLength: replyWeak, fault.CodePasswordClasses: replyWeak, fault.CodePasswordRepeats: replyWeak,
	fault.CodePasswordAccount: replyWeak, fault.CodePasswordIllegal: replyWeak, fault.CodePasswordBreached: replyWeak,
}

// The lengths of 1.6.
const (
	maxAccount   = 64
	maxContact   = 255
	maxTitle     = 32
	maxDesc      = 128
	maxSignature = 512
)

// addUser is AddUser.
func (m *meeting) addUser(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	n := directory.NewMember{Name: o.text("name", 1, maxName), PasswordRules: new(identity.MeetingCreateRules()), Notify: true}
	for _, field := range []struct {
		name string
		high int
		into *string
	}{
		{"account", maxAccount, &n.Account},
		{"thirdAccount", maxAccount, &n.ThirdAccount},
		{"phone", maxPhone, &n.Mobile},
		{"country", maxContact, &n.Country},
		{"email", maxContact, &n.Email},
		{"pwd", math.MaxInt, &n.Password},
		{"englishName", maxName, &n.EnglishName},
		{"deptCode", maxDeptCode, &n.DepartmentCode},
		{"signature", maxSignature, &n.Signature},
		{"title", maxTitle, &n.Title},
		{"desc", maxDesc, &n.Description},
	} {
		*field.into, _ = o.optionalText(field.name, 0, field.high)
	}
	n.SortLevel = place(o)
	n.HideMobile, _ = o.optionalFlag("hidePhone")
	status, _ := o.optionalInteger("status", userNormal, userDisabled)
	n.Disabled = status == userDisabled
	if send, came := o.optionalText("sendNotify", 0, math.MaxInt); came && send == "0" {
		n.Notify = false
	}
	o.once("account", "thirdAccount", "pwd", "phone", "email")
	if err := o.err(); err != nil {
		return nil, err
	}
	if err := m.reachable(c.r.Context(), n); err != nil {
		return nil, err
	}
	added, err := m.o.Directory.AddMember(c.r.Context(), c.actor, c.actor.OrganizationID, n)
	if err != nil {
		return nil, atUser(err)
	}
	return answerOr(m.detail(c, added.Person))
}

// reachable demands a contact of a person who is to be told a password, or has
// no other way in than one (Meeting API, 5.6 and O-13): a mail address, or a
// telephone where short messages can be sent. Who has a third account signs in
// by that.
func (m *meeting) reachable(ctx context.Context, n directory.NewMember) error {
	told := n.Email != "" || n.Mobile != "" && (n.Password != "" || m.o.Directory.Reaches(ctx, identity.BySMS))
	if told || n.ThirdAccount != "" {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeFieldMissing).At("email").With("field", "email")
}

// userFields are the fields of people as the use case names them.
var userFields = map[string]string{
	"third_account": "thirdAccount", "mobile": "phone", "password": "pwd", "english_name": "englishName", "description": "desc",
	"sort_level": "sortLevel", "owner.account": "adminInfo.account", "owner.name": "adminInfo.name", "owner.email": "adminInfo.email",
	"owner.mobile": "adminInfo.phone", "owner.password": "adminInfo.pwd", "owner.country": "adminInfo.country",
}

// atUser names a field at fault as the caller wrote it.
func atUser(err error) error {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	if wire, ok := userFields[f.Field]; ok {
		return f.At(wire)
	}
	return err
}

// answerOr is an answer unless there is an error beside it.
func answerOr[T any](answer T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// The values of accountType (Meeting API, 2.1).
const (
	byAccount      = 0
	byThirdAccount = 1
)

// refs names members by the texts of a path or a body.
func (q *query) refs(names ...string) []directory.MemberRef {
	kind := q.integer(numberField{"accountType", byAccount, byThirdAccount, byAccount})
	refs := make([]directory.MemberRef, 0, len(names))
	for _, name := range names {
		if kind == byThirdAccount {
			refs = append(refs, directory.MemberRef{ThirdAccount: name})
		} else {
			refs = append(refs, directory.MemberRef{Account: name})
		}
	}
	return refs
}

// named returns the member of the path.
func (c *call) named() (p identity.Person, err error) {
	q, err := c.query()
	if err != nil {
		return p, err
	}
	ref := q.refs(c.r.PathValue("account"))[0]
	if err := q.err(); err != nil {
		return p, err
	}
	return c.m.o.Directory.MemberByRef(c.r.Context(), c.actor, c.actor.OrganizationID, ref)
}

// listed returns the members of the body, which is an array of their names.
func (c *call) listed() ([]directory.MemberRef, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	names, err := c.texts(maxContact)
	if err != nil {
		return nil, err
	}
	refs := q.refs(names...)
	return refs, q.err()
}

// showUser is ShowUserDetail.
func (m *meeting) showUser(c *call) (any, error) {
	p, err := c.named()
	if err != nil {
		return nil, err
	}
	return answerOr(m.detail(c, p))
}

// changeUser is UpdateUser: what is absent stays as it is, an empty text clears
// what may be empty, and an empty deptCode is the root.
func (m *meeting) changeUser(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	change := directory.MemberChange{
		Name: optional(o, "name", 1, maxName), EnglishName: optional(o, "englishName", 0, maxName), Mobile: optional(o, "phone", 0, maxPhone),
		Country: optional(o, "country", 0, maxContact), Email: optional(o, "email", 0, maxContact),
		DepartmentCode: optional(o, "deptCode", 0, maxDeptCode), Signature: optional(o, "signature", 0, maxSignature),
		Title: optional(o, "title", 0, maxTitle), Description: optional(o, "desc", 0, maxDesc),
	}
	if n := place(o); n > 0 {
		change.SortLevel = &n
	}
	if hide, came := o.optionalFlag("hidePhone"); came {
		change.HideMobile = &hide
	}
	if status, came := o.optionalInteger("status", userNormal, userDisabled); came {
		change.Status = new(statuses[int(status)])
	}
	// An empty one is no wish for another: it cannot be cleared.
	if number, _ := o.optionalText("vmrId", 0, 32); number != "" {
		change.Then = m.o.Resources.Renumber(c.actor, number)
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	p, err := c.named()
	if err != nil {
		return nil, err
	}
	p, err = m.o.Directory.ChangeMember(c.r.Context(), c.actor, c.actor.OrganizationID, p.Member.ID, 0, change)
	if err != nil {
		return nil, atUser(err)
	}
	return answerOr(m.detail(c, p))
}

// statuses are ours by the API's.
var statuses = map[int]identity.MemberStatus{userNormal: identity.MemberActive, userDisabled: identity.MemberDisabled}

// removeUsers is BatchDeleteUsers: all or nobody.
func (m *meeting) removeUsers(c *call) (any, error) {
	refs, err := c.listed()
	if err != nil {
		return nil, err
	}
	return nil, m.o.Directory.RemoveMembers(c.r.Context(), c.actor, c.actor.OrganizationID, refs)
}

// setUsersStatus is BatchUpdateUserStatus: all or nobody.
func (m *meeting) setUsersStatus(c *call) (any, error) {
	value := map[string]int{"0": userNormal, "1": userDisabled}
	status, known := value[c.r.PathValue("value")]
	if !known {
		return nil, fault.New(fault.Invalid, fault.CodeFieldChoice).At("value").With("choices", []string{"0", "1"})
	}
	refs, err := c.listed()
	if err != nil {
		return nil, err
	}
	return nil, m.o.Directory.SetMembersStatus(c.r.Context(), c.actor, c.actor.OrganizationID, refs, statuses[status])
}
