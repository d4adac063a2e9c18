package sdk_test

import (
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

// TestOwnCorp reads and changes one's own enterprise (Meeting API, 5.1).
func TestOwnCorp(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	admin := clientOf(t, n, harness.Admin)
	_, err := admin.UpdateCorpBasicInfo(&model.UpdateCorpBasicInfoRequest{Body: &model.ModCorpBasicInfoDto{
		Address: pointer("1 Main Street"), AutoUserCreate: pointer(false),
	}})
	succeed(t, 0, err)
	shown, err := admin.ShowCorpBasicInfo(&model.ShowCorpBasicInfoRequest{})
	if shown = succeed(t, shown, err); *shown.Address != "1 Main Street" || *shown.AutoUserCreate || *shown.Account != harness.Owner {
		t.Errorf("got %s", shown)
	}
	_, err = clientOf(t, n, harness.Alice).ShowCorpBasicInfo(&model.ShowCorpBasicInfoRequest{})
	refused(t, err, forbidden, "USG.201020001")
}

// TestCorps goes through the life of an enterprise (Meeting API, 5.2).
func TestCorps(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	root := clientOf(t, n, harness.Root)
	const account, password = "adm@nova.example", "Quartz-lantern-55"
	n.Secret(password)
	language := model.GetCorpBasicDtoLanguageEnum().EN_US
	add := &model.AddCorpRequest{Body: &model.AddCorpDto{
		BasicInfo: &model.CorpBasicDto{Name: "Nova", Language: &language, TimeZoneId: pointer("56"), Address: pointer("2 Side Street")},
		AdminInfo: &model.AdminDto{Account: account, Name: "Adm", Pwd: password, Email: pointer("adm@nova.example")},
		ResInfo:   &model.AddCorpResDto{Resource: &[]model.ResourceDto{{Type: "VMR", Count: 2, ExpireDate: nextYear()}}},
	}}
	made, err := root.AddCorp(add)
	id := *succeed(t, made, err).Value
	_, err = root.AddCorp(add)
	refused(t, err, badRequest, "USG.201020023")
	shown, err := root.ShowCorp(&model.ShowCorpRequest{Id: id})
	if shown = succeed(t, shown, err); *shown.BasicInfo.Name != "Nova" || *shown.AdminInfo.Account != account || *(*shown.ResInfo.CorpVcRes.VmrPkgList)[0].VmrPkgCount != 2 {
		t.Errorf("got %s", shown)
	}
	_, err = root.UpdateCorp(&model.UpdateCorpRequest{Id: id, Body: &model.ModCorpDto{BasicInfo: &model.ModCorpBasicDto{Name: pointer("Nova & Co"), Phone: pointer("12345")}}})
	refused(t, err, badRequest, "USG.000000003")
	_, err = root.UpdateCorp(&model.UpdateCorpRequest{Id: id, Body: &model.ModCorpDto{BasicInfo: &model.ModCorpBasicDto{Name: pointer("Nova Two"), Phone: pointer("12345")}}})
	succeed(t, 0, err)
	found, err := root.SearchCorp(&model.SearchCorpRequest{SearchKey: pointer(id), Limit: pointer[int32](5)})
	if found = succeed(t, found, err); *found.Count != 1 || *(*found.Data)[0].BasicInfo.Name != "Nova Two" || *(*found.Data)[0].BasicInfo.Address != "2 Side Street" {
		t.Errorf("got %s", found)
	}
	mine, err := client(t, n, account, password).ShowCorpBasicInfo(&model.ShowCorpBasicInfoRequest{})
	if mine = succeed(t, mine, err); *mine.Name != "Nova Two" || *mine.Id != id {
		t.Errorf("got %s", mine)
	}
	_, err = clientOf(t, n, harness.Owner).ShowCorp(&model.ShowCorpRequest{Id: id})
	refused(t, err, forbidden, "USG.201020001")
	_, err = root.DeleteCorp(&model.DeleteCorpRequest{Id: id})
	succeed(t, 0, err)
	_, err = root.ShowCorp(&model.ShowCorpRequest{Id: id})
	refused(t, err, badRequest, "USG.201020404")
}
