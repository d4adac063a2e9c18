package applogin

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const (
	aBody   = `{"appId":"a","userId":"it's"}`
	aHeader = "HMAC-SHA256 signature=6f68,access=YXBw"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want Request // only what is compared below
	}{
		"curl, as orgate sign prints it": {
			"curl -sS -X POST 'https://id.example/v2/usg/acs/auth/appauth' \\\n  -H 'Authorization: " + aHeader + "' \\\n  -H 'Content-Type: application/json' \\\n  -d '" +
				strings.ReplaceAll(aBody, "'", `'\''`) + "'",
			Request{"POST", Path, headers("application/json", aHeader), aBody},
		},
		"curl, its own kind of body": {
			`$ curl https://id.example/v2/usg/acs/auth/appauth --header "authorization: ` + aHeader + `" --data "{\"appId\":\"a\",\"userId\":\"it's\"}" | jq .`,
			Request{"POST", Path, headers("application/x-www-form-urlencoded", aHeader), aBody},
		},
		"curl of a browser": {
			`curl 'https://id.example/v2/usg/acs/auth/appauth' -H $'Authorization: ` + aHeader + `' -H 'Content-Type: application/json' --data-raw $'{"appId":"a","userId":"it\u0027s"}' --compressed -XPOST`,
			Request{"POST", Path, headers("application/json", aHeader), aBody},
		},
		"curl in a Windows shell with line ends": {
			"curl --json '" + `{"appId":"a","userId":"its"}` + "' \\\r\n --url=https://id.example/v2/usg/acs/auth/appauth --header='Authorization: " + aHeader + "'",
			Request{"POST", Path, headers("application/json", aHeader), `{"appId":"a","userId":"its"}`},
		},
		"curl without a body":     {"curl -u a:b https://id.example" + Path + " -H 'Authorization: " + aHeader + "'", Request{"GET", Path, headers("", aHeader), ""}},
		"data in pieces":          {"curl -d a=1 -d b=2 https://id.example/x", Request{"POST", "/x", headers("application/x-www-form-urlencoded", ""), "a=1&b=2"}},
		"a request":               {"POST " + Path + " HTTP/1.1\r\nHost: id.example\r\nAuthorization: " + aHeader + "\r\nContent-Type: application/json\r\n\r\n" + aBody, Request{"POST", Path, headers("application/json", aHeader), aBody}},
		"a request without blank": {"POST https://id.example" + Path + "\nAuthorization:" + aHeader + "\n" + aBody, Request{"POST", Path, headers("", aHeader), aBody}},
		"as curl -v shows it":     {"> POST " + Path + " HTTP/2\n> authorization: " + aHeader + "\n> \n" + aBody, Request{"POST", Path, headers("", aHeader), aBody}},
		"headers alone":           {"Authorization: " + aHeader, Request{"", "", headers("", aHeader), ""}},
		"the value of the header": {aHeader + "\n\n" + aBody, Request{"", "", headers("", aHeader), aBody}},
		"the body alone":          {"\ufeff  " + aBody + "\n", Request{"", "", headers("", ""), aBody}},
	} {
		got, err := Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for field, pair := range map[string][2]string{
			"method": {got.Method, c.want.Method}, "path": {got.Path, c.want.Path}, "body": {got.Body, c.want.Body},
			"Authorization": {got.Header.Get("Authorization"), c.want.Header.Get("Authorization")},
			"Content-Type":  {got.Header.Get("Content-Type"), c.want.Header.Get("Content-Type")},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s = %q, want %q", name, field, pair[0], pair[1])
			}
		}
	}
}

func headers(kind, authorization string) map[string][]string {
	h := map[string][]string{}
	if kind != "" {
		h["Content-Type"] = []string{kind}
	}
	if authorization != "" {
		h["Authorization"] = []string{authorization}
	}
	return h
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]error{
		"": ErrForm, "hello": ErrForm, "curl": ErrForm, "curl -sS": ErrForm, "curl 'https://id.example": ErrForm, "no header\n\n{}": ErrForm,
		"curl -d @body.json https://id.example/x": ErrFile, "curl --json @body.json https://id.example/x": ErrFile, "a b: c": ErrForm,
	} {
		if _, err := Parse(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

// What was pasted holds a signature: however it is printed, it does not show.
func TestRequestsArePrintedRedacted(t *testing.T) {
	r, err := Parse("Authorization: " + aHeader + "\n\n" + aBody)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%v %+v %#v %s", r, r, r, r); strings.Contains(got, "6f68") || strings.Contains(got, "appId") {
		t.Errorf("a request prints as %s", got)
	}
}

// FuzzParse: nothing that is pasted breaks the reader, and what it reads is
// nothing that was not pasted.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"curl -H 'a: b' -d \"\\\"\" $'\\x41\\u00e4' u/v", "POST / HTTP/1.1\nA: b\n\n{}", aHeader, "curl -", "curl --data", "$ curl \\", "> a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err == nil && r.Header == nil {
			t.Errorf("%q: no headers", text)
		}
		if len(r.Body) > 3*len(text) {
			t.Errorf("%q: the body grew to %d bytes", text, len(r.Body))
		}
	})
}
