// Package factor holds proofs beside the password: verification codes that are
// sent by mail and short message (Meeting API, 4.14 and 4.15), authenticator
// apps (RFC 6238), passkeys (WebAuthn), and recovery codes.
//
// code.go sends a code and checks what was typed; second.go makes of a right one
// the second proof of a session. own.go keeps the apps that people set up for
// themselves, totp.go knows what they show, and redeem.go spends a code of one.
// passkey.go keeps passkeys and what is asked of them; ceremony.go is all that
// knows the library.
// What does not live here:
// what a right code is good for, such as a new password (directory), how a
// message leaves (outbox), and the failures of passwords (policy).
package factor
