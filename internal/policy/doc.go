// Package policy holds the rules of when, from where and how strongly people
// may sign in: the regions of an organisation (region.go), the lock-out after
// failures (lockout.go) and the rates of client addresses (rate.go).
package policy
