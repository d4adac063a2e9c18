// Package grant keeps what applications are granted: authorization codes, the
// grants they become, and the access and refresh tokens under a grant: issue,
// redeem, rotate, detect reuse, inspect, list and revoke.
//
// A grant is one row, and no token has a row of its own: each derives from the
// grant's sealed seed by HMAC-SHA-256 over what it says of itself (word.go). So
// a refresh is one update, a token is proven without a list of tokens, and
// ending the row ends them all. A code is a ticket whose id is the grant's, so
// that a second use finds what the first was given (code.go).
//
// Whoever a grant depends on may end it: a suspended member, a disabled
// application or a raised generation counts at the very next use, because
// redeeming and refreshing read them and ask entry in their own transaction.
// Inspections come from a bounded cache that the change feed empties.
//
// What does not live here: what a token says to others and how it is signed
// (protocol/oidc), who may enter (entry), and consents (signin).
//
// Sources: RFC 6749, 4.1, 4.4, 6 and 10; RFC 7636; RFC 7662; RFC 9700, 2.2 and
// 4.14.
package grant
