package orgid

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

// validated asks at a path with parameters as name and value in turn.
func (h *house) validated(path string, pairs ...string) (int, string, http.Header) {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	w := h.call(http.MethodGet, path+"?"+q.Encode(), nil)
	return w.Code, w.Body.String(), w.Header()
}

const documented = "/orgid/openapi/v1/cas/p3/serviceValidate"

// TestValidate is the documented answer: JSON with both branches, the one that
// does not hold null.
func TestValidate(t *testing.T) {
	for _, path := range []string{
		documented, "/v1/cas/p3/serviceValidate", "/orgid/openapi/v1/cas/serviceValidate", "/v1/cas/serviceValidate",
	} {
		h := newHouse(t)
		w := h.call(http.MethodGet, path+"?service="+url.QueryEscape(home)+"&ticket=ST-good", nil)
		want := map[string]any{"serviceResponse": map[string]any{"authenticationFailure": nil, "authenticationSuccess": map[string]any{
			"user": "hid_u_-9utkbz24lphe", "proxyGrantingTicket": nil, "proxies": nil, "attributes": map[string]any{
				"user_name": "hid_u_-9utkbz24lphe", "name": "138******37", "displayName": "138******37", "mobile": "+86138****0037",
				"uid": "1008600000169057387", "authenticationDate": "2026-11-22T09:00:00Z", "longTermAuthenticationRequestTokenUsed": false,
				"isFromNewLogin": true,
			},
		}}}
		if got := object(t, w); w.Code != 200 || !reflect.DeepEqual(got, want) || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			t.Errorf("%s: got %d %s, want %v", path, w.Code, w.Body, want)
		}
	}
	h := newHouse(t)
	status, body, header := h.validated(documented, "service", home, "ticket", "ST-good", "format", "XML")
	if status != 200 || !strings.Contains(body, "<cas:user>hid_u_-9utkbz24lphe</cas:user>") || !strings.Contains(body, "<cas:displayName>") ||
		!strings.HasPrefix(header.Get("Content-Type"), "application/xml") {
		t.Errorf("XML: got %d %s", status, body)
	}
}

// TestValidateRefuses: a ticket that is not accepted is told in the words of CAS;
// what cannot be a question is a parameter error of the API.
func TestValidateRefuses(t *testing.T) {
	long := strings.Repeat("x", 1025)
	for _, row := range []struct {
		name, service, ticket string
		status                int
		code                  string
	}{
		{"no service", "", "ST-good", 200, "INVALID_REQUEST"},
		{"no ticket", home, "", 200, "INVALID_REQUEST"},
		{"made up", home, "ST-x", 200, "INVALID_TICKET"},
		{"another service", "https://evil.example/", "ST-good", 200, "INVALID_SERVICE"},
		{"a service of 1025", long, "ST-good", 400, "OrgID.OAUTH.4008"},
		{"a ticket of 129", home, long[:129], 400, "OrgID.OAUTH.4008"},
	} {
		h := newHouse(t)
		w := h.call(http.MethodGet, documented+"?"+url.Values{"service": {row.service}, "ticket": {row.ticket}}.Encode(), nil)
		if w.Code != row.status || !strings.Contains(w.Body.String(), `"`+row.code+`"`) {
			t.Errorf("%s: got %d %s, want %d %s", row.name, w.Code, w.Body, row.status, row.code)
		}
		if row.status == 200 && !strings.Contains(w.Body.String(), `"authenticationSuccess":null`) {
			t.Errorf("%s: got %s", row.name, w.Body)
		}
		if row.ticket != "ST-good" {
			continue
		}
		if _, body, _ := h.validated(documented, "service", home, "ticket", "ST-good"); !strings.Contains(body, "INVALID_TICKET") {
			t.Errorf("%s: the attempt did not spend the ticket: %s", row.name, body)
		}
	}
	h := newHouse(t)
	wantError(t, h.call(http.MethodGet, documented+"?service=x&service=y", nil), 400, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodGet, documented+"?service=%zz", nil), 400, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodGet, documented+"?service="+url.QueryEscape(home)+"&ticket=ST-good&format=yaml", nil), 400, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodPost, documented, nil), 405, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodGet, "/v1/cas/other", nil), 404, "OrgID.OAUTH.4008")
	h = newHouse(t)
	h.err = errors.New("the database is gone")
	if _, body, _ := h.validated(documented, "service", home, "ticket", "ST-good"); !strings.Contains(body, `"INTERNAL_ERROR"`) || strings.Contains(body, "database") {
		t.Errorf("a fault of ours: got %s", body)
	}
}
