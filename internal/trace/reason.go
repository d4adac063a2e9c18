package trace

import "errors"

// Reason is why something was refused, for callers who are told less: an error
// that names the check which failed. It travels as the cause of a fault, so
// that what is answered stays as it is and the story names what decided.
type Reason struct {
	Check  Check
	Detail Detail
	Err    error // for the log
}

// Error returns the text for the log.
func (r *Reason) Error() string { return r.Err.Error() }

// Unwrap returns the error for the log.
func (r *Reason) Unwrap() error { return r.Err }

// ReasonOf returns the reason among the causes of an error, nil for none.
func ReasonOf(err error) *Reason {
	var r *Reason
	if errors.As(err, &r) {
		return r
	}
	return nil
}

// Refuses reports whether a check of the story has failed.
func (s *Story) Refuses() bool {
	if s == nil {
		return false
	}
	for _, step := range s.steps {
		if step.State == Failing {
			return true
		}
	}
	return false
}

// Tells reports whether the story says anything of a check.
func (s *Story) Tells(name Check) bool {
	if s == nil {
		return false
	}
	for _, step := range s.steps {
		if step.Check == name {
			return true
		}
	}
	return false
}
