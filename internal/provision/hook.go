package provision

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MaxWebhooks is how many webhooks an organisation has at most.
const MaxWebhooks = 20

// hookFor is how long one call of a webhook may take.
const hookFor = 10 * time.Second

// Hooks tell addresses of what happens in their organisations. They are safe
// for concurrent use.
type Hooks struct {
	db      *store.DB
	options Options
	client  *http.Client
	rounds  rounds[identity.WebhookID]
}

// NewHooks returns the webhooks of a database.
func NewHooks(db *store.DB, options Options) *Hooks {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	client := *options.Client
	client.Timeout = hookFor
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Hooks{db: db, options: options, client: &client}
}

// Hook is a webhook without what is secret, and how far telling it has come.
type Hook struct {
	identity.Webhook // its Secret and Previous are ""
	State            store.WebhookState
}

// HookChange edits a webhook; a nil field is left as it is.
type HookChange struct {
	Name    *string
	URL     *string
	Secret  *string // "" draws one
	Events  *[]string
	Enabled *bool
	// Overlap is how long the secret before goes on signing beside another one,
	// 0 ending it at once; nil is a day.
	Overlap *time.Duration
}

// String keeps the secret out of logs.
func (HookChange) String() string { return "[redacted]" }

// GoString keeps the secret out of %#v.
func (HookChange) GoString() string { return "[redacted]" }

// onto edits a webhook and tells which fields differ now.
func (c HookChange) onto(w *identity.Webhook) (changed audit.Edit) {
	audit.Set(&changed, "name", &w.Name, c.Name)
	audit.Set(&changed, "url", &w.URL, c.URL)
	audit.Set(&changed, "enabled", &w.Enabled, c.Enabled)
	if c.Secret != nil {
		secret := *c.Secret
		if secret == "" {
			secret = identity.NewWebhookSecret()
		}
		audit.Set(&changed, "secret", &w.Secret, &secret)
	}
	if c.Events != nil && !sameTexts(w.Events, *c.Events) {
		w.Events = *c.Events
		changed = append(changed, "events")
	}
	return changed
}

