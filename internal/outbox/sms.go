package outbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/store"
)

// Headers of a request to the gateway.
const (
	headerTimestamp = "Orgate-Timestamp" // Unix seconds
	headerSignature = "Orgate-Signature" // v1=<hexadecimal digits>
)

// maxAnswer is how much of a gateway's answer is read, so that the connection
// can be used again.
const maxAnswer = 64 << 10

// SMSOptions say what an SMS works with.
type SMSOptions struct {
	Catalogue *i18n.Catalogue
	// Client reaches the gateway; give it the one of egress. It should follow
	// no redirects.
	Client *http.Client
	// Now is the clock, for the signature.
	Now func() time.Time
}

// SMS sends short messages through a gateway: it posts JSON and signs it, and
// whatever speaks to the carrier stands behind. It reads its settings at each
// send.
type SMS struct {
	db      *store.DB
	options SMSOptions
}

// NewSMS returns a sender with the settings of a database.
func NewSMS(db *store.DB, options SMSOptions) *SMS { return &SMS{db, options} }

// shortMessage is what the gateway is posted. Gateways that must send
// registered templates use template and params, others text.
type shortMessage struct {
	ID       string            `json:"id"` // the same at each attempt
	To       string            `json:"to"`
	Text     string            `json:"text"`
	Language string            `json:"language"`
	Template string            `json:"template"`
	Params   map[string]string `json:"params"`
}

// Configured reports whether a gateway is set.
func (s *SMS) Configured(ctx context.Context) bool {
	settings, err := readSMS(ctx, s.db)
	return err == nil && settings.URL != ""
}

// Send posts one message. Any answer of the class 2 is success. One of the
// class 4 is ErrPermanent, but for 401, 403 and 404, which speak of the
// settings, and 408, 425 and 429, which ask for patience.
func (s *SMS) Send(ctx context.Context, m Message) error {
	settings, err := readSMS(ctx, s.db)
	if err != nil {
		return err
	}
	if settings.URL == "" {
		return ErrNotConfigured
	}
	_, err = s.Try(ctx, settings, m)
	return err
}

// Try is Send by settings that need not be stored. What the gateway answered is
// told as it came.
func (s *SMS) Try(ctx context.Context, settings SMSSettings, m Message) (t Tried, err error) {
	request, err := s.request(ctx, settings, m)
	if err != nil {
		return t, err
	}
	answer, err := s.options.Client.Do(request)
	if err != nil {
		return t, fmt.Errorf("gateway: %w", withoutAddress(err))
	}
	defer func() { _ = answer.Body.Close() }()
	// What breaks off has been answered all the same: to ask again would send twice.
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	t = Tried{Status: answer.StatusCode, Answer: string(text)}
	if settings.HTTP != nil {
		return t, settings.HTTP.judge(t)
	}
	return t, judge(t.Status)
}

func (s *SMS) request(ctx context.Context, settings SMSSettings, m Message) (*http.Request, error) {
	text, err := smsText(s.options.Catalogue, m)
	if err != nil {
		return nil, err
	}
	if settings.HTTP != nil {
		return settings.HTTP.build(ctx, settings.URL, m, text)
	}
	body, err := json.Marshal(shortMessage{string(m.ID), m.Target, text, m.Language, m.Template, m.Params})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, settings.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	timestamp := strconv.FormatInt(s.options.Now().Unix(), 10)
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set(headerTimestamp, timestamp)
	request.Header.Set(headerSignature, "v1="+signature(settings.Secret, timestamp, body))
	return request, nil
}

// signature proves to the gateway who sent the body and when: HMAC-SHA256 with
// the shared secret over the timestamp, a full stop and the body, in lower
// case hexadecimal digits. A gateway refuses timestamps that are minutes old.
func signature(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// judge turns the status of an answer into an error.
func judge(status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound,
		status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests:
		return fmt.Errorf("gateway answered %d", status)
	case status >= 400 && status < 500:
		return fmt.Errorf("gateway answered %d: %w", status, ErrPermanent)
	}
	return fmt.Errorf("gateway answered %d", status)
}
