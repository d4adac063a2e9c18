package meeting

import (
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// devTypes are the values of devType (Meeting API, 5.9).
var devTypes = vocabulary[identity.DeviceKind]{
	{"idea-hub", identity.DeviceIdeaHub},
	{"huawei-vision", identity.DeviceSmartScreen},
	{"welink-desktop(iwb)", identity.DeviceWhiteboard},
	{"smart-rooms", identity.DeviceSmartRoom},
}

// newCodeAnswer is the answer of what makes an activation code.
type newCodeAnswer struct {
	ActiveCode string `json:"activeCode"`
}

// addActiveCode is CreateVisionActiveCode.
func (m *meeting) addActiveCode(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	n := resource.NewActivationCode{
		Device: devTypes.meaning(word(o, "devType", devTypes.words())), Name: o.text("devName", 1, 64), Contact: contact(o, "smsNumber", "emailAddr"),
	}
	n.DepartmentCode, _ = o.optionalText("deptCode", 0, 32)
	n.Description, _ = o.optionalText("description", 0, 128)
	// The address may be left out only where a number of the mainland is given.
	if n.Contact.Email == "" && (n.Contact.Mobile == "" || n.Contact.Country != "" && n.Contact.Country != directory.DefaultCountry) {
		o.refuse(fault.New(fault.Invalid, fault.CodeContactMissing).At("emailAddr"))
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	code, err := m.o.Resources.AddActivationCode(c.r.Context(), c.actor, c.actor.OrganizationID, n)
	if err != nil {
		return nil, err
	}
	return newCodeAnswer{code.Item.Activation.Code}, nil
}

// activeCodeAnswer is an activation code as SearchVisionActiveCode shows it.
type activeCodeAnswer struct {
	ID         string `json:"id"`
	ActiveCode string `json:"activeCode"`
	DevName    string `json:"devName"`
	DevType    string `json:"devType"`
	DeptCode   string `json:"deptCode"`
	DeptName   string `json:"deptName"`
	ExpireDate int64  `json:"expireDate"`
}

func activeCodeOf(c resource.ActivationCode) activeCodeAnswer {
	return activeCodeAnswer{
		ID: string(c.Item.ID), ActiveCode: c.Item.Activation.Code, DevName: c.Item.Name, DevType: devTypes.word(c.Item.Device),
		DeptCode: c.Department.Code, DeptName: c.Department.Name, ExpireDate: c.Item.Activation.EndsAt.UnixMilli(),
	}
}

// searchActiveCodes is SearchVisionActiveCode.
func (m *meeting) searchActiveCodes(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	filter := resource.ActivationQuery{Text: q.searchKey(), Device: devTypes.meaning(q.choice("devType", devTypes.words()...)), Slice: slice(w)}
	if err := q.err(); err != nil {
		return nil, err
	}
	l, err := m.o.Resources.ActivationCodes(c.r.Context(), c.actor, c.actor.OrganizationID, filter)
	if err != nil {
		return nil, err
	}
	return pageOf(w, l.Count, l.Items, activeCodeOf), nil
}

// removeActiveCodes is DeleteVisionActiveCode, a DELETE with a body: all or
// nothing.
func (m *meeting) removeActiveCodes(c *call) (any, error) {
	ids, err := c.texts(64)
	if err != nil {
		return nil, err
	}
	return nil, m.o.Resources.RemoveActivationCodes(c.r.Context(), c.actor, c.actor.OrganizationID, idsOf[identity.ActivationCodeID](ids))
}

// idsOf are texts of a request as identifiers. What is none is not found.
func idsOf[T ~string](texts []string) []T {
	ids := make([]T, len(texts))
	for i, text := range texts {
		ids[i] = T(strings.TrimSpace(text))
	}
	return ids
}

// resetActiveCode is ResetVisionActiveCode. The account of a device is the id
// of its activation code.
func (m *meeting) resetActiveCode(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	to := contact(o, "smsNumber", "emailAddr")
	if err := o.err(); err != nil {
		return nil, err
	}
	id := identity.ActivationCodeID(c.r.PathValue("account"))
	code, err := m.o.Resources.ResetActivationCode(c.r.Context(), c.actor, c.actor.OrganizationID, id, to)
	if err != nil {
		return nil, err
	}
	return newCodeAnswer{code.Item.Activation.Code}, nil
}
