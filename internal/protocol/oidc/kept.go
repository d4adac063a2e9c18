package oidc

import (
	"context"
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/protocol"
)

// keptField says where a request that waits was kept.
const keptField = protocol.KeptField

// keep stores a request and leads the browser to it by GET: a form that another
// site posted carries no cookie of ours (SameSite=Lax), and credentials must
// not be posted on (RFC 9700, 4.12). It is as long as a form may be at most.
func (p *Provider) keep(w http.ResponseWriter, r *http.Request, clientID, raw string) error {
	word, err := p.host.Keep(w, r, raw)
	if err != nil {
		return err
	}
	query := url.Values{keptField: {word}}
	if clientID != "" {
		query.Set("client_id", clientID)
	}
	protocol.Lead(w, r.URL.Path+"?"+query.Encode(), http.StatusSeeOther)
	return nil
}

// recall reads a request that was kept. It is not spent: what stands in it is
// nothing that could not be sent again, and people go back.
func (p *Provider) recall(ctx context.Context, path string, sent parameters) (parameters, protocol.Kept, error) {
	k, err := p.host.Recall(ctx, path, sent.get(keptField))
	if err != nil {
		return parameters{}, k, err
	}
	whole, err := parse(k.Query)
	if err != nil {
		return parameters{}, k, err
	}
	if whole.get("client_id") != sent.get("client_id") {
		return parameters{}, k, fault.New(fault.NotFound, fault.CodeTicket)
	}
	return whole, k, nil
}
