package identity

import (
	"fmt"
	"regexp"
	"testing"
	"time"
)

var moment = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)

func TestIdentifiers(t *testing.T) {
	for prefix, id := range map[string]string{
		"org": string(NewOrganizationID(moment)), "acc": string(NewAccountID(moment)), "dep": string(NewDepartmentID(moment)),
		"mem": string(NewMemberID(moment)), "tok": string(NewTokenID(moment)), "evt": string(NewEventID(moment)),
		"tic": string(NewTicketID(moment)), "msg": string(NewMessageID(moment)), "trc": string(NewTraceID(moment)), "key": string(NewAPITokenID(moment)),
	} {
		if !regexp.MustCompile(`^` + prefix + `_[0-9a-v]{26}$`).MatchString(id) {
			t.Errorf("got %s", id)
		}
		u, ok := UUID(id)
		// RFC 9562, 5.7: version 7 and the variant.
		if !ok || u[6]>>4 != 7 || u[8]>>6 != 2 {
			t.Errorf("%s: got %x, %v", id, u, ok)
		}
	}
}

func TestIdentifiersSortByTime(t *testing.T) {
	last := NewMemberID(moment)
	for i := 1; i <= 2000; i++ {
		next := NewMemberID(moment.Add(time.Duration(i) * time.Millisecond))
		if next <= last {
			t.Fatalf("%s comes after %s", last, next)
		}
		last = next
	}
}

func TestUUIDRefusesWhatIsNotOurs(t *testing.T) {
	id := string(NewMemberID(moment))
	for _, text := range []string{"", "mem_", "mem", id[:29], id + "0", id[4:], "mem_" + "z" + id[5:], "mem_" + id[4:29] + "1", "mem_ABCDEFGHIJKLMNOPQRSTUV0123"} {
		if _, ok := UUID(text); ok && text != id {
			t.Errorf("%q is taken for an identifier", text)
		}
	}
}

func TestHex(t *testing.T) {
	id := NewMemberID(moment)
	text := Hex(id)
	if back, ok := MemberIDOfHex(text); !ok || back != id || len(text) != 32 {
		t.Errorf("%s became %s and then %s, %v", id, text, back, ok)
	}
	if Hex(MemberID("x")) != "" {
		t.Error("what is not ours has a hex form")
	}
	for _, text := range []string{"", "zz", text[:30], text + "00"} {
		if _, ok := MemberIDOfHex(text); ok {
			t.Errorf("%q is taken for a member", text)
		}
	}
}

func TestIdentifiersOfBytes(t *testing.T) {
	u := NewUUID(moment)
	for _, id := range []string{string(TokenIDOf(u)), string(TicketIDOf(u)), string(APITokenIDOf(u))} {
		if got, ok := UUID(id); !ok || got != u {
			t.Errorf("%s: got %x, %v, want %x", id, got, ok, u)
		}
	}
}

func FuzzUUID(f *testing.F) {
	f.Add(string(NewMemberID(moment)))
	f.Add("mem_")
	f.Fuzz(func(t *testing.T, text string) {
		if u, ok := UUID(text); ok && fmt.Sprintf("%x", u) != Hex(text) {
			t.Errorf("%q: got %x and %s", text, u, Hex(text))
		}
	})
}

// The bound of an instant lies above what was made before it and below what was
// made in its millisecond.
func TestOldest(t *testing.T) {
	moment := time.Date(2026, 3, 1, 12, 0, 0, int(7*time.Millisecond), time.UTC)
	for range 100 {
		before, then := moment.Add(-time.Millisecond), moment
		if bound := OldestTokenID(moment); NewTokenID(before) >= bound || NewTokenID(then) <= bound {
			t.Fatalf("tokens: %s", bound)
		}
		if bound := OldestMessageID(moment); NewMessageID(before) >= bound || NewMessageID(then) <= bound {
			t.Fatalf("messages: %s", bound)
		}
		if bound := OldestTraceID(moment); NewTraceID(before) >= bound || NewTraceID(then) <= bound {
			t.Fatalf("traces: %s", bound)
		}
	}
}
