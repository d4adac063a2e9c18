package oidc

import (
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// scene is what one request was about, for its story.
type scene struct {
	kind        trace.Kind
	application identity.Application // zero when it is not known
	parameters
	// story is what others have written already, nil for nothing.
	story *trace.Story
}

// checks is the order in which each kind of request is looked at. What comes
// before the check that failed has passed.
var checks = map[trace.Kind][]trace.Check{
	trace.Authorizing: {
		trace.ClientKnown, trace.RedirectRegistered, trace.RequestForm, trace.ResponseTypeKnown, trace.GrantAllowed, trace.ResponseModeKnown,
		trace.PKCEChallenge, trace.ScopeAllowed, trace.PromptForm, trace.LogoutHint, trace.SessionThere, trace.EntryMember,
		trace.MemberActive, trace.EntryAllowed, trace.ConsentGiven, trace.CodeIssued,
	},
	trace.TokenExchange: {
		trace.RequestForm, trace.ClientAuthMethod, trace.ClientSecretGood, trace.ClientActive, trace.GrantAllowed, trace.ScopeAllowed,
		trace.CodeKnown, trace.TokensIssued,
	},
	trace.TokenRefresh: {
		trace.RequestForm, trace.ClientAuthMethod, trace.ClientSecretGood, trace.ClientActive, trace.GrantAllowed, trace.ScopeAllowed,
		trace.RefreshKnown, trace.TokensIssued,
	},
	trace.UserInfoRequest: {
		trace.AccessTokenSent, trace.AccessTokenKnown, trace.AccessTokenFresh, trace.AccessTokenScope, trace.ClaimsReleased,
	},
	trace.Inspecting: {trace.AccessTokenKnown},
	trace.Leaving:    {trace.RequestForm, trace.LogoutHint, trace.ClientKnown, trace.ExitRegistered},
}

// checkOf names the check that a fault stands for; what has no row is a
// request in a form that cannot be read.
var checkOf = map[fault.Code]trace.Check{
	fault.CodeOAuthClient: trace.ClientKnown, fault.CodeOAuthRedirect: trace.RedirectRegistered,
	fault.CodeOAuthResponseType: trace.ResponseTypeKnown, fault.CodeOAuthResponseOff: trace.ResponseTypeKnown,
	fault.CodeOAuthResponseMode: trace.ResponseModeKnown, fault.CodeOAuthPrompt: trace.PromptForm, fault.CodeFieldRange: trace.PromptForm,
	fault.CodeOAuthACR: trace.PromptForm, fault.CodeOAuthPKCE: trace.PKCEChallenge, fault.CodeOAuthPKCEMethod: trace.PKCEChallenge,
	fault.CodeOAuthScope: trace.ScopeAllowed, fault.CodeOAuthHint: trace.LogoutHint, fault.CodeLoginRequired: trace.SessionThere,
	fault.CodeInteractionRequired: trace.SessionThere, fault.CodeConsentRequired: trace.ConsentGiven, fault.CodeAccessDenied: trace.ConsentGiven,
	fault.CodeEntryRefused: trace.EntryAllowed, fault.CodeOAuthProofTwice: trace.ClientAuthMethod, fault.CodeOAuthClientProof: trace.ClientSecretGood,
	fault.CodeOAuthDisabled: trace.ClientActive, fault.CodeOAuthGrantType: trace.GrantAllowed, fault.CodeOAuthGrantOff: trace.GrantAllowed,
	fault.CodeTokenMissing: trace.AccessTokenSent, fault.CodeOAuthTokenPlace: trace.AccessTokenSent, fault.CodeOAuthTokenTwice: trace.AccessTokenSent,
	fault.CodeTokenUnknown: trace.AccessTokenKnown, fault.CodeTokenRevoked: trace.AccessTokenKnown, fault.CodeTokenExpired: trace.AccessTokenFresh,
	fault.CodeOAuthTokenPersonal: trace.AccessTokenScope, fault.CodeOAuthTokenScope: trace.AccessTokenScope,
}

// failing is the check that an error stands for, with what was wanted and came
// where the error knows it.
func (s scene) failing(f *fault.Error) (trace.Check, trace.Detail) {
	if why := trace.ReasonOf(f); why != nil {
		if why.Detail != (trace.Detail{}) {
			return why.Check, why.Detail
		}
		return why.Check, s.detail(why.Check, f)
	}
	check := s.checkOf(f)
	return check, s.detail(check, f)
}

// checkOf is the check that a fault stands for by its code.
func (s scene) checkOf(f *fault.Error) trace.Check {
	switch {
	case f.Code == fault.CodeGrantInvalid && s.kind == trace.TokenRefresh:
		return trace.RefreshKnown
	case f.Code == fault.CodeGrantInvalid:
		return trace.CodeKnown
	case f.Code == fault.CodeFieldMissing && f.Field == "client_id" && s.kind != trace.Authorizing:
		return trace.ClientAuthMethod
	case f.Code == fault.CodeFieldMissing && f.Field == "redirect_uri":
		return trace.RedirectRegistered
	case f.Code == fault.CodeFieldMissing && f.Field == "response_type":
		return trace.ResponseTypeKnown
	}
	if check, ok := checkOf[f.Code]; ok {
		return check
	}
	return trace.RequestForm
}

// passed writes the checks that come before one, in their order, but for those
// of which the story tells already.
func (s scene) passed(story *trace.Story, before trace.Check) {
	for _, check := range checks[s.kind] {
		if check == before {
			return
		}
		if !story.Tells(check) {
			story.Check(check, true, trace.Detail{})
		}
	}
}

// keepStory keeps what happened to a request, nil for all went well, and
// returns the code by which the story is found again. Successes of calls that
// programs make by the thousand are not kept: only refusals are asked about.
func (p *Provider) keepStory(r *http.Request, s scene, err error) string {
	story := s.story
	if story == nil {
		story = trace.Begin(s.kind, p.host.Origin(r))
	}
	story.AboutApplication(s.application)
	switch f := fault.Of(err); {
	case f == nil:
		s.passed(story, "")
		story.End(trace.Succeeded)
	case f.Kind == fault.Internal, f.Kind == fault.Unavailable:
		s.passed(story, s.checkOf(f))
		story.End(trace.Failed)
	default:
		if !story.Refuses() {
			failing, detail := s.failing(f)
			s.passed(story, failing)
			story.Check(failing, false, detail)
		}
		story.End(trace.Refused)
	}
	p.traces.Keep(story)
	return story.Code()
}

// detail is what a check wanted and what came. Secrets are described, never
// shown.
func (s scene) detail(check trace.Check, f *fault.Error) trace.Detail {
	o := s.application.OAuth
	if o == nil {
		o = &identity.OAuthSettings{}
	}
	switch check {
	case trace.ClientKnown:
		return trace.Detail{Received: s.get("client_id")}
	case trace.RedirectRegistered:
		return trace.Detail{Expected: strings.Join(s.application.HomeURLs, " "), Received: s.get("redirect_uri")}
	case trace.ResponseTypeKnown:
		return trace.Detail{Expected: responseCode, Received: s.get("response_type")}
	case trace.ResponseModeKnown:
		return trace.Detail{Expected: modeQuery, Received: s.get("response_mode")}
	case trace.PKCEChallenge:
		return trace.Detail{Expected: methodS256, Received: s.get("code_challenge_method") + " " + trace.Shape(s.get("code_challenge"))}
	case trace.ScopeAllowed:
		return trace.Detail{Expected: strings.Join(o.Scopes, " "), Received: s.get("scope")}
	case trace.GrantAllowed:
		return trace.Detail{Expected: joined(o.Grants), Received: s.get("grant_type")}
	case trace.ClientAuthMethod, trace.ClientSecretGood:
		return trace.Detail{Expected: joined(o.AuthMethods), Received: s.get("client_id") + " " + trace.Shape(s.get("client_secret"))}
	case trace.CodeKnown:
		return trace.Detail{Received: trace.Shape(s.get("code"))}
	case trace.RefreshKnown:
		return trace.Detail{Received: trace.Shape(s.get("refresh_token"))}
	}
	return trace.Detail{Received: f.Field}
}

// joined writes a list of words.
func joined[T ~string](list []T) string {
	text := make([]string, len(list))
	for i, word := range list {
		text[i] = string(word)
	}
	return strings.Join(text, " ")
}
