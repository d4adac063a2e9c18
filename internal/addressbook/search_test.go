package addressbook

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestSearch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		h.terminal("Hall", "1")
		h.terminal("Lab", "rd")
		h.device(identity.DeviceIdeaHub, "Hub", "hr")
		h.device(identity.DeviceSmartScreen, "Screen", "rd")
		for _, tt := range []struct {
			name string
			who  identity.Person
			q    Query
			want string // names in any order
		}{
			{"everything", h.boss, Query{}, "Boss Hall Hub Hugo Lab Screen 丽塔"},
			{"who sees everybody", h.hugo, Query{}, "Boss Hall Hub Hugo Lab Screen 丽塔"},
			{"who sees one department", h.rita, Query{}, "Hub Hugo Lab Screen 丽塔"}, // and the open one
			{"people", h.rita, Query{Kinds: []Kind{Person}}, "Hugo 丽塔"},
			{"terminals and devices", h.rita, Query{Kinds: []Kind{Terminal, Device}, Screens: WithoutScreens}, "Hub Lab"},
			{"a department alone", h.boss, Query{Department: "1", Alone: true}, "Boss Hall"},
			{"a branch", h.boss, Query{Department: "hr"}, "Hub Hugo"},
			{"a department out of sight", h.rita, Query{Department: "1", Alone: true}, ""},
			{"what is visible below it", h.rita, Query{Department: "1"}, "Hub Hugo Lab Screen 丽塔"},
			{"no department", h.boss, Query{Department: "none"}, ""},
			{"a sound", h.boss, Query{Text: "lita"}, "丽塔"},
			{"a name of several kinds", h.boss, Query{Text: "hu"}, "Hub Hugo"},
			{"an account", h.boss, Query{Text: "GO@HO"}, "Hugo"},
			{"a mobile", h.boss, Query{Text: "13800000002"}, "Hugo"},
			{"a hidden one", h.boss, Query{Text: "13800000001"}, ""},
		} {
			got, page := h.finds(tt.who, tt.q)
			sorted := strings.Fields(got)
			slices.Sort(sorted)
			if strings.Join(sorted, " ") != tt.want || page.Count != len(sorted) || page.Offset != 0 {
				t.Errorf("%s: got %q of %d from %d, want %q", tt.name, got, page.Count, page.Offset, tt.want)
			}
		}
	})
}

// Three lists make one: each part is what stands there in the whole.
func TestSearchPages(t *testing.T) {
	h := sqliteHouse(t)
	h.terminal("Hall", "1")
	h.terminal("Lab", "rd")
	h.device(identity.DeviceIdeaHub, "Hub", "hr")
	whole, _ := h.finds(h.boss, Query{})
	all := strings.Fields(whole)
	if len(all) != 6 || !slices.Contains(all[:3], "Boss") || !slices.Contains(all[3:5], "Hall") || all[5] != "Hub" {
		t.Fatalf("got %q", whole)
	}
	for limit := 1; limit <= 7; limit++ {
		for offset := range 9 {
			from := offset
			if from >= len(all) {
				from = (len(all) - 1) / limit * limit
			}
			want := strings.Join(all[from:min(from+limit, len(all))], " ")
			if got, page := h.finds(h.boss, Query{Offset: offset, Limit: limit}); got != want || page.Offset != from || page.Count != len(all) {
				t.Errorf("%d from %d: got %q from %d of %d, want %q from %d", limit, offset, got, page.Offset, page.Count, want, from)
			}
		}
	}
	if got, page := h.finds(h.boss, Query{Text: "nobody", Offset: 7}); got != "" || page.Count != 0 || page.Offset != 0 {
		t.Errorf("nobody: got %q of %d from %d", got, page.Count, page.Offset)
	}
}

