package meeting

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// refusedCall is a call and how it is refused.
type refusedCall struct {
	word, method, path, body string
	status                   int
	code                     string
}

// allRefused makes calls that are each refused as they say.
func (h *house) allRefused(t *testing.T, cases map[string]refusedCall) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { refused(t, h.asking(c.word, c.method, c.path, c.body), c.status, c.code) })
	}
}

// manyTexts is a body of n texts that are all different.
func manyTexts(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%q", fmt.Sprintf("x%d", i)))
	}
	return "[" + strings.Join(all, ",") + "]"
}

func TestDeviceFieldsAreChecked(t *testing.T) {
	h := newHouse(t)
	ben := h.login("ben@acme.example").AccessToken
	h.hall(ben)
	const add, edit = "dcs/corp/device", "dcs/corp/device/SN_1"
	long := strings.Repeat("x", 129)
	h.allRefused(t, map[string]refusedCall{
		"no name":                  {ben, "POST", add, `{"model":"TE20","email":"a@b.example"}`, 400, "USG.000000003"},
		"a long name":              {ben, "POST", add, fmt.Sprintf(`{"name":%q,"model":"TE20","email":"a@b.example"}`, long[:65]), 400, "USG.000000003"},
		"a serial with a hyphen":   {ben, "POST", add, `{"name":"x","model":"TE20","sn":"SN-1","email":"a@b.example"}`, 400, "USG.000000003"},
		"an unknown department":    {ben, "POST", add, `{"name":"x","model":"TE20","deptCode":"x","email":"a@b.example"}`, 400, "USG.201030404"},
		"an address that is none":  {ben, "POST", add, `{"name":"x","model":"TE20","email":"nobody"}`, 400, "USG.000000003"},
		"a number that is none":    {ben, "POST", add, `{"name":"x","model":"TE20","phone":"12ab"}`, 400, "USG.000000003"},
		"a projection beyond":      {ben, "POST", add, `{"name":"x","model":"TE20","prjCodeMode":3,"email":"a@b.example"}`, 400, "USG.000000003"},
		"a status beyond":          {ben, "POST", add, `{"name":"x","model":"TE20","status":2,"email":"a@b.example"}`, 400, "USG.000000003"},
		"an array":                 {ben, "POST", add, `[]`, 400, "USG.000000003"},
		"edit: an empty name":      {ben, "PUT", edit, `{"name":""}`, 400, "USG.000000003"},
		"edit: a long description": {ben, "PUT", edit, fmt.Sprintf(`{"description":%q}`, long), 400, "USG.000000003"},
		"edit: the last contact":   {ben, "PUT", edit, `{"email":""}`, 400, "USG.000000003"},
		"edit: a flag for status":  {ben, "PUT", edit, `{"status":true}`, 400, "USG.000000003"},
		"edit: no department":      {ben, "PUT", edit, `{"deptCode":"x"}`, 400, "USG.201030404"},
		"edit: nothing":            {ben, "PUT", "dcs/corp/device/SN_2", `{}`, 400, "USG.201050404"},
		"remove none":              {ben, "POST", "dcs/corp/device/delete", `[]`, 400, "USG.000000003"},
		"remove too many":          {ben, "POST", "dcs/corp/device/delete", manyTexts(maxItems + 1), 400, "USG.000000003"},
		"remove a number":          {ben, "POST", "dcs/corp/device/delete", `[1]`, 400, "USG.000000003"},
		"states of none":           {ben, "POST", "acs/ap/userstatus", `[]`, 400, "USG.000000003"},
		"disable what is not":      {ben, "PUT", "dcs/corp/device/status/1", `["SN_1","x"]`, 400, "USG.201050404"},
	})
	var d deviceAnswer
	h.told(&d, ben, "GET", edit, "")
	if d.Name != "Hall" || d.Status != 0 || d.Email != "it@acme.example" {
		t.Errorf("something was done: %+v", d)
	}
	h.told(&d, ben, "POST", add, `{"name":"x","model":"cisco","phone":"13800000009","sendNotify":"0"}`)
	refused(t, h.asking(ben, "POST", "dcs/corp/device/"+d.SN+"/activecode", `{"emailAddr":"a@b.example"}`), 400, "USG.206040000")
	for range identity.TerminalResets {
		h.done(ben, "POST", edit+"/activecode", `{"emailAddr":"it@acme.example"}`)
		h.clock.Advance(time.Second)
	}
	w := h.asking(ben, "POST", edit+"/activecode", `{"emailAddr":"it@acme.example"}`)
	refused(t, w, 429, "USG.000000001")
	if w.Header().Get("Retry-After") == "" {
		t.Error("it is not said when to come again")
	}
}

