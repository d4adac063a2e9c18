package api

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/bulk"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/report"
)

// ReportPeriods say which periods a report is about.
type ReportPeriods struct {
	Dimension string `query:"dimension" enum:"day,week,month" default:"day" doc:"How long a period is. Weeks begin on Monday."`
	Count     int    `query:"count" minimum:"0" maximum:"9" default:"0" doc:"How many periods: at most 9 days, 8 weeks or 6 months, and as many by default."`
	To        string `query:"to" doc:"A day of the last period, such as 2030-12-31; left out, today."`
}

func (in ReportPeriods) query() (q report.Query, err error) {
	q = report.Query{Dimension: identity.Dimension(in.Dimension), Count: in.Count}
	if in.To != "" {
		q.To, err = identity.ParseDay(in.To)
		if refused := (*fault.Error)(nil); errors.As(err, &refused) {
			err = refused.At("to")
		}
	}
	return q, err
}

// ReportHead is what every report begins with.
type ReportHead struct {
	TimeZone     string     `json:"time_zone" doc:"In whose days is counted."`
	At           time.Time  `json:"at"`
	CountedUntil *time.Time `json:"counted_until" doc:"What happened before this instant was counted, some minutes ago as a rule; null before anything was."`
	Dimension    string     `json:"dimension"`
}

func reportHead(h report.Head) ReportHead {
	shown := ReportHead{TimeZone: h.Zone, At: h.At.UTC(), Dimension: string(h.Dimension)}
	if !h.Until.IsZero() {
		shown.CountedUntil = &h.Until
	}
	return shown
}

// ReportPeriod is the stretch of days of a period.
type ReportPeriod struct {
	From string `json:"from" doc:"The first day, such as 2030-12-30."`
	To   string `json:"to" doc:"The last day."`
}

func reportPeriod(h report.Head, i int) ReportPeriod {
	return ReportPeriod{h.Days[i].String(), h.Last(i).String()}
}

// rate is a part of a whole with four places, 0 of nothing.
func rate(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return math.Round(float64(part)/float64(whole)*1e4) / 1e4
}

// PeopleReport tells who there is and who comes.
type PeopleReport struct {
	ReportHead
	People         int64        `json:"people" doc:"How many members there are now."`
	Activated      int64        `json:"activated" doc:"How many of them have ever signed in."`
	ActivationRate float64      `json:"activation_rate" doc:"activated by people, 0 to 1."`
	Items          []PeopleItem `json:"items" doc:"One for each period, oldest first; those in which nothing happened too."`
}

// PeopleItem is what happened in a period.
type PeopleItem struct {
	ReportPeriod
	People     int64   `json:"people" doc:"How many members there were at its end, or are by now."`
	Active     int64   `json:"active" doc:"How many different members signed in."`
	ActiveRate float64 `json:"active_rate" doc:"active by people; above 1 where people left in the period."`
	SignIns    int64   `json:"sign_ins"`
	Registered int64   `json:"registered" doc:"How many became members."`
	Removed    int64   `json:"removed" doc:"How many ceased to be members."`
}

func peopleShown(p report.PeopleReport) PeopleReport {
	shown := PeopleReport{
		ReportHead: reportHead(p.Head), People: p.People, Activated: p.Activated, ActivationRate: rate(p.Activated, p.People),
		Items: make([]PeopleItem, len(p.Periods)),
	}
	for i, x := range p.Periods {
		shown.Items[i] = PeopleItem{reportPeriod(p.Head, i), x.People, x.Active, rate(x.Active, x.People), x.SignIns, x.Registered, x.Removed}
	}
	return shown
}

type peopleReportQuery struct {
	InOrganization
	ReportPeriods
}

type peopleReported struct{ Body PeopleReport }

// peopleReport reads the report of an organisation's people.
func (c *call) peopleReport(ctx context.Context, in *peopleReportQuery) (report.PeopleReport, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return report.PeopleReport{}, err
	}
	q, err := in.query()
	if err != nil {
		return report.PeopleReport{}, err
	}
	return c.s.o.Reports.People(ctx, c.actor, o.ID, q)
}

