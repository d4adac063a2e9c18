// Package token keeps the opaque access tokens of REST callers: issue, cap per
// person, refresh, check, end; and the tokens of the management API.
//
// A token is a time-ordered id and a 256-bit proof in one word. Of the proof
// only the SHA-256 is stored for the check; both proofs of a token (access and
// refresh) derive from a seed that is sealed, so that a refresh can give back
// the same access token. Everything that ends many tokens at once is a
// generation number of an account, member, organisation or App ID: revoking is
// O(1). Checks come from a bounded cache that the change feed empties; while
// the feed is silent the database is asked each time.
//
// Sources: Meeting API, section 3.
package token
