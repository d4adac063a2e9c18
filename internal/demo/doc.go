// Package demo runs the product on a throw-away database with an enterprise,
// Acme, its people and App IDs, and prints everything needed to try it. Its
// content is a manifest, so the demonstration is also an example of
// configuration as code.
//
// It is the only mode in which outgoing calls may reach this machine without
// being allowed, and in which messages are written to the log with their text.
package demo
