package grant

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// maxChain is how many applications may act for one another.
const maxChain = 5

// Reasons why an application may not act for a person.
var (
	errNoProxying = errors.New("grant: the proxy-granting ticket is unknown, expired or of another kind")
	errProxyOff   = errors.New("grant: the application may not act for people any more")
	errElsewhere  = errors.New("grant: the application belongs to another organisation")
	errLongChain  = errors.New("grant: too many applications act for one another")
)

var (
	errProxying    = fault.New(fault.Invalid, fault.CodeProxyTicket)
	errProxyTarget = fault.New(fault.Forbidden, fault.CodeProxyTarget)
	errProxyBarred = fault.New(fault.Forbidden, fault.CodeProxyForbidden)
)

// Entrust lets the application of an entry that was just accepted act for the
// person, and returns the proxy-granting ticket. It counts until the session
// ends, however often it is used. Where the session is over it is Invalid
// (cas_ticket_invalid); a chain of more than five is Forbidden
// (cas_proxy_forbidden).
func (g *Grants) Entrust(ctx context.Context, e identity.ServiceEntry, callback string) (word string, err error) {
	if len(e.Chain) >= maxChain {
		return "", errProxyBarred.Because(errLongChain)
	}
	e.Chain, e.Service = append([]string{callback}, e.Chain...), ""
	payload, err := json.Marshal(passOf(e))
	if err != nil {
		return "", err
	}
	err = g.act(ctx, func(tx *store.Tx) (refusal, err error) {
		end, err := sessionEnd(tx, e.Session.ID)
		if err != nil {
			return nil, err
		}
		if !tx.Now().Before(end) {
			tx.NoEvent("nothing was granted")
			return errTicket.Because(reason(errLeft)), nil
		}
		if word, err = ticket.Put(tx, identity.TicketProxying, payload, end.Sub(tx.Now())); err != nil {
			return nil, err
		}
		return nil, audit.Record(tx, asApplication(e.Application), audit.ProxyGranted, audit.About{
			Organization: e.Application.OrganizationID, Target: string(e.Application.ID), Details: map[string]string{"member": string(e.Session.MemberID)},
		})
	})
	if err != nil {
		return "", err
	}
	return word, nil
}

// sessionEnd is when a session ends at the latest, zero for one that is over.
// That it lies idle is no end: applications have lives of their own.
func sessionEnd(tx *store.Tx, id identity.SessionID) (end time.Time, err error) {
	found, err := tx.Lookup.Session(id)
	if fault.KindOf(err) == fault.NotFound {
		return end, nil
	}
	if k := found.Row.Session; err == nil && k.EndedAt.IsZero() {
		end = k.EndsAt
	}
	return end, err
}

// Distrust takes a proxy-granting ticket back that did not reach its
// application.
func (g *Grants) Distrust(ctx context.Context, word string) error {
	return g.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		_, err := ticket.Take(tx, identity.TicketProxying, word)
		return err
	})
}

// Delegate returns a proxy ticket for a service, with which the application that
// holds a proxy-granting ticket enters in the person's name. A proxy-granting
// ticket that does not count any more is Invalid (cas_proxy_ticket_invalid); a
// service that the person may not enter, or that belongs to another organisation,
// is Forbidden (cas_proxy_target_forbidden). Of the entry, Application and
// Service are read; the acting application comes back in it.
func (g *Grants) Delegate(ctx context.Context, word string, to identity.ServiceEntry) (proxy string, by identity.Application, err error) {
	err = g.act(ctx, func(tx *store.Tx) (refusal, err error) {
		tx.NoEvent("a proxy ticket is a step; that it was accepted is recorded")
		var kept pass
		if kept, by, refusal, err = acting(tx, word); err != nil || refusal != nil {
			return refusal, err
		}
		if by.OrganizationID != to.Application.OrganizationID {
			return errProxyTarget.Because(reason(errElsewhere)), nil
		}
		out := kept.entry(to.Application)
		if refusal, err = shutOut(tx, out); err != nil || refusal != nil {
			return retold(refusal, errProxyTarget), err
		}
		out.Service, out.Fresh = to.Service, false
		payload, err := json.Marshal(passOf(out))
		if err != nil {
			return nil, err
		}
		proxy, err = ticket.Put(tx, identity.TicketProxy, payload, serviceLife)
		return nil, err
	})
	if err != nil {
		return "", by, err
	}
	return proxy, by, nil
}

// acting finds out which application holds a proxy-granting ticket, and whether
// it may still act for the person.
func acting(tx *store.Tx, word string) (kept pass, by identity.Application, refusal, err error) {
	t, err := ticket.Peek(tx, identity.TicketProxying, word)
	switch {
	case fault.Is(err, fault.CodeTicket), fault.Is(err, fault.CodeSpent):
		return kept, by, errProxying.Because(reason(errNoProxying)), nil
	case err != nil:
		return kept, by, nil, err
	}
	if err := json.Unmarshal(t.Payload, &kept); err != nil {
		return kept, by, nil, err
	}
	end, err := sessionEnd(tx, kept.Session)
	if err != nil {
		return kept, by, nil, err
	}
	if !tx.Now().Before(end) {
		return kept, by, errProxying.Because(reason(errLeft)), nil
	}
	by, err = tx.Lookup.Application(kept.Application)
	if fault.KindOf(err) == fault.NotFound {
		return kept, by, errProxying.Because(reason(errProxyOff)), nil
	}
	if err != nil {
		return kept, by, nil, err
	}
	if by.CAS == nil || !by.CAS.Proxy || by.Generation != kept.Generation {
		return kept, by, errProxying.Because(reason(errProxyOff)), nil
	}
	refusal, err = shutOut(tx, kept.entry(by))
	return kept, by, retold(refusal, errProxying), err
}

// retold tells a refusal as another fault, with the same reason.
func retold(refusal error, as *fault.Error) error {
	if refusal == nil {
		return nil
	}
	return as.Because(refusal)
}
