package meeting

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

const validatePath = "/v1/usg/acs/token/validate"

func TestValidate(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		in := h.login("carl@acme.example")
		h.clock.Advance(time.Hour)
		a := h.validate("/v2/usg/acs/token/validate", in.AccessToken, `"needGenNewToken":false,"needAccountInfo":true`)
		want := in
		want.ValidPeriod -= 3600
		want.RefreshToken, want.RefreshValidPeriod, want.RefreshCreateTime, want.RefreshExpireTime = "", 0, 0, 0
		if *a.User != *in.User {
			t.Errorf("user = %+v, want %+v", *a.User, *in.User)
		}
		if a.User, want.User = nil, nil; a != want {
			t.Errorf("answer = %+v, want %+v", a, want)
		}
		if plain := h.validate(validatePath, in.AccessToken, `"needGenNewToken":false`); plain.User != nil {
			t.Errorf("user = %+v, want none: it was not asked for", plain.User)
		}
	})
}

// A new token may be asked for; the one that was checked stays good.
func TestValidateMakesAnother(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		in := h.login("carl@acme.example")
		h.clock.Advance(time.Hour)
		another := h.validate(validatePath, in.AccessToken, `"needGenNewToken":true,"needAccountInfo":false`)
		if another.AccessToken == in.AccessToken || another.AccessToken == "" || another.RefreshToken == "" {
			t.Errorf("another = %+v, want new words", another)
		}
		if another.ValidPeriod != 86400 || another.ExpireTime != another.CreateTime/1000+another.ValidPeriod {
			t.Errorf("another = %+v, want a whole life", another)
		}
		for _, word := range []string{in.AccessToken, another.AccessToken} {
			h.validate(validatePath, word, `"needGenNewToken":false`)
		}
	})
}

// validate checks a good token.
func (h *house) validate(path, word, wishes string) answered {
	h.t.Helper()
	return h.answer(h.request("POST", path, fmt.Sprintf(`{"token":%q,%s}`+"\n", word, wishes)))
}

func TestValidateRefusals(t *testing.T) {
	h := newHouse(t)
	in := h.login("carl@acme.example")
	word := in.AccessToken
	for name, c := range map[string]struct{ body, code string }{
		"unknown":              {`{"token":"ogtnonsense","needGenNewToken":false}`, "USG.000000004"},
		"unknown, a new one":   {`{"token":"ogtnonsense","needGenNewToken":true}`, "USG.000000004"},
		"one character short":  {fmt.Sprintf(`{"token":%q,"needGenNewToken":false}`, word[:len(word)-1]), "USG.000000004"},
		"one character long":   {fmt.Sprintf(`{"token":%q,"needGenNewToken":false}`, word+"a"), "USG.000000004"},
		"in capitals":          {fmt.Sprintf(`{"token":%q,"needGenNewToken":false}`, strings.ToUpper(word)), "USG.000000004"},
		"a refresh token":      {fmt.Sprintf(`{"token":%q,"needGenNewToken":false}`, in.RefreshToken), "USG.000000004"},
		"empty":                {`{"token":"","needGenNewToken":false}`, "USG.000000003"},
		"missing":              {`{"needGenNewToken":false}`, "USG.000000003"},
		"no needGenNewToken":   {fmt.Sprintf(`{"token":%q}`, word), "USG.000000003"},
		"needGenNewToken 0":    {fmt.Sprintf(`{"token":%q,"needGenNewToken":0}`, word), "USG.000000003"},
		"needGenNewToken text": {fmt.Sprintf(`{"token":%q,"needGenNewToken":"false"}`, word), "USG.000000003"},
		"a number for token":   {`{"token":12,"needGenNewToken":false}`, "USG.000000003"},
		"two tokens":           {fmt.Sprintf(`{"token":"x","token":%q,"needGenNewToken":false}`, word), "USG.000000003"},
		"no body":              {``, "USG.000000003"},
	} {
		t.Run(name, func(t *testing.T) {
			status := 401
			if c.code == "USG.000000003" {
				status = 400
			}
			refused(t, h.request("POST", validatePath, c.body), status, c.code)
		})
	}
	h.clock.Advance(24 * time.Hour)
	refused(t, h.request("POST", validatePath, fmt.Sprintf(`{"token":%q,"needGenNewToken":false}`, word)), 401, "USG.000000004")
}

