package meeting

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// asking calls for somebody who is signed in.
func (h *house) asking(word, method, path, body string) *httptest.ResponseRecorder {
	return h.request(method, "/v1/usg/"+path, body, "X-Access-Token: "+word)
}

// done calls and expects the empty success.
func (h *house) done(word, method, path, body string) {
	h.t.Helper()
	if w := h.asking(word, method, path, body); w.Code != http.StatusOK || w.Body.Len() != 0 {
		h.t.Errorf("%s %s %s: got %d %s, want the empty success", method, path, body, w.Code, w.Body)
	}
}

// told calls and reads what is answered.
func (h *house) told(into any, word, method, path, body string) {
	h.t.Helper()
	w := h.asking(word, method, path, body)
	if w.Code != http.StatusOK {
		h.t.Fatalf("%s %s %s: got %d %s, want 200", method, path, body, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		h.t.Fatalf("%s %s: %s: %v", method, path, w.Body, err)
	}
}

// listed is a page of answers.
type listed[T any] struct {
	Offset, Limit, Count int
	Data                 []T
}

// later is the end of resources of these tests, in milliseconds.
const later = 2549030400000

// resourcesOf is the path of the resources of acme.
func (h *house) resourcesOf(rest string) string {
	return "dcs/sp/corp/" + string(h.acme.ID) + "/resource" + rest
}

// granted grants resources, written as on the wire.
func (h *house) granted(root, resources string) {
	h.t.Helper()
	h.done(root, "POST", h.resourcesOf(""), resources)
}

func TestResources(t *testing.T) {
	h := newHouse(t)
	root, anna := h.login("root@seller.example").AccessToken, h.login("anna@acme.example").AccessToken
	h.granted(root, fmt.Sprintf(`[{"id":"r1","type":"VMR","typeId":"ff808081699b56d40169c4111fe5017a","count":2,"expireDate":%d},
		{"id":"r2","type":"HARD_1080P","count":5,"expireDate":%d},{"type":"SOFT","count":50,"expireDate":%d,"typeId":null}]`, int64(later), int64(later), int64(later)))
	var l listed[resourceAnswer]
	h.told(&l, root, "GET", h.resourcesOf("?searchKey=R1&status=0&startExpireDate=1&endExpireDate=2549030400000"), "")
	if len(l.Data) != 1 || l.Count != 1 || l.Limit != 10 {
		t.Fatalf("got %+v, want r1", l)
	}
	got, want := l.Data[0], resourceAnswer{
		ID: "r1", Type: "VMR", TypeID: "ff808081699b56d40169c4111fe5017a", TypeDesc: "vmr25", VMRMode: new(1), Count: 2, ExpireDate: later, Editable: true,
	}
	if *got.VMRMode != 1 {
		t.Errorf("vmrMode: got %d, want 1", *got.VMRMode)
	}
	if got.VMRMode = want.VMRMode; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for query, want := range map[string]int{
		"": 3, "?type=SOFT": 1, "?vmrMode=1": 1, "?vmrMode=2": 0, "?typeId=unknown": 0, "?orderId=o": 0, "?status=1": 0, "?offset=40&limit=2": 1,
	} {
		h.told(&l, anna, "GET", "dcs/corp/resource-list"+query, "")
		if len(l.Data) != want {
			t.Errorf("%s: got %+v, want %d", query, l, want)
		}
	}
}

func TestResourceTotals(t *testing.T) {
	h := newHouse(t)
	root, anna := h.login("root@seller.example").AccessToken, h.login("anna@acme.example").AccessToken
	h.granted(root, fmt.Sprintf(`[{"type":"VMR","typeId":"ff808081699b56d40169c4111fe5017a","count":2,"expireDate":%d},
		{"type":"HARD_1080P","count":5,"expireDate":%d},{"type":"SOFT","count":50,"expireDate":%d}]`, int64(later), int64(later), int64(later)))
	var totals struct {
		FullHD  totalAnswer     `json:"te1080pHardCount"`
		Members totalAnswer     `json:"teSoftCount"`
		Calls   totalAnswer     `json:"confCallCount"`
		Corps   totalAnswer     `json:"corpCount"`
		VMR     []packageAnswer `json:"vmr"`
		Groups  []any           `json:"groupList"`
	}
	h.told(&totals, anna, "GET", "dcs/corp/resource", "")
	if totals.FullHD.Sum != 5 || totals.Members.Sum != 50 || *totals.Members.Used != 3 || totals.Calls.Used != nil ||
		len(totals.VMR) != 1 || totals.VMR[0].Count != 2 || totals.VMR[0].Parties != 25 {
		t.Errorf("got %+v", totals)
	}
	h.told(&totals, root, "GET", "dcs/sp/resource?queryGroup=true", "")
	if totals.Corps.Sum != 1 || totals.FullHD.Sum != 5 || totals.Groups == nil {
		t.Errorf("of all: got %+v", totals)
	}
}

func TestResourceRecords(t *testing.T) {
	h := newHouse(t)
	root := h.login("root@seller.example").AccessToken
	h.granted(root, fmt.Sprintf(`[{"id":"r1","type":"VMR","count":2,"expireDate":%d},{"id":"r2","type":"HARD_1080P","count":5,"expireDate":%d},
		{"type":"SOFT","count":50,"expireDate":%d}]`, int64(later), int64(later), int64(later)))
	var l listed[resourceAnswer]
	h.done(root, "PUT", h.resourcesOf(""), `[{"id":"r2","isDisabled":true,"expireDate":null}]`)
	h.told(&l, root, "GET", h.resourcesOf("?status=2"), "")
	if l.Count != 1 || l.Data[0].Status != 2 {
		t.Errorf("disabled: got %+v", l)
	}
	h.done(root, "POST", h.resourcesOf("/delete"), `["r1","r2"]`)
	for query, want := range map[string]int{"": 6, "?operateType=1": 2, "?operateType=3": 1, "?type=VMR&operateType=0": 1, "?startOperateDate=9000000000000": 0} {
		h.told(&l, root, "GET", h.resourcesOf("-record"+query), "")
		if l.Count != want {
			t.Errorf("records %s: got %+v, want %d", query, l, want)
		}
	}
}

func TestResourcesRefuse(t *testing.T) {
	h := newHouse(t)
	root, anna := h.login("root@seller.example").AccessToken, h.login("anna@acme.example").AccessToken
	h.granted(root, fmt.Sprintf(`[{"id":"r1","type":"SOFT","count":50,"expireDate":%d}]`, int64(later)))
	for name, c := range map[string]struct {
		word, method, path, body string
		status                   int
		code                     string
	}{
		"the owner grants":       {anna, "POST", h.resourcesOf(""), `[]`, 403, "USG.201020001"},
		"the provider's own":     {root, "GET", "dcs/corp/resource", "", 403, "USG.201020001"},
		"an unknown enterprise":  {root, "GET", "dcs/sp/corp/nothing/resource", "", 400, "USG.201020404"},
		"an unknown type":        {root, "POST", h.resourcesOf(""), `[{"type":"X","count":1,"expireDate":1}]`, 400, "USG.000000003"},
		"an unknown package":     {root, "POST", h.resourcesOf(""), `[{"type":"VMR","typeId":"x","count":1,"expireDate":1}]`, 400, "USG.000000003"},
		"no count":               {root, "POST", h.resourcesOf(""), `[{"type":"SOFT","expireDate":1}]`, 400, "USG.000000003"},
		"a count that is quoted": {root, "POST", h.resourcesOf(""), `[{"type":"SOFT","count":"1","expireDate":1}]`, 400, "USG.000000003"},
		"an object":              {root, "POST", h.resourcesOf(""), `{}`, 400, "USG.000000003"},
		"an unknown resource":    {root, "PUT", h.resourcesOf(""), `[{"id":"x"}]`, 400, "USG.201020414"},
		"delete an unknown one":  {root, "POST", h.resourcesOf("/delete"), `["r1","x"]`, 400, "USG.201020414"},
		"an unknown filter":      {root, "GET", h.resourcesOf("?type=x"), "", 400, "USG.000000003"},
		"a status beyond":        {root, "GET", h.resourcesOf("?status=3"), "", 400, "USG.000000003"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, h.asking(c.word, c.method, c.path, c.body), c.status, c.code) })
	}
}

