package provision

import (
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// person is a member as a receiver knows them: by account name, which is unique
// in the organisation (OrgID, G.2).
type person struct {
	UserName     string `json:"userName"`
	Name         string `json:"name"`
	Department   string `json:"orgCode"`
	Role         string `json:"role"`
	Enable       string `json:"enable"`
	Position     string `json:"position,omitempty"`
	EmployeeCode string `json:"employeeCode,omitempty"`
	EmployeeType int    `json:"employeeType,omitempty"`
	Mobile       string `json:"mobile,omitempty"`
	Email        string `json:"email,omitempty"`
	WorkPlace    string `json:"workPlace,omitempty"`
	EntryDate    string `json:"entryDate,omitempty"`
}

const (
	roleUser  = "user"
	roleAdmin = "admin"
)

// personV1 is the same in the first form, which puts what came later apart.
type personV1 struct {
	UserName     string     `json:"userName"`
	Name         string     `json:"name"`
	Department   string     `json:"orgCode"`
	Role         string     `json:"role"`
	Enable       string     `json:"enable"`
	Position     string     `json:"position,omitempty"`
	EmployeeCode string     `json:"employeeCode,omitempty"`
	Mobile       string     `json:"mobile,omitempty"`
	Email        string     `json:"email,omitempty"`
	Extension    *extension `json:"extension,omitempty"`
}

type extension struct {
	EntryDate    string `json:"entryDate,omitempty"`
	EmployeeType int    `json:"employeeType,omitempty"`
	WorkPlace    string `json:"workPlace,omitempty"`
}

func (p person) v1() personV1 {
	old := personV1{
		UserName: p.UserName, Name: p.Name, Department: p.Department, Role: p.Role, Enable: p.Enable, Position: p.Position,
		EmployeeCode: p.EmployeeCode, Mobile: p.Mobile, Email: p.Email,
	}
	if e := (extension{p.EntryDate, p.EmployeeType, p.WorkPlace}); e != (extension{}) {
		old.Extension = &e
	}
	return old
}

// peopleCall names at most MaxPeople, to all of whom the same has happened.
func peopleCall(a about, app string, people []person, act Act) (fields, error) {
	if a.wire == identity.SyncV1 && act == Revoke {
		act = Remove
	}
	f := append(a.fields(), fields{{"appId", app}, {"currentSyncTime", stamp(a.at)}, {"flag", int(act)}}...)
	if a.wire == identity.SyncV2 {
		return append(f, field{"userList", append([]person{}, people...)}), nil
	}
	old := make([]personV1, len(people))
	for i, p := range people {
		old[i] = p.v1()
	}
	text, err := compact(old)
	return append(f, field{"userList", string(text)}), err
}

// The custom attributes that say what else the wire can tell of a person.
const (
	attributeEmployeeCode = identity.EmployeeNumber
	attributeEmployeeType = "employee_type"
	attributeWorkPlace    = "work_place"
	attributeEntryDate    = "entry_date"
)

// The lengths of what the wire has no room for more of.
const (
	shortText = 64
	longText  = 256
)

// tell fills in what custom attributes say. What the wire has no form for stays
// away: a receiver would refuse the whole batch for it.
func (p *person) tell(attributes map[string]string, personal bool) {
	p.EmployeeCode = cut(attributes[attributeEmployeeCode], shortText)
	if !personal {
		return
	}
	if kind, err := strconv.Atoi(attributes[attributeEmployeeType]); err == nil && kind >= 1 && kind <= 4 {
		p.EmployeeType = kind
	}
	p.WorkPlace = cut(attributes[attributeWorkPlace], longText)
	if day, err := time.Parse(time.DateOnly, attributes[attributeEntryDate]); err == nil {
		p.EntryDate = day.Format("2006-01-2")
	}
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
