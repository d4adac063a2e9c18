package identity

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Day is a day of the calendar, wherever it is spent: how many lie between it
// and the first of January 1970.
type Day int64

// dayLayout is how days are written (RFC 3339, full-date).
const dayLayout = "2006-01-02"

// DayOf is the day that an instant belongs to in a time zone.
func DayOf(at time.Time, zone *time.Location) Day {
	year, month, day := at.In(zone).Date()
	return DayAt(year, month, day)
}

// DayAt is the day with a name in the calendar; a month or day beyond the last
// counts on.
func DayAt(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads a day as String writes it. Anything else, or a year outside 1970 to
// 9999, is refused (field_format).
func ParseDay(text string) (Day, error) {
	at, err := time.Parse(dayLayout, text)
	if err != nil || at.Year() < 1970 {
		return 0, fault.New(fault.Invalid, fault.CodeFieldFormat).With("want", "want.date")
	}
	return DayOf(at, time.UTC), nil
}

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes the day as 2006-01-02.
func (d Day) String() string { return d.utc().Format(dayLayout) }

// Begins is the instant at which the day begins in a time zone.
func (d Day) Begins(zone *time.Location) time.Time {
	year, month, day := d.utc().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// Dimension is the length of the periods that are counted (OrgID, B.10).
type Dimension string

// The dimensions. Weeks begin on Monday (ISO 8601).
const (
	ByDay   Dimension = "day"
	ByWeek  Dimension = "week"
	ByMonth Dimension = "month"
)

// Dimensions are all of them, from the shortest to the longest.
func Dimensions() []Dimension { return []Dimension{ByDay, ByWeek, ByMonth} }

// Most is how many periods are shown at once, 0 for what is no dimension.
func (d Dimension) Most() int {
	return map[Dimension]int{ByDay: 9, ByWeek: 8, ByMonth: 6}[d]
}

// First is the first day of the period that a day belongs to.
func (d Dimension) First(day Day) Day {
	switch d {
	case ByWeek:
		// The first of January 1970 was a Thursday.
		return day - (day+3)%7
	case ByMonth:
		return day - Day(day.utc().Day()-1)
	}
	return day
}

// Next is the first day of the n-th period after the one that begins on a day;
// n below zero counts back.
func (d Dimension) Next(first Day, n int) Day {
	switch d {
	case ByWeek:
		return first + Day(7*n)
	case ByMonth:
		year, month, _ := first.utc().Date()
		return DayAt(year, month+time.Month(n), 1)
	}
	return first + Day(n)
}
