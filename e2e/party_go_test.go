package e2e_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/orgate/orgate/e2e/harness"
)

// TestGoApplication signs people in as an application in Go does: by go-oidc and
// x/oauth2, confidential and public.
func TestGoApplication(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		n := harness.NewWithApplications(t, o).Start(t)
		for _, c := range []harness.Client{harness.Wiki, harness.Phone} {
			t.Run(c.ID, func(t *testing.T) { goApplication(t, n, c) })
		}
	})
}

func goApplication(t *testing.T, n *harness.Node, c harness.Client) {
	t.Helper()
	p, b := n.Party(t, c), harness.ApplicationBrowser(t)
	in := n.Enter(t, b, p, harness.Alice)
	var info struct {
		Name string `json:"name"`
	}
	said, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(in.Token))
	if err != nil {
		t.Fatal(err)
	}
	if err := said.Claims(&info); err != nil || said.Subject != in.ID.Subject || info.Name != "Alice" || said.Email != "alice@acme.example" {
		t.Errorf("user info of %s: got %+v of %s %s, %v", in.ID.Subject, info, said.Subject, said.Email, err)
	}
	next := renew(t, p, in.Token)
	if next.AccessToken == in.Token.AccessToken || next.RefreshToken == in.Token.RefreshToken {
		t.Error("the tokens are those from before")
	}
	if _, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(next)); err != nil {
		t.Errorf("user info with the renewed token: %v", err)
	}
	// Who is signed in enters again without a page, as the same person.
	again := n.Enter(t, b, p, "", harness.Param("prompt", "none"))
	if again.ID.Subject != in.ID.Subject || again.Claims["auth_time"] != in.Claims["auth_time"] || again.Claims["sid"] != in.Claims["sid"] {
		t.Errorf("again: got %v, want %v", again.Claims, in.Claims)
	}
	leave(t, n, b, p, again)
}

// renew redeems a refresh token.
func renew(t *testing.T, p *harness.Party, token *oauth2.Token) *oauth2.Token {
	t.Helper()
	next, err := redeem(t.Context(), p, token.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// redeem redeems a refresh token; the library renews at once when it has no
// access token.
func redeem(ctx context.Context, p *harness.Party, refresh string) (*oauth2.Token, error) {
	return p.Config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh}).Token()
}

// leave signs a person out as the application wishes: the browser ends at the
// application's exit, the session is over.
func leave(t *testing.T, n *harness.Node, b *harness.Browser, p *harness.Party, in harness.SignedInto) {
	t.Helper()
	query := url.Values{"id_token_hint": {in.RawID}, "post_logout_redirect_uri": {p.Exit()}, "state": {"bye-1"}}
	if page := b.Open(t, p.Ends+"?"+query.Encode()); page.URL.String() != p.Exit()+"?state=bye-1" {
		t.Errorf("signed out: the browser is at %s (%d), want the exit\n%.2000s", page.URL, page.Status, page.Text)
	}
	asked := p.Ask(harness.Param("prompt", "none"))
	if got := n.Answer(t, p, asked, b.Open(t, asked.URL)).Get("error"); got != "login_required" {
		t.Errorf("silently after the sign-out: got %q, want login_required", got)
	}
	// Offline access outlives the browser; its own end is the person's word.
	if _, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(in.Token)); err != nil {
		t.Errorf("offline access after the sign-out: %v", err)
	}
}

// refusedGrant checks the code of a refusal of the token endpoint.
func refusedGrant(t *testing.T, what string, err error) {
	t.Helper()
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) || refusal.ErrorCode != "invalid_grant" {
		t.Errorf("%s: got %v, want invalid_grant", what, err)
	}
}

// Without offline access, what an application may do ends with the session.
func TestAccessEndsWithTheSession(t *testing.T) {
	n := harness.NewWithApplications(t, harness.Options{}).Start(t)
	p, b := n.Party(t, harness.Wiki, oidc.ScopeOpenID, "profile"), harness.ApplicationBrowser(t)
	in := n.Enter(t, b, p, harness.Alice)
	home := b.Open(t, n.URL+"/")
	if out := b.Press(t, home, "Sign out"); !strings.Contains(out.URL.Path, "log") {
		t.Logf("after the sign-out: %s", out.URL)
	}
	if _, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(in.Token)); err == nil {
		t.Error("the access token lives on")
	}
	if in.Token.RefreshToken != "" {
		_, err := redeem(t.Context(), p, in.Token.RefreshToken)
		refusedGrant(t, "the refresh token", err)
	}
}
