package api

import (
	"io"
	"net/http"
	"reflect"
)

// field is one of an answer that goes into its head.
type field struct {
	at   []int
	name string
}

// fields are those of an answer, the embedded ones where they stand. All are
// texts.
func fields(out reflect.Type) []field {
	var found []field
	for i := range out.NumField() {
		f := out.Field(i)
		if f.Anonymous {
			for _, one := range fields(f.Type) {
				found = append(found, field{append([]int{i}, one.at...), one.name})
			}
		} else if name := f.Tag.Get(inHeader); name != "" {
			found = append(found, field{[]int{i}, name})
		}
	}
	return found
}

// writing is how an operation answers. It is safe for concurrent use.
type writing struct {
	status int
	fields []field
	body   []int // where the field is, nil without
}

// writingOf finds out how an operation answers.
func writingOf(o operation) *writing {
	w := &writing{status: o.status(), fields: fields(o.out)}
	if f, ok := o.out.FieldByName("Body"); ok {
		w.body = f.Index
	}
	return w
}

// answer writes what an operation returned: fields that are not empty into the
// head, then the body, as it is when it is bytes or writes itself, as JSON else.
// It begins to write when there is nothing left that can fail.
func (a *writing) answer(w http.ResponseWriter, out any) error {
	v := reflect.ValueOf(out).Elem()
	if !v.IsValid() || a.body == nil {
		a.head(w, v)
		w.WriteHeader(a.status)
		return nil
	}
	switch body := v.FieldByIndex(a.body).Interface().(type) {
	case func(io.Writer):
		a.head(w, v)
		w.WriteHeader(a.status)
		body(w)
	case []byte:
		a.send(w, v, body)
	default:
		data, err := encode(body)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		a.send(w, v, data)
	}
	return nil
}

func (a *writing) head(w http.ResponseWriter, v reflect.Value) {
	if !v.IsValid() {
		return
	}
	for _, f := range a.fields {
		if text := v.FieldByIndex(f.at).String(); text != "" {
			w.Header().Set(f.name, text)
		}
	}
}

func (a *writing) send(w http.ResponseWriter, v reflect.Value, body []byte) {
	a.head(w, v)
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // a caller who has gone away is not our trouble
}
