package resource

import (
	"reflect"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// Every method with an actor is called by those who may nothing here.
func TestEveryActionAsksAccess(t *testing.T) {
	h := sqliteHouse(t)
	other := h.organization("other")
	methods, actorType := reflect.TypeOf(h.Resources), reflect.TypeFor[identity.Actor]()
	called := 0
	for who, actor := range map[string]identity.Actor{
		"nobody":                        {},
		"owner of another organisation": actorOf(h.ownerOf(other)),
		"application":                   {Kind: identity.ActsAsApplication, OrganizationID: h.org.ID},
	} {
		for i := range methods.NumMethod() {
			m := methods.Method(i)
			own := (m.Name == "OwnRooms" || m.Name == "OwnRoom" || m.Name == "ChangeOwnRoom") && actor.Kind == identity.ActsAsMember
			if m.Type.NumIn() < 3 || m.Type.In(2) != actorType || own {
				continue
			}
			args := []reflect.Value{reflect.ValueOf(h.Resources), reflect.Zero(m.Type.In(1)), reflect.ValueOf(actor)}
			if m.Name != "GrantIn" {
				args[1] = reflect.ValueOf(t.Context())
			}
			for j := 3; j < m.Type.NumIn(); j++ {
				arg := reflect.New(m.Type.In(j)).Elem()
				if arg.Type() == reflect.TypeFor[identity.OrganizationID]() {
					arg.SetString(string(h.org.ID))
				}
				args = append(args, arg)
			}
			out := m.Func.Call(args)
			err, _ := out[len(out)-1].Interface().(error)
			wants(t, who+": "+m.Name, err, fault.CodeForbidden)
			called++
		}
	}
	if called < 55 {
		t.Errorf("called only %d", called)
	}
}

func TestOnlyTheProviderGrants(t *testing.T) {
	h := sqliteHouse(t)
	_, err := h.Grant(t.Context(), actorOf(h.owner), h.org.ID, []Grant{h.grant("a", identity.ResourceFullHD, 1)})
	wants(t, "the owner grants", err, fault.CodeForbidden)
	h.granted("a", identity.ResourceFullHD, 1)
	_, err = h.List(t.Context(), actorOf(h.owner), h.org.ID, store.ResourceQuery{})
	wants(t, "the owner reads", err, "")
	_, err = h.Totals(t.Context(), actorOf(h.owner), "")
	wants(t, "the owner reads of all", err, fault.CodeForbidden)
}

func TestGrantsAreChecked(t *testing.T) {
	h := sqliteHouse(t)
	good := h.grant("a", identity.ResourceRooms, 1)
	for name, c := range map[string]struct {
		change func(*Grant)
		want   fault.Code
	}{
		"good":                    {func(*Grant) {}, ""},
		"unknown kind":            {func(g *Grant) { g.Kind = "x" }, fault.CodeFieldChoice},
		"unknown package":         {func(g *Grant) { g.Package = "vmr11" }, fault.CodeFieldChoice},
		"a package of no room":    {func(g *Grant) { g.Kind, g.Package = identity.ResourceHD, "vmr10" }, fault.CodeFieldUnwanted},
		"none":                    {func(g *Grant) { g.Count = 0 }, fault.CodeFieldRange},
		"too many rooms":          {func(g *Grant) { g.Count = identity.MaxRoomCount + 1 }, fault.CodeFieldRange},
		"no end":                  {func(g *Grant) { g.EndsAt = time.Time{} }, fault.CodeFieldMissing},
		"a name with blanks":      {func(g *Grant) { g.Ref = "a b" }, fault.CodeFieldFormat},
		"a name beyond ASCII":     {func(g *Grant) { g.Ref = "资源" }, fault.CodeFieldFormat},
		"an order that is a book": {func(g *Grant) { g.Order = string(make([]byte, 65)) }, fault.CodeFieldLength},
	} {
		g := good
		c.change(&g)
		wants(t, name, Check([]Grant{g}), c.want)
	}
	_, err := h.Grant(t.Context(), console, h.org.ID, []Grant{h.grant("one", identity.ResourceHD, 1), {Kind: "x"}})
	wants(t, "one of two is wrong", err, fault.CodeFieldChoice)
	if l, _ := h.List(t.Context(), console, h.org.ID, store.ResourceQuery{}); len(l.Items) != 0 {
		t.Errorf("half of it was granted: %+v", l.Items)
	}
	_, err = h.Grant(t.Context(), console, "org_x", []Grant{good})
	wants(t, "to nobody", err, fault.CodeOrganizationNotFound)
}

func TestGrantAgainChangesEndAndState(t *testing.T) {
	h := sqliteHouse(t)
	h.granted("a", identity.ResourceHD, 2)
	again := h.grant("a", identity.ResourceHD, 9)
	again.EndsAt, again.Disabled = h.clock.Now().Add(time.Hour), true
	made, err := h.Grant(t.Context(), console, h.org.ID, []Grant{again})
	if err != nil || made[0].Count != 2 || !made[0].Disabled || !made[0].EndsAt.Equal(again.EndsAt) {
		t.Errorf("got %+v, %v, want two, disabled, ending in an hour", made, err)
	}
	h.granted("a", identity.ResourceFullHD, 1) // another kind of one name is another resource
	yes := time.Hour
	soon := h.clock.Now().Add(yes)
	err = h.ChangeNamed(t.Context(), console, h.org.ID, []NamedChange{{Ref: "a", Change: Change{EndsAt: &soon}}})
	wants(t, "both by name", err, "")
	l, _ := h.List(t.Context(), console, h.org.ID, store.ResourceQuery{To: soon})
	if len(l.Items) != 2 {
		t.Errorf("ending soon: got %+v, want both", l.Items)
	}
	err = h.ChangeNamed(t.Context(), console, h.org.ID, []NamedChange{{Ref: "b"}})
	wants(t, "an unknown name", err, fault.CodeResourceNotFound)
}

func TestRecordsTellWhatWasDone(t *testing.T) {
	h := sqliteHouse(t)
	r := h.granted("a", identity.ResourceHD, 2)
	yes, no, three := true, false, 3
	for _, c := range []Change{{Disabled: &yes}, {Disabled: &no, Count: &three}, {Count: &three}} {
		h.clock.Advance(time.Second) // what was done in one millisecond is in no order
		_, err := h.Change(t.Context(), console, h.org.ID, r.ID, 0, c)
		wants(t, "change", err, "")
	}
	h.clock.Advance(time.Second)
	wants(t, "withdraw", h.WithdrawNamed(t.Context(), console, h.org.ID, []string{"a"}), "")
	l, err := h.Records(t.Context(), console, h.org.ID, store.RecordQuery{Slice: store.Slice{Counted: true, Limit: 2, Offset: 99}})
	if err != nil || l.Count != 5 || l.Offset != 4 || len(l.Items) != 1 || l.Items[0].Resource.Count != 3 || l.Items[0].ActorName != "console" {
		t.Errorf("last page: got %+v, %v", l, err)
	}
	all := map[identity.ResourceOperation]int{}
	l, _ = h.Records(t.Context(), console, h.org.ID, store.RecordQuery{})
	for _, record := range l.Items {
		all[record.Operation]++
	}
	for _, what := range identity.ResourceOperations() {
		if all[what] != 1 {
			t.Errorf("%s: got %d records, want 1", what, all[what])
		}
	}
}

func TestMembersFollowTheGrants(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		add := func(account string) error {
			_, err := h.directory.AddMember(t.Context(), console, h.org.ID, directory.NewMember{Account: account, Name: account})
			return err
		}
		limits := func() identity.Limits {
			o, err := h.directory.Organization(t.Context(), console, h.org.ID)
			wants(t, "read", err, "")
			return o.Limits
		}
		wants(t, "without a grant", add("one@x"), "")
		soon := h.grant("b", identity.ResourceMembers, 2)
		soon.EndsAt = h.clock.Now().Add(time.Hour)
		_, err := h.Grant(t.Context(), console, h.org.ID, []Grant{h.grant("a", identity.ResourceMembers, 2), soon})
		wants(t, "grant", err, "")
		if got := limits(); got.Members != 4 || !got.Granted {
			t.Errorf("got %+v, want four that are granted", got)
		}
		wants(t, "the third", add("two@x"), "")
		h.clock.Advance(2 * time.Hour)
		wants(t, "after half of it ended", add("three@x"), fault.CodeMemberLimit)
		six := limits()
		six.Members = 6
		_, err = h.directory.ChangeOrganization(t.Context(), console, h.org.ID, 0, directory.OrganizationChange{Limits: &six})
		wants(t, "a limit by hand", err, fault.CodeMembersGranted)
		wants(t, "withdraw", h.WithdrawNamed(t.Context(), console, h.org.ID, []string{"a", "b"}), "")
		if got := limits(); got.Members != 0 || !got.Granted {
			t.Errorf("got %+v, want none", got)
		}
		wants(t, "when nothing is left", add("four@x"), fault.CodeMemberLimit)
		totals, err := h.Totals(t.Context(), console, h.org.ID)
		if got := totals.Of(identity.ResourceMembers); err != nil || got.Used != 3 || !got.Limited {
			t.Errorf("got %+v, %v: nobody was to be removed", got, err)
		}
	})
}

