package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
)

var errNull = errors.New("store: NULL where a value is expected")

// sqliteRows are the rows of one query, straight from the driver.
type sqliteRows struct {
	rows   driver.Rows
	values []driver.Value
	err    error
	closed bool
}

// Next steps to the next row.
func (r *sqliteRows) Next() bool {
	if r.closed || r.err != nil {
		return false
	}
	err := r.rows.Next(r.values)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return err == nil
}

// Err is what ended the rows before their end.
func (r *sqliteRows) Err() error { return r.err }

// Close makes the statement ready for its next use; a second call does nothing.
func (r *sqliteRows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	clear(r.values)
	return r.rows.Close()
}

// Scan copies the current row.
func (r *sqliteRows) Scan(dest ...any) error {
	if len(dest) != len(r.values) {
		return fmt.Errorf("store: %d columns scanned into %d places", len(r.values), len(dest))
	}
	for i, value := range r.values {
		if err := assign(dest[i], value); err != nil {
			return fmt.Errorf("store: column %d: %w", i+1, err)
		}
	}
	return nil
}

// assign does for the types that tables use what database/sql does for all.
// The common pairs come first; they need no reflection. Blobs are copies
// already.
func assign(dest any, value driver.Value) error {
	switch d := dest.(type) {
	case *string:
		if v, ok := value.(string); ok {
			*d = v
			return nil
		}
	case *int64:
		if v, ok := value.(int64); ok {
			*d = v
			return nil
		}
	case *[]byte:
		if v, ok := value.([]byte); ok || value == nil {
			*d = v
			return nil
		}
	case sql.Scanner:
		return d.Scan(value)
	}
	to := reflect.ValueOf(dest)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("a %T is no place to scan into", dest)
	}
	return assignTo(to.Elem(), value)
}

func assignTo(to reflect.Value, value driver.Value) error {
	if to.Kind() == reflect.Pointer { // a column that may be NULL
		to.SetZero()
		if value == nil {
			return nil
		}
		to.Set(reflect.New(to.Type().Elem()))
		return assignTo(to.Elem(), value)
	}
	switch v := value.(type) {
	case nil:
		return errNull
	case int64:
		return assignInteger(to, v)
	case string:
		return assignText(to, v)
	case []byte:
		return assignText(to, string(v))
	case float64:
		if to.CanFloat() {
			to.SetFloat(v)
			return nil
		}
	}
	return mismatch(to, value)
}

// assignInteger also fills booleans, which SQLite stores as 0 and 1.
func assignInteger(to reflect.Value, v int64) error {
	switch {
	case to.CanInt() && !to.OverflowInt(v):
		to.SetInt(v)
	case to.CanUint() && v >= 0 && !to.OverflowUint(uint64(v)):
		to.SetUint(uint64(v))
	case to.Kind() == reflect.Bool && (v == 0 || v == 1):
		to.SetBool(v == 1)
	case to.CanFloat():
		to.SetFloat(float64(v))
	default:
		return mismatch(to, v)
	}
	return nil
}

func assignText(to reflect.Value, v string) error {
	switch {
	case to.Kind() == reflect.String:
		to.SetString(v)
	case to.Kind() == reflect.Slice && to.Type().Elem().Kind() == reflect.Uint8:
		to.SetBytes([]byte(v))
	default:
		return mismatch(to, v)
	}
	return nil
}

// mismatch names types only: a value may be somebody's address.
func mismatch(to reflect.Value, value driver.Value) error {
	return fmt.Errorf("a %T does not fit into %s", value, to.Type())
}
