package application

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ExpiryKind is what ends.
type ExpiryKind string

// The kinds of what ends by itself and is missed by somebody then.
const (
	AppKeyEnds        ExpiryKind = "app_key"        // the key of an App ID before the last reset
	ClientSecretEnds  ExpiryKind = "client_secret"  // the secret of an application before the last rotation
	WebhookSecretEnds ExpiryKind = "webhook_secret" // the secret of a webhook before the last rotation
	SetupLinkEnds     ExpiryKind = "setup_link"     // a link by which the other side sets up a source
)

// Expiry is one secret, key or link with an end.
type Expiry struct {
	Kind ExpiryKind
	// ID names what it belongs to where that is managed: an App ID, a client id, a
	// webhook, a source.
	ID     string
	Name   string // of what it belongs to
	For    string // whom a set-up link was made for
	EndsAt time.Time
	part   string // tells it from others of the same thing
}

// Key sorts expiries by their end; it is what a page goes on after.
func (e Expiry) Key() string {
	return fmt.Sprintf("end:%016x:%s:%s:%s", uint64(e.EndsAt.UnixMilli()), e.Kind, e.ID, e.part)
}

// ExpiryQuery narrows what ends.
type ExpiryQuery struct {
	Kind  ExpiryKind // "" for all
	After string     // Key of the last one of the page before
	Limit int
}

const (
	// expiredFor is how long something is listed that has ended: it is looked for
	// when somebody has been refused.
	expiredFor = 7 * 24 * time.Hour
	// maxWebhooks bounds how many webhooks are looked through.
	maxWebhooks = 1000
)

// Expiries lists what ends in an organisation and what ended within a week, the
// first to end first. Keys of App IDs are listed for whoever may manage those.
// There are few of each, so they are read whole and cut into pages here.
func (a *Applications) Expiries(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q ExpiryQuery) ([]Expiry, error) {
	if err := access.Allow(actor, access.ReadExpiries, org); err != nil {
		return nil, err
	}
	var all expiries
	err := a.db.View(ctx, func(tx *store.Tx) error {
		all = expiries{since: tx.Now().Add(-expiredFor), now: tx.Now()}
		readers := []func(*store.Tx, identity.OrganizationID) error{all.secrets, all.webhooks, all.setupLinks}
		if access.Allow(actor, access.ManageAppIDs, org) == nil {
			readers = append(readers, all.appKeys)
		}
		for _, read := range readers {
			if err := read(tx, org); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all.page(q), nil
}

// expiries collects what ends.
type expiries struct {
	since, now time.Time
	found      []Expiry
}

func (e *expiries) add(x Expiry) {
	if x.EndsAt.After(e.since) {
		e.found = append(e.found, x)
	}
}

func (e *expiries) page(q ExpiryQuery) []Expiry {
	kept := slices.DeleteFunc(e.found, func(x Expiry) bool { return q.Kind != "" && x.Kind != q.Kind || x.Key() <= q.After })
	slices.SortFunc(kept, func(a, b Expiry) int { return cmp.Compare(a.Key(), b.Key()) })
	return kept[:min(len(kept), q.Limit)]
}

func (e *expiries) appKeys(tx *store.Tx, org identity.OrganizationID) error {
	found, err := tx.AppIDs.Page(org, 0, maxAppIDs)
	for _, app := range found {
		for _, key := range app.Keys {
			e.add(Expiry{Kind: AppKeyEnds, ID: app.ID, Name: app.Name, EndsAt: key.EndsAt})
		}
	}
	return err
}

func (e *expiries) secrets(tx *store.Tx, org identity.OrganizationID) error {
	found, err := tx.Applications.Page(org, store.ApplicationQuery{Slice: store.Slice{Limit: maxApplications}})
	for _, app := range found {
		for _, s := range app.Secrets {
			e.add(Expiry{Kind: ClientSecretEnds, ID: app.ClientID, Name: app.Name, EndsAt: s.EndsAt})
		}
	}
	return err
}

func (e *expiries) webhooks(tx *store.Tx, org identity.OrganizationID) error {
	found, err := tx.Webhooks.Page(org, "", maxWebhooks)
	for _, w := range found {
		e.add(Expiry{Kind: WebhookSecretEnds, ID: string(w.ID), Name: w.Name, EndsAt: w.PreviousEndsAt})
	}
	return err
}

// setupLinks lists links that the other side can still open, or could have: one
// that was decided is not missed.
func (e *expiries) setupLinks(tx *store.Tx, org identity.OrganizationID) error {
	found, err := tx.SetupLinks.List(org)
	if err != nil {
		return err
	}
	for _, l := range found {
		switch l.State {
		case identity.SetupLinkApproved, identity.SetupLinkRejected, identity.SetupLinkWithdrawn:
			continue
		}
		source, err := tx.Sources.Get(org, l.SourceID)
		if err != nil {
			return err
		}
		e.add(Expiry{Kind: SetupLinkEnds, ID: string(l.SourceID), Name: source.Name, For: l.For, EndsAt: l.EndsAt, part: string(l.ID)})
	}
	return nil
}
