package oidc

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

// FuzzTokenRequest: whatever comes to the token endpoint and its kin, nobody
// who did not show the secret is given anything, and nothing goes wrong inside.
func FuzzTokenRequest(f *testing.F) {
	own := url.Values{"grant_type": {"client_credentials"}, "scope": {"reports"}}
	posted := url.Values{"grant_type": {"client_credentials"}, "client_id": {"wiki"}, "client_secret": {wikiSecret}}
	for _, path := range []string{pathToken, pathIntrospect, pathRevoke} {
		f.Add(path, basicOf("wiki", wikiSecret), formType, own.Encode())
		f.Add(path, "", formType, posted.Encode())
	}
	f.Add(pathToken, "Basic "+base64.StdEncoding.EncodeToString([]byte("wi%6bi:%")), formType+"; charset=utf-8", "grant_type=refresh_token&refresh_token=x&scope=")
	f.Add(pathToken, "Basic =", "multipart/form-data; boundary=x", "grant_type=authorization_code&grant_type=x&code=%00")
	f.Add(pathToken, "", formType, "client_id=phone&grant_type=authorization_code&code=code-0&code_verifier=v&redirect_uri=http://127.0.0.1:1/cb")
	h := newHouse(f)
	f.Fuzz(func(t *testing.T, path, authorization, kind, body string) {
		if !slices.Contains([]string{pathToken, pathIntrospect, pathRevoke}, path) {
			return
		}
		clear(h.grants.tokens)
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header = http.Header{"Authorization": {authorization}, "Content-Type": {kind}}
		if authorization == "" {
			r.Header.Del("Authorization")
		}
		w := h.do(r, nil)
		switch {
		case w.Code >= http.StatusInternalServerError:
			t.Fatalf("got %d", w.Code)
		case len(h.grants.tokens) > 0 && !showsSecret(authorization, body), path == pathToken && w.Code == http.StatusOK && len(h.grants.tokens) == 0:
			t.Fatalf("got %d %s", w.Code, w.Body)
		case w.Code >= http.StatusBadRequest && !codes.MatchString(object(t, w)["error"].(string)):
			t.Fatalf("got %s", w.Body)
		}
	})
}

// showsSecret reports whether a request carries wiki's secret in one of the two
// places there are for it.
func showsSecret(authorization, body string) bool {
	_, token, _ := strings.Cut(authorization, " ")
	joined, err := base64.StdEncoding.DecodeString(strings.TrimLeft(token, " "))
	if err == nil {
		_, secret, _ := strings.Cut(string(joined), ":")
		if secret, err = url.QueryUnescape(secret); err == nil && secret == wikiSecret {
			return true
		}
	}
	form, err := url.ParseQuery(body)
	return err == nil && form.Get("client_secret") == wikiSecret
}

// FuzzBearer: of all that comes as an access token only the very words that
// were issued count, at user info and at introspection.
func FuzzBearer(f *testing.F) {
	h := newHouse(f)
	opaque := h.access(f, "openid profile")
	h.changeWiki(func(a *identity.Application) { a.OAuth.AccessFormat = identity.JWT })
	signed := h.access(f, "openid profile")
	issued := []string{opaque, signed}
	for _, word := range issued {
		f.Add("Bearer "+word, "", "")
		f.Add("bearer  "+word+" ", formType, "access_token="+word)
		f.Add("", formType, "access_token="+word)
		f.Add("Bearer "+word[:len(word)-1], formType+";", "access_token")
	}
	f.Add("Bearer eyJhbGciOiJub25lIn0.e30.", "", "")
	f.Add("Basic a.b.c", formType, "access_token=..&access_token=%ff")
	f.Fuzz(func(t *testing.T, authorization, kind, body string) {
		r := httptest.NewRequest(http.MethodPost, pathUserInfo, strings.NewReader(body))
		r.Header = http.Header{"Authorization": {authorization}, "Content-Type": {kind}}
		w := h.do(r, nil)
		_, word, _ := strings.Cut(authorization, " ")
		word = strings.TrimSpace(word)
		form, _ := url.ParseQuery(body)
		if w.Code >= http.StatusInternalServerError || w.Code == http.StatusOK && !slices.Contains(issued, word) && !slices.Contains(issued, form.Get("access_token")) {
			t.Fatalf("user info: got %d %s", w.Code, w.Body)
		}
		w = h.post(pathIntrospect, url.Values{"token": {word}}, "Authorization", basicOf("wiki", wikiSecret))
		if w.Code >= http.StatusInternalServerError || w.Code == http.StatusOK && object(t, w)["active"] != slices.Contains(issued, word) {
			t.Fatalf("introspection: got %d %s", w.Code, w.Body)
		}
	})
}

