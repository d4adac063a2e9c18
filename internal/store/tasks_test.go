package store_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// task adds one of an organisation.
func (w town) task(o identity.Organization, status identity.TaskStatus) identity.Task {
	w.t.Helper()
	k := identity.Task{
		ID: identity.NewTaskID(w.now), OrganizationID: o.ID, Kind: identity.TaskImportMembers, Status: status, FileName: "people.csv",
		Actor:     identity.Actor{Kind: identity.ActsAsMember, AccountID: "acc_1", MemberID: "mem_1", OrganizationID: o.ID, Role: identity.RoleOwner, Name: "Owner"},
		Options:   identity.TaskOptions{Format: identity.FormatCSV, Encoding: "utf-8", MakeDepartments: true},
		CreatedAt: w.now, EndsAt: w.now.Add(time.Hour),
	}
	w.update(func(tx *store.Tx) (err error) {
		k.Number, err = tx.Tasks.Add(k)
		return err
	})
	return k
}

func TestTaskKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		other, _ := w.organization("other")
		first, want := w.task(o, identity.TaskWaiting), w.task(o, identity.TaskWaiting)
		if first.Number != 1 || want.Number != 2 || w.task(other, identity.TaskWaiting).Number != 1 {
			t.Errorf("got the numbers %d and %d", first.Number, want.Number)
		}
		was := want
		want.Status, want.StartedAt, want.EndedAt, want.Restarts = identity.TaskFailed, w.now, w.now.Add(time.Second), 2
		want.Progress = identity.TaskProgress{Total: 9, Done: 8, Created: 4, Changed: 2, Unchanged: 1, Refused: 1}
		want.Reason, want.Params = "import_rows", map[string]any{"max": "7"}
		want.Files, want.Options.DryRun = identity.TaskFiles{Original: 3, Size: 600_000, Result: 1}, true
		w.update(func(tx *store.Tx) error { return tx.Tasks.Put(was, want) })
		w.update(func(tx *store.Tx) error {
			got, err := tx.Tasks.Get(o.ID, want.ID)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
			}
			return nil
		})
		w.refused(fault.CodeTaskNotFound, func(tx *store.Tx) error {
			_, err := tx.Tasks.Get(other.ID, want.ID)
			return err
		})
		// Of two who go on from the same place one does.
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Tasks.Put(was, want) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error {
			return tx.Tasks.Put(identity.Task{Status: identity.TaskFailed, Progress: identity.TaskProgress{Done: 7}}, want)
		})
	})
}

func TestTaskPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		other, _ := w.organization("other")
		w.task(other, identity.TaskWaiting)
		names := map[identity.TaskID]string{}
		for n, status := range []identity.TaskStatus{identity.TaskReceiving, identity.TaskWaiting, identity.TaskRunning, identity.TaskDone} {
			w.now = w.now.Add(time.Minute)
			names[w.task(o, status).ID] = string(rune('a' + n))
		}
		tests := []struct {
			name, want string
			query      store.TaskQuery
		}{
			{"all but one that is arriving", "dcb", store.TaskQuery{}},
			{"one state", "c", store.TaskQuery{Status: identity.TaskRunning}},
			{"a stretch of time", "c", store.TaskQuery{From: w.now.Add(-time.Minute), To: w.now}},
			{"another kind", "", store.TaskQuery{Kinds: []identity.TaskKind{identity.TaskExportMembers}}},
			{"a page", "dc", store.TaskQuery{Limit: 2}},
		}
		for _, tt := range tests {
			if tt.query.Kinds == nil {
				tt.query.Kinds = []identity.TaskKind{identity.TaskImportMembers, identity.TaskImportContacts}
			}
			if tt.query.Limit == 0 {
				tt.query.Limit = 10
			}
			w.update(func(tx *store.Tx) error {
				tasks, err := tx.Tasks.Page(o.ID, tt.query)
				got := ""
				for _, k := range tasks {
					got += names[k.ID]
				}
				if got != tt.want {
					t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
				}
				return err
			})
		}
		w.update(func(tx *store.Tx) error {
			open, err := tx.Tasks.Open(10)
			unfinished, err2 := tx.Tasks.Unfinished(o.ID)
			if len(open) != 3 || open[0].OrganizationID != other.ID || unfinished != 3 || err2 != nil {
				t.Errorf("got %d open and %d unfinished, %v, want 3 and 3", len(open), unfinished, err2)
			}
			return err
		})
	})
}

