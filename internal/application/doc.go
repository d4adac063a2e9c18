// Package application holds those who rely on us. There are two kinds: the
// applications that members sign in to by a protocol, and the third-party
// servers that sign people in with an App ID (Meeting API, 4.2).
//
// Files of applications: registry.go adds, reads and removes them,
// registration.go changes them and keeps the rule of the responsible member,
// secret.go proves them and rotates their secrets, find.go keeps them in memory,
// subject.go and claims.go tell what they may know of a member, icon.go keeps
// their pictures. Who may enter one is decided in entry, what one is granted in
// grant.
//
// Files of App IDs: appid.go and appkey.go manage App IDs and their keys, verify.go checks
// a signature, cache.go keeps opened keys in memory, explain.go finds near
// misses among the texts of variants.go. What does not live here: reading the
// request (the surface) and finding or making the person behind a good
// signature (directory).
//
// A right signature for somebody else's text is never written anywhere: not
// into a fault, a story, a log or a finding.
package application
