package meeting

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// colleagues adds a department whose people see themselves alone, with dora who
// hides her number, a terminal and two devices.
func (h *house) colleagues() (dora identity.Person) {
	t, ctx, own := h.t, h.t.Context(), false
	t.Helper()
	must[identity.Department](t)(h.o.Directory.AddDepartment(ctx, console(), h.acme.ID, directory.NewDepartment{
		Code: "rd", Name: "R&D", Visibility: identity.Visibility{Sees: identity.SeesOwn},
	}))
	dora = must[directory.Added](t)(h.o.Directory.AddMember(ctx, console(), h.acme.ID, directory.NewMember{
		Account: "dora@acme.example", Name: "朵拉", Password: password, MustChange: &own, DepartmentCode: "rd", ThirdAccount: "dora",
		Mobile: "+8613900000009", HideMobile: true, Title: "Dr", Signature: "s", Description: "d", EnglishName: "Dora",
	})).Person
	must[resource.Terminal](t)(h.o.Resources.AddTerminal(ctx, console(), h.acme.ID, resource.NewTerminal{
		Name: "Hall", Model: "TE20", Description: "big", Contact: identity.Contact{Email: "it@acme.example"},
	}))
	for kind, name := range map[identity.DeviceKind]string{identity.DeviceIdeaHub: "Hub", identity.DeviceSmartScreen: "Screen"} {
		must[resource.ActivationCode](t)(h.o.Resources.AddActivationCode(ctx, console(), h.acme.ID, resource.NewActivationCode{Device: kind, Name: name}))
	}
	return dora
}

