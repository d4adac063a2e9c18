package directory

import (
	"encoding/json"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// bearer is who a ticket lets in: the payload, or a part of it, of tickets
// that carry somebody who has proved themselves from one place to another.
type bearer struct {
	Account      identity.AccountID      `json:"account"`
	Organization identity.OrganizationID `json:"organization,omitempty"`
	Member       identity.MemberID       `json:"member,omitempty"`
	// Generation is what ends the ticket before its time, as it ends tokens: a
	// new password, a suspension, a frozen organisation.
	Generation identity.Generations `json:"generation"`
}

// bearerOf is the ticket's part about somebody who may come in.
func bearerOf(in SignedIn) bearer {
	m := in.Person.Member
	return bearer{Account: in.Person.Account.ID, Organization: m.OrganizationID, Member: m.ID, Generation: in.generations()}
}

// again judges the person anew: the fault is that of a ticket nobody knows
// (ticket_not_found) when somebody is gone or changed since, or the reason why
// they may not come in.
func (b bearer) again(tx *store.Tx) (in SignedIn, err error) {
	if b.Member == "" {
		in, err = alonePlace(tx, b.Account)
	} else if in.Person, err = tx.Members.Get(b.Organization, b.Member); err == nil {
		in.Organization, err = tx.Organizations.Get(b.Organization)
	}
	if err != nil {
		return in, asTicket(err)
	}
	if err := in.standing(tx.Now()); err != nil {
		return in, err
	}
	now := in.generations()
	// The App ID of a token is no part of who somebody is.
	now.AppID = b.Generation.AppID
	if now != b.Generation || in.Person.Account.ID != b.Account {
		return in, errTicket
	}
	return in, nil
}

// asTicket tells that there is nobody behind a ticket any more.
func asTicket(err error) error {
	if fault.KindOf(err) == fault.NotFound || fault.Is(err, fault.CodeSignInFailed) {
		return errTicket
	}
	return err
}

// payloadOf opens the payload of a ticket.
func payloadOf[P any](t identity.Ticket) (p P, err error) {
	return p, json.Unmarshal(t.Payload, &p)
}
