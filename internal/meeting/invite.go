package meeting

import (
	"net/http"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
)

// inviteReplies are the codes of invitations (Meeting API, 7.3).
var inviteReplies = map[fault.Code]reply{
	fault.CodeInvitationExists: {http.StatusBadRequest, "USG.201040045"},
	fault.CodeMemberExists:     {http.StatusBadRequest, "USG.201040046"},
}

// inviteAnswer tells whether somebody signs in by the contact already.
type inviteAnswer struct {
	UserExist bool `json:"userExist"`
}

// inviteUser is InviteUser. Whoever is invited joins with an account of their
// own, which is made from the invitation where there is none: nobody else ever
// knows its password, as in the editions that the API calls free and standard.
func (m *meeting) inviteUser(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	n := directory.NewInvitation{Name: o.text("name", 1, maxName), Contact: o.text("contact", 1, maxContact)}
	n.Country, _ = o.optionalText("country", 0, maxContact)
	n.DepartmentCode, _ = o.optionalText("deptCode", 0, maxDeptCode)
	n.Title, _ = o.optionalText("title", 0, maxTitle)
	n.Description, _ = o.optionalText("desc", 0, maxDesc)
	n.SortLevel = place(o)
	o.once("contact", "country")
	if err := o.err(); err != nil {
		return nil, err
	}
	_, known, err := m.o.Directory.Invite(c.r.Context(), c.actor, c.actor.OrganizationID, n)
	if err != nil {
		return nil, atUser(err)
	}
	return inviteAnswer{known}, nil
}
