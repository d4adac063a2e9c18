package provision

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ledger is what a receiver believes, from the calls that it took. It refuses
// what makes no sense to it.
type ledger struct {
	tenant, client string
	departments    map[string]string // name and parent by code
	people         map[string]string // department, role and whether enabled, by account
	refuse         string            // an account it does not take
}

func newLedger() *ledger {
	return &ledger{departments: map[string]string{}, people: map[string]string{}}
}

// said is a call of the second form.
type said struct {
	Name        string                                          `json:"name"`
	ClientID    string                                          `json:"clientId"`
	Secret      string                                          `json:"clientSecret"`
	OrgCode     string                                          `json:"orgCode"`
	OrgName     string                                          `json:"orgName"`
	ParentCode  string                                          `json:"parentCode"`
	OrgInfoList []struct{ OrgCode, OrgName, ParentCode string } `json:"orgInfoList"`
	UserList    []struct{ UserName, Name, OrgCode, Role, Enable string }
	Flag        int `json:"flag"`
}

func (l *ledger) answer(c call) (int, string) {
	var s said
	if err := json.Unmarshal([]byte(c.body), &s); err != nil {
		return http.StatusOK, `{"resultCode":"000002","resultMsg":"not JSON"}`
	}
	if !l.take(c.path[strings.LastIndex(c.path, "/")+1:], s) {
		return http.StatusOK, `{"resultCode":"000002","resultMsg":"makes no sense"}`
	}
	return http.StatusOK, `{" resultCode":"000000","resultMsg":"Success"}`
}

func (l *ledger) take(what string, s said) bool {
	switch what {
	case "tenantSync":
		l.tenant = s.Name
	case "applicationSync":
		l.client = s.ClientID
		return s.Secret != ""
	case "allOrgSync":
		clear(l.departments)
		for _, d := range s.OrgInfoList {
			l.departments[d.OrgCode] = d.OrgName + "<" + d.ParentCode
		}
	case "singleOrgSync":
		if s.Flag == int(Remove) {
			delete(l.departments, s.OrgCode)
			return true
		}
		for above := s.ParentCode; above != ""; above = "" {
			if _, ok := l.departments[above]; !ok {
				return false
			}
		}
		l.departments[s.OrgCode] = s.OrgName + "<" + s.ParentCode
	case "authSync":
		return l.takePeople(s)
	}
	return true
}

func (l *ledger) takePeople(s said) bool {
	for _, p := range s.UserList {
		if _, ok := l.departments[p.OrgCode]; !ok && s.Flag != int(Remove) || l.refuse != "" && p.UserName == l.refuse {
			return false
		}
	}
	for _, p := range s.UserList {
		switch Act(s.Flag) {
		case Remove:
			delete(l.people, p.UserName)
		case Revoke:
			l.people[p.UserName] = "revoked"
		default:
			l.people[p.UserName] = p.Name + " " + p.OrgCode + " " + p.Role + " " + p.Enable
		}
	}
	return true
}

// pass lets the syncs look once, as the clock goes on.
func (h *house) pass() []call {
	h.t.Helper()
	h.Pass(h.t.Context())
	h.clock.Advance(restMost + time.Second)
	return h.receiver.took()
}

// pathsOf are the last words of what was called, with the flags of calls about
// departments and people.
func pathsOf(calls []call) (all []string) {
	for _, c := range calls {
		var s said
		_ = json.Unmarshal([]byte(c.body), &s)
		all = append(all, fmt.Sprintf("%s %d", c.path[strings.LastIndex(c.path, "/")+1:], s.Flag))
	}
	return all
}

func (h *house) calls(what string, want ...string) {
	h.t.Helper()
	if got := pathsOf(h.pass()); !slices.Equal(got, want) {
		h.t.Errorf("%s: called %v, want %v", what, got, want)
	}
}

