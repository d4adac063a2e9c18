package applogin

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Body is what the JSON of a login says, as far as it can be read.
type Body struct {
	AppID, CorpID, UserID, UserName, Nonce string
	Expire                                 int64
	ExpireText                             string // as it is written, without quotation marks
	// Faults are what is wrong, in the order of the fields.
	Faults []BodyFault
	// Signable: what is signed could be read, so that the text can be built.
	Signable bool
}

// BodyFault is one thing that is wrong with a body: the field, "" for all of it,
// and what stands there. It shows no value.
type BodyFault struct{ Field, Found string }

// bodyField is one field as the login reads it (Meeting API, 1.6 and 4.2).
type bodyField struct {
	name     string
	number   bool
	required bool
	most     int // characters
}

// The fields in the order of the documentation. The surface judges the length of
// a nonce by another rule, and so does whoever asks here.
var bodyFields = [...]bodyField{
	{name: "appId", required: true, most: 255},
	{name: "clientType", number: true, required: true},
	{name: "expireTime", number: true, required: true},
	{name: "nonce", required: true, most: 1024},
	{name: "corpId", most: 64},
	{name: "userId", most: 64},
	{name: "userName", most: 64},
	{name: "userEmail", most: 255},
	{name: "userPhone", most: 32},
	{name: "deptCode", most: 32},
}

// maxClientType bounds kinds of clients: any number up to it is one.
const maxClientType = 1_000_000

// ReadBody reads a body as far as it goes.
func ReadBody(text string) Body {
	b := &bodyReader{raw: map[string]json.RawMessage{}, times: map[string]int{}}
	if found := b.members(text); found != "" {
		return Body{Faults: []BodyFault{{Found: found}}}
	}
	read := map[string]string{}
	for _, f := range bodyFields {
		if value, ok := b.value(f); ok {
			read[f.name] = value
		}
	}
	out := Body{
		AppID: read["appId"], CorpID: read["corpId"], UserID: read["userId"], UserName: read["userName"], Nonce: read["nonce"],
		ExpireText: read["expireTime"], Faults: b.faults,
	}
	var err error
	out.Expire, err = strconv.ParseInt(out.ExpireText, 10, 64)
	out.Signable = err == nil && out.AppID != ""
	return out
}

// bodyReader collects the members of an object, and what is wrong with them.
type bodyReader struct {
	raw    map[string]json.RawMessage
	times  map[string]int
	names  []string // in their order
	faults []BodyFault
}

// members reads the object; what it returns is why it is none.
func (b *bodyReader) members(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return "no body"
	case !utf8.ValidString(text):
		return "bytes that are no UTF-8"
	case halved(text):
		return "half of a character, written as \\ud8… or \\udc… alone"
	}
	d := json.NewDecoder(strings.NewReader(text))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return "no JSON object"
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		key, ok := name.(string)
		if err != nil || !ok {
			return "no JSON from byte " + strconv.FormatInt(d.InputOffset(), 10) + " on"
		}
		b.raw[key], b.times[key], b.names = value, b.times[key]+1, append(b.names, key)
	}
	if _, err := d.Token(); err != nil {
		return "JSON without its end"
	}
	if _, err := d.Token(); err == nil || d.InputOffset() < int64(len(strings.TrimRight(text, " \t\r\n"))) {
		return "something behind the JSON object"
	}
	return ""
}

// halved reports whether an escape stands for half of a character (RFC 8259,
// 8.2): decoders differ in what they make of one.
func halved(text string) bool {
	for {
		at := strings.IndexByte(text, '\\')
		if at < 0 || at+2 > len(text) {
			return false
		}
		escape := text[at:]
		text = escape[2:]
		first, ok := escapedUnit(escape)
		if !ok || !utf16.IsSurrogate(first) {
			continue
		}
		second, ok := escapedUnit(escape[len(`\u0000`):])
		if !ok || utf16.DecodeRune(first, second) == utf8.RuneError {
			return true
		}
		text = escape[2*len(`\u0000`):]
	}
}

// escapedUnit reads the escape at the beginning of a text.
func escapedUnit(text string) (rune, bool) {
	if len(text) < len(`\u0000`) || !strings.HasPrefix(text, `\u`) {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}

func (b *bodyReader) wrong(field, found string) {
	b.faults = append(b.faults, BodyFault{field, found})
}

// value reads one field: its text, or the digits of its number.
func (b *bodyReader) value(f bodyField) (value string, ok bool) {
	raw, there := b.raw[f.name]
	if !there {
		raw, there = b.misspelled(f.name)
	}
	if !there || string(raw) == "null" {
		if f.required {
			b.wrong(f.name, "missing")
		}
		return "", false
	}
	if b.times[f.name] > 1 {
		b.wrong(f.name, "twice")
	}
	if f.number {
		return b.number(f, raw)
	}
	return b.text(f, raw)
}

// misspelled finds a field whose name is written in other letters.
func (b *bodyReader) misspelled(want string) (json.RawMessage, bool) {
	for _, name := range b.names {
		if strings.EqualFold(strings.ReplaceAll(name, "_", ""), want) {
			b.wrong(want, "written "+strconv.QuoteToASCII(name))
			return b.raw[name], true
		}
	}
	return nil, false
}

func (b *bodyReader) text(f bodyField, raw json.RawMessage) (value string, ok bool) {
	if err := json.Unmarshal(raw, &value); err != nil {
		b.wrong(f.name, kindOf(raw))
		return strings.Trim(string(raw), `"`), raw[0] != '[' && raw[0] != '{'
	}
	switch n := utf8.RuneCountInString(value); {
	case n > f.most:
		b.wrong(f.name, strconv.Itoa(n)+" characters")
	case f.name == "appId" && n == 0:
		b.wrong(f.name, "empty")
	}
	return value, true
}

// number reads digits, be they between quotation marks.
func (b *bodyReader) number(f bodyField, raw json.RawMessage) (value string, ok bool) {
	digits := string(raw)
	if raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		b.wrong(f.name, kindOf(raw))
		if json.Unmarshal(raw, &digits) != nil {
			return "", false
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case err != nil && json.Valid([]byte(digits)) && strings.ContainsAny(digits, ".eE"):
		b.wrong(f.name, "a number with a point or an exponent")
		return "", false
	case err != nil:
		b.wrong(f.name, "no whole number of 64 bits")
		return "", false
	case n < 0 || digits[0] == '-':
		b.wrong(f.name, "a negative number")
	case f.name == "clientType" && n > maxClientType:
		b.wrong(f.name, "a number that is too large")
	}
	return digits, true
}

// kindOf says what a value is that should be another.
func kindOf(raw json.RawMessage) string {
	switch raw[0] {
	case '"':
		return "a text in quotation marks"
	case '[':
		return "a list"
	case '{':
		return "an object"
	case 't', 'f':
		return "true or false"
	}
	return "a number without quotation marks"
}
