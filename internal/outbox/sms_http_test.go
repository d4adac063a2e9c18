package outbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const gatewayKey = "Key-S3cret-Marker"

// foreign sends short messages through a gateway of the test with a language of
// its own.
func foreign(t *testing.T, query string, r SMSRequest, gateway http.HandlerFunc) *SMS {
	t.Helper()
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	db := storetest.Open(t)
	set(t, db, func(tx *store.Tx) error {
		return SetSMSSettings(tx, SMSSettings{URL: server.URL + "/send" + query, HTTP: &r})
	})
	return NewSMS(db, SMSOptions{Catalogue: catalogue(t), Client: server.Client(), Now: storetest.NewClock().Now})
}

// isJSON recognises what a gateway with a language of its own was posted.
func isJSON(r *http.Request, body string) bool {
	var got struct {
		To           []string
		Msg, Code, T string
	}
	err := json.Unmarshal([]byte(body), &got)
	return err == nil && r.Header.Get("Authorization") == "Bearer "+gatewayKey && got.To[0] == "+8613800000001" &&
		got.Code == "1\"2\\3" && strings.Contains(got.Msg, got.Code) && got.T == "code" &&
		strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}

func TestForeignGateways(t *testing.T) {
	for _, tt := range []struct {
		name, query string
		request     SMSRequest
		want        func(r *http.Request, body string) bool
	}{
		{
			"JSON", "",
			SMSRequest{Method: "POST", Encoding: EncodeJSON, Body: `{"to":["{mobile}"],"msg":"{text}","code":"{code}","t":"{template}"}`, Headers: map[string]string{"authorization": "Bearer " + gatewayKey}},
			isJSON,
		},
		{
			"a form", "",
			SMSRequest{Method: "PUT", Encoding: EncodeForm, Body: "to={mobile}&msg={text}&id={id}"},
			func(r *http.Request, body string) bool {
				got, err := url.ParseQuery(body)
				return err == nil && r.Method == http.MethodPut && got.Get("to") == "+8613800000001" && got.Get("id") == "msg_1" && got.Get("msg") != ""
			},
		},
		{
			"an address", "?to={mobile}&msg={text}&l={language}",
			SMSRequest{Method: "GET"},
			func(r *http.Request, body string) bool {
				return body == "" && r.URL.Query().Get("to") == "+8613800000001" && r.URL.Query().Get("l") == "zh-CN"
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := foreign(t, tt.query, tt.request, func(_ http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || !tt.want(r, string(body)) || r.Header.Get(headerSignature) != "" {
					t.Errorf("got %s %s %v %s, %v", r.Method, r.URL, r.Header, body, err)
				}
			})
			m := short()
			m.Params["code"] = `1"2\3`
			if err := s.Send(t.Context(), m); err != nil {
				t.Errorf("Send: %v", err)
			}
		})
	}
}

func TestForeignAnswers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		status  int
		answer  string
		request SMSRequest
		told    string // "" for success
	}{
		{"any of the class 2", 204, "", SMSRequest{}, ""},
		{"another class", 500, "", SMSRequest{}, "gateway answered 500"},
		{"the status that is meant", 409, "", SMSRequest{Statuses: []int{409}}, ""},
		{"not the status that is meant", 200, "", SMSRequest{Statuses: []int{202}}, "gateway answered 200"},
		{"a text", 200, `{"result":{"code":"OK"}}`, SMSRequest{Path: "result.code", Value: "OK"}, ""},
		{"a number", 200, `{"items":[{"code":0}]}`, SMSRequest{Path: "items.0.code", Value: "0"}, ""},
		{"a truth", 200, `{"ok":true}`, SMSRequest{Path: "ok", Value: "true"}, ""},
		{"another text", 200, `{"code":"E1"}`, SMSRequest{Path: "code", Value: "OK"}, `"E1" at code`},
		{"nothing there", 200, `{"items":[]}`, SMSRequest{Path: "items.0.code", Value: "0"}, "items.0.code"},
		{"a block", 200, `{"code":{}}`, SMSRequest{Path: "code", Value: "0"}, "at code"},
		{"no JSON", 200, "OK", SMSRequest{Path: "code", Value: "OK"}, "at code"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.request.Method, tt.request.Encoding, tt.request.Body = "POST", EncodeForm, "to={mobile}"
			s := foreign(t, "", tt.request, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			})
			err := s.Send(t.Context(), short())
			if (err == nil) != (tt.told == "") || err != nil && !strings.Contains(err.Error(), tt.told) {
				t.Errorf("got %v, want %q", err, tt.told)
			}
		})
	}
}

