package meeting

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

// appCall is an App-ID login put together part by part.
type appCall struct {
	key, text string // what is signed; "" is the rule's own text
	body      string // what is sent; "" is built from the fields
	access    string // the access part, not encoded
	header    string // the whole Authorization header instead
	more      []string

	app, corp, user, nonce string
	expire                 int64
	extra                  string // further members of the body
}

func acmeCall(h *house) appCall {
	return appCall{key: acmeKey, app: acmeAppID, user: "carl", nonce: goodNonce, expire: h.clock.Now().Unix() + 600}
}

func (a appCall) send(h *house) *httptest.ResponseRecorder {
	text := a.text
	if text == "" {
		text = fmt.Sprintf("%s:%s:%d:%s", a.app, a.user, a.expire, a.nonce)
		if a.app == sellerAppID {
			text = fmt.Sprintf("%s:%s:%s:%d:%s", a.app, a.corp, a.user, a.expire, a.nonce)
		}
	}
	body := a.body
	if body == "" {
		body = fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":%d,"nonce":%q,"corpId":%q,"userId":%q%s}`, a.app, a.expire, a.nonce, a.corp, a.user, a.extra)
	}
	header := a.header
	if header == "" {
		header = "HMAC-SHA256 signature=" + sign(a.key, text)
		if a.access != "" {
			header += ",access=" + base64.StdEncoding.EncodeToString([]byte(a.access))
		}
	}
	return h.request("POST", "/v2/usg/acs/auth/appauth", body, append(a.more, "Authorization: "+header)...)
}

func TestAppAuth(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		a := acmeCall(h)
		a.access, a.more = acmeAppID, []string{"X-Token-Type: LongTicket", "Content-Type: application/json; charset=UTF-8"}
		got := h.answer(a.send(h))
		if got.User.AppID != acmeAppID || got.User.ThirdAccount != "carl" || got.User.UcloginAccount != "carl@acme.example" || got.FirstLogin {
			t.Errorf("answer = %+v %+v", got, got.User)
		}
		if got.ExpireTime != got.CreateTime/1000+got.ValidPeriod {
			t.Errorf("expireTime %d is not createTime %d + validPeriod %d", got.ExpireTime, got.CreateTime, got.ValidPeriod)
		}
		if _, kept := h.story(); kept {
			t.Error("the story of an ordinary success was kept")
		}
		replayed := a.send(h)
		refused(t, replayed, 401, "USG.206010025")
		if r, _ := h.story(); !failed(r, trace.NonceFresh) || r.Organization != h.acme.ID || r.Outcome != trace.Refused {
			t.Errorf("story of the replay = %+v", r)
		}
	})
}

func failed(r trace.Record, c trace.Check) bool {
	for _, s := range r.Steps {
		if s.Check == c && s.State == trace.Failing {
			return true
		}
	}
	return false
}

func TestAppAuthCreates(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		a := acmeCall(h)
		a.user, a.extra = "dora", `,"userName":"Dora 多拉","userEmail":"dora@mail.example","userPhone":"+8613800000009","deptCode":"1"`
		got := h.answer(a.send(h)).User
		if got.ThirdAccount != "dora" || got.Name != "Dora 多拉" || !strings.HasPrefix(got.UcloginAccount, "Auto-") || got.AdminType != 2 {
			t.Errorf("user = %+v", got)
		}
		r, kept := h.story()
		if !kept || r.Outcome != trace.Succeeded || r.Kind != trace.AppIDLogin {
			t.Errorf("story = %+v, %v; want that of a created member kept", r, kept)
		}
	})
}

