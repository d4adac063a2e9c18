package store

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// applicationJSON is the column settings of applications: what is read whole
// and never asked for. Lives are milliseconds, secrets their SHA-256.
type applicationJSON struct {
	HomeURLs         []string     `json:"home_urls,omitempty"`
	ExitURL          string       `json:"exit_url,omitempty"`
	AdministratorURL string       `json:"administrator_url,omitempty"`
	Claims           []claimJSON  `json:"claims,omitempty"`
	Secrets          []secretJSON `json:"secrets,omitempty"`
	OAuth            *oauthJSON   `json:"oauth,omitempty"`
	CAS              *casJSON     `json:"cas,omitempty"`
}

type claimJSON struct {
	Attribute string `json:"attribute"`
	Claim     string `json:"claim"`
}

type secretJSON struct {
	Digest    []byte `json:"digest"`
	CreatedAt int64  `json:"created_at"`
	EndsAt    int64  `json:"ends_at,omitempty"`
}

type oauthJSON struct {
	Public           bool                  `json:"public,omitempty"`
	AuthMethods      []identity.AuthMethod `json:"auth_methods"`
	Grants           []identity.GrantType  `json:"grants"`
	RequirePKCE      bool                  `json:"require_pkce,omitempty"`
	Scopes           []string              `json:"scopes"`
	AccessFormat     identity.TokenFormat  `json:"access_format"`
	AccessAlgorithm  identity.Algorithm    `json:"access_algorithm,omitempty"`
	Audiences        []string              `json:"audiences,omitempty"`
	AccessLife       int64                 `json:"access_life"`
	RefreshLife      int64                 `json:"refresh_life"`
	IDTokenLife      int64                 `json:"id_token_life"`
	RefreshGrace     int64                 `json:"refresh_grace,omitempty"`
	IDTokenAlgorithm identity.Algorithm    `json:"id_token_algorithm"`
	BackchannelURL   string                `json:"backchannel_url,omitempty"`
	Introspectors    []string              `json:"introspectors,omitempty"`
}

type casJSON struct {
	ServicePrefixes []string `json:"service_prefixes,omitempty"`
	Proxy           bool     `json:"proxy,omitempty"`
	SingleLogout    bool     `json:"single_logout,omitempty"`
	LogoutURL       string   `json:"logout_url,omitempty"`
}

// unsaidAlgorithm signed JWT access tokens before applications chose.
const unsaidAlgorithm = identity.ES256

func applicationSettings(a identity.Application) (string, error) {
	s := applicationJSON{HomeURLs: a.HomeURLs, ExitURL: a.ExitURL, AdministratorURL: a.AdministratorURL}
	for _, c := range a.Claims {
		s.Claims = append(s.Claims, claimJSON(c))
	}
	for _, secret := range a.Secrets {
		s.Secrets = append(s.Secrets, secretJSON{secret.Digest, ms(secret.CreatedAt), ms(secret.EndsAt)})
	}
	if o := a.OAuth; o != nil {
		s.OAuth = &oauthJSON{
			Public: o.Public, AuthMethods: o.AuthMethods, Grants: o.Grants, RequirePKCE: o.RequirePKCE, Scopes: o.Scopes,
			AccessFormat: o.AccessFormat, AccessAlgorithm: o.AccessAlgorithm, Audiences: o.Audiences, AccessLife: o.AccessLife.Milliseconds(),
			RefreshLife: o.RefreshLife.Milliseconds(), IDTokenLife: o.IDTokenLife.Milliseconds(),
			RefreshGrace: o.RefreshGrace.Milliseconds(), IDTokenAlgorithm: o.IDTokenAlgorithm,
			BackchannelURL: o.BackchannelURL, Introspectors: o.Introspectors,
		}
	}
	if c := a.CAS; c != nil {
		s.CAS = new(casJSON(*c))
	}
	text, err := json.Marshal(s)
	return string(text), err
}

func readApplicationSettings(text string, a *identity.Application) error {
	var s applicationJSON
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	a.HomeURLs, a.ExitURL, a.AdministratorURL = s.HomeURLs, s.ExitURL, s.AdministratorURL
	for _, c := range s.Claims {
		a.Claims = append(a.Claims, identity.ClaimRule(c))
	}
	for _, secret := range s.Secrets {
		a.Secrets = append(a.Secrets, identity.ClientSecret{Digest: secret.Digest, CreatedAt: at(secret.CreatedAt), EndsAt: at(secret.EndsAt)})
	}
	if o := s.OAuth; o != nil {
		a.OAuth = &identity.OAuthSettings{
			Public: o.Public, AuthMethods: o.AuthMethods, Grants: o.Grants, RequirePKCE: o.RequirePKCE, Scopes: o.Scopes,
			AccessFormat: o.AccessFormat, AccessAlgorithm: cmp.Or(o.AccessAlgorithm, unsaidAlgorithm), Audiences: o.Audiences,
			AccessLife:  milliseconds(o.AccessLife),
			RefreshLife: milliseconds(o.RefreshLife), IDTokenLife: milliseconds(o.IDTokenLife),
			RefreshGrace: milliseconds(o.RefreshGrace), IDTokenAlgorithm: o.IDTokenAlgorithm,
			BackchannelURL: o.BackchannelURL, Introspectors: o.Introspectors,
		}
	}
	if s.CAS != nil {
		a.CAS = new(identity.CASSettings(*s.CAS))
	}
	return nil
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
