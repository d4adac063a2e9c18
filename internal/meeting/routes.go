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
	{http.MethodPut, "/v1/usg/acs/token", anyone, refusals, (*meeting).refreshToken, nil},
	{http.MethodPost, "/v1/usg/acs/token/validate", anyone, refusals, (*meeting).validateToken, validateReplies},
	{http.MethodPost, "/v2/usg/acs/token/validate", anyone, refusals, (*meeting).validateToken, validateReplies},
	{http.MethodDelete, "/v1/usg/acs/token", signedIn, unlimited, (*meeting).deleteToken, nil},
	{http.MethodPost, "/v1/usg/acs/auth/portal-ref-nonce", signedIn, unlimited, (*meeting).portalNonce, nil},
}