// The two answers of the API in full: what is written, in which order.
func TestAnswersInFull(t *testing.T) {
	h := newHouse(t)
	in := h.login("anna@acme.example")
	w := h.request("POST", validatePath, fmt.Sprintf(`{"token":%q,"needGenNewToken":false,"needAccountInfo":true}`, in.AccessToken))
	owner, err := h.o.Directory.MemberByAccount(t.Context(), console(), h.acme.ID, "anna@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("\n", "", "\t", "", "TOKEN", in.AccessToken, "USER", identity.Hex(owner.Member.ID),
		"NUMBER", owner.Member.Number, "CORP", string(h.acme.ID)).Replace(`{
		"accessToken":"TOKEN","tokenIp":"192.0.2.7","validPeriod":86400,"expireTime":1772530200,"createTime":1772443800000,
		"user":{"userId":"USER","ucloginAccount":"anna@acme.example","serviceAccount":"sip:NUMBER@meet.example",
		"numberHA1":null,"alias1":null,"companyId":"CORP","spId":"orgate","companyDomain":"acme.example","realm":"meet.example",
		"userType":2,"adminType":0,"name":"Anna","nameEn":null,"isBindPhone":false,"freeUser":false,"thirdAccount":null,
		"visionAccount":null,"headPictureUrl":null,"password":null,"status":0,"paidAccount":null,"paidPassword":null,
		"weLinkUser":false,"appId":null,"tr069Account":null,"corpType":0,"cloudUserId":null,"grayUser":false},
		"clientType":72,"forceLoginInd":null,"firstLogin":false,"pwdExpired":false,"daysPwdAvailable":null,"proxyToken":null,
		"delayDelete":false,"tokenType":0,"refreshToken":null,"refreshValidPeriod":null,"refreshExpireTime":null,"refreshCreateTime":null}`)
	if got := w.Body.String(); got != want {
		t.Errorf("answer = %s\nwant     %s", got, want)
	}
	w = h.request("POST", validatePath, `{"token":"x","needGenNewToken":false}`, "Accept-Language: en-US")
	want = `{"error_code":"USG.000000004","error_msg":"This access token is unknown or has expired. Sign in again to get a new one.","request_id":"` + requestID + `"}`
	if got := w.Body.String(); got != want {
		t.Errorf("error = %s\nwant    %s", got, want)
	}
}

func TestRefresh(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		in := h.login("carl@acme.example")
		h.clock.Advance(time.Hour)
		a := h.answer(h.request("PUT", "/v1/usg/acs/token", "", "X-Access-Token: "+in.AccessToken))
		if a.AccessToken != in.AccessToken || a.CreateTime != in.CreateTime+3_600_000 || a.ExpireTime != in.ExpireTime+3600 ||
			a.RefreshToken != in.RefreshToken || a.RefreshExpireTime != in.RefreshExpireTime || a.User == nil {
			t.Errorf("by access token: %+v, want %+v an hour later", a, in)
		}
		h.clock.Advance(25 * time.Hour)
		refused(t, h.request("PUT", "/v1/usg/acs/token", "", "X-Access-Token: "+in.AccessToken), 401, "USG.206020000")
		b := h.answer(h.request("PUT", "/v1/usg/acs/token", "", "X-Access-Token: "+in.RefreshToken))
		if b.AccessToken == in.AccessToken || b.AccessToken == "" || b.ExpireTime != b.CreateTime/1000+b.ValidPeriod {
			t.Errorf("by refresh token after the end: %+v", b)
		}
		refused(t, h.request("PUT", "/v1/usg/acs/token", ""), 401, "USG.000000004")
		refused(t, h.request("PUT", "/v1/usg/acs/token", "", "X-Access-Token: nonsense"), 401, "USG.206020000")
	})
}

