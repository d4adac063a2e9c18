package main

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestImportFile(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(importFile(200))).ReadAll()
	if err != nil || len(rows) != 201 {
		t.Fatalf("got %d rows, %v; want a heading and 200", len(rows), err)
	}
	accounts, halls := map[string]bool{}, map[string]bool{}
	for _, row := range rows[1:] {
		accounts[row[0]], halls[row[3]] = true, true
		if row[0]+"@new.example" != row[2] || row[1] == "" {
			t.Errorf("got %q", row)
		}
	}
	if len(accounts) != 200 || len(halls) != importHalls {
		t.Errorf("got %d accounts in %d departments, want 200 in %d", len(accounts), len(halls), importHalls)
	}
}

// TestImporter asks a server that needs two looks for a file, and one that
// refuses it.
func TestImporter(t *testing.T) {
	for _, tt := range []struct {
		name    string
		end     string // of the task
		status  int
		created int64
		errors  int64
		fails   bool
	}{
		{"all", `{"status":"done","progress":{"created":10,"refused":0}}`, http.StatusAccepted, 10, 0, false},
		{"some", `{"status":"done","progress":{"created":7,"refused":3}}`, http.StatusAccepted, 7, 3, false},
		{"failed", `{"status":"failed","progress":{"created":0}}`, http.StatusAccepted, 0, 10, false},
		{"refused", "", http.StatusForbidden, 0, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			looks := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer oga_secret" {
					t.Errorf("got the token %q", r.Header.Get("Authorization"))
				}
				if r.Method == http.MethodPost {
					file, err := io.ReadAll(r.Body)
					if err != nil || strings.Count(string(file), "\n") != 11 || r.URL.Path != "/api/v1/organizations/o0000/imports" {
						t.Errorf("got %s with %q, %v", r.URL, file, err)
					}
					w.Header().Set("Location", "https://elsewhere.example/api/v1/organizations/o0000/imports/tsk_1")
					w.WriteHeader(tt.status)
					_, _ = io.WriteString(w, `{"status":"waiting"}`) // the other side is this test
					return
				}
				if looks++; r.URL.Path != "/api/v1/organizations/o0000/imports/tsk_1" {
					t.Errorf("got %s", r.URL)
				}
				if looks < 2 {
					_, _ = io.WriteString(w, `{"status":"running"}`)
					return
				}
				_, _ = io.WriteString(w, tt.end)
			}))
			defer server.Close()
			p := proc{t.TempDir()}
			writeStat(t, p.root, "10", "1", "100 0 0 0")
			s, err := importer{base: server.URL, key: "oga_secret", meter: meter{proc: p, servers: []int{10}}}.measure(context.Background(), tenant{code: "o0000"}, 10)
			if (err != nil) != tt.fails || s.Requests != tt.created || s.failed() != tt.errors {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
}
