package manifest

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
)

// webhookSecret names a webhook's secret among the applied ones.
func webhookSecret(org, name string) string {
	return "webhook:" + identity.Fold(org) + "/" + identity.Fold(name) + "/secret"
}

// webhooks looks for names given twice and for what a webhook may not be.
func (c *checker) webhooks(o *Organization) {
	if len(o.Webhooks) > provision.MaxWebhooks {
		c.wrong(o.At, "webhooks", "should be at most %d webhooks", provision.MaxWebhooks)
	}
	names := taken{}
	for _, w := range o.Webhooks {
		if w.Name == "" || w.URL == "" || w.Events == nil {
			continue // the decoder has said so
		}
		c.free(names, identity.Fold(w.Name), w.At, "name")
		secret := identity.NewWebhookSecret()
		if w.Secret.Given() {
			secret = w.Secret.Reveal()
		}
		c.rule(w.At, identity.Webhook{Name: w.Name, URL: w.URL, Events: w.Events, Secret: secret}.Validate())
	}
}

// webhookAsWritten leaves out what is secret.
func webhookAsWritten(w identity.Webhook) Webhook {
	return Webhook{Name: w.Name, URL: w.URL, Events: w.Events, Enabled: &w.Enabled}
}

func freshWebhook() Webhook { return webhookAsWritten(identity.Webhook{Enabled: true}) }

// hooks returns the webhooks of an organisation, of which there are few, in the
// order of their making.
func hooks(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID) ([]provision.Hook, error) {
	return house.Hooks.Hooks(ctx, actor, org, "", provision.MaxWebhooks)
}

// webhooks plans the webhooks of an organisation. What goes makes room first.
func (p *planner) webhooks(w Organization, of owner) error {
	if w.Webhooks == nil {
		return nil
	}
	var stored []provision.Hook
	var err error
	if !of.new {
		if stored, err = hooks(p.ctx, p.actor, p.house, of.id); err != nil {
			return err
		}
	}
	var steps []Step
	for _, one := range w.Webhooks {
		at := slices.IndexFunc(stored, func(h provision.Hook) bool { return identity.Fold(h.Name) == identity.Fold(one.Name) })
		if at < 0 {
			steps = append(steps, Step{
				Action: Create, Kind: "webhook", Name: one.Name, Of: of.code, Note: drawnNote(one.Secret, "secret"), do: createWebhook(one, of),
			})
			continue
		}
		old := stored[at]
		stored = slices.Delete(stored, at, at+1)
		fields, err := p.withSecret(differences(one, webhookAsWritten(old.Webhook)), "secret", webhookSecret(of.code, one.Name), one.Secret)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			steps = append(steps, Step{
				Action: Change, Kind: "webhook", Name: old.Name, Of: of.code, Fields: fields,
				do: changeWebhook(one, of, old.ID, fields[len(fields)-1].Secret),
			})
		}
	}
	for _, gone := range stored {
		if p.options.Prune {
			p.add(Step{Action: Remove, Kind: "webhook", Name: gone.Name, Of: of.code, do: removeWebhook(gone)})
		}
	}
	p.steps = append(p.steps, steps...)
	return nil
}

// webhookChange leaves the secret as it is.
func webhookChange(w Webhook) provision.HookChange {
	return provision.HookChange{Name: &w.Name, URL: &w.URL, Events: &w.Events, Enabled: w.Enabled}
}

func createWebhook(w Webhook, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		made := webhookChange(w)
		made.Secret = new(w.Secret.Reveal())
		_, secret, err := a.house.Hooks.AddHook(ctx, a.actor, org, made)
		if err != nil {
			return err
		}
		if !w.Secret.Given() {
			a.generated(Generated{Kind: "webhook", Name: w.Name, Of: of.code, Key: "secret", Secret: SecretOf(secret)})
		}
		return a.note(ctx, webhookSecret(of.code, w.Name), w.Secret)
	}
}

// changeWebhook edits a webhook; keyed says that its secret is another one.
func changeWebhook(w Webhook, of owner, id identity.WebhookID, keyed bool) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		change := webhookChange(w)
		change.Name = nil // found by it, whatever its letter case
		if keyed {
			change.Secret = new(w.Secret.Reveal())
		}
		if _, _, err := a.house.Hooks.ChangeHook(ctx, a.actor, of.id, id, 0, change); err != nil || !keyed {
			return err
		}
		return a.note(ctx, webhookSecret(of.code, w.Name), w.Secret)
	}
}

func removeWebhook(old provision.Hook) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Hooks.RemoveHook(ctx, a.actor, old.OrganizationID, old.ID)
	}
}

func (e *exporter) webhooks(org identity.OrganizationID) error {
	all, err := hooks(e.ctx, e.actor, e.house, org)
	if err != nil {
		return err
	}
	list := list{e: e, indent: 2, key: "webhooks"}
	for _, h := range all {
		if err := list.add(withoutDefaults(webhookAsWritten(h.Webhook), freshWebhook())); err != nil {
			return err
		}
	}
	return nil
}
