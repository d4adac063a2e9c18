// Package centre is a stand-in for an enterprise's own authentication centre:
// the server that knows the enterprise's people and says to others who signed
// in. It speaks the website sign-in of the WeChat Open Platform, which the
// public guide on enterprise SSO takes as its example, down to the status 200
// of its errors and the text/plain of its answers; at the same addresses it
// understands OAuth 2.0 as RFC 6749 writes it.
//
// It stands outside the product: it imports no room, and the product knows it
// by its addresses only. It is for demonstrations and tests: everything is in
// memory, passwords are short, and guessing is not limited.
//
// Routes:
//
//	GET, POST /connect/qrconnect          the page with QR code and password
//	GET, POST /sns/oauth2/access_token    a token for a code
//	GET, POST /sns/oauth2/acess_token     the same, as the guide misspells it
//	GET       /sns/oauth2/refresh_token   a longer life for a token
//	GET       /sns/auth                   is this token alive
//	GET, POST /sns/userinfo               who signed in; without a token the page
//	GET       /schema/{client}            where an app of that client would start
//	GET       /portraits/{openid}         a picture of a person
//	GET       /style.css, /               the page's style; what this is
package centre
