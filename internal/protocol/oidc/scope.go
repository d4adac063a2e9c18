package oidc

import (
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

var errScope = fault.New(fault.Invalid, fault.CodeOAuthScope)

// personScopes are the scopes that speak of a person. An application that acts
// for itself has no use for them.
var personScopes = []string{scopeOpenID, scopeProfile, scopeEmail, scopePhone, "address", scopeOffline}

// grantedScopes are the scopes that a person is asked to grant. Those that the
// application may not ask for, or that nobody knows, are left out, and the
// answer of the token endpoint tells what remains (RFC 6749, 3.3; OpenID
// Connect Core 1.0, 3.1.2.1). When nothing remains of what was asked for, that is
// invalid_scope. Who asks for none gets what the application is registered for,
// but for an ID token and offline access, which have to be asked for.
func grantedScopes(a identity.Application, asked string) ([]string, error) {
	may := mayAsk(a)
	list := words(asked)
	if len(list) == 0 {
		return slices.DeleteFunc(may, func(s string) bool { return s == scopeOpenID || s == scopeOffline }), nil
	}
	granted := among(may, list)
	if len(granted) == 0 {
		return nil, errScope
	}
	return granted, nil
}

// mayAsk are the scopes an application may ask a person for.
func mayAsk(a identity.Application) []string {
	return slices.DeleteFunc(slices.Clone(a.OAuth.Scopes), func(s string) bool {
		switch s {
		case scopeOpenID:
			return a.Protocol != identity.ProtocolOIDC
		case scopeOffline:
			// OpenID Connect Core 1.0, 11 wants prompt=consent unless other
			// conditions allow offline access. Ours: the administrator who allowed it
			// for this application has decided for the organisation, and where the
			// application asks each person, the Gate asks for this scope too.
			return !a.OAuth.Offers(identity.GrantRefresh)
		}
		return false
	})
}

// ownScopes are the scopes an application is granted for itself (RFC 6749,
// 4.4.2).
func ownScopes(a identity.Application, asked string) ([]string, error) {
	may := slices.DeleteFunc(slices.Clone(a.OAuth.Scopes), func(s string) bool { return slices.Contains(personScopes, s) })
	list := words(asked)
	if len(list) == 0 {
		return may, nil
	}
	granted := among(may, list)
	if len(granted) == 0 {
		return nil, errScope
	}
	return granted, nil
}

// among are the words of a list that are allowed, each once, in the order of
// the list.
func among(allowed, list []string) []string {
	var kept []string
	for _, word := range list {
		if slices.Contains(allowed, word) && !slices.Contains(kept, word) {
			kept = append(kept, word)
		}
	}
	return kept
}

// narrowed reads the scope of a refresh: nil keeps all (RFC 6749, 6).
func narrowed(asked string) ([]string, error) {
	list := words(asked)
	if asked != "" && len(list) == 0 {
		return nil, errScope.At("scope")
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, nil
}

var errNotOffered = fault.New(fault.Invalid, fault.CodeOAuthGrantOff)
