package meeting

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// device adds a terminal.
func (h *house) device(word, serial, model string) *httptest.ResponseRecorder {
	return h.asking(word, "POST", "dcs/corp/device", fmt.Sprintf(`{"name":"x","model":%q,"sn":%q,"email":"it@acme.example"}`, model, serial))
}

// user adds a user.
func (h *house) user(word, account string) *httptest.ResponseRecorder {
	return h.asking(word, "POST", "dcs/corp/member", fmt.Sprintf(`{"account":"%s@acme.example","name":%q,"pwd":"Walnut-harbour-82","deptCode":"1","email":"%s@mail.example"}`,
		account, account, account))
}

// fine expects a success, whatever it says.
func fine(t *testing.T, what string, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code != 200 {
		t.Errorf("%s: got %d %s, want 200", what, w.Code, w.Body)
	}
}

func TestQuotasOfTerminals(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root, ben := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken
		soon := h.clock.Now().Add(10 * time.Minute).UnixMilli()
		fine(t, "before anything was granted", h.device(ben, "A", "TE10"))
		h.granted(root, fmt.Sprintf(`[{"id":"hd","type":"HARD_1080P","count":1,"expireDate":%d},{"id":"third","type":"HARD_THIRD_PARTY","count":1,"expireDate":%d}]`, soon, soon))
		fine(t, "the one", h.device(ben, "B", "TE20"))
		refused(t, h.device(ben, "C", "HUAWEI Box 600"), 400, "USG.201050400")
		fine(t, "of another maker", h.device(ben, "D", "cisco"))
		refused(t, h.device(ben, "E", "polycom"), 400, "USG.201050400")
		fine(t, "of a kind without a grant", h.device(ben, "F", "TE10"))

		refused(t, h.asking(root, "POST", h.resourcesOf("/delete"), `["hd"]`), 400, "USG.201020410")
		h.done(ben, "POST", "dcs/corp/device/delete", `["B"]`)
		h.done(root, "PUT", h.resourcesOf(""), `[{"id":"hd","isDisabled":true}]`)
		refused(t, h.device(ben, "B", "TE20"), 400, "USG.201050400")
		h.done(root, "PUT", h.resourcesOf(""), `[{"id":"hd","isDisabled":false}]`)
		fine(t, "enabled again", h.device(ben, "B", "TE20"))
		h.done(ben, "POST", "dcs/corp/device/delete", `["B"]`)
		h.clock.Advance(10 * time.Minute)
		refused(t, h.device(ben, "B", "TE20"), 400, "USG.201050400")
		h.done(root, "PUT", h.resourcesOf(""), fmt.Sprintf(`[{"id":"hd","type":"HARD_1080P","expireDate":%d}]`, int64(later)))
		fine(t, "prolonged", h.device(ben, "B", "TE20"))
		// A resource of the same name and kind is prolonged or disabled, never more.
		h.granted(root, fmt.Sprintf(`[{"id":"hd","type":"HARD_1080P","count":9,"expireDate":%d}]`, int64(later)))
		refused(t, h.device(ben, "C", "TE20"), 400, "USG.201050400")
	})
}

func TestQuotasOfActiveCodes(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root, ben := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken
		h.granted(root, fmt.Sprintf(`[{"type":"HUAWEI_VISION","count":1,"expireDate":%d},{"type":"ROOM","count":1,"expireDate":%d},{"type":"IDEA_HUB","count":1,"expireDate":%d}]`,
			int64(later), int64(later), int64(later)))
		add := func(device string) *httptest.ResponseRecorder {
			return h.asking(ben, "POST", "dcs/corp/vision/activecode", fmt.Sprintf(`{"devType":%q,"devName":"x","emailAddr":"it@acme.example"}`, device))
		}
		for _, device := range []string{"huawei-vision", "smart-rooms", "idea-hub"} {
			h.clock.Advance(time.Second) // what was made in one millisecond is in no order
			fine(t, device, add(device))
			refused(t, add(device), 400, "USG.201050400")
		}
		refused(t, add("welink-desktop(iwb)"), 400, "USG.201050400") // takes what the smart room took
		var l listed[activeCodeAnswer]
		h.told(&l, ben, "GET", "dcs/corp/vision/activecode?limit=2&offset=7", "")
		if l.Count != 3 || l.Offset != 2 || len(l.Data) != 1 || l.Data[0].DevType != "idea-hub" {
			t.Errorf("the last page: got %+v", l)
		}
		h.done(ben, "DELETE", "dcs/corp/vision/activecode", fmt.Sprintf(`[%q,%q]`, l.Data[0].ID, l.Data[0].ID))
		fine(t, "when there is room again", add("idea-hub"))
	})
}

