package directory

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestMembersQuota(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		owner := actorOf(h.owner)
		members := 0
		h.write(func(tx *store.Tx) (err error) { members, _, err = tx.Organizations.Counts(h.org.ID); return err })
		for _, row := range []struct {
			name   string
			limits identity.Limits
			want   int
			closed fault.Code
		}{
			{"without a bound", identity.Limits{}, 0, fault.CodeQuotaNeedless},
			{"with a bound", identity.Limits{Members: 200}, 200, ""},
			{"with all there is", identity.Limits{Members: identity.MostMembers}, identity.MostMembers, fault.CodeQuotaMost},
			{"by grants of the provider", identity.Limits{Members: 50, Granted: true}, 0, fault.CodeMembersGranted},
		} {
			h.write(func(tx *store.Tx) error {
				o, err := tx.Organizations.Get(h.org.ID)
				o.Limits = row.limits
				if err == nil {
					err = tx.Organizations.Put(o)
				}
				return err
			})
			quota, err := h.MembersQuota(t.Context(), owner, h.org.ID)
			if err != nil || quota.Members != members || quota.Most != row.want {
				t.Errorf("%s: %+v, %v, want %d of %d", row.name, quota, err, members, row.want)
			}
			wants(t, row.name, quota.Closed, row.closed)
		}
		person := h.own("dora")
		_, err := h.MembersQuota(t.Context(), person, h.org.ID)
		wants(t, "somebody else", err, fault.CodeForbidden)
	})
}
