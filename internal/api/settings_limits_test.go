package api

import (
	"net/http"
	"testing"
)

// TestMessageLimits sets limits, and is refused what goes beyond them with the
// time of the next.
func TestMessageLimits(t *testing.T) {
	h := newHouse(t)
	const limits = "/settings/message-limits"
	before := read[MessageLimits](t, h.as(providerToken, "GET", limits, ""), http.StatusOK)
	if before.MessageLimitFields != (MessageLimitFields{}) || before.InForce.RecipientShort != 5 || before.Version != 0 {
		t.Errorf("got %+v", before)
	}
	set := read[MessageLimits](t, h.as(providerToken, "PUT", limits, `{"recipient_10_minutes":1,"sms_day":-1}`, `If-Match: "0"`), http.StatusOK)
	if set.RecipientShort != 1 || set.InForce.SMSDay != -1 || set.InForce.RecipientDay != 20 || set.Version != 1 {
		t.Errorf("got %+v", set)
	}
	refused(t, h.as(providerToken, "PUT", limits, `{}`, `If-Match: "0"`), http.StatusPreconditionFailed, "stale")
	refused(t, h.as(providerToken, "PUT", limits, `{"sms_hour":-2}`), 422, "field_range")
	const sample = `{"subject":"","body":"","sms":"{code}","channel":"mail","to":"x@y.example"}`
	try := func() int {
		return h.as(administrator, "POST", "/organizations/acme/message-texts/code/en-US/test", sample).Code
	}
	if first := try(); first != http.StatusOK {
		t.Errorf("the first: got %d", first)
	}
	w := h.as(administrator, "POST", "/organizations/acme/message-texts/code/en-US/test", sample)
	refused(t, w, http.StatusTooManyRequests, "message_limit")
	if w.Header().Get("Retry-After") != "600" {
		t.Errorf("Retry-After: %q", w.Header().Get("Retry-After"))
	}
	invite := func(contact string) int {
		return h.as(administrator, "POST", "/organizations/acme/invitations", `{"contact":"`+contact+`","name":"New"}`).Code
	}
	if first, second := invite("once@mail.example"), invite("x@y.example"); first != http.StatusCreated || second != http.StatusTooManyRequests {
		t.Errorf("invitations: got %d, %d", first, second)
	}
}
