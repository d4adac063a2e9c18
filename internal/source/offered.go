package source

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// SSOName is what an organisation's enterprise SSO is called among its sources.
const SSOName = sourceName

// Offered is a source as the page that asks to sign in shows it.
type Offered struct {
	ID             identity.SourceID
	OrganizationID identity.OrganizationID
	Name           string
	IconDigest     string // "" without one
}

func offered(s identity.Source) Offered {
	return Offered{ID: s.ID, OrganizationID: s.OrganizationID, Name: s.Name, IconDigest: s.IconDigest}
}

// Offers returns the sources by which people may sign in to an application, in
// the order that its owner chose: those of its list that are enabled.
func (s *Sources) Offers(ctx context.Context, org identity.OrganizationID, app identity.ApplicationID) (all []Offered, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		all = nil
		list, err := tx.Sources.OfApplication(org, app)
		for _, one := range list {
			if one.Enabled {
				all = append(all, offered(one))
			}
		}
		return err
	})
	return all, err
}

// MayBegin reports whether a sign-in at a source may begin on the way to an
// application, "" for none: the application offers it, or its organisation leads
// people to it who did not choose (OrgID, D.1: a source is used where it was
// enabled twice).
func (s *Sources) MayBegin(ctx context.Context, found Found, app identity.ApplicationID) (may bool, err error) {
	id, org := found.Source.ID, found.Organization
	if org.Rules.DefaultSource == id {
		return true, nil
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		list, err := tx.Sources.OfApplication(org.ID, app)
		if err != nil {
			return err
		}
		domains, err := tx.Domains.List(org.ID)
		may = slices.ContainsFunc(list, func(one identity.Source) bool { return one.ID == id }) ||
			slices.ContainsFunc(domains, func(d identity.Domain) bool { return d.SourceID == id && d.Proven() })
		return err
	})
	return may, err
}

// Home returns the source to which people of a mail domain are led: the one of
// the domain itself, which an organisation proved to be its own, or else the
// organisation's default. A domain that nobody has, one whose organisation leads
// nowhere or is frozen, and a source that is not enabled are all the same NotFound
// (sso_unknown), for the same work: four looks.
func (s *Sources) Home(ctx context.Context, domain string) (home Offered, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		proven, err := tx.Lookup.ProvenDomain(domain)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		// Accounts end in the domain that the provider gave the organisation.
		owners, err := tx.Lookup.OrganizationsByDomain(domain)
		if err != nil {
			return err
		}
		if proven.OrganizationID == "" && domain != "" && len(owners) == 1 {
			proven.OrganizationID = owners[0].ID
		}
		org, err := tx.Organizations.Get(proven.OrganizationID)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		id := org.Rules.DefaultSource
		if proven.SourceID != "" {
			id = proven.SourceID
		}
		found, err := tx.Sources.Get(org.ID, id)
		switch {
		case err != nil && fault.KindOf(err) != fault.NotFound:
			return err
		case err != nil, !found.Enabled, !org.Active():
			return errUnknown
		}
		home = offered(found)
		return nil
	})
	return home, err
}