func TestDevices(t *testing.T) {
	h := newHouse(t)
	ben := h.login("ben@acme.example").AccessToken
	var d deviceAnswer
	h.told(&d, ben, "POST", "dcs/corp/device", `{"name":"Hall","model":"TE20","sn":"SN_1","prjCodeMode":2,"phone":"13800000009","email":"it@acme.example","status":1}`)
	want := deviceAnswer{
		Name: "Hall", Type: "TE", Model: "TE20", SN: "SN_1", Account: d.Account, Number: d.Number, PrjCodeMode: 2, DeptCode: "1", DeptName: "Acme",
		DeptNamePath: "Acme", Phone: "+8613800000009", Country: "chinaPR", Email: "it@acme.example", Status: 1,
	}
	if d != want || !strings.HasPrefix(d.Number, "+991") || d.Account == "" {
		t.Errorf("got %+v, want %+v", d, want)
	}
	h.done(ben, "PUT", "dcs/corp/device/SN_1", `{"name":"Lobby","phone":"","prjCodeMode":0,"deptCode":""}`)
	h.done(ben, "PUT", "dcs/corp/device/status/0", `["SN_1"]`)
	d = deviceAnswer{}
	h.told(&d, ben, "GET", "dcs/corp/device/SN_1", "")
	if d.Name != "Lobby" || d.Phone != "" || d.Status != 0 || d.PrjCodeMode != 0 {
		t.Errorf("edited: got %+v", d)
	}
	var l listed[deviceAnswer]
	for query, want := range map[string]int{"": 1, "?searchKey=lob&model=TE20&deptCode=1&enableSubDept=false": 1, "?model=TE30": 0, "?searchKey=n_1": 1} {
		h.told(&l, ben, "GET", "dcs/corp/device"+query, "")
		if l.Count != want || len(l.Data) != want {
			t.Errorf("%s: got %+v, want %d", query, l, want)
		}
	}
}

