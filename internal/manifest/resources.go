package manifest

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// resources looks for what is granted twice, and brings ends into their one
// spelling, so that a plan compares like with like.
func (c *checker) resources(all []Resource) {
	seen := taken{}
	for i := range all {
		r := &all[i]
		if r.ID == "" || r.Kind == "" || r.EndsAt == "" {
			continue // the decoder has said so
		}
		c.free(seen, r.Kind+" "+r.ID, r.At, "id")
		end, err := time.Parse(time.RFC3339, r.EndsAt)
		if err != nil {
			c.wrong(r.At, "ends_at", "is no instant; write it with its offset, such as \"2030-12-31T23:59:59Z\"")
			continue
		}
		r.EndsAt = instantAsWritten(end)
		wanted := grantWanted(*r)
		c.rule(r.At, resource.Check([]resource.Grant{wanted}))
	}
}

// instantAsWritten is the one spelling of an instant, as exact as it is stored.
func instantAsWritten(at time.Time) string {
	return at.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
}

// grantWanted is what a checked resource grants.
func grantWanted(r Resource) resource.Grant {
	end, _ := time.Parse(time.RFC3339, r.EndsAt) // the checker has read it
	return resource.Grant{
		Ref: r.ID, New: true, Kind: identity.ResourceKind(r.Kind), Package: identity.RoomPackage(or(r.Package, "")), Count: r.Count, EndsAt: end,
		Disabled: or(r.Disabled, false), Order: or(r.Order, ""),
	}
}

func resourceAsWritten(r identity.Resource) Resource {
	size := string(r.Package)
	return Resource{
		ID: r.Ref, Kind: string(r.Kind), Package: &size, Count: r.Count, EndsAt: instantAsWritten(r.EndsAt), Disabled: &r.Disabled, Order: &r.Order,
	}
}

func freshResource(kind identity.ResourceKind) Resource {
	fresh := identity.Resource{Kind: kind}
	if kind == identity.ResourceRooms {
		fresh.Package = identity.SmallestPackage
	}
	return resourceAsWritten(fresh)
}

// resourceKey is what a resource is found by: the provider's name for it is
// unique among those of one kind.
type resourceKey struct {
	kind identity.ResourceKind
	ref  string
}

// eachResource visits what is granted to an organisation, oldest first.
func eachResource(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID, visit func(identity.Resource) error) error {
	var after string
	for {
		page, err := house.Resources.List(ctx, actor, org, resource.Query{Slice: resource.Slice{After: after, Limit: pageSize}})
		if err != nil {
			return err
		}
		for _, r := range page.Items {
			if err := visit(r); err != nil {
				return err
			}
			after = string(r.ID)
		}
		if len(page.Items) < pageSize {
			return nil
		}
	}
}

// resources plans what is granted to an organisation, and returns what is stored
// and not listed: it is taken back when nothing uses it any more.
func (p *planner) resources(w Organization, of owner) (left []identity.Resource, err error) {
	if w.Resources == nil {
		return nil, nil
	}
	stored, order := map[resourceKey]identity.Resource{}, []resourceKey(nil)
	if !of.new {
		err = eachResource(p.ctx, p.actor, p.house, of.id, func(r identity.Resource) error {
			key := resourceKey{r.Kind, r.Ref}
			stored[key] = r
			order = append(order, key)
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	for _, r := range w.Resources {
		key := resourceKey{identity.ResourceKind(r.Kind), r.ID}
		old, exists := stored[key]
		delete(stored, key)
		switch fields := differences(r, resourceAsWritten(old)); {
		case !exists:
			p.add(Step{Action: Create, Kind: "resource", Name: r.ID, Of: of.code, Note: r.Kind, do: grantResource(r, of)})
		case r.Package != nil && *r.Package != string(old.Package):
			at := r.At
			at.Path = join(at.Path, "package")
			p.problems.add(at, "never changes: it is %q; grant another resource instead", old.Package)
		case len(fields) > 0:
			p.add(Step{Action: Change, Kind: "resource", Name: r.ID, Of: of.code, Fields: fields, do: changeResource(r, old)})
		}
	}
	for _, key := range order {
		if old, unlisted := stored[key]; unlisted {
			left = append(left, old)
		}
	}
	return left, nil
}

func grantResource(r Resource, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		_, err = a.house.Resources.Grant(ctx, a.actor, org, []resource.Grant{grantWanted(r)})
		return err
	}
}

func changeResource(r Resource, old identity.Resource) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		wanted := grantWanted(r)
		_, err := a.house.Resources.Change(ctx, a.actor, old.OrganizationID, old.ID, 0, resource.Change{
			Count: &wanted.Count, EndsAt: &wanted.EndsAt, Disabled: r.Disabled, Order: r.Order,
		})
		return err
	}
}

// pruneResources plans to take resources back.
func (p *planner) pruneResources(left []identity.Resource, of owner) {
	if !p.options.Prune {
		return
	}
	for _, old := range left {
		p.add(Step{Action: Remove, Kind: "resource", Name: old.Ref, Of: of.code, Note: string(old.Kind), do: func(ctx context.Context, a *applier) error {
			return a.house.Resources.Withdraw(ctx, a.actor, old.OrganizationID, []identity.ResourceID{old.ID})
		}})
	}
}

func (e *exporter) resources(org identity.OrganizationID) error {
	resources := list{e: e, indent: 2, key: "resources"}
	return eachResource(e.ctx, e.actor, e.house, org, func(r identity.Resource) error {
		return resources.add(withoutDefaults(resourceAsWritten(r), freshResource(r.Kind)))
	})
}
