package oidc

import (
	"encoding/json"
	"net/http"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

// metadata is the discovery document (OpenID Connect Discovery 1.0, 3; RFC
// 8414, 2), with the fields of RFC 9207, 3, RP-Initiated Logout 1.0, 2.1,
// Back-Channel Logout 1.0, 2.1, and the registered prompt_values_supported
// (Initiating User Registration 1.0, 4). Nothing stands in it that is not
// served.
type metadata struct {
	Issuer                     string   `json:"issuer"`
	Authorization              string   `json:"authorization_endpoint"`
	Token                      string   `json:"token_endpoint"`
	UserInfo                   string   `json:"userinfo_endpoint"`
	Keys                       string   `json:"jwks_uri"`
	EndSession                 string   `json:"end_session_endpoint"`
	Introspection              string   `json:"introspection_endpoint"`
	Revocation                 string   `json:"revocation_endpoint"`
	Scopes                     []string `json:"scopes_supported"`
	ResponseTypes              []string `json:"response_types_supported"`
	ResponseModes              []string `json:"response_modes_supported"`
	GrantTypes                 []string `json:"grant_types_supported"`
	ACRValues                  []string `json:"acr_values_supported"`
	SubjectTypes               []string `json:"subject_types_supported"`
	IDTokenAlgorithms          []string `json:"id_token_signing_alg_values_supported"`
	TokenAuthMethods           []string `json:"token_endpoint_auth_methods_supported"`
	IntrospectionAuthMethods   []string `json:"introspection_endpoint_auth_methods_supported"`
	RevocationAuthMethods      []string `json:"revocation_endpoint_auth_methods_supported"`
	Displays                   []string `json:"display_values_supported"`
	ClaimTypes                 []string `json:"claim_types_supported"`
	Claims                     []string `json:"claims_supported"`
	UILocales                  []string `json:"ui_locales_supported"`
	Prompts                    []string `json:"prompt_values_supported"`
	ChallengeMethods           []string `json:"code_challenge_methods_supported"`
	ClaimsParameter            bool     `json:"claims_parameter_supported"`
	RequestParameter           bool     `json:"request_parameter_supported"`
	RequestURIParameter        bool     `json:"request_uri_parameter_supported"`
	RequestURIRegistration     bool     `json:"require_request_uri_registration"`
	ResponseIssuer             bool     `json:"authorization_response_iss_parameter_supported"`
	BackchannelLogout          bool     `json:"backchannel_logout_supported"`
	BackchannelLogoutBySession bool     `json:"backchannel_logout_session_supported"`
}

const (
	scopeOpenID  = "openid"
	scopeProfile = "profile"
	scopeEmail   = "email"
	scopePhone   = "phone"
	scopeOffline = "offline_access"
	// discoveryAge is how long the document may be kept, in seconds.
	discoveryAge = 3600
)

// describe makes the discovery document. It depends on nothing but the public
// address.
func (p *Provider) describe() *document {
	secrets := []string{string(identity.AuthBasic), string(identity.AuthPost)}
	m := metadata{
		Issuer: p.issuer, Authorization: p.issuer + pathAuthorize, Token: p.issuer + pathToken, UserInfo: p.issuer + pathUserInfo,
		Keys: p.issuer + pathKeys, EndSession: p.issuer + pathLogout, Introspection: p.issuer + pathIntrospect,
		Revocation:               p.issuer + pathRevoke,
		Scopes:                   []string{scopeOpenID, scopeProfile, scopeEmail, scopePhone, scopeOffline},
		ResponseTypes:            []string{responseCode},
		ResponseModes:            []string{modeQuery},
		GrantTypes:               grantNames(),
		ACRValues:                []string{protocol.OneProof, protocol.TwoProofs},
		SubjectTypes:             []string{"public"},
		IDTokenAlgorithms:        []string{string(identity.RS256), string(identity.RS384), string(identity.RS512), string(identity.ES256)},
		TokenAuthMethods:         append(secrets[:2:2], string(identity.AuthNone)),
		IntrospectionAuthMethods: secrets,
		RevocationAuthMethods:    append(secrets[:2:2], string(identity.AuthNone)),
		Displays:                 []string{"page"},
		ClaimTypes:               []string{"normal"},
		Claims:                   claimNames(),
		UILocales:                locales(),
		Prompts:                  []string{promptNone, promptLogin, promptConsent, promptSelect},
		ChallengeMethods:         []string{methodS256},
		ClaimsParameter:          true,
		ResponseIssuer:           true,
		BackchannelLogout:        true, BackchannelLogoutBySession: true,
	}
	// Structs of texts and flags always encode.
	body, _ := json.MarshalIndent(m, "", "  ")
	return newDocument(append(body, '\n'), discoveryAge)
}

// locales are the languages of our pages, in canonical case (RFC 5646, 2.1.1).
func locales() []string {
	var tags []string
	for _, lang := range i18n.Languages() {
		tags = append(tags, string(lang))
	}
	return tags
}

// serveDiscovery answers with the discovery document.
func (p *Provider) serveDiscovery(w http.ResponseWriter, r *http.Request) error {
	p.discovery.send(w, r)
	return nil
}