// open switches sync integration on and lets everyone enter.
func (h *house) open(l *ledger) {
	h.t.Helper()
	h.receiver.answer = l.answer
	h.edit(application.ApplicationChange{Access: &identity.Access{Everyone: true}})
	if _, err := h.SetSync(h.t.Context(), console(), h.acme.ID, "wiki", 0, h.whole()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) edit(c application.ApplicationChange) {
	h.t.Helper()
	if _, err := h.apps.ChangeApplication(h.t.Context(), console(), h.acme.ID, "wiki", 0, c); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) member(name, department string) identity.Member {
	h.t.Helper()
	h.clock.Advance(time.Second) // they are listed in the order of their making
	m, err := h.people.AddMember(h.t.Context(), console(), h.acme.ID, directory.NewMember{
		Account: name, Name: strings.ToUpper(name), Password: "a long enough one", Email: name + "@acme.example", DepartmentCode: department,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return m.Person.Member
}

func (h *house) department(code, above string) identity.Department {
	h.t.Helper()
	d, err := h.people.AddDepartment(h.t.Context(), console(), h.acme.ID, directory.NewDepartment{Code: code, Name: "The " + code, ParentCode: above})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// believes compares what was got with what was wanted.
func (h *house) believes(what, got, want string) {
	h.t.Helper()
	if got != want {
		h.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func recordText(all []store.SyncRecord) (text string) {
	for _, r := range all {
		text += fmt.Sprintln(r.Event, r.Status, r.Attempts, r.HTTPStatus, r.Failure, !r.NextAt.IsZero())
	}
	return text
}

func (h *house) records(q RecordQuery) []store.SyncRecord {
	h.t.Helper()
	all, err := h.Records(h.t.Context(), console(), h.acme.ID, "wiki", q)
	h.must(err)
	return all
}

func (h *house) progress() Progress {
	h.t.Helper()
	g, err := h.Progress(h.t.Context(), console(), h.acme.ID, "wiki")
	h.must(err)
	return g
}

// TestEverythingIsTold follows an organisation through its changes: the receiver
// hears of each once, in an order that makes sense to it.
func TestEverythingIsTold(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ctx, l := t.Context(), newLedger()
		lab := h.department("lab", "")
		h.department("rd", "lab")
		ann, bob := h.member("ann", "rd"), h.member("bob", "")
		h.calls("before it is switched on")
		h.open(l)
		h.calls("at first", "tenantSync 1", "applicationSync 1", "allOrgSync 0", "authSync 1")
		h.believes("at first", fmt.Sprintln(l.tenant, l.client, len(l.departments), l.departments["rd"]), "Acme wiki 3 The rd<lab\n")
		h.believes("people", fmt.Sprint(l.people), "map[ann:ANN rd user true bob:BOB 1 user true]")
		h.believes("progress", fmt.Sprint(h.progress().State), "settled")
		h.calls("nothing has changed")
		err := h.people.SuspendMember(ctx, console(), h.acme.ID, ann.ID)
		h.must(err)
		h.calls("frozen", "authSync 2")
		h.believes("a frozen member", l.people["ann"], "ANN rd user false")
		h.department("new", "rd")
		h.member("cid", "new")
		h.calls("department and member", "singleOrgSync 1", "authSync 1")
		h.edit(application.ApplicationChange{Access: &identity.Access{Departments: []identity.DepartmentID{lab.ID}}})
		h.calls("no longer authorised", "authSync 3")
		h.believes("bob", l.people["bob"], "revoked")
		h.must(h.people.RemoveMember(ctx, console(), h.acme.ID, ann.ID))
		h.calls("removed", "authSync 0")
		h.edit(application.ApplicationChange{Access: &identity.Access{Everyone: true}})
		h.calls("authorised again", "authSync 1")
		h.believes("people", fmt.Sprint(l.people), "map[bob:BOB 1 user true cid:CID new user true]")
		people, err := h.People(ctx, console(), h.acme.ID, "wiki", PeopleQuery{After: bob.ID, Limit: 10})
		h.must(err)
		h.believes("people after bob", fmt.Sprintln(len(people), people[0].Account, people[0].Status), "1 cid told\n")
		h.edit(application.ApplicationChange{Responsible: nil, Name: new("Renamed")})
		h.calls("nothing that it is told of")
	})
}

// TestGoneDepartments are told children first, when nobody is in them.
func TestGoneDepartments(t *testing.T) {
	h := sqliteHouse(t)
	l := newLedger()
	h.department("lab", "")
	h.department("rd", "lab")
	ann := h.member("ann", "rd")
	h.open(l)
	h.pass()
	h.must(h.people.RemoveMember(t.Context(), console(), h.acme.ID, ann.ID))
	h.must(h.people.RemoveDepartment(t.Context(), console(), h.acme.ID, "rd"))
	h.must(h.people.RemoveDepartment(t.Context(), console(), h.acme.ID, "lab"))
	calls := h.pass()
	if got, want := pathsOf(calls), []string{"authSync 0", "singleOrgSync 0", "singleOrgSync 0"}; !slices.Equal(got, want) || !strings.Contains(calls[1].body, `"orgCode":"rd"`) {
		t.Errorf("called %v, want %v and the child first", got, want)
	}
	for i := range maxSingles + 1 {
		h.department(fmt.Sprintf("d%d", i), "")
	}
	h.calls("many at once", "allOrgSync 0")
}

// TestAReceiverThatIsAway is called less and less often, and hears everything
// when it is back.
func TestAReceiverThatIsAway(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		l := newLedger()
		h.member("ann", "")
		h.open(l)
		h.receiver.says(http.StatusInternalServerError, "down")
		h.calls("the first", "tenantSync 1")
		h.calls("not again at once")
		g := h.progress()
		h.believes("progress", fmt.Sprintln(g.State, g.Failure, g.Attempts, g.NextAt.IsZero()), "waiting abnormal 1 false\n")
		attempts := 1
		for end := h.clock.Now().Add(40 * time.Hour); h.clock.Now().Before(end); h.clock.Advance(time.Minute) {
			attempts += len(h.pass())
		}
		h.member("bob", "")
		h.believes("attempts in forty hours", fmt.Sprint(attempts), "8") // the first, five repetitions, and two more
		h.believes("records", recordText(h.records(RecordQuery{})), "tenant failed 8 500 abnormal true\n")
		if !slices.Contains(h.events(5), "sync.failed") {
			t.Errorf("told %v, want sync.failed", h.events(5))
		}
		h.receiver.mu.Lock()
		h.receiver.answer = l.answer
		h.receiver.mu.Unlock()
		h.must(h.Retry(t.Context(), console(), h.acme.ID, "wiki"))
		h.calls("by hand", "tenantSync 1", "applicationSync 1", "allOrgSync 0", "authSync 1")
		h.believes("then", fmt.Sprintln(len(l.people), h.progress().State), "2 settled\n")
		h.believes("records", recordText(h.records(RecordQuery{Event: "tenant"})), "tenant success 9 200  false\n")
	})
}

// TestABusyReceiver is asked again soon, and not for ever.
func TestABusyReceiver(t *testing.T) {
	h := sqliteHouse(t)
	h.open(newLedger())
	h.receiver.says(http.StatusOK, `{"resultCode":"000004","resultMsg":"wait"}`)
	for range maxPolls + 1 {
		h.calls("busy", "tenantSync 1")
	}
	h.calls("busy for too long")
	if g := h.progress(); g.State != Waiting || g.Attempts != 1 {
		t.Errorf("progress %+v, want one failure", g)
	}
}

// TestSomebodyWhoIsRefused keeps nobody else waiting.
func TestSomebodyWhoIsRefused(t *testing.T) {
	h := sqliteHouse(t)
	l := newLedger()
	l.refuse = "bad"
	for _, name := range []string{"ann", "bad", "bob", "cid"} {
		h.member(name, "")
	}
	h.open(l)
	h.pass()
	if len(l.people) != 3 {
		t.Errorf("people %v, want all but one", l.people)
	}
	people, err := h.People(t.Context(), console(), h.acme.ID, "wiki", PeopleQuery{Limit: 10})
	if err != nil || len(people) != 4 || people[1].Status != PersonRefused || people[2].Status != PersonTold {
		t.Errorf("people %+v, %v", people, err)
	}
	h.calls("not again")
	l.refuse = ""
	h.must(h.Retry(t.Context(), console(), h.acme.ID, "wiki"))
	h.calls("by hand", "authSync 1")
	if len(l.people) != 4 {
		t.Errorf("people %v, want all", l.people)
	}
}

// TestReplay tells everything from the beginning.
func TestReplay(t *testing.T) {
	h := sqliteHouse(t)
	l := newLedger()
	h.member("ann", "")
	h.open(l)
	h.pass()
	*l = *newLedger()
	h.must(h.Replay(t.Context(), console(), h.acme.ID, "wiki"))
	h.calls("again", "tenantSync 1", "applicationSync 1", "allOrgSync 0", "authSync 1")
	if len(l.people) != 1 {
		t.Errorf("people %v", l.people)
	}
	_, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{Enabled: new(false)})
	h.must(err)
	wants(t, "off", h.Replay(t.Context(), console(), h.acme.ID, "wiki"), fault.CodeSyncOff)
	if g := h.progress(); g.State != Off {
		t.Errorf("progress %+v, want off", g)
	}
}

// TestTheFirstForm knows nobody who is revoked.
func TestTheFirstForm(t *testing.T) {
	h := sqliteHouse(t)
	h.member("ann", "")
	h.open(newLedger())
	h.receiver.says(http.StatusOK, "")
	_, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{Wire: new(identity.SyncV1)})
	h.must(err)
	h.calls("at first", "tenantSync 1", "applicationSync 1", "allOrgSync 0", "authSync 1")
	h.edit(application.ApplicationChange{Access: &identity.Access{}})
	h.calls("no longer authorised", "authSync 0")
	h.calls("and once")
}

