package sdk_test

import (
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

// TestOwnData changes what a person says of themselves, and how they are
// reached (Meeting API, 5.7).
func TestOwnData(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	alice := clientOf(t, n, harness.Alice)
	_, err := alice.UpdateMyInfo(&model.UpdateMyInfoRequest{Body: &model.ModMemberDto{Name: "Alice A.", Title: pointer("Dr"), Desc: pointer("d")}})
	succeed(t, 0, err)
	const address = "new.alice@acme.example"
	_, err = alice.SendVeriCodeForUpdateUserInfo(&model.SendVeriCodeForUpdateUserInfoRequest{Body: &model.VerificationCodeDto{Contact: address}})
	succeed(t, 0, err)
	code := sixDigits.FindString(house.Mail.Take(t, address).Text)
	_, err = alice.CheckVeriCodeForUpdateUserInfo(&model.CheckVeriCodeForUpdateUserInfoRequest{
		Body: &model.VerificationCodeDto{Contact: address, VerificationCode: pointer(wrongCode(code))},
	})
	refused(t, err, badRequest, "USG.206030002")
	right := &model.VerificationCodeDto{Contact: address, VerificationCode: pointer(code)}
	_, err = alice.CheckVeriCodeForUpdateUserInfo(&model.CheckVeriCodeForUpdateUserInfoRequest{Body: right})
	succeed(t, 0, err)
	_, err = alice.UpdateContact(&model.UpdateContactRequest{Body: right})
	succeed(t, 0, err)
	_, err = alice.UpdateContact(&model.UpdateContactRequest{Body: right})
	refused(t, err, badRequest, "USG.206030001")
	mine, err := alice.ShowMyInfo(&model.ShowMyInfoRequest{})
	if mine = succeed(t, mine, err); *mine.Name != "Alice A." || *mine.Title != "Dr" || *mine.Email != address || len(*mine.VmrList) != 1 || *(*mine.VmrList)[0].VmrMode != 0 {
		t.Errorf("got %s", mine)
	}
}