// What is hidden, and what administrators alone know, is in no entry.
func TestEntriesAreDiscreet(t *testing.T) {
	h := sqliteHouse(t)
	h.terminal("Lab", "rd")
	h.device(identity.DeviceIdeaHub, "Hub", "rd")
	h.numbered(h.rita, "9000000001")
	for who, want := range map[*identity.Person]string{&h.rita: "+8613800000001", &h.boss: ""} {
		_, page := h.finds(*who, Query{Department: "rd"})
		if len(page.Entries) != 3 {
			t.Fatalf("got %q", names(page.Entries))
		}
		rita := page.Entries[0]
		if rita.Person.Account.Mobile != want || rita.Department.Name != "Research" || rita.Room != "9000000001" {
			t.Errorf("%s sees %q in %q, room %q, want the number %q", who.Member.Name, rita.Person.Account.Mobile, rita.Department.Name, rita.Room, want)
		}
		lab, hub := page.Entries[1], page.Entries[2]
		if lab.Terminal.Contact != (identity.Contact{}) || lab.Terminal.Activation.Code != "" || hub.Device.Activation.Code != "" || lab.Department.Code != "rd" {
			t.Errorf("%s sees secrets of %s or %s", who.Member.Name, lab.Terminal.Name, hub.Device.Name)
		}
	}
}

func TestEntriesByName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		hall, hub := h.terminal("Hall", "hr"), h.device(identity.DeviceIdeaHub, "Hub", "1")
		other := must(h.directory.AddOrganization(t.Context(), console, directory.NewOrganization{
			Code: "other", Name: "Other", Owner: &directory.NewMember{Account: "boss@other", Name: "Stranger", ThirdAccount: "stranger"},
		}))(t)
		stranger := must(h.directory.MemberByRef(t.Context(), console, other.ID, directory.MemberRef{Account: "boss@other"}))(t)
		for _, tt := range []struct {
			ref   Ref
			rita  Answer
			boss  Answer
			named string
		}{
			{Ref{ID: identity.Hex(h.rita.Member.ID)}, Found, Found, "丽塔"},
			{Ref{ID: identity.Hex(h.hugo.Member.ID)}, Found, Found, "Hugo"},
			{Ref{ID: identity.Hex(h.boss.Member.ID)}, Unseen, Found, "Boss"},
			{Ref{ThirdAccount: "hugo"}, Found, Found, "Hugo"},
			{Ref{ThirdAccount: "HUGO"}, Unknown, Unknown, ""},
			{Ref{ID: "hugo"}, Unknown, Unknown, ""},
			{Ref{ID: identity.Hex(hall.ID)}, Found, Found, "Hall"},
			{Ref{ID: identity.Hex(hub.ID)}, Unseen, Found, "Hub"},
			{Ref{ID: identity.Hex(stranger.Member.ID)}, Unknown, Unknown, ""},
			{Ref{ThirdAccount: "stranger"}, Unknown, Unknown, ""},
			{Ref{ID: strings.Repeat("0", 32)}, Unknown, Unknown, ""},
			{Ref{}, Unknown, Unknown, ""},
		} {
			for who, want := range map[*identity.Person]Answer{&h.rita: tt.rita, &h.boss: tt.boss} {
				// Asked for twice it is answered twice.
				got := must(h.Entries(t.Context(), actorOf(*who), h.org, []Ref{tt.ref, {ThirdAccount: "none"}, tt.ref}))(t)
				if len(got) != 3 || got[0].Answer != want || got[2].Answer != want || got[1].Answer != Unknown {
					t.Errorf("%s asks for %v: got %d and %d, want %d", who.Member.Name, tt.ref, got[0].Answer, got[2].Answer, want)
					continue
				}
				if found := names([]Entry{got[0].Entry}); want == Found && found != tt.named || want != Found && found != "" {
					t.Errorf("%s asks for %v: got %q", who.Member.Name, tt.ref, found)
				}
			}
		}
		_, err := h.Entries(t.Context(), actorOf(h.boss), h.org, make([]Ref, MaxRefs+1))
		wants(t, "too many", err, fault.CodeListLength)
		_, err = h.Entries(t.Context(), actorOf(stranger), h.org, nil)
		wants(t, "a stranger", err, fault.CodeForbidden)
		_, err = h.Search(t.Context(), identity.Actor{}, h.org, Query{})
		wants(t, "nobody", err, fault.CodeForbidden)
	})
}
