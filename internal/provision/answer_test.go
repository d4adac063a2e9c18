package provision

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/identity"
)

func TestParseAnswer(t *testing.T) {
	tests := []struct {
		name, body string
		want       answer
		fails      bool
	}{
		{"as it is written", `{"resultCode":"000000","resultMsg":"Success"}`, answer{"000000", "Success"}, false},
		{"as it is published, with blanks", `{" resultCode":"000000"," resultMsg":"Success"}`, answer{"000000", "Success"}, false},
		{"without a text", `{"resultCode":"000005"}`, answer{"000005", ""}, false},
		{"with more", `{"resultCode":"000004","data":{"x":[1]},"resultMsg":null}`, answer{"000004", ""}, false},
		{"more than one line", `{"resultCode":"000005","resultMsg":"a\r\nb\u0000"}`, answer{"000005", "a  b"}, false},
		{"two codes in one", `{"resultCode":"000000"," resultCode":"000001"}`, answer{}, true},
		{"a number", `{"resultCode":0}`, answer{}, true},
		{"too short", `{"resultCode":"0"}`, answer{}, true},
		{"no digits", `{"resultCode":"abcdef"}`, answer{}, true},
		{"no code", `{"resultMsg":"Success"}`, answer{}, true},
		{"null", `null`, answer{}, true},
		{"a list", `[]`, answer{}, true},
		{"a page", `<html>`, answer{}, true},
		{"nothing", ``, answer{}, true},
		{"a text of another kind", `{"resultCode":"000000","resultMsg":7}`, answer{}, true},
	}
	for _, test := range tests {
		got, err := parseAnswer([]byte(test.body))
		if (err != nil) != test.fails || err == nil && got != test.want {
			t.Errorf("%s: got %+v, %v; want %+v, fails %v", test.name, got, err, test.want, test.fails)
		}
	}
	long, err := parseAnswer([]byte(`{"resultCode":"000005","resultMsg":"` + strings.Repeat("界", 400) + `"}`))
	if err != nil || utf8.RuneCountInString(long.Message) != maxMessage {
		t.Errorf("a long text has %d characters, %v; want %d", utf8.RuneCountInString(long.Message), err, maxMessage)
	}
}

func TestJudge(t *testing.T) {
	sign := func(key, body string) http.Header {
		return http.Header{"Body-Sign": {`sign_type="HMAC-SHA256", signature="` +
			base64.StdEncoding.EncodeToString(mac(sha256.New, key, []byte(body))) + `"`}}
	}
	const good = `{"resultCode":"000000"}`
	lax := identity.Sync{SignatureKey: signatureKey}
	strict := identity.Sync{SignatureKey: signatureKey, VerifyAnswers: true}
	tests := []struct {
		name       string
		s          identity.Sync
		r          reply
		want       Class
		processing bool
	}{
		{"success", lax, reply{200, nil, []byte(good)}, "", false},
		{"signed", strict, reply{200, sign(signatureKey, good), []byte(good)}, "", false},
		{"unsigned where it must be", strict, reply{200, nil, []byte(good)}, IllegalSignature, false},
		{"signed by another key", lax, reply{200, sign("other", good), []byte(good)}, IllegalSignature, false},
		{"signature refused", lax, reply{200, nil, []byte(`{"resultCode":"000001"}`)}, IllegalSignature, false},
		{"signature refused with a status", lax, reply{401, nil, []byte(`{"resultCode":"000001"}`)}, IllegalSignature, false},
		{"parameter refused", lax, reply{200, nil, []byte(`{"resultCode":"000002"}`)}, Abnormal, false},
		{"being processed", lax, reply{200, nil, []byte(`{"resultCode":"000004"}`)}, Abnormal, true},
		{"being processed, says somebody else", strict, reply{200, nil, []byte(`{"resultCode":"000004"}`)}, IllegalSignature, false},
		{"a page", lax, reply{200, nil, []byte(`<html>welcome`)}, Abnormal, false},
		{"a failure that says it is none", lax, reply{500, nil, []byte(good)}, Abnormal, false},
		{"led elsewhere", lax, reply{302, nil, nil}, Unreachable, false},
		{"nothing there", lax, reply{404, nil, []byte(`not found`)}, Unreachable, false},
		{"nothing that takes a POST", lax, reply{405, nil, nil}, Unreachable, false},
		{"the gateway answers", lax, reply{502, nil, []byte(`<html>`)}, Abnormal, false},
	}
	for _, test := range tests {
		if _, class, processing := judge(test.s, test.r); class != test.want || processing != test.processing {
			t.Errorf("%s: got %q, processing %v; want %q, %v", test.name, class, processing, test.want, test.processing)
		}
	}
}

func FuzzParseAnswer(f *testing.F) {
	for _, seed := range []string{`{"resultCode":"000000","resultMsg":"Success"}`, `{" resultCode":"000000"}`, `null`, `{"resultCode":"\u0000"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := parseAnswer(body)
		if err != nil {
			return
		}
		if len(a.Code) != 6 || utf8.RuneCountInString(a.Message) > maxMessage || !utf8.ValidString(a.Message) || strings.ContainsAny(a.Message, "\n\r\x00") {
			t.Errorf("%q is read as %+v", body, a)
		}
	})
}
