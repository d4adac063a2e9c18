package meeting

import (
	"math"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

const (
	// maxDeptCode is how long a department's code may be on this wire (Meeting
	// API, 1.6); codes made elsewhere may be longer and are shown whole.
	maxDeptCode = 32
	maxDeptName = 128
	// lastPlace is where what names no sortLevel stands.
	lastPlace = 10_000
)

// The words of inPermission and outPermission (Meeting API, 5.5).
const (
	inUnlimited   = "UNLIMITED"
	inOpen        = "OPEN"
	outUnlimited  = "UNLIMITED"
	outOnlySelf   = "ONLY_SELF"
	outSelfBelow  = "SELF_AND_CHILD_DEPARTMENT"
	outDesignated = "DESIGNATED_DEPARTMENT"
)

// sights are the words of outPermission.
var sights = map[string]identity.Sight{
	outUnlimited: identity.SeesAll, outOnlySelf: identity.SeesOwn, outSelfBelow: identity.SeesBelow, outDesignated: identity.SeesDesignated,
}

// outPermissionOf is the word of a sight.
func outPermissionOf(s identity.Sight) string {
	for word, sight := range sights {
		if sight == s {
			return word
		}
	}
	return outUnlimited
}

// valueAnswer is the answer of what makes one thing: its id.
type valueAnswer struct {
	Value string `json:"value"`
}

// addDepartment is AddDepartment.
func (m *meeting) addDepartment(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	n := directory.NewDepartment{Name: o.text("deptName", 1, maxDeptName)}
	n.Code, _ = o.optionalText("deptCode", 0, maxDeptCode)
	n.ParentCode, _ = o.optionalText("parentDeptCode", 0, maxDeptCode)
	n.Note, _ = o.optionalText("note", 0, 96)
	n.SortLevel = place(o)
	change := readVisibility(o)
	if change.Open != nil {
		n.Visibility.Open = *change.Open
	}
	if change.Sees != nil {
		n.Visibility.Sees = *change.Sees
	}
	// The list has an effect with DESIGNATED_DEPARTMENT alone.
	if change.Designated != nil && n.Visibility.Sees == identity.SeesDesignated {
		n.Visibility.Designated = *change.Designated
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	d, err := m.o.Directory.AddDepartment(c.r.Context(), c.actor, c.actor.OrganizationID, n)
	if err != nil {
		return nil, err
	}
	return valueAnswer{Value: d.Code}, nil
}

// place reads sortLevel, 0 when it is absent.
func place(o *object) int {
	n, _ := o.optionalInteger("sortLevel", 1, lastPlace)
	return int(n)
}

// optional returns a text as an edit: nil leaves it alone.
func optional(o *object, name string, low, high int) *string {
	text, came := o.optionalText(name, low, high)
	if !came {
		return nil
	}
	return &text
}

// readVisibility reads what a department's people see, and who sees them.
func readVisibility(o *object) (change directory.DepartmentChange) {
	switch word, _ := o.optionalText("inPermission", 0, math.MaxInt); word {
	case "":
	case inUnlimited, inOpen:
		change.Open = new(word == inOpen)
	default:
		// The published list has CLOSE and DESIGNATED_DEPARTMENT too, and says
		// that they are refused (Meeting API, 5.5).
		o.refuse(fault.New(fault.Invalid, fault.CodeFieldChoice).At("inPermission").With("choices", []string{inUnlimited, inOpen}))
	}
	if word, _ := o.optionalText("outPermission", 0, math.MaxInt); word != "" {
		sight, known := sights[word]
		if !known {
			o.refuse(fault.New(fault.Invalid, fault.CodeFieldChoice).At("outPermission").
				With("choices", []string{outUnlimited, outOnlySelf, outSelfBelow, outDesignated}))
		}
		change.Sees = &sight
	}
	if codes, came := o.optionalTexts("designatedOutDeptCodes", 150, maxDeptCode); came {
		change.Designated = &codes
	}
	return change
}

// changeDepartment is UpdateDepartment: what is absent stays as it is.
func (m *meeting) changeDepartment(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	change := readVisibility(o)
	change.Name = optional(o, "deptName", 1, maxDeptName)
	change.ParentCode = optional(o, "parentDeptCode", 0, maxDeptCode)
	change.Note = optional(o, "note", 0, 96)
	if n := place(o); n > 0 {
		change.SortLevel = &n
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	ctx, code := c.r.Context(), c.r.PathValue("dept_code")
	if change.Designated != nil {
		d, err := m.o.Directory.Department(ctx, c.actor, c.actor.OrganizationID, code)
		if err != nil {
			return nil, err
		}
		sees := d.Visibility.Sees
		if change.Sees != nil {
			sees = *change.Sees
		}
		if sees != identity.SeesDesignated {
			change.Designated = nil
		}
	}
	_, err = m.o.Directory.ChangeDepartment(ctx, c.actor, c.actor.OrganizationID, code, 0, change)
	return nil, err
}

// removeDepartment is DeleteDepartment.
func (m *meeting) removeDepartment(c *call) (any, error) {
	return nil, m.o.Directory.RemoveDepartment(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("dept_code"))
}

// deptAnswer is a QueryDeptResultDTO.
type deptAnswer struct {
	DeptCode      string   `json:"deptCode"`
	DeptName      string   `json:"deptName"`
	DeptLevel     int      `json:"deptLevel"`
	DeptNamePath  string   `json:"deptNamePath"`
	DeptCodePath  string   `json:"deptCodePath"`
	IsLeafNode    bool     `json:"isLeafNode"`
	ParentCode    *string  `json:"parentDeptCode"`
	Note          string   `json:"note"`
	CorpID        string   `json:"corpId"`
	InPermission  string   `json:"inPermission"`
	OutPermission string   `json:"outPermission"`
	Designated    []idMark `json:"designatedOutDeptCodes"`
	SortLevel     int      `json:"sortLevel"`
}

// idMark is an IdMarkDTO: an id and the text that is shown for it.
type idMark struct {
	ID   string `json:"id"`
	Mark string `json:"mark"`
}

func deptOf(p directory.Placed) deptAnswer {
	d := p.Department
	w := deptAnswer{
		DeptCode: d.Code, DeptName: d.Name, DeptLevel: d.Level, DeptNamePath: namePath(p.Trail), DeptCodePath: codePath(p.Trail),
		IsLeafNode: p.Leaf, Note: d.Note, CorpID: string(d.OrganizationID), InPermission: inUnlimited,
		OutPermission: outPermissionOf(d.Visibility.Sees), Designated: []idMark{}, SortLevel: d.SortLevel,
	}
	if n := len(p.Trail); n > 1 {
		w.ParentCode = &p.Trail[n-2].Code
	}
	if d.Visibility.Open {
		w.InPermission = inOpen
	}
	for _, other := range p.Designated {
		w.Designated = append(w.Designated, idMark{ID: other.Code, Mark: other.Name})
	}
	return w
}

// pathSeparator stands between the steps of a path (Meeting API, 5.5).
const pathSeparator = "#"

// namePath joins the names from the root on.
func namePath(trail []identity.Department) (path string) {
	for i, d := range trail {
		if i > 0 {
			path += pathSeparator
		}
		path += d.Name
	}
	return path
}

// codePath joins the codes from the root on.
func codePath(trail []identity.Department) (path string) {
	for i, d := range trail {
		if i > 0 {
			path += pathSeparator
		}
		path += d.Code
	}
	return path
}

// deptWithChildren is a deptAnswer whose children are told even when there are
// none.
type deptWithChildren struct {
	deptAnswer
	Children []deptAnswer `json:"childDepts"`
}

// showDepartment is ShowDeptAndChildDept: a department and the first level
// below it, as far as the caller may see them.
func (m *meeting) showDepartment(c *call) (any, error) {
	at, below, err := m.o.Directory.PlacedDepartment(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("dept_code"))
	if err != nil {
		return nil, err
	}
	answer := deptWithChildren{deptAnswer: deptOf(at), Children: []deptAnswer{}}
	for _, p := range below {
		answer.Children = append(answer.Children, deptOf(p))
	}
	return answer, nil
}

// searchDepartments is SearchDepartmentByName: a bare array.
func (m *meeting) searchDepartments(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	name := q.text("deptName", maxDeptName)
	if name == "" {
		q.refuse(fault.New(fault.Invalid, fault.CodeFieldMissing).At("deptName").With("field", "deptName"))
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	found, err := m.o.Directory.NamedDepartments(c.r.Context(), c.actor, c.actor.OrganizationID, name)
	if err != nil {
		return nil, err
	}
	answer := make([]deptAnswer, 0, len(found))
	for _, p := range found {
		answer = append(answer, deptOf(p))
	}
	return answer, nil
}
