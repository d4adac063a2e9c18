package api

import (
	"encoding/csv"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// counted has the log of the house counted.
func (h *house) counted() {
	h.t.Helper()
	h.clock.Advance(10 * time.Minute)
	must(0, h.o.Reports.Job().Run(h.t.Context()))(h.t)
}

// table reads an answer of CSV.
func table(t *testing.T, w *httptest.ResponseRecorder) [][]string {
	t.Helper()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(w.Body.String(), "\ufeff") {
		t.Fatalf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
	return must(csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll())(t)
}

// TestReports counts whoever the furnishing of the house made and signed in: the
// sums agree with the list of members.
func TestReports(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const people = "/organizations/acme/reports/people"
		before := read[PeopleReport](t, h.as(administrator, "GET", people, ""), http.StatusOK)
		if before.CountedUntil != nil || len(before.Items) != 9 || before.Items[8].SignIns != 0 {
			t.Errorf("before anything was counted: got %+v", before)
		}
		h.counted()
		p := read[PeopleReport](t, h.as(administrator, "GET", people+"?dimension=month&count=2", ""), http.StatusOK)
		if p.CountedUntil == nil || !p.CountedUntil.After(h.clock.Now().Add(-time.Hour)) || p.TimeZone != "UTC" {
			t.Errorf("got %+v", p.ReportHead)
		}
		h.agrees(p)
		h.agreesByOrganization(p)
		this := p.Items[1]
		rows := table(t, h.as(administrator, "GET", people+"/export?dimension=month&count=2", ""))
		if len(rows) != 3 || rows[2][0] != this.From || rows[2][1] != this.To || rows[2][3] != whole64(this.Active) {
			t.Errorf("as CSV: got %v for %+v", rows, this)
		}
		refused(t, h.as(administrator, "GET", people+"?count=7&dimension=month", ""), 422, "field_range")
		refused(t, h.as(administrator, "GET", people+"?to=yesterday", ""), 422, "field_format")
	})
}

// agrees compares two months of acme with its list of members.
func (h *house) agrees(p PeopleReport) {
	h.t.Helper()
	members := int64(len(read[page[Member]](h.t, h.as(administrator, "GET", "/organizations/acme/members?limit=200", ""), http.StatusOK).Items))
	this := p.Items[1]
	got := []int64{p.People, this.People, this.Registered - this.Removed, p.Items[0].People}
	if want := []int64{members, members, members, 0}; !slices.Equal(got, want) {
		h.t.Errorf("members: got %v, want %v", got, want)
	}
	if this.Active < 3 || this.SignIns < this.Active || p.Activated < 3 {
		h.t.Errorf("sign-ins: got %+v", p)
	}
	if p.ActivationRate != rate(p.Activated, members) || this.ActiveRate != rate(this.Active, members) || this.ActiveRate <= 0 {
		h.t.Errorf("rates: got %+v", p)
	}
}

// agreesByOrganization compares them with what the provider reads.
func (h *house) agreesByOrganization(p PeopleReport) {
	h.t.Helper()
	this := p.Items[1]
	all := read[PeopleReport](h.t, h.as(providerToken, "GET", "/provider/reports/people?dimension=month&count=1", ""), http.StatusOK)
	if all.People <= p.People || all.Items[0].Active <= this.Active {
		h.t.Errorf("all together: got %+v", all)
	}
	const path = "/provider/reports/organizations?dimension=month"
	first := read[page[OrganizationUse]](h.t, h.as(providerToken, "GET", path+"&limit=1", ""), http.StatusOK)
	rest := read[page[OrganizationUse]](h.t, h.as(providerToken, "GET", path+"&cursor="+first.Next, ""), http.StatusOK)
	uses := slices.Concat(first.Items, rest.Items)
	i := slices.IndexFunc(uses, func(u OrganizationUse) bool { return u.Code == "acme" })
	if i < 0 || len(first.Items) != 1 || uses[i].People != p.People || uses[i].Active != this.Active || uses[i].SignIns != this.SignIns {
		h.t.Errorf("by organisation: got %+v", uses)
	}
	if rows := table(h.t, h.as(providerToken, "GET", "/provider/reports/people/export", "")); len(rows) != 10 {
		h.t.Errorf("of all as CSV: got %v", rows)
	}
}

