package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
)

// Webhook is an address that is told of what happens in the organisation.
type Webhook struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	URL       string     `json:"url"`
	Events    []string   `json:"events"`
	Enabled   bool       `json:"enabled"`
	Secret    string     `json:"secret,omitempty" doc:"What signs the calls: shown when it was made, and never again."`
	Previous  *time.Time `json:"previous_ends_at,omitempty" doc:"Until when calls are signed by the secret before too; absent when they are not."`
	Attempts  int        `json:"attempts" doc:"Failures in a row."`
	NextAt    *time.Time `json:"next_at,omitempty" doc:"When a failed call is made again."`
	Version   int64      `json:"version"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
}

func webhookShown(h provision.Hook) Webhook {
	return Webhook{
		ID: string(h.ID), Name: h.Name, URL: h.URL, Events: h.Events, Enabled: h.Enabled, Attempts: h.State.Attempts, NextAt: instant(h.State.NextAt),
		Previous: instant(h.PreviousEndsAt), Version: h.Version, CreatedAt: h.CreatedAt.UTC(), UpdatedAt: h.UpdatedAt.UTC(),
	}
}

type webhooksQuery struct {
	InOrganization
	Paging
}

func listWebhooks(ctx context.Context, c *call, in *webhooksQuery) (*listed[Webhook], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	after, err := in.after("whk_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Hooks.Hooks(ctx, c.actor, o.ID, identity.WebhookID(after), in.Limit+1)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(h provision.Hook) string { return string(h.ID) }, webhookShown), nil
}

// NewWebhook is the body that makes a webhook.
type NewWebhook struct {
	Name    string   `json:"name" doc:"The name, 1 to 64 characters, unique in the organisation whatever the letter case."`
	URL     string   `json:"url" doc:"Where the calls go: https."`
	Events  []string `json:"events" doc:"The kinds of events: member.added, all of a noun as in member.*, or *. The kinds are in audit-events.md."`
	Enabled *bool    `json:"enabled,omitempty" doc:"Default true."`
	Secret  string   `json:"secret,omitempty" doc:"whsec_ and 24 to 64 bytes in base64. Left out, one is made."`
}

type addWebhookInput struct {
	InOrganization
	Body NewWebhook
}

func addWebhook(ctx context.Context, c *call, in *addWebhookInput) (*made[Webhook], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	b := in.Body
	h, secret, err := c.s.o.Hooks.AddHook(ctx, c.actor, o.ID, provision.HookChange{
		Name: &b.Name, URL: &b.URL, Events: &b.Events, Enabled: b.Enabled, Secret: &b.Secret,
	})
	if err != nil {
		return nil, err
	}
	view := webhookShown(h)
	view.Secret = secret
	return &made[Webhook]{ETag: etag(h.Version), Location: c.at("/organizations/" + string(o.ID) + "/webhooks/" + string(h.ID)), Body: view}, nil
}

// InWebhook is embedded by everything about one webhook.
type InWebhook struct {
	InOrganization
	Webhook string `path:"webhook" doc:"The webhook's identifier."`
}

// webhook finds the webhook that a call is about.
func (c *call) webhook(ctx context.Context, in InWebhook) (h provision.Hook, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return h, err
	}
	return c.s.o.Hooks.Hook(ctx, c.actor, o.ID, identity.WebhookID(in.Webhook))
}

type webhookInput struct {
	InWebhook
	Known
}

func getWebhook(ctx context.Context, c *call, in *webhookInput) (*single[Webhook], error) {
	h, err := c.webhook(ctx, in.InWebhook)
	if err != nil {
		return nil, err
	}
	return &single[Webhook]{ETag: etag(h.Version), Body: webhookShown(h)}, nil
}

// WebhookChange is an edit of a webhook; what is left out stays.
type WebhookChange struct {
	Name    *string   `json:"name,omitempty"`
	URL     *string   `json:"url,omitempty"`
	Events  *[]string `json:"events,omitempty"`
	Enabled *bool     `json:"enabled,omitempty" doc:"What happens while it is off is not told later."`
	Secret  *string   `json:"secret,omitempty" doc:"Empty makes a new one, which is shown in the answer. The one before signs too for a day."`
}

type changeWebhookInput struct {
	InWebhook
	Unchanged
	Body WebhookChange
}

func changeWebhook(ctx context.Context, c *call, in *changeWebhookInput) (*single[Webhook], error) {
	h, err := c.webhook(ctx, in.InWebhook)
	if err != nil {
		return nil, err
	}
	version, err := in.version(h.Version)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return hookShown(c.s.o.Hooks.ChangeHook(ctx, c.actor, h.OrganizationID, h.ID, version, provision.HookChange{
		Name: b.Name, URL: b.URL, Events: b.Events, Enabled: b.Enabled, Secret: b.Secret,
	}))
}

// hookShown answers with a webhook and with its secret where that is new.
func hookShown(h provision.Hook, secret string, err error) (*single[Webhook], error) {
	if err != nil {
		return nil, err
	}
	view := webhookShown(h)
	view.Secret = secret
	return &single[Webhook]{ETag: etag(h.Version), Body: view}, nil
}

// RotateWebhook is the body that gives a webhook a new secret.
type RotateWebhook struct {
	Secret  string `json:"secret,omitempty" doc:"whsec_ and 24 to 64 bytes in base64. Left out, one is made."`
	Overlap *int   `json:"overlap,omitempty" doc:"For how many seconds calls are signed by the secret before too, at most 90 days; 0 ends it at once. Default 86400, a day."`
}

type rotateWebhookInput struct {
	InWebhook
	Unchanged
	Body RotateWebhook
}

func rotateWebhookSecret(ctx context.Context, c *call, in *rotateWebhookInput) (*single[Webhook], error) {
	h, err := c.webhook(ctx, in.InWebhook)
	if err != nil {
		return nil, err
	}
	version, err := in.version(h.Version)
	if err != nil {
		return nil, err
	}
	overlap := application.DefaultOverlap
	putSeconds(&overlap, in.Body.Overlap)
	change := provision.HookChange{Secret: &in.Body.Secret, Overlap: &overlap}
	return hookShown(c.s.o.Hooks.ChangeHook(ctx, c.actor, h.OrganizationID, h.ID, version, change))
}

type removeWebhookInput struct {
	InWebhook
	Unchanged
}

func removeWebhook(ctx context.Context, c *call, in *removeWebhookInput) (*empty, error) {
	h, err := c.webhook(ctx, in.InWebhook)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(h.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Hooks.RemoveHook(ctx, c.actor, h.OrganizationID, h.ID)
}

// WebhookDelivery is an event that a webhook is told of.
type WebhookDelivery struct {
	Event      string    `json:"event" doc:"The event's identifier, as in the header webhook-id."`
	Type       string    `json:"type"`
	Status     string    `json:"status" enum:"pending,success,failed"`
	Body       string    `json:"body" doc:"What is sent."`
	Answer     string    `json:"answer" doc:"The beginning of what came back."`
	HTTPStatus int       `json:"http_status" doc:"0 when no answer came."`
	Failure    string    `json:"failure" enum:",unreachable,signature,abnormal"`
	Remedy     string    `json:"remedy" doc:"How to mend the failure; else empty."`
	DurationMS int64     `json:"duration_ms"`
	Attempts   int       `json:"attempts"`
	At         time.Time `json:"at" doc:"Of the last attempt."`
}

func (c *call) deliveryShown(d provision.Delivery) WebhookDelivery {
	return WebhookDelivery{
		Event: string(d.EventID), Type: d.Type, Status: string(d.Status), Body: d.Body, Answer: d.Answer, HTTPStatus: d.HTTPStatus,
		Failure: d.Failure, Remedy: c.remedy(provision.Class(d.Failure)), DurationMS: d.Duration.Milliseconds(), Attempts: d.Attempts, At: d.At.UTC(),
	}
}

type deliveriesQuery struct {
	InWebhook
	Paging
	Status string `query:"status" enum:"pending,success,failed" doc:"Only those of which this came."`
	Type   string `query:"type" doc:"Only those of this kind of event."`
}

func listDeliveries(ctx context.Context, c *call, in *deliveriesQuery) (*listed[WebhookDelivery], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	before, err := in.after("evt_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Hooks.Deliveries(ctx, c.actor, o.ID, identity.WebhookID(in.Webhook), provision.DeliveryQuery{
		Status: provision.RecordStatus(in.Status), Type: in.Type, Before: identity.EventID(before), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(d provision.Delivery) string { return string(d.EventID) }, c.deliveryShown), nil
}

type redeliverInput struct {
	InWebhook
	Delivery string `path:"delivery" doc:"The event's identifier."`
}

func redeliver(ctx context.Context, c *call, in *redeliverInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Hooks.Redeliver(ctx, c.actor, o.ID, identity.WebhookID(in.Webhook), identity.EventID(in.Delivery))
}

// WebhookTry is the body that tries an address that is not saved.
type WebhookTry struct {
	URL    string `json:"url"`
	Secret string `json:"secret,omitempty" doc:"Left out, the call is signed by one that nobody knows."`
}

type tryWebhookInput struct {
	InOrganization
	Body WebhookTry
}

// WebhookTried is what came of a try.
type WebhookTried struct {
	Passed     bool   `json:"passed"`
	HTTPStatus int    `json:"http_status" doc:"0 when no answer came."`
	Answer     string `json:"answer" doc:"The beginning of what came back."`
	DurationMS int64  `json:"duration_ms"`
	Failure    string `json:"failure" enum:",unreachable,signature,abnormal"`
	Detail     string `json:"detail" doc:"Why no answer came; else empty."`
	Remedy     string `json:"remedy" doc:"How to mend the failure; else empty."`
}

func tryWebhook(ctx context.Context, c *call, in *tryWebhookInput) (*answered[WebhookTried], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	change := provision.HookChange{URL: &in.Body.URL}
	if in.Body.Secret != "" {
		change.Secret = &in.Body.Secret
	}
	outcome, err := c.s.o.Hooks.TryHook(ctx, c.actor, o.ID, change)
	if err != nil {
		return nil, err
	}
	view := WebhookTried{
		Passed: outcome.Passed(), HTTPStatus: outcome.Status, Answer: outcome.Answer, DurationMS: outcome.Duration.Milliseconds(),
		Failure: string(outcome.Class), Remedy: c.remedy(outcome.Class),
	}
	if outcome.Cause != nil {
		view.Detail = c.sentence(outcome.Cause)
	}
	return &answered[WebhookTried]{Body: view}, nil
}
