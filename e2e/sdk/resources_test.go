package sdk_test

import (
	"testing"
	"time"

	meeting "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

// acmeCode names the enterprise to its provider: by its code as well as by its
// id.
const acmeCode = "acme"

// nextYear is when the resources of these tests end, in milliseconds.
func nextYear() int64 { return time.Now().AddDate(1, 0, 0).UnixMilli() }

// grantAcme grants acme resources as its provider.
func grantAcme(t *testing.T, root *meeting.MeetingClient, resources ...model.ResourceDto) {
	t.Helper()
	answer, err := root.AddResource(&model.AddResourceRequest{CorpId: acmeCode, Body: &resources})
	succeed(t, answer, err)
}

// TestResources goes through the life of resources (Meeting API, 5.1 and 5.3).
func TestResources(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	root, owner := clientOf(t, n, harness.Root), clientOf(t, n, harness.Owner)
	grantAcme(t, root,
		model.ResourceDto{Id: pointer("rooms"), Type: "VMR", Count: 2, ExpireDate: nextYear()},
		model.ResourceDto{Id: pointer("hd"), Type: "HARD_1080P", Count: 1, ExpireDate: nextYear()})
	mine, err := owner.SearchCorpResources(&model.SearchCorpResourcesRequest{Type: pointer("VMR"), VmrMode: pointer[int32](1)})
	if mine = succeed(t, mine, err); *mine.Count != 1 || *(*mine.Data)[0].Id != "rooms" || *(*mine.Data)[0].TypeDesc != "vmr10" {
		t.Errorf("got %s", mine)
	}
	totals, err := owner.ShowCorpResource(&model.ShowCorpResourceRequest{})
	if totals = succeed(t, totals, err); *totals.Te1080pHardCount.SumCount != 1 || *(*totals.Vmr)[0].VmrPkgCount != 2 {
		t.Errorf("got %s", totals)
	}
	sp, err := root.ShowSpResource(&model.ShowSpResourceRequest{QueryGroup: pointer(true)})
	if sp = succeed(t, sp, err); *sp.CorpCount.UsedCount != 2 || sp.GroupList == nil {
		t.Errorf("got %s", sp)
	}
	changed, err := root.UpdateResource(&model.UpdateResourceRequest{CorpId: acmeCode, Body: &[]model.ModResourceDto{{Id: "hd", IsDisabled: pointer(true)}}})
	succeed(t, changed, err)
	found, err := root.SearchResource(&model.SearchResourceRequest{CorpId: acmeCode, Status: pointer[int32](2)})
	if found = succeed(t, found, err); *found.Count != 1 || *(*found.Data)[0].Id != "hd" {
		t.Errorf("disabled: got %s", found)
	}
	removed, err := root.DeleteResource(&model.DeleteResourceRequest{CorpId: acmeCode, Body: &[]string{"hd", "rooms"}})
	succeed(t, removed, err)
	records, err := root.SearchResourceOpRecord(&model.SearchResourceOpRecordRequest{CorpId: acmeCode, OperateType: pointer[int32](1)})
	if records = succeed(t, records, err); *records.Count != 2 {
		t.Errorf("records: got %s", records)
	}
	_, err = owner.SearchResource(&model.SearchResourceRequest{CorpId: acmeCode})
	refused(t, err, forbidden, "USG.201020001")
	_, err = root.DeleteResource(&model.DeleteResourceRequest{CorpId: acmeCode, Body: &[]string{"hd"}})
	refused(t, err, badRequest, "USG.201020414")
}

// TestDevices goes through the life of terminals (Meeting API, 4.17 and 5.8).
func TestDevices(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	root, admin := clientOf(t, n, harness.Root), clientOf(t, n, harness.Admin)
	grantAcme(t, root, model.ResourceDto{Type: "HARD_1080P", Count: 1, ExpireDate: nextYear()})
	types, err := admin.ShowDeviceTypes(&model.ShowDeviceTypesRequest{})
	if types = succeed(t, types, err); len(*types.Body) != 16 {
		t.Errorf("got %s", types)
	}
	add := func(sn string) (*model.AddDeviceResponse, error) {
		return admin.AddDevice(&model.AddDeviceRequest{Body: &model.AddDeviceDto{
			Name: "Hall", Model: "TE20", Sn: &sn, Email: pointer("it@acme.example"), DeptCode: pointer("rd"),
		}})
	}
	added, err := add("SN_1")
	if added = succeed(t, added, err); *added.DeptNamePath != "Acme Ltd#Research" || *added.Type != "TE" {
		t.Errorf("got %s", added)
	}
	_, err = add("SN_2")
	refused(t, err, badRequest, "USG.201050400")
	changed, err := admin.UpdateDevice(&model.UpdateDeviceRequest{Sn: "SN_1", Body: &model.ModDeviceDto{Name: pointer("Lobby")}})
	succeed(t, changed, err)
	frozen, err := admin.BatchUpdateDevicesStatus(&model.BatchUpdateDevicesStatusRequest{
		Value: model.GetBatchUpdateDevicesStatusRequestValueEnum().E_1, Body: &[]string{"SN_1"},
	})
	succeed(t, frozen, err)
	shown, err := admin.ShowDeviceDetail(&model.ShowDeviceDetailRequest{Sn: "SN_1"})
	if shown = succeed(t, shown, err); *shown.Name != "Lobby" || *shown.Status != 1 {
		t.Errorf("got %s", shown)
	}
	found, err := admin.SearchDevices(&model.SearchDevicesRequest{SearchKey: pointer("lob"), EnableSubDept: pointer(true)})
	if found = succeed(t, found, err); *found.Count != 1 {
		t.Errorf("got %s", found)
	}
	states, err := clientOf(t, n, harness.Alice).ShowDeviceStatus(&model.ShowDeviceStatusRequest{Body: &[]string{*shown.Number}})
	if states = succeed(t, states, err); *(*states.Body)[0].RegStatus != "1" || *(*states.Body)[0].CallStatus != "0" {
		t.Errorf("got %s", states)
	}
	_, err = clientOf(t, n, harness.Olga).ShowDeviceStatus(&model.ShowDeviceStatusRequest{Body: &[]string{*shown.Number}})
	refused(t, err, unauthorized, "USG.000000004")
	reset, err := admin.ResetActivecode(&model.ResetActivecodeRequest{Sn: "SN_1", Body: &model.ActiveDto{EmailAddr: pointer("it@acme.example")}})
	succeed(t, reset, err)
	removed, err := admin.BatchDeleteDevices(&model.BatchDeleteDevicesRequest{Body: &[]string{"SN_1"}})
	succeed(t, removed, err)
	_, err = admin.ShowDeviceDetail(&model.ShowDeviceDetailRequest{Sn: "SN_1"})
	refused(t, err, badRequest, "USG.201050404")
}

// TestActivationCodes goes through the life of activation codes (Meeting API,
// 5.9).
func TestActivationCodes(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	admin := clientOf(t, n, harness.Admin)
	made, err := admin.CreateVisionActiveCode(&model.CreateVisionActiveCodeRequest{Body: &model.VisionActiveCodeDto{
		DevType: "idea-hub", DevName: "Hub", EmailAddr: pointer("it@acme.example"),
	}})
	made = succeed(t, made, err)
	n.Secret(*made.ActiveCode)
	found, err := admin.SearchVisionActiveCode(&model.SearchVisionActiveCodeRequest{DevType: pointer("idea-hub")})
	if found = succeed(t, found, err); *found.Count != 1 || *(*found.Data)[0].ActiveCode != *made.ActiveCode {
		t.Fatal("the code that was made is not in the list")
	}
	id := *(*found.Data)[0].Id
	users, err := admin.SearchUsers(&model.SearchUsersRequest{UserType: &[]int32{13, 14}})
	if users = succeed(t, users, err); *users.Count != 1 || *(*users.Data)[0].Name != "Hub" || *(*users.Data)[0].UserType != 13 {
		t.Errorf("among users: got %d", *users.Count)
	}
	reset, err := admin.ResetVisionActiveCode(&model.ResetVisionActiveCodeRequest{Account: id, Body: &model.ActiveDto{}})
	if reset = succeed(t, reset, err); *reset.ActiveCode == *made.ActiveCode {
		t.Error("the code is the one before")
	}
	n.Secret(*reset.ActiveCode)
	removed, err := admin.DeleteVisionActiveCode(&model.DeleteVisionActiveCodeRequest{Body: &[]string{id}})
	succeed(t, removed, err)
	_, err = admin.DeleteVisionActiveCode(&model.DeleteVisionActiveCodeRequest{Body: &[]string{id}})
	refused(t, err, badRequest, "USG.201050012")
}

// TestMeetingRooms goes through the life of cloud meeting rooms (Meeting API,
// 5.10).
func TestMeetingRooms(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	root, admin, alice := clientOf(t, n, harness.Root), clientOf(t, n, harness.Admin), clientOf(t, n, harness.Alice)
	grantAcme(t, root, model.ResourceDto{Type: "VMR", Count: 1, ExpireDate: nextYear()})
	all, err := admin.SearchCorpVmr(&model.SearchCorpVmrRequest{Status: pointer[int32](2)})
	if all = succeed(t, all, err); *all.Count != 1 {
		t.Fatalf("got %s", all)
	}
	rooms := []string{*(*all.Data)[0].Id}
	lent, err := admin.AssociateVmr(&model.AssociateVmrRequest{Account: "alice", AccountType: pointer[int32](1), Body: &rooms})
	succeed(t, lent, err)
	own, err := alice.SearchMemberVmr(&model.SearchMemberVmrRequest{SpecialVmr: pointer(true)})
	if own = succeed(t, own, err); *own.Count != 1 || *(*own.Data)[0].VmrMode != 1 {
		t.Fatalf("got %s", own)
	}
	both, err := alice.SearchMemberVmr(&model.SearchMemberVmrRequest{})
	if both = succeed(t, both, err); *both.Count != 2 {
		t.Errorf("with the personal id: got %s", both)
	}
	change := func(host, guest string) error {
		_, err := alice.UpdateMemberVmr(&model.UpdateMemberVmrRequest{Id: rooms[0], Body: &model.ModVmrDto{ChairPwd: &host, GustPwd: &guest}})
		return err
	}
	succeed(t, own, change("123456", ""))
	refused(t, change("123456", "123456"), badRequest, "USG.201080006")
	_, err = admin.DeleteCorpVmr(&model.DeleteCorpVmrRequest{Body: &rooms})
	refused(t, err, badRequest, "USG.201080409")
	back, err := admin.DisassociateVmr(&model.DisassociateVmrRequest{Account: harness.Alice, Body: &rooms})
	succeed(t, back, err)
	removed, err := admin.DeleteCorpVmr(&model.DeleteCorpVmrRequest{Body: &rooms})
	succeed(t, removed, err)
}
