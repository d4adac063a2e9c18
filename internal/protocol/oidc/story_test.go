package oidc

import (
	"errors"
	"net/url"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
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

// notNamed is why somebody who was let in once is so no more.
func notNamed() *trace.Reason {
	return &trace.Reason{
		Check: trace.EntryAllowed, Detail: trace.Detail{Expected: "named", Received: "not among them"}, Err: errors.New("not among them"),
	}
}

// failures are the checks of a story that failed.
func failures(r trace.Record) (all []trace.Step) {
	for _, step := range r.Steps {
		if step.State == trace.Failing {
			all = append(all, step)
		}
	}
	return all
}

// What the Gate looked at stands in the story once, whatever it led to: a
// refusal, a page of ours from which nobody comes back, or a code.
func TestTheGateWritesIntoTheStory(t *testing.T) {
	passed := trace.Step{Check: trace.SessionThere, State: trace.Passed}
	refused := trace.Step{Check: trace.EntryMember, State: trace.Failing, Detail: trace.Detail{Expected: "a member", Received: "no member"}}
	denied := trace.Step{Check: trace.ConsentGiven, State: trace.Failing, Detail: trace.Detail{Received: "the person refused"}}
	tests := []struct {
		name  string
		tells []trace.Step
		err   error
		want  trace.Outcome
		check trace.Check
	}{
		{"a page that says why not", []trace.Step{passed, refused}, protocol.ErrAnswered, trace.Refused, trace.EntryMember},
		{"a silent refusal", []trace.Step{passed, refused}, fault.New(fault.Forbidden, fault.CodeEntryRefused), trace.Refused, trace.EntryMember},
		{"consent denied", []trace.Step{passed, denied}, fault.New(fault.Forbidden, fault.CodeAccessDenied), trace.Refused, trace.ConsentGiven},
		{"a code", []trace.Step{passed}, nil, trace.Succeeded, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.gate.tells, h.gate.err = tt.tells, tt.err
			h.get(pathAuthorize, plain())
			got := h.story(t)
			if got.Outcome != tt.want || got.Application != "app_wiki" {
				t.Errorf("got %+v", got)
			}
			wantsFailed(t, got, tt.check)
			wantsOnce(t, got)
		})
	}
}

// wantsFailed fails the test unless one check of a story failed, and its detail
// says what came; "" wants none.
func wantsFailed(t *testing.T, r trace.Record, check trace.Check) {
	t.Helper()
	failed := failures(r)
	if check == "" {
		if len(failed) != 0 {
			t.Errorf("failed: %+v, want none", failed)
		}
		return
	}
	if len(failed) != 1 || failed[0].Check != check || failed[0].Detail.Received == "" {
		t.Errorf("failed: %+v, want %q", failed, check)
	}
}

// wantsOnce fails the test if a check stands in a story twice, or what was
// looked at before and by the Gate does not.
func wantsOnce(t *testing.T, r trace.Record) {
	t.Helper()
	seen := map[trace.Check]int{}
	for _, step := range r.Steps {
		if seen[step.Check]++; seen[step.Check] > 1 {
			t.Errorf("%s stands in the story twice", step.Check)
		}
	}
	if seen[trace.ScopeAllowed] != 1 || seen[trace.SessionThere] != 1 {
		t.Errorf("what was looked at is missing: %v", seen)
	}
}

// On the way to a page that asks the story is not over.
func TestNoStoryOnTheWay(t *testing.T) {
	passed := trace.Step{Check: trace.SessionThere, State: trace.Passed}
	h := newHouse(t)
	h.gate.tells, h.gate.err = []trace.Step{passed}, protocol.ErrAnswered
	h.get(pathAuthorize, plain())
	if err := h.stories.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := h.stories.Find(t.Context(), identity.Actor{Kind: identity.ActsAsProvider}, "request-1")
	if err == nil && len(found) != 0 {
		t.Errorf("on the way to a page that asks, %d stories were kept", len(found))
	}
}

// Where entry is asked again, the story names what decided; the answer is the
// usual one.
func TestStoriesOfEntryAskedAgain(t *testing.T) {
	refused := fault.New(fault.Invalid, fault.CodeGrantInvalid).Because(notNamed())
	revoked := fault.New(fault.Unauthenticated, fault.CodeTokenRevoked).Because(notNamed())
	tests := []struct {
		name string
		kind trace.Kind
		err  error
		act  func(h *house, access, refresh string)
	}{
		{"refresh", trace.TokenRefresh, refused, func(h *house, _, refresh string) {
			w := h.post(pathToken, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}, "Authorization", basicOf("wiki", wikiSecret))
			wantError(t, w, 400, "invalid_grant")
		}},
		{"introspection", trace.Inspecting, revoked, func(h *house, access, _ string) {
			w := h.post(pathIntrospect, url.Values{"token": {access}}, "Authorization", basicOf("wiki", wikiSecret))
			if w.Body.String() != `{"active":false}` {
				t.Errorf("got %s", w.Body)
			}
		}},
		{"user info", trace.UserInfoRequest, revoked, func(h *house, access, _ string) {
			wantError(t, h.get(pathUserInfo, nil, "Authorization", "Bearer "+access), 401, "invalid_token")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			issued := h.grants.give(h.apps["wiki"], identity.Grant{ID: identity.GrantIDOf([16]byte{9}), MemberID: "mem_alice", Scopes: []string{"openid"}})
			h.grants.err = tt.err
			tt.act(h, issued.Access, issued.Refresh)
			got := h.story(t)
			failed := failures(got)
			if got.Kind != tt.kind || got.Outcome != trace.Refused || got.Application != "app_wiki" || len(failed) != 1 ||
				failed[0].Check != trace.EntryAllowed || failed[0].Detail != notNamed().Detail {
				t.Errorf("got %+v, failed %+v", got, failed)
			}
		})
	}
}

// Whoever may not inspect a token leaves no story with its application, and a
// token that is over leaves none at all.
func TestInspectionsThatAreNotTold(t *testing.T) {
	for name, tt := range map[string]struct {
		owner string
		err   error
	}{
		"over":       {"wiki", fault.New(fault.Unauthenticated, fault.CodeTokenRevoked)},
		"somebody's": {"foreign", fault.New(fault.Unauthenticated, fault.CodeTokenRevoked).Because(notNamed())},
	} {
		h := newHouse(t)
		owner := h.apps["wiki"]
		owner.ID, owner.ClientID = identity.ApplicationID("app_"+tt.owner), tt.owner
		issued := h.grants.give(owner, identity.Grant{ID: identity.GrantIDOf([16]byte{9}), MemberID: "mem_alice"})
		h.grants.err = tt.err
		h.post(pathIntrospect, url.Values{"token": {issued.Access}}, "Authorization", basicOf("wiki", wikiSecret))
		if err := h.stories.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, _ := h.stories.Find(t.Context(), identity.Actor{Kind: identity.ActsAsProvider}, "request-1")
		if len(found) != 0 {
			t.Errorf("%s: got %+v", name, found)
		}
	}
}
