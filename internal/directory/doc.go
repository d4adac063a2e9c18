// Package directory keeps the people: organisations with their departments and
// members, the accounts behind the members, the administrators of the provider,
// passwords and the sign-in that proves them.
//
// Every exported method that acts takes the actor and asks access first; the
// exceptions are the ways in, for which nobody is signed in yet. A write is one
// transaction: may they, load, decide, store, record. What belongs to another
// organisation is not found. An edit names the version that was read, 0 for
// whatever version, and leaves alone what it does not mention.
//
// A password is hashed before the transaction is opened: hashing is slow on
// purpose and must not hold the writer.
//
// Not here: App IDs (application), tokens (token), second factors (factor).
package directory