func sameTexts(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (h *Hooks) shown(tx *store.Tx, w identity.Webhook) (view Hook, err error) {
	view.State, err = tx.Webhooks.State(w.ID)
	view.Webhook = w
	view.Expire(tx.Now())
	view.Secret, view.Previous = "", ""
	return view, err
}

// Hooks returns up to limit webhooks of an organisation after one, in the order
// of their making.
func (h *Hooks) Hooks(ctx context.Context, actor identity.Actor, org identity.OrganizationID, after identity.WebhookID, limit int) (all []Hook, err error) {
	if err := access.Allow(actor, access.ManageWebhooks, org); err != nil {
		return nil, err
	}
	err = h.db.View(ctx, func(tx *store.Tx) error {
		all = nil
		page, err := tx.Webhooks.Page(org, after, store.PageSize(limit))
		for _, w := range page {
			view, err := h.shown(tx, w)
			if err != nil {
				return err
			}
			all = append(all, view)
		}
		return err
	})
	return all, err
}

// Hook returns a webhook of an organisation, or NotFound (webhook_not_found).
func (h *Hooks) Hook(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.WebhookID) (view Hook, err error) {
	if err := access.Allow(actor, access.ManageWebhooks, org); err != nil {
		return view, err
	}
	err = h.db.View(ctx, func(tx *store.Tx) error {
		w, err := tx.Webhooks.Get(org, id)
		if err == nil {
			view, err = h.shown(tx, w)
		}
		return err
	})
	return view, err
}

// AddHook makes a webhook, which is told of what happens from now on, and
// returns its secret, drawn where none was given, this once. Faults: those of
// identity.Webhook, webhook_exists, webhook_limit.
func (h *Hooks) AddHook(ctx context.Context, actor identity.Actor, org identity.OrganizationID, c HookChange) (view Hook, secret string, err error) {
	if err := access.Allow(actor, access.ManageWebhooks, org); err != nil {
		return view, "", err
	}
	if c.Secret == nil {
		c.Secret = new(string)
	}
	err = h.db.Update(ctx, func(tx *store.Tx) error {
		w := identity.Webhook{ID: identity.NewWebhookID(tx.Now()), OrganizationID: org, Enabled: true, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		c.onto(&w)
		if err := w.Validate(); err != nil {
			return err
		}
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		count, err := tx.Webhooks.Count(org)
		if err != nil {
			return err
		}
		if count >= MaxWebhooks {
			return fault.New(fault.Conflict, fault.CodeWebhookLimit).With("max", MaxWebhooks)
		}
		if err := tx.Webhooks.Insert(w); err != nil {
			return err
		}
		secret = w.Secret
		if view, err = h.shown(tx, w); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.WebhookAdded, aboutHook(w, nil))
	})
	if err != nil {
		return Hook{}, "", err
	}
	return view, secret, nil
}

func aboutHook(w identity.Webhook, details map[string]string) audit.About {
	if details == nil {
		details = map[string]string{}
	}
	details["name"] = w.Name
	return audit.About{Organization: w.OrganizationID, Target: string(w.ID), Details: details}
}

// overlap is how long the secret before goes on signing, or a fault at its field.
func (c HookChange) overlap() (time.Duration, error) {
	if c.Overlap == nil {
		return application.DefaultOverlap, nil
	}
	if *c.Overlap < 0 || *c.Overlap > application.MaxOverlap {
		return 0, fault.New(fault.Invalid, fault.CodeFieldRange).At("overlap").With("min", 0).With("max", int64(application.MaxOverlap/time.Second))
	}
	return *c.Overlap, nil
}

// edit changes a webhook as asked and returns what its event tells, nil where
// nothing differs.
func (c HookChange) edit(w *identity.Webhook, now time.Time) (details map[string]string, err error) {
	was := w.Secret
	w.Expire(now)
	changed := c.onto(w)
	overlap, err := c.overlap()
	if err = cmp.Or(w.Validate(), err); err != nil || len(changed) == 0 {
		return nil, err
	}
	w.UpdatedAt = now
	details = changed.Details()
	if secret := w.Secret; secret != was {
		w.Secret = was
		w.Rotate(secret, now, overlap)
		details["previous_ends_at"] = now.Add(overlap).Format(time.RFC3339)
	}
	return details, nil
}

// ChangeHook edits a webhook. One that is switched on is told of what happens
// from then on. A secret that is new is returned this once, else ""; the one
// before signs beside it for the overlap.
func (h *Hooks) ChangeHook(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.WebhookID, version int64, c HookChange) (view Hook, secret string, err error) {
	if err := access.Allow(actor, access.ManageWebhooks, org); err != nil {
		return view, "", err
	}
	err = h.db.Update(ctx, func(tx *store.Tx) error {
		w, err := tx.Webhooks.Get(org, id)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(version, w.Version); err != nil {
			return err
		}
		was := w
		details, err := c.edit(&w, tx.Now())
		if err != nil {
			return err
		}
		if secret = ""; w.Secret != was.Secret {
			secret = w.Secret
		}
		if details == nil {
			tx.NoEvent("nothing differs from what is stored")
			view, err = h.shown(tx, w)
			return err
		}
		if err := tx.Webhooks.Put(w); err != nil {
			return err
		}
		if w.Enabled && !was.Enabled {
			if err := tx.Webhooks.Restart(id, tx.Now()); err != nil {
				return err
			}
		}
		w.Version++
		if view, err = h.shown(tx, w); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.WebhookChanged, aboutHook(w, details))
	})
	if err != nil {
		return Hook{}, "", err
	}
	return view, secret, nil
}

// RemoveHook forgets a webhook with its deliveries.
func (h *Hooks) RemoveHook(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.WebhookID) error {
	if err := access.Allow(actor, access.ManageWebhooks, org); err != nil {
		return err
	}
	return h.db.Update(ctx, func(tx *store.Tx) error {
		w, err := tx.Webhooks.Get(org, id)
		if err != nil {
			return err
		}
		if err := tx.Webhooks.Remove(org, id); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.WebhookRemoved, aboutHook(w, nil))
	})
}
