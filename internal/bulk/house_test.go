package bulk

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// console is the operator, who may everything.
var console = identity.Actor{Kind: identity.ActsAsConsole, Name: "console"}

// house is tasks on a directory with one organisation.
type house struct {
	*Tasks
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
	org   identity.OrganizationID
}

func newHouse(t *testing.T, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	clock := storetest.NewClock()
	h := houseOn(t, open(storetest.WithClock(clock)), clock)
	o, err := h.directory.AddOrganization(t.Context(), console, directory.NewOrganization{Code: "acme", Name: "Acme"})
	if err != nil {
		t.Fatal(err)
	}
	h.org = o.ID
	clock.Advance(1e9)
	return h
}

func houseOn(t *testing.T, db *store.DB, clock *storetest.Clock) *house {
	t.Helper()
	d := directory.New(db, directory.Options{
		Now: clock.Now, Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 16, Passes: 1}),
	})
	t.Cleanup(d.Close)
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &house{Tasks: New(db, d, addressbook.New(db, d.VisibleDepartments), Options{Catalogue: catalogue}), t: t, db: db, clock: clock}
}

func sqliteHouse(t *testing.T) *house {
	t.Helper()
	return newHouse(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
}

// asks asks for an import, which is refused with a code, "" for none.
func (h *house) asks(n NewImport, content string) (identity.Task, fault.Code) {
	h.t.Helper()
	k, err := h.Import(h.t.Context(), console, h.org, n, strings.NewReader(content))
	if err == nil {
		return k, ""
	}
	return k, fault.Of(err).Code
}

// runs performs a task and returns it as it stands then.
func (h *house) runs(k identity.Task) identity.Task {
	h.t.Helper()
	h.perform(h.t.Context(), k)
	return h.now(k)
}

func (h *house) now(k identity.Task) identity.Task {
	h.t.Helper()
	k, err := h.Task(h.t.Context(), console, h.org, k.ID, k.Kind)
	if err != nil {
		h.t.Fatal(err)
	}
	return k
}

// imports asks for an import and performs it.
func (h *house) imports(n NewImport, content string) identity.Task {
	h.t.Helper()
	k, code := h.asks(n, content)
	if code != "" {
		h.t.Fatalf("refused with %s", code)
	}
	return h.runs(k)
}

// exports asks for an export, performs it and returns the file.
func (h *house) exports(n NewExport) string {
	h.t.Helper()
	k, err := h.Export(h.t.Context(), console, h.org, n)
	if err != nil {
		h.t.Fatal(err)
	}
	k = h.runs(k)
	if k.Status != identity.TaskDone {
		h.t.Fatalf("got %s %s", k.Status, k.Reason)
	}
	return h.content(h.Result(h.t.Context(), console, k, i18n.EnUS))
}

func (h *house) content(f File, err error) string {
	h.t.Helper()
	var out bytes.Buffer
	if err == nil {
		err = f.CopyTo(h.t.Context(), &out)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return out.String()
}

// told is where a task stands, in short.
func told(k identity.Task) string {
	p := k.Progress
	return strings.TrimSpace(fmt.Sprintf("%s %d/%d +%d ~%d =%d !%d %s", k.Status, p.Done, p.Total, p.Created, p.Changed, p.Unchanged, p.Refused, k.Reason))
}

// refusals are those of a task, each as row, column and code.
func (h *house) refusals(k identity.Task) (all []string) {
	h.t.Helper()
	found, err := h.Refusals(h.t.Context(), console, k, Place{}, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range found {
		all = append(all, fmt.Sprint(r.Place.Row, " ", r.Fault.Field, " ", r.Fault.Code))
	}
	return all
}

func (h *house) people() (names []string) {
	h.t.Helper()
	people, err := h.directory.Members(h.t.Context(), console, h.org, directory.MemberQuery{Limit: 1000})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range people {
		names = append(names, p.Account.Name)
	}
	slices.Sort(names)
	return names
}

// workbook writes rows as a workbook.
func workbook(t *testing.T, rows ...[]string) string {
	t.Helper()
	var out bytes.Buffer
	w, err := newTableWriter(&out, identity.FormatXLSX)
	for _, row := range rows {
		err = errors.Join(err, w.row(row))
	}
	if err := errors.Join(err, w.end()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