// hall adds a terminal with the serial number SN_1.
func (h *house) hall(word string) (d deviceAnswer) {
	h.t.Helper()
	h.told(&d, word, "POST", "dcs/corp/device", `{"name":"Hall","model":"TE20","sn":"SN_1","email":"it@acme.example"}`)
	return d
}

func TestDeviceStates(t *testing.T) {
	h := newHouse(t)
	ben, carl := h.login("ben@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
	d := h.hall(ben)
	var states []deviceStatusAnswer
	h.told(&states, carl, "POST", "acs/ap/userstatus", fmt.Sprintf(`[%q]`, d.Number))
	if len(states) != 1 || states[0] != (deviceStatusAnswer{d.Number, "1", "0"}) {
		t.Errorf("got %+v", states)
	}
	h.done(ben, "POST", "dcs/corp/device/SN_1/activecode", `{"emailAddr":"it@acme.example"}`)
	var types []deviceTypeAnswer
	h.told(&types, ben, "GET", "dcs/termdevtype", "")
	if len(types) != 16 || types[0].Resolution != "720P" || types[15].Type != "3rd" {
		t.Errorf("got %+v", types)
	}
}

func TestDevicesRefuse(t *testing.T) {
	h := newHouse(t)
	ben, carl := h.login("ben@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
	h.hall(ben)
	for name, c := range map[string]struct {
		word, method, path, body string
		status                   int
		code                     string
	}{
		"a member":              {carl, "GET", "dcs/corp/device", "", 403, "USG.201020001"},
		"the same SN":           {ben, "POST", "dcs/corp/device", `{"name":"x","model":"TE20","sn":"sn_1","email":"a@b.example"}`, 400, "USG.201050409"},
		"no contact":            {ben, "POST", "dcs/corp/device", `{"name":"x","model":"TE20"}`, 400, "USG.000000003"},
		"an unknown model":      {ben, "POST", "dcs/corp/device", `{"name":"x","model":"TE21","email":"a@b.example"}`, 400, "USG.000000003"},
		"an unknown terminal":   {ben, "GET", "dcs/corp/device/x", "", 400, "USG.201050404"},
		"an unknown department": {ben, "GET", "dcs/corp/device?deptCode=x", "", 400, "USG.201030404"},
		"all or nothing":        {ben, "POST", "dcs/corp/device/delete", `["SN_1","x"]`, 400, "USG.201050404"},
		"an unknown status":     {ben, "PUT", "dcs/corp/device/status/2", `["SN_1"]`, 404, "USG.000000404"},
		"a foreign number":      {carl, "POST", "acs/ap/userstatus", `["+991"]`, 401, "USG.000000004"},
		"a code to nobody":      {ben, "POST", "dcs/corp/device/SN_1/activecode", `{}`, 400, "USG.000000003"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, h.asking(c.word, c.method, c.path, c.body), c.status, c.code) })
	}
	h.done(ben, "POST", "dcs/corp/device/delete", `["SN_1"]`)
}

