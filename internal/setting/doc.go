// Package setting holds what is set for the installation as a whole: the
// provider's name and the channels by which messages leave. It also remembers,
// as keyed digests, the secrets that a manifest last applied, and records that
// one was applied. Texts of messages are here as well, those of organisations
// among them.
//
// What does not live here: settings needed before the database opens (config),
// the meaning of a channel's settings and sending by it (outbox), and what is
// else set for one organisation (directory).
package setting
