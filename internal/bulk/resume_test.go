package bulk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// many is a file of several batches, of whose rows some are refused.
func many() string {
	var out strings.Builder
	out.WriteString("account,name,department\n")
	for n := range 3*importBatchRows + 7 {
		account := fmt.Sprintf("p%04d", n)
		if n%150 == 3 {
			account = fmt.Sprint(n)
		}
		fmt.Fprintf(&out, "%s,Person %d,/D%d/Below\n", account, n, n%5)
	}
	return out.String()
}

// dies runs a task up to a number of batches and then no further, as a process
// does that is killed: in the middle of the next batch.
func (h *house) dies(k identity.Task, batches int) identity.Task {
	h.t.Helper()
	r := h.run(k)
	seen := must(h.t, func() (survey, error) { return survey{}, r.begin(h.t.Context()) }, func() (survey, error) { return r.survey(h.t.Context()) })
	w := &walk{run: r, repeats: seen.repeats}
	if err := w.open(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for range batches {
		if _, err := w.batch(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
	}
	killed, kill := context.WithCancel(h.t.Context())
	kill()
	if _, err := w.batch(killed); err == nil {
		h.t.Error("a batch was stored after the end")
	}
	return h.now(k)
}

// must runs steps and returns what the last one found.
func must[T any](t *testing.T, steps ...func() (T, error)) (last T) {
	t.Helper()
	for _, step := range steps {
		var err error
		if last, err = step(); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

// A task that is killed at any point and goes on elsewhere ends as one that is
// not: nothing twice, nothing left out.
func TestImportGoesOnAfterADeath(t *testing.T) {
	whole := sqliteHouse(t)
	k := whole.imports(NewImport{MakeDepartments: true}, many())
	want, wantRefusals, wantPeople := told(k), whole.refusals(k), whole.people()
	if !strings.HasPrefix(want, "done 607/607 +602") || len(wantRefusals) != 5 {
		t.Fatalf("got %s, %v", want, wantRefusals)
	}
	for _, deaths := range [][]int{{0}, {1}, {3}, {0, 1, 0, 2}} {
		h := sqliteHouse(t)
		k, _ := h.asks(NewImport{MakeDepartments: true}, many())
		done := 0
		for _, batches := range deaths {
			k = h.dies(k, batches)
			if done += batches * importBatchRows; k.Progress.Done != done || len(h.people()) > done {
				t.Errorf("%v: %d done and %d people, want %d", deaths, k.Progress.Done, len(h.people()), done)
			}
		}
		k = h.runs(k)
		if got := told(k); got != want || !slices.Equal(h.refusals(k), wantRefusals) || !slices.Equal(h.people(), wantPeople) {
			t.Errorf("%v: got %s, %v, want %s", deaths, got, h.refusals(k), want)
		}
	}
}

// A dry run has nothing to go on with and begins anew.
func TestDryRunBeginsAnew(t *testing.T) {
	h := sqliteHouse(t)
	k, _ := h.asks(NewImport{DryRun: true, MakeDepartments: true}, many())
	k = h.runs(h.dies(k, 2))
	if got := told(k); got != "done 607/607 +602 ~0 =0 !5" || len(h.refusals(k)) != 5 || len(h.people()) != 0 {
		t.Errorf("got %s, %v, %d people", got, h.refusals(k), len(h.people()))
	}
}

// A task that kills its process again and again is given up.
func TestTaskIsGivenUp(t *testing.T) {
	h := sqliteHouse(t)
	k, _ := h.asks(NewImport{}, many())
	for range maxRestarts + 1 {
		k = h.dies(k, 0)
	}
	if k = h.runs(k); k.Status != identity.TaskFailed || k.Reason != string(fault.CodeImportStopped) {
		t.Errorf("got %s", told(k))
	}
}

// Who cancels a task that runs stops it before its next batch; who has lost the
// right to it does so too.
func TestTaskEndsEarly(t *testing.T) {
	h := sqliteHouse(t)
	k, _ := h.asks(NewImport{}, many())
	r := h.run(k)
	must(t, func() (int, error) { return 0, r.begin(t.Context()) })
	if _, err := h.Cancel(t.Context(), console, h.org, k.ID, k.Kind); err != nil {
		t.Fatal(err)
	}
	w := &walk{run: r}
	must(t, func() (int, error) { return 0, w.open(t.Context()) })
	if _, err := w.batch(t.Context()); !errors.Is(err, errElsewhere) || len(h.people()) != 0 {
		t.Errorf("got %v and %d people", err, len(h.people()))
	}
	_, err := h.Cancel(t.Context(), console, h.org, k.ID, k.Kind)
	if !fault.Is(err, fault.CodeTaskEnded) {
		t.Errorf("again: got %v", err)
	}
	actor := identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: h.org, APIToken: "key_gone"}
	k, err = h.Import(t.Context(), actor, h.org, NewImport{}, strings.NewReader(many()))
	if err != nil {
		t.Fatal(err)
	}
	if k = h.runs(k); k.Status != identity.TaskFailed || k.Reason != string(fault.CodeForbidden) || len(h.people()) != 0 {
		t.Errorf("got %s", told(k))
	}
}

// Passwords are hashed on the way in; the file they came in is nobody's to read
// and gone with the end of the task.
func TestPasswordsAreNotKept(t *testing.T) {
	h := sqliteHouse(t)
	k, _ := h.asks(NewImport{}, "account,name,password\na,A,Correct-horse-42\nb,,Correct-horse-42\n")
	for range 2 {
		if _, err := h.Original(t.Context(), console, k); !fault.Is(err, fault.CodeTaskFileNotFound) {
			t.Errorf("%s: got %v", k.Status, err)
		}
		k = h.runs(k)
	}
	if result := h.content(h.Result(t.Context(), console, k, i18n.EnUS)); strings.Contains(result, "horse") {
		t.Errorf("got %s", result)
	}
	err := h.db.View(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Tasks.Part(k.ID, store.TaskOriginal, 0)
		return err
	})
	if !fault.Is(err, fault.CodeTaskFileNotFound) {
		t.Errorf("the file: got %v", err)
	}
}

// What is exported and imported again changes nothing and is exported alike,
// whatever people are called.
func TestExportImportExport(t *testing.T) {
	h := sqliteHouse(t)
	file := "account,name,mobile,email,department,title,third_account,description,signature,sort_level,employee_number,attr:floor,attr:=x,status\n" +
		`a,"'=cmd|' /C calc'!A0",+8613800138000,a@acme.example,/R\/D/Back,'=1+1,-7,'<clear>,"line` + "\n" + `two, ""x""",7,007,@3,'tab,active` + "\n" +
		"b,'Tom,,,/,,,,_x0041_,,,,,disabled\nc,''quoted,,,,,,<clear>,,,,,,\n"
	if got := told(h.imports(NewImport{MakeDepartments: true}, file)); got != "done 3/3 +3 ~0 =0 !0" {
		t.Fatalf("got %s", got)
	}
	for _, format := range []identity.FileFormat{identity.FormatCSV, identity.FormatXLSX} {
		first := h.exports(NewExport{Format: format, Language: i18n.ZhCN})
		k := h.imports(NewImport{}, first)
		if got := told(k); got != "done 3/3 +0 ~0 =3 !0" {
			t.Errorf("%s: got %s, %v", format, got, h.refusals(k))
		}
		second := h.exports(NewExport{Format: format, Language: i18n.ZhCN})
		if first != second && format == identity.FormatCSV {
			t.Errorf("got\n%s\nwant\n%s", second, first)
		}
		if format == identity.FormatCSV && (strings.Contains(first, ",=") || !strings.Contains(first, `'+8613800138000`)) {
			t.Errorf("a cell is a formula: %s", first)
		}
	}
	p := must(t, func() (identity.Person, error) { return h.directory.MemberByAccount(t.Context(), console, h.org, "b") })
	if p.Member.Name != "'Tom" || p.Member.Active(h.clock.Now()) {
		t.Errorf("got %+v", p.Member)
	}
}

func TestGuard(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "a": "a", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\ta": "'\ta", "'a": "''a", "''": "'''", "<clear>": "'<clear>", "O'Brien": "O'Brien",
	} {
		if got := guard(value); got != want || unguard(got) != value {
			t.Errorf("guard(%q) = %q, and back %q, want %q", value, got, unguard(got), want)
		}
	}
	for cell, want := range map[string]string{"'": "'", "'a": "'a", "=1": "=1"} {
		if got := unguard(cell); got != want {
			t.Errorf("unguard(%q) = %q, want %q", cell, got, want)
		}
	}
	for _, parts := range [][]string{{}, {"a"}, {"a/b", `c\`}, {"x;y"}} {
		if got := splitList(joinList(parts, "/"), '/'); !slices.Equal(got, parts) {
			t.Errorf("got %q, want %q", got, parts)
		}
	}
}
