package pages

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Quotas shows how many members an organisation may have and how many
// organisations a person may own, what was asked for, and what became of it. Its
// forms post do, which is members or organizations, and reason.
type Quotas struct {
	Form   Hidden
	Shares []Share
	Wishes []QuotaWish // newest first
	Typed  string      // the reason typed before
	Asked  string      // the kind that was asked for, "" for none
	Notice Key         // what was done just now, "" for nothing
	Fault  *fault.Error
	Back   string
}

// Alert is the fault where it belongs to no field that is shown, nil otherwise.
func (r Quotas) Alert() *fault.Error {
	for _, s := range r.Shares {
		if s.Kind == r.Asked && s.Opens() {
			return nil
		}
	}
	return r.Fault
}

// Share is one thing there is room for.
type Share struct {
	Kind       string // members or organizations
	Of         string // the organisation whose members are meant
	Have, Most int    // Most is 0 where nothing bounds it
	More       int    // what one wish asks for
	Waits      bool   // a wish for it waits
	// Closed is why more cannot be asked for, nil where they can.
	Closed *fault.Error
}

// Opens tells that more can be asked for now.
func (s Share) Opens() bool { return s.Closed == nil && !s.Waits }

// QuotaWish is one wish.
type QuotaWish struct {
	Kind         string // members or organizations
	Organization string // of members
	State        string // pending, approved, rejected
	Reason       string
	Answer       string
	DecidedBy    string
	Since        time.Time
}

// The notices of Quotas.
const (
	NoteQuotaAsked Key = "quotas.asked"
	NoteQuotaGiven Key = "quotas.given"
)

// LeaveOrganization asks somebody whether to leave an organisation. Its form
// posts nothing but itself.
type LeaveOrganization struct {
	Form         Hidden
	Organization string
	Role         Key
	// Applications are those of the organisation to which the person agreed to
	// release something.
	Applications []string
	Here         bool         // the session acts there
	Fault        *fault.Error // why it was not left, nil at first
	Back         string
}

func (Quotas) name() string            { return "quotas" }
func (LeaveOrganization) name() string { return "leave_organization" }