// found are the names of entries, sorted.
func found(l listed[dirEntry]) string {
	var names []string
	for _, e := range l.Data {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestSearchCorpDir(t *testing.T) {
	h := newHouse(t)
	h.colleagues()
	carl, dora := h.login("carl@acme.example").AccessToken, h.login("dora@acme.example").AccessToken
	for _, tt := range []struct{ who, query, want string }{
		{carl, "", `Anna Ben Carl "<C>" Hall Hub Screen 朵拉`},
		{dora, "", "朵拉"},
		{carl, "?searchScope=ALL&searchKey=duola", "朵拉"},
		{carl, "?searchScope=NORMAL_USER", `Anna Ben Carl "<C>" 朵拉`},
		{carl, "?searchScope=HARD_TERMINAL", "Hall Hub"},
		{carl, "?deptCode=rd", "朵拉"},
		{carl, "?deptCode=1&querySubDept=false&searchScope=NORMAL_USER", `Anna Ben Carl "<C>"`},
		{carl, "?deptCode=none", ""},
		{carl, "?searchKey=13900000009", ""}, // hidden
		{carl, "?searchKey=13800000001", `Carl "<C>"`},
		{carl, "?searchKey=carl@mail", `Carl "<C>"`},
	} {
		var l listed[dirEntry]
		h.told(&l, tt.who, "GET", "abs/users"+tt.query, "")
		if got := found(l); got != tt.want || l.Count != len(l.Data) || l.Limit != defaultDirLimit {
			t.Errorf("%s: got %q of %d by %d, want %q", tt.query, got, l.Count, l.Limit, tt.want)
		}
	}
	for _, query := range []string{"?limit=0", "?limit=501", "?offset=-1", "?searchScope=NOBODY", "?querySubDept=1", "?searchKey=a&searchKey=b"} {
		refused(t, h.asking(carl, "GET", "abs/users"+query, ""), 400, "USG.000000003")
	}
	refused(t, h.asking(h.login("root@seller.example").AccessToken, "GET", "abs/users", ""), 403, "USG.201020001")
}

func TestSearchCorpDirPages(t *testing.T) {
	h := newHouse(t)
	h.colleagues()
	carl := h.login("carl@acme.example").AccessToken
	seen := map[string]int{}
	for offset := 0; offset < 7; offset += 2 {
		var l listed[dirEntry]
		h.told(&l, carl, "GET", fmt.Sprintf("abs/users?limit=2&offset=%d", offset), "")
		if l.Count != 7 || l.Offset != offset || l.Limit != 2 {
			t.Errorf("from %d: got %d by %d of %d", offset, l.Offset, l.Limit, l.Count)
		}
		for _, e := range l.Data {
			seen[e.ID]++
		}
	}
	if len(seen) != 7 {
		t.Errorf("seen %v, want seven once each", seen)
	}
	var l listed[dirEntry]
	if h.told(&l, carl, "GET", "abs/users?limit=3&offset=90", ""); l.Offset != 6 || len(l.Data) != 1 {
		t.Errorf("beyond the end: got %d from %d, want the last page", len(l.Data), l.Offset)
	}
}

func TestBatchShowUserDetails(t *testing.T) {
	h := newHouse(t)
	person := h.colleagues()
	dora := h.login("dora@acme.example").AccessToken
	must[[]resource.Room](t)(h.o.Resources.RoomsOfMember(t.Context(), console(), h.acme.ID, person.Member.ID))
	id := identity.Hex(person.Member.ID)
	var all []dirEntry
	h.told(&all, dora, "POST", "abs/users/list", fmt.Sprintf(`[{"id":%q},{"id":"none"},{"id":%q},{"id":%q}]`, id, identity.Hex(h.carl.Member.ID), id))
	if len(all) != 4 || all[0].StatusCode != dirFound || all[3].StatusCode != dirFound || len(all[0].VMRID) != 10 {
		t.Fatalf("got %+v", all)
	}
	got := all[0]
	got.UpdateTime, got.Number, got.VMRID = 0, "", ""
	want := dirEntry{
		ID: id, Account: "dora@acme.example", Name: "朵拉", EnglishName: "Dora", Phone: "+8613900000009", DeptName: "R&D", Signature: "s", Title: "Dr",
		Description: "d", Type: dirUser,
	}
	if *got.IsTerminal || !*got.HidePhone || !slices.Equal(got.DeptCodes, []string{"rd"}) {
		t.Errorf("got %+v", got)
	}
	got.IsTerminal, got.HidePhone, got.DeptCodes = nil, nil, nil
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for i, want := range map[int]dirEntry{1: {ID: "none", StatusCode: dirNobody}, 2: {ID: identity.Hex(h.carl.Member.ID), StatusCode: dirUnseen}} {
		if fmt.Sprintf("%+v", all[i]) != fmt.Sprintf("%+v", want) {
			t.Errorf("got %+v, want %+v", all[i], want)
		}
	}
}

func TestBatchShowUserDetailsAsAdministrator(t *testing.T) {
	h := newHouse(t)
	h.colleagues()
	anna := h.login("anna@acme.example").AccessToken
	// Administrators see everybody, and no hidden number.
	var all []dirEntry
	h.told(&all, anna, "POST", "abs/users/list?idType=THIRD_ACCOUNT", `[{"id":"dora"},{"id":"carl"}]`)
	if len(all) != 2 || all[0].Name != "朵拉" || all[0].Phone != "" || all[1].Phone != "+8613800000001" {
		t.Errorf("got %+v", all)
	}
	for _, body := range []string{"", "{}", "[]", `["x"]`, `[{}]`, `[{"id":7}]`, `[{"id":""}]`} {
		refused(t, h.asking(anna, "POST", "abs/users/list", body), 400, "USG.000000003")
	}
	refused(t, h.asking(anna, "POST", "abs/users/list?idType=NAME", `[{"id":"x"}]`), 400, "USG.000000003")
}

func TestTerminalsInTheDirectory(t *testing.T) {
	h := newHouse(t)
	h.colleagues()
	var l listed[dirEntry]
	h.told(&l, h.login("carl@acme.example").AccessToken, "GET", "abs/users?searchScope=ALL", "")
	types := map[string]string{}
	for _, e := range l.Data {
		types[e.Name] = fmt.Sprint(e.Type, " ", *e.IsTerminal, " ", e.Number != "", " ", e.DeptCodes)
	}
	for name, want := range map[string]string{
		"Hall": "HARD_TERMINAL true true [1]", "Hub": "IDEA_HUB_MEMBER false false [1]", "Screen": "HW_VISION_MEMBER false false [1]",
		"Anna": "NORMAL_USER false true [1]",
	} {
		if types[name] != want {
			t.Errorf("%s: got %q, want %q", name, types[name], want)
		}
	}
}

func TestShowDepartment(t *testing.T) {
	h := newHouse(t)
	h.colleagues()
	carl, dora := h.login("carl@acme.example").AccessToken, h.login("dora@acme.example").AccessToken
	for _, tt := range []struct{ who, code, want string }{
		{carl, "1", `{"deptCode":"1","deptName":"Acme","isLeafNodes":false,"childDepts":[{"deptCode":"rd","deptName":"R&D","isLeafNodes":true}]}`},
		{dora, "rd", `{"deptCode":"rd","deptName":"R&D","isLeafNodes":true,"childDepts":[]}`},
	} {
		if w := h.asking(tt.who, "GET", "abs/departments/"+tt.code, ""); w.Code != 200 || w.Body.String() != tt.want {
			t.Errorf("%s: got %d %s, want %s", tt.code, w.Code, w.Body, tt.want)
		}
	}
	refused(t, h.asking(dora, "GET", "abs/departments/1", ""), 400, "USG.201030404")
	refused(t, h.asking(carl, "GET", "abs/departments/none", ""), 400, "USG.201030404")
}

func TestSearchCorpExternalDir(t *testing.T) {
	h := newHouse(t)
	carl, ben := h.login("carl@acme.example").AccessToken, h.login("ben@acme.example").AccessToken
	asCarl := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: h.acme.ID, MemberID: h.carl.Member.ID, AccountID: h.carl.Account.ID, Role: identity.RoleMember}
	shared := must[identity.ExternalContact](t)(h.o.Addressbook.AddContact(t.Context(), console(), h.acme.ID, addressbook.Everybodys, addressbook.Contact{
		Name: "Zoe", Company: "Nova", Department: "Sales", Title: "Dr", ContactDetails: identity.ContactDetails{
			Mobile: "13700000001", OtherNumber: "+4930123456", OtherCountry: "germany", Email: "zoe@nova.example", Address: "a", Remarks: "r", CustomNumber: "7",
		},
	}))
	must[identity.ExternalContact](t)(h.o.Addressbook.AddContact(t.Context(), asCarl, h.acme.ID, addressbook.Own, addressbook.Contact{Name: "李四"}))
	var l listed[externalContact]
	h.told(&l, ben, "GET", "abs/external-contacts", "")
	want := externalContact{
		ID: identity.Hex(shared.ID), Name: "Zoe", Phone: "+8613700000001", Country: "chinaPR", OtherNumber: "+4930123456", OtherNumberCountry: "germany",
		Email: "zoe@nova.example", CorpName: "Nova", DeptName: "Sales", Position: "Dr", Address: "a", Remarks: "r", CustomNumber: "7",
		UpdateTime: shared.UpdatedAt.UnixMilli(), Type: "CORP",
	}
	if len(l.Data) != 1 || l.Data[0] != want || l.Count != 1 || l.Limit != 10 {
		t.Errorf("got %+v, want %+v", l, want)
	}
	for query, want := range map[string]string{
		"": "PERSONAL CORP", "?searchScope=ALL": "PERSONAL CORP", "?searchScope=PERSONAL": "PERSONAL", "?searchScope=CORP": "CORP",
		"?searchKey=lisi": "PERSONAL", "?searchKey=ZOE@": "CORP", "?searchKey=137": "CORP", "?searchKey=nobody": "",
	} {
		h.told(&l, carl, "GET", "abs/external-contacts"+query, "")
		for _, x := range l.Data {
			if !strings.Contains(want, x.Type) {
				t.Errorf("%s: got %s", query, x.Type)
			}
		}
		if n := len(strings.Fields(want)); len(l.Data) != n || l.Count != n {
			t.Errorf("%s: got %d of %d, want %d", query, len(l.Data), l.Count, n)
		}
	}
	refused(t, h.asking(carl, "GET", "abs/external-contacts?searchScope=MINE", ""), 400, "USG.000000003")
	refused(t, h.asking(carl, "GET", "abs/external-contacts?searchKey="+strings.Repeat("x", 1025), ""), 400, "USG.000000003")
}
