package store_test

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func (w town) grant(o identity.Organization, ref string, change func(*identity.Resource)) identity.Resource {
	w.t.Helper()
	r := identity.Resource{
		ID: identity.NewResourceID(w.now), OrganizationID: o.ID, Ref: ref, Kind: identity.ResourceFullHD, Count: 3,
		EndsAt: w.now.Add(365 * 24 * time.Hour), Order: "o-1", Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	change(&r)
	w.update(func(tx *store.Tx) error { return tx.Resources.Insert(r) })
	return r
}

func same(*identity.Resource) {}

func TestResourceKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		want := w.grant(acme, "r/1", func(r *identity.Resource) { r.Kind, r.Package = identity.ResourceRooms, "vmr10" })
		got := func() (r identity.Resource) {
			w.update(func(tx *store.Tx) (err error) { r, err = tx.Resources.Get(acme.ID, want.ID); return err })
			return r
		}
		if got() != want {
			t.Errorf("got %+v, want %+v", got(), want)
		}
		want.Count, want.EndsAt, want.Disabled, want.Order = 9, w.now.Add(time.Hour), true, ""
		w.update(func(tx *store.Tx) error { return tx.Resources.Put(want) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Resources.Put(want) })
		want.Version = 2
		if got() != want {
			t.Errorf("edited: got %+v, want %+v", got(), want)
		}
		again := want
		again.ID = identity.NewResourceID(w.now)
		w.refused(fault.CodeResourceExists, func(tx *store.Tx) error { return tx.Resources.Insert(again) })
		w.refused(fault.CodeResourceNotFound, func(tx *store.Tx) error { _, err := tx.Resources.Get(nova.ID, want.ID); return err })
		w.refused(fault.CodeResourceNotFound, func(tx *store.Tx) error { return tx.Resources.Delete(nova.ID, want.ID) })
		w.update(func(tx *store.Tx) error { return tx.Resources.Delete(acme.ID, want.ID) })
		w.refused(fault.CodeResourceNotFound, func(tx *store.Tx) error { _, err := tx.Resources.Get(acme.ID, want.ID); return err })
	})
}

func TestResourceListsAndSums(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		w.grant(acme, "Alpha", same)
		w.grant(acme, "50%_a", func(r *identity.Resource) { r.EndsAt = w.now.Add(identity.ResourceExpiring) })
		w.grant(acme, "gone", func(r *identity.Resource) { r.EndsAt = w.now })
		w.grant(acme, "off", func(r *identity.Resource) { r.Disabled = true })
		w.grant(acme, "rooms", func(r *identity.Resource) { r.Kind, r.Package, r.Order = identity.ResourceRooms, "vmr25", "o-2" })
		w.grant(nova, "theirs", same)
		for name, c := range map[string]struct {
			q    store.ResourceQuery
			want []string
		}{
			"all":                     {store.ResourceQuery{}, []string{"50%_a", "Alpha", "gone", "off", "rooms"}},
			"part of the name":        {store.ResourceQuery{Text: "LPH"}, []string{"Alpha"}},
			"no pattern":              {store.ResourceQuery{Text: "%_"}, []string{"50%_a"}},
			"kind":                    {store.ResourceQuery{Kind: identity.ResourceRooms}, []string{"rooms"}},
			"package":                 {store.ResourceQuery{Package: "vmr10"}, nil},
			"order":                   {store.ResourceQuery{Order: "o-2"}, []string{"rooms"}},
			"live":                    {store.ResourceQuery{Status: identity.ResourceLive}, []string{"50%_a", "Alpha", "rooms"}},
			"expired":                 {store.ResourceQuery{Status: identity.ResourceExpired}, []string{"gone"}},
			"disabled":                {store.ResourceQuery{Status: identity.ResourceDisabled}, []string{"off"}},
			"ends from then to then":  {store.ResourceQuery{From: w.now.Add(time.Hour), To: w.now.Add(identity.ResourceExpiring)}, []string{"50%_a"}},
			"from an offset":          {store.ResourceQuery{Status: identity.ResourceDisabled, Slice: store.Slice{Offset: 1}}, nil},
			"what follows, as a page": {store.ResourceQuery{Slice: store.Slice{After: "res_z"}}, nil},
		} {
			w.update(func(tx *store.Tx) error {
				c.q.Limit = 50
				found, err := tx.Resources.Page(acme.ID, c.q)
				var got []string
				for _, r := range found {
					got = append(got, r.Ref)
				}
				slices.Sort(got)
				if !slices.Equal(got, c.want) {
					t.Errorf("%s: got %q, %v, want %q", name, got, err, c.want)
				}
				n, err := tx.Resources.Count(acme.ID, c.q)
				if c.q.Offset == 0 && c.q.After == "" && n != len(c.want) {
					t.Errorf("%s: counted %d, %v, want %d", name, n, err, len(c.want))
				}
				return err
			})
		}
		w.update(func(tx *store.Tx) error {
			got, err := tx.Resources.Sums(acme.ID, w.now)
			want := []store.Sum{
				{Kind: identity.ResourceRooms, Package: "vmr25", Live: 3}, {Kind: identity.ResourceFullHD, Live: 6, Expiring: 3, Expired: 3},
			}
			if !slices.Equal(got, want) {
				t.Errorf("sums: got %+v, want %+v", got, want)
			}
			if all, _ := tx.Resources.Sums("", w.now); len(all) != 2 || all[1].Live != 9 {
				t.Errorf("of all: got %+v", all)
			}
			if live, _ := tx.Resources.Live(acme.ID, identity.ResourceFullHD); live != 6 {
				t.Errorf("live: got %d, want 6", live)
			}
			return err
		})
	})
}

func TestResourceRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		r := w.grant(acme, "one", same)
		want := identity.ResourceRecord{ID: identity.NewRecordID(w.now), Operation: identity.ResourceModified, Resource: r, At: w.now, ActorName: "root"}
		// Of a resource that was are kept what it was, not its own history.
		want.Resource.Version, want.Resource.CreatedAt, want.Resource.UpdatedAt = 0, time.Time{}, time.Time{}
		w.update(func(tx *store.Tx) error { return tx.Resources.Record(want) })
		for name, c := range map[string]struct {
			org  identity.OrganizationID
			q    store.RecordQuery
			want int
		}{
			"all":             {acme.ID, store.RecordQuery{}, 1},
			"another's":       {nova.ID, store.RecordQuery{}, 0},
			"the operation":   {acme.ID, store.RecordQuery{Operation: identity.ResourceModified, Kind: r.Kind, Text: "ONE"}, 1},
			"another one":     {acme.ID, store.RecordQuery{Operation: identity.ResourceAdded}, 0},
			"done since then": {acme.ID, store.RecordQuery{Since: w.now, Until: w.now}, 1},
			"done before":     {acme.ID, store.RecordQuery{Until: w.now.Add(-time.Second)}, 0},
			"ends before":     {acme.ID, store.RecordQuery{To: w.now}, 0},
		} {
			w.update(func(tx *store.Tx) error {
				c.q.Limit = 9
				got, err := tx.Resources.Records(c.org, c.q)
				n, _ := tx.Resources.CountRecords(c.org, c.q)
				if len(got) != c.want || n != c.want || c.want > 0 && !reflect.DeepEqual(got[0], want) {
					t.Errorf("%s: got %+v and %d, want %d of %+v", name, got, n, c.want, want)
				}
				return err
			})
		}
		w.update(func(tx *store.Tx) error {
			kinds, err := tx.Resources.Granted(acme.ID)
			if !slices.Equal(kinds, []identity.ResourceKind{r.Kind}) {
				t.Errorf("got %q, want %q", kinds, r.Kind)
			}
			return err
		})
	})
}

