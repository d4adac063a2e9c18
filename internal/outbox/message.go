package outbox

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	maxTarget = 320  // RFC 5321, 4.5.3.1: local part, @ and domain
	maxParam  = 1024 // an address line is the longest there is
)

// Message is something to tell a person. Its parameters hold codes and
// passwords, so it is never printed.
type Message struct {
	// ID is given by Put and is the same at each attempt; receivers that see
	// it twice have seen the message before.
	ID       identity.MessageID
	Channel  identity.Channel
	Target   string // a mail address, or a mobile number such as +8613800000001; of ToNobody either; of ToApplication any
	Language string // BCP 47; one we do not speak becomes English
	Template string // one of the Template constants
	Params   map[string]string
	// Organization is in whose words the message is told; "" is the
	// installation.
	Organization identity.OrganizationID
	// Words are in place of those of the catalogue, in the parts that are not
	// empty. They are looked up when the message leaves.
	Words Words
	// Until is when the message loses its meaning, such as the end of a code;
	// it is not sent after that. Zero is never.
	Until time.Time
}

// The templates. Params must be exactly those listed.
const (
	TemplateCode            = "code"             // a verification code; params code, minutes
	TemplatePasswordReset   = "password_reset"   // an administrator had a password made; params account, password
	TemplatePasswordChanged = "password_changed" // for information; no params
	TemplateWelcome         = "welcome"          // a new account; params account, password, address
	TemplateLockout         = "lockout"          // too many failures; param time
	TemplateForgotten       = "forgotten"        // a link to choose a password; params account, address, minutes
	TemplateForgottenSSO    = "forgotten_sso"    // the way in is the centre; params account, address, domain
	TemplateSyncFailed      = "sync_failed"      // to administrators: an application is not told; params application, organization, until
	TemplateWebhookFailed   = "webhook_failed"   // to administrators: an address is not told; params organization, until, webhook
	TemplateJoinMade        = "join_made"        // to those who decide; params account, address, applicant, organization
	TemplateEntryMade       = "entry_made"       // likewise; param application besides
	TemplateJoinApproved    = "join_approved"    // to who asked; params address, answer, organization
	TemplateJoinRejected    = "join_rejected"    // likewise
	TemplateEntryApproved   = "entry_approved"   // likewise; param application besides
	TemplateEntryRejected   = "entry_rejected"   // likewise
	TemplateActivation      = "activation"       // a device's activation code; params code, name, until
	TemplateTerminal        = "terminal"         // a terminal without one; params account, name, number
	TemplateRegistered      = "registered"       // in place of a code, to who has an account; params account, address
	TemplateInvitation      = "invitation"       // to become a member; params address, inviter, organization
	TemplateHandover        = "handover"         // the offer of an organisation; params address, giver, organization

	TemplateMembersApproved       = "members_approved"       // there may be more; params address, answer, most, organization
	TemplateMembersRejected       = "members_rejected"       // to who asked; params address, answer, organization
	TemplateOrganizationsApproved = "organizations_approved" // a person may own more; params address, answer, most
	TemplateOrganizationsRejected = "organizations_rejected" // to who asked; params address, answer
)

// TemplateTest is the template of a message by which settings are tried; no
// params.
const TemplateTest = "test"

// TemplateSessionEnded is the template of ToApplication: a session that the
// application took part in is over; params application, key, session. It has
// no text: the application's protocol has its own words.
const TemplateSessionEnded = "session_ended"

// templates lists the parameters of every template, sorted.
var templates = map[string][]string{
	TemplateCode:            {"code", "minutes"},
	TemplatePasswordReset:   {"account", "password"},
	TemplatePasswordChanged: nil,
	TemplateTest:            nil,
	TemplateWelcome:         {"account", "address", "password"},
	TemplateLockout:         {"time"},
	TemplateForgotten:       {"account", "address", "minutes"},
	TemplateForgottenSSO:    {"account", "address", "domain"},
	TemplateSessionEnded:    {"application", "key", "session"},
	TemplateSyncFailed:      {"application", "organization", "until"},
	TemplateWebhookFailed:   {"organization", "until", "webhook"},
	TemplateJoinMade:        {"account", "address", "applicant", "organization"},
	TemplateEntryMade:       {"account", "address", "applicant", "application", "organization"},
	TemplateJoinApproved:    {"address", "answer", "organization"},
	TemplateJoinRejected:    {"address", "answer", "organization"},
	TemplateEntryApproved:   {"address", "answer", "application", "organization"},
	TemplateEntryRejected:   {"address", "answer", "application", "organization"},
	TemplateActivation:      {"code", "name", "until"},
	TemplateTerminal:        {"account", "name", "number"},
	TemplateRegistered:      {"account", "address"},
	TemplateInvitation:      {"address", "inviter", "organization"},
	TemplateHandover:        {"address", "giver", "organization"},

	TemplateMembersApproved:       {"address", "answer", "most", "organization"},
	TemplateMembersRejected:       {"address", "answer", "organization"},
	TemplateOrganizationsApproved: {"address", "answer", "most"},
	TemplateOrganizationsRejected: {"address", "answer"},
}

