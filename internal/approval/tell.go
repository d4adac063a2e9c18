package approval

import (
	"strconv"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// nothingSaid stands in a mail for an answer that was not given.
const nothingSaid = "–"

// tellDeciders tells those who decide of a new request: the responsible member
// of the application where there is one, else owner and administrators.
func (r *Approval) tellDeciders(tx *store.Tx, w wish, request identity.Request) error {
	org := request.OrganizationID
	deciders, err := tx.Members.Administrators(org)
	if err != nil {
		return err
	}
	if id := w.application.Responsible; id != "" && request.Kind == identity.RequestEntry {
		if p, err := tx.Members.Get(org, id); err == nil && p.Member.Active(tx.Now()) {
			deciders = []identity.Person{p}
		}
	}
	params := map[string]string{
		"applicant": w.account.Title(), "account": w.account.Name, "organization": w.organization,
		"address": r.address + "/console/" + string(org) + "/requests",
	}
	template := outbox.TemplateJoinMade
	if request.Kind == identity.RequestEntry {
		template, params["application"] = outbox.TemplateEntryMade, w.application.Name
	}
	for _, p := range deciders {
		if !p.Member.Active(tx.Now()) {
			continue
		}
		if err := tell(tx, p.Account, outbox.Message{Organization: org, Template: template, Params: params}); err != nil {
			return err
		}
	}
	return nil
}

// tellApplicant tells a person what became of their request.
func (r *Approval) tellApplicant(tx *store.Tx, request identity.Request) error {
	account, err := tx.Accounts.Get(request.AccountID)
	if err != nil {
		return err
	}
	o, err := tx.Organizations.Get(request.OrganizationID)
	if err != nil {
		return err
	}
	approved := request.State == identity.RequestApproved
	params := map[string]string{"organization": o.Name, "answer": request.Answer, "address": r.address + "/account/requests"}
	if request.Answer == "" {
		params["answer"] = nothingSaid
	}
	template := outbox.TemplateJoinRejected
	if approved {
		template = outbox.TemplateJoinApproved
	}
	if request.Kind == identity.RequestEntry {
		a, err := tx.Applications.Get(request.OrganizationID, request.ApplicationID)
		if err != nil {
			return err
		}
		params["application"] = a.Name
		template = outbox.TemplateEntryRejected
		if approved {
			template = outbox.TemplateEntryApproved
		}
	}
	return tell(tx, account, outbox.Message{Organization: o.ID, Template: template, Params: params})
}

// tellQuota tells who asked for room what somebody decided.
func (r *Approval) tellQuota(tx *store.Tx, id identity.RequestID) error {
	row, err := tx.QuotaRequests.Get(id)
	if err != nil {
		return err
	}
	account, err := tx.Accounts.Get(row.Request.AccountID)
	if err != nil {
		return err
	}
	params := map[string]string{"address": r.address + "/account/quotas", "answer": row.Request.Answer}
	if row.Request.Answer == "" {
		params["answer"] = nothingSaid
	}
	template, err := quotaTold(tx, row, params)
	if err != nil {
		return err
	}
	return tell(tx, account, outbox.Message{Organization: row.Request.OrganizationID, Template: template, Params: params})
}

// quotaTold is the template for a wish for room that was decided; it adds the
// parameters that are the template's own.
func quotaTold(tx *store.Tx, row store.QuotaRow, params map[string]string) (template string, err error) {
	q := row.Request
	approved, most := q.State == identity.RequestApproved, 0
	if q.Kind == identity.QuotaMembers {
		template, params["organization"] = outbox.TemplateMembersRejected, row.Organization
		if approved {
			var o identity.Organization
			o, err = tx.Organizations.Get(q.OrganizationID)
			template, most = outbox.TemplateMembersApproved, o.Limits.Members
		}
	} else {
		template = outbox.TemplateOrganizationsRejected
		if approved {
			var known store.PersonRow
			known, err = tx.People.Get(q.AccountID)
			template, most = outbox.TemplateOrganizationsApproved, identity.PersonOrganizations+known.More
		}
	}
	if approved {
		params["most"] = strconv.Itoa(most)
	}
	return template, err
}

// tell leaves a message by mail, else by short message; one without either
// looks at the page of their requests.
func tell(tx *store.Tx, a identity.Account, m outbox.Message) error {
	m.Channel, m.Target, m.Language = identity.ByMail, a.Email, a.Language
	if m.Target == "" {
		m.Channel, m.Target = identity.BySMS, a.Mobile
	}
	if m.Target == "" {
		return nil
	}
	return outbox.Put(tx, m)
}
