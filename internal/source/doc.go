// Package source asks outside places who somebody is: the authentication
// sources that an organisation has set up.
//
// A kind of source is one interface, Source, in a conversation of two turns:
// Begin says where the browser goes, Finish reads what came back and names the
// person. A kind's files are given opened settings and an HTTP client; they
// know no database. configured.go stores and seals what an organisation set
// up, attempt.go keeps what belongs to one sign-in between the two turns, and
// try.go makes a round trip with settings that are not saved yet.
//
// Today there is one kind, OAuth 2.0 (RFC 6749) with OpenID Connect on top and
// a WeChat-like dialect: enterprise SSO by domain (Meeting API, 4.3 and 4.8).
//
// What does not live here: which member the person is, and whether they may
// enter (directory), browsers, pages and cookies (signin, setup), and words of
// any wire of ours.
//
// Everything the centre says is outside input: answers are bounded in size and
// time by egress, decoded strictly, and what they hold is only ever shown
// through the trace, which escapes it. Nothing the centre gave but the profile
// outlives the sign-in: tokens are used once and forgotten, which is why
// refresh tokens are not redeemed and no token is ever checked again.
package source
