// Package signature signs App ID logins of the Meeting API (4.2) for servers
// that integrate with Orgate or with the original service.
//
// An App states who signs, a Login for whom. App.Login sends a complete login
// and returns the token; App.Request makes the request without sending it;
// App.StringToSign, Sign and Authorization are the single steps. A mistake
// that the server could only answer with "login refused" is found here first
// and returned as a *Refusal that names it.
//
// The helpers in the neighbouring folders do the same in other languages; all
// of them are held to ../vectors.json. The package needs the standard library
// only and has nothing to do with the server's own verification.
package signature