// TestApplicationReports names what is gone by its client id alone, and runs
// nothing in a spreadsheet.
func TestApplicationReports(t *testing.T) {
	h := newHouse(t)
	o := h.acme.organization.ID
	app := read[Application](t, h.as(administrator, "POST", "/organizations/acme/applications", `{"name":"=1+1","protocol":"oidc","home_urls":["https://x.example/cb"]}`), http.StatusCreated)
	must(0, h.db.Update(t.Context(), func(tx *store.Tx) error {
		for _, id := range []string{app.ClientID, app.ClientID, "gone"} {
			actor := identity.Actor{Kind: identity.ActsAsApplication, AppID: id, OrganizationID: o}
			about := audit.About{Organization: o, Details: map[string]string{"member": string(h.acme.member.Member.ID)}}
			if err := audit.Record(tx, actor, audit.GrantIssued, about); err != nil {
				return err
			}
		}
		return nil
	}))(t)
	h.counted()
	a := read[ApplicationsReport](t, h.as(administrator, "GET", "/organizations/acme/reports/applications?dimension=week&count=1", ""), http.StatusOK)
	if len(a.Items) != 2 || a.Items[0].Name != "=1+1" || a.Items[0].SignIns != 2 || a.Items[0].Periods[0].People != 1 || a.Items[1].ClientID != "gone" || a.Items[1].Name != "" {
		t.Errorf("got %+v", a)
	}
	rows := table(t, h.as(administrator, "GET", "/organizations/acme/reports/applications/export?dimension=week&count=1", ""))
	if len(rows) != 3 || rows[1][3] != "'=1+1" {
		t.Errorf("as CSV: got %v", rows)
	}
}

func TestReportSettings(t *testing.T) {
	h := newHouse(t)
	const path = "/settings/reports"
	if z := read[ReportSettings](t, h.as(providerToken, "GET", path, ""), http.StatusOK); z.TimeZone != "UTC" || z.Version != 0 {
		t.Errorf("at first: got %+v", z)
	}
	if z := read[ReportSettings](t, h.as(providerToken, "PUT", path, `{"time_zone":"Asia/Shanghai"}`), http.StatusOK); z.TimeZone != "Asia/Shanghai" || z.Version != 1 {
		t.Errorf("set: got %+v", z)
	}
	refused(t, h.as(providerToken, "PUT", path, `{"time_zone":"Beijing"}`), 422, "field_format")
	h.counted()
	if p := read[PeopleReport](t, h.as(administrator, "GET", "/organizations/acme/reports/people", ""), http.StatusOK); p.TimeZone != "Asia/Shanghai" || p.CountedUntil == nil {
		t.Errorf("got %+v", p.ReportHead)
	}
}

// TestExportedLog reads the log of the installation whole, however many pages it
// has, and narrowed like the list.
func TestExportedLog(t *testing.T) {
	h := newHouse(t)
	const more = exportPage + 50
	must(0, h.db.Update(t.Context(), func(tx *store.Tx) error {
		for range more {
			if err := audit.Record(tx, console(), audit.SettingChanged, audit.About{Target: "@SUM(A1)"}); err != nil {
				return err
			}
		}
		return nil
	}))(t)
	rows := table(t, h.as(providerToken, "GET", "/events/export?type=setting.changed", ""))
	ours := 0
	for _, row := range rows {
		if row[6] == "'@SUM(A1)" {
			ours++
		}
	}
	if ours != more || rows[0][6] != "target" {
		t.Errorf("got %d rows, %d of them ours", len(rows), ours)
	}
	own := table(t, h.as(providerToken, "GET", "/events/export?organization=acme&log=operations", ""))
	list := read[page[Event]](t, h.as(providerToken, "GET", "/events?organization=acme&log=operations&limit=200", ""), http.StatusOK)
	if len(own) != len(list.Items)+1 || own[1][1] != list.Items[0].Type {
		t.Errorf("got %d rows for %d events", len(own)-1, len(list.Items))
	}
	refused(t, h.as(providerToken, "GET", "/events/export?address=here", ""), 422, "field_format")
	refused(t, h.as(providerToken, "GET", "/events/export?organization=nobody", ""), 404, "organization_not_found")
}

// TestCutOff breaks an answer off whose log cannot be read on: its reader learns
// that it is not whole.
func TestCutOff(t *testing.T) {
	h := newHouse(t)
	must(0, h.db.Update(t.Context(), func(tx *store.Tx) error {
		for range 3 * exportPage {
			if err := audit.Record(tx, console(), audit.SettingChanged, audit.About{Target: "x"}); err != nil {
				return err
			}
		}
		return nil
	}))(t)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.surface.ServeHTTP(&closing{ResponseWriter: w, close: func() { _ = h.db.Close() }}, r)
	}))
	defer broken.Close()
	q := must(http.NewRequestWithContext(t.Context(), http.MethodGet, broken.URL+prefix+"/events/export", nil))(t)
	q.Header.Set("Authorization", "Bearer "+h.words[providerToken])
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err == nil {
		t.Error("the answer looks whole")
	}
}

// closing loses the database with the first bytes that are written.
type closing struct {
	http.ResponseWriter
	close func()
}

func (c *closing) Write(b []byte) (int, error) {
	c.close()
	return c.ResponseWriter.Write(b)
}

func (c *closing) Unwrap() http.ResponseWriter { return c.ResponseWriter }
