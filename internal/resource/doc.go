// Package resource keeps what a service provider grants an enterprise and what
// the enterprise does with it: packages of meeting rooms, terminals, activation
// codes, user accounts (Meeting API, 5.1, 5.3 and 5.8–5.10).
//
// Every exported method that acts takes the actor and asks access first. A write
// is one transaction with its event; what is done to a grant is recorded in the
// same transaction. What belongs to another organisation is not found.
//
// What is left of a grant is computed from its end and the instant of the
// transaction: nothing has to run for it to expire. A kind of device is limited
// from the first grant of it on; an organisation to which nobody ever granted a
// kind has as many of it as it likes, so that one without a provider can work.
//
// What does not live here: meetings themselves, and the accounts of people
// (directory), for whom a grant only says how many there may be.
package resource
