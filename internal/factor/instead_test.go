package factor

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Whoever has the contact is sent another message and no code, and the answer,
// the waiting times and the guesses are those of whoever has not.
func TestSendInstead(t *testing.T) {
	d := openDesk(t, identity.ByMail)
	request := CodeRequest{Account: identity.Account{Name: "dora@mail.example", Email: "dora@mail.example"}, Purpose: purpose, Method: identity.ByMail}
	sent, err := d.SendInstead(t.Context(), request, KnownContact("dora", "https://id.example/login"))
	if err != nil {
		t.Fatal(err)
	}
	messages := d.sent(t)
	if len(messages) != 1 || messages[0].Channel != identity.ByMail || messages[0].Target != "dora@mail.example" {
		t.Fatalf("sent %+v", messages)
	}
	if sent.MaskedEmail == "" || strings.Contains(sent.MaskedEmail, "dora@") {
		t.Errorf("told %q", sent.MaskedEmail)
	}
	_, err = d.SendInstead(t.Context(), request, KnownContact("dora", "https://id.example/login"))
	if !fault.Is(err, fault.CodeCodeTooSoon) {
		t.Errorf("at once: %v, want %s", err, fault.CodeCodeTooSoon)
	}
	_, err = d.SendCode(t.Context(), request)
	if !fault.Is(err, fault.CodeCodeTooSoon) {
		t.Errorf("a code at once: %v, want %s", err, fault.CodeCodeTooSoon)
	}
	if err := d.CheckCode(t.Context(), purpose, SubjectOf(request.Account), "000000"); !fault.Is(err, fault.CodeCodeWrong) {
		t.Errorf("guessed: %v, want %s", err, fault.CodeCodeWrong)
	}
	d.clock.Advance(3 * time.Minute)
	request.Method = identity.BySMS
	if _, err := d.SendInstead(t.Context(), request, KnownContact("dora", "")); !fault.Is(err, fault.CodeSMSUnsupported) {
		t.Errorf("by a channel that is closed: %v, want %s", err, fault.CodeSMSUnsupported)
	}
	request.Method, request.Account.Email = identity.ByMail, ""
	if _, err := d.SendInstead(t.Context(), request, KnownContact("dora", "")); !fault.Is(err, fault.CodeCodeNoContact) {
		t.Errorf("without an address: %v, want %s", err, fault.CodeCodeNoContact)
	}
}
