// Package ticket makes and redeems one-time secrets that expire: codes, resets,
// captcha proofs, portal jumps. Everything that works once and ends lives
// here; a lasting secret is sealed by store instead.
//
// A secret handed out is a time-ordered id and 256 random bits in one word.
// The row is found by the id; the SHA-256 of the random part is all that is
// stored, and it is compared in constant time. A redeemed ticket stays, marked
// spent, until it expires, so that a second use is recognised.
//
// It also claims what may be seen once until an instant, such as nonces.
package ticket
