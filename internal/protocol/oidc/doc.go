// Package oidc is the OAuth 2.0 and OpenID Connect provider: what applications
// of both protocols ask by these standards, and nothing else.
//
// It only translates. Who is signed in and may enter is decided behind
// protocol.Gate; what an application was granted, and the tokens under it, is
// kept behind protocol.Codes and protocol.Grants; keys sign behind
// protocol.Keys. A wire word of the standards (response_type, redirect_uri,
// id_token) appears in this room alone.
//
// The routes:
//
//	/.well-known/openid-configuration        Discovery 1.0
//	/.well-known/oauth-authorization-server  RFC 8414, the same document
//	/oauth2/jwks                             RFC 7517
//	/oauth2/authorize                        RFC 6749, 3.1; OpenID Connect Core 1.0, 3.1.2
//	/oauth2/token                            RFC 6749, 3.2
//	/oauth2/userinfo, /oidc/userinfo         OpenID Connect Core 1.0, 5.3
//	/oauth2/introspect                       RFC 7662
//	/oauth2/revoke                           RFC 7009
//	/oauth2/logout                           RP-Initiated Logout 1.0
//
// One file holds one thing: a new grant is a file grant_<name>.go and a row in
// grants, and cannot skip a check of token.go, because it is never asked before.
package oidc
