package meeting

import (
	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/identity"
)

// defaultDirLimit is how many SearchCorpDir answers when no limit is named
// (Meeting API, 9, O-15).
const defaultDirLimit = 100

// The values of type (Meeting API, 6).
const (
	dirUser       = "NORMAL_USER"
	dirTerminal   = "HARD_TERMINAL"
	dirWhiteboard = "WHITE_BOARD"
	dirScreen     = "HW_VISION_MEMBER"
	dirIdeaHub    = "IDEA_HUB_MEMBER"
)

// dirDevices are the types of what is activated by a code.
var dirDevices = map[identity.DeviceKind]string{
	identity.DeviceIdeaHub: dirIdeaHub, identity.DeviceSmartScreen: dirScreen,
	identity.DeviceWhiteboard: dirWhiteboard, identity.DeviceSmartRoom: dirWhiteboard,
}

// The values of statusCode (Meeting API, 6). 1, found and unchanged, is never
// told: no request says since when.
const (
	dirFound  = 0
	dirNobody = 2
	dirUnseen = 3
)

// dirEntry is a DirUserDTO.
type dirEntry struct {
	ID          string   `json:"id"`
	StatusCode  int      `json:"statusCode"`
	Account     string   `json:"account,omitempty"`
	Name        string   `json:"name,omitempty"`
	EnglishName string   `json:"englishName,omitempty"`
	Email       string   `json:"email,omitempty"`
	Phone       string   `json:"phone,omitempty"`
	DeptName    string   `json:"deptName,omitempty"`
	Number      string   `json:"number,omitempty"`
	UpdateTime  int64    `json:"updateTime,omitempty"`
	IsTerminal  *bool    `json:"isHardTerminal,omitempty"`
	VMRID       string   `json:"vmrId,omitempty"`
	Signature   string   `json:"signature,omitempty"`
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	HidePhone   *bool    `json:"hidePhone,omitempty"`
	Type        string   `json:"type,omitempty"`
	DeptCodes   []string `json:"deptCodes,omitempty"`
}

func dirEntryOf(e addressbook.Entry) dirEntry {
	w := dirEntry{StatusCode: dirFound, DeptName: e.Department.Name, DeptCodes: []string{e.Department.Code}, IsTerminal: new(e.Kind == addressbook.Terminal)}
	switch e.Kind {
	case addressbook.Terminal:
		t := e.Terminal
		w.ID, w.Type, w.Account, w.Name, w.Number = identity.Hex(t.ID), dirTerminal, t.Account, t.Name, t.Number
		w.Description, w.UpdateTime = t.Description, t.UpdatedAt.UnixMilli()
	case addressbook.Device:
		d := e.Device
		w.ID, w.Type, w.Name = identity.Hex(d.ID), dirDevices[d.Device], d.Name
		w.Description, w.UpdateTime = d.Description, d.UpdatedAt.UnixMilli()
	default:
		m, a := e.Person.Member, e.Person.Account
		w.ID, w.Type, w.Account, w.Name, w.EnglishName = identity.Hex(m.ID), dirUser, a.Name, m.Name, m.EnglishName
		w.Email, w.Phone, w.Number, w.VMRID = a.Email, a.Mobile, m.Number, e.Room
		w.Signature, w.Title, w.Description, w.HidePhone = m.Signature, m.Title, m.Description, new(m.HideMobile)
		w.UpdateTime = m.UpdatedAt.UnixMilli()
	}
	return w
}

