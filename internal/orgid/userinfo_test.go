package orgid

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// about asks who a token stands for.
func (h *house) about(header, value string) *httptest.ResponseRecorder {
	return h.call(http.MethodGet, pathBase+"/userinfo", nil, header, value)
}

// TestPublishedUserInfoExample replays the answer of ShowOauth2UserInfo.
func TestPublishedUserInfoExample(t *testing.T) {
	h := newHouse(t)
	want := map[string]any{
		"tenant_name": "801test", "role": "admin", "user_id": "1008600000169057387", "user_name": "hid_u_-9utkbz24lphe",
		"name": "138******37", "mobile": "008613800000037", "tenant": "9190086000000010904", "employee_code": "00001",
	}
	for _, header := range [][2]string{
		{"X-OrgID-Authorization", "Bearer oga_access"},
		{"Authorization", "Bearer oga_access"},
		{"Authorization", "bearer  oga_access"},
		{"Authorization", "oga_access"},
		{"X-OrgID-Authorization", "oga_access"},
	} {
		w := h.about(header[0], header[1])
		got := object(t, w)
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%v: %s: got %v, want %v", header, name, got[name], value)
			}
		}
		if w.Code != http.StatusOK || len(got) != len(want) {
			t.Errorf("%v: got %d %v", header, w.Code, got)
		}
	}
	first := h.call(http.MethodGet, "/v1/oauth2/userinfo", nil, "X-OrgID-Authorization", "Bearer oga_access", "Authorization", "Bearer other")
	if first.Code != http.StatusOK {
		t.Errorf("both headers: got %d, want the first to count", first.Code)
	}
}

// TestUserInfoByScope: what the API promises is there, empty where the scope does
// not open it.
func TestUserInfoByScope(t *testing.T) {
	h := newHouse(t)
	h.subject.Email, h.subject.Extra = "a@b.example", map[string]any{"badge": "7", "user_id": "other"}
	for scope, want := range map[string]int{"": 6, "profile": 9, "email": 7, "phone": 6} {
		h.tokens["oga_s"] = identity.Inspection{Grant: identity.Grant{MemberID: "mem_1", Scopes: strings.Fields(scope)}, Application: h.app}
		got := object(t, h.about("Authorization", "Bearer oga_s"))
		if len(got) != want || got["user_id"] != h.subject.ID || got["badge"] != "7" || (got["mobile"] != "") != (scope == "phone") || (got["name"] != "") != (scope == "profile") {
			t.Errorf("%q: got %v", scope, got)
		}
	}
}

func TestUserInfoErrors(t *testing.T) {
	h := newHouse(t)
	h.tokens["oga_own"] = identity.Inspection{Application: h.app}
	h.tokens["ogr_refresh"] = identity.Inspection{Application: h.app, Refresh: true, Grant: identity.Grant{MemberID: "mem_1"}}
	for token, code := range map[string]string{
		"": "OrgID.OAUTH.4000", "Bearer ": "OrgID.OAUTH.4000", "Bearer oga_x": "OrgID.OAUTH.4000", "Bearer ogr_refresh": "OrgID.OAUTH.4000",
		"Bearer oga_expired": "OrgID.OAUTH.4001", "Bearer oga_own": "OrgID.OAUTH.4006", "Bearer x.y.z": "OrgID.OAUTH.4000",
	} {
		wantError(t, h.about("Authorization", token), 401, code)
	}
	wantError(t, h.call(http.MethodGet, pathBase+"/userinfo", strings.NewReader("access_token=oga_access")), 400, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodPost, pathBase+"/userinfo", strings.NewReader("access_token=oga_access")), 400, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodGet, pathBase+"/userinfo?access_token=oga_access", nil), 400, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodPost, pathBase+"/userinfo", nil, "Authorization", "Bearer oga_access"), 405, "OrgID.OAUTH.4008")
	h.err = fault.New(fault.NotFound, fault.CodeMemberNotFound)
	wantError(t, h.about("Authorization", "Bearer oga_access"), 401, "OrgID.OAUTH.4000")
	h.err = errors.New("broken")
	wantError(t, h.about("Authorization", "Bearer oga_access"), 500, "OrgID.OAUTH.5000")
}

