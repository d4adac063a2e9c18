package signature

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// Token is what a login returned. Send AccessToken as X-Access-Token.
type Token struct {
	AccessToken       string `json:"accessToken"`
	ExpireTime        int64  `json:"expireTime"`  // seconds since 1970
	ValidPeriod       int64  `json:"validPeriod"` // seconds
	RefreshToken      string `json:"refreshToken"`
	RefreshExpireTime int64  `json:"refreshExpireTime"` // seconds since 1970
	User              User   `json:"user"`
}

// String hides the token from logs.
func (Token) String() string { return redacted }

// LogValue hides the token from structured logs.
func (Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// User is the person a token stands for.
type User struct {
	UserID         string `json:"userId"`
	UcloginAccount string `json:"ucloginAccount"` // the Meeting account
	ThirdAccount   string `json:"thirdAccount"`   // the user id that was signed
	Name           string `json:"name"`
	CompanyID      string `json:"companyId"`
	SpID           string `json:"spId"`
	UserType       int    `json:"userType"`
	AdminType      int    `json:"adminType"` // 0 default administrator, 1 administrator, 2 ordinary
}

// Failure is a login that the server answered but did not accept.
type Failure struct {
	Status    int    // HTTP
	Code      string // such as "USG.206010025", "" if the answer was not the API's
	Message   string
	RequestID string // quote it when asking the server's operator
}

// Error says what the server answered.
func (f *Failure) Error() string {
	return fmt.Sprintf("login failed: status %d, code %q, %s (request %s)", f.Status, f.Code, f.Message, f.RequestID)
}

const (
	patience = 30 * time.Second // for one login from dialling to the last byte
	mostRead = 1 << 20          // bytes of an answer
)

// Login makes and sends the login to the server at baseURL, such as
// "https://orgate.example", with http.DefaultClient's transport, and returns
// the token. The error is a *Refusal, a *Failure, or one of the network.
func (a App) Login(ctx context.Context, baseURL string, l Login) (Token, error) {
	r, err := a.Request(l)
	if err != nil {
		return Token{}, err
	}
	return r.Send(ctx, http.DefaultClient, baseURL)
}

// Send sends the request and returns the token. Redirects are not followed:
// the login is signed for one server. client's own settings apply otherwise.
func (r Request) Send(ctx context.Context, client *http.Client, baseURL string) (Token, error) {
	target, err := address(baseURL, r.Path)
	if err != nil {
		return Token{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.Method, target, bytes.NewReader(r.Body))
	if err != nil {
		return Token{}, fmt.Errorf("make the login: %w", err)
	}
	req.Header = r.Header.Clone()
	straight := *client
	straight.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := straight.Do(req)
	if err != nil {
		return Token{}, fmt.Errorf("send the login: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, mostRead))
	if err != nil {
		return Token{}, fmt.Errorf("read the answer to the login: %w", err)
	}
	return parse(resp.StatusCode, resp.Header.Get("X-Request-Id"), answer)
}

// address joins the server's base URL and the path.
func address(baseURL, path string) (string, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return "", fmt.Errorf("base URL: %w", err)
	}
	if (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("base URL must be http(s)://host, with a path at most")
	}
	return u.JoinPath(path).String(), nil
}

// parse turns an answer into a token or a *Failure.
func parse(status int, requestID string, answer []byte) (Token, error) {
	if status != http.StatusOK {
		f := &Failure{Status: status, RequestID: requestID}
		var said struct {
			Code    string `json:"error_code"`
			Message string `json:"error_msg"`
		}
		if json.Unmarshal(answer, &said) == nil {
			f.Code, f.Message = said.Code, said.Message
		}
		return Token{}, f
	}
	var t Token
	if err := json.Unmarshal(answer, &t); err != nil {
		return Token{}, fmt.Errorf("read the token: %w", err)
	}
	if t.AccessToken == "" {
		return Token{}, &Failure{Status: status, Message: "the answer holds no accessToken", RequestID: requestID}
	}
	return t, nil
}
