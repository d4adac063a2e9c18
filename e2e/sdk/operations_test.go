package sdk_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/httphandler"
)

// operations are those of the SDK under /v1/usg and /v2/usg, each with its
// method and path as the SDK has them.
const operations = `
AddAppId POST /v2/usg/acs/corp/app
AddCorp POST /v1/usg/dcs/sp/corp
AddCorpAdmin POST /v1/usg/dcs/corp/admin
AddDepartment POST /v1/usg/dcs/corp/dept
AddDevice POST /v1/usg/dcs/corp/device
AddResource POST /v1/usg/dcs/sp/corp/{corp_id}/resource
AddUser POST /v1/usg/dcs/corp/member
AssociateVmr POST /v1/usg/dcs/corp/vmr/assign-to-member/{account}
BatchDeleteCorpAdmins POST /v1/usg/dcs/corp/admin/delete
BatchDeleteDevices POST /v1/usg/dcs/corp/device/delete
BatchDeleteUsers POST /v1/usg/dcs/corp/member/delete
BatchSearchAppId GET /v2/usg/acs/corp/apps
BatchShowUserDetails POST /v1/usg/abs/users/list
BatchUpdateDevicesStatus PUT /v1/usg/dcs/corp/device/status/{value}
BatchUpdateUserStatus PUT /v1/usg/dcs/corp/member/status/{value}
CheckSlideVerifyCode PUT /v1/usg/acs/auth/slideverifycode/check
CheckToken POST /v1/usg/acs/token/validate
CheckVeriCodeForUpdateUserInfo POST /v1/usg/dcs/member/verification-code/verify
CheckVerifyCode PUT /v1/usg/acs/verifycode/check
CreatePortalRefNonce POST /v1/usg/acs/auth/portal-ref-nonce
CreateVisionActiveCode POST /v1/usg/dcs/corp/vision/activecode
DeleteAppId DELETE /v2/usg/acs/corp/app/{app_id}
DeleteCorp DELETE /v1/usg/dcs/sp/corp/{id}
DeleteCorpVmr POST /v1/usg/dcs/corp/vmr/delete
DeleteDepartment DELETE /v1/usg/dcs/corp/dept/{dept_code}
DeleteResource POST /v1/usg/dcs/sp/corp/{corp_id}/resource/delete
DeleteToken DELETE /v1/usg/acs/token
DeleteVisionActiveCode DELETE /v1/usg/dcs/corp/vision/activecode
DisassociateVmr POST /v1/usg/dcs/corp/vmr/recycle-from-member/{account}
InviteUser POST /v1/usg/dcs/corp/member/add
ResetActivecode POST /v1/usg/dcs/corp/device/{sn}/activecode
ResetAppKey PUT /v2/usg/acs/corp/app/{app_id}/reset
ResetPwd PUT /v1/usg/acs/password/reset
ResetPwdByAdmin PUT /v1/usg/acs/password/admin/reset
ResetVisionActiveCode PUT /v1/usg/dcs/corp/vision/activecode/{account}/reset
SearchCorp GET /v1/usg/dcs/sp/corp
SearchCorpAdmins GET /v1/usg/dcs/corp/admin
SearchCorpDir GET /v1/usg/abs/users
SearchCorpExternalDir GET /v1/usg/abs/external-contacts
SearchCorpResources GET /v1/usg/dcs/corp/resource-list
SearchCorpVmr GET /v1/usg/dcs/corp/vmr
SearchDepartmentByName GET /v1/usg/dcs/member/dept
SearchDevices GET /v1/usg/dcs/corp/device
SearchMemberVmr GET /v1/usg/dcs/member/vmr
SearchResource GET /v1/usg/dcs/sp/corp/{corp_id}/resource
SearchResourceOpRecord GET /v1/usg/dcs/sp/corp/{corp_id}/resource-record
SearchUsers GET /v1/usg/dcs/corp/member
SearchVisionActiveCode GET /v1/usg/dcs/corp/vision/activecode
SendSlideVerifyCode POST /v1/usg/acs/auth/slideverifycode/send
SendVeriCodeForChangePwd POST /v1/usg/acs/verifycode/send
SendVeriCodeForUpdateUserInfo POST /v1/usg/dcs/member/verification-code
SetProfileImage POST /v1/usg/abs/profile-images
SetSsoConfig POST /v1/usg/acs/authorizeconfig
SetUserProfileImage POST /v1/usg/abs/profile-images/{user_id}
ShowCorp GET /v1/usg/dcs/sp/corp/{id}
ShowCorpAdmin GET /v1/usg/dcs/corp/admin/{account}
ShowCorpBasicInfo GET /v1/usg/dcs/corp
ShowCorpResource GET /v1/usg/dcs/corp/resource
ShowDepartment GET /v1/usg/abs/departments/{dept_code}
ShowDeptAndChildDept GET /v1/usg/dcs/member/dept/{dept_code}
ShowDeviceDetail GET /v1/usg/dcs/corp/device/{sn}
ShowDeviceStatus POST /v1/usg/acs/ap/userstatus
ShowDeviceTypes GET /v1/usg/dcs/termdevtype
ShowMyInfo GET /v1/usg/dcs/member
ShowSpResource GET /v1/usg/dcs/sp/resource
ShowSsoConfig GET /v1/usg/acs/authorizeconfig
ShowUserDetail GET /v1/usg/dcs/corp/member/{account}
UpdateAppId PUT /v2/usg/acs/corp/app/{app_id}
UpdateContact PUT /v1/usg/dcs/member/contact
UpdateCorp PUT /v1/usg/dcs/sp/corp/{id}
UpdateCorpBasicInfo PUT /v1/usg/dcs/corp
UpdateDepartment PUT /v1/usg/dcs/corp/dept/{dept_code}
UpdateDevice PUT /v1/usg/dcs/corp/device/{sn}
UpdateMemberVmr PUT /v1/usg/dcs/member/vmr/{id}
UpdateMyInfo PUT /v1/usg/dcs/member
UpdatePwd PUT /v1/usg/acs/password
UpdateResource PUT /v1/usg/dcs/sp/corp/{corp_id}/resource
UpdateToken PUT /v1/usg/acs/token
UpdateUser PUT /v1/usg/dcs/corp/member/{account}
`

