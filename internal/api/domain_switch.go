package api

import (
	"context"

	"github.com/orgate/orgate/internal/directory"
)

// DomainSwitch is the body that gives the accounts of members another domain.
type DomainSwitch struct {
	Members []string `json:"members" maxItems:"200" doc:"The identifiers of at least one and at most 200 members with managed accounts who are active."`
	Domain  string   `json:"domain" doc:"A domain of the organisation that is not frozen."`
	DryRun  bool     `json:"dry_run,omitempty" doc:"Only tell what would become of each."`
}

// DomainSwitched is what became of all.
type DomainSwitched struct {
	DryRun bool          `json:"dry_run"`
	Notice string        `json:"notice" doc:"What it means for the people, in the caller's language."`
	Items  []SwitchedOne `json:"items"`
}

// SwitchedOne is what became of one member, or would.
type SwitchedOne struct {
	Member string `json:"member"`
	Before string `json:"before,omitempty" doc:"The account name until now. It signs in no longer and is free for others."`
	After  string `json:"after,omitempty" doc:"The account name from now on."`
	Result string `json:"result" enum:"switched,unchanged,refused"`
	Code   string `json:"code,omitempty" doc:"Of a refusal: the stable name of the problem."`
	Detail string `json:"detail,omitempty" doc:"Of a refusal: what is wrong and how to mend it."`
}

func (c *call) switchedOne(s directory.Switched) SwitchedOne {
	one := SwitchedOne{Member: string(s.Member), Before: s.Before, After: s.After, Result: "switched"}
	switch {
	case s.Refusal != nil:
		one.Result, one.Code, one.Detail = "refused", string(s.Refusal.Code), c.sentence(s.Refusal)
	case s.Before == s.After:
		one.Result = "unchanged"
	}
	return one
}

type switchDomainInput struct {
	InOrganization
	Body DomainSwitch
}

type switchDomainOutput struct{ Body DomainSwitched }

func switchDomain(ctx context.Context, c *call, in *switchDomainInput) (*switchDomainOutput, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	switched, err := c.s.o.Directory.SwitchDomain(ctx, c.actor, o.ID, directory.DomainSwitch{
		Members: memberIDs(in.Body.Members), Domain: in.Body.Domain, DryRun: in.Body.DryRun,
	})
	if err != nil {
		return nil, err
	}
	answer := &switchDomainOutput{DomainSwitched{DryRun: in.Body.DryRun, Notice: c.text("notice.domain_switch")}}
	answer.Body.Items = whole(switched, c.switchedOne).Body.Items
	return answer, nil
}
