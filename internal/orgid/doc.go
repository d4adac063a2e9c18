// Package orgid is the OrgID-compatible open API: the words and error codes of
// OrgID for what protocol.Host does. Applications that were written against that
// API work with another host name and nothing else.
//
// It only translates: who may enter, what is granted and what a token stands
// for is decided behind the Host. Wire words of OrgID (tenant_name, access_type,
// OrgID.OAUTH.4000) appear in this room alone.
//
// The routes, all but the last with and without the prefix /orgid/openapi:
//
//	POST /v1/oauth2/token            a code or a refresh token for tokens
//	GET  /v1/oauth2/userinfo         who the token stands for
//	GET  /v1/cas/p3/serviceValidate  who a service ticket stands for
//	GET  /v1/cas/serviceValidate     the same
//	GET  /oauth/logout               sign out, by the front end
package orgid
