// Package policy holds the rules of when, from where and how strongly people
// may sign in. So far these are the lock-out rules; access policies and
// regions join them here.
package policy
