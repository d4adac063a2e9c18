package identity

import (
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Webhook is an address that is told of what happens in an organisation, by
// signed calls (Standard Webhooks 1.0).
type Webhook struct {
	ID             WebhookID
	OrganizationID OrganizationID
	Name           string // unique in the organisation, compared folded
	URL            string
	// Secret signs what is sent: "whsec_" and the key in base64.
	Secret string
	// Previous is the secret before, which signs too until an instant; "" for none.
	Previous       string
	PreviousEndsAt time.Time
	// Events are the kinds that are told: "member.added", all of a noun as in
	// "member.*", or "*".
	Events    []string
	Enabled   bool
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// String keeps the secret out of logs.
func (w Webhook) String() string { return "webhook " + string(w.ID) }

// GoString keeps the secret out of %#v.
func (w Webhook) GoString() string { return w.String() }

const (
	webhookPrefix = "whsec_"
	// A key of Standard Webhooks has 24 to 64 bytes.
	minWebhookKey = 24
	maxWebhookKey = 64
	newWebhookKey = 32
	// MaxWebhookEvents is how many kinds of events a webhook names at most.
	MaxWebhookEvents = 100
)

// NewWebhookSecret draws a secret.
func NewWebhookSecret() string {
	key := make([]byte, newWebhookKey)
	_, _ = rand.Read(key) // it never fails, by its contract
	return webhookPrefix + base64.StdEncoding.EncodeToString(key)
}

// Rotate makes a secret the one that signs. The one before signs too for as long
// as the overlap says; any older one ends.
func (w *Webhook) Rotate(secret string, now time.Time, overlap time.Duration) {
	w.Previous, w.PreviousEndsAt = "", time.Time{}
	if overlap > 0 {
		w.Previous, w.PreviousEndsAt = w.Secret, now.Add(overlap)
	}
	w.Secret = secret
}

// Expire forgets the secret before when its time is over.
func (w *Webhook) Expire(now time.Time) {
	if !w.PreviousEndsAt.After(now) {
		w.Previous, w.PreviousEndsAt = "", time.Time{}
	}
}

// Keys are what calls are signed with at an instant, that of the current secret
// first.
func (w Webhook) Keys(now time.Time) [][]byte {
	w.Expire(now)
	keys := [][]byte{w.Key()}
	if w.Previous != "" {
		keys = append(keys, webhookKey(w.Previous))
	}
	return keys
}

// Key is what the secret holds, nil for one that is none.
func (w Webhook) Key() []byte { return webhookKey(w.Secret) }

func webhookKey(secret string) []byte {
	text, ok := strings.CutPrefix(secret, webhookPrefix)
	key, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(key) < minWebhookKey || len(key) > maxWebhookKey {
		return nil
	}
	return key
}

var webhookEvent = pattern(`^(\*|[a-z_]{1,40}\.(\*|[a-z_]{1,40}))$`)

// Validate checks the webhook's own rules and reports every fault at its field.
func (w Webhook) Validate() error {
	var f flaws
	f.add(textFault("name", w.Name, 1, 64))
	f.unless(webhookURL(w.URL), "url", "want.webhook_url")
	f.unless(w.Key() != nil, "secret", "want.webhook_secret")
	f.unless(len(w.Events) > 0 && len(w.Events) <= MaxWebhookEvents && !slices.ContainsFunc(w.Events, func(kind string) bool {
		return !webhookEvent().MatchString(kind)
	}), "events", "want.webhook_events")
	return fault.All(f)
}

// webhookURL demands https, and a host.
func webhookURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && len(text) <= 512 && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && !strings.ContainsAny(text, " \\#")
}

// Wants reports whether the webhook is told of a kind of event.
func (w Webhook) Wants(kind string) bool {
	noun, _, _ := strings.Cut(kind, ".")
	return slices.ContainsFunc(w.Events, func(wanted string) bool { return wanted == "*" || wanted == kind || wanted == noun+".*" })
}
