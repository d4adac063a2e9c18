// Package privacy holds what people are told of what becomes of their data, and
// who accepted it: a statement of each organisation, and one of the installation
// for organisations that have none.
//
// Administrators write a draft and publish it as a version, which never changes.
// Whoever has not accepted the version in force goes no further with a session of
// a browser; whether that is so is told with the session (store.Lookup.Session),
// so that nothing is read twice.
package privacy
