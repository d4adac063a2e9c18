package main

import (
	"cmp"
	"slices"
	"time"
)

// number is what medians are taken of.
type number interface {
	~int64 | ~float64
}

// median returns the middle of the values, the mean of the two in the middle
// when their number is even, and zero when there are none.
func median[T number](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// percentile returns the smallest value that at least p of 1 of all values do
// not exceed (nearest rank); the values must be sorted. Without values it is
// zero.
func percentile[T cmp.Ordered](sorted []T, p float64) T {
	if len(sorted) == 0 {
		var none T
		return none
	}
	rank := int(p*float64(len(sorted)) + 0.999999)
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// ratio is a divided by b, zero when b is.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// milliseconds is a duration as a number.
func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// mapped returns what f makes of each value.
func mapped[A, B any](values []A, f func(A) B) []B {
	out := make([]B, len(values))
	for i, v := range values {
		out[i] = f(v)
	}
	return out
}
