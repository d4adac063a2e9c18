package outbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const gatewaySecret = "S3cret-Marker-gateway"

func short() Message {
	return Message{
		ID: "msg_1", Channel: identity.BySMS, Target: "+8613800000001", Language: "zh-CN", Template: TemplateCode,
		Params: map[string]string{"code": "123456", "minutes": "5"},
	}
}

// sender is an SMS sender to a gateway of the test.
func sender(t *testing.T, gateway http.HandlerFunc) *SMS {
	t.Helper()
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	db := storetest.Open(t)
	set(t, db, func(tx *store.Tx) error {
		return SetSMSSettings(tx, SMSSettings{URL: server.URL + "/send", Secret: gatewaySecret})
	})
	return NewSMS(db, SMSOptions{Catalogue: catalogue(t), Client: server.Client(), Now: storetest.NewClock().Now})
}

func TestTheGatewayIsPostedASignedMessage(t *testing.T) {
	var got shortMessage
	s := sender(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read: %v", err)
		}
		// Signed anew here by the words of the documentation, not by our own function.
		mac := hmac.New(sha256.New, []byte(gatewaySecret))
		mac.Write([]byte(r.Header.Get("Orgate-Timestamp") + "." + string(body)))
		if want := "v1=" + hex.EncodeToString(mac.Sum(nil)); r.Header.Get("Orgate-Signature") != want {
			t.Errorf("got signature %q, want %q", r.Header.Get("Orgate-Signature"), want)
		}
		if r.Header.Get("Orgate-Timestamp") != "1772443800" || r.Method != http.MethodPost || r.URL.Path != "/send" ||
			r.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("got %s %s with %v", r.Method, r.URL, r.Header)
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Errorf("body %s: %v", body, err)
		}
	})
	if err := s.Send(t.Context(), short()); err != nil {
		t.Fatalf("Send: %v", err)
	}
	if got.ID != "msg_1" || got.To != "+8613800000001" || got.Language != "zh-CN" || got.Template != "code" ||
		got.Params["code"] != "123456" || !strings.Contains(got.Text, "123456") {
		t.Errorf("got %+v", got)
	}
}

// A vector for those who write a gateway.
func TestSignatureVector(t *testing.T) {
	const want = "ce5c1af5fa6c61b37be06f0325bde9b8df332b8a513cb758a687e60f46d32dde"
	if got := signature("0123456789abcdef", "1772443800", []byte(`{"to":"+8613800000001"}`)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhichAnswersOfAGatewayAreForGood(t *testing.T) {
	tests := []struct {
		status        int
		ok, permanent bool
	}{
		{200, true, false},
		{202, true, false},
		{204, true, false},
		{400, false, true},
		{410, false, true},
		{422, false, true},
		{401, false, false},
		{403, false, false},
		{404, false, false}, // the settings are wrong and can be mended
		{408, false, false},
		{425, false, false},
		{429, false, false},
		{500, false, false},
		{502, false, false},
		{503, false, false},
		{302, false, false},
	}
	for _, tt := range tests {
		s := sender(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tt.status)
			_, _ = io.WriteString(w, "code 123456 "+gatewaySecret)
		})
		err := s.Send(t.Context(), short())
		if (err == nil) != tt.ok || errors.Is(err, ErrPermanent) != tt.permanent {
			t.Errorf("%d: got %v, want success %v, for good %v", tt.status, err, tt.ok, tt.permanent)
		}
		if err != nil && (strings.Contains(err.Error(), gatewaySecret) || strings.Contains(err.Error(), "123456")) {
			t.Errorf("%d: the error holds a secret: %v", tt.status, err)
		}
	}
}

func TestWithoutAGatewayNothingIsSent(t *testing.T) {
	s := NewSMS(storetest.Open(t), SMSOptions{Catalogue: catalogue(t), Now: storetest.NewClock().Now})
	if s.Configured(t.Context()) {
		t.Error("Configured without settings")
	}
	if err := s.Send(t.Context(), short()); !errors.Is(err, ErrNotConfigured) || errors.Is(err, ErrPermanent) {
		t.Errorf("got %v, want %v, to be tried again", err, ErrNotConfigured)
	}
	if s := sender(t, nil); !s.Configured(t.Context()) {
		t.Error("not Configured with settings")
	}
}

func TestAGatewayThatCannotBeReachedIsTriedAgain(t *testing.T) {
	s := sender(t, func(http.ResponseWriter, *http.Request) {})
	blocked := errors.New("egress: inside address")
	s.options.Client = &http.Client{Transport: refusing{blocked}}
	if err := s.Send(t.Context(), short()); !errors.Is(err, blocked) || errors.Is(err, ErrPermanent) {
		t.Errorf("got %v, want %v", err, blocked)
	}
}

type refusing struct{ err error }

func (r refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, r.err }

func TestTheLogShowsBodiesOnlyWhenAskedTo(t *testing.T) {
	for _, m := range []Message{short(), code("zhang.san@example.com", "123456")} {
		for _, show := range []bool{false, true} {
			var out bytes.Buffer
			s := NewLogSender(LogOptions{Catalogue: catalogue(t), Log: slog.New(slog.NewJSONHandler(&out, nil)), ShowBody: show})
			if err := s.Send(t.Context(), m); err != nil {
				t.Fatalf("Send: %v", err)
			}
			if strings.Contains(out.String(), "123456") != show {
				t.Errorf("ShowBody %v: got %s", show, out.String())
			}
			if strings.Contains(out.String(), m.Target) || !strings.Contains(out.String(), masked(m.Target)) {
				t.Errorf("the recipient is not masked: %s", out.String())
			}
		}
	}
	bad := short()
	bad.Template = "nonsense"
	if err := NewLogSender(LogOptions{Catalogue: catalogue(t), Log: slog.New(slog.DiscardHandler)}).Send(t.Context(), bad); !errors.Is(err, ErrPermanent) {
		t.Errorf("got %v, want %v", err, ErrPermanent)
	}
}