func TestJWTs(t *testing.T) {
	h := newHouse(t)
	good := map[string]any{"iss": "https://orgid.example", "sub": "x", "client_id": "crm", "scope": "profile", "exp": moment.Unix() + 1, "jti": "gra_1.1"}
	own := map[string]any{"iss": "https://orgid.example", "sub": "crm", "client_id": "crm", "exp": moment.Unix() + 1, "jti": "gra_9.1", "orgate_generation": 0}
	for _, tt := range []struct {
		name  string
		value any
		code  string
	}{
		{"exp", moment.Unix(), "OrgID.OAUTH.4001"},
		{"iss", "https://other.example", "OrgID.OAUTH.4000"},
		{"jti", "gra_2.1", "OrgID.OAUTH.4000"},
		{"exp", "soon", "OrgID.OAUTH.4000"},
	} {
		h.jwt = map[string]any{}
		for name, value := range good {
			h.jwt[name] = value
		}
		h.jwt[tt.name] = tt.value
		wantError(t, h.about("Authorization", "Bearer a.b.c"), 401, tt.code)
	}
	h.jwt = own
	wantError(t, h.about("Authorization", "Bearer a.b.c"), 401, "OrgID.OAUTH.4006")
	h.jwt = good
	if got := object(t, h.about("Authorization", "Bearer a.b.c")); got["name"] != h.subject.Name || got["mobile"] != "" {
		t.Errorf("got %v", got)
	}
}

func TestLogout(t *testing.T) {
	h := newHouse(t)
	h.call(http.MethodGet, "/oauth/logout?"+url.Values{"service": {"https://crm.example/bye"}}.Encode(), nil)
	h.call(http.MethodGet, "/oauth/logout", nil)
	h.call(http.MethodGet, "/oauth/logout?service="+strings.Repeat("x", maxService+1), nil)
	if len(h.left) != 3 || !h.left[0].Sure || h.left[0].Wish != "https://crm.example/bye" || h.left[0].To != "" ||
		h.left[1].To != "https://orgid.example/login" || h.left[2].To != "" || h.left[2].Wish != "" {
		t.Errorf("got %+v", h.left)
	}
	if w := h.call(http.MethodPost, "/oauth/logout", nil); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d", w.Code)
	}
}

// TestStories: a token in the body is refused with a story that names the
// header.
func TestStories(t *testing.T) {
	for name, tt := range map[string]struct {
		act  func(*house)
		want trace.Step
	}{
		"place": {
			func(h *house) { h.call(http.MethodGet, pathBase+"/userinfo?access_token=x", nil) },
			trace.Step{Check: trace.AccessTokenSent, State: trace.Failing, Detail: trace.Detail{Expected: "X-OrgID-Authorization: Bearer …"}},
		},
		"secret": {
			func(h *house) { h.exchange(fields("client_secret", "x")) },
			trace.Step{Check: trace.ClientSecretGood, State: trace.Failing},
		},
		"form": {
			func(h *house) { h.exchange(url.Values{"code": {"a", "b"}}) },
			trace.Step{Check: trace.RequestForm, State: trace.Failing, Detail: trace.Detail{Received: "code"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			tt.act(h)
			if err := h.stories.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			found, err := h.stories.Find(t.Context(), identity.Actor{Kind: identity.ActsAsProvider}, "request-1")
			if err != nil || len(found) != 1 || len(found[0].Steps) != 1 || found[0].Steps[0] != tt.want {
				t.Errorf("got %+v, %v, want %+v", found, err, tt.want)
			}
		})
	}
}
