package meeting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
)

func TestParseObject(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, " {\t}\r\n": true, `{"a":{"b":[1,2,{}]},"c":null}`: true, `{"a":-0.5e+3}`: true, `{"":""}`: true,
		`{"a":"\u4e2d\ud83d\ude00\/\b\f\n\r\t\\\""}`: true, `{"a":1,"a":2}`: true, "{\"a\":\"\u2028\"}": true,
		``: false, ` `: false, `[]`: false, `null`: false, `1`: false, `"{}"`: false, `{`: false, `{}{}`: false, `{},`: false,
		`{"a"}`: false, `{"a":}`: false, `{"a":1,}`: false, `{a:1}`: false, `{'a':1}`: false, `{"a":01}`: false,
		`{"a":+1}`: false, `{"a":.5}`: false, `{"a":1.}`: false, `{"a":1e}`: false, `{"a":-}`: false, `{"a":NaN}`: false,
		`{"a":tru}`: false, `{"a":True}`: false, `{"a":[1,]}`: false, `{"a":[1}`: false, `{"a":"}`: false,
		`{"a":"\x"}`: false, `{"a":"\u12g4"}`: false, `{"a":"\u12"}`: false, "{\"a\":\"\n\"}": false, "{\"a\":\"\x00\"}": false,
		`{"a":"\u0000"}`: false, `{"\u0000":1}`: false, `{"a":"\ud800"}`: false, `{"a":"\ud800A"}`: false, `{"a":"\ud800\u0041"}`: false, `{"a":"\udc00"}`: false,
		"{\"a\":\"\xff\"}": false, "\ufeff{}": false, `{"a":1}//`: false, `/**/{}`: false,
		`{"a":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1) + `}`: true,
		`{"a":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + `}`:     false,
		strings.Repeat(`{"a":`, 100_000):                                                  false,
	} {
		if _, err := parseObject(text); (err == nil) != want {
			t.Errorf("parseObject(%.60q) = %v, want success %v", text, err, want)
		}
	}
}

func TestObjectFields(t *testing.T) {
	o, err := parseObject(`{"text":"a\u0062c 中","Text":"other","number":-12,"zero":0,"big":9223372036854775807,"flag":true,"off":false,
		"none":null,"twice":1,"twice":2,"empty":"","many":[1],"1":1,"2":2,"3":3}`)
	if err != nil {
		t.Fatal(err)
	}
	if got := o.text("text", 1, 5); got != "abc 中" {
		t.Errorf("text = %q", got)
	}
	if got := [...]int64{o.integer("number", -12, 0), o.integer("zero", 0, 0), o.integer("big", 0, maxInteger), o.integer("twice", 0, 9)}; got != [...]int64{-12, 0, maxInteger, 2} {
		t.Errorf("numbers = %v", got)
	}
	if !o.flag("flag") || o.flag("off") {
		t.Error("flags are turned round")
	}
	_, text := o.optionalText("none", 1, 2)
	_, number := o.optionalInteger("absent", 1, 2)
	_, flag := o.optionalFlag("none")
	_, empty := o.optionalText("empty", 0, 2)
	if text || number || flag || !empty {
		t.Errorf("present: %v %v %v %v, want only the empty text", text, number, flag, empty)
	}
	if err := o.err(); err != nil {
		t.Errorf("err = %v", err)
	}
}

