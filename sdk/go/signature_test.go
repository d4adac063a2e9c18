package signature

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func example() (App, Login) {
	return App{Mode: Enterprise, ID: "130436e5b34d4859a87f667a2d626a83", Key: "0123456789abcdef0123456789abcdef"},
		Login{UserID: "alice@ent01", ExpireTime: 1604020600}
}

func TestNonceIsFreshAndFits(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		n := Nonce()
		if !nonceFits(n) || seen[n] {
			t.Fatalf("nonce %q is unfit or came twice", n)
		}
		seen[n] = true
	}
	app, login := example()
	a, err := app.Request(login)
	if err != nil {
		t.Fatal(err)
	}
	b, err := app.Request(login)
	if err != nil {
		t.Fatal(err)
	}
	if a.Signature == b.Signature {
		t.Error("two requests without a nonce of their own have the same signature")
	}
	if !bytes.Contains(a.Body, []byte(`"clientType":72,`)) {
		t.Errorf("client type left out is not 72: %s", a.Body)
	}
}

func TestTextMustBeUTF8(t *testing.T) {
	app, login := example()
	login.Nonce = Nonce()
	for name, spoil := range map[string]func(*App, *Login){
		"app id":   func(a *App, _ *Login) { a.ID = "\xff" },
		"key":      func(a *App, _ *Login) { a.Key = "\xff" },
		"user id":  func(_ *App, l *Login) { l.UserID = "a\xff" },
		"name":     func(_ *App, l *Login) { l.UserName = "\xc0\x80" },
		"email":    func(_ *App, l *Login) { l.UserEmail = "\xed\xa0\x80" },
		"phone":    func(_ *App, l *Login) { l.UserPhone = "\x80" },
		"dept":     func(_ *App, l *Login) { l.DeptCode = "\xf8" },
		"corp id ": func(_ *App, l *Login) { l.CorpID = "\xff" },
	} {
		a, l := app, login
		spoil(&a, &l)
		_, err := a.StringToSign(l)
		if r, ok := errors.AsType[*Refusal](err); !ok || r.Reason != BadText {
			t.Errorf("%s: got %v, want a refusal for %q", name, err, BadText)
		}
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	app, _ := example()
	token := Token{AccessToken: "secret-token"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "app", app, "key", app.Key, "token", token)
	for _, text := range []string{log.String(), fmt.Sprintf("%v %+v %#v %s %v", app, app, app, app.Key, token)} {
		if strings.Contains(text, string(app.Key)) || strings.Contains(text, "secret-token") {
			t.Errorf("a secret shows in %s", text)
		}
	}
}

// server answers every login with one status and body, and keeps the request.
func server(t *testing.T, status int, answer string) (string, *http.Request) {
	t.Helper()
	got := new(http.Request)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*got = *r.Clone(r.Context())
		got.Body = io.NopCloser(bytes.NewReader(data))
		w.Header().Set("X-Request-Id", "r1")
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

func TestLoginSendsAndReads(t *testing.T) {
	url, got := server(t, 200, `{"accessToken":"tok","expireTime":9,"validPeriod":7,"refreshToken":null,"user":{"userId":"u1","companyId":"c1","thirdAccount":"alice@ent01","adminType":2}}`)
	app, login := example()
	login.Nonce = Nonce()
	want, err := app.Request(login)
	if err != nil {
		t.Fatal(err)
	}
	token, err := app.Login(t.Context(), url+"/prefix/", login)
	if err != nil {
		t.Fatal(err)
	}
	if token.AccessToken != "tok" || token.ExpireTime != 9 || token.User.UserID != "u1" || token.User.AdminType != 2 {
		t.Errorf("token is %+v of %q", token.User, token.AccessToken)
	}
	if got.Method != http.MethodPost || got.URL.Path != "/prefix"+Path || got.Header.Get("Authorization") != want.Header.Get("Authorization") {
		t.Errorf("server saw %s %s with %q", got.Method, got.URL.Path, got.Header.Get("Authorization"))
	}
	if data, _ := io.ReadAll(got.Body); !bytes.Equal(data, want.Body) {
		t.Errorf("server read %s, want %s", data, want.Body)
	}
}

func TestLoginFailures(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		status       int
		want         Failure
	}{
		{"refused", `{"error_code":"USG.206010025","error_msg":"refused"}`, 401, Failure{401, "USG.206010025", "refused", "r1"}},
		{"a proxy's page", `<html>`, 502, Failure{502, "", "", "r1"}},
		{"redirect not followed", ``, 307, Failure{307, "", "", "r1"}},
		{"no token", `{}`, 200, Failure{200, "", "the answer holds no accessToken", "r1"}},
	} {
		url, _ := server(t, c.status, c.answer)
		app, login := example()
		_, err := app.Login(t.Context(), url, login)
		if f, ok := errors.AsType[*Failure](err); !ok || *f != c.want {
			t.Errorf("%s: got %v, want %v", c.name, err, &c.want)
		}
	}
}

func TestLoginNeverLeavesWithMistakes(t *testing.T) {
	app, login := example()
	for _, base := range []string{"", "orgate.example", "ftp://orgate.example", "https://", "https://h?x=1", "https://h#x", "::"} {
		if _, err := app.Login(t.Context(), base, login); err == nil {
			t.Errorf("base URL %q was accepted", base)
		}
	}
	login.UserID = "a:b"
	if _, err := app.Login(t.Context(), "https://orgate.example", login); err == nil {
		t.Error("a user id with a colon was sent")
	}
	url, _ := server(t, 200, `not json`)
	login.UserID = "alice"
	if _, err := app.Login(t.Context(), url, login); err == nil {
		t.Error("an answer that is not JSON gave a token")
	}
}

// Whatever a server or a proxy answers, there is a token or an error.
func FuzzParse(f *testing.F) {
	f.Add(200, []byte(`{"accessToken":"tok","user":{"userId":"u1"}}`))
	f.Add(401, []byte(`{"error_code":"USG.206010025","error_msg":"refused"}`))
	f.Add(200, []byte(`null`))
	f.Add(502, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, answer []byte) {
		token, err := parse(status, "r1", answer)
		if (err == nil) != (token.AccessToken != "") {
			t.Errorf("status %d, %q: token %q with error %v", status, answer, token.AccessToken, err)
		}
		if err == nil && status != http.StatusOK {
			t.Errorf("status %d gave a token", status)
		}
	})
}