func TestSoftLimitsUsers(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root, ben := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken
		soft := func(id string, count int, end int64) {
			t.Helper()
			h.granted(root, fmt.Sprintf(`[{"id":%q,"type":"SOFT","count":%d,"expireDate":%d}]`, id, count, end))
		}
		soft("s1", 4, later) // anna, ben and carl are there
		fine(t, "the fourth", h.user(ben, "dora"))
		refused(t, h.user(ben, "emil"), 400, "USG.201040005")
		soft("s2", 1, h.clock.Now().Add(10*time.Minute).UnixMilli())
		fine(t, "the fifth", h.user(ben, "emil"))
		h.done(ben, "POST", "dcs/corp/member/delete", `["emil@acme.example"]`)
		h.clock.Advance(10 * time.Minute)
		refused(t, h.user(ben, "emil"), 400, "USG.201040005")
		h.done(root, "POST", h.resourcesOf("/delete"), `["s1","s2"]`) // users stay
		var totals struct {
			Members totalAnswer `json:"teSoftCount"`
		}
		h.told(&totals, ben, "GET", "dcs/corp/resource", "")
		if m := totals.Members; m.Sum != 0 || m.Used == nil || *m.Used != 4 {
			t.Errorf("got %+v, want four users and nothing granted", m)
		}
		refused(t, h.user(ben, "emil"), 400, "USG.201040005")
		soft("s3", 5, later)
		fine(t, "granted anew", h.user(ben, "emil"))
	})
}

func TestRecordsOfResources(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root := h.login("root@seller.example").AccessToken
		begin := h.clock.Now()
		h.granted(root, fmt.Sprintf(`[{"id":"alpha","type":"VMR","count":1,"expireDate":%d}]`, int64(later)))
		for _, body := range []string{`[{"id":"alpha","isDisabled":true}]`, `[{"id":"alpha","isDisabled":false}]`, `[{"id":"alpha","expireDate":2549030400001}]`, `[{"id":"alpha"}]`} {
			h.clock.Advance(time.Minute)
			h.done(root, "PUT", h.resourcesOf(""), body)
		}
		h.done(root, "POST", h.resourcesOf("/delete"), `["alpha"]`)
		at := func(minutes int) int64 { return begin.Add(time.Duration(minutes) * time.Minute).UnixMilli() }
		for query, want := range map[string]int{
			"": 5, "?operateType=0": 1, "?operateType=1": 1, "?operateType=2": 1, "?operateType=3": 1, "?operateType=4": 1,
			"?searchKey=LPH": 5, "?searchKey=beta": 0, "?type=VMR": 5, "?type=SOFT": 0, "?typeId=ff808081699b56d40169c410d5080179": 5, "?typeId=other": 0,
			"?startExpireDate=2549030400001": 2, "?endExpireDate=2549030400000": 3,
			fmt.Sprintf("?startOperateDate=%d", at(2)): 3, fmt.Sprintf("?endOperateDate=%d", at(1)): 2,
			fmt.Sprintf("?startOperateDate=%d&endOperateDate=%d&operateType=3", at(1), at(1)): 1,
		} {
			var l listed[resourceAnswer]
			h.told(&l, root, "GET", h.resourcesOf("-record"+query), "")
			if l.Count != want || len(l.Data) != want {
				t.Errorf("%s: got %+v, want %d", query, l, want)
			}
		}
		var l listed[resourceAnswer]
		h.told(&l, root, "GET", h.resourcesOf("-record?limit=2&offset=2"), "")
		if l.Count != 5 || l.Offset != 2 || len(l.Data) != 2 {
			t.Errorf("a page: got %+v", l)
		}
		for _, query := range []string{"?operateType=5", "?operateType=-1", "?type=vmr", "?startOperateDate=x", "?endExpireDate=-1", "?limit=0", "?limit=501", "?offset=-1"} {
			refused(t, h.asking(root, "GET", h.resourcesOf("-record"+query), ""), 400, "USG.000000003")
		}
	})
}

