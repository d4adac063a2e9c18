package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// bound is the worst ratio to the bare server that is let pass.
type bound struct {
	name    string
	storage storage
	worst   float64
}

// bounds is what -gate judges by, at every size. They are about half as much
// again as was measured on a busy machine when they were set, where ratios are
// at their worst: they catch a mistake, not a percent. Lower them with each gain.
func bounds() []bound {
	return []bound{
		{"App-ID login", sqlite, 8},
		{"App-ID login, one hot member", sqlite, 10},
		{"App-ID login, 256 connections", sqlite, 8},
		{"token validation", sqlite, 24},
		{"token validation, busy tokens", sqlite, 5},
		{"token validation with account, busy tokens", sqlite, 5},
		{"token validation, busy tokens, 256 connections", sqlite, 5},
		{"refresh", sqlite, 20},
		{"discovery", sqlite, 3},
		{"key set", sqlite, 3.5},
		{"client credentials, opaque", sqlite, 5},
		{"client credentials, ES256 JWT", sqlite, 4},
		{"client credentials, RS256 JWT", sqlite, 1.5},
		{"introspection", sqlite, 5.5},
		{"user info", sqlite, 6},
		{"application refresh, ES256 ID token", sqlite, 8},
		{"application refresh, RS256 ID token", sqlite, 2.5},
		{"code login with a session", sqlite, 25},
		{"code login with ten access policies", sqlite, 1.3},
		{"code login with ten access policies", postgres, 1.3},
		{"code login beside a push", sqlite, 1.5},
		{"CAS entry with a session", sqlite, 15},
		{"CAS validation", sqlite, 12},
		{"account login", sqlite, 1.5},
		{"password sign-in at the page", sqlite, 1.5},
		{"sso page", sqlite, 20},
		{"SSO sign-in", sqlite, 35},
		{"App-ID login", postgres, 10},
		{"token validation", postgres, 20},
		{"refresh", postgres, 20},
	}
}

// slow returns what is worse than its bound.
func slow(r report, limits []bound) (faults []string) {
	for _, x := range r.Rows {
		if x.Log == logAll {
			continue
		}
		for _, b := range limits {
			if b.name == x.Case && b.storage == x.Storage && x.ratio() > b.worst {
				faults = append(faults, fmt.Sprintf("%s, %s: %s times its bare server, at most %s", x.Case, x.where(), figure(x.ratio()), figure(b.worst)))
			}
		}
	}
	return faults
}

// failed returns what was not answered with success. No run is good in which
// anything failed: the figures of the rest would flatter.
func failed(r report) (faults []string) {
	for _, x := range r.all() {
		failures := x.failures()
		for _, what := range slices.Sorted(maps.Keys(failures)) {
			faults = append(faults, fmt.Sprintf("%s, %s: %d failed: %s", x.Case, x.where(), failures[what], strings.TrimSpace(what)))
		}
	}
	return faults
}
