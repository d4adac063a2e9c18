package pages

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
)

// answer is what a page makes of a kind of fault.
type answer struct {
	status int
	mender Mender // who can usually mend it
}

// answers has an entry for every kind, compared in a test.
var answers = [...]answer{
	fault.Internal:        {http.StatusInternalServerError, MenderOperator},
	fault.Invalid:         {http.StatusBadRequest, MenderVisitor},
	fault.Unauthenticated: {http.StatusUnauthorized, MenderVisitor},
	fault.Forbidden:       {http.StatusForbidden, MenderAdministrator},
	fault.NotFound:        {http.StatusNotFound, MenderVisitor},
	fault.Conflict:        {http.StatusConflict, MenderVisitor},
	fault.Stale:           {http.StatusPreconditionFailed, MenderVisitor},
	fault.Expired:         {http.StatusGone, MenderVisitor},
	fault.TooMany:         {http.StatusTooManyRequests, MenderVisitor},
	fault.Unavailable:     {http.StatusServiceUnavailable, MenderOperator},
}

// Status returns the HTTP status with which a page tells of a kind of fault.
func Status(kind fault.Kind) int {
	if int(kind) >= len(answers) {
		return http.StatusInternalServerError
	}
	return answers[kind].status
}
