package tryout

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	scopeOpenID  = "openid"
	scopeOffline = "offline_access"
)

// game is the relying party of one try, on its way through the flow.
type game struct {
	plan
	tryout *Tryout
	client *http.Client
	id     string // what the party calls itself
	kept   record

	answer   tokens
	subject  string
	idClaims map[string]any
	userInfo map[string]any
}

// tokens is the answer of the token endpoint (RFC 6749, 5.1).
type tokens struct {
	Access  string `json:"access_token"`
	Type    string `json:"token_type"`
	Expires int64  `json:"expires_in"`
	Refresh string `json:"refresh_token"`
	Scope   string `json:"scope"`
	IDToken string `json:"id_token"`
}

// String keeps tokens out of logs.
func (tokens) String() string { return "[redacted]" }

// GoString keeps tokens out of %#v.
func (tokens) GoString() string { return "[redacted]" }

func newGame(t *Tryout, id identity.TryID, p plan) *game {
	return &game{plan: p, tryout: t, id: string(id), client: &http.Client{Transport: inside{t.options.Front}}}
}

// play plays the flow until something fails that the rest needs.
func (g *game) play(ctx context.Context, query url.Values) {
	o := g.Application.OAuth
	if o.Offers(identity.GrantCode) {
		for _, step := range []func(context.Context) bool{
			func(context.Context) bool { return g.authorized(query) },
			func(ctx context.Context) bool { return g.redeem(ctx, query.Get("code")) },
			g.proveID, g.askUserInfo, g.refresh,
		} {
			if !step(ctx) {
				return
			}
		}
	}
	if o.Offers(identity.GrantClient) && !g.own(ctx) {
		return
	}
	g.release()
}

// state is how the whole came out.
func (g *game) state() store.TryState {
	if slices.ContainsFunc(g.kept.Steps, func(s Step) bool { return s.Mark == Failed }) {
		return store.TryFailed
	}
	return store.TryPassed
}

// done adds a step, marked by the worst of its checks, and reports whether it
// did not fail.
func (g *game) done(s Step, remedy string) bool {
	s.Mark = Passed
	for _, c := range s.Checks {
		if c.Mark == Failed || c.Mark == Noted && s.Mark == Passed {
			s.Mark = c.Mark
		}
	}
	if s.Mark == Failed {
		s.Remedy = "tryout.remedy." + remedy
	}
	g.kept.Steps = append(g.kept.Steps, s)
	return s.Mark != Failed
}

// is checks that what came is what was expected.
func is(name, expected, received string) Check {
	c := Check{Name: name, Mark: Passed, Expected: expected, Received: received}
	if expected != received {
		c.Mark = Failed
	}
	return c
}

// refusals are the errors of the authorization endpoint that have a remedy of
// their own.
var refusals = []string{"access_denied", "invalid_scope", "login_required", "unauthorized_client"}

// authorized looks at what the browser brought back (RFC 6749, 4.1.2; RFC
// 9207, 2.4). The state was compared before anything began.
func (g *game) authorized(query url.Values) bool {
	s := Step{
		Name:    StepAuthorize,
		Request: "GET " + g.tryout.issuer() + "/oauth2/authorize\n\n" + lines(g.request(identity.TryID(g.id))),
		Answer:  "GET " + g.Callback + "\n\n" + lines(query),
	}
	if code := query.Get("error"); code != "" {
		s.Checks = append(s.Checks, Check{"code", Failed, "code", code + ": " + query.Get("error_description")})
		if !slices.Contains(refusals, code) {
			code = "authorize"
		}
		return g.done(s, code)
	}
	s.Checks = append(s.Checks, is("state", g.State, query.Get("state")), is("iss", g.tryout.issuer(), query.Get("iss")))
	return g.done(s, "authorize")
}

// redeem exchanges the code (RFC 6749, 4.1.3).
func (g *game) redeem(ctx context.Context, code string) bool {
	s := Step{Name: StepToken}
	g.answer = g.tokens(ctx, &s, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {g.Callback}, "code_verifier": {g.Verifier},
	})
	if granted := strings.Fields(g.answer.Scope); s.ok() {
		slices.Sort(granted)
		wanted := slices.Sorted(slices.Values(g.scopes()))
		scope := Check{"scope", Passed, strings.Join(wanted, " "), strings.Join(granted, " ")}
		if scope.Expected != scope.Received {
			scope.Mark = Noted
		}
		s.Checks = append(s.Checks, scope)
	}
	return g.done(s, "token")
}

func (s *Step) ok() bool {
	return !slices.ContainsFunc(s.Checks, func(c Check) bool { return c.Mark == Failed })
}

// tokens asks the token endpoint, proven as the settings say.
func (g *game) tokens(ctx context.Context, s *Step, form url.Values) (answer tokens) {
	r := g.tokenRequest(ctx, form)
	status, body := g.send(r, s, form)
	if s.Checks = append(s.Checks, answered(status, body)); !s.ok() {
		return answer
	}
	if json.Unmarshal(body, &answer) != nil {
		s.Checks = append(s.Checks, Check{Name: "json", Mark: Failed})
	}
	s.Checks = append(s.Checks, is("token_type", "bearer", strings.ToLower(answer.Type)))
	if t, ok := opened("access_token", answer.Access); ok {
		s.Tokens = append(s.Tokens, t)
	}
	return answer
}

func (g *game) tokenRequest(ctx context.Context, form url.Values) *http.Request {
	o := g.Application.OAuth
	basic := !o.Public && slices.Contains(o.AuthMethods, identity.AuthBasic)
	if !basic {
		form.Set("client_id", g.id)
		if g.Secret != "" {
			form.Set("client_secret", g.Secret)
		}
	}
	r := g.ask(ctx, "/oauth2/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if basic {
		r.SetBasicAuth(url.QueryEscape(g.id), url.QueryEscape(g.Secret))
	}
	return r
}

// ask is a request to one of our own addresses: a POST where it has a body.
func (g *game) ask(ctx context.Context, path string, body io.Reader) *http.Request {
	method := http.MethodPost
	if body == nil {
		method = http.MethodGet
	}
	// The address is our own, checked when the server started.
	r, _ := http.NewRequestWithContext(ctx, method, g.tryout.issuer()+path, body)
	return r
}

// send sends a request and writes both sides into the step.
func (g *game) send(r *http.Request, s *Step, form url.Values) (status int, body []byte) {
	s.Request = asked(r, form)
	answer, err := g.client.Do(r)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = answer.Body.Close() }()
	body, _ = io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // of a recorder, which never fails
	s.Answer = told(answer.StatusCode, body)
	return answer.StatusCode, body
}

// answered checks a status, and tells the error that came instead.
func answered(status int, body []byte) Check {
	if status == http.StatusOK {
		return Check{"status", Passed, "200", "200"}
	}
	var refused struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(body, &refused) // what is no JSON tells nothing
	return Check{"status", Failed, "200", http.StatusText(status) + " " + refused.Error + ": " + refused.Description}
}

// challenge is the S256 challenge of a verifier (RFC 7636, 4.2).
func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