func reportPeople(ctx context.Context, c *call, in *peopleReportQuery) (*peopleReported, error) {
	p, err := c.peopleReport(ctx, in)
	return &peopleReported{peopleShown(p)}, err
}

func exportPeopleReport(ctx context.Context, c *call, in *peopleReportQuery) (*fileAnswer, error) {
	p, err := c.peopleReport(ctx, in)
	if err != nil {
		return nil, err
	}
	return peopleFile(peopleShown(p)), nil
}

func peopleFile(p PeopleReport) *fileAnswer {
	rows := [][]string{{"from", "to", "people", "active", "active_rate", "sign_ins", "registered", "removed"}}
	for _, x := range p.Items {
		rows = append(rows, []string{
			x.From, x.To, whole64(x.People), whole64(x.Active), strconv.FormatFloat(x.ActiveRate, 'f', 4, 64), whole64(x.SignIns),
			whole64(x.Registered), whole64(x.Removed),
		})
	}
	return tableFile("people.csv", rows)
}

func whole64(n int64) string { return strconv.FormatInt(n, 10) }

// tableFile is a table as CSV, none of whose cells a spreadsheet runs as a
// formula.
func tableFile(name string, rows [][]string) *fileAnswer {
	return &fileAnswer{
		Type: "text/csv; charset=utf-8", Disposition: `attachment; filename="` + name + `"`,
		Body: func(to io.Writer) {
			// The mark at the beginning tells spreadsheets that it is UTF-8. A caller
			// who has gone away is not our trouble.
			_, _ = to.Write([]byte("\ufeff"))
			w := csv.NewWriter(to)
			w.UseCRLF = true // RFC 4180, 2
			for _, row := range rows {
				for i := range row {
					row[i] = bulk.Guard(row[i])
				}
			}
			_ = w.WriteAll(rows)
		},
	}
}

// ApplicationsReport tells which applications are entered.
type ApplicationsReport struct {
	ReportHead
	Items []ApplicationUse `json:"items" doc:"The applications that were entered, the busiest first."`
}

// ApplicationUse is how an application was entered.
type ApplicationUse struct {
	ClientID string           `json:"client_id"`
	Name     string           `json:"name" doc:"Empty for an application that is gone."`
	SignIns  int64            `json:"sign_ins" doc:"In all periods together."`
	Periods  []ApplicationDay `json:"periods" doc:"One for each period, oldest first."`
}

// ApplicationDay is how an application was entered in a period.
type ApplicationDay struct {
	ReportPeriod
	SignIns int64 `json:"sign_ins" doc:"How often it was entered."`
	People  int64 `json:"people" doc:"How many different members entered it."`
}

func applicationsShown(a report.ApplicationsReport) ApplicationsReport {
	shown := ApplicationsReport{ReportHead: reportHead(a.Head), Items: make([]ApplicationUse, len(a.Applications))}
	for i, use := range a.Applications {
		item := ApplicationUse{use.ClientID, use.Name, use.Entries, make([]ApplicationDay, len(use.Periods))}
		for k, x := range use.Periods {
			item.Periods[k] = ApplicationDay{reportPeriod(a.Head, k), x.Entries, x.People}
		}
		shown.Items[i] = item
	}
	return shown
}

type applicationsReported struct{ Body ApplicationsReport }

func (c *call) applicationsReport(ctx context.Context, in *peopleReportQuery) (ApplicationsReport, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return ApplicationsReport{}, err
	}
	q, err := in.query()
	if err != nil {
		return ApplicationsReport{}, err
	}
	a, err := c.s.o.Reports.Applications(ctx, c.actor, o.ID, q)
	return applicationsShown(a), err
}

func reportApplications(ctx context.Context, c *call, in *peopleReportQuery) (*applicationsReported, error) {
	a, err := c.applicationsReport(ctx, in)
	return &applicationsReported{a}, err
}

