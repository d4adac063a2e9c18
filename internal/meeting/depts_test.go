package meeting

import (
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	deptPath   = "/v1/usg/dcs/corp/dept"
	memberDept = "/v1/usg/dcs/member/dept"
)

// caller calls as somebody who signed in a moment ago.
func (h *house) caller(account string) func(method, path, body string) *httptest.ResponseRecorder {
	h.t.Helper()
	word := h.login(account).AccessToken
	return func(method, path, body string) *httptest.ResponseRecorder {
		return h.request(method, path, body, "X-Access-Token: "+word)
	}
}

// says checks the body of a success.
func says(t *testing.T, w *httptest.ResponseRecorder, want string) {
	t.Helper()
	if w.Code != 200 || w.Body.String() != want {
		t.Errorf("got %d %s, want %s", w.Code, w.Body, want)
	}
}

func TestDepartments(t *testing.T) {
	h := newHouse(t)
	anna, ben, carl := h.caller("anna@acme.example"), h.caller("ben@acme.example"), h.caller("carl@acme.example")
	says(t, anna("POST", deptPath, `{"deptName":"R&D","deptCode":"rd","note":null,"sortLevel":5}`), `{"value":"rd"}`)
	says(t, ben("POST", deptPath, `{"deptName":"Lab","deptCode":"lab","parentDeptCode":"RD","note":"n","inPermission":"OPEN",`+
		`"outPermission":"DESIGNATED_DEPARTMENT","designatedOutDeptCodes":["rd","1"]}`), `{"value":"lab"}`)
	if w := anna("POST", deptPath, `{"deptName":"drawn","outPermission":"UNLIMITED","designatedOutDeptCodes":["x"]}`); w.Code != 200 || w.Body.Len() != len(`{"value":"abcd"}`) {
		t.Errorf("without a code: %d %s", w.Code, w.Body)
	}
	corp := `"corpId":"` + string(h.acme.ID) + `",`
	lab := `{"deptCode":"lab","deptName":"Lab","deptLevel":3,"deptNamePath":"Acme#R&D#Lab","deptCodePath":"1#rd#lab","isLeafNode":true,` +
		`"parentDeptCode":"rd","note":"n",` + corp + `"inPermission":"OPEN","outPermission":"DESIGNATED_DEPARTMENT",` +
		`"designatedOutDeptCodes":[{"id":"1","mark":"Acme"},{"id":"rd","mark":"R&D"}],"sortLevel":10000`
	says(t, carl("GET", memberDept+"/rd", ""), `{"deptCode":"rd","deptName":"R&D","deptLevel":2,"deptNamePath":"Acme#R&D","deptCodePath":"1#rd",`+
		`"isLeafNode":false,"parentDeptCode":"1","note":"",`+corp+`"inPermission":"UNLIMITED","outPermission":"UNLIMITED",`+
		`"designatedOutDeptCodes":[],"sortLevel":5,"childDepts":[`+lab+`}]}`)
	says(t, carl("GET", memberDept+"/lab", ""), lab+`,"childDepts":[]}`)
	says(t, carl("GET", memberDept+"?deptName=LA", ""), "["+lab+"}]")
	says(t, carl("GET", memberDept+"?deptName=nothing", ""), "[]")

	says(t, anna("PUT", deptPath+"/lab", `{"deptName":"Lab 2","parentDeptCode":"","note":"","inPermission":"UNLIMITED","sortLevel":7}`), "")
	says(t, anna("PUT", deptPath+"/lab", `{"outPermission":"ONLY_SELF","designatedOutDeptCodes":["rd"]}`), "")
	says(t, anna("PUT", deptPath+"/lab", `{}`), "")
	says(t, anna("GET", memberDept+"/lab", ""), `{"deptCode":"lab","deptName":"Lab 2","deptLevel":2,"deptNamePath":"Acme#Lab 2","deptCodePath":"1#lab",`+
		`"isLeafNode":true,"parentDeptCode":"1","note":"",`+corp+`"inPermission":"UNLIMITED","outPermission":"ONLY_SELF",`+
		`"designatedOutDeptCodes":[],"sortLevel":7,"childDepts":[]}`)
	says(t, anna("DELETE", deptPath+"/lab", ""), "")
	refused(t, anna("GET", memberDept+"/lab", ""), 400, "USG.201030404")
}

func TestDepartmentRefusals(t *testing.T) {
	h := newHouse(t)
	anna := h.caller("anna@acme.example")
	says(t, anna("POST", deptPath, `{"deptName":"rd","deptCode":"rd"}`), `{"value":"rd"}`)
	says(t, anna("POST", deptPath, `{"deptName":"lab","deptCode":"lab","parentDeptCode":"rd"}`), `{"value":"lab"}`)
	for _, c := range []struct{ method, path, body, code string }{
		{"POST", deptPath, ``, "USG.000000003"},
		{"POST", deptPath, `{}`, "USG.000000003"},
		{"POST", deptPath, `{"deptName":""}`, "USG.000000003"},
		{"POST", deptPath, `{"deptName":"x","deptCode":"` + strings.Repeat("c", 33) + `"}`, "USG.000000003"},
		{"POST", deptPath, `{"deptName":"x","sortLevel":0}`, "USG.000000003"},
		{"POST", deptPath, `{"deptName":"x","sortLevel":"1"}`, "USG.000000003"},
		{"POST", deptPath, `{"deptName":"x","inPermission":"CLOSE"}`, "USG.000000003"},
		{"POST", deptPath, `{"deptName":"x","outPermission":"ALL"}`, "USG.000000003"},
		{"POST", deptPath, `{"deptName":"x","designatedOutDeptCodes":["a"` + strings.Repeat(`,"a"`, 150) + `]}`, "USG.000000003"},
		{"POST", deptPath, `{"deptName":"x","outPermission":"DESIGNATED_DEPARTMENT","designatedOutDeptCodes":["nowhere"]}`, "USG.201030404"},
		{"POST", deptPath, `{"deptName":"x","parentDeptCode":"nowhere"}`, "USG.201030404"},
		{"POST", deptPath, `{"deptName":"x","deptCode":"RD"}`, "USG.201030409"},
		{"POST", deptPath, `{"deptName":"RD"}`, "USG.201030409"},
		{"PUT", deptPath + "/nowhere", `{}`, "USG.201030404"},
		{"PUT", deptPath + "/1", `{"deptName":"other"}`, "USG.201030400"},
		{"PUT", deptPath + "/rd", `{"parentDeptCode":"lab"}`, "USG.201030400"},
		{"DELETE", deptPath + "/1", ``, "USG.201030400"},
		{"DELETE", deptPath + "/rd", ``, "USG.201030400"},
		{"DELETE", deptPath + "/nowhere", ``, "USG.201030404"},
		{"GET", memberDept, ``, "USG.000000003"},
		{"GET", memberDept + "?deptName=" + strings.Repeat("x", 129), ``, "USG.000000003"},
		{"GET", memberDept + "/nowhere", ``, "USG.201030404"},
	} {
		refused(t, anna(c.method, c.path, c.body), 400, c.code)
	}
	carl := h.caller("carl@acme.example")
	refused(t, carl("POST", deptPath, `{"deptName":"x"}`), 403, "USG.201020001")
	// What a member may not see is not found.
	says(t, anna("PUT", deptPath+"/1", `{"outPermission":"ONLY_SELF"}`), "")
	refused(t, carl("GET", memberDept+"/lab", ""), 400, "USG.201030404")
	says(t, carl("GET", memberDept+"?deptName=lab", ""), "[]")
}
