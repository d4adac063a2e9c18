package grant

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

const (
	// serviceLife is how long a service ticket counts (CAS Protocol 3.0.3, 3.1.1:
	// five minutes at most are recommended).
	serviceLife = time.Minute
	// maxEntries is how many service tickets of one application are remembered in
	// a session, to tell it of the end: one that asks for another at every turn
	// must not fill the table. The newest count.
	maxEntries = 50
)

// Reasons why a service ticket is refused, for log and story.
var (
	errNoTicket       = errors.New("grant: the service ticket is unknown, expired or of another kind")
	errSpentTicket    = errors.New("grant: the service ticket was used before")
	errForeignService = errors.New("grant: the service ticket was made for another service")
	errProxied        = errors.New("grant: a proxy ticket where none counts")
	errStale          = errors.New("grant: the person was let in by a session that was there")
	errLeft           = errors.New("grant: the session, or the application, has ended or changed")
)

// The faults of service tickets.
var (
	errTicket     = fault.New(fault.Invalid, fault.CodeServiceTicket)
	errTicketAim  = fault.New(fault.Invalid, fault.CodeServiceTicketAim)
	errTicketWhat = fault.New(fault.Invalid, fault.CodeServiceTicketWhat)
	errTicketOld  = fault.New(fault.Invalid, fault.CodeServiceTicketOld)
)

// pass is what a service ticket stands for, as it is kept.
type pass struct {
	Application identity.ApplicationID `json:"application"`
	Generation  int64                  `json:"generation"` // of the application
	Service     string                 `json:"service,omitempty"`
	Account     identity.AccountID     `json:"account"`
	Member      identity.MemberID      `json:"member"`
	Session     identity.SessionID     `json:"session"`
	Methods     []string               `json:"methods,omitempty"`
	ProvenAt    int64                  `json:"proven_at"` // milliseconds
	VerifiedAt  int64                  `json:"verified_at,omitempty"`
	Address     netip.Addr             `json:"address"`
	Fresh       bool                   `json:"fresh,omitempty"`
	Chain       []string               `json:"chain,omitempty"`
}

func passOf(e identity.ServiceEntry) pass {
	s := e.Session
	return pass{
		Application: e.Application.ID, Generation: e.Application.Generation, Service: e.Service, Account: s.AccountID, Member: s.MemberID,
		Session: s.ID, Methods: s.Methods, ProvenAt: s.ProvenAt.UnixMilli(), Fresh: e.Fresh, Chain: e.Chain,
		VerifiedAt: milliseconds(s.VerifiedAt), Address: s.Origin.Address,
	}
}

// entry is the pass as the application it was made for sees it.
func (k pass) entry(a identity.Application) identity.ServiceEntry {
	return identity.ServiceEntry{
		Application: a, Service: k.Service, Fresh: k.Fresh, Chain: k.Chain, Session: identity.Session{
			ID: k.Session, AccountID: k.Account, MemberID: k.Member, OrganizationID: a.OrganizationID, Methods: k.Methods,
			ProvenAt: time.UnixMilli(k.ProvenAt).UTC(), VerifiedAt: instant(k.VerifiedAt), Origin: identity.Origin{Address: k.Address},
		},
	}
}

// Enter stores that a person may enter a service, as the Gate has decided, and
// returns the service ticket. It counts for a minute and for one attempt.
func (g *Grants) Enter(ctx context.Context, e identity.ServiceEntry) (word string, err error) {
	payload, err := json.Marshal(passOf(e))
	if err != nil {
		return "", err
	}
	err = g.db.Act(ctx, store.ActGrant, func(tx *store.Tx) error {
		tx.NoEvent("a service ticket is a step; that it was accepted is recorded")
		word, err = ticket.Put(tx, identity.TicketService, payload, serviceLife)
		return err
	})
	if err != nil {
		return "", err
	}
	return word, nil
}

