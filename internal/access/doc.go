// Package access decides which actor may do what to which organisation. It is
// one table of roles and permissions and pure functions over it: nothing is
// read, nothing is stored. Every use case begins by asking it.
package access
