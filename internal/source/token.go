package source

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/trace"
)

func itoa(n int) string { return strconv.Itoa(n) }

// redeem exchanges the code for a token (RFC 6749, 4.1.3) and reads it.
func (t *turn) redeem(ctx context.Context, code string) error {
	r, err := t.tokenRequest(code)
	if err != nil {
		return t.fail(trace.TokenOpen, trace.Detail{}, err)
	}
	a, err := t.ask(ctx, tokenStage, t.tools.direct, r)
	if err != nil {
		return err
	}
	object, got := decodeObject(a.body, a.contentType)
	if object == nil {
		if form, ok := decodeForm(a.body, t.o.Fields.AccessToken); ok {
			object, got = form, ""
		}
	}
	hideTokens(t.story, object)
	if problem, check := tokenError(object); problem != "" {
		return t.fail(check, trace.Detail{Expected: "a token", Received: problem + t.secretShape(check)}, nil)
	}
	if err := t.judge(tokenStage, a, object, got); err != nil {
		return err
	}
	t.token = object
	return t.readAccessToken()
}

// judge looks at status and format of an answer without an error of its own.
func (t *turn) judge(st stage, a reply, object map[string]any, got string) error {
	switch {
	case a.status == http.StatusUnauthorized && st == tokenStage:
		return t.fail(trace.TokenClient, trace.Detail{Expected: "200 OK", Received: a.statusText(got)}, nil)
	case (a.status == http.StatusUnauthorized || a.status == http.StatusForbidden) && st == userInfoStage:
		return t.fail(trace.UserInfoToken, trace.Detail{Expected: "200 OK", Received: a.statusText(got)}, nil)
	case a.status < 200 || a.status > 299:
		return t.fail(st.status, trace.Detail{Expected: "200 OK", Received: a.statusText(got)}, nil)
	case object == nil:
		return t.fail(st.format, trace.Detail{Expected: "a JSON object", Received: got}, nil)
	}
	t.story.Check(st.format, true, trace.Detail{})
	return nil
}

// secretShape helps to find a secret that was copied badly, without telling it.
func (t *turn) secretShape(check trace.Check) string {
	if check != trace.TokenClient {
		return ""
	}
	return " (secret: " + trace.Shape(t.o.ClientSecret) + ")"
}

// tokenRequest writes the token call in the centre's dialect. A standard call
// is a POST with a form; where the secret is, or what else proves the client,
// the settings say. The WeChat dialect is a GET with everything in the address.
func (t *turn) tokenRequest(code string) (*http.Request, error) {
	if t.o.dialect() == DialectWeChat {
		u, err := url.Parse(t.o.TokenURL)
		if err != nil {
			return nil, err
		}
		u.RawQuery = extended(u.RawQuery, []parameter{
			{"appid", t.o.ClientID},
			{"secret", t.o.ClientSecret},
			{"code", code},
			{"grant_type", "authorization_code"},
		})
		return http.NewRequest(http.MethodGet, u.String(), http.NoBody)
	}
	form := t.tokenForm(code)
	basic, err := t.prove(form)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, t.o.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if basic {
		r.SetBasicAuth(url.QueryEscape(t.o.ClientID), url.QueryEscape(t.o.ClientSecret))
	}
	return r, nil
}

// tokenForm has the fields of RFC 6749, 4.1.3, but for the client's proof, and
// for enterprise SSO the scope where one is set (Meeting API, 4.3). Without a
// call-back address, for a code that a client fetched itself, none is sent.
func (t *turn) tokenForm(code string) url.Values {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}}
	if t.attempt.Callback != "" {
		form.Set("redirect_uri", t.attempt.Callback)
	}
	if t.o.Scope != "" && !t.own {
		form.Set("scope", t.o.Scope)
	}
	if t.attempt.Verifier != "" && t.o.sendsPKCE() {
		form.Set("code_verifier", t.attempt.Verifier)
	}
	return form
}

// readAccessToken takes the token out of the configured field.
func (t *turn) readAccessToken() error {
	value, found := lookup(t.token, t.o.Fields.AccessToken)
	text, ok := value.(string)
	if !found || !ok || text == "" || !visible(text) {
		got := strings.Join(fieldNames(t.token), ", ")
		if found {
			got = t.o.Fields.AccessToken + " is " + kindOf(value)
		}
		return t.fail(trace.TokenField, trace.Detail{Expected: t.o.Fields.AccessToken, Received: got}, nil)
	}
	t.accessToken = text
	t.story.Hide(text)
	t.story.Check(trace.TokenField, true, trace.Detail{Expected: t.o.Fields.AccessToken})
	return nil
}

// hideTokens names the secrets of a token answer to the story before anything
// of the answer is written into it.
func hideTokens(s *trace.Story, object map[string]any) {
	for name, value := range object {
		switch v := value.(type) {
		case string:
			if strings.Contains(strings.ToLower(name), "token") && !strings.EqualFold(name, "token_type") {
				s.Hide(v)
			}
		case map[string]any:
			hideTokens(s, v)
		}
	}
}

// tokenErrors says which check explains an error of the token answer
// (RFC 6749, 5.2; those with an underscored story are GitHub's).
var tokenErrors = map[string]trace.Check{
	"invalid_client":               trace.TokenClient,
	"incorrect_client_credentials": trace.TokenClient,
	"unauthorized_client":          trace.TokenClientID,
	"invalid_grant":                trace.TokenCode,
	"bad_verification_code":        trace.TokenCode,
	"redirect_uri_mismatch":        trace.AuthorizeRedirect,
	"invalid_scope":                trace.AuthorizeScope,
}

// tokenCodes is the same for the numbers of the WeChat dialect, whose errors
// come with status 200.
var tokenCodes = map[string]trace.Check{
	"40029": trace.TokenCode,     // not a code of this application
	"40163": trace.TokenCode,     // used before
	"42003": trace.TokenCode,     // expired
	"41008": trace.TokenCode,     // missing
	"40001": trace.TokenClient,   // wrong credential
	"40125": trace.TokenClient,   // wrong secret
	"41004": trace.TokenClient,   // no secret
	"40013": trace.TokenClientID, // unknown appid
	"41002": trace.TokenClientID, // no appid
	"48001": trace.AuthorizeScope,
}

// tokenError reads an error out of a token answer; "" when there is none.
func tokenError(object map[string]any) (problem string, check trace.Check) {
	return errorIn(object, tokenErrors, tokenCodes, trace.TokenRefused)
}

// errorIn finds error (RFC 6749, 5.2) or errcode and errmsg (WeChat) in an
// answer and says which check they fail.
func errorIn(object map[string]any, words, numbers map[string]trace.Check, other trace.Check) (string, trace.Check) {
	if code, ok := asText(object["errcode"]); ok && code != "0" && code != "" {
		message, _ := asText(object["errmsg"])
		return told("errcode "+code, message), known(numbers, code, other)
	}
	switch problem := object["error"].(type) {
	case string:
		if problem != "" {
			description, _ := asText(object["error_description"])
			return told(problem, description), known(words, problem, other)
		}
	case json.Number:
		if problem != "0" {
			return "error " + problem.String(), other
		}
	case map[string]any, []any:
		return "error is " + kindOf(problem), other
	}
	return "", ""
}

func known(table map[string]trace.Check, word string, other trace.Check) trace.Check {
	if check, ok := table[word]; ok {
		return check
	}
	return other
}
