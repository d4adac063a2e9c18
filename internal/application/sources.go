package application

import (
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// maxSourcesOfKind is how many sources of one kind an application may offer
// (OrgID, B.5.4).
const maxSourcesOfKind = 3

// checkSources demands sources of the application's own organisation, each once
// (list_twice), of one kind three at most (source_kind_limit). Enterprise SSO is
// none of them: the page has its own button. Whether they are enabled is asked
// when somebody signs in.
func checkSources(tx *store.Tx, was, app identity.Application) error {
	if slices.Equal(was.Sources, app.Sources) {
		return nil
	}
	kinds := map[identity.SourceKind]int{}
	for i, id := range app.Sources {
		if slices.Contains(app.Sources[:i], id) {
			return fault.New(fault.Invalid, fault.CodeListTwice).At("sources")
		}
		s, err := tx.Sources.Get(app.OrganizationID, id)
		if fault.Is(err, fault.CodeSourceNotFound) || id == identity.SSOSourceID(app.OrganizationID) {
			return fault.New(fault.Invalid, fault.CodeApplicationTarget).At("sources").With("field", "sources").With("key", string(id))
		}
		if err != nil {
			return err
		}
		if kinds[s.Kind]++; kinds[s.Kind] > maxSourcesOfKind {
			return fault.New(fault.Invalid, fault.CodeSourceKindLimit).At("sources").With("kind", string(s.Kind)).With("max", maxSourcesOfKind)
		}
	}
	return nil
}
