package meeting

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
)

const (
	userPath  = "/v1/usg/dcs/corp/member"
	adminPath = "/v1/usg/dcs/corp/admin"
	myPath    = "/v1/usg/dcs/member"
	corpPath  = "/v1/usg/dcs/corp"
	spPath    = "/v1/usg/dcs/sp/corp"
)

// told reads an answer as a client does that knows no types.
func told(t *testing.T, w *httptest.ResponseRecorder) (answer map[string]any) {
	t.Helper()
	if w.Code != 200 {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	return answer
}

// has compares some fields of an answer.
func has(t *testing.T, got map[string]any, want map[string]any) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: got %v, want %v", name, got[name], value)
		}
	}
}

func TestUsers(t *testing.T) {
	h := newHouse(t)
	anna := h.caller("anna@acme.example")
	says(t, anna("POST", deptPath, `{"deptName":"R&D","deptCode":"rd"}`), `{"value":"rd"}`)
	has(t, told(t, anna("POST", userPath, `{"name":"Dora","account":"dora@acme","thirdAccount":"d"}`)), map[string]any{
		"userAccount": "dora@acme", "name": "Dora", "thirdAccount": "d", "deptCode": "1", "deptName": "Acme", "userType": 2.0, "adminType": 2.0,
		"status": 0.0, "sortLevel": 10000.0, "corp": nil,
	})
	full := `{"name":"Ed","account":"ed@acme","phone":"+8613800000077","country":"chinaPR","email":"ed@mail.example","pwd":"Passw0rd!x",` +
		`"englishName":"Edward","deptCode":"rd","signature":"s","title":"t","desc":"d","status":1,"function":{"enableRoom":true},` +
		`"sendNotify":"0","sortLevel":3,"hidePhone":true}`
	want := map[string]any{
		"userAccount": "ed@acme", "phone": "+8613800000077", "country": "chinaPR", "email": "ed@mail.example", "englishName": "Edward",
		"deptCode": "rd", "deptName": "R&D", "deptNamePath": "Acme#R&D", "signature": "s", "title": "t", "desc": "d", "status": 1.0,
		"sortLevel": 3.0, "hidePhone": true,
	}
	has(t, told(t, anna("POST", userPath, full)), want)
	has(t, told(t, anna("GET", userPath+"/ED@acme", "")), want)
	has(t, told(t, anna("GET", userPath+"/carl?accountType=1", "")), map[string]any{"userAccount": "carl@acme.example"})
	changed := told(t, anna("PUT", userPath+"/ed@acme", `{"name":"Eddie","desc":"","deptCode":"","status":0,"hidePhone":false,"phone":"","country":""}`))
	has(t, changed, map[string]any{"name": "Eddie", "desc": "", "deptCode": "1", "status": 0.0, "hidePhone": false, "phone": "", "title": "t"})

	says(t, anna("PUT", userPath+"/status/1", `["ed@acme","dora@acme"]`), "")
	has(t, told(t, anna("GET", userPath+"?status=1&limit=1", "")), map[string]any{"count": 2.0, "limit": 1.0})
	says(t, anna("PUT", userPath+"/status/0?accountType=1", `["d"]`), "")
	has(t, told(t, anna("GET", userPath+"?status=1", "")), map[string]any{"count": 1.0})
	// One that is unknown, or may not be touched, and nobody is removed.
	refused(t, anna("POST", userPath+"/delete", `["ed@acme","nobody"]`), 400, "USG.201040000")
	refused(t, anna("POST", userPath+"/delete", `["ed@acme","anna@acme.example"]`), 403, "USG.201040047")
	has(t, told(t, anna("GET", userPath, "")), map[string]any{"count": 5.0})
	says(t, anna("POST", userPath+"/delete", `["ed@acme","dora@acme"]`), "")
	has(t, told(t, anna("GET", userPath, "")), map[string]any{"count": 3.0})
}

