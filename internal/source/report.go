package source

import (
	"context"
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// Report is what a try found.
type Report struct {
	ID    identity.TryID
	State TryState
	Steps []ReportStep // in the order in which they were made
	// Tried are the settings, without their secret.
	Tried SSO
	// Profile is what the centre said about the person who tried, zero unless
	// the try passed. It is shown to administrators of the organisation alone.
	Profile   identity.Profile
	Outlook   Outlook // zero unless the try passed
	StartedAt time.Time
	EndsAt    time.Time // forgotten after this
}

// ReportStep is one check of a try.
type ReportStep struct {
	Name     trace.Check
	State    trace.State
	Expected string
	Received string
	Remedy   string // a key of the catalogues, "" where nothing is to be mended
	Took     time.Duration
}

// storedReport is how a report is written. Names are added, never changed.
type storedReport struct {
	Steps   []storedStep  `json:"steps"`
	Profile storedProfile `json:"profile"`
	Outlook Outlook       `json:"outlook"`
}

type storedStep struct {
	Check    trace.Check   `json:"check"`
	State    trace.State   `json:"state"`
	Expected string        `json:"expected,omitempty"`
	Received string        `json:"received,omitempty"`
	Took     time.Duration `json:"took,omitempty"`
}

// storedProfile is an identity.Profile under the same names.
type storedProfile identity.Profile

// stepsOf takes the steps of a story with how long each took.
func stepsOf(story *trace.Story) []storedStep {
	var list []storedStep
	var before time.Duration
	for _, step := range story.Steps() {
		list = append(list, storedStep{step.Check, step.State, step.Detail.Expected, step.Detail.Received, step.After - before})
		before = step.After
	}
	return list
}

// TryReport returns the report of a try, or NotFound (try_not_found). While a
// try waits for the browser, its last steps tell what is to be mended when the
// centre shows an error instead of sending the browser back: a centre that
// refuses the call-back address or the scope tells the person and not us.
func (s *Sources) TryReport(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.TryID) (Report, error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return Report{}, err
	}
	var row store.Try
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Tries.Get(org, id)
		return err
	})
	if err != nil {
		return Report{}, err
	}
	set, err := readSettings(row.Settings)
	if err != nil {
		return Report{}, err
	}
	set.ClientSecret = ""
	var kept storedReport
	if err := json.Unmarshal(row.Report, &kept); err != nil {
		return Report{}, err
	}
	report := Report{
		ID: id, State: TryState(row.State), Tried: set.sso(false, set.Domain).filled(), Profile: identity.Profile(kept.Profile), Outlook: kept.Outlook,
		StartedAt: row.CreatedAt, EndsAt: row.EndsAt,
	}
	for _, step := range kept.Steps {
		report.Steps = append(report.Steps, step.report())
	}
	if report.State == TryWaiting {
		report.Steps = append(report.Steps, s.waiting(org)...)
	}
	return report, nil
}

func (k storedStep) report() ReportStep {
	r := ReportStep{Name: k.Check, State: k.State, Expected: k.Expected, Received: k.Received, Took: k.Took}
	if k.State == trace.Failing || k.State == trace.Warned {
		r.Remedy = k.Check.RemedyKey()
	}
	return r
}

func (s *Sources) waiting(org identity.OrganizationID) []ReportStep {
	return []ReportStep{
		{Name: trace.AuthorizeRedirect, State: trace.Noted, Expected: s.Callback(org), Remedy: trace.AuthorizeRedirect.RemedyKey()},
		{Name: trace.AuthorizeScope, State: trace.Noted, Remedy: trace.AuthorizeScope.RemedyKey()},
	}
}
