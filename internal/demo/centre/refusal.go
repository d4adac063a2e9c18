package centre

import "net/http"

// refusal is why the centre says no: WeChat's number and words. The zero value
// is no refusal.
type refusal struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

// The refusals of the token addresses, as the WeChat Open Platform numbers
// them.
var (
	invalidApp       = refusal{40013, "invalid appid"}
	missingApp       = refusal{41002, "appid missing"}
	invalidSecret    = refusal{40125, "invalid appsecret"}
	missingSecret    = refusal{41004, "appsecret missing"}
	invalidGrantType = refusal{40002, "invalid grant_type"}
	missingCode      = refusal{41008, "missing code"}
	invalidCode      = refusal{40029, "invalid code"}
	usedCode         = refusal{40163, "code been used"}
	endedCode        = refusal{42003, "code expired"}
	missingRefresh   = refusal{41003, "refresh_token missing"}
	invalidRefresh   = refusal{40030, "invalid refresh_token"}
	endedRefresh     = refusal{42002, "refresh_token expired"}
	missingToken     = refusal{41001, "access_token missing"}
	invalidToken     = refusal{40001, "invalid credential, access_token is invalid or not latest"}
	endedToken       = refusal{42001, "access_token expired"}
	missingOpenID    = refusal{41009, "missing openid"}
	invalidOpenID    = refusal{40003, "invalid openid"}
)

// oauthError says a refusal in the words of RFC 6749, section 5.2.
func (r refusal) oauthError() (status int, word string) {
	switch r {
	case invalidApp, missingApp, invalidSecret, missingSecret:
		return http.StatusUnauthorized, "invalid_client"
	case invalidGrantType:
		return http.StatusBadRequest, "unsupported_grant_type"
	case missingCode, missingRefresh:
		return http.StatusBadRequest, "invalid_request"
	default:
		return http.StatusBadRequest, "invalid_grant"
	}
}
