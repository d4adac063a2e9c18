package report

import (
	"cmp"
	"context"
	"slices"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ApplicationsReport tells which applications are entered, the busiest first.
type ApplicationsReport struct {
	Head
	Applications []ApplicationUse
}

// ApplicationUse is how an application was entered.
type ApplicationUse struct {
	ClientID string
	Name     string // "" when it is gone
	Entries  int64  // in all periods together
	Periods  []EntriesOf
}

// EntriesOf is how often an application was entered in a period, and by how many
// different members.
type EntriesOf struct{ Entries, People int64 }

// Applications reports on the applications of an organisation that somebody
// entered in the periods.
func (r *Reports) Applications(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q Query) (a ApplicationsReport, err error) {
	if err := access.Allow(actor, access.ReadReports, org); err != nil {
		return a, err
	}
	var counted []store.ApplicationTally
	err = r.db.View(ctx, func(tx *store.Tx) error {
		if a.Head, err = headOf(tx, q); err != nil {
			return err
		}
		counted, err = tx.Reports.Applications(a.within(org))
		return err
	})
	if err != nil {
		return a, err
	}
	a.Applications = a.gathered(counted)
	return a, nil
}

// gathered is what was counted, application by application.
func (h Head) gathered(counted []store.ApplicationTally) (all []ApplicationUse) {
	places := make(map[identity.Day]int, len(h.Days))
	for i, day := range h.Days {
		places[day] = i
	}
	for _, x := range counted {
		if n := len(all); n == 0 || all[n-1].ClientID != x.ClientID {
			all = append(all, ApplicationUse{ClientID: x.ClientID, Name: x.Name, Periods: make([]EntriesOf, len(h.Days))})
		}
		use := &all[len(all)-1]
		use.Entries += x.SignIns
		use.Periods[places[x.Day]] = EntriesOf{Entries: x.SignIns, People: x.People}
	}
	slices.SortStableFunc(all, func(a, b ApplicationUse) int { return cmp.Compare(b.Entries, a.Entries) })
	return all
}
