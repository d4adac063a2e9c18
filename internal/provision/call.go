package provision

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// Event is what a call tells of.
type Event string

// The events (OrgID, G.2).
const (
	EventTenant      Event = "tenant"
	EventApplication Event = "application"
	EventDepartments Event = "departments" // all of them
	EventDepartment  Event = "department"
	EventPeople      Event = "people"
)

// Act is what has become of what a call names. The numbers are the wire's.
type Act int

// The acts. The first form of the wire knows no Revoke, and of organisation and
// application no Modify.
const (
	Remove Act = iota
	Add
	Modify
	Revoke // of who may not enter any more, but is a member still
)

// MaxPeople is how many people one call names at most.
const MaxPeople = 500

// paths are appended to the callback address, after the form's prefix.
var paths = map[Event]string{
	EventTenant: "tenantSync", EventApplication: "applicationSync", EventPeople: "authSync",
	EventDepartment: "singleOrgSync", EventDepartments: "allOrgSync",
}

// address is where a call goes.
func address(callback string, wire identity.SyncWire, event Event) string {
	prefix := "/produceAPI/"
	if wire == identity.SyncV2 {
		prefix += "v2/"
	}
	return strings.TrimRight(callback, "/") + prefix + paths[event]
}

// about is what every call says first.
type about struct {
	wire     identity.SyncWire
	instance string // "" while settings are tried
	tenant   string
	test     bool
	at       time.Time
}

// field is one parameter of a call. A value is a text, a number, or for the
// second form a list.
type field struct {
	name  string
	value any
}

// fields are the parameters of a call in their order.
type fields []field

// stamp is an instant as the wire has it: to the millisecond, eight hours east.
func stamp(at time.Time) string {
	return strings.Replace(at.In(time.FixedZone("UTC+8", 8*60*60)).Format("20060102150405.000"), ".", "", 1)
}

func (a about) fields() fields {
	test := 0
	if a.test {
		test = 1
	}
	return fields{{"instanceId", a.instance}, {"tenantId", a.tenant}, {"testFlag", test}, {"timeStamp", stamp(a.at)}}
}

// tenant is an organisation as a receiver knows it.
type tenant struct {
	Order  string `json:"orderId"`
	Code   string `json:"tenantCode"`
	Name   string `json:"name"`
	Domain string `json:"domainName"`
}

func tenantCall(a about, t tenant, act Act) fields {
	return append(a.fields(), fields{
		{"orderId", t.Order}, {"tenantCode", t.Code}, {"name", t.Name}, {"domainName", t.Domain}, {"flag", int(a.unmodified(act))},
	}...)
}

// unmodified is the act for an event of which the first form knows only that it
// is there: a repeated Add succeeds and says what has changed.
func (a about) unmodified(act Act) Act {
	if a.wire == identity.SyncV1 && act == Modify {
		return Add
	}
	return act
}

// credential is an application as its receiver knows it. The secret is sealed.
type credential struct {
	App    string `json:"appId"`
	Client string `json:"clientId"`
	Secret string `json:"clientSecret"`
}

func applicationCall(a about, c credential, act Act) fields {
	return append(a.fields(), fields{
		{"appId", c.App}, {"clientId", c.Client}, {"clientSecret", c.Secret}, {"flag", int(a.unmodified(act))},
	}...)
}

// department is a node of the tree as a receiver knows it.
type department struct {
	Code   string `json:"orgCode"`
	Name   string `json:"orgName"`
	Parent string `json:"parentCode,omitempty"` // "" at the top
}

func departmentCall(a about, d department, act Act) fields {
	return append(a.fields(), fields{{"orgCode", d.Code}, {"orgName", d.Name}, {"parentCode", d.Parent}, {"flag", int(act)}}...)
}

// departmentV1 is the same where the first form lists all of them.
type departmentV1 struct {
	Code   string `json:"orgCode"`
	Name   string `json:"name"`
	Parent string `json:"parentCode"`
}

func departmentsCall(a about, all []department) (fields, error) {
	if a.wire == identity.SyncV2 {
		return append(a.fields(), field{"orgInfoList", append([]department{}, all...)}), nil
	}
	old := make([]departmentV1, len(all))
	for i, d := range all {
		old[i] = departmentV1(d)
	}
	text, err := compact(old)
	return append(a.fields(), field{"orgInfo", string(text)}), err
}

// body is the call as JSON, the parameters in their order.
func (f fields) body() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range f {
		value, err := compact(one.value)
		if err != nil {
			return nil, fmt.Errorf("provision: encode %s: %w", one.name, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", one.name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// get is the text of a parameter, "" without it.
func (f fields) get(name string) string {
	for _, one := range f {
		if one.name == name {
			return fmt.Sprint(one.value)
		}
	}
	return ""
}

// compact is JSON without the escapes that only browsers need.
func compact(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}