// What a message says is in the address: an error does not tell the address.
func TestErrorsDoNotTellTheAddress(t *testing.T) {
	s := foreign(t, "?to={mobile}&msg={text}", SMSRequest{Method: "GET"}, func(http.ResponseWriter, *http.Request) {})
	s.options.Client = &http.Client{Transport: &http.Transport{Proxy: func(r *http.Request) (*url.URL, error) { return nil, io.ErrUnexpectedEOF }}}
	err := s.Send(t.Context(), short())
	if err == nil || strings.Contains(err.Error(), "123456") || strings.Contains(err.Error(), "send") {
		t.Errorf("got %v", err)
	}
	o := SMSSettings{HTTP: &SMSRequest{Headers: map[string]string{"X-Key": gatewayKey}}}
	if told := errorText(io.ErrUnexpectedEOF, o.secrets()); strings.Contains(told, gatewayKey) || o.secrets()["X-Key"] != gatewayKey {
		t.Errorf("secrets: %v", o.secrets())
	}
}

func TestForeignGatewaysThatAreRefused(t *testing.T) {
	const address = "https://sms.example/send"
	good := func(change func(*SMSRequest)) SMSRequest {
		r := SMSRequest{Method: "POST", Encoding: EncodeJSON, Body: `{"to":"{mobile}"}`}
		change(&r)
		return r
	}
	for _, tt := range []struct {
		name, field string
		r           SMSRequest
	}{
		{"as it should be", "", good(func(*SMSRequest) {})},
		{"a method of another kind", "http.method", good(func(r *SMSRequest) { r.Method = "DELETE" })},
		{"GET with a body", "http.body", good(func(r *SMSRequest) { r.Method = "GET" })},
		{"POST without one", "http.body", good(func(r *SMSRequest) { r.Body = "" })},
		{"no JSON", "http.body", good(func(r *SMSRequest) { r.Body = `{"to":{mobile}}` })},
		{"no encoding", "http.body", good(func(r *SMSRequest) { r.Encoding = "" })},
		{"no number", "http.body", good(func(r *SMSRequest) { r.Body = `{"to":"x"}` })},
		{"a header of the connection", "http.headers", good(func(r *SMSRequest) { r.Headers = map[string]string{"content-length": "1"} })},
		{"two headers in one", "http.headers", good(func(r *SMSRequest) { r.Headers = map[string]string{"X": "a\r\nY: b"} })},
		{"a name that is none", "http.headers", good(func(r *SMSRequest) { r.Headers = map[string]string{"X Y": "a"} })},
		{"a path without a value", "http.path", good(func(r *SMSRequest) { r.Path = "code" })},
		{"a path that is none", "http.path", good(func(r *SMSRequest) { r.Path, r.Value = "a..b", "x" })},
		{"a status that is none", "http.statuses", good(func(r *SMSRequest) { r.Statuses = []int{99} })},
	} {
		err := SMSSettings{URL: address, HTTP: &tt.r}.Check()
		if field := fault.Of(err); tt.field == "" && err != nil || tt.field != "" && (err == nil || field.Field != tt.field) {
			t.Errorf("%s: got %v, want a fault at %q", tt.name, err, tt.field)
		}
	}
	if text := good(func(r *SMSRequest) { r.Headers = map[string]string{"X": gatewayKey} }).GoString(); strings.Contains(text, gatewayKey) {
		t.Errorf("printed: %s", text)
	}
}

// Whatever an answer holds, reading it does not fail loudly.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"a":[{"b":1}]}`, "a.0.b")
	f.Add(`[]`, "-1")
	f.Fuzz(func(t *testing.T, text, path string) {
		if value, found := at(text, path); !found && value != "" {
			t.Errorf("not found, and yet %q", value)
		}
	})
}
