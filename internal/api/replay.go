package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
)

// DraftedControl is the access control of an application as it would be saved;
// what is left out is as stored.
type DraftedControl struct {
	Default  string       `json:"default,omitempty" doc:"allow or deny; left out, as stored, and allow where none was chosen."`
	Policies *[]NewPolicy `json:"policies,omitempty" doc:"All policies in their order, at most 50; left out, those that are stored."`
}

func (d DraftedControl) draft() (out policy.Draft, err error) {
	out.Default = identity.PolicyDecision(d.Default)
	if d.Policies == nil {
		return out, nil
	}
	drafted := make([]policy.NewPolicy, len(*d.Policies))
	for i, p := range *d.Policies {
		if drafted[i], err = p.read(); err != nil {
			return out, err
		}
	}
	out.Policies = &drafted
	return out, nil
}

// read is the policy as the rest of the product knows it.
func (p NewPolicy) read() (policy.NewPolicy, error) {
	times, err := p.Schedule.read()
	return policy.NewPolicy{
		Name: p.Name, Description: p.Description, Schedule: times, Regions: regionIDs(p.Regions), Decision: identity.PolicyDecision(p.Decision),
		ReportOnly: p.ReportOnly,
	}, err
}

// Replay is what a draft says of the entries of the last seven days.
type Replay struct {
	Since          time.Time       `json:"since" doc:"From when on entries were looked at."`
	Until          time.Time       `json:"until"`
	Complete       bool            `json:"complete" doc:"That is all seven days. The log of a very large organisation is looked through newest first, to a bound."`
	Entries        int             `json:"entries" doc:"Of members into the application, by whatever protocol."`
	AddressUnknown int             `json:"address_unknown" doc:"Entries of which the log has no address: they lie in no region."`
	Stopped        int             `json:"stopped" doc:"Entries that the draft would have denied."`
	Asked          int             `json:"asked" doc:"Entries for which it would have asked a second proof that had not been given."`
	PeopleStopped  int             `json:"people_stopped" doc:"Different members."`
	PeopleAsked    int             `json:"people_asked" doc:"Different members."`
	Items          []ReplayedEntry `json:"items" doc:"What would have been stopped or asked."`
	Next           string          `json:"next,omitempty" doc:"The cursor of the following page; absent on the last."`
}

// ReplayedEntry is an entry that a draft would have stopped or asked.
type ReplayedEntry struct {
	Event    string    `json:"event" doc:"Its event in the log."`
	At       time.Time `json:"at"`
	Member   string    `json:"member"`
	Name     string    `json:"name,omitempty" doc:"The member's; left out for one who is gone."`
	Address  string    `json:"address,omitempty" doc:"From which they entered."`
	Decision string    `json:"decision" enum:"deny,second_verification"`
	Policy   string    `json:"policy,omitempty" doc:"The name of the policy that decides; left out where it is the default."`
}

func replayedShown(m policy.Met) ReplayedEntry {
	shown := ReplayedEntry{Event: string(m.Event), At: m.At.UTC(), Member: string(m.Member), Name: m.Name, Decision: string(m.Decision), Policy: m.Policy}
	if m.Address.IsValid() {
		shown.Address = m.Address.String()
	}
	return shown
}

type replayInput struct {
	InApplication
	Paging
	Order string `query:"order" enum:"newest,oldest" default:"newest" doc:"Which entries come first."`
	Body  DraftedControl
}

// replayed is the answer of a replay.
type replayed struct {
	Link string `header:"Link" doc:"The following page, as in RFC 8288, with the relation next; it takes the same body."`
	Body Replay
}

func replayPolicies(ctx context.Context, c *call, in *replayInput) (*replayed, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	after, err := in.after("evt_")
	if err != nil {
		return nil, err
	}
	draft, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	r, err := c.s.o.Policies.Replay(ctx, c.actor, o.ID, in.ClientID, policy.Replay{
		Draft: draft, OldestFirst: in.Order == "oldest", After: identity.EventID(after), Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	page := paged(c, in.Paging, r.Met, func(m policy.Met) string { return string(m.Event) }, replayedShown)
	return &replayed{Link: page.Link, Body: Replay{
		Since: r.Since.UTC(), Until: r.Until.UTC(), Complete: r.Complete, Entries: r.Entries, AddressUnknown: r.Unplaced, Stopped: r.Stopped,
		Asked: r.Asked, PeopleStopped: r.PeopleStopped, PeopleAsked: r.PeopleAsked, Items: page.Body.Items, Next: page.Body.Next,
	}}, nil
}
