package centre

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/demo/standin"
)

// tokenAnswer is what an app receives for a code.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type,omitempty"` // in OAuth 2.0's words only
	ExpiresIn    int    `json:"expires_in"`           // seconds
	RefreshToken string `json:"refresh_token"`
	OpenID       string `json:"openid"`
	Scope        string `json:"scope"`
	UnionID      string `json:"unionid"`
}

func answerOf(g grant) tokenAnswer {
	return tokenAnswer{
		AccessToken: g.access, ExpiresIn: int(accessLife.Seconds()), RefreshToken: g.refresh,
		OpenID: g.person.OpenID, Scope: g.scope, UnionID: unionID(g.person),
	}
}

// unionID is the same for a person in all apps of one enterprise.
func unionID(p Person) string {
	sum := sha256.Sum256([]byte("unionid " + p.Account))
	return "o6" + base64.RawURLEncoding.EncodeToString(sum[:])[:26]
}

// exchange gives a token for a code, in WeChat's words.
func (c *Centre) exchange(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	g, no := c.grantFor(q.Get("appid"), q.Get("secret"), q)
	c.say(w, answerOf(g), no)
}

// grantFor answers either grant type of an app.
func (c *Centre) grantFor(id, secret string, q url.Values) (grant, refusal) {
	app, no := c.authenticate(id, secret)
	if no != (refusal{}) {
		return grant{}, no
	}
	switch {
	case q.Get("grant_type") == "refresh_token":
		if q.Get("refresh_token") == "" {
			return grant{}, missingRefresh
		}
		return c.grants.renew(app.ID, q.Get("refresh_token"))
	case q.Get("grant_type") != "authorization_code":
		return grant{}, invalidGrantType
	case q.Get("code") == "":
		return grant{}, missingCode
	}
	return c.grants.redeem(app.ID, q.Get("code"), q.Get("redirect_uri"))
}

func (c *Centre) authenticate(id, secret string) (App, refusal) {
	app, known := c.apps[id]
	switch {
	case id == "":
		return App{}, missingApp
	case !known:
		return App{}, invalidApp
	case secret == "":
		return App{}, missingSecret
	case !same(app.Secret, secret):
		return App{}, invalidSecret
	}
	return app, refusal{}
}

// same compares two secrets in a time that tells nothing of either.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// refresh gives a token a longer life. WeChat asks for no secret here.
func (c *Centre) refresh(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	app, known := c.apps[q.Get("appid")]
	var g grant
	var no refusal
	switch {
	case q.Get("appid") == "":
		no = missingApp
	case !known:
		no = invalidApp
	case q.Get("grant_type") != "refresh_token":
		no = invalidGrantType
	case q.Get("refresh_token") == "":
		no = missingRefresh
	default:
		g, no = c.grants.renew(app.ID, q.Get("refresh_token"))
	}
	c.say(w, answerOf(g), no)
}

// exchangeForm answers as RFC 6749, sections 4.1.3 to 5.2 and 6, wants: a form
// is posted, with the client's secret in it or in the Authorization header.
func (c *Centre) exchangeForm(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	if err != nil {
		sayJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	id, secret, byHeader := r.BasicAuth()
	if byHeader {
		// Section 2.3.1: both parts are form-encoded before they are joined. What
		// is not is no name and no secret either.
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = first(form, "client_id", "appid"), first(form, "client_secret", "secret")
	}
	g, no := c.grantFor(id, secret, form)
	if no != (refusal{}) {
		status, word := no.oauthError()
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="centre"`)
		}
		sayJSON(w, status, map[string]string{"error": word, "error_description": no.Message})
		return
	}
	answer := answerOf(g)
	answer.TokenType = "Bearer"
	sayJSON(w, http.StatusOK, answer)
}

// check says whether a token is alive.
func (c *Centre) check(w http.ResponseWriter, r *http.Request) {
	_, no := c.holder(r)
	c.say(w, refusal{Message: "ok"}, no)
}

// holder returns the grant of the token in a request: in the address with the
// openid beside it, or in the header of RFC 6750 alone.
func (c *Centre) holder(r *http.Request) (grant, refusal) {
	q := r.URL.Query()
	token, byHeader := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !byHeader {
		token = q.Get("access_token")
	}
	g, no := c.grants.find(token)
	switch {
	case no != (refusal{}):
		return grant{}, no
	case q.Get("openid") == "" && !byHeader:
		return grant{}, missingOpenID
	case q.Get("openid") != "" && q.Get("openid") != g.person.OpenID:
		return grant{}, invalidOpenID
	}
	return g, refusal{}
}

// say answers in WeChat's way: status 200 and text/plain, whatever happened.
func (c *Centre) say(w http.ResponseWriter, answer any, no refusal) {
	if no != (refusal{}) {
		answer = no
	}
	w.Header().Set("Content-Type", "text/plain")
	write(w, http.StatusOK, answer)
}

func sayJSON(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	write(w, status, answer)
}

func write(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	to := json.NewEncoder(w)
	to.SetEscapeHTML(false)
	// A failed write means that nobody reads any more.
	_ = to.Encode(answer)
}

// first returns the first of several parameters that is given.
func first(q url.Values, names ...string) string {
	for _, name := range names {
		if q.Get(name) != "" {
			return q.Get(name)
		}
	}
	return ""
}

func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, standin.FormLimit)
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	return r.PostForm, nil
}
