package approval

import (
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// limits sets how many members Acme may have.
func (h *house) limits(members int) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(h.acme.ID)
		o.Limits.Members = members
		if err == nil {
			err = tx.Organizations.Put(o)
		}
		return err
	})
}

func (h *house) most() (n int) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(h.acme.ID)
		n = o.Limits.Members
		return err
	})
	return n
}

// person is the holder of an account of their own, in no organisation.
func person(a identity.Account) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsPerson, AccountID: a.ID, Name: a.DisplayName, Origin: origin}
}

var provider = identity.Actor{Kind: identity.ActsAsProvider, AccountID: "acc_root", Name: "Root", Origin: origin}

func TestQuotaOfMembers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, anna := t.Context(), as(h.anna)
		h.limits(4_950)
		q, err := h.AskMembers(ctx, anna, h.acme.ID, " we grow ")
		if err != nil || q.Request.State != identity.RequestPending || q.Request.Reason != "we grow" || q.Account != "anna" || q.Organization != "acme Ltd" {
			t.Fatalf("got %+v, %v", q, err)
		}
		_, err = h.AskMembers(ctx, anna, h.acme.ID, "")
		wants(t, "while one waits", err, fault.CodeQuotaWaits)
		if all, err := h.Quotas(ctx, provider, QuotaQuery{State: identity.RequestPending}); err != nil || len(all) != 1 || all[0].Request.ID != q.Request.ID {
			t.Errorf("the provider sees %+v, %v", all, err)
		}
		wants(t, "decided by the owner", h.DecideQuota(ctx, anna, q.Request.ID, identity.RequestApproved, ""), fault.CodeForbidden)
		if err := h.DecideQuota(ctx, provider, q.Request.ID, identity.RequestApproved, "yes"); err != nil || h.most() != 5_000 {
			t.Errorf("approved: %v, most %d, want 5000", err, h.most())
		}
		wants(t, "decided twice", h.DecideQuota(ctx, provider, q.Request.ID, identity.RequestRejected, ""), fault.CodeRequestDecided)
		if all, err := h.QuotasOf(ctx, anna, h.acme.ID, QuotaQuery{}); err != nil || len(all) != 1 || all[0].Request.Answer != "yes" || all[0].Request.DecidedBy != "Root" {
			t.Errorf("the owner sees %+v, %v", all, err)
		}
		_, err = h.AskMembers(ctx, anna, h.acme.ID, "")
		wants(t, "with all there is", err, fault.CodeQuotaMost)
	})
}

func TestQuotaThatIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, anna := t.Context(), as(h.anna)
		h.limits(0)
		_, err := h.AskMembers(ctx, anna, h.acme.ID, "")
		wants(t, "without a limit", err, fault.CodeQuotaNeedless)
		h.limits(200)
		q, err := h.AskMembers(ctx, anna, h.acme.ID, "")
		if err == nil {
			err = h.DecideQuota(ctx, provider, q.Request.ID, identity.RequestRejected, "no")
		}
		if err != nil || h.most() != 200 {
			t.Errorf("rejected: %v, most %d, want 200", err, h.most())
		}
	})
}

func TestQuotaOfOrganizations(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, dora := t.Context(), person(h.dora)
		q, err := h.AskOrganizations(ctx, dora, "")
		if err != nil || q.Request.Kind != identity.QuotaOrganizations || q.Request.OrganizationID != "" {
			t.Fatalf("got %+v, %v", q, err)
		}
		_, err = h.AskOrganizations(ctx, dora, "")
		wants(t, "while one waits", err, fault.CodeQuotaWaits)
		_, err = h.AskOrganizations(ctx, as(h.carl), "")
		wants(t, "a managed account", err, fault.CodePersonOnly)
		_, err = h.AskOrganizations(ctx, dora, "a\nb")
		wants(t, "two lines", err, fault.CodeFieldFormat)
		if err := h.DecideQuota(ctx, provider, q.Request.ID, identity.RequestApproved, ""); err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *store.Tx) error {
			row, err := tx.People.Get(h.dora.ID)
			if row.More != 1 {
				t.Errorf("%d organisations more, want 1", row.More)
			}
			return err
		})
		if mine, err := h.MyQuotas(ctx, dora, QuotaQuery{}); err != nil || len(mine) != 1 || mine[0].Request.State != identity.RequestApproved {
			t.Errorf("she sees %+v, %v", mine, err)
		}
		if others, err := h.MyQuotas(ctx, as(h.carl), QuotaQuery{}); err != nil || len(others) != 0 {
			t.Errorf("another sees %+v, %v", others, err)
		}
	})
}

func TestQuotaAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.write(func(tx *store.Tx) error { return tx.Settings.Put("people", []byte(`{"quota_at_once":true}`), 0) })
		h.limits(200)
		q, err := h.AskMembers(t.Context(), as(h.anna), h.acme.ID, "")
		if err != nil || q.Request.State != identity.RequestApproved || h.most() != 300 {
			t.Errorf("got %+v, %v, most %d", q.Request, err, h.most())
		}
		_, err = h.AskMembers(t.Context(), as(h.carl), h.acme.ID, "")
		wants(t, "a member", err, fault.CodeForbidden)
		q, err = h.AskMembers(t.Context(), identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: h.acme.ID}, h.acme.ID, "")
		if err != nil || q.Account != "anna" || h.most() != 400 {
			t.Errorf("by a token: %+v, %v, most %d", q, err, h.most())
		}
		for name, read := range map[string]func() error{
			"Quotas":   func() error { _, err := h.Quotas(t.Context(), as(h.anna), QuotaQuery{}); return err },
			"QuotasOf": func() error { _, err := h.QuotasOf(t.Context(), as(h.carl), h.acme.ID, QuotaQuery{}); return err },
			"MyQuotas": func() error { _, err := h.MyQuotas(t.Context(), identity.Actor{}, QuotaQuery{}); return err },
		} {
			wants(t, name, read(), fault.CodeForbidden)
		}
	})
}

// Who asked is told by mail what somebody decided, and nothing where nobody did.
func TestQuotaIsTold(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, anna, dora := t.Context(), as(h.anna), person(h.dora)
		h.limits(200)
		for _, row := range []struct {
			name  string
			ask   func() (Quota, error)
			state identity.RequestState
			want  string
		}{
			{"members", func() (Quota, error) { return h.AskMembers(ctx, anna, h.acme.ID, "") }, identity.RequestRejected, "anna@mail.example " + outbox.TemplateMembersRejected},
			{"members", func() (Quota, error) { return h.AskMembers(ctx, anna, h.acme.ID, "") }, identity.RequestApproved, "anna@mail.example " + outbox.TemplateMembersApproved},
			{"organisations", func() (Quota, error) { return h.AskOrganizations(ctx, dora, "") }, identity.RequestRejected, "dora@mail.example " + outbox.TemplateOrganizationsRejected},
			{"organisations", func() (Quota, error) { return h.AskOrganizations(ctx, dora, "") }, identity.RequestApproved, "dora@mail.example " + outbox.TemplateOrganizationsApproved},
		} {
			q, err := row.ask()
			if err == nil {
				err = h.DecideQuota(ctx, provider, q.Request.ID, row.state, "")
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := h.mails(); !slices.Equal(got, []string{row.want}) {
				t.Errorf("%s %s: told %q, want %q", row.name, row.state, got, row.want)
			}
			wants(t, "decided again", h.DecideQuota(ctx, provider, q.Request.ID, row.state, ""), fault.CodeRequestDecided)
		}
		h.write(func(tx *store.Tx) error { return tx.Settings.Put("people", []byte(`{"quota_at_once":true}`), 0) })
		if _, err := h.AskMembers(ctx, anna, h.acme.ID, ""); err != nil {
			t.Fatal(err)
		}
		if got := h.mails(); len(got) != 0 {
			t.Errorf("given at once, and told %q", got)
		}
	})
}

// A message says how many there may be now.
func TestQuotaTellsHowMany(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.limits(4_950)
		h.write(func(tx *store.Tx) error {
			members := map[string]string{}
			row := store.QuotaRow{Organization: "Acme", Request: identity.QuotaRequest{
				Kind: identity.QuotaMembers, OrganizationID: h.acme.ID, State: identity.RequestApproved,
			}}
			if _, err := quotaTold(tx, row, members); err != nil || members["most"] != "4950" || members["organization"] != "Acme" {
				t.Errorf("members: %v, %v", members, err)
			}
			own := map[string]string{}
			row = store.QuotaRow{Request: identity.QuotaRequest{Kind: identity.QuotaOrganizations, AccountID: h.dora.ID, State: identity.RequestApproved}}
			_, err := quotaTold(tx, row, own)
			if err != nil || own["most"] != "5" || len(own) != 1 {
				t.Errorf("organisations: %v, %v", own, err)
			}
			return err
		})
	})
}
