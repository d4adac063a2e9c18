package sdk_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/def"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

// TestDirectoryBySDK looks people, terminals and departments up (Meeting API, 6).
func TestDirectoryBySDK(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	alice, admin := clientOf(t, n, harness.Alice), clientOf(t, n, harness.Admin)
	made, err := admin.AddUser(&model.AddUserRequest{Body: &model.AddUserDto{
		Name: "张三", ThirdAccount: pointer("zs"), SendNotify: pointer("0"), HidePhone: pointer(true),
		Phone: pointer("+8613700000001"), Country: pointer("chinaPR"), Email: pointer("zs@acme.example"),
	}})
	id := *succeed(t, made, err).Id
	for _, key := range []string{"zhangsan", "ZS", "三", "zs@acme"} {
		found, err := alice.SearchCorpDir(&model.SearchCorpDirRequest{QuerySubDept: pointer(true), SearchKey: pointer(key), SearchScope: pointer("ALL")})
		if found = succeed(t, found, err); *found.Count != 1 || *(*found.Data)[0].Id != id || (*found.Data)[0].Phone != nil {
			t.Errorf("%s: got %s", key, found)
		}
	}
	if found, err := alice.SearchCorpDir(&model.SearchCorpDirRequest{}); err != nil || *found.Limit != 100 {
		t.Errorf("got %v, %v", found, err)
	}
	listed, err := alice.BatchShowUserDetails(&model.BatchShowUserDetailsRequest{
		IdType: pointer("THIRD_ACCOUNT"), Body: &[]model.ShowUserRequestDto{{Id: pointer("zs")}, {Id: pointer("none")}},
	})
	if listed = succeed(t, listed, err); len(*listed.Body) != 2 || *(*listed.Body)[0].Name != "张三" || *(*listed.Body)[1].StatusCode != 2 {
		t.Errorf("got %s", listed)
	}
	shown, err := alice.ShowDepartment(&model.ShowDepartmentRequest{DeptCode: "1"})
	if shown = succeed(t, shown, err); *shown.IsLeafNodes || len(*shown.ChildDepts) == 0 {
		t.Errorf("got %s", shown)
	}
	_, err = alice.ShowDepartment(&model.ShowDepartmentRequest{DeptCode: "none"})
	refused(t, err, badRequest, "USG.201030404")
}

// TestExternalContactsBySDK finds whom the management API wrote down.
func TestExternalContactsBySDK(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	for account, path := range map[string]string{harness.Admin: "organizations/acme/contacts", harness.Alice: "me/contacts"} {
		n.Do(t, harness.Call{Path: "/api/v1/" + path, Header: map[string]string{"X-Access-Token": n.SignIn(t, account).AccessToken}, Body: map[string]any{
			"name": "Zoe of " + path, "mobile": "13700000001",
		}}).Want(t, http.StatusCreated, "")
	}
	for account, want := range map[string]int32{harness.Alice: 2, harness.Admin: 1, harness.Olga: 0} {
		found, err := clientOf(t, n, account).SearchCorpExternalDir(&model.SearchCorpExternalDirRequest{SearchKey: pointer("ZOE"), SearchScope: pointer("ALL")})
		if found = succeed(t, found, err); *found.Count != want {
			t.Errorf("%s: got %s", account, found)
		}
	}
	_, err := clientOf(t, n, harness.Alice).SearchCorpExternalDir(&model.SearchCorpExternalDirRequest{Limit: pointer[int32](501)})
	refused(t, err, badRequest, "USG.000000003")
}

// file is one that the SDK can send.
func file(t *testing.T, content []byte) *def.FilePart {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	opened, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return def.NewFilePart(opened)
}

// TestProfileImagesBySDK sends pictures, and looks at what comes of them.
func TestProfileImagesBySDK(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewGray(image.Rect(0, 0, 2000, 1000))); err != nil {
		t.Fatal(err)
	}
	alice, admin := clientOf(t, n, harness.Alice), clientOf(t, n, harness.Admin)
	_, err := alice.SetProfileImage(&model.SetProfileImageRequest{Body: &model.SetProfileImageRequestBody{File: file(t, content.Bytes())}})
	succeed(t, 0, err)
	var in struct {
		User struct{ HeadPictureURL string }
	}
	n.Do(t, harness.PasswordCall(harness.Alice, harness.Password(harness.Alice), 72)).Want(t, http.StatusOK, "").Into(t, &in)
	answer, err := http.Get(in.User.HeadPictureURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	size, err := jpeg.DecodeConfig(answer.Body)
	if err != nil || size.Width != 512 || size.Height != 256 || answer.Header.Get("Content-Type") != "image/jpeg" || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: got %v, %v", in.User.HeadPictureURL, size, err)
	}
	shown, err := admin.ShowUserDetail(&model.ShowUserDetailRequest{Account: harness.Alice})
	id := *succeed(t, shown, err).Id
	_, err = admin.SetUserProfileImage(&model.SetUserProfileImageRequest{UserId: id, Body: &model.SetUserProfileImageRequestBody{File: file(t, content.Bytes())}})
	succeed(t, 0, err)
	_, err = alice.SetUserProfileImage(&model.SetUserProfileImageRequest{UserId: id, Body: &model.SetUserProfileImageRequestBody{File: file(t, content.Bytes())}})
	refused(t, err, forbidden, "USG.201020001")
	_, err = alice.SetProfileImage(&model.SetProfileImageRequest{Body: &model.SetProfileImageRequestBody{File: file(t, []byte("no picture"))}})
	refused(t, err, http.StatusUnsupportedMediaType, "USG.000000003")
	_, err = alice.SetProfileImage(&model.SetProfileImageRequest{Body: &model.SetProfileImageRequestBody{File: file(t, []byte(strings.Repeat("x", 10<<20+1)))}})
	refused(t, err, http.StatusRequestEntityTooLarge, "USG.000000003")
}
