package tryout

import (
	"context"
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// StepName names one exchange of the flow. Its sentence is "tryout.step." with
// the name.
type StepName string

// The steps, in their order.
const (
	StepAuthorize StepName = "authorize" // the person is sent, and comes back
	StepToken     StepName = "token"     // the code becomes tokens
	StepIDToken   StepName = "id_token"  // the ID token is proven
	StepUserInfo  StepName = "user_info" // claims are asked for
	StepRefresh   StepName = "refresh"   // the refresh token becomes the next
	StepOwn       StepName = "own"       // the application gets a token for itself
	StepRelease   StepName = "release"   // what the claim rules gave
)

// Mark is how a step or a check came out.
type Mark string

// The marks.
const (
	Passed Mark = "passed"
	Failed Mark = "failed"
	Noted  Mark = "noted" // nothing is wrong, but it deserves a look
)

// Step is one exchange with what was looked at in it.
type Step struct {
	Name    StepName `json:"name"`
	Mark    Mark     `json:"mark"`
	Request string   `json:"request,omitempty"` // as it was sent, secrets described
	Answer  string   `json:"answer,omitempty"`
	Tokens  []Token  `json:"tokens,omitempty"`
	Checks  []Check  `json:"checks,omitempty"`
	// Remedy is the key of the sentence that tells how to mend a failure, ""
	// where nothing has to be.
	Remedy string `json:"remedy,omitempty"`
}

// Token is a token that was opened. Its signature is left out.
type Token struct {
	Kind   string `json:"kind"`   // id_token or access_token
	Header string `json:"header"` // JSON
	Claims string `json:"claims"` // JSON
}

// Check is one thing that was looked at. Its sentence is "tryout.check." with
// the name.
type Check struct {
	Name     string `json:"name"`
	Mark     Mark   `json:"mark"`
	Expected string `json:"expected,omitempty"`
	Received string `json:"received,omitempty"`
}

// Claim is something that was released of the person, or that a rule would have
// released if there were a value.
type Claim struct {
	Name      string `json:"name"`
	Value     string `json:"value"` // a text, or JSON; "" for nothing
	IDToken   bool   `json:"id_token"`
	UserInfo  bool   `json:"user_info"`
	Scope     string `json:"scope,omitempty"`     // the scope that released it
	Attribute string `json:"attribute,omitempty"` // of the application's rule that released it
}

// record is what is kept of a try that ended.
type record struct {
	Steps  []Step  `json:"steps"`
	Claims []Claim `json:"claims"`
}

// Report tells how a try went.
type Report struct {
	ID       identity.TryID
	State    store.TryState
	ClientID string // of the stored application, "" for a new one
	// Tried is the application as it would be saved, on Version of the stored
	// one.
	Tried   identity.Application
	Version int64
	// URL is where the browser goes on, while the try waits.
	URL    string
	Steps  []Step
	Claims []Claim
	EndsAt time.Time
}

// Passed reports whether the settings did what they should.
func (r Report) Passed() bool { return r.State == store.TryPassed }

// Report returns a try for whoever manages the organisation's applications, or
// NotFound (try_not_found). It can be read for a day.
func (t *Tryout) Report(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.TryID) (Report, error) {
	row, p, err := t.load(ctx, actor, org, id)
	if err != nil {
		return Report{}, err
	}
	r := Report{ID: row.ID, State: row.State, ClientID: row.ClientID, Tried: p.Application, Version: p.Version, EndsAt: row.EndsAt}
	switch {
	case len(row.Report) > 0:
		var kept record
		err = json.Unmarshal(row.Report, &kept)
		r.Steps, r.Claims = kept.Steps, kept.Claims
	case t.options.Now().Before(row.CreatedAt.Add(identity.TryRun)):
		r.URL = t.authorizeURL(row.ID, p)
	default:
		r.State = store.TryFailed // nobody came back in time
	}
	return r, err
}
