package applogin

import (
	"fmt"
	"strings"
	"testing"
)

// Each row is a body as integrators send it by mistake, and what is said of it.
func TestReadBody(t *testing.T) {
	const right = `{"appId":"a","clientType":72,"expireTime":1604020600,"nonce":"n","userId":"u"}`
	for name, c := range map[string]struct {
		body     string
		want     string // the faults
		signable bool
	}{
		"right":                {right, "[]", true},
		"nulls":                {`{"appId":"a","clientType":72,"expireTime":0,"nonce":"n","userId":null,"more":1}`, "[]", true},
		"numbers as texts":     {strings.Replace(right, "1604020600", `"1604020600"`, 1), "[{expireTime a text in quotation marks}]", true},
		"a text as number":     {strings.Replace(right, `"u"`, "7", 1), "[{userId a number without quotation marks}]", true},
		"a fraction":           {strings.Replace(right, "1604020600", "1604020600.5", 1), "[{expireTime a number with a point or an exponent}]", false},
		"too large":            {strings.Replace(right, "1604020600", "9223372036854775808", 1), "[{expireTime no whole number of 64 bits}]", false},
		"negative":             {strings.Replace(right, "1604020600", "-1", 1), "[{expireTime a negative number}]", true},
		"a word":               {strings.Replace(right, "1604020600", `"soon"`, 1), "[{expireTime a text in quotation marks} {expireTime no whole number of 64 bits}]", false},
		"a list":               {strings.Replace(right, "1604020600", `[1]`, 1), "[{expireTime a list}]", false},
		"an object":            {strings.Replace(right, `"u"`, `{"a":1}`, 1), "[{userId an object}]", true},
		"true":                 {strings.Replace(right, `72`, `true`, 1), "[{clientType true or false}]", true},
		"another spelling":     {strings.Replace(right, "appId", "app_id", 1), `[{appId written "app_id"}]`, true},
		"twice":                {strings.Replace(right, "{", `{"nonce":"m",`, 1), "[{nonce twice}]", true},
		"nothing but brackets": {"{}", "[{appId missing} {clientType missing} {expireTime missing} {nonce missing}]", false},
		"an empty App ID":      {strings.Replace(right, `"a"`, `""`, 1), "[{appId empty}]", false},
		"a long user":          {strings.Replace(right, `"u"`, `"`+strings.Repeat("李", 65)+`"`, 1), "[{userId 65 characters}]", true},
		"a large client type":  {strings.Replace(right, "72", "1000001", 1), "[{clientType a number that is too large}]", true},
		"no body":              {" \n", "[{ no body}]", false},
		"a form":               {"appId=a", "[{ no JSON object}]", false},
		"a list of bodies":     {"[" + right + "]", "[{ no JSON object}]", false},
		"cut":                  {right[:len(right)-1], "[{ JSON without its end}]", false},
		"single quotes":        {`{'appId':'a'}`, "[{ no JSON from byte 1 on}]", false},
		"more behind it":       {right + "}", "[{ something behind the JSON object}]", false},
		"another encoding":     {"{\"appId\":\"\xe9\"}", "[{ bytes that are no UTF-8}]", false},
	} {
		got := ReadBody(c.body)
		if fmt.Sprint(got.Faults) != c.want || got.Signable != c.signable {
			t.Errorf("%s: %v, signable %v; want %s, %v", name, got.Faults, got.Signable, c.want, c.signable)
		}
	}
	got := ReadBody(strings.Replace(right, "1604020600", `"1604020600"`, 1))
	if got.AppID != "a" || got.UserID != "u" || got.Nonce != "n" || got.Expire != 1604020600 || got.ExpireText != "1604020600" {
		t.Errorf("read as %+v", got)
	}
}

// FuzzReadBody: whatever the body is, either it can be signed or there is
// something wrong with it.
func FuzzReadBody(f *testing.F) {
	for _, seed := range []string{`{"appId":"a"}`, `{"appId":[],"nonce":{}}`, "{", `{"a":`, `{"expireTime":1e400}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := ReadBody(text)
		if !b.Signable && len(b.Faults) == 0 {
			t.Errorf("%q can not be signed, and nothing is wrong with it", text)
		}
	})
}
