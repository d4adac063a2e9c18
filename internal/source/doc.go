// Package source asks outside places who somebody is: the authentication
// sources that an organisation has set up.
//
// A kind of source is one interface, Source, in a conversation of two turns:
// Begin says where the browser goes, Finish reads what came back and names the
// person. A kind's files are given opened settings and an HTTP client; they
// know no database. There are three: oauth2 (RFC 6749, with a WeChat-like
// dialect), oidc (OpenID Connect, files oidc_*.go) and cas (CAS 1 to 3, files
// cas_*.go). schema.go has the one table of them and values.go reads their
// settings by it. attempt.go keeps what belongs to one sign-in between the two
// turns; try.go and try_source.go make a round trip with settings that are not
// saved yet; ended.go hears of the end of sessions at a source.
//
// Sources of an organisation are kept by shown.go, add.go, alter.go and
// discard.go. One of them is enterprise SSO by domain (Meeting API, 4.3 and
// 4.8), which has settings, faults and pages of its own: configured.go,
// change.go, edit.go and remove.go.
//
// What does not live here: which member the person is, and whether they may
// enter (directory), browsers, pages and cookies (signin, setup), and words of
// any wire of ours.
//
// Everything a source says is outside input: answers are bounded in size and
// time by egress, decoded strictly, and what they hold is only ever shown
// through the trace, which escapes it. Nothing it gave but the profile outlives
// the sign-in: tokens are used once and forgotten, which is why refresh tokens
// are not redeemed and no token is ever checked again.
package source