// journal is what the clients of all tests called.
type journal struct {
	mu    sync.Mutex
	calls map[string]bool // method, blank, path
}

var called = &journal{calls: map[string]bool{}}

// handler notes each request that a client is about to send.
func (j *journal) handler() *httphandler.HttpHandler {
	return httphandler.NewHttpHandler().AddRequestHandler(func(r http.Request) {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.calls[r.Method+" "+r.URL.Path] = true
	})
}

// missing are the operations that no test called.
func (j *journal) missing() (names []string) {
	for line := range strings.Lines(operations) {
		words := strings.Fields(line)
		if len(words) != 3 {
			continue
		}
		if !slices.ContainsFunc(keysOf(j.calls), func(call string) bool { return fits(words[1]+" "+words[2], call) && !shadowed(words, call) }) {
			names = append(names, words[0])
		}
	}
	return names
}

func keysOf(m map[string]bool) (all []string) {
	for key := range m {
		all = append(all, key)
	}
	return all
}

// shadowed reports whether a call is that of another operation, whose path is
// spelled out where this one has a name.
func shadowed(of []string, call string) bool {
	for line := range strings.Lines(operations) {
		if words := strings.Fields(line); len(words) == 3 && !strings.Contains(words[2], "{") && words[0] != of[0] && words[1]+" "+words[2] == call {
			return true
		}
	}
	return false
}

// fits reports whether a call is one of a pattern, whose names in braces stand
// for one step each.
func fits(pattern, call string) bool {
	steps, taken := strings.Split(pattern, "/"), strings.Split(call, "/")
	if len(steps) != len(taken) {
		return false
	}
	for i, step := range steps {
		if step != taken[i] && !strings.HasPrefix(step, "{") {
			return false
		}
	}
	return true
}

// covered fails a whole run in which an operation of the table was not called.
func covered(status int) int {
	chosen := flag.Lookup("test.run").Value.String() != "" || flag.Lookup("test.list").Value.String() != "" || flag.Lookup("test.skip").Value.String() != ""
	if missing := called.missing(); status == 0 && !chosen && len(missing) > 0 {
		fmt.Fprintf(os.Stderr, "no test calls %s\n", strings.Join(missing, ", "))
		return 1
	}
	return status
}

func TestPatterns(t *testing.T) {
	if n := strings.Count(operations, "/usg/"); n != 79 {
		t.Errorf("the table has %d operations, want 79", n)
	}
	for _, tt := range []struct {
		pattern, call string
		want          bool
	}{
		{"GET /a/{x}", "GET /a/b", true}, {"GET /a/{x}", "GET /a/b/c", false}, {"GET /a/{x}", "PUT /a/b", false}, {"GET /a/b", "GET /a/c", false},
	} {
		if got := fits(tt.pattern, tt.call); got != tt.want {
			t.Errorf("%s, %s: got %v", tt.pattern, tt.call, got)
		}
	}
}
