package captcha

import (
	"context"
	"io"

	"github.com/orgate/orgate/internal/fault"
)

// Studio draws puzzles for strangers without letting a flood of them eat the
// processor: some are drawn at once, some wait, the rest are turned away.
// It is safe for concurrent use.
type Studio struct {
	random io.Reader
	desks  chan struct{} // held while drawing
	places chan struct{} // held while drawing or waiting
}

// NewStudio makes a studio that draws atOnce puzzles at a time (at least one)
// while up to waiting callers stand in line. random must be safe for
// concurrent use, as crypto/rand.Reader is.
func NewStudio(random io.Reader, atOnce, waiting int) *Studio {
	atOnce, waiting = max(atOnce, 1), max(waiting, 0)
	return &Studio{
		random: random,
		desks:  make(chan struct{}, atOnce),
		places: make(chan struct{}, atOnce+waiting),
	}
}

// Draw draws a puzzle when a desk is free. With the line full it answers
// Unavailable at once, and so it does when ctx ends while waiting.
func (s *Studio) Draw(ctx context.Context) (Puzzle, error) {
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	default:
		return Puzzle{}, fault.New(fault.Unavailable, fault.CodeUnavailable)
	}
	select {
	case s.desks <- struct{}{}:
		defer func() { <-s.desks }()
	case <-ctx.Done():
		return Puzzle{}, fault.New(fault.Unavailable, fault.CodeUnavailable).Because(ctx.Err())
	}
	return Draw(s.random)
}
