package oidc

import (
	"encoding/base64"
	"slices"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// The words of authorization requests that are served.
const (
	responseCode  = "code"
	modeQuery     = "query"
	modeFragment  = "fragment"
	methodS256    = "S256"
	promptNone    = "none"
	promptLogin   = "login"
	promptConsent = "consent"
	promptSelect  = "select_account"
)

// bounds are the longest values that are taken, in bytes. Whatever is kept
// with a code or a grant has one.
var bounds = map[string]int{
	"state": 4096, "nonce": 512, "scope": 1024, "claims": 4096, "login_hint": 256, "domain_hint": 253, "ui_locales": 256,
	"acr_values": 1024, "id_token_hint": maxToken, "code_challenge": 128,
}

// ask is one authorization request on its way. What proveTarget fills in is
// proven before anything of the rest is looked at.
type ask struct {
	parameters
	raw string // as it came
	// askedAt is when the request came first, zero for one that was not kept.
	askedAt time.Time

	application identity.Application
	redirect    string
	mode        string // of errors: query or fragment

	scopes  []string
	wishes  wished
	prompt  prompts
	maxAge  time.Duration // negative for none
	subject string        // who is demanded, "" for anybody

	story *trace.Story // nil until the Gate is asked
}

// prompts are the words of the parameter prompt.
type prompts struct{ none, login, consent, choose bool }

// rules are what a request has to keep, in the order in which it is
// told what is wrong. Each rule names its section.
var rules = []func(*ask) error{
	(*ask).checkOnce,
	(*ask).checkBounds,
	(*ask).checkObjects,
	(*ask).checkResponse,
	(*ask).checkPrompt,
	(*ask).checkMaxAge,
	(*ask).checkPKCE,
	(*ask).checkScopes,
	(*ask).checkClaims,
}

// checkOnce: no parameter comes twice (RFC 6749, 3.1).
func (a *ask) checkOnce() error { return a.once() }

func (a *ask) checkBounds() error {
	for name, most := range bounds {
		if len(a.get(name)) > most {
			return fault.New(fault.Invalid, fault.CodeFieldLength).At(name).With("min", 0).With("max", most)
		}
	}
	return nil
}

// checkObjects: what would replace the parameters is refused, never ignored
// (OpenID Connect Core 1.0, 6 and 3.1.2.6).
func (a *ask) checkObjects() error {
	switch {
	case a.get("request") != "":
		return fault.New(fault.Invalid, fault.CodeOAuthRequestObject).At("request")
	case a.get("request_uri") != "":
		return fault.New(fault.Invalid, fault.CodeOAuthRequestURI).At("request_uri")
	}
	return nil
}

// frontTypes are the response types that other providers answer with a token
// (OAuth 2.0 Multiple Response Type Encoding Practices, 5).
var frontTypes = []string{"token", "id_token"}

// checkResponse: the code flow alone is served (RFC 9700, 2.1.2), and its
// answer stands in the query.
func (a *ask) checkResponse() error {
	kind := words(a.get("response_type"))
	front := slices.ContainsFunc(kind, func(word string) bool { return slices.Contains(frontTypes, word) })
	if front {
		a.mode = modeFragment // where the sender looks (RFC 6749, 4.2.2.1)
	}
	switch {
	case len(kind) == 0: // RFC 6749, 3.1.1
		return missing("response_type")
	case front:
		return fault.New(fault.Invalid, fault.CodeOAuthResponseOff).At("response_type")
	case len(kind) != 1 || kind[0] != responseCode:
		return fault.New(fault.Invalid, fault.CodeOAuthResponseType).At("response_type")
	case !a.application.OAuth.Offers(identity.GrantCode):
		return errNotOffered.At("response_type")
	}
	if mode := a.get("response_mode"); mode != "" && mode != modeQuery {
		return fault.New(fault.Invalid, fault.CodeOAuthResponseMode).At("response_mode")
	}
	return nil
}

// checkPrompt: OpenID Connect Core 1.0, 3.1.2.1. Words that are not known are
// ignored, but none stands alone.
func (a *ask) checkPrompt() error {
	list := words(a.get("prompt"))
	a.prompt = prompts{
		none: slices.Contains(list, promptNone), login: slices.Contains(list, promptLogin),
		consent: slices.Contains(list, promptConsent), choose: slices.Contains(list, promptSelect),
	}
	if a.prompt.none && len(list) > 1 {
		return fault.New(fault.Invalid, fault.CodeOAuthPrompt).At("prompt")
	}
	return nil
}

// checkMaxAge: OpenID Connect Core 1.0, 3.1.2.1.
func (a *ask) checkMaxAge() error {
	a.maxAge = -1
	text := a.get("max_age")
	if text == "" {
		return nil
	}
	// 31 bits of seconds are 68 years; what is longer demands nothing either.
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return fault.New(fault.Invalid, fault.CodeFieldRange).At("max_age").With("min", 0).With("max", int64(1)<<31-1).Because(err)
	}
	a.maxAge = time.Duration(seconds) * time.Second
	return nil
}

