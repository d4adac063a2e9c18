// Package factor holds proofs beside the password. So far these are the
// verification codes that are sent by mail and short message (Meeting API, 4.14
// and 4.15); passkeys, one-time passwords and recovery codes join them here.
//
// code.go sends a code and checks what was typed; second.go makes of a right one
// the second proof of a session. What does not live here:
// what a right code is good for, such as a new password (directory), how a
// message leaves (outbox), and the failures of passwords (policy).
package factor
