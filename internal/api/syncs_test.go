package api

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// receiver is where applications are told: it takes down what came, and answers
// what it was given.
type receiver struct {
	mu     sync.Mutex
	paths  []string
	bodies []string
	answer string // "" means that nobody answers
}

func (r *receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paths, r.bodies = append(r.paths, request.URL.String()), append(r.bodies, string(body))
	if r.answer == "" {
		return nil, errors.New("nobody there")
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(r.answer)), Request: request}, nil
}

var receiverKey = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&key.PublicKey))
})

// syncBody are whole settings, with what else is given.
func syncBody(t testing.TB, more ...any) string {
	t.Helper()
	settings := map[string]any{"callback_url": "https://shop.example/in", "signature_key": "hunter2-hunter2", "public_key": receiverKey()}
	for i := 0; i+1 < len(more); i += 2 {
		settings[more[i].(string)] = more[i+1]
	}
	return string(must(json.Marshal(settings))(t))
}

const wikiSync = "/organizations/acme/applications/acme-wiki/sync"

// same compares what was got with what was wanted.
func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func syncText(s Sync) string {
	return fmt.Sprintf("%v %s %s key %v secret %v current %v", s.Enabled, s.Wire, s.Digest, s.HasSignatureKey, s.HasClientSecret, s.SecretCurrent)
}

// callTexts is what came of the calls of a try, and whether there is a remedy.
func callTexts(y SyncTry) string {
	text := fmt.Sprint(y.Passed)
	for _, c := range y.Calls {
		text += fmt.Sprintf(" %s:%d:%s:%s:%s:%v", c.Event, c.HTTPStatus, c.ResultCode, c.ResultMsg, c.Failure, c.Remedy != "")
	}
	return text
}

// TestSyncLife sets, reads and removes how an application is told.
func TestSyncLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		refused(t, h.as(administrator, "GET", wikiSync, ""), http.StatusNotFound, "sync_not_found")
		off := read[Sync](t, h.as(administrator, "PUT", wikiSync, `{"callback_url":"https://shop.example/in"}`), http.StatusOK)
		same(t, "unfinished", syncText(off), "false v2 sha256 key false secret false current false")
		refused(t, h.as(administrator, "PUT", wikiSync, syncBody(t, "enabled", true)), 422, "sync_secret_needed")
		refused(t, h.as(administrator, "PUT", wikiSync, syncBody(t, "enabled", true, "client_secret", strings.Repeat("x", 64))), 422, "sync_secret_wrong")
		p := refused(t, h.as(administrator, "PUT", wikiSync, `{"enabled":true,"callback_url":"http://shop.example"}`), 422, "field_missing")
		same(t, "faults", len(p.Errors), 3)
		var fresh struct {
			Secret string `json:"client_secret"`
		}
		h.clock.Advance(time.Minute)
		w := h.as(administrator, "POST", "/organizations/acme/applications/acme-wiki/secrets", `{}`)
		must(0, json.Unmarshal(w.Body.Bytes(), &fresh))(t)
		w = h.as(administrator, "PUT", wikiSync, syncBody(t, "enabled", true, "client_secret", fresh.Secret), `If-Match: "1"`)
		on := read[Sync](t, w, http.StatusOK)
		same(t, "whole", syncText(on)+w.Header().Get("ETag"), `true v2 sha256 key true secret true current true"2"`)
		if strings.Contains(w.Body.String(), "hunter2") || strings.Contains(w.Body.String(), fresh.Secret) {
			t.Errorf("secrets are shown: %s", w.Body)
		}
		refused(t, h.as(administrator, "PUT", wikiSync, syncBody(t), `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		kept := read[Sync](t, h.as(administrator, "PUT", wikiSync, `{"callback_url":"https://shop.example/in","public_key":"`+receiverKey()+`","enabled":true,"wire":"v1","digest":"sha1"}`), http.StatusOK)
		same(t, "key and secret left out", syncText(kept), "true v1 sha1 key true secret true current true")
		same(t, "unchanged", h.as(administrator, "GET", wikiSync, "", `If-None-Match: "3"`).Code, http.StatusNotModified)
		// What is told follows the rotations.
		for range 2 {
			h.clock.Advance(48 * time.Hour)
			read[any](t, h.as(providerToken, "POST", "/organizations/acme/applications/acme-wiki/secrets", `{}`), http.StatusOK)
		}
		late := read[Sync](t, h.as(providerToken, "GET", wikiSync, ""), http.StatusOK)
		same(t, "after two rotations", syncText(late), "true v1 sha1 key true secret true current true")
		read[any](t, h.as(providerToken, "DELETE", wikiSync, "", `If-Match: "5"`), http.StatusNoContent)
		refused(t, h.as(providerToken, "GET", wikiSync, ""), http.StatusNotFound, "sync_not_found")
	})
}

// TestSyncIsTried calls a receiver by settings that are not saved.
func TestSyncIsTried(t *testing.T) {
	h := newHouse(t)
	failed := read[SyncTry](t, h.as(administrator, "POST", wikiSync+"/try", syncBody(t)), http.StatusOK)
	same(t, "nobody there", callTexts(failed), "false tenant:0:::unreachable:true")
	h.receiver.answer = `{" resultCode":"000001","resultMsg":"bad sign"}`
	failed = read[SyncTry](t, h.as(administrator, "POST", wikiSync+"/try", syncBody(t)), http.StatusOK)
	same(t, "refused", callTexts(failed), "false tenant:200:000001:bad sign:signature:true")
	h.receiver.answer, h.receiver.paths, h.receiver.bodies = `{"resultCode":"000000"}`, nil, nil
	good := read[SyncTry](t, h.as(administrator, "POST", wikiSync+"/try", syncBody(t, "wire", "v1")), http.StatusOK)
	same(t, "good", callTexts(good), "true tenant:200:000000:::false application:200:000000:::false")
	same(t, "called", strings.Join(h.receiver.paths, " "),
		"https://shop.example/in/produceAPI/tenantSync https://shop.example/in/produceAPI/applicationSync")
	for _, body := range h.receiver.bodies {
		if !strings.HasPrefix(body, `{"instanceId":"","tenantId":"acme","testFlag":1,`) {
			t.Errorf("sent %s, want a test without an instance", body)
		}
	}
	refused(t, h.as(administrator, "POST", wikiSync+"/try", `{}`), 422, "field_missing")
	refused(t, h.as(administrator, "GET", wikiSync, ""), http.StatusNotFound, "sync_not_found") // nothing was saved
}