// searchDir is SearchCorpDir.
func (m *meeting) searchDir(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := window{offset: q.integer(numberField{"offset", 0, maxOffset, 0}), limit: q.integer(numberField{"limit", 1, maxLimit, defaultDirLimit})}
	filter := addressbook.Query{Text: q.searchKey(), Department: q.text("deptCode", maxDeptCode), Offset: w.offset, Limit: w.limit}
	if below, came := q.optionalFlag("querySubDept"); came {
		filter.Alone = !below
	}
	switch q.choice("searchScope", dirUser, dirTerminal, "ALL") {
	case dirUser:
		filter.Kinds = []addressbook.Kind{addressbook.Person}
	case dirTerminal:
		// Smart screens are no terminals of this scope (Meeting API, 6).
		filter.Kinds, filter.Screens = []addressbook.Kind{addressbook.Terminal, addressbook.Device}, addressbook.WithoutScreens
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	found, err := m.o.Addressbook.Search(c.r.Context(), c.actor, c.actor.OrganizationID, filter)
	if err != nil {
		return nil, err
	}
	return pageOf(w, found.Count, found.Entries, dirEntryOf), nil
}

// listDir is BatchShowUserDetails: one answer for each id, in their order.
func (m *meeting) listDir(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	byThird := q.choice("idType", "USER_ID", "THIRD_ACCOUNT") == "THIRD_ACCOUNT"
	if err := q.err(); err != nil {
		return nil, err
	}
	asked, err := c.objects()
	if err != nil {
		return nil, err
	}
	ids, refs := make([]string, 0, len(asked)), make([]addressbook.Ref, 0, len(asked))
	for _, o := range asked {
		id, ref := o.text("id", 1, maxContact), addressbook.Ref{}
		if err := o.err(); err != nil {
			return nil, err
		}
		if ref.ID = id; byThird {
			ref = addressbook.Ref{ThirdAccount: id}
		}
		ids, refs = append(ids, id), append(refs, ref)
	}
	found, err := m.o.Addressbook.Entries(c.r.Context(), c.actor, c.actor.OrganizationID, refs)
	if err != nil {
		return nil, err
	}
	answer := make([]dirEntry, 0, len(found))
	for i, one := range found {
		switch one.Answer {
		case addressbook.Unknown:
			answer = append(answer, dirEntry{ID: ids[i], StatusCode: dirNobody})
		case addressbook.Unseen:
			answer = append(answer, dirEntry{ID: ids[i], StatusCode: dirUnseen})
		default:
			answer = append(answer, dirEntryOf(one.Entry))
		}
	}
	return answer, nil
}

// dirDept is a department of ShowDepartment, whose leaves are told in the
// plural.
type dirDept struct {
	DeptCode    string    `json:"deptCode"`
	DeptName    string    `json:"deptName"`
	IsLeafNodes bool      `json:"isLeafNodes"`
	Children    []dirDept `json:"childDepts,omitzero"`
}

// browseDepartment is ShowDepartment.
func (m *meeting) browseDepartment(c *call) (any, error) {
	at, below, err := m.o.Directory.PlacedDepartment(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("dept_code"))
	if err != nil {
		return nil, err
	}
	answer := dirDept{at.Department.Code, at.Department.Name, at.Leaf, []dirDept{}}
	for _, p := range below {
		answer.Children = append(answer.Children, dirDept{DeptCode: p.Department.Code, DeptName: p.Department.Name, IsLeafNodes: p.Leaf})
	}
	return answer, nil
}

// externalContact is an ExternalContactDTO.
type externalContact struct {
	ID                 string `json:"id"`
	Name               string `json:"name"`
	Phone              string `json:"phone"`
	Country            string `json:"country"`
	OtherNumber        string `json:"otherNumber"`
	OtherNumberCountry string `json:"otherNumberCountry"`
	Email              string `json:"email"`
	CorpName           string `json:"corpName"`
	DeptName           string `json:"deptName"`
	Position           string `json:"position"`
	Address            string `json:"address"`
	Remarks            string `json:"remarks"`
	CustomNumber       string `json:"customNumber"`
	UpdateTime         int64  `json:"updateTime"`
	Type               string `json:"type"`
}

// The values of type and of searchScope.
const (
	contactOwn    = "PERSONAL"
	contactShared = "CORP"
)

// contactScopes are which contacts a searchScope is about.
var contactScopes = map[string]addressbook.Whose{
	"": addressbook.Both, "ALL": addressbook.Both, contactOwn: addressbook.Own, contactShared: addressbook.Everybodys,
}

func externalContactOf(x identity.ExternalContact) externalContact {
	d := x.Details
	w := externalContact{
		ID: identity.Hex(x.ID), Name: x.Name, Phone: d.Mobile, Country: d.Country, OtherNumber: d.OtherNumber, OtherNumberCountry: d.OtherCountry,
		Email: d.Email, CorpName: x.Company, DeptName: x.Department, Position: x.Title, Address: d.Address, Remarks: d.Remarks,
		CustomNumber: d.CustomNumber, UpdateTime: x.UpdatedAt.UnixMilli(), Type: contactShared,
	}
	if x.Owner != "" {
		w.Type = contactOwn
	}
	return w
}

// searchExternal is SearchCorpExternalDir.
func (m *meeting) searchExternal(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	filter := addressbook.ContactQuery{Text: q.searchKey(), Slice: slice(w)}
	scope := contactScopes[q.choice("searchScope", contactOwn, contactShared, "ALL")]
	if err := q.err(); err != nil {
		return nil, err
	}
	found, err := m.o.Addressbook.Contacts(c.r.Context(), c.actor, c.actor.OrganizationID, scope, filter)
	if err != nil {
		return nil, err
	}
	return pageOf(w, found.Count, found.Items, externalContactOf), nil
}
