package meeting

import (
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// projections are the values of prjCodeMode, in their order.
var projections = [...]identity.Projection{identity.ProjectionAutomatic, identity.ProjectionSimple, identity.ProjectionComplex}

// The values of type and of resolution (Meeting API, 5.8).
const (
	typeOwn        = "TE"
	typeThirdParty = "3rd"
	fullHD         = "1080P"
	halfHD         = "720P"
)

// deviceAnswer is DeviceDTO.
type deviceAnswer struct {
	Name         string `json:"name"`
	Type         string `json:"type"`
	Model        string `json:"model"`
	SN           string `json:"sn"`
	Account      string `json:"account"`
	Number       string `json:"number"`
	PrjCodeMode  int    `json:"prjCodeMode"`
	DeptCode     string `json:"deptCode"`
	DeptName     string `json:"deptName"`
	DeptNamePath string `json:"deptNamePath"`
	Phone        string `json:"phone,omitempty"`
	Country      string `json:"country,omitempty"`
	Email        string `json:"email,omitempty"`
	Description  string `json:"description,omitempty"`
	Status       int    `json:"status"`
}

func deviceOf(t resource.Terminal) deviceAnswer {
	item := t.Item
	answer := deviceAnswer{
		Name: item.Name, Type: typeOwn, Model: item.Model, SN: item.Serial, Account: item.Account, Number: item.Number,
		DeptCode: t.Department.Code, DeptName: t.Department.Name, DeptNamePath: strings.Join(t.Path, "#"),
		Phone: item.Contact.Mobile, Country: item.Contact.Country, Email: item.Contact.Email, Description: item.Description,
	}
	if model, _ := identity.TerminalModelOf(item.Model); model.ThirdParty {
		answer.Type = typeThirdParty
	}
	for i, p := range projections {
		if p == item.Projection {
			answer.PrjCodeMode = i
		}
	}
	if item.Disabled {
		answer.Status = 1
	}
	return answer
}

// contact reads how somebody is reached, by the names that an operation gives
// number and address.
func contact(o *object, number, address string) (c identity.Contact) {
	c.Mobile, _ = o.optionalText(number, 0, 32)
	c.Country, _ = o.optionalText("country", 0, 255)
	c.Email, _ = o.optionalText(address, 0, 255)
	return c
}

// addDevice is AddDevice.
func (m *meeting) addDevice(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	n := resource.NewTerminal{Name: o.text("name", 1, 64), Model: o.text("model", 1, 64), Contact: contact(o, "phone", "email")}
	n.Serial, _ = o.optionalText("sn", 0, 64)
	n.DepartmentCode, _ = o.optionalText("deptCode", 0, 32)
	n.Description, _ = o.optionalText("description", 0, 128)
	mode, _ := o.optionalInteger("prjCodeMode", 0, int64(len(projections)-1))
	n.Projection = projections[mode]
	status, _ := o.optionalInteger("status", 0, 1)
	n.Disabled = status == 1
	notify, _ := o.optionalText("sendNotify", 0, 64)
	n.Notify = notify != "0"
	if err := o.err(); err != nil {
		return nil, err
	}
	t, err := m.o.Resources.AddTerminal(c.r.Context(), c.actor, c.actor.OrganizationID, n)
	if err != nil {
		return nil, err
	}
	return deviceOf(t), nil
}

// given returns a text as an edit: nil when it did not come.
func given(o *object, name string, low, high int) *string {
	if text, came := o.optionalText(name, low, high); came {
		return &text
	}
	return nil
}

// changeDevice is UpdateDevice: what is absent stays as it is.
func (m *meeting) changeDevice(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	change := resource.TerminalChange{
		Name: given(o, "name", 1, 64), DepartmentCode: given(o, "deptCode", 0, 32), Mobile: given(o, "phone", 0, 32),
		Country: given(o, "country", 0, 255), Email: given(o, "email", 0, 255), Description: given(o, "description", 0, 128),
	}
	if mode, came := o.optionalInteger("prjCodeMode", 0, int64(len(projections)-1)); came {
		change.Projection = new(projections[mode])
	}
	if status, came := o.optionalInteger("status", 0, 1); came {
		change.Disabled = new(status == 1)
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	_, err = m.o.Resources.ChangeTerminal(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("sn"), 0, change)
	return nil, err
}

// showDevice is ShowDeviceDetail.
func (m *meeting) showDevice(c *call) (any, error) {
	t, err := m.o.Resources.Terminal(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("sn"))
	if err != nil {
		return nil, err
	}
	return deviceOf(t), nil
}

// searchDevices is SearchDevices. No department is the root with all below.
func (m *meeting) searchDevices(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	filter := resource.TerminalQuery{Text: q.searchKey(), Model: q.text("model", 64), DepartmentCode: q.text("deptCode", 32), Slice: slice(w)}
	if filter.DepartmentCode == "" {
		filter.DepartmentCode = identity.RootDepartmentCode
	}
	if below, came := q.optionalFlag("enableSubDept"); came {
		filter.Alone = !below
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	l, err := m.o.Resources.Terminals(c.r.Context(), c.actor, c.actor.OrganizationID, filter)
	if err != nil {
		return nil, err
	}
	return pageOf(w, l.Count, l.Items, deviceOf), nil
}

// removeDevices is BatchDeleteDevices: all or nothing.
func (m *meeting) removeDevices(c *call) (any, error) {
	serials, err := c.texts(64)
	if err != nil {
		return nil, err
	}
	return nil, m.o.Resources.RemoveTerminals(c.r.Context(), c.actor, c.actor.OrganizationID, serials)
}

// enableDevices is BatchUpdateDevicesStatus with 0: terminals are let in.
func (m *meeting) enableDevices(c *call) (any, error) { return m.setDevicesDisabled(c, false) }

// disableDevices is BatchUpdateDevicesStatus with 1: terminals are kept out.
func (m *meeting) disableDevices(c *call) (any, error) { return m.setDevicesDisabled(c, true) }

func (m *meeting) setDevicesDisabled(c *call, disabled bool) (any, error) {
	serials, err := c.texts(64)
	if err != nil {
		return nil, err
	}
	return nil, m.o.Resources.SetTerminalsDisabled(c.r.Context(), c.actor, c.actor.OrganizationID, serials, disabled)
}

// resetDeviceCode is ResetActivecode.
func (m *meeting) resetDeviceCode(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	to := contact(o, "smsNumber", "emailAddr")
	if err := o.err(); err != nil {
		return nil, err
	}
	_, err = m.o.Resources.ResetActivation(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("sn"), to)
	return nil, err
}

// deviceTypeAnswer is DeviceTypeDTO.
type deviceTypeAnswer struct {
	Type           string `json:"type"`
	Model          string `json:"model"`
	ActiveCode     bool   `json:"enableActiveCode"`
	Resolution     string `json:"resolution"`
	ProjectionCode bool   `json:"supportProjectionCode"`
	SVC            bool   `json:"supportSVC"`
}

// deviceTypes is ShowDeviceTypes.
func (m *meeting) deviceTypes(*call) (any, error) {
	all := []deviceTypeAnswer{}
	for _, model := range identity.TerminalModels() {
		answer := deviceTypeAnswer{typeOwn, model.Name, model.Activation, halfHD, model.Projection, model.SVC}
		if model.ThirdParty {
			answer.Type = typeThirdParty
		}
		if model.FullHD {
			answer.Resolution = fullHD
		}
		all = append(all, answer)
	}
	return all, nil
}

// deviceStatusAnswer is one element of the answer of ShowDeviceStatus, whose
// names are capitalised on the wire.
type deviceStatusAnswer struct {
	Number     string `json:"Number"`
	RegStatus  string `json:"RegStatus"`
	CallStatus string `json:"CallStatus"`
}

// The values told while no meeting server tells otherwise: not registered, and
// offline (Meeting API, 4.17).
const (
	notRegistered = "1"
	offline       = "0"
)

// deviceStatus is ShowDeviceStatus.
func (m *meeting) deviceStatus(c *call) (any, error) {
	numbers, err := c.texts(64)
	if err != nil {
		return nil, err
	}
	terminals, err := m.o.Resources.TerminalStates(c.r.Context(), c.actor, c.actor.OrganizationID, numbers)
	if err != nil {
		return nil, err
	}
	all := []deviceStatusAnswer{}
	for _, t := range terminals {
		all = append(all, deviceStatusAnswer{t.Number, notRegistered, offline})
	}
	return all, nil
}
