// Package session knows who is signed in at a browser: it starts, checks and
// ends sessions, and writes the cookie that carries a session's word.
//
// A word is the time-ordered id of a row and 256 random bits, of which the row
// keeps the SHA-256 alone. A session ends when it was not used for a while,
// when it is as old as it may get, when it is ended, and at once when its
// account, member or organisation is disabled, removed, or raises its
// generation. Each start draws a new word, and what was in the browser before
// is ended by it, so nobody is signed in under a word that another chose
// (OWASP Session Management Cheat Sheet, "Renew the Session ID After Any
// Privilege Level Change").
//
// How people prove who they are is not known here; see directory and source.
package session
