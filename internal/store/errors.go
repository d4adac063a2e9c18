package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/orgate/orgate/internal/fault"
)

// reason is what a driver error means to us.
type reason uint8

const (
	defect    reason = iota // our mistake or a broken file: Internal
	unique                  // a unique key exists already: Conflict
	reference               // a foreign key has no target, or still has sources: Conflict
	retry                   // lost a race; the same transaction may succeed when run again
	outage                  // no connection, no space, no answer: Unavailable
	badText                 // text the database cannot store: Invalid
)

// driverError is the private cause inside a fault: what the driver said and
// what we made of it.
type driverError struct {
	reason     reason
	constraint string // for unique: the name of the index, equal on both databases
	err        error
}

// Error describes the cause for the log.
func (e *driverError) Error() string {
	if e.constraint != "" {
		return fmt.Sprintf("%s: %v", e.constraint, e.err)
	}
	return e.err.Error()
}

// Unwrap returns what the driver said.
func (e *driverError) Unwrap() error { return e.err }

// asFault chooses the kind and code a caller of the package sees.
func (e *driverError) asFault() error {
	switch e.reason {
	case unique, reference:
		return fault.New(fault.Conflict, fault.CodeConflict).Because(e)
	case retry, outage:
		return fault.New(fault.Unavailable, fault.CodeUnavailable).Because(e)
	case badText:
		return fault.New(fault.Invalid, fault.CodeMalformed).Because(e)
	default:
		return internal(e)
	}
}

// because reports whether err was caused by a driver error of this reason.
func because(err error, why reason) bool {
	var cause *driverError
	return errors.As(err, &cause) && cause.reason == why
}

// isUnique reports whether err is a violated unique key with one of these
// names; without names, any. A key is called as in the migration; the primary
// key of table t is "t_pkey".
func isUnique(err error, constraints ...string) bool {
	var cause *driverError
	if !errors.As(err, &cause) || cause.reason != unique {
		return false
	}
	return len(constraints) == 0 || slices.Contains(constraints, cause.constraint)
}

func internal(err error) error {
	return fault.New(fault.Internal, fault.CodeInternal).Because(err)
}

// gone is the answer to a caller whose context ended first.
func gone(ctx context.Context) error {
	return fault.New(fault.Unavailable, fault.CodeUnavailable).Because(context.Cause(ctx))
}
