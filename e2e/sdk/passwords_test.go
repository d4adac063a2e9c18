package sdk_test

import (
	"regexp"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

func change(account, before, after string) *model.UpdatePwdRequest {
	return &model.UpdatePwdRequest{Body: &model.ModPwdReqDto{Account: account, OldPwd: before, NewPwd: after}}
}

// TestUpdatePwd breaks each rule of a change once (Meeting API, 1.6 and 4.11).
func TestUpdatePwd(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	alice, old := clientOf(t, n, harness.Alice), harness.Password(harness.Alice)
	for _, c := range []struct{ name, before, after, code string }{
		{"the old one is wrong", "not-the-password", "Turquoise-9-moor", "USG.206030006"},
		{"short", old, "Aa1-bcd", "USG.206030007"},
		{"long", old, "Aa1-bcdefghijklmnopqrstuvwxyz0123", "USG.206030007"},
		{"one kind of characters", old, "turquoisemoor", "USG.206030008"},
		{"the same again", old, old, "USG.206030009"},
		{"repeats", old, "Turquoise-9999-moor", "USG.206030010"},
		{"soon after the last", old, "Turquoise-9-moor", "USG.206030011"},
		{"the account in it", old, "1-Alice@Acme.Example", "USG.206030012"},
		{"the account backwards", old, "1-elpmaxe.emca@ecila", "USG.206030012"},
		{"one character differs", old, "silver-orchard-14", "USG.206030013"},
		{"not of a keyboard", old, "Türkis-9-moor", "USG.206030014"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := alice.UpdatePwd(change(harness.Alice, c.before, c.after))
			refused(t, err, badRequest, c.code)
		})
	}
	_, err := alice.UpdatePwd(change(harness.Bob, harness.Password(harness.Bob), "Turquoise-9-moor"))
	refused(t, err, forbidden, "USG.201020001")
	_, err = clientWith(t, n, "none").UpdatePwd(change(harness.Alice, old, "Turquoise-9-moor"))
	refused(t, err, unauthorized, "USG.206020000")
	// Nothing of this changed it.
	n.SignIn(t, harness.Alice)
}

var newPassword = regexp.MustCompile(`(?:New password: |新密码：)(\S+)`)

func reset(account string) *model.ResetPwdByAdminRequest {
	return &model.ResetPwdByAdminRequest{Body: &model.AdminResetPwdReqDto{Account: account}}
}

// TestResetPwdByAdmin: a new password comes by mail and must be changed
// (Meeting API, 4.11).
func TestResetPwdByAdmin(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	admin := clientOf(t, n, harness.Admin)
	before := n.SignIn(t, harness.Bob)
	answer, err := admin.ResetPwdByAdmin(reset(harness.Bob))
	succeed(t, answer, err)
	mail := house.Mail.Take(t, harness.Bob)
	found := newPassword.FindStringSubmatch(mail.Text)
	if found == nil {
		t.Fatalf("no password in %q", mail.Text)
	}
	made := found[1]
	n.Secret(made)
	n.Use(t, before.AccessToken).Want(t, unauthorized, "USG.206020000")
	n.Do(t, harness.PasswordCall(harness.Bob, harness.Password(harness.Bob), 72)).Want(t, unauthorized, "USG.206010000")
	if token := signIn(t, n, harness.Bob, made); !token.FirstLogin {
		t.Error("the password of the administrator need not be changed")
	}
	// One that somebody else chose may be changed at once, and then not again.
	const own, next = "Turquoise-9-moor", "Saffron-8-gorge"
	n.Secret(own, next)
	changed, err := client(t, n, harness.Bob, made).UpdatePwd(change(harness.Bob, made, own))
	succeed(t, changed, err)
	if token := signIn(t, n, harness.Bob, own); token.FirstLogin {
		t.Error("a password of one's own must be changed")
	}
	bob := client(t, n, harness.Bob, own)
	_, err = bob.UpdatePwd(change(harness.Bob, own, next))
	refused(t, err, badRequest, "USG.206030011")

	_, err = admin.ResetPwdByAdmin(reset(harness.Dave))
	refused(t, err, badRequest, "USG.206030003")
	_, err = admin.ResetPwdByAdmin(reset(harness.Owner))
	refused(t, err, forbidden, "USG.206030016")
	for _, account := range []string{"nobody@acme.example", harness.Oscar} {
		_, err = admin.ResetPwdByAdmin(reset(account))
		refused(t, err, badRequest, "USG.206030000")
	}
	_, err = bob.ResetPwdByAdmin(reset(harness.Alice))
	refused(t, err, forbidden, "USG.206030016")
}

// signIn signs in with a password that is not the usual one.
func signIn(t *testing.T, n *harness.Node, account, password string) harness.Token {
	t.Helper()
	var token harness.Token
	n.Do(t, harness.PasswordCall(account, password, 72)).Want(t, 200, "").Into(t, &token)
	n.Secret(token.AccessToken, token.RefreshToken)
	return token
}
