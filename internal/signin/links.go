package signin

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// linksPath is the page of the accounts elsewhere by which a person signs in.
const linksPath = "/account/links"

// links lists with which accounts at authentication sources the person is
// linked, where they act now.
func (s *Surface) links(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	return s.linksPage(v, nil)
}

func (s *Surface) linksPage(v *visit, f *fault.Error) (reply, error) {
	page := pages.Links{
		Form: v.sessionForm(linksPath), Organization: v.signed.Organization.Name, Back: "/", Removed: v.r.URL.Query().Has("removed"), Fault: f,
	}
	k := v.signed.Session
	if k.MemberID == "" {
		return show(page).at(linksPath), nil // administrators of the provider have none
	}
	all, err := s.Directory.Links(v.context(), v.actor(), k.OrganizationID, k.MemberID)
	for _, l := range all {
		page.Links = append(page.Links, pages.Link{
			Source: string(l.SourceID), Name: l.Source.Name, Icon: sourceIcon(l.SourceID, l.Source.IconDigest), Since: l.CreatedAt, Used: l.UsedAt,
			Off: !l.Source.Enabled, Last: l.Last,
		})
	}
	return show(page).at(linksPath), err
}

// removeLink removes one of them, and with it the sessions that it opened, maybe
// this one.
func (s *Surface) removeLink(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	k := v.signed.Session
	err := s.Directory.RemoveLink(v.context(), v.actor(), k.OrganizationID, k.MemberID, identity.SourceID(v.posted("source")))
	switch {
	case fault.Is(err, fault.CodeLinkLast):
		answer, failed := s.linksPage(v, fault.Of(err))
		return answer.with(http.StatusConflict), failed
	case err != nil && !fault.Is(err, fault.CodeLinkNotFound):
		return reply{}, err
	}
	return goTo(linksPath + "?removed=yes"), nil
}
