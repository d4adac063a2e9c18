package oidc

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// reply is how a fault is told on this wire: an error code of the standards
// and, where the answer is not a redirect, a status.
type reply struct {
	code   string
	status int
}

var (
	replyRequest = reply{"invalid_request", http.StatusBadRequest}       // RFC 6749, 4.1.2.1 and 5.2
	replyGrant   = reply{"invalid_grant", http.StatusBadRequest}         // RFC 6749, 5.2
	replyClient  = reply{"unauthorized_client", http.StatusBadRequest}   // RFC 6749, 4.1.2.1 and 5.2
	replyToken   = reply{"invalid_token", http.StatusUnauthorized}       // RFC 6750, 3.1
	replyLogin   = reply{"login_required", http.StatusUnauthorized}      // OpenID Connect Core 1.0, 3.1.2.6
	replyDenied  = reply{"access_denied", http.StatusForbidden}          // RFC 6749, 4.1.2.1
	replyServer  = reply{"server_error", http.StatusInternalServerError} // RFC 6749, 4.1.2.1
)

// replies are those that do not follow from the kind.
var replies = map[fault.Code]reply{
	fault.CodeMethod:              {replyRequest.code, http.StatusMethodNotAllowed},
	fault.CodeTooLarge:            {replyRequest.code, http.StatusRequestEntityTooLarge},
	fault.CodeOAuthClient:         {"invalid_client", http.StatusBadRequest}, // RFC 6749, 5.2
	fault.CodeOAuthClientProof:    {"invalid_client", http.StatusBadRequest},
	fault.CodeOAuthDisabled:       replyClient,
	fault.CodeOAuthResponseOff:    replyClient,
	fault.CodeOAuthGrantOff:       replyClient,
	fault.CodeOAuthTokenForeign:   replyClient,                                                 // RFC 7009, 2.1
	fault.CodeOAuthResponseType:   {"unsupported_response_type", http.StatusBadRequest},        // RFC 6749, 4.1.2.1
	fault.CodeOAuthRequestObject:  {"request_not_supported", http.StatusBadRequest},            // OpenID Connect Core 1.0, 3.1.2.6
	fault.CodeOAuthRequestURI:     {"request_uri_not_supported", http.StatusBadRequest},        // the same
	fault.CodeOAuthScope:          {"invalid_scope", http.StatusBadRequest},                    // RFC 6749, 4.1.2.1 and 5.2
	fault.CodeOAuthGrantType:      {"unsupported_grant_type", http.StatusBadRequest},           // RFC 6749, 5.2
	fault.CodeOAuthTokenKind:      {"unsupported_token_type", http.StatusBadRequest},           // RFC 7009, 2.2.1
	fault.CodeOAuthTokenScope:     {"insufficient_scope", http.StatusForbidden},                // RFC 6750, 3.1
	fault.CodeOAuthACR:            {"unmet_authentication_requirements", http.StatusForbidden}, // Core Error Code Unmet Authentication Requirements 1.0
	fault.CodeOAuthTokenPersonal:  replyToken,
	fault.CodeGrantInvalid:        replyGrant,
	fault.CodeLoginRequired:       replyLogin,
	fault.CodeConsentRequired:     {"consent_required", http.StatusForbidden},     // OpenID Connect Core 1.0, 3.1.2.6
	fault.CodeInteractionRequired: {"interaction_required", http.StatusForbidden}, // the same
	"token_unknown":               replyToken,
	fault.CodeTokenExpired:        replyToken,
	fault.CodeTokenRevoked:        replyToken,
}

// repliesByKind has one for every kind, compared in a test.
var repliesByKind = map[fault.Kind]reply{
	fault.Internal:        replyServer,
	fault.Invalid:         replyRequest,
	fault.Unauthenticated: replyLogin,
	fault.Forbidden:       replyDenied,
	fault.NotFound:        replyRequest,
	fault.Conflict:        replyRequest,
	fault.Stale:           replyRequest,
	fault.Expired:         replyRequest,
	fault.TooMany:         {"temporarily_unavailable", http.StatusTooManyRequests},
	fault.Unavailable:     {"temporarily_unavailable", http.StatusServiceUnavailable},
}

// replyOf returns the reply to a fault.
func replyOf(f *fault.Error) reply {
	if r, ok := replies[f.Code]; ok {
		return r
	}
	return repliesByKind[f.Kind]
}

// describe is the sentence of a fault as error_description: in English, and of
// the characters that may stand there (RFC 6749, 4.1.2.1).
func (p *Provider) sentence(f *fault.Error) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '“', r == '”', r == '‘', r == '’', r == '"':
			return '\''
		case r < ' ', r > '~', r == '\\':
			return -1
		}
		return r
	}, p.catalogue.Fault(i18n.EnUS, f))
}

// tell writes a fault of the server to the log. Any other is the caller's own
// and is told to the caller alone.
func (p *Provider) tell(r *http.Request, f *fault.Error) {
	if f.Kind == fault.Internal {
		p.host.Log.ErrorContext(r.Context(), "oauth", "path", r.URL.Path, "error", f)
	}
}

// refusal is the body of an error (RFC 6749, 5.2).
type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// refuse tells an application what went wrong.
func (p *Provider) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	p.tell(r, f)
	answer := replyOf(f)
	if f.Code == fault.CodeOAuthClientProof && r.Header.Get("Authorization") != "" {
		// RFC 6749, 5.2: who tried the header is told which scheme counts. Without
		// the header 400 stands, since 401 must carry a challenge.
		w.Header().Set("WWW-Authenticate", `Basic realm="`+realm+`", charset="UTF-8"`)
		answer.status = http.StatusUnauthorized
	}
	sendJSON(w, answer.status, refusal{answer.code, p.sentence(f)})
}

// realm is the protection space of our challenges (RFC 9110, 11.5).
const realm = "orgate"

// refuseBearer tells the sender of a token what went wrong (RFC 6750, 3).
func (p *Provider) refuseBearer(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	if f.Code == fault.CodeTokenMissing {
		// Who sent nothing is told no error (RFC 6750, 3.1).
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+realm+`"`)
		sendJSON(w, http.StatusUnauthorized, struct{}{})
		return
	}
	answer := replyOf(f)
	if answer.status == http.StatusUnauthorized || answer.status == http.StatusForbidden || answer == replyRequest {
		challenge := `Bearer realm="` + realm + `", error="` + answer.code + `", error_description="` + p.sentence(f) + `"`
		if scope, ok := f.Params["scope"].(string); ok {
			challenge += `, scope="` + scope + `"`
		}
		w.Header().Set("WWW-Authenticate", challenge)
	}
	p.refuse(w, r, err)
}

// refusePage tells the person at the browser what went wrong, where no
// application is known that could be told.
func (p *Provider) refusePage(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	p.tell(r, f)
	p.pages.Serve(w, r, pages.RefusedRequest(f, p.host.CodeOf(r, err)), p.host.Log)
}

// Header values that many answers share; none is ever appended to.
var (
	typeJSON  = []string{"application/json"}
	notStored = []string{"no-store"}
	notCached = []string{"no-cache"}
)

// sendJSON answers with JSON that nobody keeps (RFC 6749, 5.1).
func sendJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"server_error"}`)
	}
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["Pragma"] = typeJSON, notStored, notCached
	w.WriteHeader(status)
	_, _ = w.Write(text) // whoever went away needs no answer
}

// note tells the access log which application acted.
func (p *Provider) note(r *http.Request, a identity.Application) {
	p.host.Note(r, string(a.ID), string(a.OrganizationID))
}
