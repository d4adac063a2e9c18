package provision

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Delivery is an event that an address is told of.
type Delivery = store.WebhookDelivery

// DeliveryQuery narrows a page of deliveries.
type DeliveryQuery = store.DeliveryQuery

// Deliveries returns a page of what a webhook was told, newest first.
func (h *Hooks) Deliveries(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.WebhookID, q DeliveryQuery) (all []Delivery, err error) {
	if err := access.Allow(actor, access.ManageWebhooks, org); err != nil {
		return nil, err
	}
	q.Limit = store.PageSize(q.Limit)
	err = h.db.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Webhooks.Get(org, id); err != nil {
			return err
		}
		all, err = tx.Deliveries.Page(id, q)
		return err
	})
	return all, err
}

// Redeliver tells a webhook an event again, under the same identifier, and what
// waits behind it at once.
func (h *Hooks) Redeliver(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.WebhookID, event identity.EventID) error {
	if err := access.Allow(actor, access.ManageWebhooks, org); err != nil {
		return err
	}
	return h.db.Update(ctx, func(tx *store.Tx) error {
		w, err := tx.Webhooks.Get(org, id)
		if err != nil {
			return err
		}
		d, err := tx.Deliveries.Get(id, event)
		if err != nil {
			return err
		}
		d.Status, d.Attempts = store.SyncPending, 0
		if err := tx.Deliveries.Put(d); err != nil {
			return err
		}
		if err := tx.Webhooks.Hasten(id); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.WebhookRetried, aboutHook(w, map[string]string{"event": string(event)}))
	})
}

// TryHook calls an address that is not saved with an event that has not
// happened, signed by the secret that is given, or by one that nobody knows.
func (h *Hooks) TryHook(ctx context.Context, actor identity.Actor, org identity.OrganizationID, c HookChange) (o HookOutcome, err error) {
	if err := access.Allow(actor, access.ManageWebhooks, org); err != nil {
		return o, err
	}
	w := identity.Webhook{OrganizationID: org, Name: "try", Events: []string{"*"}, Secret: identity.NewWebhookSecret()}
	c.Name, c.Events = nil, nil
	c.onto(&w)
	if err := w.Validate(); err != nil {
		return o, err
	}
	var e identity.Event
	var body string
	err = h.db.Update(ctx, func(tx *store.Tx) error {
		organization, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		e = identity.Event{ID: identity.NewEventID(tx.Now()), Type: TestEvent, At: tx.Now(), ActorKind: actor.Kind, ActorName: actor.Name}
		if body, err = hookBody(organization, e); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.WebhookTried, audit.About{Organization: org, Details: map[string]string{"url": w.URL}})
	})
	if err != nil {
		return o, err
	}
	return h.post(ctx, w, string(e.ID), body), nil
}
