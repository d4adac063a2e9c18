package identity

import (
	"strings"
	"testing"
	"time"
)

func TestSSOSourceID(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	one, other := NewOrganizationID(now), NewOrganizationID(now)
	id := SSOSourceID(one)
	if id != SSOSourceID(one) {
		t.Error("the identifier changes from call to call")
	}
	if id == SSOSourceID(other) {
		t.Error("two organisations share one identifier")
	}
	if _, ok := UUID(id); !ok || !strings.HasPrefix(string(id), "src_") {
		t.Errorf("got %q, want an identifier of a source", id)
	}
}

func TestSessionLive(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	live := Session{IdleEndsAt: now.Add(time.Minute), EndsAt: now.Add(time.Hour)}
	for _, row := range []struct {
		name string
		edit func(*Session)
		want bool
	}{
		{"in time", func(*Session) {}, true},
		{"idle too long", func(s *Session) { s.IdleEndsAt = now }, false},
		{"too old", func(s *Session) { s.EndsAt = now }, false},
		{"ended", func(s *Session) { s.EndedAt = now }, false},
	} {
		s := live
		row.edit(&s)
		if got := s.Live(now); got != row.want {
			t.Errorf("%s: got %t, want %t", row.name, got, row.want)
		}
	}
}

func TestSourceHidesItsSettings(t *testing.T) {
	t.Parallel()
	s := Source{ID: "src_1", Settings: []byte("secret")}
	if strings.Contains(s.String()+s.GoString(), "secret") {
		t.Error("the settings of a source are printed")
	}
}
