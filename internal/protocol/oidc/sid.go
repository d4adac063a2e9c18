package oidc

import (
	"encoding/hex"

	"github.com/orgate/orgate/internal/identity"
)

// sidOf is the claim sid (Back-Channel Logout 1.0, 2.1): the session's
// identifier without its prefix. It opens nothing, for the secret of a session
// is another word.
func sidOf(id identity.SessionID) string { return identity.Hex(id) }

// sessionOf is the inverse of sidOf, "" for what is no sid.
func sessionOf(sid string) identity.SessionID {
	b, err := hex.DecodeString(sid)
	if err != nil || len(b) != 16 {
		return ""
	}
	return identity.SessionIDOf([16]byte(b))
}