func TestAppAuthFormsOfTheProvider(t *testing.T) {
	h := newHouse(t)
	at := h.clock.Now().Unix() + 60
	for i, c := range []struct {
		corp, user string
		account    string // "" is refused
		userType   int
	}{
		{string(h.acme.ID), "carl", "carl@acme.example", 2},
		{"acme", "carl", "carl@acme.example", 2},
		{"acme", "", "anna@acme.example", 2},
		{"", "", "root@seller.example", 1},
		{"", "carl", "", 0},
		{"nowhere", "carl", "", 0},
	} {
		w := appCall{key: sellerKey, app: sellerAppID, corp: c.corp, user: c.user, nonce: fmt.Sprintf("%032d", i), expire: at}.send(h)
		if c.account == "" {
			refused(t, w, 401, "USG.206010025")
			continue
		}
		if u := h.answer(w).User; u.UcloginAccount != c.account || u.UserType != c.userType {
			t.Errorf("%q %q: %+v, want %s of type %d", c.corp, c.user, u, c.account, c.userType)
		}
	}
	// Without a user, an App ID of an enterprise stands for its default administrator.
	own := acmeCall(h)
	own.user = ""
	if u := h.answer(own.send(h)).User; u.UcloginAccount != "anna@acme.example" || u.AdminType != 0 {
		t.Errorf("default administrator = %+v", u)
	}
}

// Every refusal of who signed is the same answer, to the byte.
func TestAppAuthRefusesAlike(t *testing.T) {
	h := newHouse(t)
	spent := acmeCall(h)
	spent.nonce = strings.Repeat("s", 32)
	h.answer(spent.send(h))
	cases := map[string]struct {
		change func(*appCall)
		check  trace.Check
	}{
		"unknown App ID":        {func(a *appCall) { a.app = strings.Repeat("0", 32) }, trace.AppIDKnown},
		"malformed App ID":      {func(a *appCall) { a.app = "no App ID" }, trace.AppIDKnown},
		"wrong key":             {func(a *appCall) { a.key = sellerKey }, trace.Signature},
		"wrong text":            {func(a *appCall) { a.text = "something" }, trace.Signature},
		"five parts":            {func(a *appCall) { a.text = fmt.Sprintf("%s::%s:%d:%s", a.app, a.user, a.expire, a.nonce) }, trace.Signature},
		"nonce used":            {func(a *appCall) { a.nonce = spent.nonce }, trace.NonceFresh},
		"access of another":     {func(a *appCall) { a.access = sellerAppID }, trace.HeaderAccess},
		"access no Base64":      {func(a *appCall) { a.header = "HMAC-SHA256 signature=" + strings.Repeat("0", 64) + ",access=%" }, trace.HeaderAccess},
		"corpId of no business": {func(a *appCall) { a.corp = "acme" }, trace.CorpIDUnwanted},
		"provider, no corpId":   {func(a *appCall) { a.app, a.key = sellerAppID, sellerKey }, trace.CorpIDMissing},
		"provider, no such":     {func(a *appCall) { a.app, a.key, a.corp = sellerAppID, sellerKey, "nowhere" }, trace.OrganizationKnown},
		"colon in the user":     {func(a *appCall) { a.user = "a:b" }, trace.UserIDForm},
		"no signature":          {func(a *appCall) { a.header = "HMAC-SHA256 access=" }, trace.HeaderSignature},
		"short signature":       {func(a *appCall) { a.header = "HMAC-SHA256 signature=6f68" }, trace.Signature},
		"two signatures":        {func(a *appCall) { a.header = "HMAC-SHA256 signature=00,signature=00" }, trace.HeaderSignature},
		"another scheme":        {func(a *appCall) { a.header = "Basic YTpi" }, trace.HeaderScheme},
	}
	want := ""
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := acmeCall(h)
			c.change(&a)
			w := a.send(h)
			refused(t, w, 401, "USG.206010025")
			got := fmt.Sprint(w.Header(), w.Body)
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("answer = %s\nwant the one of the others: %s", got, want)
			}
			h.clock.Advance(time.Second) // so that the newest story is this one
			if r, _ := h.story(); !failed(r, c.check) {
				t.Errorf("the story does not say %s: %+v", c.check, r.Steps)
			}
		})
	}
}

