package provision

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// maxAlarmed is how many people are told that a call does not arrive.
const maxAlarmed = 10

// alarm tells whoever is responsible for an application, and those who
// administer the organisation, that repeating a call has not helped (OrgID, G.6).
// It comes once an outage: after the sixth failure in a row.
func (s *sending) alarm(tx *store.Tx) error {
	var first []identity.Person
	if s.app.Responsible != "" {
		responsible, err := tx.Members.Get(s.app.OrganizationID, s.app.Responsible)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		first = append(first, responsible)
	}
	return alarm(tx, s.org, first, outbox.TemplateSyncFailed, map[string]string{"application": s.app.Name, "until": readable(s.state.NextAt)})
}

// alarm tells those who administer the organisation that repeating a call has
// not helped, as is told of applications.
func (s *serving) alarm(tx *store.Tx) error {
	org, err := tx.Organizations.Get(s.hook.OrganizationID)
	if err != nil {
		return err
	}
	next := s.state.NextAt
	if next.IsZero() {
		next = tx.Now() // that event is given up, and the one behind it is told
	}
	return alarm(tx, org, nil, outbox.TemplateWebhookFailed, map[string]string{"webhook": s.hook.Name, "until": readable(next)})
}

// readable writes an instant for people in whichever zone.
func readable(at time.Time) string { return at.UTC().Format(time.DateTime) + " UTC" }

// alarm mails those who come first and then those who administer an
// organisation, each address once. Who has none, or may not sign in, is left out.
func alarm(tx *store.Tx, org identity.Organization, first []identity.Person, template string, params map[string]string) error {
	administrators, err := tx.Members.Administrators(org.ID)
	if err != nil {
		return err
	}
	params["organization"] = org.Name
	told := map[string]bool{"": true}
	for _, p := range append(first, administrators...) {
		if told[p.Account.Email] || len(told) > maxAlarmed || !p.Active(tx.Now()) {
			continue
		}
		told[p.Account.Email] = true
		err := outbox.Put(tx, outbox.Message{
			Channel: identity.ByMail, Target: p.Account.Email, Language: p.Account.Language, Template: template, Organization: org.ID, Params: params,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
