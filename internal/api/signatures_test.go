package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestSignatureCheck asks of a login that was signed wrongly, by the whole
// request and by its parts, in both languages.
func TestSignatureCheck(t *testing.T) {
	h := newHouse(t)
	app := read[KeyedAppID](t, h.as(theOwner, "POST", "/organizations/acme/app-ids", `{"name":"pos"}`), http.StatusCreated)
	nonce, end := strings.Repeat("n", 32), h.clock.Now().Unix()+600
	text := fmt.Sprintf("%s:alice:%d:%s", app.ID, end, nonce)
	sign := func(text string) string {
		mac := hmac.New(sha256.New, []byte(app.Key))
		mac.Write([]byte(text))
		return hex.EncodeToString(mac.Sum(nil))
	}
	body := fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":%d,"nonce":%q,"userId":"alice"}`, app.ID, end, nonce)
	wrong := sign(strings.ReplaceAll(text, ":", "|"))
	at := "/organizations/acme/app-ids/" + app.ID + "/signature-checks"
	ask := func(request string) SignatureCheck {
		t.Helper()
		w := h.as(theOwner, "POST", at, request)
		if told := w.Body.String(); strings.Contains(told, sign(text)) || strings.Contains(told, app.Key) {
			t.Errorf("a secret is told: %s", told)
		}
		return read[SignatureCheck](t, w, http.StatusOK)
	}
	pasted := fmt.Sprintf("curl https://id.example/v2/usg/acs/auth/appauth -H 'Authorization: HMAC-SHA256 signature=%s' -H 'Content-Type: application/json' -d '%s'", wrong, body)
	got := ask(fmt.Sprintf(`{"request":%q}`, pasted))
	explained(t, got, text, end)
	right := ask(fmt.Sprintf(`{"authorization":"HMAC-SHA256 signature=%s","body":%q,"string_to_sign":%q}`, sign(text), body, text))
	if !right.Passed || right.Signed != text || right.SignedFound {
		t.Errorf("the right one: %+v", right)
	}
	// One of the provider signs five parts.
	of := read[SignatureCheck](t, h.as(providerToken, "POST", "/provider/app-ids/"+h.sellerApp+"/signature-checks", fmt.Sprintf(`{"body":%q}`, body)), http.StatusOK)
	if len(of.Parts) != 5 || of.Passed || strings.Count(of.StringToSign, ":") != 4 {
		t.Errorf("of the provider: %+v", of)
	}
}

// explained: the bars in place of the colons were found, and what to do is said.
func explained(t *testing.T, got SignatureCheck, text string, end int64) {
	t.Helper()
	if got.Passed || got.StringToSign != text || got.Signed != strings.ReplaceAll(text, ":", "|") || !got.SignedFound || got.Key != "current" {
		t.Errorf("got %+v", got)
	}
	if len(got.Parts) != 4 || got.Parts[1] != (SignedPart{"userId", "alice"}) || got.ExpireTime != end {
		t.Errorf("got %+v", got)
	}
	last := got.Checks[len(got.Checks)-1]
	if last.Check != "near_separator" || last.State != "failed" || !strings.Contains(last.Remedy, "colon") {
		t.Errorf("the last check: %+v", last)
	}
}

// TestSignatureCheckInput: what can not be read is told at its field.
func TestSignatureCheckInput(t *testing.T) {
	h := newHouse(t)
	at := "/organizations/acme/app-ids/" + h.acme.appID + "/signature-checks"
	for request, field := range map[string]string{
		`{}`: "request", `{"request":"hello"}`: "request", `{"request":"curl -d @f https://id.example/x"}`: "request",
		`{"request":"curl","body":"{}"}`: "authorization", `{"body":"{}","string_to_sign":"` + strings.Repeat("x", 1025) + `"}`: "string_to_sign",
	} {
		w := h.as(theOwner, "POST", at, request)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"`+field+`"`) {
			t.Errorf("%s: %d %s", request, w.Code, w.Body)
		}
	}
}
