package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// works runs the tasks that wait until one has ended.
func (h *house) works(path string) Task {
	h.t.Helper()
	ctx, stop := context.WithCancel(h.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = h.o.Tasks.Job().Run(ctx) // it ends because it was told to
	}()
	defer func() {
		stop()
		<-ended
	}()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if k := read[Task](h.t, h.as(administrator, "GET", path, ""), http.StatusOK); k.EndedAt != nil {
			return k
		}
	}
	return Task{}
}

func TestImportOverTheWire(t *testing.T) {
	h := newHouse(t)
	const at = "/organizations/acme/imports"
	w := h.as(administrator, "POST", at+"?file_name=..%2Fp%C3%A9ople.csv&make_departments=true", "account,name,department\nnew1,New One,Labs\n,Nobody,\nnew2,,\nacme-member,Renamed,\n")
	k := read[Task](t, w, http.StatusCreated)
	if k.Status != "waiting" || k.FileName != "péople.csv" || !strings.HasSuffix(w.Header().Get("Location"), "/imports/"+k.ID) {
		t.Errorf("got %+v at %s", k, w.Header().Get("Location"))
	}
	refused(t, h.as(administrator, "GET", at+"/"+k.ID+"/result", ""), http.StatusNotFound, "task_file_not_found")
	k = h.works(at + "/" + k.ID)
	if want := (TaskProgress{Total: 4, Done: 4, Created: 1, Changed: 1, Refused: 2}); k.Progress != want || k.Status != "done" || !k.HasOriginal || !k.HasResult {
		t.Errorf("got %+v", k)
	}
	h.refusalsOf(at + "/" + k.ID)
	h.filesOf(at + "/" + k.ID)
	refused(t, h.as(administrator, "POST", at+"/"+k.ID+"/cancel", ""), http.StatusConflict, "task_ended")
	refused(t, h.as(administrator, "POST", at, "salary\n1\n"), http.StatusUnprocessableEntity, "import_heading")
	list := read[page[Task]](t, h.as(administrator, "GET", at+"?status=done&from=2020-01-01T00:00:00Z", ""), http.StatusOK)
	// Two of one millisecond are in any order.
	if !slices.ContainsFunc(list.Items, func(found Task) bool { return found.ID == k.ID }) {
		t.Errorf("got %+v", list)
	}
}

// refusalsOf reads the refusals of the import page by page.
func (h *house) refusalsOf(path string) {
	t := h.t
	t.Helper()
	first := read[page[Refusal]](t, h.as(administrator, "GET", path+"/refusals?limit=1", ""), http.StatusOK)
	if len(first.Items) != 1 || first.Items[0].Row != 3 || first.Items[0].Column != "account" || first.Next == "" {
		t.Fatalf("got %+v", first)
	}
	then := read[page[Refusal]](t, h.as(administrator, "GET", path+"/refusals?cursor="+first.Next, "", "Accept-Language: zh-CN"), http.StatusOK)
	if len(then.Items) != 1 || then.Items[0].Row != 4 || then.Items[0].Heading != "姓名" || then.Next != "" {
		t.Errorf("got %+v", then)
	}
}

// filesOf reads the files of the import.
func (h *house) filesOf(path string) {
	t := h.t
	t.Helper()
	for name, want := range map[string]string{
		"/original": "account,name,department\nnew1", "/result": "\ufeffaccount,name,department,What to mend\r\n,Nobody,,\"Account: The row",
	} {
		w := h.as(administrator, "GET", path+name, "")
		if !strings.HasPrefix(w.Body.String(), strings.ReplaceAll(want, "\"Account", "Account")) || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" ||
			!strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment; filename*=utf-8''p%C3%A9ople") {
			t.Errorf("%s: got %q, %v", name, w.Body, w.Header())
		}
	}
}

func TestExportOverTheWire(t *testing.T) {
	h := newHouse(t)
	const at = "/organizations/acme/exports"
	k := read[Task](t, h.as(administrator, "POST", at, `{"role":"owner","language":"zh-CN"}`), http.StatusCreated)
	if k = h.works(at + "/" + k.ID); k.Status != "done" || k.Progress.Done != 1 || k.Reason != nil {
		t.Errorf("got %+v", k)
	}
	w := h.as(administrator, "GET", at+"/"+k.ID+"/result", "")
	if text := w.Body.String(); !strings.HasPrefix(text, "\ufeff账号,姓名,") || !strings.Contains(text, "\r\nacme-owner,owner,") || strings.Count(text, "\r\n") != 2 {
		t.Errorf("got %q", text)
	}
	refused(t, h.as(administrator, "POST", at, `{"department":"none"}`), http.StatusNotFound, "department_not_found")
}

// Contacts come in and go out as people do, in lists of their own.
func TestContactsInFilesOverTheWire(t *testing.T) {
	h := newHouse(t)
	const at = "/organizations/acme/imports"
	k := read[Task](t, h.as(administrator, "POST", at+"?about=contacts&file_name=out.csv", "name,mobile\nZoe,13700000001\nTom,x\n"), http.StatusCreated)
	k = h.works(at + "/" + k.ID)
	if k.Kind != "import_contacts" || k.Progress != (TaskProgress{Total: 2, Done: 2, Created: 1, Refused: 1}) {
		t.Errorf("got %+v", k)
	}
	for query, want := range map[string]bool{"": true, "?about=contacts": true, "?about=members": false} {
		list := read[page[Task]](t, h.as(administrator, "GET", at+query, ""), http.StatusOK)
		if slices.ContainsFunc(list.Items, func(found Task) bool { return found.ID == k.ID }) != want {
			t.Errorf("%q: got %+v", query, list)
		}
	}
	x := read[Task](t, h.as(administrator, "POST", "/organizations/acme/exports", `{"about":"contacts","q":"zoe"}`), http.StatusCreated)
	x = h.works("/organizations/acme/exports/" + x.ID)
	w := h.as(administrator, "GET", "/organizations/acme/exports/"+x.ID+"/result", "")
	if text := w.Body.String(); x.FileName != "contacts.csv" || !strings.Contains(text, ",Zoe,,,,'+8613700000001,chinaPR,") {
		t.Errorf("got %+v, %q", x, text)
	}
	if w := h.as(administrator, "GET", "/organizations/acme/import-template?about=contacts", ""); !strings.HasPrefix(w.Body.String(), "\ufeffName,Company") {
		t.Errorf("got %q", w.Body)
	}
	refused(t, h.as(anyMember, "GET", at+"?about=contacts", ""), http.StatusForbidden, "forbidden")
	refused(t, h.as(administrator, "POST", at+"?about=rooms", "name\nA\n"), http.StatusUnprocessableEntity, "field_choice")
}
