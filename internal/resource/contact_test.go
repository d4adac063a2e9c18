package resource

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestContactsOfTerminals(t *testing.T) {
	for name, c := range map[string]struct {
		contact    identity.Contact
		notify     bool
		noMessages bool // no short messages are sent
		want       fault.Code
		mobile     string // as it is stored
		told       string // who gets a message, "" for nobody
	}{
		"an address":                  {identity.Contact{Email: "It@House.example"}, true, false, "", "", "it@house.example"},
		"a number":                    {identity.Contact{Mobile: "138 0000 0001"}, true, false, "", "+8613800000001", "+8613800000001"},
		"a number of another place":   {identity.Contact{Mobile: "51234567", Country: "chinaHKG"}, true, false, "", "+85251234567", "+85251234567"},
		"nobody is to be told":        {identity.Contact{Email: "it@house.example"}, false, false, "", "", ""},
		"a number, no messages":       {identity.Contact{Mobile: "13800000001"}, true, true, fault.CodeSMSUnsupported, "", ""},
		"a number, not to be told":    {identity.Contact{Mobile: "13800000001"}, false, true, "", "+8613800000001", ""},
		"both, no messages":           {identity.Contact{Mobile: "13800000001", Email: "it@house.example"}, true, true, "", "+8613800000001", "it@house.example"},
		"an address that is none":     {identity.Contact{Email: "nobody"}, true, false, fault.CodeEmailFormat, "", ""},
		"a number that is none":       {identity.Contact{Mobile: "12ab"}, true, false, fault.CodeMobileFormat, "", ""},
		"nobody":                      {identity.Contact{}, true, false, fault.CodeContactMissing, "", ""},
		"nobody, who is not told":     {identity.Contact{}, false, false, fault.CodeContactMissing, "", ""},
		"a country alone is nobody's": {identity.Contact{Country: "chinaPR"}, false, false, fault.CodeContactMissing, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := sqliteHouse(t)
			if c.noMessages {
				h.configured = onlyMail
			}
			made, err := h.AddTerminal(t.Context(), console, h.org.ID, NewTerminal{Serial: "A", Name: "Hall", Model: "TE20", Contact: c.contact, Notify: c.notify})
			wants(t, "add", err, c.want)
			if got := made.Item.Contact.Mobile; c.want == "" && got != c.mobile {
				t.Errorf("got %q, want %q", got, c.mobile)
			}
			for _, target := range []string{"it@house.example", "+8613800000001", "+85251234567"} {
				if got, want := h.messages(target) == 1, target == c.told; got != want {
					t.Errorf("%s is told: %v, want %v", target, got, want)
				}
			}
		})
	}
}

// A name of several lines would be refused as a message: it is told in one.
func TestNamesAreToldInOneLine(t *testing.T) {
	for name, want := range map[string]string{"Hall": "Hall", " a\tb\n\nc ": "a b c", "": "", "大\u3000厅": "大 厅"} {
		if got := oneLine(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestStaleEditsAreRefused(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		r := h.granted("a", identity.ResourceRooms, 1)
		id := h.roomIDs()[0]
		wants(t, "lend", h.lend(Holder{Member: h.owner.Member.ID}, id), "")
		two, name := 2, "Mine"
		changed, err := h.Change(t.Context(), console, h.org.ID, r.ID, r.Version, Change{Count: &two})
		if err != nil || changed.Version != r.Version+1 || changed.Count != 2 {
			t.Errorf("got %+v, %v, want two and the next version", changed, err)
		}
		_, err = h.Change(t.Context(), console, h.org.ID, r.ID, r.Version, Change{Count: &two})
		wants(t, "a resource as it was", err, fault.CodeStale)
		same, err := h.Change(t.Context(), console, h.org.ID, r.ID, changed.Version, Change{Count: &two})
		if err != nil || same.Version != changed.Version {
			t.Errorf("got %+v, %v, want nothing stored", same, err)
		}
		before := h.room(id).Version
		room, err := h.ChangeOwnRoom(t.Context(), actorOf(h.owner), id, before, RoomChange{Name: &name})
		if err != nil || room.Name != name || room.Version != before+1 {
			t.Errorf("got %+v, %v, want the next version", room, err)
		}
		_, err = h.ChangeOwnRoom(t.Context(), actorOf(h.owner), id, before, RoomChange{Name: &name})
		wants(t, "a room as it was", err, fault.CodeStale)
		long := strings.Repeat("x", 65)
		_, err = h.ChangeOwnRoom(t.Context(), actorOf(h.owner), id, 0, RoomChange{Name: &long})
		wants(t, "a long name", err, fault.CodeFieldLength)
	})
}

func TestWhatIsDrawn(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	digits := func(text string) bool { return strings.Trim(text, "0123456789") == "" }
	seen := map[string]bool{}
	for range 200 {
		code := drawCode()
		if len(code) != codeLength || strings.Trim(code, codeAlphabet) != "" || strings.ContainsAny(code, "01ilo") || seen[code] {
			t.Fatalf("activation code %q, drawn before: %v", code, seen[code])
		}
		seen[code] = true
		if p := drawPassword(); len(p) != 6 || !digits(p) {
			t.Fatalf("password %q", p)
		}
		if n := drawNumber(); len(n) != 10 || n[0] != '9' || !digits(n) {
			t.Fatalf("meeting id %q", n)
		}
		if n := drawSIP(now); len(n) != 20 || !strings.HasPrefix(n, "+991") || !digits(n[1:]) {
			t.Fatalf("SIP number %q", n)
		}
	}
}