// Accept tells who a service ticket stands for, and notes that they entered. Any
// attempt spends it. One that is unknown, expired or used, or whose person may
// not enter any more, is Invalid (cas_ticket_invalid), one of another service
// cas_ticket_service, one that came by a proxy where none counts
// cas_ticket_kind, and one without a fresh proof where that is demanded
// cas_ticket_renew.
func (g *Grants) Accept(ctx context.Context, p identity.ServiceProof) (out identity.ServiceEntry, err error) {
	err = g.act(ctx, func(tx *store.Tx) (refusal, err error) {
		kind := kindOf(p.Ticket)
		t, err := ticket.Peek(tx, kind, p.Ticket)
		if err == nil {
			err = tx.Tickets.Spend(t.ID)
		}
		switch {
		case fault.Is(err, fault.CodeSpent):
			tx.NoEvent("nothing was accepted")
			return errTicket.Because(reason(errSpentTicket)), nil
		case fault.Is(err, fault.CodeTicket):
			tx.NoEvent("nothing was accepted")
			return errTicket.Because(reason(errNoTicket)), nil
		case err != nil:
			return nil, err
		}
		out, refusal, err = accept(tx, p, t)
		if refusal != nil {
			tx.NoEvent("nothing was accepted")
		}
		return refusal, err
	})
	if err != nil {
		return identity.ServiceEntry{}, err
	}
	return out, nil
}

// kindOf tells by its prefix what a ticket can be.
func kindOf(word string) identity.TicketKind {
	if strings.HasPrefix(word, "PT-") {
		return identity.TicketProxy
	}
	return identity.TicketService
}

// accept decides about a ticket that was just spent.
func accept(tx *store.Tx, p identity.ServiceProof, t identity.Ticket) (out identity.ServiceEntry, refusal, err error) {
	var kept pass
	if err := json.Unmarshal(t.Payload, &kept); err != nil {
		return out, nil, err
	}
	if refusal := kept.refuse(p, t.Kind); refusal != nil {
		return out, refusal, nil
	}
	out = kept.entry(p.Application)
	why, err := shutOut(tx, out)
	if err != nil || why != nil {
		return out, why, err
	}
	if refusal, err = enter(tx, out, t, p.Ticket); err != nil || refusal != nil {
		return out, refusal, err
	}
	return out, nil, audit.Record(tx, asApplication(p.Application), audit.ServiceEntered, audit.About{
		Organization: p.Application.OrganizationID, Target: string(p.Application.ID),
		Details: enteredBy(kept.Member, kept.Address, out.Session.Verified()),
	})
}

// refuse tells what is wrong with an attempt, nil for nothing.
func (k pass) refuse(p identity.ServiceProof, kind identity.TicketKind) error {
	switch {
	case k.Application != p.Application.ID || k.Service != p.Service:
		return errTicketAim.Because(reason(errForeignService))
	case kind == identity.TicketProxy && !p.Proxied:
		return errTicketWhat.Because(reason(errProxied))
	case p.Fresh && !k.Fresh:
		return errTicketOld.Because(reason(errStale))
	case k.Generation != p.Application.Generation || !p.Application.Active():
		return errTicket.Because(reason(errLeft))
	}
	return nil
}

// shutOut is why a person may not enter any more, nil if they may.
func shutOut(tx *store.Tx, e identity.ServiceEntry) (refusal, err error) {
	d, err := entry.DecideIn(tx, e.Application, e.Session.MemberID, entry.Shown{
		Address: e.Session.Origin.Address, Verified: e.Session.Verified(),
	})
	if err != nil {
		return nil, err
	}
	if why := d.Refusal(); why != nil {
		return errTicket.Because(why), nil
	}
	return nil, nil
}

// enter notes where the session was used, so that the application is told of its
// end by the ticket it knows. Whoever ends the session meanwhile waits, or is
// waited for.
func enter(tx *store.Tx, e identity.ServiceEntry, t identity.Ticket, word string) (refusal, err error) {
	p := identity.Participation{
		SessionID: e.Session.ID, ApplicationID: e.Application.ID, OrganizationID: e.Application.OrganizationID, MemberID: e.Session.MemberID,
		Protocol: e.Application.Protocol, Key: identity.Hex(t.ID), Service: e.Service, Ticket: word, JoinedAt: tx.Now(),
	}
	err = tx.Participations.Join(p)
	if fault.KindOf(err) == fault.NotFound {
		return errTicket.Because(reason(errLeft)), nil
	}
	if err != nil {
		return nil, err
	}
	return nil, tx.Participations.Trim(p, maxEntries)
}
