package outbox

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// limitsSetting is the setting that holds the limits.
const limitsSetting = "message_limits"

// Limits bound how many messages are sent that somebody can cause at will:
// codes, links, invitations and samples. 0 is the default, -1 no limit.
type Limits struct {
	TargetShort      int `json:"target_short,omitempty"`      // to one address or number within ten minutes; 5
	TargetDay        int `json:"target_day,omitempty"`        // within a day; 20
	OrganizationHour int `json:"organization_hour,omitempty"` // invitations and samples of one organisation; 500
	OrganizationDay  int `json:"organization_day,omitempty"`  // 2000
	SMSHour          int `json:"sms_hour,omitempty"`          // short messages of the whole installation; 5000
	SMSDay           int `json:"sms_day,omitempty"`           // 20000
	// Version is the one that was read; SetLimits is Stale when another is stored
	// by now. 0 for limits never set.
	Version int64 `json:"-"`
}

const (
	noLimit  = -1
	maxLimit = 1_000_000
)

// DefaultLimits are those that hold while nothing is set.
func DefaultLimits() Limits {
	return Limits{TargetShort: 5, TargetDay: 20, OrganizationHour: 500, OrganizationDay: 2000, SMSHour: 5000, SMSDay: 20000}
}

// rows are the limits by the fields of the management API.
func (l *Limits) rows() map[string]*int {
	return map[string]*int{
		"recipient_10_minutes": &l.TargetShort, "recipient_day": &l.TargetDay, "organization_hour": &l.OrganizationHour,
		"organization_day": &l.OrganizationDay, "sms_hour": &l.SMSHour, "sms_day": &l.SMSDay,
	}
}

// Effective puts the defaults in the places of what is not set.
func (l Limits) Effective() Limits {
	standard := DefaultLimits()
	usual := standard.rows()
	for name, value := range l.rows() {
		if *value == 0 {
			*value = *usual[name]
		}
	}
	return l
}

func (l Limits) check() error {
	var faults []*fault.Error
	for name, value := range l.rows() {
		if *value < noLimit || *value > maxLimit {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At(name).With("min", noLimit).With("max", maxLimit))
		}
	}
	return fault.All(faults)
}

// ReadLimits returns the limits that were set, inside the caller's transaction.
func ReadLimits(tx *store.Tx) (l Limits, err error) {
	value, version, err := tx.Settings.Get(limitsSetting)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return l, err
	}
	if err := json.Unmarshal(value, &l); err != nil {
		return l, fmt.Errorf("outbox: setting %q: %w", limitsSetting, err)
	}
	l.Version = version
	return l, nil
}

// SetLimits stores limits inside the caller's transaction, who also records it.
func SetLimits(tx *store.Tx, l Limits) error {
	if err := l.check(); err != nil {
		return err
	}
	return save(tx, limitsSetting, l, l.Version)
}

// window is one count: what is counted, how many there may be, for how long.
type window struct {
	subject string
	most    int
	span    time.Duration
}

// Bound counts a message against the limits, inside the transaction that puts
// it, on all nodes alike. One too many is TooMany (message_limit, with the
// seconds until there may be another); the transaction is to be given up then.
//
// Whether a message goes to somebody or to nobody is not looked at: channel is
// the one it would take, and both are counted under the subject that the caller
// names, so that the fault tells nothing of who exists.
func Bound(tx *store.Tx, channel identity.Channel, subject string, organization identity.OrganizationID) error {
	set, err := ReadLimits(tx)
	if err != nil {
		return err
	}
	l := set.Effective()
	digest := hex.EncodeToString(tx.Box().Digest("message.bound", subject))
	windows := []window{{"sent_short:" + digest, l.TargetShort, 10 * time.Minute}, {"sent_day:" + digest, l.TargetDay, 24 * time.Hour}}
	if organization != "" {
		windows = append(windows, window{"sent_hour:" + string(organization), l.OrganizationHour, time.Hour},
			window{"sent_day:" + string(organization), l.OrganizationDay, 24 * time.Hour})
	}
	if channel == identity.BySMS {
		windows = append(windows, window{"sent_hour:sms", l.SMSHour, time.Hour}, window{"sent_day:sms", l.SMSDay, 24 * time.Hour})
	}
	for _, w := range windows {
		if err := w.count(tx); err != nil {
			return err
		}
	}
	return nil
}

func (w window) count(tx *store.Tx) error {
	if w.most == noLimit {
		return nil
	}
	n, first, err := tx.Attempts.Count(w.subject, w.span)
	if err != nil || n <= w.most {
		return err
	}
	left := first.Add(w.span).Sub(tx.Now())
	return fault.New(fault.TooMany, fault.CodeMessageLimit).With("seconds", int((left+time.Second-1)/time.Second))
}
