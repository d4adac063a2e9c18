package meeting

import (
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// portalLife is how long the jump into the portal may take. The API names no
// time; a browser opens the address at once.
const portalLife = time.Minute

// portalJump is who a portal nonce stands for: the payload of a ticket of the
// kind portal. Whoever redeems it judges the account anew.
type portalJump struct {
	Account      identity.AccountID      `json:"account"`
	Organization identity.OrganizationID `json:"organization,omitempty"`
	Member       identity.MemberID       `json:"member,omitempty"`
}

// nonceAnswer answers 4.7.
type nonceAnswer struct {
	Nonce string `json:"nonce"`
}

// portalNonce is 4.7: a word that signs the caller in at the portal once.
func (m *meeting) portalNonce(c *call) (any, error) {
	payload, err := json.Marshal(portalJump{c.actor.AccountID, c.actor.OrganizationID, c.actor.MemberID})
	if err != nil {
		return nil, err
	}
	nonce, err := m.o.Tickets.Issue(c.r.Context(), identity.TicketPortal, payload, portalLife)
	if err != nil {
		return nil, err
	}
	return nonceAnswer{Nonce: nonce}, nil
}
