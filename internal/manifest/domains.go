package manifest

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// domains makes of domain and domains the organisation's own domain and those
// that are added to it.
func (c *checker) domains(o *Organization) {
	key := "domain"
	if o.Domains != nil {
		key = "domains"
		if len(o.Domains) == 0 {
			c.wrong(o.At, key, "should begin with the organisation's own domain; leave the key out where there is none")
			return
		}
		own := strings.ToLower(o.Domains[0])
		if o.Domain != nil && !strings.EqualFold(*o.Domain, own) {
			c.wrong(o.At, "domain", "contradicts domains; give one of the two")
		}
		o.Domain, o.Domains = &own, c.added(o, own)
	}
	if o.Domain == nil {
		return
	}
	lower := strings.ToLower(*o.Domain)
	o.Domain = &lower
	if lower != "" && (len(lower) > 255 || !domainPattern().MatchString(lower)) {
		c.wrong(o.At, key, "should be a domain such as acme.example")
	}
}

// added returns the domains that are listed after the organisation's own, as
// they are stored.
func (c *checker) added(o *Organization, own string) []string {
	more := []string{}
	for _, text := range o.Domains[1:] {
		name, err := identity.DomainName(text)
		switch {
		case err != nil:
			c.wrong(o.At, "domains", "%s: %s", text, c.problems.sentence(fault.Of(err)))
		case name == own || slices.Contains(more, name):
			c.wrong(o.At, "domains", "names %s twice", name)
		default:
			more = append(more, name)
		}
	}
	return more
}

// domainSources looks for domains given twice.
func (c *checker) domainSources(all []DomainSource) {
	seen := taken{}
	for i := range all {
		d := &all[i]
		if d.Domain == "" {
			continue
		}
		name, err := identity.DomainName(d.Domain)
		c.rule(d.At, err)
		d.Domain = name
		c.free(seen, name, d.At, "domain")
	}
}

// noted are the domains of an organisation that are stored, by name, without its
// own.
func (p *planner) noted(of owner, own string) (map[string]identity.Domain, error) {
	byName := map[string]identity.Domain{}
	if of.new {
		return byName, nil
	}
	all, err := p.house.Directory.Domains(p.ctx, p.actor, of.id)
	for _, d := range all {
		if d.Name != strings.ToLower(own) {
			byName[d.Name] = d
		}
	}
	return byName, err
}

// domains plans which domains an organisation has beside its own. Those that go
// make room for those that come.
func (p *planner) domains(w Organization, of owner, stored identity.Organization) error {
	if w.Domains == nil {
		return nil
	}
	limits, own := stored.Limits, or(w.Domain, stored.Domain)
	take(&limits, limitsWanted(w.Limits, limits))
	left, err := p.noted(of, own)
	if err != nil {
		return err
	}
	var coming []string
	for _, name := range w.Domains {
		if _, there := left[name]; !there {
			coming = append(coming, name)
		}
		delete(left, name)
	}
	total := 1 + len(w.Domains)
	for _, name := range slices.Sorted(maps.Keys(left)) {
		if !p.options.Prune {
			total++
			continue
		}
		p.add(Step{Action: Remove, Kind: "domain", Name: name, Of: of.code, do: removeDomain(name, of)})
	}
	if most := limits.MostDomains(); total > most && len(coming) > 0 {
		at := w.At
		at.Path = join(at.Path, "domains")
		p.problems.add(at, "%s", p.problems.sentence(fault.New(fault.Conflict, fault.CodeDomainLimit).With("max", most)))
	}
	for _, name := range coming {
		p.add(Step{Action: Create, Kind: "domain", Name: name, Of: of.code, do: addDomain(name, of)})
	}
	return nil
}

func addDomain(name string, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		_, err = a.house.Directory.AddDomain(ctx, a.actor, org, name)
		return err
	}
}

func removeDomain(name string, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Directory.RemoveDomain(ctx, a.actor, of.id, name)
	}
}

// domainSources plans by which source the people of a domain sign in, once the
// source is there.
func (p *planner) domainSources(w Organization, of owner, stored identity.Organization) error {
	if len(w.DomainSources) == 0 {
		return nil
	}
	own := or(w.Domain, stored.Domain)
	noted, err := p.noted(of, "") // the own one has a source, too
	if err != nil {
		return err
	}
	names := map[identity.SourceID]string{}
	if !of.new {
		if names, err = sourceNames(p.ctx, p.actor, p.house, of.id); err != nil {
			return err
		}
	}
	for _, d := range w.DomainSources {
		old, there := noted[d.Domain]
		if !there && d.Domain != own && !slices.Contains(w.Domains, d.Domain) {
			p.problems.add(d.At, "%s is no domain of %s, neither here nor stored", d.Domain, of.code)
			continue
		}
		was, name := names[old.SourceID], or(d.Source, "")
		if identity.Fold(was) == identity.Fold(name) {
			continue
		}
		at := d.At
		at.Path = join(at.Path, "source")
		if err := p.needSource(at, name, w, of); err != nil {
			return err
		}
		p.add(Step{
			Action: Change, Kind: "domain", Name: d.Domain, Of: of.code,
			Fields: []FieldChange{{Key: "source", Old: quoted(was), New: quoted(name)}}, do: leadDomain(d.Domain, name, of),
		})
	}
	return nil
}

// needSource reports, at the key that names it, a source that will not be there.
func (p *planner) needSource(at Position, name string, w Organization, of owner) error {
	if name == "" {
		return nil
	}
	there, err := p.willHaveSource(name, w, of)
	if err == nil && !there {
		p.problems.add(at, "there is no source %q in %s, neither here nor stored", name, of.code)
	}
	return err
}

func leadDomain(domain, name string, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		source, err := a.source(ctx, org, name)
		if err != nil {
			return err
		}
		// The organisation's own domain is noted when something is said about it.
		if _, err := a.house.Directory.AddDomain(ctx, a.actor, org, domain); err != nil {
			return err
		}
		_, err = a.house.Directory.LeadDomain(ctx, a.actor, org, domain, source)
		return err
	}
}

// source finds a source by its name; "" is none.
func (a *applier) source(ctx context.Context, org identity.OrganizationID, name string) (identity.SourceID, error) {
	if name == "" {
		return "", nil
	}
	names, err := sourceNames(ctx, a.actor, a.house, org)
	if err != nil {
		return "", err
	}
	id, ok := sourceOf(names, name)
	if !ok {
		return "", fault.New(fault.NotFound, fault.CodeSourceNotFound)
	}
	return id, nil
}

// domains puts the domains of an organisation into what is exported, and returns
// those whose people have a source of their own.
func (e *exporter) domains(o identity.Organization, names map[identity.SourceID]string, written *Organization) (led []DomainSource, err error) {
	all, err := e.house.Directory.Domains(e.ctx, e.actor, o.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	list := []string{o.Domain}
	for _, d := range all {
		if d.Name != strings.ToLower(o.Domain) {
			list = append(list, d.Name)
		}
		if d.SourceID != "" {
			led = append(led, DomainSource{Domain: d.Name, Source: new(names[d.SourceID])})
		}
	}
	if len(list) > 1 {
		written.Domain, written.Domains = nil, list
	}
	return led, nil
}

func (e *exporter) domainSources(led []DomainSource) error {
	all := list{e: e, indent: 2, key: "domain_sources"}
	for _, d := range led {
		if err := all.add(d); err != nil {
			return err
		}
	}
	return nil
}
