package identity_test

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestPeriods(t *testing.T) {
	for _, tt := range []struct {
		dimension              identity.Dimension
		day, first, next, back string
	}{
		{identity.ByDay, "2026-02-28", "2026-02-28", "2026-03-01", "2026-02-27"},
		{identity.ByDay, "2024-02-28", "2024-02-28", "2024-02-29", "2024-02-27"},
		{identity.ByWeek, "1970-01-05", "1970-01-05", "1970-01-12", "1969-12-29"},
		{identity.ByWeek, "2026-11-23", "2026-11-23", "2026-11-30", "2026-11-16"}, // a Monday
		{identity.ByWeek, "2026-11-29", "2026-11-23", "2026-11-30", "2026-11-16"}, // its Sunday
		{identity.ByWeek, "2027-01-01", "2026-12-28", "2027-01-04", "2026-12-21"}, // over the year's end
		{identity.ByMonth, "2026-01-31", "2026-01-01", "2026-02-01", "2025-12-01"},
		{identity.ByMonth, "2024-02-29", "2024-02-01", "2024-03-01", "2024-01-01"},
	} {
		day, err := identity.ParseDay(tt.day)
		if err != nil || day.String() != tt.day {
			t.Fatalf("%s: got %s, %v", tt.day, day, err)
		}
		first := tt.dimension.First(day)
		if first.String() != tt.first || tt.dimension.Next(first, 1).String() != tt.next || tt.dimension.Next(first, -1).String() != tt.back {
			t.Errorf("%s of %s: begins %s, next %s, before %s", tt.dimension, tt.day, first, tt.dimension.Next(first, 1), tt.dimension.Next(first, -1))
		}
	}
	// Every day belongs to exactly one period of each kind.
	for _, d := range identity.Dimensions() {
		for day, end := identity.DayAt(2023, 12, 1), identity.DayAt(2025, 2, 1); day < end; day++ {
			if first := d.First(day); first > day || d.Next(first, 1) <= day || d.First(first) != first {
				t.Fatalf("%s: %s begins %s", d, day, first)
			}
		}
		if d.Most() < 6 {
			t.Errorf("%s: shows %d", d, d.Most())
		}
	}
	if identity.Dimension("year").Most() != 0 {
		t.Error("years are shown")
	}
}

func TestDaysOfZones(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
	for zone, want := range map[*time.Location]string{time.UTC: "2026-11-22", shanghai: "2026-11-23"} {
		day := identity.DayOf(late, zone)
		if day.String() != want || day.Begins(zone).After(late) || !(day + 1).Begins(zone).After(late) {
			t.Errorf("%s: got %s from %s", zone, day, day.Begins(zone))
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, text := range []string{"2026-11-23", "2026-2-3", "1969-12-31", "2026-13-01", "2026-02-30", "", "2026-11-23T00:00:00Z"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, err := identity.ParseDay(text)
		switch {
		case err == nil && (day.String() != text || day < 0):
			t.Errorf("%q became %s", text, day)
		case err != nil && !fault.Is(err, fault.CodeFieldFormat):
			t.Errorf("%q: got %v", text, err)
		}
	})
}
