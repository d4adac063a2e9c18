// Package tryout runs an application's settings before they are saved: it
// starts a try, is itself the relying party that plays the flow to its end, and
// keeps the report.
//
// While a try runs, an application of its own stands in for the tried one: with
// the settings that are not saved, the try's name as client id, a secret that
// nobody is told, and our callback as its only redirect URI. So the addresses of
// the protocol answer a try as they answer everybody. It is removed when the
// report is written, and with it all that was granted.
//
// What does not live here: the protocol itself, whose handler is given in, and
// the pages (setup) and operations (api) that show a report.
package tryout
