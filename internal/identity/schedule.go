package identity

import (
	"fmt"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Schedule says at which times an access policy holds. The zero value is any
// time. All that it names has to hold at once, by the clock on the wall of its
// zone: an hour that a change of the clocks skips does not come, and one that
// comes twice counts twice.
type Schedule struct {
	Weekdays []Weekday // none is each day
	From     Date      // the first day, "" for no beginning
	Until    Date      // the last day, "" for no end
	// Starts and Ends bound the hours of each day; the end itself is outside. Both
	// zero is the whole day. An end that is not after the start lies on the
	// following day: the day on which the hours begin is the one that counts.
	Starts, Ends TimeOfDay
	// Zone is the name of a time zone (IANA), "" for DefaultZone.
	Zone string
}

// DefaultZone is where times are read that name no zone of their own (OrgID,
// F.1: UTC+08:00).
const DefaultZone = "Asia/Shanghai"

// Weekday is a day of the week.
type Weekday string

// The days of the week.
const (
	Monday    Weekday = "monday"
	Tuesday   Weekday = "tuesday"
	Wednesday Weekday = "wednesday"
	Thursday  Weekday = "thursday"
	Friday    Weekday = "friday"
	Saturday  Weekday = "saturday"
	Sunday    Weekday = "sunday"
)

// Weekdays are the days in the order of the calendar (ISO 8601).
func Weekdays() []Weekday {
	return []Weekday{Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday}
}

// Date is a day of the calendar, as in 2026-01-31; of two the later one is the
// greater text.
type Date string

// valid reports whether the text is a day that exists, or none.
func (d Date) valid() bool {
	if d == "" {
		return true
	}
	_, err := time.Parse(dayLayout, string(d))
	return err == nil
}

// TimeOfDay is so many minutes after midnight, 1440 for its end.
type TimeOfDay int

const (
	minutesOfHour           = 60
	endOfDay      TimeOfDay = 24 * minutesOfHour
)

// String writes 08:30; the end of the day is 24:00.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t/minutesOfHour, t%minutesOfHour) }

// ParseTimeOfDay reads what String writes. All else is Invalid (field_format).
func ParseTimeOfDay(text string) (TimeOfDay, error) {
	if text == endOfDay.String() {
		return endOfDay, nil
	}
	at, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, fault.New(fault.Invalid, fault.CodeFieldFormat).With("want", "want.time_of_day")
	}
	return timeOfDay(at), nil
}

func timeOfDay(at time.Time) TimeOfDay { return TimeOfDay(at.Hour()*minutesOfHour + at.Minute()) }

// Always reports whether the schedule leaves out no instant.
func (s Schedule) Always() bool {
	return len(s.Weekdays) == 0 && s.From == "" && s.Until == "" && s.Starts == 0 && s.Ends%endOfDay == 0
}

// ZoneName is the zone in which the schedule is read.
func (s Schedule) ZoneName() string {
	if s.Zone == "" {
		return DefaultZone
	}
	return s.Zone
}

// Holds reports whether an instant lies in the schedule. One whose zone is not
// known holds never: Validate refuses it.
func (s Schedule) Holds(at time.Time) bool { return s.holds(at, zones{}) }

// zones are time zones that were looked up, nil for a name that nobody knows:
// each lookup reads a file, and the policies of an application share a zone.
type zones map[string]*time.Location

func (z zones) named(name string) *time.Location {
	zone, seen := z[name]
	if !seen {
		zone, _ = time.LoadLocation(name)
		z[name] = zone
	}
	return zone
}

func (s Schedule) holds(at time.Time, known zones) bool {
	if s.Always() {
		return true
	}
	zone := known.named(s.ZoneName())
	if zone == nil {
		return false
	}
	local := at.In(zone)
	now, today := timeOfDay(local), dayOf(local)
	switch {
	case s.Starts == s.Ends:
		return s.names(today)
	case s.Starts < s.Ends:
		return now >= s.Starts && now < s.Ends && s.names(today)
	case now >= s.Starts:
		return s.names(today)
	}
	return now < s.Ends && s.names(today.AddDate(0, 0, -1))
}

// dayOf is the day of an instant in its zone, as its noon in UTC: of days alone
// nothing is left to the clocks of a zone.
func dayOf(local time.Time) time.Time {
	return time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, time.UTC)
}

// names reports whether a day is among those of the schedule.
func (s Schedule) names(day time.Time) bool {
	date := Date(day.Format(dayLayout))
	return (s.From == "" || s.From <= date) && (s.Until == "" || date <= s.Until) &&
		(len(s.Weekdays) == 0 || slices.Contains(s.Weekdays, weekdayOf(day)))
}

func weekdayOf(day time.Time) Weekday {
	// Go's week begins with Sunday, ours with Monday.
	return Weekdays()[(int(day.Weekday())+6)%7]
}

// faults are what is wrong with the schedule, each at its field.
func (s Schedule) faults() []*fault.Error {
	faults := slices.Concat(s.dayFaults(), s.hourFaults())
	if _, err := time.LoadLocation(s.ZoneName()); err != nil || s.Zone == "Local" || len(s.Zone) > maxZone {
		faults = append(faults, formatFault("zone", "want.zone"))
	}
	return faults
}

func formatFault(field, want string) *fault.Error {
	return fault.New(fault.Invalid, fault.CodeFieldFormat).At(field).With("want", want)
}

func (s Schedule) dayFaults() (faults []*fault.Error) {
	for i, day := range s.Weekdays {
		if !slices.Contains(Weekdays(), day) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldChoice).At("weekdays").With("choices", texts(Weekdays())))
			break
		}
		if slices.Contains(s.Weekdays[:i], day) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeListTwice).At("weekdays"))
			break
		}
	}
	if !s.From.valid() {
		faults = append(faults, formatFault("from", "want.date"))
	}
	if !s.Until.valid() {
		faults = append(faults, formatFault("until", "want.date"))
	}
	if s.From != "" && s.Until != "" && s.Until < s.From {
		faults = append(faults, fault.New(fault.Invalid, fault.CodePolicyDates).At("until"))
	}
	return faults
}

func (s Schedule) hourFaults() (faults []*fault.Error) {
	if s.Starts < 0 || s.Starts >= endOfDay {
		faults = append(faults, formatFault("starts", "want.time_of_day"))
	}
	if s.Ends < 0 || s.Ends > endOfDay {
		faults = append(faults, formatFault("ends", "want.time_of_day"))
	}
	if s.Starts == s.Ends && s.Starts != 0 {
		faults = append(faults, fault.New(fault.Invalid, fault.CodePolicyHours).At("ends"))
	}
	return faults
}

// maxZone is longer than the names of all zones.
const maxZone = 64

func texts[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}
