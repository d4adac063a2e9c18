package provision

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// moment is the example of the specification (OrgID, G.2).
var moment = time.Date(2022, 4, 20, 3, 41, 17, 642_000_000, time.UTC)

func aboutAcme(wire identity.SyncWire) about {
	return about{wire: wire, instance: "app_1", tenant: "acme", at: moment}
}

func bodyOf(t *testing.T, f fields, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	body, err := f.body()
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(body) {
		t.Errorf("%s is not JSON", body)
	}
	return string(body)
}

const head = `{"instanceId":"app_1","tenantId":"acme","testFlag":0,"timeStamp":"20220420114117642",`

func TestCalls(t *testing.T) {
	v1, v2 := aboutAcme(identity.SyncV1), aboutAcme(identity.SyncV2)
	rd := department{"rd", "R&D <1>", "1"}
	root := department{Code: "1", Name: "Acme"}
	zhang := person{
		UserName: "zhang", Name: "张三", Department: "rd", Role: roleAdmin, Enable: "true", Position: "Lead", EmployeeCode: "007",
		EmployeeType: 2, Mobile: "+8613800000001", Email: "z@acme.example", WorkPlace: "Bern", EntryDate: "2024-02-3",
	}
	plain := person{UserName: "li", Name: "Li", Department: "1", Role: roleUser, Enable: "false"}
	all1, err1 := departmentsCall(v1, []department{root, rd})
	all2, err2 := departmentsCall(v2, []department{root, rd})
	none, err3 := departmentsCall(v2, nil)
	some1, err4 := peopleCall(v1, "app_1", []person{zhang, plain}, Modify)
	some2, err5 := peopleCall(v2, "app_1", []person{zhang, plain}, Modify)
	gone1, err6 := peopleCall(v1, "app_1", nil, Revoke)
	gone2, err7 := peopleCall(v2, "app_2", nil, Revoke)
	acme := tenant{"app_1", "acme", "Acme Ltd", "https://id.example"}
	wiki := credential{"app_1", "wiki", "sealed"}
	tests := []struct {
		name string
		got  fields
		err  error
		want string
	}{
		{"tenant", tenantCall(v2, acme, Modify), nil, head + `"orderId":"app_1","tenantCode":"acme","name":"Acme Ltd","domainName":"https://id.example","flag":2}`},
		{"tenant, first form: 2 is not known", tenantCall(v1, acme, Modify), nil, head + `"orderId":"app_1","tenantCode":"acme","name":"Acme Ltd","domainName":"https://id.example","flag":1}`},
		{"application", applicationCall(v2, wiki, Add), nil, head + `"appId":"app_1","clientId":"wiki","clientSecret":"sealed","flag":1}`},
		{"application removed", applicationCall(v1, wiki, Remove), nil, head + `"appId":"app_1","clientId":"wiki","clientSecret":"sealed","flag":0}`},
		{"department", departmentCall(v2, rd, Add), nil, head + `"orgCode":"rd","orgName":"R&D <1>","parentCode":"1","flag":1}`},
		{"department at the top, first form", departmentCall(v1, root, Modify), nil, head + `"orgCode":"1","orgName":"Acme","parentCode":"","flag":2}`},
		{"all departments, first form: a text", all1, err1, head + `"orgInfo":"[{\"orgCode\":\"1\",\"name\":\"Acme\",\"parentCode\":\"\"},{\"orgCode\":\"rd\",\"name\":\"R&D <1>\",\"parentCode\":\"1\"}]"}`},
		{"all departments", all2, err2, head + `"orgInfoList":[{"orgCode":"1","orgName":"Acme"},{"orgCode":"rd","orgName":"R&D <1>","parentCode":"1"}]}`},
		{"no departments", none, err3, head + `"orgInfoList":[]}`},
		{"people, first form: a text, and what came later apart", some1, err4, head + `"appId":"app_1","currentSyncTime":"20220420114117642","flag":2,"userList":"[{\"userName\":\"zhang\",\"name\":\"张三\",\"orgCode\":\"rd\",\"role\":\"admin\",\"enable\":\"true\",\"position\":\"Lead\",\"employeeCode\":\"007\",\"mobile\":\"+8613800000001\",\"email\":\"z@acme.example\",\"extension\":{\"entryDate\":\"2024-02-3\",\"employeeType\":2,\"workPlace\":\"Bern\"}},{\"userName\":\"li\",\"name\":\"Li\",\"orgCode\":\"1\",\"role\":\"user\",\"enable\":\"false\"}]"}`},
		{"people", some2, err5, head + `"appId":"app_1","currentSyncTime":"20220420114117642","flag":2,"userList":[{"userName":"zhang","name":"张三","orgCode":"rd","role":"admin","enable":"true","position":"Lead","employeeCode":"007","employeeType":2,"mobile":"+8613800000001","email":"z@acme.example","workPlace":"Bern","entryDate":"2024-02-3"},{"userName":"li","name":"Li","orgCode":"1","role":"user","enable":"false"}]}`},
		{"revoked, first form: removed", gone1, err6, head + `"appId":"app_1","currentSyncTime":"20220420114117642","flag":0,"userList":"[]"}`},
		{"revoked", gone2, err7, head + `"appId":"app_2","currentSyncTime":"20220420114117642","flag":3,"userList":[]}`},
	}
	for _, test := range tests {
		if got := bodyOf(t, test.got, test.err); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestATryNamesNoInstance(t *testing.T) {
	a := about{wire: identity.SyncV2, tenant: "acme", test: true, at: moment}
	got := bodyOf(t, a.fields(), nil)
	if want := `{"instanceId":"","tenantId":"acme","testFlag":1,"timeStamp":"20220420114117642"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestStampIsEightHoursEast(t *testing.T) {
	for at, want := range map[time.Time]string{
		time.Date(2022, 12, 31, 16, 0, 0, 0, time.UTC):               "20230101000000000",
		time.Date(2024, 2, 29, 15, 59, 59, 7_000_000, time.UTC):      "20240229235959007",
		time.Date(2024, 1, 2, 3, 0, 0, 0, time.FixedZone("", -3600)): "20240102120000000",
	} {
		if got := stamp(at); got != want {
			t.Errorf("stamp(%v) = %s, want %s", at, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	tests := []struct {
		base  string
		wire  identity.SyncWire
		event Event
		want  string
	}{
		{"https://app.example", identity.SyncV1, EventTenant, "https://app.example/produceAPI/tenantSync"},
		{"https://app.example/", identity.SyncV2, EventTenant, "https://app.example/produceAPI/v2/tenantSync"},
		{"https://app.example/in", identity.SyncV2, EventApplication, "https://app.example/in/produceAPI/v2/applicationSync"},
		{"https://app.example", identity.SyncV2, EventPeople, "https://app.example/produceAPI/v2/authSync"},
		{"https://app.example", identity.SyncV1, EventDepartment, "https://app.example/produceAPI/singleOrgSync"},
		{"https://app.example", identity.SyncV2, EventDepartments, "https://app.example/produceAPI/v2/allOrgSync"},
	}
	for _, test := range tests {
		if got := address(test.base, test.wire, test.event); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestWhatAttributesTell(t *testing.T) {
	said := map[string]string{
		"employee_number": strings.Repeat("7", 70), "employee_type": "3", "work_place": strings.Repeat("界", 300), "entry_date": "2024-02-03",
	}
	tests := []struct {
		name       string
		attributes map[string]string
		personal   bool
		want       person
	}{
		{"all of it", said, true, person{EmployeeCode: strings.Repeat("7", 64), EmployeeType: 3, WorkPlace: strings.Repeat("界", 256), EntryDate: "2024-02-3"}},
		{"nothing personal", said, false, person{EmployeeCode: strings.Repeat("7", 64)}},
		{"what the wire cannot say", map[string]string{"employee_type": "5", "entry_date": "yesterday"}, true, person{}},
		{"no number", map[string]string{"employee_type": "regular"}, true, person{}},
		{"none", nil, true, person{}},
	}
	for _, test := range tests {
		var got person
		got.tell(test.attributes, test.personal)
		if got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}