func TestActiveCodes(t *testing.T) {
	h := newHouse(t)
	ben := h.login("ben@acme.example").AccessToken
	const path = "dcs/corp/vision/activecode"
	var made, again newCodeAnswer
	h.told(&made, ben, "POST", path, `{"devType":"welink-desktop(iwb)","devName":"Board","smsNumber":"13800000009"}`)
	var l listed[activeCodeAnswer]
	h.told(&l, ben, "GET", path+"?searchKey="+made.ActiveCode+"&devType=welink-desktop(iwb)", "")
	if l.Count != 1 || l.Data[0].ActiveCode != made.ActiveCode || l.Data[0].DeptName != "Acme" ||
		l.Data[0].ExpireDate != h.clock.Now().AddDate(0, 0, 7).UnixMilli() {
		t.Fatalf("got %+v", l)
	}
	id := l.Data[0].ID
	h.told(&again, ben, "PUT", path+"/"+id+"/reset", `{}`)
	if again.ActiveCode == made.ActiveCode || again.ActiveCode == "" {
		t.Errorf("got %+v, want another than %+v", again, made)
	}
	refused(t, h.asking(ben, "POST", path, `{"devType":"x","devName":"Board","emailAddr":"a@b.example"}`), 400, "USG.000000003")
	refused(t, h.asking(ben, "POST", path, `{"devType":"idea-hub","devName":"Hub","smsNumber":"+85212345678","country":"chinaHKG"}`), 400, "USG.000000003")
	refused(t, h.asking(ben, "DELETE", path, `["x"]`), 400, "USG.201050012")
	h.done(ben, "DELETE", path, fmt.Sprintf(`[%q]`, id))
	refused(t, h.asking(ben, "PUT", path+"/"+id+"/reset", `{}`), 400, "USG.201050012")
}

func TestRooms(t *testing.T) {
	h := newHouse(t)
	root, ben := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken
	h.granted(root, fmt.Sprintf(`[{"id":"r1","type":"VMR","count":2,"expireDate":%d}]`, int64(later)))
	var all listed[corpRoomAnswer]
	h.told(&all, ben, "GET", "dcs/corp/vmr?status=2", "")
	if all.Count != 2 || all.Data[0].Parties != 10 || all.Data[0].Member != nil || all.Data[0].ExpireDate != later {
		t.Fatalf("got %+v, want two that are lent to nobody", all)
	}
	room := fmt.Sprintf(`[%q]`, all.Data[0].ID)
	h.done(ben, "POST", "dcs/corp/vmr/assign-to-member/carl@acme.example", room)
	h.done(ben, "POST", "dcs/corp/vmr/assign-to-member/carl?accountType=1", room)
	h.told(&all, ben, "GET", "dcs/corp/vmr?searchKey=carl", "")
	if all.Count != 1 || all.Data[0].Member == nil || !strings.HasPrefix(all.Data[0].Member.Mark, "Carl") || all.Data[0].Status != 0 {
		t.Errorf("lent: got %+v", all)
	}
	h.told(&all, ben, "GET", "dcs/corp/vmr?vmrMode=2", "")
	if all.Count != 0 || all.Data == nil {
		t.Errorf("webinars: got %+v", all)
	}
}

// lent grants a room and lends it to carl.
func (h *house) lent(root, ben string) (id string) {
	h.t.Helper()
	h.granted(root, fmt.Sprintf(`[{"id":"r1","type":"VMR","count":1,"expireDate":%d}]`, int64(later)))
	var all listed[corpRoomAnswer]
	h.told(&all, ben, "GET", "dcs/corp/vmr?status=2", "")
	h.done(ben, "POST", "dcs/corp/vmr/assign-to-member/carl@acme.example", fmt.Sprintf(`[%q]`, all.Data[0].ID))
	return all.Data[0].ID
}

func TestOwnRooms(t *testing.T) {
	h := newHouse(t)
	root, ben, carl := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
	mine := "dcs/member/vmr/" + h.lent(root, ben)
	var own listed[ownRoomAnswer]
	for query, want := range map[string]int{"": 2, "?specialVmr=true": 1, "?specialVmr=false": 1, "?searchKey=nothing": 0} {
		h.told(&own, carl, "GET", "dcs/member/vmr"+query, "")
		if own.Count != want {
			t.Errorf("%s: got %+v, want %d", query, own, want)
		}
	}
	h.told(&own, carl, "GET", "dcs/member/vmr?specialVmr=true", "")
	if r := own.Data[0]; r.Mode != 1 || *r.Parties != 10 || r.HostPassword == "" {
		t.Errorf("got %+v", r)
	}
	h.done(carl, "PUT", mine, `{"vmrName":"Carl's","chairPwd":"123456","gustPwd":"","allowGustFirst":true,"gustFirstNotice":true}`)
	h.told(&own, carl, "GET", "dcs/member/vmr?searchKey=carl's", "")
	if r := own.Data[0]; r.Name != "Carl's" || r.HostPassword != "123456" || !r.GuestsFirst || !r.GuestNotice {
		t.Errorf("changed: got %+v", r)
	}
}

