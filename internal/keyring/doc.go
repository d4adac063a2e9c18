// Package keyring lists and rotates the keys of the installation.
//
// Today these are the data keys, which seal secrets in the database and are
// themselves wrapped by the master keys of the configuration. Key material
// never leaves store and seal; here are only names and times.
//
// The keys that sign identity tokens and assertions will live here too, in
// signing.go: made, published before they sign, rotated and retired by time.
package keyring
