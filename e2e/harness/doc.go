// Package harness runs the real binary for whole-product tests: it writes a
// manifest, applies it, starts one or more nodes on loopback, catches their
// mail, and at the end reads their logs for secrets that must not be there.
//
// It knows the product by what is promised to the outside only: commands,
// settings, addresses and the wire. Everything it starts it also stops.
package harness