func exportApplicationsReport(ctx context.Context, c *call, in *peopleReportQuery) (*fileAnswer, error) {
	a, err := c.applicationsReport(ctx, in)
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"from", "to", "client_id", "name", "sign_ins", "people"}}
	for _, use := range a.Items {
		for _, x := range use.Periods {
			rows = append(rows, []string{x.From, x.To, use.ClientID, use.Name, whole64(x.SignIns), whole64(x.People)})
		}
	}
	return tableFile("applications.csv", rows), nil
}

type providerReportQuery struct{ ReportPeriods }

func (c *call) providerReport(ctx context.Context, in *providerReportQuery) (PeopleReport, error) {
	q, err := in.query()
	if err != nil {
		return PeopleReport{}, err
	}
	p, err := c.s.o.Reports.People(ctx, c.actor, "", q)
	return peopleShown(p), err
}

func reportProviderPeople(ctx context.Context, c *call, in *providerReportQuery) (*peopleReported, error) {
	p, err := c.providerReport(ctx, in)
	return &peopleReported{p}, err
}

func exportProviderReport(ctx context.Context, c *call, in *providerReportQuery) (*fileAnswer, error) {
	p, err := c.providerReport(ctx, in)
	if err != nil {
		return nil, err
	}
	return peopleFile(p), nil
}

// OrganizationUse is what happened in an organisation in a period.
type OrganizationUse struct {
	ID         string  `json:"id"`
	Code       string  `json:"code"`
	Name       string  `json:"name"`
	People     int64   `json:"people" doc:"How many members it has now."`
	Active     int64   `json:"active" doc:"How many different members signed in in the period."`
	ActiveRate float64 `json:"active_rate" doc:"active by people."`
	SignIns    int64   `json:"sign_ins"`
	Registered int64   `json:"registered"`
	Removed    int64   `json:"removed"`
}

type organizationsReportQuery struct {
	Paging
	Dimension string `query:"dimension" enum:"day,week,month" default:"day" doc:"How long the period is."`
	On        string `query:"on" doc:"A day of the period; left out, today."`
}

func reportOrganizations(ctx context.Context, c *call, in *organizationsReportQuery) (*listed[OrganizationUse], error) {
	q, err := ReportPeriods{Dimension: in.Dimension, To: in.On}.query()
	if err != nil {
		return nil, err
	}
	after, err := in.after("org_")
	if err != nil {
		return nil, err
	}
	o, err := c.s.o.Reports.Organizations(ctx, c.actor, q, report.Page{After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, o.Organizations, func(x report.OrganizationUse) string { return string(x.ID) }, func(x report.OrganizationUse) OrganizationUse {
		return OrganizationUse{string(x.ID), x.Code, x.Name, x.Members, x.People, rate(x.People, x.Members), x.SignIns, x.Registered, x.Removed}
	}), nil
}

// ReportSettings say how reports count.
type ReportSettings struct {
	TimeZone string `json:"time_zone" doc:"In whose days is counted, by its name in the time zone database, such as Asia/Shanghai."`
	Version  int64  `json:"version" doc:"0 while nothing was set: then it is UTC."`
}

func getReportSettings(ctx context.Context, c *call, in *settingsInput) (*single[ReportSettings], error) {
	z, err := c.s.o.Reports.TimeZone(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, z.Version, ReportSettings{z.Name, z.Version})
}

type setReportSettingsInput struct {
	Unchanged
	Body struct {
		TimeZone string `json:"time_zone" doc:"By its name in the time zone database, such as Asia/Shanghai. What is kept of the log of the last six months is counted anew."`
	}
}

func setReportSettings(ctx context.Context, c *call, in *setReportSettingsInput) (*single[ReportSettings], error) {
	z, err := c.s.o.Reports.TimeZone(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(z.Version); err != nil {
		return nil, err
	}
	z.Name = in.Body.TimeZone
	if err := c.s.o.Reports.SetTimeZone(ctx, c.actor, z); err != nil {
		return nil, err
	}
	return &single[ReportSettings]{ETag: etag(z.Version + 1), Body: ReportSettings{z.Name, z.Version + 1}}, nil
}
