package directory

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestDescribeHearsOfChanges(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		p := h.member("alice@house", func(*NewMember) {})
		in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: goodPassword, Entry: apiClient})
		if err != nil {
			t.Fatal(err)
		}
		far := second()
		name := func(d *Directory) string {
			got, err := d.Describe(t.Context(), in.Issued.Token)
			if err != nil || got.Issued.Access != "" {
				t.Fatalf("got %+v, %v", got, err)
			}
			return got.Person.Member.Name + " of " + got.Organization.Name
		}
		storetest.Until(t, "the feeds are heard", func() bool { return h.db.Feed().Current() && far.db.Feed().Current() })
		for _, d := range []*Directory{h.Directory, far} {
			if got := name(d); got != "Member alice@house of Organisation house" {
				t.Errorf("got %s", got)
			}
		}
		before := h.count.Load()
		name(h.Directory)
		if n := h.count.Load() - before; n != 0 && h.db.Feed().Current() {
			t.Errorf("%d statements for what is known", n)
		}
		other := "Alice"
		if _, err := h.ChangeMember(t.Context(), console, h.org.ID, p.Member.ID, 0, MemberChange{Name: &other}); err != nil {
			t.Fatal(err)
		}
		if got := name(h.Directory); got != "Alice of Organisation house" {
			t.Errorf("at once: got %s", got)
		}
		storetest.Until(t, "the other node hears of the member", func() bool { return name(far) == "Alice of Organisation house" })
		h.edit(func(o *identity.Organization) { o.Name = "Home" })
		if got := name(h.Directory); got != "Alice of Home" {
			t.Errorf("at once: got %s", got)
		}
		storetest.Until(t, "the other node hears of the organisation", func() bool { return name(far) == "Alice of Home" })
		if err := h.RemoveMember(t.Context(), console, h.org.ID, p.Member.ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.Describe(t.Context(), in.Issued.Token)
		wants(t, "gone", err, fault.CodeTokenUnknown)
	})
}

func TestDescribeTheProvider(t *testing.T) {
	h := sqliteHouse(t)
	a, err := h.AddProviderAdministrator(t.Context(), console, NewOperator{Account: "root1", Name: "Root", Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	token := identity.AccessToken{AccountID: a.ID}
	in, err := h.Describe(t.Context(), token)
	if err != nil || !in.Provider || in.Person.Account.Name != "root1" {
		t.Errorf("got %+v, %v", in, err)
	}
	h.write(func(tx *store.Tx) error { return tx.Providers.Delete(a.ID) })
	_, err = h.Describe(t.Context(), token)
	wants(t, "no administrator any more", err, fault.CodeTokenUnknown)
}

func TestWhoCameByAppIDNeedNotChange(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice@house", func(n *NewMember) { n.MustChange, n.ThirdAccount = nil, "u1" })
	token := identity.AccessToken{AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: h.org.ID}
	for _, row := range []struct {
		app  string
		want bool
	}{{"", true}, {"a1", false}, {"", true}} {
		token.AppID = row.app
		if in, err := h.Describe(t.Context(), token); err != nil || in.MustChange != row.want {
			t.Errorf("App ID %q: got %v, %v, want %v", row.app, in.MustChange, err, row.want)
		}
	}
}

func TestFrozenOrganisationsHoldAtOnce(t *testing.T) {
	h := sqliteHouse(t)
	app := h.appID(h.org.ID)
	for _, row := range []struct {
		status identity.OrganizationStatus
		code   fault.Code
	}{{identity.OrganizationActive, ""}, {identity.OrganizationFrozen, fault.CodeOrganizationInactive}, {identity.OrganizationActive, ""}} {
		h.edit(func(o *identity.Organization) { o.Status = row.status })
		_, err := h.vouch(app, func(*AppIDProof) {})
		wants(t, string(row.status), err, row.code)
	}
}
