package resource

import (
	"context"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// console is the operator, who may everything.
var console = identity.Actor{Kind: identity.ActsAsConsole, Name: "console"}

// house is an organisation with an owner and the resources of its database.
type house struct {
	*Resources
	t         *testing.T
	clock     *storetest.Clock
	directory *directory.Directory
	org       identity.Organization
	owner     identity.Person
}

func newHouse(t *testing.T, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	h := &house{t: t, clock: storetest.NewClock()}
	db := open(storetest.WithClock(h.clock))
	h.directory = directory.New(db, directory.Options{
		Now:    h.clock.Now,
		Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 16, Passes: 1}), Address: "https://sign.in.example",
	})
	t.Cleanup(h.directory.Close)
	h.Resources = New(db, Options{})
	h.org = h.organization("house")
	h.owner = h.ownerOf(h.org)
	return h
}

func sqliteHouse(t *testing.T) *house {
	t.Helper()
	return newHouse(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
}

func (h *house) organization(code string) identity.Organization {
	h.t.Helper()
	o, err := h.directory.AddOrganization(h.t.Context(), console, directory.NewOrganization{
		Code: code, Name: "Organisation " + code, Owner: &directory.NewMember{Account: "owner@" + code, Name: "Owner"},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

func (h *house) ownerOf(o identity.Organization) (p identity.Person) {
	h.t.Helper()
	h.read(func(tx *store.Tx) (err error) { p, err = tx.Members.Owner(o.ID); return err })
	return p
}

func (h *house) member(account string) identity.Person {
	h.t.Helper()
	added, err := h.directory.AddMember(h.t.Context(), console, h.org.ID, directory.NewMember{Account: account, Name: "Member " + account})
	if err != nil {
		h.t.Fatal(err)
	}
	return added.Person
}

func actorOf(p identity.Person) identity.Actor {
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: p.Member.OrganizationID,
		Role: p.Member.Role, Name: p.Member.Name,
	}
}

func (h *house) read(fn func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// granted grants so many of a kind for a year.
func (h *house) granted(ref string, kind identity.ResourceKind, count int) identity.Resource {
	h.t.Helper()
	made, err := h.Grant(h.t.Context(), console, h.org.ID, []Grant{h.grant(ref, kind, count)})
	if err != nil {
		h.t.Fatal(err)
	}
	return made[0]
}

func (h *house) grant(ref string, kind identity.ResourceKind, count int) Grant {
	return Grant{Ref: ref, Kind: kind, Count: count, EndsAt: h.clock.Now().Add(365 * 24 * time.Hour)}
}

// terminal adds a terminal and tells why it could not.
func (h *house) terminal(serial, model string) (Terminal, error) {
	return h.AddTerminal(h.t.Context(), console, h.org.ID, NewTerminal{
		Serial: serial, Name: "Terminal " + serial, Model: model, Contact: identity.Contact{Email: "it@house.example"},
	})
}

// rooms are all rooms of the organisation.
func (h *house) rooms() []Room {
	h.t.Helper()
	l, err := h.Rooms(h.t.Context(), console, h.org.ID, store.RoomQuery{})
	if err != nil {
		h.t.Fatal(err)
	}
	return l.Items
}

// messages are what waits to be sent, by template.
func (h *house) messages(target string) (n int) {
	h.t.Helper()
	h.read(func(tx *store.Tx) error {
		last, err := tx.Outbox.Last(target)
		if last != "" {
			n = 1
		}
		return err
	})
	return n
}

// wants checks the code of a fault; "" means none.
func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

// onlyMail is a server without a gateway for short messages.
func onlyMail(_ context.Context, channel identity.Channel) bool { return channel == identity.ByMail }