func TestUserSearch(t *testing.T) {
	h := newHouse(t)
	anna := h.caller("anna@acme.example")
	names := func(query string) (all []string) {
		t.Helper()
		for _, item := range told(t, anna("GET", userPath+query, ""))["data"].([]any) {
			all = append(all, item.(map[string]any)["name"].(string))
		}
		return all
	}
	const carl = `Carl "<C>"`
	for query, want := range map[string]string{
		"?sortField=ldapAccount": "Anna,Ben," + carl, "?searchKey=AR": carl, "?searchKey=138000": carl, "?adminType=1": "Ben", "?adminType=2": carl,
		"?sortField=ldapAccount&isAsc=false": carl + ",Ben,Anna", "?sortField=adminType": "Anna,Ben," + carl,
		"?sortField=ldapAccount&deptCode=1&enableSubDept=false": "Anna,Ben," + carl, "?userType=13": "", "?sortField=ldapAccount&userType=13&userType=2": "Anna,Ben," + carl,
		"?sortField=ldapAccount&limit=2&offset=7": carl, "?searchKey=%25": "",
	} {
		if got := strings.Join(names(query), ","); got != want {
			t.Errorf("%q: got %s, want %s", query, got, want)
		}
	}
	for query, code := range map[string]string{
		"?sortField=name": "USG.000000003", "?isAsc=1": "USG.000000003", "?deptCode=nowhere": "USG.201030404", "?status=2": "USG.000000003",
		"?userType=x": "USG.000000003", "?limit=501": "USG.000000003",
	} {
		refused(t, anna("GET", userPath+query, ""), 400, code)
	}
}

func TestUserRefusals(t *testing.T) {
	h := newHouse(t)
	ben := h.caller("ben@acme.example")
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", userPath, `{}`, 400, "USG.000000003"},
		{"POST", userPath, `{"name":"x"}`, 400, "USG.000000003"},
		{"POST", userPath, `{"name":"x","account":"123","email":"x@y.example"}`, 400, "USG.000000003"},
		{"POST", userPath, `{"name":"x","account":"CARL@acme.example","email":"x@y.example"}`, 400, "USG.201040001"},
		{"POST", userPath, `{"name":"x","thirdAccount":"carl"}`, 400, "USG.201040001"},
		{"POST", userPath, `{"name":"x","email":"CARL@mail.example"}`, 400, "USG.201040020"},
		{"POST", userPath, `{"name":"x","email":"x@y.example","phone":"13800000001","country":"chinaPR"}`, 400, "USG.201040020"},
		{"POST", userPath, `{"name":"x","email":"x@y.example","pwd":"short1"}`, 400, "USG.201040016"},
		{"POST", userPath, `{"name":"x","email":"x@y.example","pwd":"aaaaaaaaaaaa"}`, 400, "USG.201040016"},
		{"POST", userPath, `{"name":"x","account":"walnut@x","email":"x@y.example","pwd":"x@tunlaw"}`, 400, "USG.201040016"},
		{"POST", userPath, `{"name":"x","email":"x@y.example","deptCode":"nowhere"}`, 400, "USG.201030404"},
		{"POST", userPath, `{"name":"x","email":"x@y.example","sendNotify":0}`, 400, "USG.000000003"},
		{"POST", userPath, `{"name":"x","email":"x@y.example","status":2}`, 400, "USG.000000003"},
		{"GET", userPath + "/carl", ``, 400, "USG.201040000"},
		{"GET", userPath + "/root@seller.example", ``, 400, "USG.201040000"},
		{"GET", userPath + "/carl?accountType=2", ``, 400, "USG.000000003"},
		{"PUT", userPath + "/nobody", `{}`, 400, "USG.201040000"},
		{"PUT", userPath + "/anna@acme.example", `{"name":"x"}`, 403, "USG.201020001"},
		{"PUT", userPath + "/status/2", `["carl@acme.example"]`, 400, "USG.000000003"},
		{"PUT", userPath + "/status/1", `[]`, 400, "USG.000000003"},
		{"POST", userPath + "/delete", ``, 400, "USG.000000003"},
		{"POST", adminPath, `{"account":"carl@acme.example"}`, 403, "USG.201020001"},
	} {
		refused(t, ben(c.method, c.path, c.body), c.status, c.code)
	}
}