func TestRoomsRefuse(t *testing.T) {
	h := newHouse(t)
	root, ben, carl := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
	id := h.lent(root, ben)
	mine, room := "dcs/member/vmr/"+id, fmt.Sprintf(`[%q]`, id)
	h.done(carl, "PUT", mine, `{"chairPwd":"123456"}`)
	for name, c := range map[string]struct {
		word, method, path, body string
		status                   int
		code                     string
	}{
		"passwords alike":     {carl, "PUT", mine, `{"gustPwd":"123456"}`, 400, "USG.201080006"},
		"another's room":      {ben, "PUT", mine, `{"gustPwd":"4444"}`, 400, "USG.201080404"},
		"lent to another":     {ben, "POST", "dcs/corp/vmr/assign-to-member/ben@acme.example", room, 400, "USG.201080409"},
		"to nobody":           {ben, "POST", "dcs/corp/vmr/assign-to-member/x@acme.example", room, 400, "USG.201040000"},
		"remove what is lent": {ben, "POST", "dcs/corp/vmr/delete", room, 400, "USG.201080409"},
		"an unknown room":     {ben, "POST", "dcs/corp/vmr/recycle-from-member/carl@acme.example", `["x"]`, 400, "USG.201080404"},
		"a resource in use":   {root, "POST", h.resourcesOf("/delete"), `["r1"]`, 400, "USG.201020410"},
		"a member asks":       {carl, "GET", "dcs/corp/vmr", "", 403, "USG.201020001"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, h.asking(c.word, c.method, c.path, c.body), c.status, c.code) })
	}
	h.done(ben, "POST", "dcs/corp/vmr/recycle-from-member/carl@acme.example", room)
	h.done(ben, "POST", "dcs/corp/vmr/delete", room)
}

func TestAddCorpGrants(t *testing.T) {
	h := newHouse(t)
	root := h.login("root@seller.example").AccessToken
	body := `{"basicInfo":{"name":"Nova"},"adminInfo":{"account":"adm@nova.example","name":"adm","pwd":"Walnut-harbour-82","email":"adm@nova.example"},
		"resInfo":{"resource":[{"type":%q,"count":10,"expireDate":2549030400000}]}}`
	refused(t, h.asking(root, "POST", "dcs/sp/corp", fmt.Sprintf(body, "X")), 400, "USG.000000003")
	var made valueAnswer
	h.told(&made, root, "POST", "dcs/sp/corp", fmt.Sprintf(body, "VMR"))
	var l listed[resourceAnswer]
	h.told(&l, root, "GET", "dcs/sp/corp/"+made.Value+"/resource", "")
	if l.Count != 1 || l.Data[0].Count != 10 || l.Data[0].TypeDesc != "vmr10" {
		t.Errorf("got %+v, want ten rooms", l)
	}
}

// Both ways to look at an enterprise tell what it has.
func TestCorpGrants(t *testing.T) {
	h := newHouse(t)
	root := h.login("root@seller.example").AccessToken
	var made valueAnswer
	h.told(&made, root, "POST", "dcs/sp/corp", `{"basicInfo":{"name":"Nova"},"adminInfo":{"account":"adm@nova.example","name":"adm",
		"pwd":"Walnut-harbour-82","email":"adm@nova.example"},"resInfo":{"resource":[{"type":"VMR","count":10,"expireDate":2549030400000}]}}`)
	h.granted(root, fmt.Sprintf(`[{"id":"a","type":"SOFT","count":7,"expireDate":%d},{"id":"b","type":"HARD_1080P","count":3,"expireDate":1}]`, int64(later)))
	var one corpAnswer
	h.told(&one, root, "GET", "dcs/sp/corp/"+made.Value, "")
	if p := one.ResInfo.Counts.Packages; len(p) != 1 || p[0].Count != 10 || p[0].Used != 0 || p[0].Parties != 10 || one.ResInfo.Counts.Members != 0 {
		t.Errorf("got %+v", one.ResInfo)
	}
	var all listed[corpAnswer]
	h.told(&all, root, "GET", "dcs/sp/corp", "")
	for _, c := range all.Data {
		counts := c.ResInfo.Counts
		if acme := c.ID == string(h.acme.ID); acme && (counts.Members != 7 || counts.FullHD != 0 || len(counts.Packages) != 0) || !acme && len(counts.Packages) != 1 {
			t.Errorf("%s: got %+v", c.BasicInfo.Name, counts)
		}
	}
}
