package main

import (
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   float64
	}{
		{"none", nil, 0},
		{"one", []float64{3}, 3},
		{"odd, unsorted", []float64{9, 1, 5}, 5},
		{"even", []float64{4, 1, 3, 2}, 2.5},
		{"an outlier does not move it", []float64{1, 1.1, 900}, 1.1},
	}
	for _, tt := range tests {
		if got := median(tt.values); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	values := []time.Duration{3, 1, 2}
	if got := median(values); got != 2 || values[0] != 3 {
		t.Errorf("got %v of %v, want 2 and the values unmoved", got, values)
	}
}

func TestPercentile(t *testing.T) {
	hundred := make([]int, 100)
	for i := range hundred {
		hundred[i] = i + 1
	}
	tests := []struct {
		name   string
		sorted []int
		p      float64
		want   int
	}{
		{"none", nil, 0.5, 0},
		{"one", []int{7}, 0.99, 7},
		{"half", hundred, 0.50, 50},
		{"99 of a hundred", hundred, 0.99, 99},
		{"all", hundred, 1, 100},
		{"nothing", hundred, 0, 1},
		{"99 of three is the last", []int{1, 2, 3}, 0.99, 3},
	}
	for _, tt := range tests {
		if got := percentile(tt.sorted, tt.p); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestRatio(t *testing.T) {
	if got := ratio(3, 2); got != 1.5 {
		t.Errorf("got %v, want 1.5", got)
	}
	if got := ratio(3, 0); got != 0 {
		t.Errorf("of nothing: got %v, want 0", got)
	}
}

func TestSample(t *testing.T) {
	s := sample{
		Requests: 1000, Elapsed: 2 * time.Second, Server: 80 * time.Millisecond, Database: 20 * time.Millisecond,
		Errors: map[string]int64{"a": 2, "b": 1},
	}
	for name, pair := range map[string][2]float64{
		"processor time": {s.perRequest(), 0.1},
		"of it database": {s.databasePerRequest(), 0.02},
		"rate":           {s.rate(), 500},
		"failed":         {float64(s.failed()), 3},
		"of nothing":     {sample{}.perRequest(), 0},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %v, want %v", name, pair[0], pair[1])
		}
	}
}