// device adds a terminal and an activation code.
func (w town) device(o identity.Organization, root identity.Department, serial string) (identity.Terminal, identity.ActivationCode) {
	w.t.Helper()
	m := identity.Terminal{
		ID: identity.NewTerminalID(w.now), OrganizationID: o.ID, Serial: serial, Name: "Room " + serial, Model: "TE20",
		Account: "acc-" + serial + string(o.ID), Number: "+991" + serial + string(o.ID), Projection: identity.ProjectionSimple, Department: root.ID,
		Contact:     identity.Contact{Mobile: "+8613800000001", Country: "chinaPR", Email: "hush@acme.example"},
		Description: "d", Disabled: true, Activation: identity.Activation{Code: "hush" + serial, EndsAt: w.now.Add(time.Hour)},
		Resets: []time.Time{w.now}, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	a := identity.ActivationCode{
		ID: identity.NewActivationCodeID(w.now), OrganizationID: o.ID, Activation: identity.Activation{Code: "hush" + serial + string(o.ID), EndsAt: w.now},
		Device: identity.DeviceIdeaHub, Name: "Hub " + serial, Department: root.ID, Contact: m.Contact, Description: "d",
		Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	w.update(func(tx *store.Tx) error {
		if err := tx.Terminals.Insert(m); err != nil {
			return err
		}
		return tx.ActivationCodes.Insert(a)
	})
	return m, a
}

// devices compares a terminal and a code with what is stored, by every key.
func (w town) devices(acme identity.Organization, root identity.Department, m identity.Terminal, a identity.ActivationCode) {
	t := w.t
	t.Helper()
	w.update(func(tx *store.Tx) error {
		for name, read := range map[string]func() (store.InDepartment[identity.Terminal], error){
			"get":    func() (store.InDepartment[identity.Terminal], error) { return tx.Terminals.Get(acme.ID, m.ID) },
			"serial": func() (store.InDepartment[identity.Terminal], error) { return tx.Terminals.BySerial(acme.ID, "sn_1") },
			"account": func() (store.InDepartment[identity.Terminal], error) {
				return tx.Terminals.ByAccount(acme.ID, m.Account)
			},
			"number": func() (store.InDepartment[identity.Terminal], error) { return tx.Terminals.ByNumber(acme.ID, m.Number) },
		} {
			if got, err := read(); err != nil || !reflect.DeepEqual(got.Item, m) || got.Department.Code != root.Code || got.Department.Path != root.Path {
				t.Errorf("%s: got %+v, %v, want %+v", name, got, err, m)
			}
		}
		if got, err := tx.ActivationCodes.Get(acme.ID, a.ID); err != nil || !reflect.DeepEqual(got.Item, a) {
			t.Errorf("got %+v, %v, want %+v", got, err, a)
		}
		for _, query := range []string{`SELECT contact FROM terminals WHERE id = $1`, `SELECT activation FROM terminals WHERE id = $1`} {
			var stored []byte
			if err := store.Scan(tx, &stored, query, m.ID); err != nil || len(stored) == 0 || bytes.Contains(stored, []byte("hush")) {
				t.Errorf("%s: open or nothing, %v", query, err)
			}
		}
		return nil
	})
}

// devicesFound looks for the terminal and the code by every condition.
func (w town) devicesFound(acme identity.Organization, root identity.Department, a identity.ActivationCode) {
	t := w.t
	t.Helper()
	w.update(func(tx *store.Tx) error {
		for name, n := range map[string]func() (int, error){
			"name": func() (int, error) { return tx.ActivationCodes.Count(acme.ID, store.ActivationQuery{Text: "hub sn"}) },
			"whole code": func() (int, error) {
				return tx.ActivationCodes.Count(acme.ID, store.ActivationQuery{Text: a.Activation.Code})
			},
			"device": func() (int, error) {
				return tx.ActivationCodes.Count(acme.ID, store.ActivationQuery{Device: identity.DeviceIdeaHub})
			},
			"terminal": func() (int, error) {
				return tx.Terminals.Count(acme.ID, store.TerminalQuery{Text: "om sn", Model: "TE20", Below: "1/"})
			},
			"at the root": func() (int, error) { return tx.Terminals.Count(acme.ID, store.TerminalQuery{Department: root.ID}) },
		} {
			if got, err := n(); err != nil || got != 1 {
				t.Errorf("by %s: found %d, %v, want 1", name, got, err)
			}
		}
		if n, _ := tx.ActivationCodes.Count(acme.ID, store.ActivationQuery{Text: "hush"}); n != 0 {
			t.Error("a part of a code finds it")
		}
		if empty, err := tx.Departments.Empty(acme.ID, root.ID); err != nil || empty {
			t.Errorf("the department is empty (%v), %v", empty, err)
		}
		return nil
	})
}

// editedDevices edits both, and returns them as they are stored.
func (w town) editedDevices(acme identity.Organization, m identity.Terminal, a identity.ActivationCode) (identity.Terminal, identity.ActivationCode) {
	t := w.t
	t.Helper()
	m.Name, m.Disabled, m.Contact, m.Activation, m.Resets = "Other", false, identity.Contact{}, identity.Activation{}, nil
	again := m
	again.ID = identity.NewTerminalID(w.now)
	w.refused(fault.CodeTerminalExists, func(tx *store.Tx) error { return tx.Terminals.Insert(again) })
	w.update(func(tx *store.Tx) error { return tx.Terminals.Put(m) })
	w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Terminals.Put(m) })
	a.Activation.Code = "another"
	w.update(func(tx *store.Tx) error { return tx.ActivationCodes.Put(a) })
	w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.ActivationCodes.Put(a) })
	m.Version, a.Version = 2, 2
	w.update(func(tx *store.Tx) error {
		rows, err := tx.Terminals.Page(acme.ID, store.TerminalQuery{Slice: store.Slice{Limit: 9}})
		if err != nil || len(rows) != 1 || !reflect.DeepEqual(rows[0].Item, m) {
			t.Errorf("edited: got %+v, %v, want %+v", rows, err, m)
		}
		codes, err := tx.ActivationCodes.Page(acme.ID, store.ActivationQuery{Text: "another", Slice: store.Slice{Limit: 9}})
		if err != nil || len(codes) != 1 || !reflect.DeepEqual(codes[0].Item, a) {
			t.Errorf("edited: got %+v, %v, want %+v", codes, err, a)
		}
		models, _ := tx.Terminals.Models(acme.ID)
		all, _ := tx.ActivationCodes.Devices("")
		if models["TE20"] != 1 || all[string(identity.DeviceIdeaHub)] != 2 {
			t.Errorf("counted %v and %v", models, all)
		}
		return nil
	})
	return m, a
}

