package signin

import (
	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// quotasPath is the page of how many members and organisations there may be.
const quotasPath = "/account/quotas"

// shownWishes is how many wishes the page tells of.
const shownWishes = 20

// quotaNotes are what the step before may have done.
var quotaNotes = map[string]pages.Key{"asked": pages.NoteQuotaAsked, "given": pages.NoteQuotaGiven}

// hasQuota tells that there is something to ask for: members of the organisation
// that somebody administers, or organisations of a person's own.
func (v *visit) hasQuota() bool { return v.personal() || v.administersHere() }

// administersHere tells that the session is that of an administrator of an
// organisation.
func (v *visit) administersHere() bool { return v.administers() && !v.signed.Provider }

// quotas shows how much there may be of what, and what was asked for.
func (s *Surface) quotas(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	return s.quotasPage(v, pages.Quotas{Notice: quotaNotes[v.query(doneField)]})
}

func (s *Surface) quotasPage(v *visit, page pages.Quotas) (reply, error) {
	if !v.hasQuota() {
		return reply{}, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	page.Form, page.Back = v.sessionForm(quotasPath), "/account"
	if v.administersHere() {
		if err := s.addMembersShare(v, &page); err != nil {
			return reply{}, err
		}
	}
	if v.personal() {
		if err := s.addOrganizationsShare(v, &page); err != nil {
			return reply{}, err
		}
	}
	return show(page).at(quotasPath), nil
}

// addMembersShare tells of the members of the organisation where the session acts.
func (s *Surface) addMembersShare(v *visit, page *pages.Quotas) error {
	org := v.signed.Session.OrganizationID
	quota, err := s.Directory.MembersQuota(v.context(), v.actor(), org)
	if err != nil {
		return err
	}
	share := pages.Share{
		Kind: string(identity.QuotaMembers), Of: v.signed.Organization.Name, Have: quota.Members, Most: quota.Most, More: identity.MoreMembers,
	}
	if quota.Closed != nil {
		share.Closed = fault.Of(quota.Closed)
	}
	all, err := s.Approval.QuotasOf(v.context(), v.actor(), org, approval.QuotaQuery{Limit: shownWishes})
	page.Shares = append(page.Shares, waiting(share, all))
	page.Wishes = append(page.Wishes, quotaWishes(all)...)
	return err
}

// addOrganizationsShare tells of the organisations of a person's own.
func (s *Surface) addOrganizationsShare(v *visit, page *pages.Quotas) error {
	own, err := s.Directory.OwnPlaces(v.context(), v.actor())
	if err != nil || !own.Founds {
		return err // where nobody makes organisations, there is nothing to ask for
	}
	share := pages.Share{Kind: string(identity.QuotaOrganizations), Have: own.Owned, Most: own.Most, More: 1}
	all, err := s.Approval.MyQuotas(v.context(), v.actor(), approval.QuotaQuery{Limit: shownWishes})
	page.Shares = append(page.Shares, waiting(share, all))
	page.Wishes = append(page.Wishes, quotaWishes(all)...)
	return err
}

// waiting tells whether one of the wishes for a share waits.
func waiting(share pages.Share, all []approval.Quota) pages.Share {
	for _, q := range all {
		share.Waits = share.Waits || q.Request.State == identity.RequestPending
	}
	return share
}

// quotaWishes are wishes as those who asked see them.
func quotaWishes(all []approval.Quota) []pages.QuotaWish {
	shown := make([]pages.QuotaWish, 0, len(all))
	for _, q := range all {
		r := q.Request
		shown = append(shown, pages.QuotaWish{
			Kind: string(r.Kind), Organization: q.Organization, State: string(r.State), Reason: r.Reason, Answer: r.Answer,
			DecidedBy: r.DecidedBy, Since: r.CreatedAt,
		})
	}
	return shown
}

// askQuota asks for more.
func (s *Surface) askQuota(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	kind, reason := identity.QuotaKind(v.posted("do")), v.posted("reason")
	var q approval.Quota
	var err error
	switch kind {
	case identity.QuotaMembers:
		q, err = s.Approval.AskMembers(v.context(), v.actor(), v.signed.Session.OrganizationID, reason)
	case identity.QuotaOrganizations:
		q, err = s.Approval.AskOrganizations(v.context(), v.actor(), reason)
	default:
		err = fault.New(fault.Invalid, fault.CodeFieldMissing).With("field", "do")
	}
	if err == nil {
		done := "asked"
		if q.Request.State == identity.RequestApproved {
			done = "given"
		}
		return goTo(quotasPath + "?" + doneField + "=" + done), nil
	}
	switch f := fault.Of(err); f.Kind {
	case fault.Invalid, fault.Conflict:
		answer, failed := s.quotasPage(v, pages.Quotas{Asked: string(kind), Typed: reason, Fault: f})
		return answer.with(statusOf(f)), failed
	}
	return reply{}, err
}