func TestActiveCodeFieldsAreChecked(t *testing.T) {
	h := newHouse(t)
	ben, carl := h.login("ben@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
	const path = "dcs/corp/vision/activecode"
	h.allRefused(t, map[string]refusedCall{
		"a member":              {carl, "GET", path, "", 403, "USG.201020001"},
		"a member adds":         {carl, "POST", path, `{"devType":"idea-hub","devName":"x","emailAddr":"a@b.example"}`, 403, "USG.201020001"},
		"no type":               {ben, "POST", path, `{"devName":"x","emailAddr":"a@b.example"}`, 400, "USG.000000003"},
		"no name":               {ben, "POST", path, `{"devType":"idea-hub","emailAddr":"a@b.example"}`, 400, "USG.000000003"},
		"nobody to tell":        {ben, "POST", path, `{"devType":"idea-hub","devName":"x"}`, 400, "USG.000000003"},
		"an unknown department": {ben, "POST", path, `{"devType":"idea-hub","devName":"x","deptCode":"x","emailAddr":"a@b.example"}`, 400, "USG.201030404"},
		"an unknown filter":     {ben, "GET", path + "?devType=x", "", 400, "USG.000000003"},
		"reset what is not":     {ben, "PUT", path + "/act_x/reset", `{}`, 400, "USG.201050012"},
		"reset to no address":   {ben, "PUT", path + "/act_x/reset", `{"emailAddr":"nobody"}`, 400, "USG.000000003"},
		"remove none":           {ben, "DELETE", path, `[]`, 400, "USG.000000003"},
		"remove too many":       {ben, "DELETE", path, manyTexts(maxItems + 1), 400, "USG.000000003"},
	})
}

func TestRoomFieldsAreChecked(t *testing.T) {
	h := newHouse(t)
	root, ben, carl := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
	id := h.lent(root, ben)
	mine, room := "dcs/member/vmr/"+id, fmt.Sprintf(`[%q]`, id)
	var own listed[ownRoomAnswer]
	h.told(&own, carl, "GET", "dcs/member/vmr?specialVmr=false", "")
	personal := own.Data[0].ID
	h.allRefused(t, map[string]refusedCall{
		"a member lends":            {carl, "POST", "dcs/corp/vmr/assign-to-member/carl@acme.example", room, 403, "USG.201020001"},
		"lend none":                 {ben, "POST", "dcs/corp/vmr/assign-to-member/ben@acme.example", `[]`, 400, "USG.000000003"},
		"lend a personal number":    {ben, "POST", "dcs/corp/vmr/assign-to-member/ben@acme.example", fmt.Sprintf(`[%q]`, personal), 400, "USG.201080404"},
		"remove a personal number":  {ben, "POST", "dcs/corp/vmr/delete", fmt.Sprintf(`[%q]`, personal), 400, "USG.201080404"},
		"change another's personal": {ben, "PUT", "dcs/member/vmr/" + personal, `{"vmrName":"mine"}`, 400, "USG.201080404"},
		"an unknown account type":   {ben, "POST", "dcs/corp/vmr/assign-to-member/carl?accountType=2", room, 400, "USG.000000003"},
		"an unknown third account":  {ben, "POST", "dcs/corp/vmr/assign-to-member/x?accountType=1", room, 400, "USG.201040000"},
		"recall from another":       {ben, "POST", "dcs/corp/vmr/recycle-from-member/ben@acme.example", room, 400, "USG.201080404"},
		"personal rooms of all":     {ben, "GET", "dcs/corp/vmr?vmrMode=0", "", 400, "USG.000000003"},
		"a status beyond":           {ben, "GET", "dcs/corp/vmr?status=3", "", 400, "USG.000000003"},
		"a host without":            {carl, "PUT", mine, `{"chairPwd":""}`, 400, "USG.000000003"},
		"a short guest":             {carl, "PUT", mine, `{"gustPwd":"123"}`, 400, "USG.000000003"},
		"a long host":               {carl, "PUT", mine, `{"chairPwd":"12345678901234567"}`, 400, "USG.000000003"},
		"letters":                   {carl, "PUT", mine, `{"chairPwd":"abcdef"}`, 400, "USG.000000003"},
		"an empty name":             {carl, "PUT", mine, `{"vmrName":""}`, 400, "USG.000000003"},
		"a flag in quotes":          {carl, "PUT", mine, `{"allowGustFirst":"true"}`, 400, "USG.000000003"},
		"a room that is none":       {carl, "PUT", "dcs/member/vmr/x", `{}`, 400, "USG.201080404"},
	})
}

func TestRoomsOutliveTheirUser(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root, ben, carl := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
		id := h.lent(root, ben)
		h.done(carl, "PUT", "dcs/member/vmr/"+id, `{"vmrName":"Carl's","chairPwd":"90817263","gustPwd":"4321"}`)
		h.done(ben, "POST", "dcs/corp/member/delete", `["carl@acme.example"]`)
		var rooms listed[corpRoomAnswer]
		h.told(&rooms, ben, "GET", "dcs/corp/vmr?status=2", "")
		if rooms.Count != 1 || rooms.Data[0].ID != id || rooms.Data[0].Member != nil || rooms.Data[0].Status != 2 {
			t.Fatalf("got %+v, want the room lent to nobody", rooms)
		}
		d := h.hall(ben)
		h.done(ben, "POST", "dcs/corp/vmr/assign-to-member/"+d.Account, fmt.Sprintf(`[%q]`, id))
		h.told(&rooms, ben, "GET", "dcs/corp/vmr?searchKey=hall", "")
		if r := rooms.Data[0]; rooms.Count != 1 || r.Device == nil || r.Device.Mark != "Hall" || r.Member != nil || r.Name != r.VMRID {
			t.Errorf("got %+v, want it lent to the terminal under its number", r)
		}
		h.done(ben, "POST", "dcs/corp/device/delete", `["SN_1"]`)
		h.done(root, "POST", h.resourcesOf("/delete"), `["r1"]`) // nobody has the room any more
		h.told(&rooms, ben, "GET", "dcs/corp/vmr", "")
		if rooms.Count != 0 {
			t.Errorf("got %+v, want none", rooms)
		}
	})
}

func TestEnterpriseGoesWithItsResources(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root, ben := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken
		h.lent(root, ben)
		h.hall(ben)
		h.done(root, "DELETE", "dcs/sp/corp/"+string(h.acme.ID), "")
		refused(t, h.asking(root, "GET", h.resourcesOf(""), ""), 400, "USG.201020404")
		refused(t, h.asking(root, "GET", h.resourcesOf("-record"), ""), 400, "USG.201020404")
		refused(t, h.asking(ben, "GET", "dcs/corp/device", ""), 401, "USG.206020000")
		var totals struct {
			Corps  totalAnswer `json:"corpCount"`
			FullHD totalAnswer `json:"te1080pHardCount"`
		}
		h.told(&totals, root, "GET", "dcs/sp/resource", "")
		if totals.Corps.Sum != 0 || *totals.FullHD.Used != 0 {
			t.Errorf("got %+v, want nothing", totals)
		}
	})
}