// FuzzSignedToken: whatever stands in a JWT, also in one that our own key
// signed, it counts as an access token only with its typ, issuer and time, and
// nothing goes wrong inside.
func FuzzSignedToken(f *testing.F) {
	h := newHouse(f)
	h.changeWiki(func(a *identity.Application) { a.OAuth.AccessFormat = identity.JWT })
	for _, word := range []string{h.access(f, "openid profile"), h.ownAccess(f)} {
		payload, typ, err := h.keys.Verify(f.Context(), word)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(typ, payload)
	}
	for _, payload := range []string{`null`, `[]`, `{"jti":".","exp":1e99}`, `{"aud":{},"exp":-1}`, `{"gen":0,"sub":"wiki","client_id":"wiki"}`} {
		f.Add(protocol.TypAccessToken, []byte(payload))
	}
	f.Fuzz(func(t *testing.T, typ string, payload []byte) {
		word, err := h.keys.Sign(t.Context(), identity.ES256, typ, payload)
		if err != nil {
			t.Fatal(err)
		}
		var said struct {
			Issuer    string  `json:"iss"`
			ExpiresAt float64 `json:"exp"`
		}
		good := json.Unmarshal(payload, &said) == nil && typ == protocol.TypAccessToken && said.Issuer == issuer && said.ExpiresAt > float64(h.now.Unix())
		if w := h.get(pathUserInfo, nil, "Authorization", "Bearer "+word); w.Code >= http.StatusInternalServerError || w.Code == http.StatusOK && !good {
			t.Fatalf("user info: got %d %s", w.Code, w.Body)
		}
		w := h.post(pathIntrospect, url.Values{"token": {word}}, "Authorization", basicOf("wiki", wikiSecret))
		if w.Code >= http.StatusInternalServerError || object(t, w)["active"] == true && !good {
			t.Fatalf("introspection: got %d %s", w.Code, w.Body)
		}
	})
}

// FuzzHint: an ID token that is shown again leads nobody to an address that is
// not the application's, whatever stands in it.
func FuzzHint(f *testing.F) {
	h := newHouse(f)
	payload, _, err := h.keys.Verify(f.Context(), h.idToken(f, nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(typIDToken, payload, wikiExit, "wiki")
	f.Add(typIDToken, []byte(`{"iss":"`+issuer+`","sub":"x","aud":["forum","wiki"],"azp":"forum"}`), wikiExit+"?x", "")
	f.Add(typIDToken, []byte(`{"iss":"`+issuer+`","sub":"x","aud":[""],"sid":7}`), "https://evil.example/", "\x00")
	f.Add(protocol.TypAccessToken, []byte(`null`), "//evil.example", "phone")
	exits := []string{""}
	for _, a := range h.apps {
		exits = append(exits, a.ExitURL)
	}
	f.Fuzz(func(t *testing.T, typ string, payload []byte, exit, clientID string) {
		hint, err := h.keys.Sign(t.Context(), identity.ES256, typ, payload)
		if err != nil {
			t.Fatal(err)
		}
		h.signOutWith(t, hint, exit, clientID)
		for _, d := range h.gate.left {
			if !slices.Contains(exits, d.To) || d.To != "" && typ != typIDToken {
				t.Fatalf("sign-out: leads to %q", d.To)
			}
		}
		h.authorizeWith(t, hint)
		if len(h.gate.demands) > 0 && (h.gate.last().Subject == "" || typ != typIDToken) {
			t.Fatalf("authorization: the hint demands %q", h.gate.last().Subject)
		}
	})
}

// signOutWith signs out by a hint, which must neither fail nor lead away before
// the Gate has seen it.
func (h *house) signOutWith(t *testing.T, hint, exit, clientID string) {
	t.Helper()
	h.gate.left = nil
	w := h.get(pathLogout, url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {exit}, "client_id": {clientID}})
	if w.Code >= http.StatusInternalServerError || w.Header().Get("Location") != "" {
		t.Fatalf("sign-out: got %d to %q", w.Code, w.Header().Get("Location"))
	}
}

// authorizeWith asks for a code with a hint, which must neither fail nor lead to
// another address than the application's.
func (h *house) authorizeWith(t *testing.T, hint string) {
	t.Helper()
	h.gate.demands = nil
	w := h.get(pathAuthorize, plain("id_token_hint", hint))
	if to := w.Header().Get("Location"); w.Code >= http.StatusInternalServerError || to != "" && !strings.HasPrefix(to, wikiBack+"?") {
		t.Fatalf("authorization: got %d to %q", w.Code, to)
	}
}
