package trace

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Record is a story as it was kept.
type Record struct {
	ID           identity.TraceID
	Code         string
	Kind         Kind
	Outcome      Outcome
	At           time.Time // when it began
	Origin       identity.Origin
	Organization identity.OrganizationID // "" when none was found
	Application  identity.ApplicationID  // "" when it is about none
	Who          string                  // the account or third account that was given
	Steps        []Step
}

// storedStory is how the parts of a story that are not searched for are
// written. Names are short: there are many of them.
type storedStory struct {
	Address string       `json:"address,omitempty"`
	Who     string       `json:"who,omitempty"`
	Steps   []storedStep `json:"steps"`
}

type storedStep struct {
	Check    Check         `json:"check"`
	State    State         `json:"state"`
	Expected string        `json:"expected,omitempty"`
	Received string        `json:"received,omitempty"`
	After    time.Duration `json:"after,omitempty"`
}

// row is the story as it is stored.
func (s *Story) row() (store.TraceRow, error) {
	stored := storedStory{Who: s.who, Steps: make([]storedStep, len(s.steps))}
	if s.origin.Address.IsValid() {
		stored.Address = s.origin.Address.String()
	}
	for i, step := range s.steps {
		stored.Steps[i] = storedStep{step.Check, step.State, step.Detail.Expected, step.Detail.Received, step.After}
	}
	text, err := json.Marshal(stored)
	return store.TraceRow{
		ID: identity.NewTraceID(s.began), Code: s.code, RequestID: s.clean(s.origin.RequestID),
		OrganizationID: s.organization, ApplicationID: s.application, Kind: string(s.kind), Outcome: string(s.outcome), At: s.began, Story: text,
	}, err
}

// recordOf is the reverse of row.
func recordOf(row store.TraceRow) (Record, error) {
	var stored storedStory
	if err := json.Unmarshal(row.Story, &stored); err != nil {
		return Record{}, fmt.Errorf("trace %s: %w", row.ID, err)
	}
	r := Record{
		ID: row.ID, Code: row.Code, Kind: Kind(row.Kind), Outcome: Outcome(row.Outcome), At: row.At,
		Origin: identity.Origin{RequestID: row.RequestID}, Organization: row.OrganizationID, Application: row.ApplicationID, Who: stored.Who,
		Steps: make([]Step, len(stored.Steps)),
	}
	// An address that does not parse was never written by row; it is left out.
	r.Origin.Address, _ = netip.ParseAddr(stored.Address)
	for i, step := range stored.Steps {
		r.Steps[i] = Step{step.Check, step.State, Detail{step.Expected, step.Received}, step.After}
	}
	return r, nil
}

// Find returns the stories under a code or a request id, newest first, at most
// ten. Those the actor may not see do not exist for it; when none is left it
// is NotFound (trace_not_found).
func (k *Keeper) Find(ctx context.Context, actor identity.Actor, text string) ([]Record, error) {
	var rows []store.TraceRow
	err := k.db.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = find(tx, text)
		return err
	})
	if err != nil {
		return nil, err
	}
	var records []Record
	for _, row := range rows {
		if !maySee(actor, row.OrganizationID) && !answers(actor, row) {
			continue
		}
		r, err := recordOf(row)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	if len(records) == 0 {
		return nil, fault.New(fault.NotFound, fault.CodeTraceNotFound)
	}
	return records, nil
}

// Asked narrows a page of stories.
type Asked struct {
	Organization identity.OrganizationID
	Application  identity.ApplicationID // "" for whatever they are about
	Before       identity.TraceID       // older than this one; "" from the newest
	Limit        int
}

// Page returns stories of an organisation, newest first. A member who may not
// see them all sees those of the applications they are responsible for; who
// may see none is Forbidden.
func (k *Keeper) Page(ctx context.Context, actor identity.Actor, q Asked) ([]Record, error) {
	asked := store.TraceQuery{Organization: q.Organization, Application: q.Application, Before: q.Before, Limit: q.Limit}
	var rows []store.TraceRow
	err := k.db.View(ctx, func(tx *store.Tx) (err error) {
		if !maySee(actor, q.Organization) {
			if asked.Responsible, err = responsible(tx, actor, q.Organization); err != nil {
				return err
			}
		}
		rows, err = tx.Traces.Page(asked)
		return err
	})
	if err != nil {
		return nil, err
	}
	records := make([]Record, len(rows))
	for i, row := range rows {
		if records[i], err = recordOf(row); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// find looks for the text as it is and, since a code is often copied by hand,
// as a code.
func find(tx *store.Tx, text string) ([]store.TraceRow, error) {
	if text == "" {
		return nil, nil
	}
	rows, err := tx.Traces.Find(text)
	if err != nil || len(rows) > 0 {
		return rows, err
	}
	if code, ok := asCode(text); ok && code != text {
		return tx.Traces.Find(code)
	}
	return nil, nil
}

// maySee says who may read a story: the provider and the operator every one,
// whoever administers an organisation those of that organisation. It is the
// permission ReadTraces of the room access, which lies above this one.
func maySee(actor identity.Actor, org identity.OrganizationID) bool {
	switch actor.Kind {
	case identity.ActsAsProvider, identity.ActsAsConsole:
		return true
	}
	if org == "" || actor.OrganizationID != org {
		return false
	}
	switch actor.Kind {
	case identity.ActsAsOrgToken:
		return true
	case identity.ActsAsMember:
		return actor.Role == identity.RoleOwner || actor.Role == identity.RoleAdministrator
	}
	return false
}

// answers says that the actor is the member who is responsible for the
// application of a story.
func answers(actor identity.Actor, row store.TraceRow) bool {
	return actor.Kind == identity.ActsAsMember && actor.OrganizationID == row.OrganizationID && row.OrganizationID != "" &&
		row.Responsible != "" && actor.MemberID == row.Responsible
}

// responsible is the acting member, if they are responsible for any
// application of the organisation.
func responsible(tx *store.Tx, actor identity.Actor, org identity.OrganizationID) (identity.MemberID, error) {
	if actor.Kind == identity.ActsAsMember && org != "" && actor.OrganizationID == org {
		if ok, err := tx.Traces.Answers(org, actor.MemberID); ok || err != nil {
			return actor.MemberID, err
		}
	}
	return "", fault.New(fault.Forbidden, fault.CodeForbidden)
}
