package addressbook

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var console = identity.Actor{Kind: identity.ActsAsConsole, Name: "console"}

// house is an organisation with three departments and somebody in each: boss
// (owner) at the top, rita in rd, who sees nobody but rd, and hugo in the open hr.
type house struct {
	*Book
	t                *testing.T
	db               *store.DB
	directory        *directory.Directory
	org              identity.OrganizationID
	boss, rita, hugo identity.Person
}

func newHouse(t *testing.T, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	clock := storetest.NewClock()
	db := open(storetest.WithClock(clock))
	d := directory.New(db, directory.Options{Now: clock.Now, Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 16, Passes: 1})})
	t.Cleanup(d.Close)
	h := &house{Book: New(db, d.VisibleDepartments), t: t, db: db, directory: d}
	o := must(d.AddOrganization(t.Context(), console, directory.NewOrganization{
		Code: "house", Name: "House", Owner: &directory.NewMember{Account: "boss@house", Name: "Boss"},
	}))(t)
	h.org = o.ID
	must(d.AddDepartment(t.Context(), console, h.org, directory.NewDepartment{
		Code: "rd", Name: "Research", Visibility: identity.Visibility{Sees: identity.SeesOwn},
	}))(t)
	must(d.AddDepartment(t.Context(), console, h.org, directory.NewDepartment{Code: "hr", Name: "People", Visibility: identity.Visibility{Open: true}}))(t)
	h.boss = must(d.MemberByRef(t.Context(), console, h.org, directory.MemberRef{Account: "boss@house"}))(t)
	h.rita = h.member(directory.NewMember{Account: "rita@house", Name: "丽塔", DepartmentCode: "rd", Mobile: "+8613800000001", HideMobile: true, ThirdAccount: "rita"})
	h.hugo = h.member(directory.NewMember{Account: "hugo@house", Name: "Hugo", DepartmentCode: "hr", Mobile: "+8613800000002", ThirdAccount: "hugo"})
	return h
}

func sqliteHouse(t *testing.T) *house {
	t.Helper()
	return newHouse(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (h *house) member(n directory.NewMember) identity.Person {
	h.t.Helper()
	return must(h.directory.AddMember(h.t.Context(), console, h.org, n))(h.t).Person
}

// secret is what administrators alone know of a device.
var secret = identity.Activation{Code: "secret"}

func (h *house) terminal(name, department string) (t identity.Terminal) {
	h.t.Helper()
	h.update(func(tx *store.Tx) error {
		d, err := tx.Departments.ByCode(h.org, department)
		if err != nil {
			return err
		}
		t = identity.Terminal{
			ID: identity.NewTerminalID(tx.Now()), OrganizationID: h.org, Serial: name, Name: name, Model: "TE20", Account: name + "@terminal",
			Number: "+99" + name, Projection: identity.ProjectionAutomatic, Department: d.ID, Contact: identity.Contact{Email: "it@house.example"},
			Activation: secret, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		return tx.Terminals.Insert(t)
	})
	return t
}

func (h *house) device(kind identity.DeviceKind, name, department string) (d identity.ActivationCode) {
	h.t.Helper()
	h.update(func(tx *store.Tx) error {
		at, err := tx.Departments.ByCode(h.org, department)
		d = identity.ActivationCode{
			ID: identity.NewActivationCodeID(tx.Now()), OrganizationID: h.org, Device: kind, Name: name, Department: at.ID,
			Activation: identity.Activation{Code: "secret-" + name}, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err != nil {
			return err
		}
		return tx.ActivationCodes.Insert(d)
	})
	return d
}

// numbered gives somebody a personal meeting id.
func (h *house) numbered(p identity.Person, number string) {
	h.t.Helper()
	h.update(func(tx *store.Tx) error {
		_, err := tx.MeetingRooms.Insert(identity.MeetingRoom{
			ID: identity.NewRoomID(tx.Now()), OrganizationID: h.org, Number: number, Name: p.Member.Name, Personal: p.Member.ID,
			CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		})
		return err
	})
}

func actorOf(p identity.Person) identity.Actor {
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: p.Member.OrganizationID,
		Role: p.Member.Role, Name: p.Member.Name,
	}
}

// names are those of entries, in their order.
func names(entries []Entry) string {
	var all []string
	for _, e := range entries {
		all = append(all, e.Person.Member.Name+e.Terminal.Name+e.Device.Name)
	}
	return strings.Join(all, " ")
}

// finds searches as somebody and tells what was found.
func (h *house) finds(p identity.Person, q Query) (string, Page) {
	h.t.Helper()
	page := must(h.Search(h.t.Context(), actorOf(p), h.org, q))(h.t)
	return names(page.Entries), page
}

// wants checks the code of a fault; "" means none.
func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}
