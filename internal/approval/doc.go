// Package approval holds wishes that somebody else decides: to enter an
// application and to join an organisation. A person asks, may withdraw while
// nobody has decided, and may ask again; an administrator approves or rejects.
// Whoever is told of it is told by mail, after the commit.
//
// Whoever is no member asks for two things, and the one to join is decided
// first. A request ends once: of withdrawing, approving and rejecting at the
// same moment one counts, and the others are Conflict (request_decided).
//
// What does not live here: when somebody has to ask (entry, signin).
package approval
