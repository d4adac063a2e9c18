package api

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// TestEveryOperationIsRead walks through all operations: each parameter has a
// kind that is read, and each field of the head of an answer is a text.
func TestEveryOperationIsRead(t *testing.T) {
	kinds := map[reflect.Type]bool{
		reflect.TypeFor[string](): true, reflect.TypeFor[bool](): true, reflect.TypeFor[int](): true, reflect.TypeFor[int64](): true,
		reflect.TypeFor[time.Time](): true,
	}
	seen := 0
	for _, r := range routes() {
		for _, p := range readingOf(r).parameters {
			if f := r.do.in.FieldByIndex(p.at); !kinds[f.Type] {
				t.Errorf("%s: nobody reads a %s into %s", r.id, f.Type, f.Name)
			}
			seen++
		}
		for _, one := range writingOf(r.do).fields {
			if f := r.do.out.FieldByIndex(one.at); f.Type.Kind() != reflect.String {
				t.Errorf("%s: nobody writes a %s as %s", r.id, f.Type, one.name)
			}
		}
		if f, ok := r.do.in.FieldByName("Body"); ok && f.Type.Kind() == reflect.Pointer {
			t.Errorf("%s: a body that may be left out is not read", r.id)
		}
	}
	if seen < 500 {
		t.Errorf("saw %d parameters: the walk is broken", seen)
	}
}

type readInput struct {
	ID string `path:"id"`
	readFilter
	Tag  string `header:"If-Match"`
	Body struct {
		Name  string `json:"name"`
		Count int64  `json:"count,omitempty"`
	}
}

type readFilter struct {
	Limit int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
	From  time.Time `query:"from"`
	Deep  bool      `query:"deep"`
	Kind  string    `query:"kind" enum:"a,b"`
}

func readRoute() route {
	return route{method: "POST", path: "/things/{id}", id: "try", do: operation{in: reflect.TypeFor[readInput](), out: reflect.TypeFor[empty]()}}
}

func readRequest(query, kind string, body io.Reader) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/things/x?"+query, body)
	r.SetPathValue("id", "x")
	r.Header.Set("Content-Type", kind)
	r.Header.Set("If-Match", `"7"`)
	return r
}

func TestInput(t *testing.T) {
	in, err := readingOf(readRoute()).input(readRequest("from=2026-11-23T10:00:00Z&deep=true&kind=b", "application/merge-patch+json; charset=utf-8",
		strings.NewReader(`{"name":"n","count":9}`)))
	if err != nil {
		t.Fatal(err)
	}
	got := *in.(*readInput)
	want := readInput{ID: "x", Tag: `"7"`, readFilter: readFilter{Limit: 50, From: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Deep: true, Kind: "b"}}
	want.Body.Name, want.Body.Count = "n", 9
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestInputRefused checks that everything that is wrong is told at once, and
// nothing of what was sent with it.
func TestInputRefused(t *testing.T) {
	for _, c := range []struct{ query, kind, body, want string }{
		{
			"limit=0&deep=perhaps&kind=c&from=noon", "", `{"nam":"secret"}`,
			"deep field_type, from malformed, kind field_choice, limit field_range, nam field_unknown, name field_missing",
		},
		{"limit=many", "application/json", `{"name":7,"count":"x"}`, "count field_type, limit field_type, name field_type"},
		{"page=2&size=3", "", `{`, "page field_unknown, size field_unknown"},
		{"", "", ``, "body field_missing"},
		{"", "", `{"name":"n"`, " malformed"},
		{"", "", `{"name":"n","count":9223372036854775808}`, " malformed"},
		{"", "text/json", `{"name":"n"}`, "Content-Type field_format"},
		{"", "application/json+x", `{"name":"n"}`, "Content-Type field_format"},
	} {
		_, err := readingOf(readRoute()).input(readRequest(c.query, c.kind, strings.NewReader(c.body)))
		f := fault.Of(err)
		var got []string
		for _, one := range append([]*fault.Error{f}, f.Others...) {
			got = append(got, one.Field+" "+string(one.Code))
		}
		if told := strings.Join(got, ", "); told != c.want || f.Kind != fault.Invalid || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s %s: %s (%v), want %s", c.query, c.body, told, err, c.want)
		}
	}
}

// broken is a body that ends with an error.
type broken struct{ err error }

// Read fails.
func (b broken) Read([]byte) (int, error) { return 0, b.err }

// TestBodyBreaksOff tells a body that is too large from one that did not come
// whole.
func TestBodyBreaksOff(t *testing.T) {
	for err, want := range map[error]fault.Code{
		&http.MaxBytesError{Limit: 1}: fault.CodeTooLarge, io.ErrUnexpectedEOF: fault.CodeMalformed, errors.New("i/o timeout"): fault.CodeMalformed,
	} {
		if _, got := readingOf(readRoute()).input(readRequest("", "", broken{err})); fault.Of(got).Code != want {
			t.Errorf("%v is told as %v", err, got)
		}
	}
}

// deadlined notes that a request's time was changed.
type deadlined struct {
	*httptest.ResponseRecorder
	changed bool
}

// SetReadDeadline notes it.
func (d *deadlined) SetReadDeadline(time.Time) error {
	d.changed = true
	return nil
}

// TestTheServersTimeHolds checks that no operation lifts the time that the
// server has for reading a body: one that comes byte by byte would hold its
// connection for ever.
func TestTheServersTimeHolds(t *testing.T) {
	h := newHouse(t)
	r := httptest.NewRequest(http.MethodPost, prefix+"/organizations", strings.NewReader(`{}`))
	r.Header.Set("Authorization", "Bearer "+h.words[providerToken])
	w := &deadlined{ResponseRecorder: httptest.NewRecorder()}
	h.surface.ServeHTTP(w, r)
	if w.Code != http.StatusUnprocessableEntity || w.changed {
		t.Errorf("status %d, deadline changed: %v", w.Code, w.changed)
	}
}

// TestAnswers checks each form of a body, and that one that cannot be encoded
// is an error before anything is written.
func TestAnswers(t *testing.T) {
	type text struct {
		Type string `header:"Content-Type"`
		Link string `header:"Link"`
		Body func(io.Writer)
	}
	type raw struct {
		Type string `header:"Content-Type"`
		Body []byte
	}
	type structured struct{ Body map[string]string }
	type endless struct{ Body chan int }
	for _, c := range []struct {
		out              any
		kind, body, link string
		status           int
	}{
		{&text{"text/csv", "<x>", func(w io.Writer) { _, _ = io.WriteString(w, "a,b") }}, "text/csv", "a,b", "<x>", 200},
		{&raw{"image/png", []byte("png")}, "image/png", "png", "", 200},
		{&structured{map[string]string{"a": "<&>"}}, "application/json", "{\"a\":\"<&>\"}\n", "", 200},
		{&empty{}, "", "", "", 204},
	} {
		w := httptest.NewRecorder()
		if err := writingOf(operation{out: reflect.TypeOf(c.out).Elem()}).answer(w, c.out); err != nil {
			t.Error(err)
		}
		if w.Code != c.status || w.Body.String() != c.body || w.Header().Get("Content-Type") != c.kind || w.Header().Get("Link") != c.link {
			t.Errorf("%T: %d %q %v", c.out, w.Code, w.Body, w.Header())
		}
	}
	w := httptest.NewRecorder()
	if err := writingOf(operation{out: reflect.TypeFor[endless]()}).answer(w, &endless{}); err == nil || len(w.Header()) > 0 {
		t.Errorf("got %v with %v", err, w.Header())
	}
}
