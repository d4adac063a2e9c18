package meeting

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
)

// operation is one row of the API.
type operation struct {
	method string
	path   string // with {names} as in http.ServeMux
	who    caller
	limit  limiting
	do     func(*meeting, *call) (any, error)
	// replies are the faults that this operation tells otherwise than others.
	replies map[fault.Code]reply
}

// operations is the whole API: nothing else is answered with success.
var operations = [...]operation{
	{http.MethodPost, "/v1/usg/acs/auth/account", anyone, everyCall, (*meeting).signIn, signInReplies},
	{http.MethodPost, "/v2/usg/acs/auth/account", anyone, everyCall, (*meeting).signIn, signInReplies},
	{http.MethodPost, "/v2/usg/acs/auth/appauth", anyone, refusals, (*meeting).signInByAppID, appAuthReplies},
	{http.MethodPost, "/v1/usg/acs/auth/proxy", anyone, refusals, (*meeting).signInByProxy, proxyReplies},
	{http.MethodGet, "/v1/usg/acs/auth/authorizeurl", anyone, everyCall, (*meeting).authorizeURL, nil},
	{http.MethodPut, "/v1/usg/acs/token", anyone, refusals, (*meeting).refreshToken, nil},
	{http.MethodPost, "/v1/usg/acs/token/validate", anyone, refusals, (*meeting).validateToken, validateReplies},
	{http.MethodPost, "/v2/usg/acs/token/validate", anyone, refusals, (*meeting).validateToken, validateReplies},
	{http.MethodDelete, "/v1/usg/acs/token", signedIn, unlimited, (*meeting).deleteToken, nil},
	{http.MethodPost, "/v1/usg/acs/auth/portal-ref-nonce", signedIn, unlimited, (*meeting).portalNonce, nil},

	{http.MethodPost, "/v1/usg/acs/authorizeconfig", administrator, unlimited, (*meeting).setSSOConfig, nil},
	{http.MethodGet, "/v1/usg/acs/authorizeconfig", administrator, unlimited, (*meeting).showSSOConfig, nil},
	{http.MethodPost, "/v2/usg/acs/corp/app", owner, unlimited, (*meeting).addAppID, nil},
	{http.MethodGet, "/v2/usg/acs/corp/apps", owner, unlimited, (*meeting).listAppIDs, nil},
	{http.MethodPut, "/v2/usg/acs/corp/app/{app_id}", owner, unlimited, (*meeting).changeAppID, nil},
	{http.MethodDelete, "/v2/usg/acs/corp/app/{app_id}", owner, unlimited, (*meeting).removeAppID, nil},
	{http.MethodPut, "/v2/usg/acs/corp/app/{app_id}/reset", owner, unlimited, (*meeting).resetAppKey, nil},

	{http.MethodPut, "/v1/usg/acs/password", signedIn, unlimited, (*meeting).changePassword, passwordReplies},
	{http.MethodPut, "/v1/usg/acs/password/admin/reset", administrator, unlimited, (*meeting).resetPasswordOf, resetReplies},
	{http.MethodPost, "/v1/usg/acs/auth/slideverifycode/send", anyone, everyCall, (*meeting).sendCaptcha, captchaReplies},
	{http.MethodPut, "/v1/usg/acs/auth/slideverifycode/check", anyone, everyCall, (*meeting).checkCaptcha, nil},
	{http.MethodPost, "/v1/usg/acs/verifycode/send", anyone, everyCall, (*meeting).sendCode, recoveryReplies},
	{http.MethodPut, "/v1/usg/acs/verifycode/check", anyone, everyCall, (*meeting).checkCode, nil},
	{http.MethodPut, "/v1/usg/acs/password/reset", anyone, everyCall, (*meeting).setForgottenPassword, nil},

	{http.MethodGet, "/v1/usg/dcs/corp", administrator, unlimited, (*meeting).showCorp, nil},
	{http.MethodPut, "/v1/usg/dcs/corp", administrator, unlimited, (*meeting).changeCorp, nil},
	{http.MethodPost, "/v1/usg/dcs/sp/corp", provider, unlimited, (*meeting).addCorp, addUserReplies},
	{http.MethodGet, "/v1/usg/dcs/sp/corp", provider, unlimited, (*meeting).searchCorps, nil},
	{http.MethodGet, "/v1/usg/dcs/sp/corp/{id}", provider, unlimited, (*meeting).showCorpOf, nil},
	{http.MethodPut, "/v1/usg/dcs/sp/corp/{id}", provider, unlimited, (*meeting).changeCorpOf, nil},
	{http.MethodDelete, "/v1/usg/dcs/sp/corp/{id}", provider, unlimited, (*meeting).removeCorp, nil},

	{http.MethodPost, "/v1/usg/dcs/corp/admin", owner, unlimited, (*meeting).addAdmin, adminReplies},
	{http.MethodGet, "/v1/usg/dcs/corp/admin/{account}", administrator, unlimited, (*meeting).showAdmin, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/admin", administrator, unlimited, (*meeting).searchAdmins, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/admin/delete", owner, unlimited, (*meeting).removeAdmins, adminReplies},

	{http.MethodPost, "/v1/usg/dcs/corp/member", administrator, unlimited, (*meeting).addUser, addUserReplies},
	{http.MethodPut, "/v1/usg/dcs/corp/member/{account}", administrator, unlimited, (*meeting).changeUser, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/member/{account}", administrator, unlimited, (*meeting).showUser, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/member", administrator, unlimited, (*meeting).searchUsers, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/member/add", administrator, unlimited, (*meeting).inviteUser, inviteReplies},
	{http.MethodPost, "/v1/usg/dcs/corp/member/delete", administrator, unlimited, (*meeting).removeUsers, nil},
	{http.MethodPut, "/v1/usg/dcs/corp/member/status/{value}", administrator, unlimited, (*meeting).setUsersStatus, nil},
	{http.MethodGet, "/v1/usg/dcs/member", person, unlimited, (*meeting).showMe, nil},
	{http.MethodPut, "/v1/usg/dcs/member", person, unlimited, (*meeting).changeMe, nil},
	{http.MethodPost, "/v1/usg/dcs/member/verification-code", person, unlimited, (*meeting).sendContactCode, nil},
	{http.MethodPost, "/v1/usg/dcs/member/verification-code/verify", person, unlimited, (*meeting).checkContactCode, contactReplies},
	{http.MethodPut, "/v1/usg/dcs/member/contact", person, unlimited, (*meeting).setContact, contactReplies},

	{http.MethodPost, "/v1/usg/dcs/corp/dept", administrator, unlimited, (*meeting).addDepartment, nil},
	{http.MethodPut, "/v1/usg/dcs/corp/dept/{dept_code}", administrator, unlimited, (*meeting).changeDepartment, nil},
	{http.MethodDelete, "/v1/usg/dcs/corp/dept/{dept_code}", administrator, unlimited, (*meeting).removeDepartment, nil},
	{http.MethodGet, "/v1/usg/dcs/member/dept/{dept_code}", person, unlimited, (*meeting).showDepartment, nil},
	{http.MethodGet, "/v1/usg/dcs/member/dept", person, unlimited, (*meeting).searchDepartments, nil},

	{http.MethodPost, "/v1/usg/acs/ap/userstatus", person, unlimited, (*meeting).deviceStatus, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/resource", administrator, unlimited, (*meeting).showCorpResource, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/resource-list", administrator, unlimited, (*meeting).searchOwnResources, nil},
	{http.MethodGet, "/v1/usg/dcs/sp/resource", provider, unlimited, (*meeting).showSpResource, nil},
	{http.MethodPost, "/v1/usg/dcs/sp/corp/{corp_id}/resource", provider, unlimited, (*meeting).addResources, nil},
	{http.MethodPut, "/v1/usg/dcs/sp/corp/{corp_id}/resource", provider, unlimited, (*meeting).changeResources, nil},
	{http.MethodGet, "/v1/usg/dcs/sp/corp/{corp_id}/resource", provider, unlimited, (*meeting).searchResources, nil},
	{http.MethodPost, "/v1/usg/dcs/sp/corp/{corp_id}/resource/delete", provider, unlimited, (*meeting).removeResources, nil},
	{http.MethodGet, "/v1/usg/dcs/sp/corp/{corp_id}/resource-record", provider, unlimited, (*meeting).searchResourceRecords, nil},
	{http.MethodGet, "/v1/usg/dcs/termdevtype", administrator, unlimited, (*meeting).deviceTypes, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/device", administrator, unlimited, (*meeting).addDevice, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/device", administrator, unlimited, (*meeting).searchDevices, nil},
	{http.MethodPut, "/v1/usg/dcs/corp/device/{sn}", administrator, unlimited, (*meeting).changeDevice, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/device/{sn}", administrator, unlimited, (*meeting).showDevice, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/device/{sn}/activecode", administrator, unlimited, (*meeting).resetDeviceCode, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/device/delete", administrator, unlimited, (*meeting).removeDevices, nil},
	// Both values are written out: with a name in its place the path would be
	// another one's too, that of the activation code of a terminal called status.
	{http.MethodPut, "/v1/usg/dcs/corp/device/status/0", administrator, unlimited, (*meeting).enableDevices, nil},
	{http.MethodPut, "/v1/usg/dcs/corp/device/status/1", administrator, unlimited, (*meeting).disableDevices, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/vision/activecode", administrator, unlimited, (*meeting).addActiveCode, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/vision/activecode", administrator, unlimited, (*meeting).searchActiveCodes, nil},
	{http.MethodDelete, "/v1/usg/dcs/corp/vision/activecode", administrator, unlimited, (*meeting).removeActiveCodes, nil},
	{http.MethodPut, "/v1/usg/dcs/corp/vision/activecode/{account}/reset", administrator, unlimited, (*meeting).resetActiveCode, nil},
	{http.MethodGet, "/v1/usg/dcs/corp/vmr", administrator, unlimited, (*meeting).searchCorpRooms, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/vmr/assign-to-member/{account}", administrator, unlimited, (*meeting).lendRooms, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/vmr/recycle-from-member/{account}", administrator, unlimited, (*meeting).recallRooms, nil},
	{http.MethodPost, "/v1/usg/dcs/corp/vmr/delete", administrator, unlimited, (*meeting).removeRooms, nil},
	{http.MethodGet, "/v1/usg/dcs/member/vmr", person, unlimited, (*meeting).searchOwnRooms, nil},
	{http.MethodPut, "/v1/usg/dcs/member/vmr/{id}", person, unlimited, (*meeting).changeOwnRoom, nil},

	{http.MethodGet, "/v1/usg/abs/users", person, unlimited, (*meeting).searchDir, nil},
	{http.MethodPost, "/v1/usg/abs/users/list", person, unlimited, (*meeting).listDir, nil},
	{http.MethodGet, "/v1/usg/abs/departments/{dept_code}", person, unlimited, (*meeting).browseDepartment, nil},
	{http.MethodGet, "/v1/usg/abs/external-contacts", person, unlimited, (*meeting).searchExternal, nil},
	{http.MethodPost, imagesPath, person, unlimited, (*meeting).setOwnPicture, nil},
	{http.MethodPost, imagesPath + "/{user_id}", administrator, unlimited, (*meeting).setPicture, nil},
}
