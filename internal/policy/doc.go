// Package policy holds the rules of when, from where and how strongly people
// may sign in: whether policies guard an application (accesscontrol.go) and
// which (accesspolicy.go), what they would say (simulation.go), the regions of
// an organisation (region.go), the lock-out after failures (lockout.go) and the
// rates of client addresses (rate.go).
//
// What does not live here: what a policy says of an instant and an address
// (identity), and where it is asked (entry).
package policy
