package sdk_test

import (
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
)

// TestSSOConfig: the official SDK configures enterprise SSO and reads it back
// (Meeting API, 4.8 and 4.9).
func TestSSOConfig(t *testing.T) { harness.OnEach(t, configureSSO) }

func configureSSO(t *testing.T, o harness.Options) {
	t.Helper()
	house := harness.New(t, o)
	n := house.Start(t)
	owner := clientOf(t, n, harness.Owner)
	show := func() *model.ShowSsoConfigResponse {
		t.Helper()
		answer, err := owner.ShowSsoConfig(&model.ShowSsoConfigRequest{})
		return succeed(t, answer, err)
	}
	if got := show(); got.EnableSSO == nil || *got.EnableSSO || got.Domain != nil || got.Oauth2ServerType != nil {
		t.Errorf("never configured: got %+v", got)
	}
	house.Secret(harness.CentreSecret)
	config := &model.AuthorizeConfigInfoRequestBody{
		EnableSSO: true, Domain: pointer("sso.acme.example"),
		AuthorizeUrl: pointer("http://127.0.0.1:8444/sns/userinfo"), GetTokenUrl: pointer("http://127.0.0.1:8444/sns/oauth2/access_token"),
		ClientId: pointer("18bc94a643bd4b93aab3179726120943"), ClientSecret: pointer(harness.CentreSecret), AccFieldName: pointer("openid"),
		GetUserInfoUrl: pointer("http://127.0.0.1:8444/sns/userinfo"), Oauth2ServerType: pointer(int32(0)),
		PcSchemaUrl: pointer("http://127.0.0.1:8444/schema/pc"), ThirdName: pointer("openid"), ThirdAccessToken: pointer("access_token"),
	}
	save := func() error {
		_, err := owner.SetSsoConfig(&model.SetSsoConfigRequest{Body: config})
		return err
	}
	if err := save(); err != nil {
		t.Fatal(err)
	}
	got := show()
	if !*got.EnableSSO || *got.Domain != "sso.acme.example" || *got.GetTokenUrl != *config.GetTokenUrl || *got.AccFieldName != "openid" ||
		*got.Oauth2ServerType != 0 || *got.PcSchemaUrl != *config.PcSchemaUrl || got.ClientSecret != nil || got.ThirdEmail != nil {
		t.Errorf("got %+v", got)
	}
	// The secret may be left out while both addresses stay.
	config.ClientSecret = nil
	if err := save(); err != nil {
		t.Errorf("without the secret: %v", err)
	}
	config.GetTokenUrl = pointer("http://127.0.0.1:8444/elsewhere")
	refused(t, save(), badRequest, "USG.000000003")
	_, err := clientOf(t, n, harness.Alice).ShowSsoConfig(&model.ShowSsoConfigRequest{})
	refused(t, err, forbidden, "USG.201020001")
	config.GetTokenUrl, config.Domain = pointer("http://127.0.0.1:8444/sns/oauth2/access_token"), nil
	refused(t, save(), badRequest, "USG.000000003")
	// An enterprise has its domain for itself.
	other := clientOf(t, n, harness.Olga)
	config.Domain, config.ClientSecret = pointer("SSO.acme.example"), pointer(harness.CentreSecret)
	_, err = other.SetSsoConfig(&model.SetSsoConfigRequest{Body: config})
	refused(t, err, badRequest, "USG.206010431")
	config.Domain = pointer("acme.example")
	_, err = other.SetSsoConfig(&model.SetSsoConfigRequest{Body: config})
	refused(t, err, badRequest, "USG.000000003")
}
