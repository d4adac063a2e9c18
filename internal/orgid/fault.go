package orgid

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// reply is how a fault is told on this wire.
type reply struct {
	status int
	code   string
	// standard is the code of RFC 6749, 5.2 and RFC 6750, 3.1, which applications
	// of OpenID Connect find in error.
	standard string
}

// The replies. 4000, 4001 and 4006 are published; the others keep their form.
var (
	replyToken    = reply{http.StatusUnauthorized, "OrgID.OAUTH.4000", "invalid_token"}
	replyExpired  = reply{http.StatusUnauthorized, "OrgID.OAUTH.4001", "invalid_token"}
	replyType     = reply{http.StatusBadRequest, "OrgID.OAUTH.4002", "unsupported_grant_type"}
	replyCode     = reply{http.StatusBadRequest, "OrgID.OAUTH.4003", "invalid_grant"}
	replyRedirect = reply{http.StatusBadRequest, "OrgID.OAUTH.4004", "invalid_grant"}
	replyClient   = reply{http.StatusUnauthorized, "OrgID.OAUTH.4005", "invalid_client"}
	replyPersonal = reply{http.StatusUnauthorized, "OrgID.OAUTH.4006", "invalid_token"}
	replyEntry    = reply{http.StatusForbidden, "OrgID.OAUTH.4007", "access_denied"}
	replyRequest  = reply{http.StatusBadRequest, "OrgID.OAUTH.4008", "invalid_request"}
	replyServer   = reply{http.StatusInternalServerError, "OrgID.OAUTH.5000", "server_error"}
)

// replies are those that do not follow from the kind.
var replies = map[fault.Code]reply{
	fault.CodeMethod:             {http.StatusMethodNotAllowed, replyRequest.code, replyRequest.standard},
	fault.CodeTooLarge:           {http.StatusRequestEntityTooLarge, replyRequest.code, replyRequest.standard},
	fault.CodeNotFound:           {http.StatusNotFound, replyRequest.code, replyRequest.standard},
	fault.CodeOAuthGrantType:     replyType,
	fault.CodeOAuthGrantOff:      {http.StatusBadRequest, replyType.code, "unauthorized_client"},
	fault.CodeGrantInvalid:       replyCode,
	fault.CodeOAuthRedirect:      replyRedirect,
	fault.CodeOAuthClientProof:   replyClient,
	fault.CodeOAuthDisabled:      {replyClient.status, replyClient.code, "unauthorized_client"},
	fault.CodeOAuthTokenPersonal: replyPersonal,
	fault.CodeTokenExpired:       replyExpired,
}

// repliesByKind has one for every kind, compared in a test.
var repliesByKind = map[fault.Kind]reply{
	fault.Internal:        replyServer,
	fault.Invalid:         replyRequest,
	fault.Unauthenticated: replyToken,
	fault.Forbidden:       replyEntry,
	fault.NotFound:        replyCode,
	fault.Conflict:        replyCode,
	fault.Stale:           replyCode,
	fault.Expired:         replyCode,
	fault.TooMany:         {http.StatusTooManyRequests, replyRequest.code, "temporarily_unavailable"},
	fault.Unavailable:     {http.StatusServiceUnavailable, replyServer.code, "temporarily_unavailable"},
}

func replyOf(f *fault.Error) reply {
	if r, ok := replies[f.Code]; ok {
		return r
	}
	return repliesByKind[f.Kind]
}

// refusal is the body of an error. Two pairs say the same, as published.
type refusal struct {
	Code        string `json:"error_code"`
	Message     string `json:"error_msg"`
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// refusalOf is the body for one caller: an application of OpenID Connect reads
// the codes of the standard in error.
func refusalOf(r reply, a identity.Application) refusal {
	message := http.StatusText(r.status)
	body := refusal{r.code, message, r.code, message}
	if a.Protocol == identity.ProtocolOIDC {
		body.Error = r.standard
	}
	return body
}

// about is an error of a caller that is known.
type about struct {
	error
	application identity.Application
}

// Unwrap returns the fault.
func (a about) Unwrap() error { return a.error }

// of says whose error it is.
func of(a identity.Application, err error) error {
	if err == nil {
		return nil
	}
	return about{err, a}
}