func TestDevicesKeepEveryFieldSealed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, theirs := w.organization("nova")
		m, a := w.device(acme, root, "SN_1")
		w.device(nova, theirs, "SN_1") // a serial number means a terminal of one organisation
		w.devices(acme, root, m, a)
		w.devicesFound(acme, root, a)
		m, a = w.editedDevices(acme, m, a)
		w.update(func(tx *store.Tx) error {
			if err := tx.Terminals.Delete(acme.ID, m.ID); err != nil {
				return err
			}
			return tx.ActivationCodes.Delete(acme.ID, a.ID)
		})
		w.refused(fault.CodeTerminalNotFound, func(tx *store.Tx) error { return tx.Terminals.Delete(acme.ID, m.ID) })
		w.refused(fault.CodeActivationNotFound, func(tx *store.Tx) error { return tx.ActivationCodes.Delete(acme.ID, a.ID) })
	})
}

// room adds a room, whose number nobody else may have.
func (w town) room(o identity.Organization, number string, change func(*identity.MeetingRoom)) identity.MeetingRoom {
	w.t.Helper()
	r := identity.MeetingRoom{
		ID: identity.NewRoomID(w.now), OrganizationID: o.ID, Number: number, Name: "Name " + number,
		Passwords: identity.RoomPasswords{Host: "123456", Guest: "4321"}, GuestsFirst: true, GuestNotice: true,
		Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	change(&r)
	w.update(func(tx *store.Tx) error {
		if free, err := tx.MeetingRooms.Insert(r); err != nil || !free {
			w.t.Errorf("the number %s is free: %v, %v", number, free, err)
		}
		free, err := tx.MeetingRooms.Insert(r)
		if free {
			w.t.Error("one number twice")
		}
		return err
	})
	return r
}

// rooms compares what a query finds and counts with the rooms that it is to find.
func (w town) rooms(o identity.Organization, q store.RoomQuery, want []identity.MeetingRoom) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		q.Limit = 9
		rows, err := tx.MeetingRooms.Page(o.ID, q)
		n, _ := tx.MeetingRooms.Count(o.ID, q)
		got := map[identity.RoomID]bool{}
		for _, r := range rows {
			got[r.ID] = true
		}
		ok := n == len(want) && len(got) == len(want)
		for _, r := range want {
			ok = ok && got[r.ID]
		}
		if !ok {
			w.t.Errorf("%+v: got %v and %d, want %v", q, rows, n, want)
		}
		return err
	})
}