func TestObjectFaults(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		read func(*object)
		code fault.Code
	}{
		"missing text":    {`{}`, func(o *object) { o.text("a", 1, 2) }, fault.CodeFieldMissing},
		"null text":       {`{"a":null}`, func(o *object) { o.text("a", 1, 2) }, fault.CodeFieldMissing},
		"number as text":  {`{"a":1}`, func(o *object) { o.text("a", 1, 2) }, fault.CodeFieldType},
		"text too long":   {`{"a":"中中中"}`, func(o *object) { o.text("a", 1, 2) }, fault.CodeFieldLength},
		"text too short":  {`{"a":""}`, func(o *object) { o.text("a", 1, 2) }, fault.CodeFieldLength},
		"missing number":  {`{}`, func(o *object) { o.integer("a", 1, 2) }, fault.CodeFieldMissing},
		"text as number":  {`{"a":"1"}`, func(o *object) { o.integer("a", 1, 2) }, fault.CodeFieldType},
		"point":           {`{"a":1.0}`, func(o *object) { o.integer("a", 1, 2) }, fault.CodeFieldType},
		"exponent":        {`{"a":1e0}`, func(o *object) { o.integer("a", 1, 2) }, fault.CodeFieldType},
		"minus zero":      {`{"a":-0}`, func(o *object) { o.integer("a", -1, 2) }, fault.CodeFieldType},
		"flag as number":  {`{"a":true}`, func(o *object) { o.integer("a", 1, 2) }, fault.CodeFieldType},
		"number too high": {`{"a":3}`, func(o *object) { o.integer("a", 1, 2) }, fault.CodeFieldRange},
		"beyond 64 bits":  {`{"a":9223372036854775808}`, func(o *object) { o.integer("a", 1, maxInteger) }, fault.CodeFieldRange},
		"missing flag":    {`{}`, func(o *object) { o.flag("a") }, fault.CodeFieldMissing},
		"number as flag":  {`{"a":1}`, func(o *object) { o.flag("a") }, fault.CodeFieldType},
		"text as flag":    {`{"a":"true"}`, func(o *object) { o.flag("a") }, fault.CodeFieldType},
		"twice":           {`{"a":1,"b":1,"a":1}`, func(o *object) { o.once("b", "a") }, fault.CodeMalformed},
		"twice escaped":   {`{"a":1,"\u0061":1}`, func(o *object) { o.once("a") }, fault.CodeMalformed},
		"the first counts": {`{"a":1}`, func(o *object) {
			o.flag("a")
			o.text("b", 1, 1)
		}, fault.CodeFieldType},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := parseObject(c.text)
			if err != nil {
				t.Fatal(err)
			}
			c.read(o)
			if got := fault.Of(o.err()); got == nil || got.Code != c.code || got.Kind != fault.Invalid || got.Field == "" {
				t.Errorf("fault = %+v, want %s with a field", got, c.code)
			}
		})
	}
}

// FuzzBody holds the decoder against encoding/json: what it takes, that takes
// too and reads the same from it.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":"b\u0063","n":-1.5e3,"t":true,"x":null,"o":{"a":[1]}}` + "\n", `{"a":"\ud83d\ude00"}`, `[`, `{"a":01}`, "{\"a\":\"\xff\"}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := parseObject(text)
		var oracle map[string]json.RawMessage
		theirs := json.Unmarshal([]byte(text), &oracle) == nil && oracle != nil
		if err != nil {
			// Ours is stricter in these alone.
			strict := !utf8.ValidString(text) || strings.Contains(strings.ToLower(text), `\ud`) || strings.Contains(text, `\u0000`) ||
				strings.Count(text, "[")+strings.Count(text, "{") > maxDepth
			if theirs && !strict {
				t.Errorf("refused %q, which encoding/json reads", text)
			}
			return
		}
		if !theirs {
			t.Fatalf("took %q, which encoding/json refuses", text)
		}
		for name, raw := range oracle {
			compare(t, o, name, raw)
		}
	})
}

func compare(t *testing.T, o *object, name string, raw json.RawMessage) {
	t.Helper()
	got := o.raw(name)
	if want := string(bytes.TrimSpace(raw)); got != want && (want != "null" || got != "") {
		t.Errorf("%q: raw = %q, want %q", name, got, want)
	}
	var text string
	if len(got) > 0 && got[0] == '"' && json.Unmarshal(raw, &text) == nil {
		if mine, present := o.optionalText(name, 0, 1<<30); !present || mine != text {
			t.Errorf("%q: text = %q, want %q", name, mine, text)
		}
	}
	var number int64
	if n, present := o.optionalInteger(name, -1<<63, maxInteger); present && o.fault == nil {
		if err := json.Unmarshal(raw, &number); err != nil || n != number || fmt.Sprint(n) != got {
			t.Errorf("%q: number = %d, want %d as written in %s", name, n, number, got)
		}
	}
	o.fault = nil
}
