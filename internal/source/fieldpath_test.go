package source

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

const document1 = `{"account":"a","data":{"account":"deep","id":7,"none":null,"list":["x",{"y":"z"}],"0":"zero"},
	"https://c.example/claim":"named","a.b":"whole","a":{"b":"parts"},"big":12345678901234567890,"minus":-3,"half":1.5,"exp":1e3,
	"yes":true,"empty":"","":"nameless"}`

func TestLookup(t *testing.T) {
	object, got := decodeObject([]byte(document1), "application/json")
	if object == nil {
		t.Fatal(got)
	}
	tests := []struct {
		path  string
		want  string
		text  bool
		found bool
	}{
		{"account", "a", true, true},
		{"data.account", "deep", true, true},
		{"data.id", "7", true, true},
		{"data.list.0", "x", true, true},
		{"data.list.1.y", "z", true, true},
		{"data.0", "zero", true, true},
		{"https://c.example/claim", "named", true, true},
		{"a.b", "whole", true, true},
		{"big", "12345678901234567890", true, true},
		{"minus", "-3", true, true},
		{"empty", "", true, true},
		{"half", "", false, true},
		{"exp", "", false, true},
		{"yes", "", false, true},
		{"data", "", false, true},
		{"data.list", "", false, true},
		{"data.none", "", false, false},
		{"data.list.2", "", false, false},
		{"data.list.-1", "", false, false},
		{"data.list.00", "", false, false},
		{"data.list.x", "", false, false},
		{"account.x", "", false, false},
		{"Account", "", false, false},
		{"nothing", "", false, false},
	}
	for _, tt := range tests {
		value, found := lookup(object, tt.path)
		got, isText := asText(value)
		if found != tt.found || isText != tt.text || tt.text && got != tt.want {
			t.Errorf("%s: got %q, text %v, found %v; want %+v", tt.path, got, isText, found, tt)
		}
	}
}

func FuzzFieldPath(f *testing.F) {
	for _, seed := range []string{"account", "data.list.1.y", "a.b", "data.0", "..", "data.list.99999999999999999999", "\x00"} {
		f.Add(seed, document1)
	}
	f.Add("a", `{"a":[[[[1]]]]}`)
	f.Fuzz(func(t *testing.T, path, answer string) {
		object, _ := decodeObject([]byte(answer), "")
		value, found := lookup(object, path)
		if found == (value == nil) {
			t.Errorf("lookup(%q, %q) = %v, %v", answer, path, value, found)
		}
		if text, ok := asText(value); ok && !utf8.ValidString(text) {
			t.Errorf("lookup(%q, %q) = %q", answer, path, text)
		}
		isPath(path)
	})
}

// Whatever a centre answers, the token is found or a check says what came, and
// nothing of the content is told.
func FuzzTokenAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"access_token":"t"}`, `{"errcode":40029,"errmsg":"x"}`, `{"error":"invalid_grant"}`, `{"error":{"message":"x"}}`, "access_token=t&x=y", "<html>",
		"\xff\xfe{\x00", `[1]`, `{"a":1}{}`, "", `{"errcode":"0","access_token":"t"}`, strings.Repeat("[", 20000),
	} {
		f.Add([]byte(seed), "application/json", 200)
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string, status int) {
		turn := &turn{centre: centre{o: OAuth2{Fields: Fields{AccessToken: "access_token"}, AccountField: "account"}}}
		object, got := decodeObject(body, contentType)
		if object == nil && got == "" {
			t.Fatalf("%q: neither an object nor a word about it", body)
		}
		if form, ok := decodeForm(body, "access_token"); object == nil && ok {
			object = form
		}
		if problem, check := tokenError(object); (problem == "") != (check == "") {
			t.Errorf("%q: error %q fails %q", body, problem, check)
		}
		if turn.judge(tokenStage, reply{status: status, contentType: contentType}, object, got) != nil {
			return
		}
		turn.token = object
		if turn.readAccessToken() == nil && !visible(turn.accessToken) {
			t.Errorf("%q: the token is %q", body, turn.accessToken)
		}
	})
}

func FuzzUserInfoAnswer(f *testing.F) {
	for _, seed := range []string{document1, `{"account":null}`, `{"account":"a\u0000"}`, `{"account":{"a":1}}`, `{"errcode":-1}`, `{"account":1e999}`} {
		f.Add([]byte(seed), "account")
	}
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		if !isPath(path) {
			return
		}
		turn := &turn{centre: centre{o: OAuth2{AccountField: path, Fields: Fields{Name: "data.account", Email: "email", Mobile: "data", Picture: "picture"}}}}
		object, got := decodeObject(body, "")
		_, _ = errorIn(object, userInfoErrors, userInfoCodes, "other")
		if turn.judge(userInfoStage, reply{status: http.StatusOK}, object, got) != nil {
			return
		}
		turn.userInfo = object
		p, err := turn.profile()
		if err == nil && (p.Subject == "" || p.Subject != p.Account || !visible(p.Subject) || utf8.RuneCountInString(p.Subject) > maxAccount) {
			t.Errorf("%q at %q: subject %q", body, path, p.Subject)
		}
	})
}

func FuzzIDToken(f *testing.F) {
	for _, seed := range []string{"a.b.c", "eyJhbGciOiJub25lIn0.e30.", "e30.e30.e30", "e30.eyJhdWQiOltdfQ.x", "e30.eyJhdWQiOm51bGwsImV4cCI6IjFlOTk5In0.x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		turn := &turn{centre: centre{o: OAuth2{ClientID: "orgate", TokenURL: "https://c.example/t"}, tools: tools{now: fixed}}}
		header, said, err := parseSigned[claims](raw)
		if err != nil {
			return
		}
		if turn.judgeClaims(header, said) == nil && (!said.current(fixed()) || originOf(said.Issuer) != "https://c.example:443") {
			t.Errorf("%q passes", raw)
		}
		_ = said.period()
	})
}
