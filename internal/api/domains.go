package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// Domain is a mail domain of an organisation on the wire.
type Domain struct {
	Name     string     `json:"name"`
	Record   string     `json:"record" doc:"The text of the TXT record by which the domain is proven."`
	Exchange string     `json:"exchange" doc:"The mail server of the MX record by which the domain is proven too. It never resolves: with the preference 65535 no mail is sent there."`
	State    string     `json:"state" enum:"proven,trial,frozen" doc:"Under a frozen domain nobody is given an account; a proof ends that."`
	TrialEnd time.Time  `json:"trial_ends_at" doc:"When it freezes, or froze, unless it is proven."`
	Proven   bool       `json:"proven" doc:"The record was seen: people of the domain are led to the organisation's sign-in."`
	ProvenAt *time.Time `json:"proven_at,omitempty"`
	Source   string     `json:"source,omitempty" doc:"The identifier of the authentication source by which its people sign in; otherwise the organisation's default."`
}

func (c *call) domainShown(d identity.Domain) Domain {
	shown := Domain{
		Name: d.Name, Record: d.Record(), Exchange: d.Exchange(), Proven: d.Proven(), Source: string(d.SourceID),
		State: string(c.s.o.Directory.DomainState(d)), TrialEnd: d.TrialEnds().UTC(),
	}
	if d.Proven() {
		proven := d.ProvenAt.UTC()
		shown.ProvenAt = &proven
	}
	return shown
}

type domainsInput struct{ InOrganization }

func listDomains(ctx context.Context, c *call, in *domainsInput) (*all[Domain], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Directory.Domains(ctx, c.actor, o.ID)
	if err != nil {
		return nil, err
	}
	return whole(found, c.domainShown), nil
}

type addDomainInput struct {
	InOrganization
	Body struct {
		Name string `json:"name" doc:"Such as acme.example; an internationalised one in its ASCII form."`
	}
}

// domainMade answers where a domain was added; domains have no versions.
type domainMade struct {
	Location string `header:"Location" doc:"Where it can be removed."`
	Body     Domain
}

func addDomain(ctx context.Context, c *call, in *addDomainInput) (*domainMade, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	d, err := c.s.o.Directory.AddDomain(ctx, c.actor, o.ID, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &domainMade{Location: c.at("/organizations/" + string(o.ID) + "/domains/" + d.Name), Body: c.domainShown(d)}, nil
}

// InDomain is embedded by everything about one domain.
type InDomain struct {
	InOrganization
	Domain string `path:"domain" doc:"The domain's name."`
}

type domainInput struct{ InDomain }

// domainBody is a domain by itself.
type domainBody struct{ Body Domain }

func verifyDomain(ctx context.Context, c *call, in *domainInput) (*domainBody, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	d, err := c.s.o.Directory.ProveDomain(ctx, c.actor, o.ID, in.Domain)
	return &domainBody{c.domainShown(d)}, err
}

type changeDomainInput struct {
	InDomain
	Body struct {
		Source string `json:"source" doc:"The identifier of an authentication source; empty for the organisation's default."`
	}
}

func changeDomain(ctx context.Context, c *call, in *changeDomainInput) (*domainBody, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	d, err := c.s.o.Directory.LeadDomain(ctx, c.actor, o.ID, in.Domain, identity.SourceID(in.Body.Source))
	return &domainBody{c.domainShown(d)}, err
}

func removeDomain(ctx context.Context, c *call, in *domainInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.RemoveDomain(ctx, c.actor, o.ID, in.Domain)
}
