package oidc

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// kept is a request that waits while a person is asked. Its own address is
// short and stays the same however often the browser comes back, and the moment
// of the first asking does not move with the clock.
type kept struct {
	Path  string `json:"path"`
	Query string `json:"query"`
	At    int64  `json:"at"` // milliseconds
}

const (
	keptField = "asked"
	// keptLife is how long a person may take; the pages of the sign-in wait no
	// longer.
	keptLife = 10 * time.Minute
)

// errRate is told on a page of ours, and leaves no story: whoever is turned away
// for asking too often must not have anything stored by it.
var errRate = fault.New(fault.TooMany, fault.CodeRateLimited)

// keep stores a request and leads the browser to it by GET: a form that another
// site posted carries no cookie of ours (SameSite=Lax), and credentials must
// not be posted on (RFC 9700, 4.12). Anybody may have a request kept: it counts
// against the rate of their address, and is as long as a form may be at most.
func (p *Provider) keep(w http.ResponseWriter, r *http.Request, clientID, raw string) error {
	if p.host.Allow != nil && !p.host.Allow(p.host.Origin(r)) {
		w.Header().Set("Retry-After", "1")
		return errRate
	}
	payload, err := json.Marshal(kept{r.URL.Path, raw, p.host.Now().UnixMilli()})
	if err != nil {
		return err
	}
	secret, err := p.host.Tickets.Issue(r.Context(), identity.TicketAsked, payload, keptLife)
	if err != nil {
		return err
	}
	query := url.Values{keptField: {secret}}
	if clientID != "" {
		query.Set("client_id", clientID)
	}
	lead(w, r.URL.Path+"?"+query.Encode(), http.StatusSeeOther)
	return nil
}

// recall reads a request that was kept. It is not spent: what stands in it is
// nothing that could not be sent again, and people go back.
func (p *Provider) recall(ctx context.Context, path string, sent parameters) (parameters, kept, error) {
	var k kept
	t, err := p.host.Tickets.Look(ctx, identity.TicketAsked, sent.get(keptField))
	if err != nil {
		return parameters{}, k, err
	}
	if err := json.Unmarshal(t.Payload, &k); err != nil {
		return parameters{}, k, err
	}
	whole, err := parse(k.Query)
	if err != nil {
		return parameters{}, k, err
	}
	if k.Path != path || whole.get("client_id") != sent.get("client_id") {
		return parameters{}, k, fault.New(fault.NotFound, fault.CodeTicket)
	}
	return whole, k, nil
}
