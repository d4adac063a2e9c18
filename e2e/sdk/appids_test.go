package sdk_test

import (
	"regexp"
	"testing"

	meeting "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
	signature "github.com/orgate/orgate/sdk/go"
)

var (
	appIDForm  = regexp.MustCompile(`^[0-9a-f]{32}$`)
	appKeyForm = regexp.MustCompile(`^[0-9A-Za-z]{64}$`)
	timeForm   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$`)
)

func addAppID(name, description string) *model.AddAppIdRequest {
	return &model.AddAppIdRequest{Body: &model.AddAppIdRequestBody{AppName: name, Description: &description}}
}

// TestAppIDs goes through the life of App IDs (Meeting API, 4.10).
func TestAppIDs(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	owner := clientOf(t, n, harness.Owner)
	answer, err := owner.AddAppId(addAppID("billing", "账单 & <more>"))
	added := succeed(t, answer, err)
	n.Secret(*added.AppKey)
	if !appIDForm.MatchString(*added.AppId) || !appKeyForm.MatchString(*added.AppKey) || *added.AppName != "billing" ||
		*added.Description != "账单 & <more>" || *added.Status != 0 || !timeForm.MatchString(*added.CreateTime) ||
		!timeForm.MatchString(*added.LastUpdateTime) {
		t.Errorf("got %s", added)
	}
	app := signature.App{Mode: signature.Enterprise, ID: *added.AppId, Key: signature.Key(*added.AppKey)}
	mayEnter(t, n, app, "")

	t.Run("list", func(t *testing.T) { listAppIDs(t, owner) })
	t.Run("change", func(t *testing.T) { changeAppID(t, n, owner, app) })
	t.Run("reset", func(t *testing.T) {
		reset, err := owner.ResetAppKey(&model.ResetAppKeyRequest{AppId: app.ID})
		reset = succeed(t, reset, err)
		n.Secret(*reset.AppKey)
		if *reset.AppKey == string(app.Key) || !appKeyForm.MatchString(*reset.AppKey) {
			t.Error("the new key is not a new one")
		}
		next := app
		next.Key = signature.Key(*reset.AppKey)
		// The key of before works for a month more.
		mayEnter(t, n, app, "")
		mayEnter(t, n, next, "")
	})
	t.Run("roles", func(t *testing.T) { manageAppIDsAsOthers(t, n, app.ID) })
	t.Run("delete", func(t *testing.T) {
		request := &model.DeleteAppIdRequest{AppId: app.ID}
		_, err := owner.DeleteAppId(request)
		succeed(t, request, err)
		mayEnter(t, n, app, "USG.206010025")
		_, err = owner.DeleteAppId(request)
		refused(t, err, badRequest, "USG.206010404")
	})
}

// listAppIDs expects two: the manifest's and ours.
func listAppIDs(t *testing.T, owner *meeting.MeetingClient) {
	t.Helper()
	page, err := owner.BatchSearchAppId(&model.BatchSearchAppIdRequest{Offset: pointer[int32](40), Limit: pointer[int32](1)})
	page = succeed(t, page, err)
	if *page.Count != 2 || *page.Limit != 1 || *page.Offset != 1 || len(*page.Data) != 1 {
		t.Errorf("beyond the end, where the last page is answered: got %s", page)
	}
	all, err := owner.BatchSearchAppId(&model.BatchSearchAppIdRequest{})
	for _, one := range *succeed(t, all, err).Data {
		if one.AppKey != nil {
			t.Errorf("a list shows the key of %s", *one.AppId)
		}
	}
	if *all.Limit != 10 || *all.Offset != 0 || len(*all.Data) != 2 {
		t.Errorf("the first page: got %s", all)
	}
	_, err = owner.BatchSearchAppId(&model.BatchSearchAppIdRequest{Limit: pointer[int32](501)})
	refused(t, err, badRequest, "USG.000000003")
}

// changeAppID changes one field at a time: the others stay.
func changeAppID(t *testing.T, n *harness.Node, owner *meeting.MeetingClient, app signature.App) {
	t.Helper()
	change := &model.UpdateAppIdRequest{AppId: app.ID, Body: &model.UpdateAppIdRequestBody{AppName: pointer("invoices")}}
	changed, err := owner.UpdateAppId(change)
	changed = succeed(t, changed, err)
	if *changed.AppName != "invoices" || *changed.Description != "账单 & <more>" || changed.AppKey != nil {
		t.Errorf("got %s", changed)
	}
	for _, c := range []struct {
		status int32
		code   string
	}{{1, "USG.206010025"}, {0, ""}} {
		change.Body = &model.UpdateAppIdRequestBody{Status: pointer(c.status)}
		changed, err := owner.UpdateAppId(change)
		if changed := succeed(t, changed, err); *changed.Status != c.status {
			t.Errorf("got status %d, want %d", *changed.Status, c.status)
		}
		mayEnter(t, n, app, c.code)
	}
	change.Body = &model.UpdateAppIdRequestBody{Status: pointer[int32](2)}
	_, err = owner.UpdateAppId(change)
	refused(t, err, badRequest, "USG.000000003")
}

// manageAppIDsAsOthers: the default administrator of the enterprise manages
// them, nobody else.
func manageAppIDsAsOthers(t *testing.T, n *harness.Node, id string) {
	t.Helper()
	_, err := clientOf(t, n, harness.Admin).AddAppId(addAppID("mine", ""))
	refused(t, err, forbidden, "USG.201020001")
	_, err = clientOf(t, n, harness.Alice).BatchSearchAppId(&model.BatchSearchAppIdRequest{})
	refused(t, err, forbidden, "USG.201020001")
	_, err = clientOf(t, n, harness.Olga).ResetAppKey(&model.ResetAppKeyRequest{AppId: id})
	refused(t, err, badRequest, "USG.206010404")
	_, err = clientWith(t, n, "none").AddAppId(addAppID("mine", ""))
	refused(t, err, unauthorized, "USG.206020000")
}

// mayEnter tries an App ID; code is that of the refusal it must meet, "" for
// success.
func mayEnter(t *testing.T, n *harness.Node, app signature.App, code string) {
	t.Helper()
	a := n.Do(t, harness.SignedCall(t, app, signature.Login{UserID: "alice", ExpireTime: soon()}))
	if code == "" {
		a.Want(t, 200, "")
		return
	}
	a.Want(t, unauthorized, code)
}
