// Package entry decides one question: may this person enter this application
// now, and if not, what stands in the way.
//
// It is asked in two ways that answer alike: by the sign-in, with a browser
// before it (Decide), and inside the transactions of whoever issues, refreshes
// or inspects what an application was granted (DecideIn), where there is none.
//
// What does not live here: which page follows (signin), and how a request to
// be let in is made and decided (approval).
package entry