// nova is another enterprise; the word is its owner's.
func (h *house) nova() (o identity.Organization, word string) {
	h.t.Helper()
	own := false
	o = must[identity.Organization](h.t)(h.o.Directory.AddOrganization(h.t.Context(), console(), directory.NewOrganization{
		Code: "nova", Name: "Nova", Domain: "nova.example",
		Owner: &directory.NewMember{Account: "nora@nova.example", Name: "Nora", Password: password, MustChange: &own},
	}))
	return o, h.login("nora@nova.example").AccessToken
}

func TestForeignEnterprisesFindNothing(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root, ben := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken
		id := h.lent(root, ben)
		d := h.hall(ben)
		fine(t, "a code", h.asking(ben, "POST", "dcs/corp/vision/activecode", `{"devType":"idea-hub","devName":"x","emailAddr":"it@acme.example"}`))
		var codes listed[activeCodeAnswer]
		h.told(&codes, ben, "GET", "dcs/corp/vision/activecode", "")
		nova, nora := h.nova()
		for _, path := range []string{"dcs/corp/device", "dcs/corp/vision/activecode", "dcs/corp/vmr", "dcs/corp/resource-list"} {
			var l listed[struct{}]
			h.told(&l, nora, "GET", path, "")
			if l.Count != 0 || l.Data == nil || len(l.Data) != 0 {
				t.Errorf("%s: got %+v, want an empty list", path, l)
			}
		}
		room, account := fmt.Sprintf(`[%q]`, id), codes.Data[0].ID
		for name, c := range map[string]struct {
			word, method, path, body string
			status                   int
			code                     string
		}{
			"show a terminal":        {nora, "GET", "dcs/corp/device/SN_1", "", 400, "USG.201050404"},
			"change a terminal":      {nora, "PUT", "dcs/corp/device/SN_1", `{"name":"mine"}`, 400, "USG.201050404"},
			"disable a terminal":     {nora, "PUT", "dcs/corp/device/status/1", `["SN_1"]`, 400, "USG.201050404"},
			"remove a terminal":      {nora, "POST", "dcs/corp/device/delete", `["SN_1"]`, 400, "USG.201050404"},
			"reset a terminal":       {nora, "POST", "dcs/corp/device/SN_1/activecode", `{"emailAddr":"nora@nova.example"}`, 400, "USG.201050404"},
			"ask for its state":      {nora, "POST", "acs/ap/userstatus", fmt.Sprintf(`[%q]`, d.Number), 401, "USG.000000004"},
			"reset a code":           {nora, "PUT", "dcs/corp/vision/activecode/" + account + "/reset", `{}`, 400, "USG.201050012"},
			"remove a code":          {nora, "DELETE", "dcs/corp/vision/activecode", fmt.Sprintf(`[%q]`, account), 400, "USG.201050012"},
			"take a room":            {nora, "POST", "dcs/corp/vmr/assign-to-member/nora@nova.example", room, 400, "USG.201080404"},
			"lend to a stranger":     {nora, "POST", "dcs/corp/vmr/assign-to-member/carl@acme.example", room, 400, "USG.201040000"},
			"recall from a stranger": {nora, "POST", "dcs/corp/vmr/recycle-from-member/carl@acme.example", room, 400, "USG.201040000"},
			"remove a room":          {nora, "POST", "dcs/corp/vmr/delete", room, 400, "USG.201080404"},
			"change a room":          {nora, "PUT", "dcs/member/vmr/" + id, `{"vmrName":"mine"}`, 400, "USG.201080404"},
			"read what was granted":  {nora, "GET", h.resourcesOf(""), "", 403, "USG.201020001"},
			"read what was done":     {nora, "GET", h.resourcesOf("-record"), "", 403, "USG.201020001"},
			"by another's path":      {root, "PUT", "dcs/sp/corp/" + string(nova.ID) + "/resource", `[{"id":"r1"}]`, 400, "USG.201020414"},
			"delete by that":         {root, "POST", "dcs/sp/corp/" + string(nova.ID) + "/resource/delete", `["r1"]`, 400, "USG.201020414"},
		} {
			t.Run(name, func(t *testing.T) { refused(t, h.asking(c.word, c.method, c.path, c.body), c.status, c.code) })
		}
	})
}
