// Package egress is the only way out: a dialer and an HTTP client that no
// configured address can turn against the inside.
//
// Administrators of organisations enter addresses, of mail servers,
// authentication centres and call-backs. A server that follows them blindly
// reads its own cloud credentials and its neighbours' databases for whoever
// asks. So a name is resolved here, every address it has is judged, and what is
// dialled is one of the judged addresses and not the name again: a name that
// answers differently the next time changes nothing. Only the operator, in
// ORGATE_EGRESS_ALLOW, opens a network inside.
//
// What may be reached otherwise are the public addresses of the IANA special
// purpose registries (RFC 6890), less those that lead to the inside by
// translation or tunnel.
package egress
