package oidc

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

// claim is one thing told of a person: its name, the scope that releases it
// (OpenID Connect Core 1.0, 5.4), and where it comes from. nil is not known
// and left out.
type claim struct {
	name, scope string
	of          func(identity.Subject) any
}

// personal are the claims of OpenID Connect Core 1.0, 5.1, and ours: tenant,
// tenant_name, employee_code and role, as OrgID names them.
var personal = []claim{
	{"name", scopeProfile, func(s identity.Subject) any { return text(s.Name) }},
	{"preferred_username", scopeProfile, func(s identity.Subject) any { return text(s.LoginName) }},
	{"picture", scopeProfile, func(s identity.Subject) any { return text(s.Picture) }},
	{"locale", scopeProfile, func(s identity.Subject) any { return text(s.Language) }},
	{"updated_at", scopeProfile, func(s identity.Subject) any {
		if s.UpdatedAt.IsZero() {
			return nil
		}
		return s.UpdatedAt.Unix()
	}},
	{"tenant", scopeProfile, func(s identity.Subject) any { return text(s.OrganizationCode) }},
	{"tenant_name", scopeProfile, func(s identity.Subject) any { return text(s.OrganizationName) }},
	{"employee_code", scopeProfile, func(s identity.Subject) any { return text(s.EmployeeNumber) }},
	{"role", scopeProfile, role},
	{"email", scopeEmail, func(s identity.Subject) any { return text(s.Email) }},
	{"email_verified", scopeEmail, func(s identity.Subject) any { return whether(s.Email != "", s.EmailVerified) }},
	{"phone_number", scopePhone, func(s identity.Subject) any { return text(s.Mobile) }},
	{"phone_number_verified", scopePhone, func(s identity.Subject) any { return whether(s.Mobile != "", s.MobileVerified) }},
}

// ofProtocol are the claims that the protocol itself sets. No rule of an
// application replaces one.
var ofProtocol = []string{
	"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "sid",
	"client_id", "scope", "events",
}