func TestAdmins(t *testing.T) {
	h := newHouse(t)
	anna := h.caller("anna@acme.example")
	refused(t, anna("GET", adminPath+"/carl@acme.example", ""), 400, "USG.201040000")
	says(t, anna("POST", adminPath+"?accountType=1", `{"account":"carl"}`), "")
	admin := told(t, anna("GET", adminPath+"/carl@acme.example", ""))
	has(t, admin, map[string]any{"account": "carl@acme.example", "adminType": 1.0, "email": "carl@mail.example"})
	has(t, admin["dept"].(map[string]any), map[string]any{"deptCode": "1", "deptNamePath": "Acme", "parentDeptCode": nil, "corpId": string(h.acme.ID)})
	has(t, told(t, anna("GET", adminPath+"?searchKey=acme&limit=2", "")), map[string]any{"count": 3.0, "limit": 2.0})
	refused(t, anna("POST", adminPath, `{"account":"nobody"}`), 400, "USG.201040000")
	refused(t, anna("POST", adminPath, `{"account":"anna@acme.example"}`), 400, "USG.000000003")
	refused(t, anna("POST", adminPath+"/delete", `["carl@acme.example","anna@acme.example"]`), 400, "USG.000000003")
	refused(t, anna("POST", adminPath+"/delete", `["carl@acme.example","nobody"]`), 400, "USG.201040000")
	says(t, anna("POST", adminPath+"/delete", `["carl@acme.example"]`), "")
	refused(t, anna("POST", adminPath+"/delete", `["carl@acme.example"]`), 400, "USG.201040000")
	has(t, told(t, anna("GET", userPath+"/carl@acme.example", "")), map[string]any{"adminType": 2.0})
}

func TestOwnData(t *testing.T) {
	h := newHouse(t)
	carl := h.caller("carl@acme.example")
	me := told(t, carl("GET", myPath, ""))
	has(t, me, map[string]any{"userAccount": "carl@acme.example", "englishName": "Charles", "deptNamePath": "Acme"})
	has(t, me["corp"].(map[string]any), map[string]any{"id": string(h.acme.ID), "name": "Acme", "account": "anna@acme.example", "adminName": "Anna"})
	says(t, carl("PUT", myPath, `{"name":"Karl","title":"Dr","signature":null}`), "")
	has(t, told(t, carl("GET", myPath, "")), map[string]any{"name": "Karl", "title": "Dr", "englishName": "Charles"})
	refused(t, carl("PUT", myPath, `{"title":"Dr"}`), 400, "USG.000000003")

	code := myPath + "/verification-code"
	for body, want := range map[string]string{
		`{}`: "USG.000000003", `{"contact":"+8613800000002"}`: "USG.000000003", `{"contact":"no@mail"}`: "USG.000000003",
		`{"contact":"+8613800000002","country":"chinaPR"}`: "USG.206060012",
	} {
		refused(t, carl("POST", code, body), 400, want)
	}
	says(t, carl("POST", code, `{"contact":"karl@mail.example"}`), "")
	refused(t, carl("POST", code, `{"contact":"karl@mail.example"}`), 400, "USG.206030004")
	refused(t, carl("POST", code+"/verify", `{"contact":"karl@mail.example","verificationCode":"x"}`), 400, "USG.206030002")
	refused(t, carl("PUT", myPath+"/contact", `{"contact":"other@mail.example","verificationCode":"x"}`), 400, "USG.206030002")
	refused(t, carl("PUT", myPath+"/contact", `{"contact":"karl@mail.example"}`), 400, "USG.206030002")
}

func TestCorp(t *testing.T) {
	h := newHouse(t)
	ben := h.caller("ben@acme.example")
	has(t, told(t, ben("GET", corpPath, "")), map[string]any{"name": "Acme", "adminName": "Anna", "autoUserCreate": true, "corpType": 0.0})
	says(t, ben("PUT", corpPath, `{"address":"Here","autoUserCreate":false}`), "")
	says(t, ben("PUT", corpPath, `{}`), "")
	has(t, told(t, ben("GET", corpPath, "")), map[string]any{"address": "Here", "autoUserCreate": false})
	refused(t, ben("PUT", corpPath, `{"autoUserCreate":1}`), 400, "USG.000000003")
}

