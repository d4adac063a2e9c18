package oidc

import (
	"net/url"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// story returns the last story that was kept.
func (h *house) story(t testing.TB) trace.Record {
	t.Helper()
	if err := h.stories.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := h.stories.Find(t.Context(), identity.Actor{Kind: identity.ActsAsProvider}, "request-1")
	if err != nil || len(found) == 0 {
		t.Fatalf("got %d stories, %v", len(found), err)
	}
	return found[0]
}

// TestStories: each refusal names the check that failed with what was wanted
// and what came, after those that passed.
func TestStories(t *testing.T) {
	token := func(form url.Values) func(*house) {
		return func(h *house) { h.post(pathToken, form, "Authorization", basicOf("wiki", wikiSecret)) }
	}
	authorize := func(changes ...string) func(*house) {
		return func(h *house) { h.get(pathAuthorize, plain(changes...)) }
	}
	tests := []struct {
		name  string
		act   func(*house)
		kind  trace.Kind
		check trace.Check // "" for none
		got   trace.Detail
	}{
		{"a code", authorize(), trace.Authorizing, "", trace.Detail{}},
		{"unknown client", authorize("client_id", "nobody"), trace.Authorizing, trace.ClientKnown, trace.Detail{Received: "nobody"}},
		{"redirect", authorize("redirect_uri", "https://x.example"), trace.Authorizing, trace.RedirectRegistered, trace.Detail{Expected: wikiBack, Received: "https://x.example"}},
		{"no redirect", authorize("redirect_uri", ""), trace.Authorizing, trace.RedirectRegistered, trace.Detail{Expected: "", Received: ""}},
		{"type", authorize("response_type", "token"), trace.Authorizing, trace.ResponseTypeKnown, trace.Detail{Expected: "code", Received: "token"}},
		{"mode", authorize("response_mode", "fragment"), trace.Authorizing, trace.ResponseModeKnown, trace.Detail{Expected: "query", Received: "fragment"}},
		{"PKCE", authorize("code_challenge", "abc", "code_challenge_method", "plain"), trace.Authorizing, trace.PKCEChallenge, trace.Detail{Expected: "S256", Received: "plain 3 characters, lower-case hexadecimal"}},
		{"scope", authorize("scope", "admin"), trace.Authorizing, trace.ScopeAllowed, trace.Detail{Expected: "openid profile email phone offline_access reports", Received: "admin"}},
		{"prompt", authorize("prompt", "none login"), trace.Authorizing, trace.PromptForm, trace.Detail{Received: "prompt"}},
		{"silent", authorize("prompt", "none", "max_age", "0"), trace.Authorizing, trace.SessionThere, trace.Detail{}},
		{"grant", token(url.Values{"grant_type": {"password"}}), trace.TokenExchange, trace.GrantAllowed, trace.Detail{Expected: "authorization_code refresh_token client_credentials", Received: "password"}},
		{"code", token(url.Values{"grant_type": {"authorization_code"}, "code": {"secret"}}), trace.TokenExchange, trace.CodeKnown, trace.Detail{Received: "6 characters, letters and digits"}},
		{"refresh", token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"12345"}}), trace.TokenRefresh, trace.RefreshKnown, trace.Detail{Received: "5 characters, digits"}},
		{
			"secret", func(h *house) {
				h.post(pathToken, url.Values{"client_id": {"wiki"}, "client_secret": {"wrong "}, "grant_type": {"client_credentials"}})
			}, trace.TokenExchange, trace.ClientSecretGood,
			trace.Detail{Received: "wiki 6 characters, printable ASCII, ends with a blank"},
		},
		{"user info", func(h *house) { h.get(pathUserInfo, nil, "Authorization", "Bearer x") }, trace.UserInfoRequest, trace.AccessTokenKnown, trace.Detail{}},
		{
			"exit", func(h *house) {
				h.get(pathLogout, url.Values{"id_token_hint": {h.idToken(t, nil)}, "post_logout_redirect_uri": {"https://x.example"}})
			}, trace.Leaving, trace.ExitRegistered,
			trace.Detail{Expected: wikiExit, Received: "https://x.example"},
		},
		{"hint", func(h *house) {
			h.get(pathLogout, url.Values{"client_id": {"wiki"}, "post_logout_redirect_uri": {wikiExit}})
		}, trace.Leaving, trace.LogoutHint, trace.Detail{Received: "empty"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			tt.act(h)
			got := h.story(t)
			last := got.Steps[len(got.Steps)-1]
			outcome := trace.Refused
			if tt.check == "" {
				outcome, tt.check = trace.Succeeded, trace.CodeIssued
			}
			if got.Kind != tt.kind || got.Outcome != outcome {
				t.Errorf("got %s %s, want %s %s", got.Kind, got.Outcome, tt.kind, outcome)
			}
			failed := last
			for _, step := range got.Steps {
				if step.State == trace.Failing {
					failed = step
				}
			}
			if failed.Check != tt.check || failed.Detail != tt.got {
				t.Errorf("got %s %+v, want %s %+v", failed.Check, failed.Detail, tt.check, tt.got)
			}
		})
	}
}

func TestEveryCheckOfAFaultIsInTheOrderOfAKind(t *testing.T) {
	all := map[trace.Check]bool{}
	for _, order := range checks {
		for _, check := range order {
			all[check] = true
		}
	}
	for code, check := range checkOf {
		if !all[check] {
			t.Errorf("%s: the check %s is in no order", code, check)
		}
	}
}

// TestStoriesOfTheServer are failures, not refusals.
func TestStoriesOfTheServer(t *testing.T) {
	h := newHouse(t)
	h.codes.err = fault.New(fault.Unavailable, fault.CodeUnavailable)
	h.get(pathAuthorize, plain())
	if got := h.story(t); got.Outcome != trace.Failed || got.Application != "app_wiki" || got.Organization != "org_acme" {
		t.Errorf("got %+v", got)
	}
}
