package source

import (
	"context"
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/trace"
)

// userInfoErrors says which check explains an error of the UserInfo answer
// (RFC 6750, 3.1).
var userInfoErrors = map[string]trace.Check{
	"invalid_token":      trace.UserInfoToken,
	"insufficient_scope": trace.UserInfoToken,
	"invalid_request":    trace.UserInfoToken,
}

// userInfoCodes is the same for the WeChat dialect.
var userInfoCodes = map[string]trace.Check{
	"40001": trace.UserInfoToken,   // wrong token
	"40014": trace.UserInfoToken,   // wrong token
	"41001": trace.UserInfoToken,   // no token
	"42001": trace.UserInfoToken,   // expired
	"48001": trace.UserInfoToken,   // the scope does not reach so far
	"40003": trace.UserInfoOpenID,  // not an openid of this token
	"41009": trace.UserInfoOpenID,  // no openid
	"50001": trace.AuthorizeScope,  // this interface is not granted
	"45009": trace.UserInfoRefused, // too many calls
	"-1":    trace.UserInfoReached, // the centre is busy
}

// askUserInfo calls the UserInfo address with the token; without an address
// everything is read from what came with the token.
//
// A standard call carries the token in the header (RFC 6750, 2.1), one of the
// WeChat dialect token and openid in the address. WeChat's sns/auth, which only
// tells whether a token is good, is not asked: the UserInfo call tells it too,
// and without one nothing hangs on the token.
func (t *turn) askUserInfo(ctx context.Context) error {
	if t.o.UserInfoURL == "" {
		return nil
	}
	r, err := t.userInfoRequest()
	if err != nil {
		return err
	}
	a, err := t.ask(ctx, userInfoStage, t.tools.client, r)
	if err != nil {
		return err
	}
	object, got := decodeObject(a.body, a.contentType)
	if problem, check := errorIn(object, userInfoErrors, userInfoCodes, trace.UserInfoRefused); problem != "" {
		return t.fail(check, trace.Detail{Expected: "the person", Received: problem}, nil)
	}
	if err := t.judge(userInfoStage, a, object, got); err != nil {
		return err
	}
	t.userInfo = object
	return t.sameSubject()
}

func (t *turn) userInfoRequest() (*http.Request, error) {
	u, err := url.Parse(t.o.UserInfoURL)
	if err != nil {
		return nil, t.fail(trace.UserInfoOpen, trace.Detail{}, err)
	}
	if t.o.dialect() == DialectWeChat {
		openID, ok := asText(t.token["openid"])
		if !ok || openID == "" {
			return nil, t.fail(trace.UserInfoOpenID, trace.Detail{Expected: "openid", Received: kindOf(t.token)}, nil)
		}
		u.RawQuery = extended(u.RawQuery, []parameter{{"access_token", t.accessToken}, {"openid", openID}})
	}
	r, err := http.NewRequest(http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, t.fail(trace.UserInfoOpen, trace.Detail{}, err)
	}
	if t.o.dialect() != DialectWeChat {
		r.Header.Set("Authorization", "Bearer "+t.accessToken)
	}
	return r, nil
}

// sameSubject refuses UserInfo of somebody else than the ID token speaks of
// (OpenID Connect Core, 5.3.2).
func (t *turn) sameSubject() error {
	subject, ok := asText(t.userInfo["sub"])
	want, wanted := asText(t.idToken["sub"])
	if !wanted {
		return nil
	}
	if !ok || subject != want {
		return t.fail(trace.UserInfoSubject, trace.Detail{Expected: "sub " + want, Received: "sub " + subject}, nil)
	}
	t.story.Check(trace.UserInfoSubject, true, trace.Detail{})
	return nil
}