func TestCorps(t *testing.T) {
	h := newHouse(t)
	root := h.caller("root@seller.example")
	made := told(t, root("POST", spPath, `{"basicInfo":{"name":"Globex","phone":"075528780808","email":"info@globex.example","fax":"+86755"},`+
		`"adminInfo":{"account":"gus@globex","name":"Gus","pwd":"","email":"gus@globex.example"},"propertyInfo":[{"propertyKey":"enableClientRecord","propertyValue":"true"}]}`))
	id := made["value"].(string)
	corp := told(t, root("GET", spPath+"/"+id, ""))
	has(t, corp["basicInfo"].(map[string]any), map[string]any{"name": "Globex", "phone": "075528780808", "fax": "+86755", "spId": "orgate"})
	has(t, corp["adminInfo"].(map[string]any), map[string]any{"account": "gus@globex", "adminType": 0.0, "email": "gus@globex.example"})
	for key, count := range map[string]float64{
		"": 2, "GLOB": 1, "8780808": 1, "info@": 1, "gus@": 1, "gus@globex.example": 1, id: 1, "%25": 0, "acme": 1,
	} {
		has(t, told(t, root("GET", spPath+"?searchKey="+key, "")), map[string]any{"count": count})
	}
	says(t, root("PUT", spPath+"/"+id, `{"basicInfo":{"address":"There"},"adminInfo":{"name":"Gustav","phone":"+8613800000099","country":"chinaPR"}}`), "")
	corp = told(t, root("GET", spPath+"/"+id, ""))
	has(t, corp["basicInfo"].(map[string]any), map[string]any{"name": "Globex", "address": "There", "email": "info@globex.example"})
	has(t, corp["adminInfo"].(map[string]any), map[string]any{"name": "Gustav", "phone": "+8613800000099"})
	admin := func(account, email string) string {
		return `{"basicInfo":{"name":"Initech"},"adminInfo":{"account":"` + account + `","name":"I","email":"` + email + `"}}`
	}
	for _, c := range []struct{ method, path, body, code string }{
		{"POST", spPath, `{"basicInfo":{"name":"x"}}`, "USG.000000003"},
		{"POST", spPath, admin("gus@globex", "new@initech.example"), "USG.201020023"},
		{"POST", spPath, admin("new@initech", "gus@globex.example"), "USG.201020023"},
		{"POST", spPath, admin("carl@acme.example", "new@initech.example"), "USG.201040001"},
		{"POST", spPath, admin("new@initech", "carl@mail.example"), "USG.201040020"},
		{"POST", spPath, admin("new@initech", ""), "USG.000000003"},
		{"POST", spPath, strings.Replace(admin("new@initech", "n@i.example"), `"I"`, `"I","pwd":"short1"`, 1), "USG.201040016"},
		{"POST", spPath, strings.Replace(admin("new@initech", "n@i.example"), "Initech", "a#b", 1), "USG.000000003"},
		{"PUT", spPath + "/nowhere", `{}`, "USG.201020404"},
		{"GET", spPath + "/nowhere", ``, "USG.201020404"},
		{"DELETE", spPath + "/nowhere", ``, "USG.201020404"},
	} {
		refused(t, root(c.method, c.path, c.body), 400, c.code)
	}
	says(t, root("DELETE", spPath+"/"+id, ""), "")
	refused(t, root("GET", spPath+"/"+id, ""), 400, "USG.201020404")
	refused(t, h.caller("anna@acme.example")("GET", spPath, ""), 403, "USG.201020001")
}

