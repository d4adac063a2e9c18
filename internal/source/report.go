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
	// Source is what was tried of a source other than enterprise SSO.
	Source TriedSource
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
	return s.reportOf(row)
}

// reportOf reads the report of a try.
func (s *Sources) reportOf(row store.Try) (Report, error) {
	var kept storedReport
	if err := json.Unmarshal(row.Report, &kept); err != nil {
		return Report{}, err
	}
	report := Report{
		ID: row.ID, State: TryState(row.State), Profile: identity.Profile(kept.Profile), Outlook: kept.Outlook,
		StartedAt: row.CreatedAt, EndsAt: row.EndsAt,
	}
	if err := report.showTried(row); err != nil {
		return Report{}, err
	}
	for _, step := range kept.Steps {
		report.Steps = append(report.Steps, step.report())
	}
	if report.State == TryWaiting {
		report.Steps = append(report.Steps, s.waiting(row.OrganizationID, report.Source)...)
	}
	return report, nil
}

// showTried puts what was tried into a report, without secrets.
func (r *Report) showTried(row store.Try) error {
	if row.SourceID == identity.SSOSourceID(row.OrganizationID) {
		set, err := readSettings(row.Settings)
		set.ClientSecret = ""
		r.Tried = set.sso(false, set.Domain).filled()
		return err
	}
	t, err := readTried(row)
	r.Source = TriedSource{ID: row.SourceID, Kind: t.Kind, Rules: t.Rules}
	r.Source.Settings, _ = Values(t.Settings).filled(Schema(t.Kind)).shown(Schema(t.Kind))
	return err
}

func (k storedStep) report() ReportStep {
	r := ReportStep{Name: k.Check, State: k.State, Expected: k.Expected, Received: k.Received, Took: k.Took}
	if k.State == trace.Failing || k.State == trace.Warned {
		r.Remedy = k.Check.RemedyKey()
	}
	return r
}

// waiting tells what is to be mended when the browser does not come back.
func (s *Sources) waiting(org identity.OrganizationID, of TriedSource) []ReportStep {
	callback := s.Callback(org)
	if of.ID != "" {
		callback = s.CallbackOf(identity.Source{ID: of.ID, OrganizationID: org})
	}
	if of.Kind == identity.SourceCAS {
		return []ReportStep{{Name: trace.UpstreamService, State: trace.Noted, Expected: callback, Remedy: trace.UpstreamService.RemedyKey()}}
	}
	return []ReportStep{
		{Name: trace.AuthorizeRedirect, State: trace.Noted, Expected: callback, Remedy: trace.AuthorizeRedirect.RemedyKey()},
		{Name: trace.AuthorizeScope, State: trace.Noted, Remedy: trace.AuthorizeScope.RemedyKey()},
	}
}
