package bulk

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// The job takes what waits, and stops when its context ends.
func TestJobDoesWhatWaits(t *testing.T) {
	h := sqliteHouse(t)
	k, _ := h.asks(NewImport{}, "account,name\na,A\n")
	e, err := h.Export(t.Context(), console, h.org, NewExport{Format: identity.FormatXLSX})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Job().Run(ctx) }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !h.now(k).Status.Ended() || !h.now(e).Status.Ended() {
		select {
		case <-tick.C:
		case err := <-ended:
			t.Fatalf("the job ended: %v", err)
		case <-t.Context().Done():
			t.Fatal("the tasks did not end")
		}
	}
	stop()
	if err := <-ended; err == nil {
		t.Error("the job ended by itself")
	}
	if got := told(h.now(k)); got != "done 1/1 +1 ~0 =0 !0" {
		t.Errorf("got %s", got)
	}
	var events []string
	err = h.db.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Events.Page(store.EventQuery{Organization: h.org, Limit: 100})
		for _, e := range all {
			if strings.HasPrefix(e.Type, "task.") || e.Type == "member.imported" {
				events = append(events, e.Type)
			}
		}
		return err
	})
	slices.Sort(events)
	if want := []string{"member.imported", "task.added", "task.added", "task.ended", "task.ended"}; err != nil || !slices.Equal(events, want) {
		t.Errorf("got %v, %v, want %v", events, err, want)
	}
}

// Of one organisation two tasks run at once, and four in all.
func TestCrewHasRoom(t *testing.T) {
	c := &crew{of: map[identity.TaskID]identity.OrganizationID{}}
	for _, step := range []struct {
		id   identity.TaskID
		org  identity.OrganizationID
		want bool
	}{{"1", "a", true}, {"1", "a", false}, {"2", "a", true}, {"3", "a", false}, {"4", "b", true}, {"5", "b", true}, {"6", "c", false}} {
		if got := c.take(identity.Task{ID: step.id, OrganizationID: step.org}); got != step.want {
			t.Errorf("%s of %s: got %t, want %t", step.id, step.org, got, step.want)
		}
	}
	c.leave(identity.Task{ID: "2"})
	if !c.take(identity.Task{ID: "6", OrganizationID: "c"}) {
		t.Error("there is no room after one has left")
	}
}

func TestOnlyTwentyTasksWait(t *testing.T) {
	h := sqliteHouse(t)
	for range maxUnfinished {
		if _, code := h.asks(NewImport{}, "account\na\n"); code != "" {
			t.Fatal(code)
		}
	}
	if _, code := h.asks(NewImport{}, "account\na\n"); code != fault.CodeTaskLimit {
		t.Errorf("got %q", code)
	}
	_, err := h.Export(t.Context(), console, h.org, NewExport{Format: identity.FormatCSV})
	if !fault.Is(err, fault.CodeTaskLimit) {
		t.Errorf("got %v", err)
	}
}

// Nobody but who manages members comes near a task, and none of another
// organisation or kind is found.
func TestTasksAskAccess(t *testing.T) {
	h := sqliteHouse(t)
	k, _ := h.asks(NewImport{}, "account\na\n")
	ctx, member := t.Context(), identity.Actor{Kind: identity.ActsAsMember, OrganizationID: h.org, Role: identity.RoleMember}
	for name, act := range map[string]func() error{
		"Import":   func() error { _, err := h.Import(ctx, member, h.org, NewImport{}, strings.NewReader("")); return err },
		"Export":   func() error { _, err := h.Export(ctx, member, h.org, NewExport{}); return err },
		"List":     func() error { _, err := h.List(ctx, member, h.org, Query{Kinds: Members.Imports()}); return err },
		"Task":     func() error { _, err := h.Task(ctx, member, h.org, k.ID, k.Kind); return err },
		"Cancel":   func() error { _, err := h.Cancel(ctx, member, h.org, k.ID, k.Kind); return err },
		"Original": func() error { _, err := h.Original(ctx, member, k); return err },
		"Result":   func() error { _, err := h.Result(ctx, member, k, i18n.EnUS); return err },
		"Refusals": func() error { _, err := h.Refusals(ctx, member, k, Place{}, 1); return err },
		"Template": func() error {
			_, err := h.Template(ctx, member, h.org, NewTemplate{Format: identity.FormatCSV})
			return err
		},
	} {
		if err := act(); !fault.Is(err, fault.CodeForbidden) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := h.Task(ctx, console, h.org, k.ID, identity.TaskExportMembers)
	_, err2 := h.Task(ctx, console, "org_other", k.ID, k.Kind)
	if !fault.Is(err, fault.CodeTaskNotFound) || !fault.Is(err2, fault.CodeTaskNotFound) {
		t.Errorf("got %v and %v", err, err2)
	}
}

// A template is a file that an import reads, in every language and format.
func TestTemplates(t *testing.T) {
	h := sqliteHouse(t)
	for _, language := range i18n.Languages() {
		for _, format := range []identity.FileFormat{identity.FormatCSV, identity.FormatXLSX} {
			f, err := h.Template(t.Context(), console, h.org, NewTemplate{Format: format, Language: language})
			if k := h.imports(NewImport{}, h.content(f, err)); k.Reason != string(fault.CodeImportEmpty) {
				t.Errorf("%s %s: got %s", language, format, told(k))
			}
		}
	}
	if _, err := h.Template(t.Context(), console, h.org, NewTemplate{Format: "pdf"}); !fault.Is(err, fault.CodeFieldChoice) {
		t.Errorf("got %v", err)
	}
}

// A file of several parts is read at any place as it was written.
func TestStoredFile(t *testing.T) {
	h := sqliteHouse(t)
	content := bytes.Repeat([]byte("0123456789abcde"), partBytes/5) // three parts
	k, code := h.asks(NewImport{}, "account\nx\n")
	if code != "" {
		t.Fatal(code)
	}
	w := &partWriter{tasks: h.Tasks, ctx: t.Context(), id: k.ID, file: store.TaskResult}
	for piece := range slices.Chunk(content, 100_001) {
		if _, err := w.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.flush(); err != nil || w.parts != 3 {
		t.Fatalf("got %d parts, %v", w.parts, err)
	}
	s := stored{h.Tasks, k.ID, store.TaskResult, w.parts, int64(len(content))}
	at := s.at(t.Context())
	for _, from := range []int{0, partBytes - 3, 2 * partBytes, len(content) - 5, 7} {
		got := make([]byte, 10)
		n, err := at.ReadAt(got, int64(from))
		want := content[from:min(from+10, len(content))]
		if !bytes.Equal(got[:n], want) || (err == io.EOF) != (n < 10) {
			t.Errorf("at %d: got %q, %v, want %q", from, got[:n], err, want)
		}
	}
	var all bytes.Buffer
	if err := s.copyTo(t.Context(), &all); err != nil || !bytes.Equal(all.Bytes(), content) {
		t.Errorf("got %d bytes, %v, want %d", all.Len(), err, len(content))
	}
}
