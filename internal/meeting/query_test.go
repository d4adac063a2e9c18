package meeting

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// readAll reads one parameter of every kind.
func readAll(q *query) string {
	n, came := q.optionalInteger("n", 9)
	flag, given := q.optionalFlag("flag")
	return fmt.Sprint(q.window(), q.searchKey(), n, came, q.integers("many", 0, 20), flag, given, q.choice("word", "one", "two"))
}

func TestQuery(t *testing.T) {
	for raw, want := range map[string]string{
		"":                           "{0 10}0 false [] false false",
		"offset=3&limit=500":         "{3 500}0 false [] false false",
		"offset=&limit=&n=&flag=":    "{0 10}0 false [] false false",
		"n=7&many=2&many=13&many=":   "{0 10}7 true [2 13] false false",
		"flag=true&word=two&other=x": "{0 10}0 false [] true true two",
		"flag=false&searchKey=%E5%BC%A0%20%E4%B8%89%2B1": "{0 10}张 三+1 0 false [] false true",
	} {
		q, err := parseQuery(raw)
		if err != nil {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		got := strings.TrimSpace(readAll(q))
		if q.err() != nil || strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%q: got %s, %v, want %s", raw, got, q.err(), want)
		}
	}
	for raw, want := range map[string]fault.Code{
		"%zz": fault.CodeMalformed, "a;b": fault.CodeMalformed, "limit=5&limit=5": fault.CodeMalformed, "searchKey=%00": fault.CodeMalformed,
		"searchKey=%ff": fault.CodeMalformed, "limit=ten": fault.CodeFieldType, "n=-1": fault.CodeFieldType, "n=10": fault.CodeFieldRange,
		"many=2&many=21": fault.CodeFieldRange, "flag=1": fault.CodeFieldType, "flag=TRUE": fault.CodeFieldType, "word=three": fault.CodeFieldChoice,
		"searchKey=" + strings.Repeat("x", 1025): fault.CodeFieldLength,
	} {
		q, err := parseQuery(raw)
		if err == nil {
			readAll(q)
			err = q.err()
		}
		if !fault.Is(err, want) {
			t.Errorf("%q: got %v, want %s", raw, err, want)
		}
	}
}

func TestPageOf(t *testing.T) {
	for _, c := range []struct{ offset, limit, count, want int }{
		{0, 10, 0, 0}, {7, 10, 0, 0}, {0, 10, 3, 0}, {2, 10, 3, 2}, {3, 10, 3, 0}, {9, 2, 5, 4}, {4, 2, 4, 2}, {1 << 30, 500, 1001, 1000},
	} {
		got := pageOf(window{c.offset, c.limit}, c.count, []int{1, 2}, func(n int) string { return fmt.Sprint(-n) })
		if got.Offset != c.want || got.Limit != c.limit || got.Count != c.count || !slices.Equal(got.Data, []string{"-1", "-2"}) {
			t.Errorf("%+v: got %+v", c, got)
		}
	}
	if got := pageOf(window{0, 10}, 0, nil, func(n int) int { return n }); got.Data == nil {
		t.Error("an empty page has null for its data")
	}
}

// FuzzListQuery: what is read from a query lies within its bounds, and shows a
// page that exists.
func FuzzListQuery(f *testing.F) {
	for _, seed := range []string{
		"", "offset=1&limit=500", "limit=+5", "offset=%zz", "limit=5&limit=5", "offset=18446744073709551616", "a;b",
		"searchKey=%25_%5C&many=2&many=3&flag=true", "searchKey=%00", "word=two&n=%EF%BC%95",
	} {
		f.Add(seed, 7)
	}
	f.Fuzz(func(t *testing.T, raw string, count int) {
		q, err := parseQuery(raw)
		if err != nil {
			return
		}
		w, key, many := q.window(), q.searchKey(), q.integers("many", 0, 20)
		readAll(q)
		checkWindow(t, w, count)
		if len([]rune(key)) > maxSearchKey || !identity.CleanText(key) {
			t.Errorf("%q: got the search key %q", raw, key)
		}
		if q.err() == nil && len(many) > 0 && slices.Max(many) > 20 {
			t.Errorf("%q: got %v", raw, many)
		}
	})
}

