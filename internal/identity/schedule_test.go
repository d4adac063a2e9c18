package identity

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

func instantOf(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// held is a schedule and instants, each with whether it holds then.
type held struct {
	schedule Schedule
	at       map[string]bool
}

func schedules() map[string]held {
	return map[string]held{
		"any time": {Schedule{}, map[string]bool{"2026-01-31T00:00:00Z": true}},
		"weekdays in the default zone": {Schedule{Weekdays: []Weekday{Monday}}, map[string]bool{
			// 2026-01-04 is a Sunday; Monday begins at 16:00 UTC in UTC+08:00.
			"2026-01-04T15:59:59Z": false, "2026-01-04T16:00:00Z": true, "2026-01-05T15:59:59Z": true, "2026-01-05T16:00:00Z": false,
		}},
		"dates": {Schedule{From: "2026-01-05", Until: "2026-01-06", Zone: "UTC"}, map[string]bool{
			"2026-01-04T23:59:59Z": false, "2026-01-05T00:00:00Z": true, "2026-01-06T23:59:59Z": true, "2026-01-07T00:00:00Z": false,
		}},
		"one day and open ends": {Schedule{From: "2026-01-05", Zone: "UTC"}, map[string]bool{"2026-01-04T23:59:59Z": false, "2030-01-01T00:00:00Z": true}},
		"hours": {Schedule{Starts: 9 * 60, Ends: 17*60 + 30, Zone: "UTC"}, map[string]bool{
			"2026-01-05T08:59:59Z": false, "2026-01-05T09:00:00Z": true, "2026-01-05T17:29:59Z": true, "2026-01-05T17:30:00Z": false,
		}},
		"to the end of the day": {Schedule{Starts: 18 * 60, Ends: 24 * 60, Zone: "UTC"}, map[string]bool{
			"2026-01-05T17:59:59Z": false, "2026-01-05T23:59:59Z": true, "2026-01-06T00:00:00Z": false,
		}},
		"to midnight, written 00:00": {Schedule{Starts: 18 * 60, Zone: "UTC"}, map[string]bool{
			"2026-01-05T17:59:59Z": false, "2026-01-05T23:59:59Z": true, "2026-01-06T00:00:00Z": false,
		}},
		"over midnight the day it begins counts": {Schedule{Weekdays: []Weekday{Monday}, Starts: 22 * 60, Ends: 6 * 60, Zone: "UTC"}, map[string]bool{
			"2026-01-05T05:00:00Z": false, "2026-01-05T21:59:59Z": false, "2026-01-05T22:00:00Z": true, "2026-01-05T23:59:59Z": true,
			"2026-01-06T00:00:00Z": true, "2026-01-06T05:59:59Z": true, "2026-01-06T06:00:00Z": false, "2026-01-06T22:00:00Z": false,
		}},
		"over midnight on the last day": {Schedule{From: "2026-01-05", Until: "2026-01-05", Starts: 22 * 60, Ends: 6 * 60, Zone: "UTC"}, map[string]bool{
			"2026-01-05T05:00:00Z": false, "2026-01-06T05:59:59Z": true, "2026-01-06T22:00:00Z": false,
		}},
		// Berlin's clocks went from 02:00 to 03:00 on 2026-03-29: 02:30 did not come.
		"in an hour that is skipped": {Schedule{Starts: 2 * 60, Ends: 3 * 60, Zone: "Europe/Berlin"}, map[string]bool{
			"2026-03-29T00:59:59Z": false, "2026-03-29T01:00:00Z": false, "2026-03-28T01:30:00Z": true,
		}},
		"around an hour that is skipped": {Schedule{Starts: 90, Ends: 150, Zone: "Europe/Berlin"}, map[string]bool{
			"2026-03-29T00:29:59Z": false, "2026-03-29T00:59:59Z": true, "2026-03-29T01:00:00Z": false,
		}},
		// And from 03:00 to 02:00 on 2026-10-25: 02:30 came twice.
		"in an hour that comes twice": {Schedule{Starts: 2 * 60, Ends: 3 * 60, Zone: "Europe/Berlin"}, map[string]bool{
			"2026-10-24T23:59:59Z": false, "2026-10-25T00:30:00Z": true, "2026-10-25T01:30:00Z": true, "2026-10-25T02:00:00Z": false,
		}},
		"the zone decides the day": {Schedule{Weekdays: []Weekday{Sunday}, Zone: "America/New_York"}, map[string]bool{
			"2026-01-05T04:59:59Z": true, "2026-01-05T05:00:00Z": false,
		}},
		"in a zone that is not known": {Schedule{Weekdays: []Weekday{Monday}, Zone: "Mars/Olympus"}, map[string]bool{"2026-01-05T12:00:00Z": false}},
	}
}

func TestScheduleHolds(t *testing.T) {
	for name, tt := range schedules() {
		for at, want := range tt.at {
			if got := tt.schedule.Holds(instantOf(t, at)); got != want {
				t.Errorf("%s at %s: got %v, want %v", name, at, got, want)
			}
		}
	}
}

func TestAlways(t *testing.T) {
	for _, s := range []Schedule{{}, {Zone: "UTC"}, {Ends: endOfDay}} {
		if !s.Always() {
			t.Errorf("%+v leaves something out", s)
		}
	}
	for _, s := range []Schedule{{Weekdays: Weekdays()}, {From: "2026-01-01"}, {Until: "2026-01-01"}, {Ends: 60}, {Starts: 60}} {
		if s.Always() {
			t.Errorf("%+v leaves nothing out", s)
		}
	}
}

func TestTimeOfDay(t *testing.T) {
	for text, want := range map[string]TimeOfDay{"00:00": 0, "08:30": 510, "23:59": 1439, "24:00": 1440} {
		got, err := ParseTimeOfDay(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "8:30", "24:01", "25:00", "08:60", "0830", "08:30:00", " 08:30", "-1:00", "０８:30"} {
		if _, err := ParseTimeOfDay(text); !fault.Is(err, fault.CodeFieldFormat) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func FuzzParseTimeOfDay(f *testing.F) {
	for _, seed := range []string{"00:00", "24:00", "08:30", "8:3", "99:99"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTimeOfDay(text)
		if err == nil && (got.String() != text || got < 0 || got > endOfDay) {
			t.Errorf("%q was read as %d", text, got)
		}
	})
}
