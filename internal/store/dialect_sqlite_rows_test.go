package store

import (
	"database/sql/driver"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestAssign(t *testing.T) {
	type name string
	type level int8
	text := "a"
	tests := []struct {
		name  string
		dest  any
		value driver.Value
		want  any // what dest points to; nil for an error
	}{
		{"text", new(string), "a", "a"},
		{"named text", new(name), "a", name("a")},
		{"text as bytes", new([]byte), "a", []byte("a")},
		{"bytes", new([]byte), []byte("a"), []byte("a")},
		{"bytes as text", new(string), []byte("a"), "a"},
		{"no bytes", &[]byte{1}, nil, []byte(nil)},
		{"integer", new(int64), int64(-7), int64(-7)},
		{"named integer", new(level), int64(-7), level(-7)},
		{"unsigned", new(uint32), int64(7), uint32(7)},
		{"true", new(bool), int64(1), true},
		{"false", func() *bool { b := true; return &b }(), int64(0), false},
		{"float", new(float64), 1.5, 1.5},
		{"whole float", new(float64), int64(2), 2.0},
		{"text that may lack", new(*string), "a", &text},
		{"text that lacks", func() **string { p := &text; return &p }(), nil, (*string)(nil)},
		{"no text", new(string), nil, nil},
		{"no integer", new(int64), nil, nil},
		{"too large", new(level), int64(128), nil},
		{"negative", new(uint32), int64(-1), nil},
		{"two is no truth", new(bool), int64(2), nil},
		{"text for a number", new(int64), "7", nil},
		{"number for a text", new(string), int64(7), nil},
		{"no pointer", "a", "a", nil},
		{"nil pointer", (*level)(nil), int64(1), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := assign(test.dest, test.value)
			if (err != nil) != (test.want == nil) {
				t.Fatalf("got %v", err)
			}
			if err != nil {
				return
			}
			if got := reflect.ValueOf(test.dest).Elem().Interface(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %#v, want %#v", got, test.want)
			}
		})
	}
}

// A value may be somebody's address; an error ends up in the log.
func TestAssignKeepsValuesToItself(t *testing.T) {
	var n int64
	if err := assign(&n, "anna@acme.example"); err == nil || strings.Contains(err.Error(), "anna") {
		t.Errorf("got %v", err)
	}
}

func TestPositional(t *testing.T) {
	tests := []struct {
		query, want string
		order       []int
	}{
		{"SELECT 1", "SELECT 1", nil},
		{"SELECT a FROM t WHERE b = $1 AND c = $2", "SELECT a FROM t WHERE b = ? AND c = ?", []int{0, 1}},
		{"UPDATE t SET a = $2 WHERE b = $1", "UPDATE t SET a = ? WHERE b = ?", []int{1, 0}},
		{"VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)", "VALUES (?,?,?,?,?,?,?,?,?,?)", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		{"SELECT $1, $1", "SELECT $1, $1", nil},
		{"SELECT $2", "SELECT $2", nil},
		{"SELECT $0", "SELECT $0", nil},
		{"SELECT $a", "SELECT $a", nil},
		{"SELECT '$1', $1", "SELECT '$1', $1", nil},
	}
	for _, test := range tests {
		got, order := positional(test.query)
		if got != test.want || !slices.Equal(order, test.order) {
			t.Errorf("positional(%q) = %q %v, want %q %v", test.query, got, order, test.want, test.order)
		}
	}
}
