package harness

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	signature "github.com/orgate/orgate/sdk/go"
)

// Call is one HTTP request.
type Call struct {
	Method string // "" is GET, or POST with a body
	Path   string
	Header map[string]string
	// Body is sent as it is when it is a string, as JSON when it is anything
	// else, and not at all when it is nil.
	Body any
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a call and fails the test when there is no answer.
func (n *Node) Do(t testing.TB, c Call) Answer {
	t.Helper()
	a, err := n.Try(t.Context(), c)
	if err != nil {
		t.Fatalf("%s %s: %v", c.Method, c.Path, err)
	}
	return a
}

// Try sends a call; the error is one of the network.
func (n *Node) Try(ctx context.Context, c Call) (Answer, error) {
	var body io.Reader
	switch b := c.Body.(type) {
	case nil:
	case string:
		body = bytes.NewReader([]byte(b))
	default:
		text, err := json.Marshal(b)
		if err != nil {
			return Answer{}, err
		}
		body = bytes.NewReader(text)
	}
	method := c.Method
	if method == "" {
		method = http.MethodGet
		if body != nil {
			method = http.MethodPost
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, n.URL+c.Path, body)
	if err != nil {
		return Answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json; charset=UTF-8")
	}
	for name, value := range c.Header {
		req.Header.Set(name, value)
	}
	resp, err := n.client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: text}, err
}

// Code is the error_code of a Meeting answer, "" when it has none.
func (a Answer) Code() string {
	var said struct {
		Code string `json:"error_code"`
	}
	_ = json.Unmarshal(a.Body, &said) // an answer without one has no code
	return said.Code
}

// RequestID is the id under which the answer can be asked about.
func (a Answer) RequestID() string { return a.Header.Get("X-Request-Id") }

// Into decodes the JSON of the answer.
func (a Answer) Into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		t.Fatalf("answer %d %q: %v", a.Status, a.Body, err)
	}
}

// Want fails the test unless the answer has a status and, unless it is "", a
// code of the Meeting API.
func (a Answer) Want(t testing.TB, status int, code string) Answer {
	t.Helper()
	if a.Status != status || code != "" && a.Code() != code {
		t.Fatalf("got %d %.300s, want %d %s", a.Status, a.Body, status, code)
	}
	return a
}

// Token is what a sign-in returned.
type Token struct {
	signature.Token
	FirstLogin bool `json:"firstLogin"`
	ClientType int  `json:"clientType"`
	TokenIP    string
}

// PasswordCall is a sign-in with account and password (Meeting API, 4.1).
func PasswordCall(account, password string, clientType int) Call {
	basic := base64.StdEncoding.EncodeToString([]byte(account + ":" + password))
	return Call{
		Method: http.MethodPost, Path: "/v1/usg/acs/auth/account", Header: map[string]string{"Authorization": "Basic " + basic},
		Body: map[string]any{"account": account, "clientType": clientType},
	}
}

// SignIn signs a person in with the password of the usual manifest, as an API
// client.
func (n *Node) SignIn(t testing.TB, account string) Token {
	t.Helper()
	return n.SignInAs(t, account, 72)
}

// SignInAs is SignIn for a client type.
func (n *Node) SignInAs(t testing.TB, account string, clientType int) Token {
	t.Helper()
	a := n.Do(t, PasswordCall(account, Password(account), clientType)).Want(t, http.StatusOK, "")
	var token Token
	a.Into(t, &token)
	n.house.Secret(token.AccessToken, token.RefreshToken)
	return token
}

// Validate asks whether a token counts (Meeting API, 4.5).
func (n *Node) Validate(t testing.TB, token string) Answer {
	t.Helper()
	return n.Do(t, ValidateCall(token))
}

// ValidateCall is the call of Validate.
func ValidateCall(token string) Call {
	return Call{
		Method: http.MethodPost, Path: "/v1/usg/acs/token/validate",
		Body: map[string]any{"token": token, "needGenNewToken": false, "needAccountInfo": true},
	}
}

// Use makes an authenticated call with a token.
func (n *Node) Use(t testing.TB, token string) Answer {
	t.Helper()
	return n.Do(t, Call{
		Method: http.MethodPost, Path: "/v1/usg/acs/auth/portal-ref-nonce",
		Header: map[string]string{"X-Access-Token": token},
	})
}

// SignOut ends a token (Meeting API, 4.6).
func (n *Node) SignOut(t testing.TB, token string) Answer {
	t.Helper()
	return n.Do(t, Call{
		Method: http.MethodDelete, Path: "/v1/usg/acs/token", Header: map[string]string{"X-Access-Token": token},
	})
}

// SignedCall is a login with an App ID (Meeting API, 4.2). It can be sent
// again and again, which the product must refuse.
func SignedCall(t testing.TB, app signature.App, login signature.Login) Call {
	t.Helper()
	request, err := app.Request(login)
	if err != nil {
		t.Fatal(err)
	}
	return ForgedCall(request)
}

// ForgedCall sends a request of the signature helper as it stands, which may
// have been changed.
func ForgedCall(request signature.Request) Call {
	c := Call{Method: request.Method, Path: request.Path, Header: map[string]string{}, Body: string(request.Body)}
	for name := range request.Header {
		c.Header[name] = request.Header.Get(name)
	}
	return c
}

// Secret adds words that no log of the installation may show.
func (n *Node) Secret(words ...string) { n.house.Secret(words...) }

// String shows where the node listens.
func (n *Node) String() string { return fmt.Sprintf("node at %s", n.URL) }
