// Package keyring lists and rotates the keys of the installation.
//
// The data keys seal secrets in the database and are themselves wrapped by the
// master keys of the configuration. Their material never leaves store and seal;
// here are only names and times (keyring.go).
//
// The signing keys sign tokens (signing.go, ring.go): they are made when they
// are needed, published before they sign, rotated and retired by time
// (rotation.go). Their private parts are opened here and go nowhere else.
//
// Sources: RFC 7515, 7517, 7518 and 7638.
package keyring
