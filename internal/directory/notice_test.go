package directory

import (
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// application adds an application that wishes to be told of ends.
func (h *house) application(org identity.OrganizationID, name string) identity.Application {
	h.t.Helper()
	a := identity.Application{
		ID: identity.NewApplicationID(h.clock.Now()), OrganizationID: org, ClientID: name, Name: name, Protocol: identity.ProtocolOIDC,
		Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{BackchannelURL: "https://" + name + ".example/logout"},
	}
	h.write(func(tx *store.Tx) error { return tx.Applications.Insert(a) })
	return a
}

// entered starts a session of somebody in which applications were entered.
func (h *house) entered(p identity.Person, apps ...identity.Application) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		account, err := tx.Accounts.Get(p.Account.ID)
		if err != nil {
			return err
		}
		started, err := session.StartIn(tx, tx.Now(), session.Options{}, session.Start{
			Account: account, Member: p.Member, Organization: h.org, Methods: []string{identity.ByPassword},
		})
		for _, a := range apps {
			if err != nil {
				return err
			}
			err = tx.Participations.Join(identity.Participation{
				SessionID: started.Session.ID, ApplicationID: a.ID, OrganizationID: a.OrganizationID, MemberID: p.Member.ID,
				Protocol: a.Protocol, Key: a.ClientID, JoinedAt: tx.Now(),
			})
		}
		return err
	})
}

// told are the applications that messages on their way will tell, sorted.
func (h *house) told() (names []string) {
	h.t.Helper()
	var leased []identity.Message
	err := h.db.Act(h.t.Context(), store.ActOutbox, func(tx *store.Tx) (err error) {
		leased, err = tx.Outbox.Lease("test", tx.Now().Add(time.Second), 100)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, stored := range leased {
		if stored.Channel != identity.ToApplication {
			continue
		}
		m, err := outbox.Open(stored)
		if err != nil {
			h.t.Fatal(err)
		}
		names = append(names, m.Params["key"])
	}
	slices.Sort(names)
	return names
}

// ordered is what an administrator does to a member or their organisation, and
// which applications are told of it.
type ordered struct {
	name string
	act  func(h *house, p identity.Person) error
	want []string
}

func orders() []ordered {
	all := []string{"foreign", "own"}
	return []ordered{
		{"suspended", func(h *house, p identity.Person) error {
			return h.SuspendMember(h.t.Context(), console, h.org.ID, p.Member.ID)
		}, all},
		{"removed", func(h *house, p identity.Person) error {
			return h.RemoveMember(h.t.Context(), console, h.org.ID, p.Member.ID)
		}, all},
		{"frozen", func(h *house, _ identity.Person) error {
			frozen := identity.OrganizationFrozen
			_, err := h.ChangeOrganization(h.t.Context(), console, h.org.ID, 0, OrganizationChange{Status: &frozen})
			return err
		}, all},
		{"dissolved: its own applications go with it", func(h *house, _ identity.Person) error {
			return h.RemoveOrganization(h.t.Context(), console, h.org.ID)
		}, []string{"foreign"}},
		{"a new password by an administrator", func(h *house, p identity.Person) error {
			return h.SetPassword(h.t.Context(), console, p.Account.ID, "another-horse-8", SetPasswordOptions{})
		}, all},
		{"suspended, the application being disabled", func(h *house, p identity.Person) error {
			h.write(func(tx *store.Tx) error {
				a, err := tx.Applications.ByClientID(h.org.ID, "own")
				if err != nil {
					return err
				}
				a.Status = identity.ApplicationDisabled
				return tx.Applications.Put(a)
			})
			if got := h.told(); got != nil {
				h.t.Errorf("disabling tells %q", got)
			}
			return h.SuspendMember(h.t.Context(), console, h.org.ID, p.Member.ID)
		}, all},
		{"suspended, the application being gone", func(h *house, p identity.Person) error {
			h.write(func(tx *store.Tx) error {
				a, err := tx.Applications.ByClientID(h.org.ID, "own")
				if err != nil {
					return err
				}
				return tx.Applications.Delete(h.org.ID, a.ID)
			})
			if got := h.told(); got != nil {
				h.t.Errorf("removing tells %q", got)
			}
			return h.SuspendMember(h.t.Context(), console, h.org.ID, p.Member.ID)
		}, []string{"foreign"}},
		{"renamed: nobody's session ends", func(h *house, _ identity.Person) error {
			name := "Another name"
			_, err := h.ChangeOrganization(h.t.Context(), console, h.org.ID, 0, OrganizationChange{Name: &name})
			return err
		}, nil},
		{"refused: the owner is protected", func(h *house, _ identity.Person) error {
			if err := h.RemoveMember(h.t.Context(), console, h.org.ID, h.owner.Member.ID); !fault.Is(err, fault.CodeOwnerProtected) {
				h.t.Errorf("remove the owner: %v", err)
			}
			return nil
		}, nil},
	}
}

// Whatever an administrator does that ends sessions, the applications that were
// entered in them are told, and nobody else's are. The messages are there when
// the act is: no job has run in between. What is refused tells nobody.
func TestApplicationsAreToldOfWhatAdministratorsDo(t *testing.T) {
	for _, tt := range orders() {
		t.Run(tt.name, func(t *testing.T) {
			both(t, func(t *testing.T, h *house, _ func() *Directory) {
				nova := h.furnish("nova", func(*NewOrganization) {})
				stranger := h.member("zoe@nova", func(*NewMember) {})
				elsewhere := h.application(nova.ID, "foreign")
				h.entered(stranger, elsewhere)
				h.furnish("acme", func(*NewOrganization) {})
				carl := h.member("carl@acme", func(*NewMember) {})
				h.entered(carl, h.application(h.org.ID, "own"), elsewhere)
				if got := h.told(); got != nil {
					t.Fatalf("told before: %q", got)
				}
				h.clock.Advance(time.Second)
				if err := tt.act(h, carl); err != nil {
					t.Fatal(err)
				}
				if got := h.told(); !slices.Equal(got, tt.want) {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		})
	}
}