func TestRoomsComeAndGoWithTheirResource(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		r := h.granted("a", identity.ResourceRooms, 3)
		if r.Package != identity.SmallestPackage || len(h.rooms()) != 3 {
			t.Fatalf("got %+v and %d rooms, want three small ones", r, len(h.rooms()))
		}
		change := func(count int) error {
			_, err := h.Change(t.Context(), console, h.org.ID, r.ID, 0, Change{Count: &count})
			return err
		}
		wants(t, "more", change(5), "")
		rooms := h.rooms()
		holder := Holder{Member: h.owner.Member.ID}
		wants(t, "lend", h.LendRooms(t.Context(), console, h.org.ID, holder, []identity.RoomID{rooms[0].ID, rooms[4].ID}), "")
		wants(t, "fewer than are lent", change(1), fault.CodeResourceInUse)
		wants(t, "withdraw what is lent", h.Withdraw(t.Context(), console, h.org.ID, []identity.ResourceID{r.ID}), fault.CodeResourceInUse)
		wants(t, "as many as are lent", change(2), "")
		if got := h.rooms(); len(got) != 2 || !got[0].Assigned() || !got[1].Assigned() {
			t.Errorf("got %+v, want the two that are lent", got)
		}
		wants(t, "recall", h.RecallRooms(t.Context(), console, h.org.ID, holder, []identity.RoomID{rooms[0].ID, rooms[4].ID}), "")
		wants(t, "withdraw", h.Withdraw(t.Context(), console, h.org.ID, []identity.ResourceID{r.ID}), "")
		if got := h.rooms(); len(got) != 0 {
			t.Errorf("rooms stay behind: %+v", got)
		}
	})
}
