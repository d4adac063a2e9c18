package main

import (
	"context"
	"fmt"
)

// contender is one of the two that are measured in turns.
type contender func(ctx context.Context) (sample, error)

// duel measures both in turns, A B A B A B, so that each pair saw the same
// machine.
func duel(ctx context.Context, bare, ours contender, rounds int) (bareRuns, ourRuns []sample, err error) {
	for range rounds {
		for _, side := range []struct {
			measure contender
			into    *[]sample
		}{{bare, &bareRuns}, {ours, &ourRuns}} {
			s, err := side.measure(ctx)
			if err != nil {
				return bareRuns, ourRuns, err
			}
			*side.into = append(*side.into, s)
		}
	}
	return bareRuns, ourRuns, nil
}

// row is one line of a table: a case on a database of one size.
type row struct {
	Case          string    `json:"case"`
	Storage       storage   `json:"storage"`
	Members       int       `json:"members"`
	Organizations int       `json:"organizations"`
	Connections   int       `json:"connections"`
	Log           string    `json:"log"`
	Limit         limitKind `json:"limit"`
	Bare          []sample  `json:"bare"`
	Ours          []sample  `json:"ours"`
	Short         bool      `json:"short,omitempty"` // its runs were shorter than was asked for
	Half          *openRun  `json:"half_load,omitempty"`
	Resident      int64     `json:"resident_bytes"` // of the server after the runs
}

// cost is the median processor time of a request in milliseconds.
func cost(runs []sample) float64 { return median(mapped(runs, sample.perRequest)) }

// ratio is the median of the pairs' ratios.
func (r row) ratio() float64 {
	pairs := make([]float64, min(len(r.Bare), len(r.Ours)))
	for i := range pairs {
		pairs[i] = ratio(r.Ours[i].perRequest(), r.Bare[i].perRequest())
	}
	return median(pairs)
}

// failures are the errors of all runs on both sides, and of that at half load.
func (r row) failures() map[string]int64 {
	all := map[string]int64{}
	other := "bare: "
	if r.Limit == oneNode {
		other = string(oneNode) + ": "
	}
	for side, runs := range map[string][]sample{"": r.Ours, other: r.Bare} {
		for _, s := range runs {
			for what, n := range s.Errors {
				all[side+what] += n
			}
		}
	}
	if r.Half != nil {
		for what, n := range r.Half.Errors {
			all["half load: "+what] += n
		}
	}
	return all
}

// failed is their number.
func (r row) failed() (n int64) {
	for _, count := range r.failures() {
		n += count
	}
	return n
}

// where names the database of a row.
func (r row) where() string {
	return fmt.Sprintf("%s, %s members, %s organisations", r.Storage, grouped(r.Members), grouped(r.Organizations))
}