func TestAppAuthInput(t *testing.T) {
	h := newHouse(t)
	now := h.clock.Now().Unix()
	for name, c := range map[string]struct {
		change func(*appCall)
		status int
		code   string
	}{
		"signature in capitals": {func(a *appCall) {
			a.header = "hmac-sha256  signature = " + strings.ToUpper(sign(a.key, fmt.Sprintf("%s:%s:%d:%s", a.app, a.user, a.expire, a.nonce))) + " , other=1"
		}, 200, ""},
		"a null for corpId": {func(a *appCall) {
			a.body = fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":%d,"nonce":%q,"corpId":null,"userId":"carl"}`, a.app, a.expire, a.nonce)
		}, 200, ""},
		"expired":                 {func(a *appCall) { a.expire = now - 1 }, 401, "USG.206010057"},
		"expires now":             {func(a *appCall) { a.expire = now }, 200, ""},
		"milliseconds":            {func(a *appCall) { a.expire = now * 1000 }, 401, "USG.206010025"},
		"the largest number":      {func(a *appCall) { a.expire = 1<<63 - 1 }, 401, "USG.206010025"},
		"never":                   {func(a *appCall) { a.expire = 0 }, 200, ""},
		"expired and wrong":       {func(a *appCall) { a.expire, a.key = now-1, sellerKey }, 401, "USG.206010025"},
		"expireTime with a point": {func(a *appCall) { a.body = strings.Replace(body(a), fmt.Sprint(a.expire), "1.5", 1) }, 400, "USG.000000003"},
		"expireTime as text":      {func(a *appCall) { a.body = strings.Replace(body(a), fmt.Sprint(a.expire), `"123"`, 1) }, 400, "USG.000000003"},
		"expireTime as 1e3":       {func(a *appCall) { a.body = strings.Replace(body(a), fmt.Sprint(a.expire), "1e3", 1) }, 400, "USG.000000003"},
		"expireTime beyond long":  {func(a *appCall) { a.body = strings.Replace(body(a), fmt.Sprint(a.expire), "9223372036854775808", 1) }, 400, "USG.000000003"},
		"expireTime negative":     {func(a *appCall) { a.body = strings.Replace(body(a), fmt.Sprint(a.expire), "-1", 1) }, 400, "USG.000000003"},
		"expireTime -0":           {func(a *appCall) { a.body = strings.Replace(body(a), fmt.Sprint(a.expire), "-0", 1) }, 400, "USG.000000003"},
		"appId in another case":   {func(a *appCall) { a.body = strings.Replace(body(a), "appId", "AppId", 1) }, 400, "USG.000000003"},
		"appId twice":             {func(a *appCall) { a.body = strings.Replace(body(a), "{", `{"appId":"x",`, 1) }, 400, "USG.000000003"},
		"no JSON and no header":   {func(a *appCall) { a.body, a.header = "{", "Basic" }, 400, "USG.000000003"},
		"nonce too short":         {func(a *appCall) { a.nonce = strings.Repeat("n", 31) }, 400, "USG.000000003"},
		"nonce too long":          {func(a *appCall) { a.nonce = strings.Repeat("n", 65) }, 400, "USG.000000003"},
		"user id too long":        {func(a *appCall) { a.user = strings.Repeat("u", 65) }, 400, "USG.000000003"},
		"another token type":      {func(a *appCall) { a.more = []string{"X-Token-Type: ShortTicket"} }, 400, "USG.000000003"},
		"mail of somebody else":   {func(a *appCall) { a.user, a.extra = "x1", `,"userEmail":"carl@mail.example"` }, 400, "USG.206010066"},
		"phone of somebody else":  {func(a *appCall) { a.user, a.extra = "x2", `,"userPhone":"+8613800000001"` }, 400, "USG.206010065"},
		"no such department":      {func(a *appCall) { a.user, a.extra = "x3", `,"deptCode":"nowhere"` }, 400, "USG.201030404"},
	} {
		t.Run(name, func(t *testing.T) {
			a := acmeCall(h)
			a.nonce = fmt.Sprintf("%-32s", strings.ReplaceAll(name, " ", "-"))
			a.nonce = strings.ReplaceAll(a.nonce, " ", ".")
			c.change(&a)
			w := a.send(h)
			if c.status == 200 {
				h.answer(w)
				return
			}
			refused(t, w, c.status, c.code)
		})
	}
}

