package sdk_test

import (
	"errors"
	"regexp"
	"testing"
	"unicode"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	meeting "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

const forgotten int32 = 1

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func answerOf(t *testing.T, err error) *sdkerr.ServiceResponseError {
	t.Helper()
	var answer *sdkerr.ServiceResponseError
	if !errors.As(err, &answer) {
		t.Fatalf("got %v, want an answer of the server", err)
	}
	return answer
}

// puzzle asks for a slide captcha and says where the piece seems to belong.
func puzzle(t *testing.T, c *meeting.MeetingClient, user string) (token string, x int32) {
	t.Helper()
	sent, err := c.SendSlideVerifyCode(&model.SendSlideVerifyCodeRequest{
		Body: &model.SlideVerifyCodeSendDto{User: user, ClientType: 0, CheckType: pointer(forgotten)},
	})
	sent = succeed(t, sent, err)
	if *sent.Expire <= 0 || *sent.PointY < 0 {
		t.Errorf("got %d s and y = %d", *sent.Expire, *sent.PointY)
	}
	p := harness.Puzzle{ShadowImage: *sent.ShadowImage, CutImage: *sent.CutImage, PointY: int(*sent.PointY)}
	shadow, cut := p.Pictures(t)
	return *sent.Token, int32(harness.Slide(shadow, cut, p.PointY))
}

func slide(c *meeting.MeetingClient, user, token string, x int32) (*model.CheckSlideVerifyCodeResponse, error) {
	return c.CheckSlideVerifyCode(&model.CheckSlideVerifyCodeRequest{Body: &model.SlideVerifyCodeCheckDto{
		User: user, ClientType: 0, CheckType: pointer(forgotten), Token: token, PointX: x, SlideTime: 1200,
	}})
}

// prove solves a captcha within a bounded number of tries.
func prove(t *testing.T, c *meeting.MeetingClient, user string) (proof string) {
	t.Helper()
	for range 12 {
		token, x := puzzle(t, c, user)
		solved, err := slide(c, user, token, x)
		if err == nil {
			return *solved.Token
		}
		refused(t, err, badRequest, "USG.206010012")
	}
	t.Fatal("no puzzle was solved")
	return ""
}

func sendCode(c *meeting.MeetingClient, user, method string, proof *string) (*model.SendVeriCodeForChangePwdResponse, error) {
	return c.SendVeriCodeForChangePwd(&model.SendVeriCodeForChangePwdRequest{
		Body: &model.VerifyCodeSendDtov1{User: user, SendMethod: &method, Token: proof},
	})
}

func checkCode(c *meeting.MeetingClient, user, code string) (*model.CheckVerifyCodeResponse, error) {
	return c.CheckVerifyCode(&model.CheckVerifyCodeRequest{Body: &model.VerifyCodeCheckDto{User: user, Code: code}})
}

func setPassword(c *meeting.MeetingClient, user, password string) error {
	_, err := c.ResetPwd(&model.ResetPwdRequest{Body: &model.ResetPwdReqDtov1{User: user, NewPwd: password}})
	return err
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// wrongCode is six digits that are not the code.
func wrongCode(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// TestForgottenPassword goes all five steps, and stumbles at each of them
// first (Meeting API, 4.12 to 4.16).
func TestForgottenPassword(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	before := n.SignIn(t, harness.Alice)
	c := clientWith(t, n, "none")
	captchaRefusals(t, c)

	proof := prove(t, c, harness.Alice)
	n.Secret(proof)
	_, err := sendCode(c, harness.Alice, "email", nil)
	refused(t, err, badRequest, "USG.206060009")
	_, err = sendCode(c, harness.Bob, "email", pointer(proof))
	refused(t, err, badRequest, "USG.206060010")
	_, err = sendCode(c, harness.Alice, "sms", pointer(prove(t, c, harness.Alice)))
	refused(t, err, badRequest, "USG.206060012")
	sent, err := sendCode(c, harness.Alice, "email", pointer(prove(t, c, harness.Alice)))
	sent = succeed(t, sent, err)
	if *sent.Expire != 60 || sent.BindPhone != nil || *sent.BindEmail == harness.Alice || *sent.BindEmail == "" {
		t.Errorf("got %s", sent)
	}
	code := sixDigits.FindString(house.Mail.Take(t, harness.Alice).Text)
	_, err = sendCode(c, harness.Alice, "email", pointer(prove(t, c, harness.Alice)))
	refused(t, err, badRequest, "USG.206030004")

	_, err = checkCode(c, harness.Alice, wrongCode(code))
	refused(t, err, badRequest, "USG.206030002")
	checked, err := checkCode(c, harness.Alice, code)
	word := *succeed(t, checked, err).Token
	n.Secret(word)
	_, err = checkCode(c, harness.Alice, code)
	refused(t, err, badRequest, "USG.206030001")

	const password = "Turquoise9moor"
	n.Secret(password)
	refused(t, setPassword(clientWith(t, n, before.AccessToken), harness.Alice, password), unauthorized, "USG.206020000")
	holder := clientWith(t, n, word)
	refused(t, setPassword(holder, harness.Alice, "turquoisemoor"), badRequest, "USG.206030008")
	succeed(t, word, setPassword(holder, harness.Alice, password))
	refused(t, setPassword(holder, harness.Alice, "Saffron8gorge"), unauthorized, "USG.206020000")

	n.Use(t, before.AccessToken).Want(t, unauthorized, "USG.206020000")
	n.Do(t, harness.PasswordCall(harness.Alice, harness.Password(harness.Alice), 72)).Want(t, unauthorized, "USG.206010000")
	if token := signIn(t, n, harness.Alice, password); token.FirstLogin {
		t.Error("a password of one's own must be changed")
	}
}

// captchaRefusals breaks the rules of the slide captcha.
func captchaRefusals(t *testing.T, c *meeting.MeetingClient) {
	t.Helper()
	token, x := puzzle(t, c, harness.Alice)
	wrong := x + 40
	if wrong > 250 {
		wrong = x - 40
	}
	_, err := slide(c, harness.Alice, token, wrong)
	refused(t, err, badRequest, "USG.206010012")
	// The first check spends the puzzle, right or wrong.
	_, err = slide(c, harness.Alice, token, x)
	refused(t, err, badRequest, "USG.206060010")
	token, x = puzzle(t, c, harness.Alice)
	_, err = slide(c, harness.Bob, token, x)
	refused(t, err, badRequest, "USG.206060010")
	_, err = slide(c, harness.Alice, "none", x)
	refused(t, err, badRequest, "USG.206060010")
}

// TestTooManyWrongCodes: after five guesses the right code is refused too.
func TestTooManyWrongCodes(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	c := clientWith(t, n, "none")
	// By mail address, as people remember it.
	sent, err := sendCode(c, "bob@acme.example", "", pointer(prove(t, c, "bob@acme.example")))
	succeed(t, sent, err)
	code := sixDigits.FindString(house.Mail.Take(t, harness.Bob).Text)
	for range 5 {
		_, err := checkCode(c, harness.Bob, wrongCode(code))
		refused(t, err, badRequest, "USG.206030002")
	}
	_, err = checkCode(c, harness.Bob, code)
	refused(t, err, badRequest, "USG.206030019")
	_, err = sendCode(c, harness.Bob, "email", pointer(prove(t, c, harness.Bob)))
	refused(t, err, badRequest, "USG.206060008")
}
