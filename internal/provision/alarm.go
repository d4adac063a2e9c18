package provision

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// maxAlarmed is how many people are told that an application is not.
const maxAlarmed = 10

// alarm tells whoever is responsible for an application, and those who
// administer the organisation, that repeating a call has not helped (OrgID, G.6).
// It comes once an outage: after the sixth failure in a row.
func (s *sending) alarm(tx *store.Tx) error {
	people, err := tx.Members.Administrators(s.app.OrganizationID)
	if err != nil {
		return err
	}
	if s.app.Responsible != "" {
		responsible, err := tx.Members.Get(s.app.OrganizationID, s.app.Responsible)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		people = append([]identity.Person{responsible}, people...)
	}
	told := map[string]bool{"": true} // who has no address is not told
	for _, p := range people {
		if told[p.Account.Email] || len(told) > maxAlarmed || !p.Active(tx.Now()) {
			continue
		}
		told[p.Account.Email] = true
		err := outbox.Put(tx, outbox.Message{
			Channel: identity.ByMail, Target: p.Account.Email, Language: p.Account.Language, Template: outbox.TemplateSyncFailed,
			Organization: s.app.OrganizationID,
			Params: map[string]string{
				"application": s.app.Name, "organization": s.org.Name, "until": s.state.NextAt.UTC().Format(time.DateTime) + " UTC",
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