// A fault names the field as the caller wrote it.
func TestAppAuthNamesTheField(t *testing.T) {
	h := newHouse(t)
	a := acmeCall(h)
	a.user, a.extra = "x1", `,"userEmail":"no address"`
	w := a.send(h)
	refused(t, w, 400, "USG.000000003")
	if !strings.Contains(w.Body.String(), `"error_msg":"userEmail: `) {
		t.Errorf("body = %s, want userEmail named", w.Body)
	}
	a.body = strings.Replace(body(&a), fmt.Sprint(a.expire), `"1"`, 1)
	if w := a.send(h); !strings.Contains(w.Body.String(), `"error_msg":"expireTime: `) {
		t.Errorf("body = %s, want expireTime named", w.Body)
	}
}

func body(a *appCall) string {
	return fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":%d,"nonce":%q,"userId":%q}`, a.app, a.expire, a.nonce, a.user)
}

func TestAppAuthConditions(t *testing.T) {
	h := newHouse(t)
	if err := h.o.Directory.SuspendMember(t.Context(), console(), h.acme.ID, h.carl.Member.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, acmeCall(h).send(h), 412, "USG.206010007")

	limits := identity.LimitsOrgID()
	limits.Members = 3
	h.change(t, limits, true)
	a := acmeCall(h)
	a.user = "erna"
	refused(t, a.send(h), 403, "USG.206010070")
	h.change(t, identity.LimitsOrgID(), false)
	refused(t, a.send(h), 403, "USG.206010030")
	// None of these burnt the nonce.
	h.change(t, identity.LimitsOrgID(), true)
	h.answer(a.send(h))
}

// A nonce is good once, however many come at the same time.
func TestAppAuthReplayedAtOnce(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const callers = 16
		codes := make([]int, callers)
		var all sync.WaitGroup
		for i := range codes {
			all.Go(func() { codes[i] = acmeCall(h).send(h).Code })
		}
		all.Wait()
		in := 0
		for _, code := range codes {
			if code == 200 {
				in++
			} else if code != 401 {
				t.Errorf("status = %d, want 200 or 401", code)
			}
		}
		if in != 1 {
			t.Errorf("%d of %d came in, want 1", in, callers)
		}
	})
}

// A nonce that was used on one node is refused on every other.
func TestAppAuthReplayedOnAnotherNode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		one := houseOn(t, open(storetest.WithClock(clock)), clock)
		other := nodeOn(t, open(storetest.WithClock(clock)), clock)
		in := one.answer(acmeCall(one).send(one))
		refused(t, acmeCall(one).send(other), 401, "USG.206010025")
		other.validate(validatePath, in.AccessToken, `"needGenNewToken":false`)
	})
}

// A signature that never expires is kept in mind for a day.
func TestAppAuthEverlastingIsToldAndNotReplayed(t *testing.T) {
	h := newHouse(t)
	a := acmeCall(h)
	a.expire = 0
	h.answer(a.send(h))
	if r, kept := h.story(); !kept || r.Outcome != trace.Succeeded {
		t.Errorf("story = %+v, %v; want the warned success kept", r, kept)
	}
	h.clock.Advance(23 * time.Hour)
	refused(t, a.send(h), 401, "USG.206010025")
}

// change sets the limits of acme and whether it creates people by itself.
func (h *house) change(t *testing.T, limits identity.Limits, create bool) {
	t.Helper()
	if _, err := h.o.Directory.ChangeOrganization(t.Context(), console(), h.acme.ID, 0, directory.OrganizationChange{Limits: &limits, AutoCreate: &create}); err != nil {
		t.Fatal(err)
	}
}