// Files are sealed, part by part, and go with their task.
func TestTaskFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		k := w.task(o, identity.TaskDone)
		w.update(func(tx *store.Tx) error {
			for _, n := range []int{0, 3} {
				if err := tx.Tasks.PutPart(k.ID, store.TaskRefused, n, []byte("secret of people")); err != nil {
					return err
				}
			}
			return tx.Tasks.PutPart(k.ID, store.TaskRefused, 3, []byte("another"))
		})
		w.update(func(tx *store.Tx) error {
			got, err := tx.Tasks.Part(k.ID, store.TaskRefused, 3)
			next, err2 := tx.Tasks.NextPart(k.ID, store.TaskRefused, 1)
			if string(got) != "another" || next != 3 || err2 != nil {
				t.Errorf("got %q and the part %d, %v", got, next, err2)
			}
			var stored []byte
			if err := store.Scan(tx, &stored, `SELECT content FROM task_parts WHERE number = 0`); err != nil {
				return err
			}
			if strings.Contains(string(stored), "people") {
				t.Error("the part is not sealed")
			}
			return err
		})
		w.refused(fault.CodeTaskFileNotFound, func(tx *store.Tx) error {
			_, err := tx.Tasks.NextPart(k.ID, store.TaskRefused, 4)
			return err
		})
		// A task goes after its files.
		w.update(func(tx *store.Tx) error {
			for _, step := range []struct {
				sweep func(time.Time, int) (int64, error)
				want  int64
			}{{tx.Tasks.Sweep, 0}, {tx.Tasks.SweepParts, 1}, {tx.Tasks.SweepParts, 1}, {tx.Tasks.Sweep, 1}} {
				if n, err := step.sweep(k.EndsAt.Add(time.Second), 1); n != step.want || err != nil {
					t.Errorf("swept %d, %v, want %d", n, err, step.want)
				}
			}
			return nil
		})
		gone := w.task(o, identity.TaskDone)
		w.update(func(tx *store.Tx) error {
			if err := tx.Tasks.PutPart(gone.ID, store.TaskResult, 0, []byte("x")); err != nil {
				return err
			}
			return tx.Tasks.Remove(o.ID, gone.ID)
		})
		w.refused(fault.CodeTaskFileNotFound, func(tx *store.Tx) error {
			_, err := tx.Tasks.Part(gone.ID, store.TaskResult, 0)
			return err
		})
	})
}

// What is inserted by many rows to a statement is what single rows would be,
// and found alike.
func TestInsertAllAndFindThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		var accounts []store.NamedAccount
		var people []identity.Person
		var names []identity.LoginName
		var ids []identity.AccountID
		var thirds []string
		for n := range 130 {
			p := w.person(o, root, "p"+string(rune('a'+n/26))+string(rune('a'+n%26)))
			p.Member.ThirdAccount = "T-" + p.Account.Name
			p.Account.Email, p.Account.Mobile = p.Account.Name+"@acme.example", "+8613900000"+string(rune('0'+n/100))+string(rune('0'+n/10%10))+string(rune('0'+n%10))
			people = append(people, p)
			accounts = append(accounts, store.NamedAccount{Account: p.Account, Names: p.Account.LoginNames(true)})
			names = append(names, p.Account.LoginNames(true)...)
			ids, thirds = append(ids, p.Account.ID), append(thirds, p.Member.ThirdAccount)
		}
		w.update(func(tx *store.Tx) error {
			if err := tx.Accounts.InsertAll(accounts); err != nil {
				return err
			}
			return tx.Members.InsertAll(o.ID, people)
		})
		w.update(func(tx *store.Tx) error {
			holders, err := tx.Lookup.Holders(append(names, identity.LoginName{Kind: identity.ByAccount, Text: "nobody"}))
			if err != nil || len(holders) != len(names) || holders[names[3]] != people[1].Account.ID {
				t.Errorf("holders: got %d, %v, want %d", len(holders), err, len(names))
			}
			members, _, err := tx.Organizations.Counts(o.ID)
			if err != nil || members != len(people) {
				t.Errorf("counted %d, %v", members, err)
			}
			got, err := tx.Members.ByContact(o.ID, people[7].Account.Mobile)
			if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], people[7]) {
				t.Errorf("by contact: got %+v, %v\nwant %+v", got, err, people[7])
			}
			for name, find := range map[string]func() ([]identity.Person, error){
				"by account": func() ([]identity.Person, error) { return tx.Members.OfAccounts(o.ID, ids) },
				"by third":   func() ([]identity.Person, error) { return tx.Members.ByThirdAccounts(o.ID, thirds) },
			} {
				found, err := find()
				slices.SortFunc(found, func(a, b identity.Person) int { return strings.Compare(a.Account.Name, b.Account.Name) })
				if err != nil || !reflect.DeepEqual(found, people) {
					t.Errorf("%s: got %d people, %v, want the %d that came in", name, len(found), err, len(people))
				}
			}
			return nil
		})
		// A name that came in meanwhile is a race.
		w.refused(fault.CodeStale, func(tx *store.Tx) error {
			again := people[0].Account
			again.ID = identity.NewAccountID(w.now)
			return tx.Accounts.InsertAll([]store.NamedAccount{{Account: again, Names: accounts[0].Names}})
		})
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Members.InsertAll(o.ID, people[:1]) })
	})
}

func TestFindChildrenAndGroups(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		rd, g, empty := w.department(root, "rd"), w.group(o, "Writers"), w.group(o, "Empty")
		p := w.member(o, root, "alice")
		w.update(func(tx *store.Tx) error {
			if _, err := tx.Groups.Add(g, p.Member.ID); err != nil {
				return err
			}
			found, err := tx.Departments.Child(o.ID, root.ID, " DEPT rd ")
			if err != nil || found.ID != rd.ID {
				t.Errorf("child: got %s, %v", found.ID, err)
			}
			groups, err := tx.Groups.ByNames(o.ID, []string{"writers", "EMPTY", "none"})
			if err != nil || len(groups) != 2 {
				t.Errorf("by name: got %d, %v, want 2", len(groups), err)
			}
			of, err := tx.Groups.OfMembers(o.ID, []identity.MemberID{p.Member.ID, "mem_none"})
			if err != nil || len(of) != 1 || of[p.Member.ID][0].ID != g.ID || empty.ID == g.ID {
				t.Errorf("of members: got %v, %v", of, err)
			}
			return nil
		})
		w.refused(fault.CodeDepartmentNotFound, func(tx *store.Tx) error {
			_, err := tx.Departments.Child(o.ID, rd.ID, "dept rd")
			return err
		})
	})
}