// challengeLength is that of a SHA-256 in base64url without padding (RFC 7636,
// 4.2).
const challengeLength = 43

// checkPKCE: a public application always uses it (RFC 9700, 2.1.1), a
// confidential one where its settings demand it, and only with S256: with plain
// whoever reads the request could redeem the code.
func (a *ask) checkPKCE() error {
	challenge, method := a.get("code_challenge"), a.get("code_challenge_method")
	if challenge == "" {
		if method != "" {
			return fault.New(fault.Invalid, fault.CodeOAuthPKCEMethod).At("code_challenge")
		}
		if s := a.application.OAuth; s.Public || s.RequirePKCE {
			return fault.New(fault.Invalid, fault.CodeOAuthPKCE).At("code_challenge") // RFC 7636, 4.4.1
		}
		return nil
	}
	// Without a method the standard means plain (RFC 7636, 4.3).
	if method != methodS256 {
		return fault.New(fault.Invalid, fault.CodeOAuthPKCEMethod).At("code_challenge_method")
	}
	if _, err := base64.RawURLEncoding.Strict().DecodeString(challenge); err != nil || len(challenge) != challengeLength {
		return fault.New(fault.Invalid, fault.CodeOAuthPKCEMethod).At("code_challenge")
	}
	return nil
}

func (a *ask) checkScopes() (err error) {
	a.scopes, err = grantedScopes(a.application, a.get("scope"))
	return err
}

// checkClaims: OpenID Connect Core 1.0, 5.5. Only an ID token request has the
// parameter; in another it is one that nobody knows.
func (a *ask) checkClaims() (err error) {
	if !slices.Contains(a.scopes, scopeOpenID) {
		return nil
	}
	a.wishes, err = readClaims(a.get("claims"), mayAsk(a.application))
	a.subject = a.wishes.subject
	return err
}

// missing is a parameter that has to be there.
func missing(field string) error {
	return fault.New(fault.Invalid, fault.CodeFieldMissing).At(field).With("field", field)
}

// notBefore is the moment from which a proof counts, zero for any.
func (a *ask) notBefore(now time.Time) time.Time {
	asked := a.askedAt
	if asked.IsZero() {
		asked = now
	}
	switch {
	case a.prompt.login:
		return asked
	case a.maxAge >= 0:
		return asked.Add(-a.maxAge)
	}
	return time.Time{}
}

// maxLanguages bounds how many of ui_locales are looked at.
const maxLanguages = 8

// demand is what the Gate is asked for.
func (a *ask) demand(now time.Time) identity.Demand {
	languages := words(a.get("ui_locales"))
	if len(languages) > maxLanguages {
		languages = languages[:maxLanguages]
	}
	scopes := slices.Clone(a.scopes)
	for _, s := range a.wishes.scopes() {
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	return identity.Demand{
		Application: a.application, Silent: a.prompt.none, NotBefore: a.notBefore(now),
		Strength: a.wishes.strength(words(a.get("acr_values"))),
		Select:   a.prompt.choose, Ask: a.prompt.consent, Subject: a.subject, Scopes: scopes,
		LoginName: a.get("login_hint"), Domain: a.get("domain_hint"), Languages: languages, EndsAt: a.redirect,
	}
}
