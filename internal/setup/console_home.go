package setup

import (
	"net/url"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// homePage is how many organisations a page lists.
const homePage = 50

// home lists what the person may administer: their own organisation, or, for
// an administrator of the provider, those whose code or name begins as typed.
func (v *visit) home(_ []string) error {
	content := pages.ConsoleHome{Frame: v.frame(), Search: v.signed.Provider, Query: v.r.URL.Query().Get("q")}
	listed, err := v.administered(content.Query)
	if err != nil {
		return err
	}
	if len(listed) > homePage {
		listed = listed[:homePage]
		content.Next = ConsolePath + "?" + url.Values{"q": {content.Query}, "after": {string(listed[homePage-1].ID)}}.Encode()
	}
	for _, o := range listed {
		content.Organizations = append(content.Organizations, pages.ConsoleOrganization{
			Name: o.Name, Code: o.Code, SSO: within(o, "sso"), Traces: within(o, "traces"), Requests: within(o, "requests"),
			Applications: within(o, "applications"), Sources: within(o, "sources"),
		})
	}
	return v.show(content)
}

// administered returns one more than a page, if there are more.
func (v *visit) administered(query string) ([]identity.Organization, error) {
	if v.signed.Provider {
		part := directory.Slice{After: v.r.URL.Query().Get("after"), Limit: homePage + 1}
		return v.Directory.Organizations(v.r.Context(), v.actor, directory.OrganizationQuery{Text: query, Slice: part})
	}
	own := v.signed.Organization
	if err := access.Allow(v.actor, access.ManageOrganization, own.ID); err == nil {
		return []identity.Organization{own}, nil
	}
	return nil, nil // nothing to administer is no fault
}