func TestRoomsOutliveTheirHolders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		p := w.member(acme, root, "alice")
		m, _ := w.device(acme, root, "SN_1")
		g := w.grant(acme, "rooms", func(r *identity.Resource) { r.Kind, r.Package = identity.ResourceRooms, "vmr10" })
		lent := w.room(acme, "900", func(r *identity.MeetingRoom) { r.Resource, r.Package, r.Member = g.ID, g.Package, p.Member.ID })
		lent.Until = g.EndsAt
		own := w.room(acme, "901", func(r *identity.MeetingRoom) { r.Personal = p.Member.ID })
		inRoom := w.room(acme, "902", func(r *identity.MeetingRoom) { r.Resource, r.Package, r.Terminal = g.ID, g.Package, m.ID })
		free := w.room(acme, "903", func(r *identity.MeetingRoom) { r.Resource, r.Package = g.ID, g.Package })
		found := func(q store.RoomQuery, want ...identity.MeetingRoom) { t.Helper(); w.rooms(acme, q, want) }
		w.update(func(tx *store.Tx) error {
			got, err := tx.MeetingRooms.Get(acme.ID, lent.ID)
			if want := (store.RoomRow{MeetingRoom: lent, MemberName: "alice"}); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if held, _ := tx.MeetingRooms.Held(acme.ID, p.Member.ID, ""); held != 1 {
				t.Errorf("alice holds %d, want 1", held)
			}
			if counts, _ := tx.MeetingRooms.Packages(acme.ID); !slices.Equal(counts, []store.RoomCount{{Package: "vmr10", All: 3, Lent: 2}}) {
				t.Errorf("counted %+v", counts)
			}
			if n, _ := tx.MeetingRooms.Lent(acme.ID, g.ID); n != 2 {
				t.Errorf("lent %d, want 2", n)
			}
			return err
		})
		found(store.RoomQuery{Status: identity.RoomLive}, lent, inRoom)
		found(store.RoomQuery{Status: identity.RoomUnassigned}, free)
		found(store.RoomQuery{Status: identity.RoomDisabled})
		found(store.RoomQuery{Text: "ALIC"}, lent)
		found(store.RoomQuery{Text: "room sn"}, inRoom)
		found(store.RoomQuery{Text: "90", Only: store.OnlyRooms}, lent, inRoom, free)
		found(store.RoomQuery{Member: p.Member.ID, Text: "90"}, lent, own)
		found(store.RoomQuery{Member: p.Member.ID, Only: store.OnlyPersonal}, own)

		w.update(func(tx *store.Tx) error {
			if err := tx.Members.Delete(acme.ID, p.Member.ID); err != nil {
				return err
			}
			return tx.Terminals.Delete(acme.ID, m.ID)
		})
		found(store.RoomQuery{}, lent, inRoom, free)
		found(store.RoomQuery{Status: identity.RoomUnassigned}, lent, inRoom, free)
		g.Disabled = true
		w.update(func(tx *store.Tx) error { return tx.Resources.Put(g) })
		found(store.RoomQuery{Status: identity.RoomDisabled}, lent, inRoom, free)
		w.update(func(tx *store.Tx) error { return tx.Resources.Delete(acme.ID, g.ID) })
		found(store.RoomQuery{})
	})
}

func TestResourcesEndWithTheirOrganization(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		r := w.grant(acme, "one", same)
		w.device(acme, root, "SN_1")
		w.update(func(tx *store.Tx) error {
			return tx.Resources.Record(identity.ResourceRecord{ID: identity.NewRecordID(w.now), Operation: identity.ResourceAdded, Resource: r, At: w.now})
		})
		w.update(func(tx *store.Tx) error { return tx.Organizations.Delete(acme.ID) })
		for _, table := range []string{"resources", "resource_records", "terminals", "activation_codes", "meeting_rooms"} {
			w.update(func(tx *store.Tx) error {
				var n int
				err := store.Scan(tx, &n, `SELECT count(*) FROM `+table)
				if n != 0 {
					t.Errorf("%s keeps %d rows", table, n)
				}
				return err
			})
		}
	})
}