// TestOneNodeAtATime tells an application.
func TestOneNodeAtATime(t *testing.T) {
	h := sqliteHouse(t)
	h.open(newLedger())
	other := New(h.db, h.options)
	other.options.Node = "other"
	other.client = h.client
	target := store.SyncTarget{OrganizationID: h.acme.ID, ApplicationID: h.wiki.ID}
	h.must(h.db.Act(t.Context(), store.ActSync, func(tx *store.Tx) error {
		_, err := tx.SyncStates.Lease(h.wiki.ID, "gone", tx.Now().Add(leaseFor))
		return err
	}))
	if told, err := other.push(t.Context(), target); told || err != nil || len(h.receiver.took()) != 0 {
		t.Errorf("told %v, %v while another node does", told, err)
	}
	h.clock.Advance(leaseFor + time.Second)
	if told, err := other.push(t.Context(), target); !told || err != nil || len(h.receiver.took()) == 0 {
		t.Errorf("told %v, %v after the other node has gone", told, err)
	}
}

// TestRecordsHoldNoSecret looks at what is kept of the calls.
func TestRecordsHoldNoSecret(t *testing.T) {
	h := sqliteHouse(t)
	h.member("ann", "")
	h.open(newLedger())
	_, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{ReleasePersonal: new(true)})
	h.must(err)
	calls := h.pass()
	if last := calls[len(calls)-1]; !strings.Contains(last.body, `"email":"ann@acme.example"`) {
		t.Errorf("told %s, want the mail address that was released", last.body)
	}
	for _, r := range h.records(RecordQuery{}) {
		if strings.Contains(r.Request, h.secret) || strings.Contains(r.Request, "ann@acme.example") || !strings.Contains(r.Request, `"tenantId":"acme"`) {
			t.Errorf("kept %s", r.Request)
		}
		if r.Event == "application" && !strings.Contains(r.Request, `"clientSecret":"[redacted]"`) {
			t.Errorf("kept %s", r.Request)
		}
	}
	old := h.records(RecordQuery{Limit: 2})
	if next := h.records(RecordQuery{Limit: 2, Before: old[1].ID}); len(old) != 2 || len(next) != 2 || next[0].ID >= old[1].ID {
		t.Errorf("pages %v and %v", old, next)
	}
}

// TestWhoMaySeeWhatIsTold: it is about people.
func TestWhoMaySeeWhatIsTold(t *testing.T) {
	h := sqliteHouse(t)
	h.open(newLedger())
	for _, actor := range []identity.Actor{{}, h.somebody(identity.RoleMember)} {
		for name, use := range map[string]func() error{
			"Progress": func() error { _, err := h.Progress(t.Context(), actor, h.acme.ID, "wiki"); return err },
			"Records":  func() error { _, err := h.Records(t.Context(), actor, h.acme.ID, "wiki", RecordQuery{}); return err },
			"People":   func() error { _, err := h.People(t.Context(), actor, h.acme.ID, "wiki", PeopleQuery{}); return err },
			"Retry":    func() error { return h.Retry(t.Context(), actor, h.acme.ID, "wiki") },
			"Replay":   func() error { return h.Replay(t.Context(), actor, h.acme.ID, "wiki") },
		} {
			wants(t, name, use(), fault.CodeForbidden)
		}
	}
	_, err := h.Records(t.Context(), h.somebody(identity.RoleDepartmentAdministrator), h.acme.ID, "wiki", RecordQuery{})
	wants(t, "a department administrator", err, fault.CodeApplicationOwned)
}