// ScopeOf returns the scope that releases a claim of a person, "" where none
// does.
func ScopeOf(name string) string {
	for _, c := range personal {
		if c.name == name {
			return c.scope
		}
	}
	return ""
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// whether is a flag about something that is known, nil else.
func whether(known, yes bool) any {
	if !known {
		return nil
	}
	return yes
}

func role(s identity.Subject) any {
	if s.Administers {
		return "admin"
	}
	return "user"
}

// claimNames are the names that the discovery document lists.
func claimNames() []string {
	names := []string{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"}
	for _, c := range personal {
		names = append(names, c.name)
	}
	return names
}

// release puts into a set of claims what scopes and names release of a person,
// and what the application's own rules do.
func release(into map[string]any, s identity.Subject, scopes, names []string) {
	for _, c := range personal {
		if slices.Contains(scopes, c.scope) || slices.Contains(names, c.name) {
			if value := c.of(s); value != nil {
				into[c.name] = value
			}
		}
	}
	releaseRules(into, s)
}

// releaseRules puts into a set of claims what the application's rules release.
// Nothing of the protocol's own is replaced.
func releaseRules(into map[string]any, s identity.Subject) {
	for name, value := range s.Extra {
		if !slices.Contains(ofProtocol, name) {
			into[name] = value
		}
	}
}

// wished is what a claims parameter asked for (OpenID Connect Core 1.0, 5.5), as
// a grant keeps it: names of personal claims. Each is released like a voluntary
// one, essential or not: what is not known cannot be told.
type wished struct {
	UserInfo []string `json:"u,omitempty"`
	IDToken  []string `json:"i,omitempty"`
	// Single tells that the context of a single proof is the only one that will do.
	Single bool `json:"a,omitempty"`

	// subject demands this very person, "" for anybody.
	subject string
	// contexts are the acr values that are asked for, nil for none, and essential
	// tells that another one will not do.
	contexts  []string
	essential bool
}

// claimRequest is the parameter on the wire.
type claimRequest struct {
	UserInfo map[string]*claimWish `json:"userinfo"`
	IDToken  map[string]*claimWish `json:"id_token"`
}

// claimWish is one member of it; null stands for a plain wish.
type claimWish struct {
	Essential bool  `json:"essential"`
	Value     any   `json:"value"`
	Values    []any `json:"values"`
}

// readClaims reads a claims parameter, "" for none. Members and claims that
// are not known are ignored (5.5); claims whose scope the application may not
// ask for are left out, since a parameter must not open what the registration
// closes.
func readClaims(raw string, allowed []string) (wished, error) {
	var w wished
	if raw == "" {
		return w, nil
	}
	var asked claimRequest
	if err := json.Unmarshal([]byte(raw), &asked); err != nil {
		return w, errMalformed.At("claims").Because(err)
	}
	w.UserInfo = known(asked.UserInfo, allowed)
	w.IDToken = known(asked.IDToken, allowed)
	w.subject = subjectOf(asked)
	if acr := asked.IDToken["acr"]; acr != nil {
		w.contexts = acr.wanted()
		w.essential = acr.Essential && len(w.contexts) > 0
		w.Single = w.essential && !slices.Contains(w.contexts, protocol.TwoProofs)
	}
	// 5.5.1.1: an essential context that cannot be reached is a failed attempt.
	if w.essential && !slices.Contains(w.contexts, protocol.OneProof) && !slices.Contains(w.contexts, protocol.TwoProofs) {
		return w, fault.New(fault.Forbidden, fault.CodeOAuthACR)
	}
	return w, nil
}

// strength is how strongly the person has to be proven, by the claim acr (5.5.1.1)
// and the values of acr_values (3.1.2.1), the preferred first. Values alone are a
// wish.
func (w wished) strength(values []string) identity.Strength {
	if w.essential && !slices.Contains(w.contexts, protocol.OneProof) {
		return identity.SecondDemanded
	}
	for _, value := range slices.Concat(w.contexts, values) {
		switch value {
		case protocol.TwoProofs:
			return identity.SecondWished
		case protocol.OneProof:
			return identity.AnyProof
		}
	}
	return identity.AnyProof
}

// known are the personal claims among those asked for, in the order of their
// table.
func known(asked map[string]*claimWish, allowed []string) []string {
	var names []string
	for _, c := range personal {
		if _, is := asked[c.name]; is && slices.Contains(allowed, c.scope) {
			names = append(names, c.name)
		}
	}
	return names
}

// subjectOf is the person whom a request demands by the value of sub (5.5.1).
func subjectOf(asked claimRequest) string {
	for _, claims := range []map[string]*claimWish{asked.IDToken, asked.UserInfo} {
		if sub := claims["sub"]; sub != nil {
			if value, ok := sub.Value.(string); ok {
				return value
			}
		}
	}
	return ""
}

// wanted are the texts that a wish accepts.
func (w *claimWish) wanted() []string {
	var all []string
	for _, value := range append([]any{w.Value}, w.Values...) {
		if s, ok := value.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// scopes are those whose data the claims belong to: consent is asked for them.
func (w wished) scopes() []string {
	set := map[string]bool{}
	for _, c := range personal {
		if slices.Contains(w.UserInfo, c.name) || slices.Contains(w.IDToken, c.name) {
			set[c.scope] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// kept is the form in which a grant keeps the wishes, nil for none.
func (w wished) kept() []byte {
	if len(w.UserInfo) == 0 && len(w.IDToken) == 0 && !w.Single {
		return nil
	}
	// Such a struct always encodes.
	b, _ := json.Marshal(w)
	return b
}

// wishesOf reads what kept wrote.
func wishesOf(kept []byte) (w wished, err error) {
	if len(kept) == 0 {
		return w, nil
	}
	return w, json.Unmarshal(kept, &w)
}

// contextOf is the authentication context that an ID token tells: where that of a
// single proof alone will do, a second one goes unsaid (5.5.1.1).
func contextOf(g identity.Grant) (string, error) {
	w, err := wishesOf(g.Claims)
	if w.Single {
		return protocol.OneProof, err
	}
	return protocol.Context(g), err
}

// words are the members of a list on the wire (RFC 6749, 3.3): parted by single
// blanks, of which some clients send more.
func words(list string) []string { return strings.Fields(list) }
