package main

import (
	"encoding/json"
	"os"
	"slices"
	"time"
)

// report is everything that a run measured; it is the JSON output.
type report struct {
	When       time.Time     `json:"when"`
	Machine    machine       `json:"machine"`
	Rounds     int           `json:"rounds"`
	Run        time.Duration `json:"run_ns"`
	BinarySize int64         `json:"binary_bytes"`
	Starts     []start       `json:"starts"`
	Rows       []row         `json:"rows"`
	Nodes      []row         `json:"two_nodes,omitempty"` // two beside one
	Steady     []row         `json:"steady,omitempty"`    // a minute each
}

// all are the rows of every kind.
func (r report) all() []row { return slices.Concat(r.Rows, r.Nodes, r.Steady) }

// start is what the server took and held before it was asked anything.
type start struct {
	Storage       storage       `json:"storage"`
	Members       int           `json:"members"`
	Organizations int           `json:"organizations"`
	Ready         time.Duration `json:"ready_ns"`
	Idle          int64         `json:"idle_bytes"`
}

// rows returns the rows of one database.
func (r report) rows(s start) []row {
	var found []row
	for _, x := range r.Rows {
		if x.Storage == s.Storage && x.Members == s.Members && x.Organizations == s.Organizations && x.Log != logAll {
			found = append(found, x)
		}
	}
	return found
}

// series is one case as the database grows.
type series struct {
	Case    string
	Storage storage
	Rows    []row // by size
}

// growth gathers the cases that were measured at more than one size with the
// same number of organisations.
func (r report) growth() []series {
	var all []series
	for _, x := range r.Rows {
		if x.Log == logAll || x.Organizations != r.Rows[0].Organizations {
			continue
		}
		i := 0
		for i < len(all) && (all[i].Case != x.Case || all[i].Storage != x.Storage) {
			i++
		}
		if i == len(all) {
			all = append(all, series{Case: x.Case, Storage: x.Storage})
		}
		all[i].Rows = append(all[i].Rows, x)
	}
	var grown []series
	for _, s := range all {
		if len(s.Rows) > 1 {
			grown = append(grown, s)
		}
	}
	return grown
}

// errors counts what failed in all rows.
func (r report) errors() (n int64) {
	for _, x := range r.all() {
		n += x.failed()
	}
	return n
}

func (r report) writeJSON(path string) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