// Whoever is shown is shown with where they meet: the personal id, which an
// administrator may change, and the rooms that are lent to them.
func TestRoomsOfUsers(t *testing.T) {
	h := newHouse(t)
	root, anna := h.login("root@seller.example").AccessToken, h.login("anna@acme.example").AccessToken
	h.granted(root, fmt.Sprintf(`[{"id":"r1","type":"VMR","typeId":"ff808081699b56d40169c4111fe5017a","count":1,"expireDate":%d}]`, int64(later)))
	var rooms listed[corpRoomAnswer]
	h.told(&rooms, anna, "GET", "dcs/corp/vmr", "")
	h.done(anna, "POST", "dcs/corp/vmr/assign-to-member/carl@acme.example", fmt.Sprintf(`[%q]`, rooms.Data[0].ID))
	var got userDetail
	h.told(&got, anna, "GET", "dcs/corp/member/carl@acme.example", "")
	if len(got.VmrList) != 2 || got.VmrList[0].Mode != vmrPersonal || len(got.VmrList[0].VMRID) != 10 || got.VmrList[0].Parties != nil {
		t.Fatalf("got %+v", got.VmrList)
	}
	lent := got.VmrList[1]
	if lent.ID != rooms.Data[0].ID || lent.Mode != vmrRoom || lent.Package != "vmr25" || *lent.Parties != 25 || *lent.Length != 0 || lent.Status != 0 {
		t.Errorf("got %+v", lent)
	}
	h.told(&got, anna, "PUT", "dcs/corp/member/carl@acme.example", `{"vmrId":"123456","title":"Dr"}`)
	if got.VmrList[0].VMRID != "123456" || got.Title != "Dr" {
		t.Errorf("got %+v", got)
	}
}

func TestPersonalNumbers(t *testing.T) {
	h := newHouse(t)
	anna := h.login("anna@acme.example").AccessToken
	var got userDetail
	h.told(&got, anna, "PUT", "dcs/corp/member/carl@acme.example", `{"vmrId":"123456"}`)
	// It is shown in both lists, and to the person.
	var found listed[userFound]
	if h.told(&found, anna, "GET", "dcs/corp/member?searchKey=carl", ""); *found.Data[0].VmrID != "123456" {
		t.Errorf("got %+v", found)
	}
	var own userDetail
	if h.told(&own, h.login("carl@acme.example").AccessToken, "GET", "dcs/member", ""); own.VmrList[0].VMRID != "123456" {
		t.Errorf("got %+v", own.VmrList)
	}
	// One that somebody has leaves everything as it was.
	refused(t, h.asking(anna, "PUT", "dcs/corp/member/ben@acme.example", `{"vmrId":"123456","title":"Prof"}`), 400, "USG.201080410")
	refused(t, h.asking(anna, "PUT", "dcs/corp/member/ben@acme.example", `{"vmrId":"12a"}`), 400, "USG.000000003")
	if h.told(&got, anna, "GET", "dcs/corp/member/ben@acme.example", ""); got.Title != "" || got.VmrList[0].VMRID == "123456" {
		t.Errorf("got %+v", got)
	}
	h.told(&got, anna, "PUT", "dcs/corp/member/carl@acme.example", `{"vmrId":""}`)
	if got.VmrList[0].VMRID != "123456" {
		t.Errorf("an empty one: got %+v", got.VmrList)
	}
}

// Meeting API, O-13: who has a third account needs no number and no address,
// unless the organisation wants one of everybody.
func TestContactOfUsers(t *testing.T) {
	h := newHouse(t)
	anna := h.caller("anna@acme.example")
	refused(t, anna("POST", userPath, `{"name":"x","account":"x@acme"}`), 400, "USG.000000003")
	has(t, told(t, anna("POST", userPath, `{"name":"x","thirdAccount":"x"}`)), map[string]any{"thirdAccount": "x"})
	rules := h.acme.Rules
	rules.ContactRequired = true
	_, err := h.o.Directory.ChangeOrganization(t.Context(), console(), h.acme.ID, 0, directory.OrganizationChange{Rules: &rules})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, anna("POST", userPath, `{"name":"y","thirdAccount":"y"}`), 400, "USG.000000003")
	has(t, told(t, anna("POST", userPath, `{"name":"y","account":"y@acme","thirdAccount":"y","email":"y@mail.example"}`)), map[string]any{"email": "y@mail.example"})
	refused(t, anna("PUT", userPath+"/y@acme", `{"email":""}`), 400, "USG.000000003")
	has(t, told(t, anna("PUT", userPath+"/y@acme", `{"title":"Dr"}`)), map[string]any{"title": "Dr"})
}
