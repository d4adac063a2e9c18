package sdk_test

import (
	"strings"
	"testing"

	meeting "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

// TestDepartmentsBySDK goes through the life of a department (Meeting API, 5.5).
func TestDepartmentsBySDK(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	admin := clientOf(t, n, harness.Admin)
	open := model.GetDeptDtoInPermissionEnum().OPEN
	made, err := admin.AddDepartment(&model.AddDepartmentRequest{Body: &model.DeptDto{DeptName: "R&D", DeptCode: pointer("rnd"), InPermission: &open}})
	if made = succeed(t, made, err); *made.Value != "rnd" {
		t.Errorf("got %s", made)
	}
	_, err = admin.UpdateDepartment(&model.UpdateDepartmentRequest{DeptCode: "rnd", Body: &model.ModDeptDto{Note: pointer("n"), SortLevel: pointer[int32](4)}})
	succeed(t, 0, err)
	alice := clientOf(t, n, harness.Alice)
	shown, err := alice.ShowDeptAndChildDept(&model.ShowDeptAndChildDeptRequest{DeptCode: "rnd"})
	if shown = succeed(t, shown, err); *shown.DeptName != "R&D" || *shown.Note != "n" || *shown.SortLevel != 4 || *shown.DeptLevel != 2 || !*shown.IsLeafNode {
		t.Errorf("got %s", shown)
	}
	found, err := alice.SearchDepartmentByName(&model.SearchDepartmentByNameRequest{DeptName: "&d"})
	if found = succeed(t, found, err); len(*found.Body) != 1 || *(*found.Body)[0].DeptCode != "rnd" {
		t.Errorf("got %s", found)
	}
	_, err = alice.AddDepartment(&model.AddDepartmentRequest{Body: &model.DeptDto{DeptName: "x"}})
	refused(t, err, forbidden, "USG.201020001")
	_, err = admin.AddDepartment(&model.AddDepartmentRequest{Body: &model.DeptDto{DeptName: "y", DeptCode: pointer("RND")}})
	refused(t, err, badRequest, "USG.201030409")
	_, err = clientOf(t, n, harness.Olga).ShowDeptAndChildDept(&model.ShowDeptAndChildDeptRequest{DeptCode: "rnd"})
	refused(t, err, badRequest, "USG.201030404")
	_, err = admin.DeleteDepartment(&model.DeleteDepartmentRequest{DeptCode: "rnd"})
	succeed(t, 0, err)
	_, err = admin.DeleteDepartment(&model.DeleteDepartmentRequest{DeptCode: "rnd"})
	refused(t, err, badRequest, "USG.201030404")
}

// TestUsersBySDK goes through the life of a user (Meeting API, 5.6).
func TestUsersBySDK(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	admin := clientOf(t, n, harness.Admin)
	const account, password = "dora@acme.example", "Quartz-lantern-55"
	n.Secret(password)
	add := &model.AddUserRequest{Body: &model.AddUserDto{
		Name: "Dora", Account: pointer(account), ThirdAccount: pointer("dora"), Email: pointer("dora@acme.example"), Pwd: pointer(password), SendNotify: pointer("0"),
	}}
	made, err := admin.AddUser(add)
	if made = succeed(t, made, err); *made.UserAccount != account || *made.DeptCode != "1" || *made.UserType != 2 {
		t.Errorf("got %s", made)
	}
	_, err = admin.AddUser(add)
	refused(t, err, badRequest, "USG.201040001")
	changed, err := admin.UpdateUser(&model.UpdateUserRequest{Account: "dora", AccountType: pointer[int32](1), Body: &model.ModUserDto{Title: pointer("Dr")}})
	if changed = succeed(t, changed, err); *changed.Title != "Dr" || *changed.Name != "Dora" {
		t.Errorf("got %s", changed)
	}
	searchUsers(t, admin)
	mine, err := client(t, n, account, password).ShowMyInfo(&model.ShowMyInfoRequest{})
	if mine = succeed(t, mine, err); *mine.UserAccount != account || *mine.Corp.Account != harness.Owner {
		t.Errorf("got %s", mine)
	}
	off := model.GetBatchUpdateUserStatusRequestValueEnum().E_1
	_, err = admin.BatchUpdateUserStatus(&model.BatchUpdateUserStatusRequest{Value: off, Body: &[]string{account}})
	succeed(t, 0, err)
	_, err = client(t, n, account, password).ShowMyInfo(&model.ShowMyInfoRequest{})
	refused(t, err, 412, "USG.206010007")
	_, err = admin.BatchDeleteUsers(&model.BatchDeleteUsersRequest{Body: &[]string{account, "nobody"}})
	refused(t, err, badRequest, "USG.201040000")
	_, err = admin.BatchDeleteUsers(&model.BatchDeleteUsersRequest{Body: &[]string{account}})
	succeed(t, 0, err)
	_, err = admin.ShowUserDetail(&model.ShowUserDetailRequest{Account: account})
	refused(t, err, badRequest, "USG.201040000")
}

func searchUsers(t *testing.T, admin *meeting.MeetingClient) {
	t.Helper()
	page, err := admin.SearchUsers(&model.SearchUsersRequest{SearchKey: pointer("OR"), UserType: &[]int32{2, 13}, Limit: pointer[int32](5)})
	if page = succeed(t, page, err); *page.Count != 1 || *(*page.Data)[0].Name != "Dora" {
		t.Errorf("got %s", page)
	}
	_, err = admin.SearchUsers(&model.SearchUsersRequest{SortField: pointer("name")})
	refused(t, err, badRequest, "USG.000000003")
}

// TestInviteBySDK invites somebody by mail (Meeting API, 5.6).
func TestInviteBySDK(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	admin := clientOf(t, n, harness.Admin)
	invite := &model.InviteUserRequest{Body: &model.AddUserRequestBody{Name: "Zoe", Contact: "zoe@new.example", Title: pointer("Dr")}}
	answer, err := admin.InviteUser(invite)
	if answer = succeed(t, answer, err); *answer.UserExist {
		t.Errorf("got %s", answer)
	}
	if text := house.Mail.Take(t, "zoe@new.example").Text; !strings.Contains(text, n.URL+"/invitations/") {
		t.Errorf("no link in %q", text)
	}
	_, err = admin.InviteUser(invite)
	refused(t, err, badRequest, "USG.201040045")
	_, err = clientOf(t, n, harness.Alice).InviteUser(invite)
	refused(t, err, forbidden, "USG.201020001")
}

// TestAdministratorsBySDK makes and dismisses one (Meeting API, 5.4).
func TestAdministratorsBySDK(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	owner := clientOf(t, n, harness.Owner)
	_, err := owner.ShowCorpAdmin(&model.ShowCorpAdminRequest{Account: harness.Alice})
	refused(t, err, badRequest, "USG.201040000")
	_, err = owner.AddCorpAdmin(&model.AddCorpAdminRequest{Body: &model.CorpAdminDto{Account: harness.Alice}})
	succeed(t, 0, err)
	shown, err := owner.ShowCorpAdmin(&model.ShowCorpAdminRequest{Account: harness.Alice})
	if shown = succeed(t, shown, err); *shown.AdminType != 1 || *shown.Dept.DeptCode == "" {
		t.Errorf("got %s", shown)
	}
	page, err := owner.SearchCorpAdmins(&model.SearchCorpAdminsRequest{SearchKey: pointer("alice")})
	if page = succeed(t, page, err); *page.Count != 1 {
		t.Errorf("got %s", page)
	}
	_, err = owner.BatchDeleteCorpAdmins(&model.BatchDeleteCorpAdminsRequest{Body: &[]string{harness.Alice, harness.Owner}})
	refused(t, err, badRequest, "USG.000000003")
	_, err = owner.BatchDeleteCorpAdmins(&model.BatchDeleteCorpAdminsRequest{Body: &[]string{harness.Alice}})
	succeed(t, 0, err)
}
