// Package api is the management API under /api/: what the command line, scripts
// and other servers administer an installation with.
//
// Routes stand in the tables of routes.go; operation.go mounts them on the
// library that reads and writes JSON by Go structs and makes the OpenAPI
// document from them. caller.go finds out who calls, problem.go is the one place
// that turns faults into the wire (RFC 9457), validation.go tells the library's
// complaints in the product's codes and without the values that were sent,
// precondition.go holds entity tags, cursor.go paging. Each other file is one
// resource: its structs on the wire and its operations.
//
// What does not live here: decisions. Every operation hands its actor to a use
// case, which asks access first.
package api

//go:generate go run ./gen
