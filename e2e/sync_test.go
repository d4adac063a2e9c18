package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
	"github.com/orgate/orgate/e2e/receiver"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/config"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/manifest"
	"github.com/orgate/orgate/internal/server"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const syncManifest = `version: 1
organizations:
  - code: acme
    name: Acme Ltd
    domain: acme.example
    departments: [{code: rd, name: Research}, {code: lab, name: Laboratory, parent: rd}, {code: sales, name: Sales}]
    members:
      - {account: owner@acme.example, name: Olivia Owner, role: owner, password: Silver-orchard-14}
      - {account: ann@acme.example, name: Ann, department: lab, password: Silver-orchard-14}
      - {account: bob@acme.example, name: Bob, department: sales, password: Silver-orchard-14}
    applications:
      - {name: Wiki, protocol: oidc, client_id: wiki, client_secret: secret-of-the-wiki-0123456789-abcdefghijkl, access: {everyone: true},
         home_urls: ["https://wiki.example/cb"],
         sync: {enabled: true, wire: WIRE, callback_url: "URL", signature_key: KEY, public_key: "PEM"}}
`

// toldTo is a manifest with the settings of a receiver.
func toldTo(r *receiver.Receiver, text, wire string) string {
	return strings.NewReplacer("WIRE", wire, "URL", r.URL, "KEY", r.Key, "PEM", strings.ReplaceAll(r.PublicKey(), "\n", `\n`)).Replace(text)
}

// syncStage is the product without listeners, by a clock that a test moves, and
// a receiver that goes by the same.
type syncStage struct {
	*server.House
	t        *testing.T
	clock    *storetest.Clock
	receiver *receiver.Receiver
	org      identity.OrganizationID
	made     int
	dice     *rand.Rand
}

var operator = identity.Actor{Kind: identity.ActsAsConsole, Name: "test"}

