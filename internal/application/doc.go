// Package application holds the third-party servers that sign people in with
// an App ID (Meeting API, 4.2): their registration and keys, the check of
// their signatures, and what probably went wrong when one does not match.
//
// Files: appid.go and appkey.go manage App IDs and their keys, verify.go checks
// a signature, cache.go keeps opened keys in memory, explain.go finds near
// misses among the texts of variants.go. What does not live here: reading the
// request (the surface) and finding or making the person behind a good
// signature (directory).
//
// A right signature for somebody else's text is never written anywhere: not
// into a fault, a story, a log or a finding.
package application