func checkWindow(t *testing.T, w window, count int) {
	t.Helper()
	if w.offset < 0 || w.offset > maxOffset || w.limit < 1 || w.limit > maxLimit {
		t.Errorf("got %+v", w)
	}
	if count < 0 {
		return
	}
	if at := lastPage(w.offset, w.limit, count); at < 0 || at > w.offset || count > 0 && at >= count {
		t.Errorf("page %+v of %d: got %d", w, count, at)
	}
}

// bodyOf is a call with a body.
func bodyOf(t *testing.T, body string) *call {
	t.Helper()
	return &call{m: &newHouse(t).surface.meeting, r: httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))}
}

func TestTexts(t *testing.T) {
	h := newHouse(t)
	for body, want := range map[string][]string{
		`["a"]`: {"a"}, "[\"a\", \"b\" ,\"a\"]\n": {"a", "b"}, `["张\u0033\/"]`: {"张3/"},
	} {
		c := &call{m: &h.surface.meeting, r: httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))}
		if got, err := c.texts(4); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v, want %q", body, got, err, want)
		}
	}
	many := `["a"` + strings.Repeat(`,"a"`, maxItems) + `]`
	for body, want := range map[string]fault.Code{
		``: fault.CodeMalformed, `{}`: fault.CodeMalformed, `["a"`: fault.CodeMalformed, `["a"]]`: fault.CodeMalformed, `null`: fault.CodeMalformed,
		`[]`: fault.CodeFieldRange, many: fault.CodeFieldRange, `[1]`: fault.CodeFieldType, `[null]`: fault.CodeFieldType,
		`[""]`: fault.CodeFieldLength, `["abcde"]`: fault.CodeFieldLength, `["` + "\xff" + `"]`: fault.CodeMalformed,
	} {
		c := &call{m: &h.surface.meeting, r: httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))}
		if _, err := c.texts(4); !fault.Is(err, want) {
			t.Errorf("%.20s: got %v, want %s", body, err, want)
		}
	}
}

func TestObjects(t *testing.T) {
	all, err := bodyOf(t, `[{"id":"a"},{}]`).objects()
	if err != nil || len(all) != 2 || all[0].text("id", 1, 9) != "a" {
		t.Errorf("got %v, %v", all, err)
	}
	if _, err := bodyOf(t, `[{"id":"a"},7]`).objects(); !fault.Is(err, fault.CodeMalformed) {
		t.Errorf("a number among them: got %v", err)
	}
}

func TestChildren(t *testing.T) {
	o, err := parseObject(`{"in":{"name":"x","n":7},"list":["a","b"],"all":[{"k":"v"}],"none":null,"text":"t"}`)
	if err != nil {
		t.Fatal(err)
	}
	in := o.child("in")
	if in.text("name", 1, 9) != "x" || o.child("none") != nil || o.child("absent") != nil {
		t.Error("the children are not those of the text")
	}
	list, came := o.optionalTexts("list", 2, 1)
	if !came || !slices.Equal(list, []string{"a", "b"}) {
		t.Errorf("list: got %q, %v", list, came)
	}
	if all, came := o.optionalObjects("all", 1); !came || len(all) != 1 || all[0].text("k", 1, 1) != "v" {
		t.Errorf("objects: got %v, %v", all, came)
	}
	if _, came := o.optionalTexts("none", 1, 1); came || o.err() != nil {
		t.Errorf("null: got %v, %v, want absent", came, o.err())
	}
	in.integer("name", 0, 1)
	o.adopt("none", nil)
	o.adopt("in", in)
	if f := fault.Of(o.err()); f.Code != fault.CodeFieldType || f.Field != "in.name" {
		t.Errorf("adopted: got %v at %s", f, f.Field)
	}
}

func TestChildrenOfAnotherKind(t *testing.T) {
	o, err := parseObject(`{"in":{"n":7},"list":["a","b"],"all":[{"k":"v"}],"text":"t"}`)
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func(*object){
		"text":  func(o *object) { o.child("text") },
		"in":    func(o *object) { o.optionalTexts("in", 1, 1) },
		"list":  func(o *object) { o.optionalObjects("list", 9) },
		"all":   func(o *object) { o.optionalTexts("all", 9, 9) },
		"list ": func(o *object) { o.optionalTexts("list", 1, 9) },
		"list_": func(o *object) { o.optionalTexts("list", 9, 0) },
	} {
		o.fault = nil
		if read(o); o.err() == nil {
			t.Errorf("%s: read without a fault", name)
		}
	}
}
