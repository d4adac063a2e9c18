package setup

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/orgate/orgate/internal/source"
)

// loginCentre stands in for Acme's centre and signs in carl at once. With echo
// it refuses each code, and repeats the secret that it was sent.
type loginCentre struct {
	*httptest.Server
	echo atomic.Bool
}

func newLoginCentre(t *testing.T) *loginCentre {
	t.Helper()
	c := &loginCentre{}
	mux := http.NewServeMux()
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"state": {q.Get("state")}, "code": {"c-1"}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if secret := r.FormValue("client_secret"); c.echo.Load() || secret != typedSecret {
			w.WriteHeader(http.StatusUnauthorized)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_client", "error_description": "wrong secret " + secret})
			return
		}
		_, _ = io.WriteString(w, `{"access_token":"ACCESS-TOKEN-0123456789abcdef","token_type":"Bearer"}`)
	})
	mux.HandleFunc("/me", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"login":"at-centre-carl","name":"Carl of the centre"}`)
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

func (c *loginCentre) settings() source.SSO {
	return source.SSO{Domain: "acme.example", OAuth2: source.OAuth2{
		AuthorizeURL: c.URL + "/authorize", TokenURL: c.URL + "/token", UserInfoURL: c.URL + "/me", ClientID: "orgate", ClientSecret: typedSecret,
		Dialect: source.DialectOAuth2, AccountField: "login", Fields: source.Fields{Name: "name", AccessToken: "access_token"},
	}}
}
