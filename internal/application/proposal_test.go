package application

import (
	"reflect"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// TestWholeLeavesNothingOut: a field that is added and forgotten here would be
// tried and not saved.
func TestWholeLeavesNothingOut(t *testing.T) {
	t.Parallel()
	app := identity.Application{Name: "Wiki", OAuth: &identity.OAuthSettings{Scopes: []string{"openid"}}, CAS: &identity.CASSettings{LogoutURL: "https://x.example/"}}
	change := reflect.ValueOf(Whole(app))
	for i := range change.NumField() {
		if change.Field(i).IsNil() {
			t.Errorf("%s is left out", change.Type().Field(i).Name)
		}
	}
	var again identity.Application
	again.OAuth, again.CAS = &identity.OAuthSettings{}, &identity.CASSettings{}
	if err := Whole(app).apply(&again); err != nil {
		t.Fatal(err)
	}
	if names := differing(app, again); len(names) != 0 {
		t.Errorf("applied it differs in %v", names)
	}
}

func TestClientIDsOfTriesAreReserved(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{"try_1": true, "try_": true, "try": false, "TRY_1": false, "my_try_1": false} {
		name := "Wiki"
		err := NewApplication{
			ClientID: id, Protocol: identity.ProtocolOIDC, Settings: ApplicationChange{Name: &name, HomeURLs: &[]string{"https://wiki.example/cb"}},
		}.Check()
		if got := err != nil && fault.Of(err).Field == "client_id"; got != want {
			t.Errorf("%s: refused %v, want %v (%v)", id, got, want, err)
		}
	}
}
