package main

import (
	"fmt"
	"strings"
)

// bound is the worst ratio to the bare server that is let pass.
type bound struct {
	name    string
	storage storage
	worst   float64
}

// bounds is what -gate judges by. They are half as much again as was measured
// when they were set: a shared machine moves ratios by a tenth, a mistake moves
// them further.
func bounds() []bound {
	return []bound{}
}

// judge returns what is worse than its bound, and what failed.
func judge(r report, limits []bound) (faults []string) {
	for _, x := range r.Rows {
		if x.Log == logAll {
			continue
		}
		for _, b := range limits {
			if b.name == x.Case && b.storage == x.Storage && x.ratio() > b.worst {
				faults = append(faults, fmt.Sprintf("%s, %s: %s times its bare server, at most %s", x.Case, x.where(), figure(x.ratio()), figure(b.worst)))
			}
		}
		for what, n := range x.failures() {
			faults = append(faults, fmt.Sprintf("%s, %s: %d failed: %s", x.Case, x.where(), n, strings.TrimSpace(what)))
		}
	}
	return faults
}
