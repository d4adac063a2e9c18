package sdk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

// soon is when the signatures of tests expire.
func soon() int64 { return time.Now().Add(10 * time.Minute).Unix() }

func check(token string, another, describe bool) *model.CheckTokenRequest {
	return &model.CheckTokenRequest{Body: &model.ValidateTokenReqDto{Token: token, NeedGenNewToken: another, NeedAccountInfo: &describe}}
}

// TestTokens checks, extends and ends tokens (Meeting API, 4.4 to 4.7).
func TestTokens(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	made := n.SignIn(t, harness.Alice)
	t.Run("check", func(t *testing.T) { checkToken(t, n, made) })
	t.Run("another", func(t *testing.T) { anotherToken(t, n, made) })
	t.Run("refresh", func(t *testing.T) { refreshToken(t, n, made) })
	t.Run("portal", func(t *testing.T) { portalNonce(t, n, made) })
	t.Run("sign out", func(t *testing.T) { signOut(t, n, made) })
}

// checkToken asks what a token is and, if wished, whose.
func checkToken(t *testing.T, n *harness.Node, made harness.Token) {
	t.Helper()
	// Whether a token counts may be asked by anybody.
	anybody := clientWith(t, n, "none")
	bare, err := anybody.CheckToken(check(made.AccessToken, false, false))
	bare = succeed(t, bare, err)
	if *bare.AccessToken != made.AccessToken || *bare.ClientType != 72 || *bare.ValidPeriod < 10*3600 || *bare.ValidPeriod > 24*3600 ||
		*bare.ExpireTime != made.ExpireTime || bare.RefreshToken != nil || *bare.TokenType != 0 {
		t.Errorf("got %s", bare)
	}
	told, err := anybody.CheckToken(check(made.AccessToken, false, true))
	told = succeed(t, told, err)
	if !isAlice(told.User) {
		t.Errorf("got %s", told)
	}
}

// isAlice compares what is told of a person with the usual manifest.
func isAlice(u *model.UserInfo) bool {
	return u != nil && u.UcloginAccount == harness.Alice && *u.UserType == 2 && *u.AdminType == 2 && *u.Name == "Alice" &&
		*u.ThirdAccount == "alice" && *u.CompanyId != "" && *u.CompanyDomain == "acme.example" && *u.IsBindPhone && *u.Status == 0
}

// anotherToken makes one beside the token that was checked, which goes on
// counting.
func anotherToken(t *testing.T, n *harness.Node, made harness.Token) {
	t.Helper()
	// Whether a token counts may be asked by anybody.
	anybody := clientWith(t, n, "none")
	another, err := anybody.CheckToken(check(made.AccessToken, true, true))
	another = succeed(t, another, err)
	n.Secret(*another.AccessToken, *another.RefreshToken)
	if *another.AccessToken == made.AccessToken {
		t.Error("the new token is the old one")
	}
	for _, token := range []string{made.AccessToken, *another.AccessToken} {
		answer, err := anybody.CheckToken(check(token, false, false))
		succeed(t, answer, err)
	}
}

// refreshToken extends a token by itself and by its refresh token: it stays the
// same word.
func refreshToken(t *testing.T, n *harness.Node, made harness.Token) {
	t.Helper()
	for _, word := range []string{made.AccessToken, made.RefreshToken} {
		longer, err := clientWith(t, n, word).UpdateToken(&model.UpdateTokenRequest{})
		longer = succeed(t, longer, err)
		if longer.RefreshToken != nil {
			n.Secret(*longer.RefreshToken)
		}
		if *longer.AccessToken != made.AccessToken || *longer.ExpireTime < made.ExpireTime ||
			*longer.ExpireTime != *longer.CreateTime/1000+*longer.ValidPeriod || longer.User.UcloginAccount != harness.Alice {
			t.Errorf("got %s", longer)
		}
	}
	_, err := clientWith(t, n, "none").UpdateToken(&model.UpdateTokenRequest{})
	refused(t, err, unauthorized, "USG.206020000")
}

// portalNonce is a fresh word each time.
func portalNonce(t *testing.T, n *harness.Node, made harness.Token) {
	t.Helper()
	// Whether a token counts may be asked by anybody.
	anybody := clientWith(t, n, "none")
	seen := map[string]bool{}
	for range 3 {
		jump, err := clientWith(t, n, made.AccessToken).CreatePortalRefNonce(&model.CreatePortalRefNonceRequest{})
		jump = succeed(t, jump, err)
		n.Secret(*jump.Nonce)
		seen[*jump.Nonce] = true
	}
	if len(seen) != 3 {
		t.Errorf("got %d nonces of 3", len(seen))
	}
	_, err := anybody.CreatePortalRefNonce(&model.CreatePortalRefNonceRequest{})
	refused(t, err, unauthorized, "USG.206020000")
}

// signOut ends a token once; the SDK goes on with a token that it has ended.
func signOut(t *testing.T, n *harness.Node, made harness.Token) {
	t.Helper()
	own := clientOf(t, n, harness.Bob)
	_, err := own.DeleteToken(&model.DeleteTokenRequest{})
	succeed(t, own, err)
	for range 2 {
		_, err = own.DeleteToken(&model.DeleteTokenRequest{})
		refused(t, err, unauthorized, "USG.206020000")
	}
	_, err = clientWith(t, n, made.AccessToken).DeleteToken(&model.DeleteTokenRequest{})
	succeed(t, own, err)
	_, err = clientWith(t, n, made.RefreshToken).UpdateToken(&model.UpdateTokenRequest{})
	refused(t, err, unauthorized, "USG.206020000")
}

// TestErrors: the SDK reads code, message and request id of a refusal, the
// message in the language that was asked for.
func TestErrors(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	anybody := clientWith(t, n, "none")
	messages := map[string]string{}
	for _, language := range []string{"", "zh-CN", "en-US", "fr"} {
		request := check("stb0000000000000000000000000000000000", false, false)
		request.XRequestID = pointer("085d1f96cd9ddd6f3c50d70a0b2eb239")
		if language != "" {
			request.AcceptLanguage = &language
		}
		_, err := anybody.CheckToken(request)
		refused(t, err, unauthorized, "USG.000000004")
		answer := answerOf(t, err)
		if answer.RequestId != *request.XRequestID {
			t.Errorf("got request id %q, want the one that was sent", answer.RequestId)
		}
		messages[language] = answer.ErrorMessage
	}
	if messages["en-US"] == messages["zh-CN"] || messages[""] != messages["zh-CN"] || messages["fr"] != messages["zh-CN"] {
		t.Errorf("got %q", messages)
	}
	if strings.IndexFunc(messages["zh-CN"], isHan) < 0 || strings.IndexFunc(messages["en-US"], isHan) >= 0 {
		t.Errorf("got %q", messages)
	}
	// A sign-in that fails is the error of the first call.
	_, err := client(t, n, harness.Alice, "not-the-password").CreatePortalRefNonce(&model.CreatePortalRefNonceRequest{})
	refused(t, err, unauthorized, "USG.206010000")
	_, err = clientOf(t, n, harness.Carol).CreatePortalRefNonce(&model.CreatePortalRefNonceRequest{})
	refused(t, err, 412, "USG.206010007")
}