func newSyncStage(t *testing.T, dsn, wire string) *syncStage {
	t.Helper()
	s := &syncStage{t: t, clock: storetest.NewClock(), dice: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same game each time
	s.receiver = receiver.New(t, s.clock.Now)
	cfg := config.Default()
	cfg.SealingKeys = config.Keys{storetest.SealingKey()}
	cfg.BaseURL = &url.URL{Scheme: "https", Host: "id.example"}
	cfg.EgressAllow, cfg.EgressCA = []string{"127.0.0.0/8"}, []string{s.receiver.CAFile}
	if dsn == "" {
		dsn = "sqlite:" + filepath.Join(t.TempDir(), "orgate.db")
	}
	var err error
	if cfg.Database, err = config.ParseDatabase(dsn); err != nil {
		t.Fatal(err)
	}
	if s.House, err = server.OpenHouse(t.Context(), cfg, server.HouseOptions{Now: s.clock.Now, Migrate: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	house := manifest.House{Directory: s.Directory, Applications: s.Applications, Settings: s.Settings, Sources: s.Sources, Policies: s.Policies, Reports: s.Reports, Syncs: s.Syncs}
	document, err := manifest.Load([]manifest.File{{Name: "acme.yaml", Data: []byte(toldTo(s.receiver, syncManifest, wire))}}, manifest.Surroundings{})
	if err == nil {
		_, err = manifest.Apply(t.Context(), operator, house, document, manifest.Options{})
	}
	s.must(err)
	o, err := s.Directory.OrganizationByRef(t.Context(), operator, "acme")
	s.must(err)
	s.org = o.ID
	return s
}

func (s *syncStage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// pass lets the product look once, after a while.
func (s *syncStage) pass(after time.Duration) {
	s.clock.Advance(after)
	s.Syncs.Pass(s.t.Context())
}

func (s *syncStage) people() []identity.Person {
	s.t.Helper()
	all, err := s.Directory.Members(s.t.Context(), operator, s.org, store.MemberQuery{Limit: 200})
	s.must(err)
	return all
}

func (s *syncStage) departments() []identity.Department {
	s.t.Helper()
	all, err := s.Directory.Departments(s.t.Context(), operator, s.org, "", 200)
	s.must(err)
	return all
}

// should is what the receiver should believe now.
func (s *syncStage) should() receiver.State {
	s.t.Helper()
	o, err := s.Directory.OrganizationByRef(s.t.Context(), operator, "acme")
	s.must(err)
	state := receiver.State{
		Tenant: "acme", Name: o.Name, Client: "wiki", Secret: "secret-of-the-wiki-0123456789-abcdefghijkl",
		Departments: map[string]receiver.Department{}, People: map[string]receiver.Person{},
	}
	byID := map[identity.DepartmentID]identity.Department{}
	for _, d := range s.departments() {
		byID[d.ID] = d
	}
	for _, d := range byID {
		state.Departments[d.Code] = receiver.Department{Name: d.Name, Parent: byID[d.ParentID].Code}
	}
	app, err := s.Applications.Find(s.t.Context(), "wiki")
	s.must(err)
	for _, p := range s.people() {
		inside := slices.ContainsFunc(app.Access.Departments, func(id identity.DepartmentID) bool {
			return strings.HasPrefix(byID[p.Member.Department].Path, byID[id].Path)
		})
		if !app.Access.Everyone && !inside {
			continue
		}
		role := "user"
		if p.Member.Role != identity.RoleMember {
			role = "admin"
		}
		state.People[p.Account.Name] = receiver.Person{
			Name: p.Member.Name, Department: byID[p.Member.Department].Code, Role: role, Enabled: p.Active(s.clock.Now()),
		}
	}
	return state
}

// agrees fails unless the receiver believes what is so, and has never been told
// anything that the specification does not know.
func (s *syncStage) agrees(what string) {
	s.t.Helper()
	got, want := strings.Join(s.receiver.State().Lines(), "\n"), strings.Join(s.should().Lines(), "\n")
	if got != want {
		s.t.Fatalf("%s: the receiver believes\n%s\nand it is so:\n%s\ncalls %v\nwrongs %v", what, got, want, s.receiver.Calls(), s.receiver.Wrongs())
	}
	if wrongs := s.receiver.Wrongs(); len(wrongs) > 0 {
		s.t.Fatalf("%s: against the specification:\n%s", what, strings.Join(wrongs, "\n"))
	}
}

// change changes one thing of the organisation, drawn by the dice.
func (s *syncStage) change() {
	s.t.Helper()
	s.made++
	name := fmt.Sprintf("n%d", s.made)
	departments := s.departments()
	department := departments[s.dice.IntN(len(departments))]
	if s.dice.IntN(9) < 5 {
		s.must(s.changePeople(name, department))
	} else {
		s.must(s.changeTree(name, department))
	}
}

func (s *syncStage) changePeople(name string, department identity.Department) error {
	people := s.people()
	person := people[s.dice.IntN(len(people))]
	edit := directory.MemberChange{Name: &name}
	switch s.dice.IntN(5) {
	case 0:
		_, err := s.Directory.AddMember(s.t.Context(), operator, s.org, directory.NewMember{Account: name + "@acme.example", Name: name, DepartmentCode: department.Code})
		return err
	case 1:
		edit = directory.MemberChange{DepartmentCode: &department.Code}
	case 2, 3:
		if person.Member.Role != identity.RoleMember || len(people) < 3 {
			return nil
		}
		if s.dice.IntN(2) == 0 {
			return s.Directory.RemoveMember(s.t.Context(), operator, s.org, person.Member.ID)
		}
		status := identity.MemberActive
		if person.Member.Status == status {
			status = identity.MemberDisabled
		}
		edit = directory.MemberChange{Status: &status}
	}
	_, err := s.Directory.ChangeMember(s.t.Context(), operator, s.org, person.Member.ID, 0, edit)
	return err
}

func (s *syncStage) changeTree(name string, department identity.Department) (err error) {
	what := s.dice.IntN(4)
	switch {
	case what == 0:
		_, err = s.Directory.AddDepartment(s.t.Context(), operator, s.org, directory.NewDepartment{Code: name, Name: name})
	case what == 1:
		access := identity.Access{Everyone: true}
		if s.dice.IntN(2) == 0 {
			access = identity.Access{Departments: []identity.DepartmentID{department.ID}}
		}
		_, err = s.Applications.ChangeApplication(s.t.Context(), operator, s.org, "wiki", 0, application.ApplicationChange{Access: &access})
	case department.Root():
	case what == 2:
		_, err = s.Directory.ChangeDepartment(s.t.Context(), operator, s.org, department.Code, 0, directory.DepartmentChange{Name: &name})
	default:
		// One with people or departments in it stays.
		_ = s.Directory.RemoveDepartment(s.t.Context(), operator, s.org, department.Code)
	}
	return err
}

// onEachStage runs a test on both databases and in both forms of the calls.
func onEachStage(t *testing.T, test func(t *testing.T, s *syncStage)) {
	onEach(t, func(t *testing.T, o harness.Options) {
		for _, wire := range []string{"v2", "v1"} {
			if o.Database != "" && wire == "v1" {
				continue // the form has nothing to do with the database
			}
			t.Run(wire, func(t *testing.T) { test(t, newSyncStage(t, o.Database, wire)) })
		}
	})
}

// TestSyncAfterAnOutage has a receiver that is away for hours while the
// organisation goes on. It hears of everything, and of nothing twice.
func TestSyncAfterAnOutage(t *testing.T) {
	onEachStage(t, func(t *testing.T, s *syncStage) {
		s.pass(time.Minute)
		s.agrees("at first")
		s.receiver.Feel(receiver.Always(receiver.Down))
		for range 12 {
			s.change()
			s.pass(5 * time.Minute)
		}
		before := len(s.receiver.Calls())
		s.receiver.Feel(nil)
		s.pass(3 * time.Hour)
		s.agrees("after the outage")
		told := len(s.receiver.Calls())
		if told == before {
			t.Error("nothing was told after the outage")
		}
		s.pass(11 * time.Minute)
		s.pass(11 * time.Minute)
		if again := s.receiver.Calls()[told:]; len(again) > 0 {
			t.Errorf("told again: %v", again)
		}
	})
}

// TestSyncWithAMoodyReceiver changes the organisation under a receiver that
// fails in every way there is. In the end it believes what is so.
func TestSyncWithAMoodyReceiver(t *testing.T) {
	onEachStage(t, func(t *testing.T, s *syncStage) {
		stuck := 1 // each takes five seconds of the test
		s.receiver.Feel(func(string) receiver.Mood {
			moods := []receiver.Mood{
				receiver.Fine, receiver.Fine, receiver.Fine, receiver.Down, receiver.Broken, receiver.Garbage, receiver.Busy,
				receiver.Forgetful, receiver.Forgetful, receiver.Forged,
			}
			mood := moods[s.dice.IntN(len(moods))]
			if mood == receiver.Forgetful && stuck > 0 {
				stuck, mood = stuck-1, receiver.Stuck
			}
			return mood
		})
		waits := []time.Duration{11 * time.Second, 2 * time.Minute, 31 * time.Minute, 3 * time.Hour, 13 * time.Hour}
		for range 60 {
			for range s.dice.IntN(3) {
				s.change()
			}
			s.pass(waits[s.dice.IntN(len(waits))])
		}
		s.receiver.Feel(nil)
		s.pass(13 * time.Hour)
		s.agrees("in the end")
	})
}

// believed is what an application of the usual manifest's acme is told.
func believed(client string, departments map[string]receiver.Department) receiver.State {
	state := receiver.State{
		Tenant: "acme", Name: "Acme Ltd", Client: client, Secret: harness.Wiki.Secret, Departments: departments,
		People: map[string]receiver.Person{
			"owner@acme.example": {Name: "Olivia Owner", Department: "1", Role: "admin", Enabled: true},
			"admin@acme.example": {Name: "Adam Admin", Department: "1", Role: "admin", Enabled: true},
			"alice@acme.example": {Name: "Alice", Department: "rd", Role: "user", Enabled: true},
			"bob@acme.example":   {Name: "Bob", Department: "1", Role: "user", Enabled: true},
			"carol@acme.example": {Name: "Carol", Department: "1", Role: "user"},
			"dave@acme.example":  {Name: "Dave", Department: "1", Role: "user", Enabled: true},
		},
	}
	state.Departments["1"] = receiver.Department{Name: "Acme Ltd"}
	return state
}

// TestSyncSurvivesBeingKilled kills the process twice between what a receiver
// did and what was noted of it.
func TestSyncSurvivesBeingKilled(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		r := receiver.New(t, time.Now)
		o.Settings = []string{"ORGATE_EGRESS_CA=" + r.CAFile}
		house := harness.NewWithApplications(t, o)
		house.Secret(r.Key)
		wiki := `access: {everyone: true},
         home_urls: ["http://127.0.0.1:9/wiki/callback"]`
		text := strings.Replace(harness.Applications(harness.Manifest(house.Mail.Port())), wiki,
			toldTo(r, `sync: {enabled: true, callback_url: "URL", signature_key: KEY, public_key: "PEM"}, `, "")+wiki, 1)
		house.Apply(t, text)
		killAt := func(word string, nth int) {
			reached := make(chan struct{})
			r.Feel(func(path string) receiver.Mood {
				if path == word {
					nth--
				}
				if path != word || nth != 0 {
					return receiver.Fine
				}
				close(reached)
				return receiver.Stuck
			})
			n := house.Start(t)
			select {
			case <-reached:
			case <-time.After(90 * time.Second):
				t.Fatalf("nobody called %s; calls %v, wrongs %v", word, r.Calls(), r.Wrongs())
			}
			n.Kill(t)
			r.Feel(nil)
		}
		killAt("authSync", 1)
		departments, lines := map[string]receiver.Department{
			"rd": {Name: "Research", Parent: "1"}, "lab": {Name: "Laboratory", Parent: "rd"}, "sales": {Name: "Sales", Parent: "1"},
		}, ""
		for _, code := range []string{"d1", "d2", "d3", "d4"} {
			departments[code] = receiver.Department{Name: "Department " + code, Parent: "sales"}
			lines += fmt.Sprintf("      - {code: %s, name: Department %s, parent: sales}\n", code, code)
		}
		house.Apply(t, strings.Replace(text, "      - {code: sales, name: Sales}\n", "      - {code: sales, name: Sales}\n"+lines, 1))
		killAt("singleOrgSync", 2)
		house.Start(t)
		want := strings.Join(believed("wiki", departments).Lines(), "\n")
		harness.Until(t, 90*time.Second, "a receiver that knows everything", func() bool {
			return strings.Join(r.State().Lines(), "\n") == want
		})
		if wrongs := r.Wrongs(); len(wrongs) > 0 {
			t.Errorf("against the specification:\n%s", strings.Join(wrongs, "\n"))
		}
	})
}
