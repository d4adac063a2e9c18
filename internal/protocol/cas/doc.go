// Package cas is the CAS server: what applications ask by CAS Protocol 3.0.3,
// and by its versions 1 and 2 before, and nothing else.
//
// It only translates. Who is signed in and may enter is decided behind
// protocol.Gate; service tickets are kept behind protocol.Entries, those of
// applications that act for people behind protocol.Proxies. What a validation is
// answered stands in protocol, because the OrgID-compatible API answers the same.
// A wire word of the standard (pgtUrl, renew, gateway) appears in this room alone.
//
// The routes:
//
//	/cas/login               2.1
//	/cas/logout              2.3
//	/cas/validate            2.4, CAS 1.0
//	/cas/serviceValidate     2.5, CAS 2.0
//	/cas/proxyValidate       2.6, CAS 2.0
//	/cas/proxy               2.7
//	/cas/p3/serviceValidate  2.8, CAS 3.0
//	/cas/p3/proxyValidate    2.9, CAS 3.0
package cas
