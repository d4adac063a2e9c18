// Package audit holds the catalogue of events and records them.
//
// Recording takes the caller's transaction, so a fact and its record commit
// together or not at all. An event tells who did what to whom, when and from
// where; it never holds a secret or what an outside source answered. Reading
// events out is the work of the surfaces, through Log.
package audit
