package provision

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/egress"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// The headers of Standard Webhooks 1.0.
const (
	headerHookID        = "Webhook-Id"
	headerHookTimestamp = "Webhook-Timestamp"
	headerHookSignature = "Webhook-Signature"
)

// TestEvent is the kind of what is sent while settings are tried.
const TestEvent = "webhook.test"

// told is an event as an address is told of it. Where somebody was is left out.
type told struct {
	ID           string            `json:"id"`
	Type         string            `json:"type"`
	Timestamp    string            `json:"timestamp"`
	Organization toldOrganization  `json:"organization"`
	Actor        toldActor         `json:"actor"`
	Target       string            `json:"target"`
	Details      map[string]string `json:"details"`
}

type toldOrganization struct {
	ID   string `json:"id"`
	Code string `json:"code"`
}

type toldActor struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

// hookBody is what is sent of an event.
func hookBody(o identity.Organization, e identity.Event) (string, error) {
	details := e.Details
	if details == nil {
		details = map[string]string{}
	}
	text, err := compact(told{
		ID: string(e.ID), Type: e.Type, Timestamp: e.At.UTC().Format(time.RFC3339Nano), Target: e.Target, Details: details,
		Organization: toldOrganization{string(o.ID), o.Code}, Actor: toldActor{string(e.ActorKind), e.ActorID, e.ActorName},
	})
	return string(text), err
}

// hookSignatures signs a call by each key: HMAC-SHA256 over id, time in seconds
// and body, which dots divide. Whoever verifies needs one of them.
func hookSignatures(keys [][]byte, id, at, body string) string {
	all := make([]string, len(keys))
	for i, key := range keys {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(id + "." + at + "." + body))
		all[i] = "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
	}
	return strings.Join(all, " ")
}

// HookOutcome is how one call of a webhook went.
type HookOutcome struct {
	Status   int    // of HTTP, 0 without an answer
	Answer   string // its beginning, in one line
	Class    Class  // "" for success
	Cause    *fault.Error
	Duration time.Duration
}

// Passed reports whether the address has taken the call.
func (o HookOutcome) Passed() bool { return o.Class == "" }

// refused reports whether the address has looked at the call and will not have
// it. 401, 403, 404 and their like tell of the address, not of the call.
func (o HookOutcome) refused() bool {
	return o.Status == http.StatusBadRequest || o.Status == http.StatusRequestEntityTooLarge || o.Status == http.StatusUnsupportedMediaType ||
		o.Status == http.StatusUnprocessableEntity
}

// post makes one call of a webhook. Any 2xx is success.
func (h *Hooks) post(ctx context.Context, w identity.Webhook, id, body string) (o HookOutcome) {
	begun := h.options.Now()
	defer func() { o.Duration = max(h.options.Now().Sub(begun), 0) }()
	r, err := h.exchange(ctx, w, id, body)
	switch {
	case err != nil:
		o.Class, o.Cause = Unreachable, fault.Of(egress.Explain(err))
		return o
	case r.status >= 300 && r.status < 400 || r.status == http.StatusNotFound || r.status == http.StatusMethodNotAllowed:
		o.Class = Unreachable
	case r.status == http.StatusUnauthorized || r.status == http.StatusForbidden:
		o.Class = IllegalSignature
	case r.status < 200 || r.status > 299:
		o.Class = Abnormal
	}
	o.Status, o.Answer = r.status, oneLine(string(r.body))
	return o
}

func (h *Hooks) exchange(ctx context.Context, w identity.Webhook, id, body string) (r reply, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader([]byte(body)))
	if err != nil {
		return r, err
	}
	now := h.options.Now()
	at := strconv.FormatInt(now.Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Orgate-Webhooks")
	request.Header.Set(headerHookID, id)
	request.Header.Set(headerHookTimestamp, at)
	request.Header.Set(headerHookSignature, hookSignatures(w.Keys(now), id, at, body))
	response, err := h.client.Do(request)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	// What an answer says is for people who look for a fault: its beginning will do.
	content, err := io.ReadAll(io.LimitReader(response.Body, maxHookAnswer))
	if err != nil {
		content = nil // the status has come
	}
	return reply{response.StatusCode, response.Header, content}, nil
}

const maxHookAnswer = 4 << 10