// String keeps codes and passwords out of logs.
func (m Message) String() string { return "[redacted]" }

// GoString is String, for %#v.
func (m Message) GoString() string { return m.String() }

// LogValue tells the log what may be told.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", string(m.ID)), slog.String("channel", string(m.Channel)),
		slog.String("target", masked(m.Target)), slog.String("template", m.Template))
}

// masked hides the middle of an address or number.
func masked(target string) string {
	if strings.Contains(target, "@") {
		return identity.MaskEmail(target)
	}
	return identity.MaskMobile(target)
}

// payload is how the parts of a message that are sealed are written.
type payload struct {
	Language string            `json:"language"`
	Template string            `json:"template"`
	Params   map[string]string `json:"params,omitempty"`
	Until    int64             `json:"until,omitempty"` // Unix milliseconds

	Organization identity.OrganizationID `json:"organization,omitempty"`
}

// Put adds a message inside the caller's transaction; it leaves after the
// commit. A target or parameter that could break out of its place in a header
// is Invalid; an unknown template or a wrong set of parameters is Internal,
// since the caller chose them.
func Put(tx *store.Tx, m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	if m.Channel == identity.ToNobody && m.Organization == "" {
		// Messages to somebody name one: these take as much room.
		m.Organization = identity.NewOrganizationID(tx.Now())
	}
	p := payload{Language: m.Language, Template: m.Template, Params: m.Params, Organization: m.Organization}
	if !m.Until.IsZero() {
		p.Until = m.Until.UnixMilli()
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	id, err := nextID(tx, m.Target)
	if err != nil {
		return err
	}
	return tx.Outbox.Insert(identity.Message{
		ID: id, Channel: m.Channel, Target: m.Target, Payload: text, Template: m.Template, Shown: m.shown(),
		NextAt: tx.Now(), CreatedAt: tx.Now(),
	})
}

// shown is the target as the log of messages keeps it; only people have one.
func (m Message) shown() string {
	if m.Channel == identity.ByMail || m.Channel == identity.BySMS {
		return masked(m.Target)
	}
	return ""
}

// nextID returns an id after those of all messages that wait for the target.
// Ids of one millisecond are in no order, and order is promised.
func nextID(tx *store.Tx, target string) (identity.MessageID, error) {
	last, err := tx.Outbox.Last(target)
	if err != nil {
		return "", err
	}
	now := tx.Now()
	id := identity.NewMessageID(now)
	for id <= last {
		now = now.Add(time.Millisecond)
		id = identity.NewMessageID(now)
	}
	return id, nil
}

// check refuses what no sender may be given.
func (m Message) check() error {
	want, known := templates[m.Template]
	if got := slices.Sorted(maps.Keys(m.Params)); !known || !slices.Equal(got, want) {
		return fault.New(fault.Internal, fault.CodeInternal).
			Because(fmt.Errorf("outbox: template %q takes the parameters %q and was given %q", m.Template, want, got))
	}
	for name, value := range m.Params {
		if !oneLine(value, maxParam) {
			return fault.New(fault.Invalid, fault.CodeFieldFormat).At(name).With("want", "want.one_line")
		}
	}
	switch m.Channel {
	case identity.ByMail:
		if !isAddress(m.Target) {
			return fault.New(fault.Invalid, fault.CodeEmailFormat).At("email")
		}
	case identity.BySMS:
		if !isMobile(m.Target) {
			return fault.New(fault.Invalid, fault.CodeMobileFormat).At("mobile")
		}
	case identity.ToApplication:
		if m.Template != TemplateSessionEnded {
			return fault.New(fault.Internal, fault.CodeInternal).Because(fmt.Errorf("outbox: an application is not told %q", m.Template))
		}
	case identity.ToNobody: // no header that the target could break out of
	default:
		return fault.New(fault.Internal, fault.CodeInternal).Because(fmt.Errorf("outbox: no channel %q", m.Channel))
	}
	return nil
}

// oneLine tells that a text has no character that ends a line or a header
// (RFC 5322, 2.2), or that a reader cannot see.
func oneLine(text string, limit int) bool {
	return len(text) <= limit && utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp)
	})
}

// isAddress tells that a text is one bare address, without a name or comment.
func isAddress(text string) bool {
	if !oneLine(text, maxTarget) {
		return false
	}
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text && parsed.Name == ""
}

func isMobile(text string) bool {
	digits, plus := strings.CutPrefix(text, "+")
	return plus && len(digits) >= 5 && len(digits) <= 20 && strings.Trim(digits, "0123456789") == ""
}

// Open opens a stored message. One that cannot be read is ErrPermanent.
func Open(stored identity.Message) (Message, error) {
	m := Message{ID: stored.ID, Channel: stored.Channel, Target: stored.Target}
	var p payload
	if err := json.Unmarshal(stored.Payload, &p); err != nil {
		return m, fmt.Errorf("outbox: payload: %w", ErrPermanent)
	}
	m.Language, m.Template, m.Params, m.Organization = p.Language, p.Template, p.Params, p.Organization
	if p.Until != 0 {
		m.Until = time.UnixMilli(p.Until).UTC()
	}
	return m, nil
}