func TestDelete(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		in := h.login("carl@acme.example")
		w := h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+in.AccessToken, "Content-Type: application/json", "Authorization: whatever")
		if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") != "0" {
			t.Errorf("answer = %d %q, Content-Length %q, want 200 and nothing", w.Code, w.Body, w.Header().Get("Content-Length"))
		}
		for _, word := range []string{in.AccessToken, in.RefreshToken} {
			refused(t, h.request("PUT", "/v1/usg/acs/token", "", "X-Access-Token: "+word), 401, "USG.206020000")
		}
		refused(t, h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+in.AccessToken), 401, "USG.206020000")
	})
}

// One who is suspended holds no token any more, at once (Meeting API, O-17).
func TestTokenOfTheSuspended(t *testing.T) {
	h := newHouse(t)
	in := h.login("carl@acme.example")
	validate := fmt.Sprintf(`{"token":%q,"needGenNewToken":false}`, in.AccessToken)
	h.answer(h.request("POST", validatePath, validate))
	if err := h.o.Directory.SuspendMember(t.Context(), console(), h.acme.ID, h.carl.Member.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, h.request("POST", validatePath, validate), 401, "USG.000000004")
	refused(t, h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+in.AccessToken), 401, "USG.206020000")
}

// deaf is an answer nobody reads, so that only the handler is measured.
type deaf struct{ header http.Header }

func (d *deaf) Header() http.Header         { return d.header }
func (d *deaf) Write(p []byte) (int, error) { return len(p), nil }
func (d *deaf) WriteHeader(int)             {}

// refill is a body that can be read again and again.
type refill struct {
	text string
	rest *strings.Reader
}

func (r *refill) Read(p []byte) (int, error) { return r.rest.Read(p) }
func (r *refill) Close() error               { return nil }

func validateCall(h *house) func() {
	in := h.login("carl@acme.example")
	body := &refill{text: fmt.Sprintf(`{"token":%q,"needGenNewToken":false,"needAccountInfo":true}`, in.AccessToken), rest: strings.NewReader("")}
	r := httptest.NewRequest(http.MethodPost, validatePath, body)
	r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	w := &deaf{header: http.Header{}}
	return func() {
		body.rest.Reset(body.text)
		h.surface.ServeHTTP(w, r)
	}
}

func TestValidateAllocates(t *testing.T) {
	const most = 12.0
	call := validateCall(newHouse(t))
	// The whole process is counted: others allocate too, pools drop at random
	// under the race detector, and caches stand aside on a machine so busy that
	// the feed falls silent. The least of a few rounds is what the call does.
	got := testing.AllocsPerRun(200, call)
	for range 20 {
		if got <= most {
			return
		}
		got = min(got, testing.AllocsPerRun(50, call))
	}
	t.Errorf("validate allocates %.0f times, want at most %.0f", got, most)
}

func BenchmarkValidate(b *testing.B) {
	call := validateCall(newHouse(b))
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}

func BenchmarkAppAuth(b *testing.B) {
	h := newHouse(b)
	w := &deaf{header: http.Header{}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		a := acmeCall(h)
		a.nonce = fmt.Sprintf("%032d", i)
		text := fmt.Sprintf("%s:%s:%d:%s", a.app, a.user, a.expire, a.nonce)
		r := httptest.NewRequest(http.MethodPost, "/v2/usg/acs/auth/appauth", strings.NewReader(body(&a)))
		r.Header.Set("Authorization", "HMAC-SHA256 signature="+sign(a.key, text))
		b.StartTimer()
		h.surface.ServeHTTP(w, r)
	}
}
