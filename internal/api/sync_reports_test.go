package api

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

// TestSyncReports follows a receiver that nobody answers for at first.
func TestSyncReports(t *testing.T) {
	h := newHouse(t)
	ctx, org := t.Context(), h.acme.organization.ID
	must(h.o.Applications.ChangeApplication(ctx, console(), org, "acme-wiki", 0, application.ApplicationChange{Access: &identity.Access{Everyone: true}}))(t)
	_, secret, err := h.o.Applications.RotateSecret(ctx, console(), org, "acme-wiki", 0)
	must(0, err)(t)
	refused(t, h.as(administrator, "POST", wikiSync+"/retry", ""), http.StatusConflict, "sync_off")
	read[Sync](t, h.as(administrator, "PUT", wikiSync, syncBody(t, "enabled", true, "client_secret", secret)), http.StatusOK)
	same(t, "at first", progressText(read[SyncProgress](t, h.as(administrator, "GET", wikiSync+"/progress", ""), 200)), "going  0 false false")
	h.syncs(1)
	same(t, "nobody there", progressText(read[SyncProgress](t, h.as(administrator, "GET", wikiSync+"/progress", ""), 200)), "waiting unreachable 1 true false")
	h.receiver.answer = `{"resultCode":"000000","resultMsg":"Success"}`
	read[any](t, h.as(administrator, "POST", wikiSync+"/retry", ""), http.StatusNoContent)
	h.syncs(4)
	same(t, "settled", progressText(read[SyncProgress](t, h.as(administrator, "GET", wikiSync+"/progress", ""), 200)), "settled  0 false true")
	type records struct{ Items []SyncRecord }
	all := read[records](t, h.as(administrator, "GET", wikiSync+"/records?limit=2", ""), 200)
	same(t, "a page", fmt.Sprintln(len(all.Items), all.Items[0].Status), "2 success\n")
	one := read[records](t, h.as(administrator, "GET", wikiSync+"/records?event=tenant&status=success", ""), 200)
	same(t, "of the organisation", fmt.Sprintln(len(one.Items), one.Items[0].Attempts, one.Items[0].ResultMsg), "1 2 Success\n")
	type people struct{ Items []SyncPerson }
	who := read[people](t, h.as(administrator, "GET", wikiSync+"/people?limit=2", ""), 200)
	same(t, "people", fmt.Sprintln(len(who.Items), who.Items[0].Status, who.Items[1].Enabled), "2 told true\n")
	same(t, "nobody is pending", len(read[people](t, h.as(administrator, "GET", wikiSync+"/people?status=pending", ""), 200).Items), 0)
	same(t, "told", len(read[people](t, h.as(administrator, "GET", wikiSync+"/people?status=told&limit=1", ""), 200).Items), 1)
	refused(t, h.as(administrator, "POST", wikiSync+"/records/syr_none/retry", ""), http.StatusNotFound, "sync_record_not_found")
	read[any](t, h.as(administrator, "POST", wikiSync+"/records/"+one.Items[0].ID+"/retry", ""), http.StatusNoContent)
	h.syncs(1)
	same(t, "told again", len(read[records](t, h.as(administrator, "GET", wikiSync+"/records?event=tenant&status=success", ""), 200).Items), 2)
	calls := len(h.receiver.bodies)
	read[any](t, h.as(administrator, "POST", wikiSync+"/replay", ""), http.StatusNoContent)
	h.syncs(calls + 4)
}

func progressText(g SyncProgress) string {
	return fmt.Sprintf("%s %s %d %v %v", g.State, g.Failure, g.Attempts, g.NextAt != nil, g.SettledAt != nil)
}

// syncs lets applications be told until as many calls were made and noted, and
// no longer.
func (h *house) syncs(calls int) {
	h.t.Helper()
	h.clock.Advance(time.Minute)
	h.receiver.mu.Lock()
	before := len(h.receiver.bodies)
	h.receiver.mu.Unlock()
	h.o.Syncs.Pass(h.t.Context())
	h.receiver.mu.Lock()
	defer h.receiver.mu.Unlock()
	if got := len(h.receiver.bodies) - before; got != calls && len(h.receiver.bodies) != calls {
		h.t.Errorf("%d calls were made, want %d", got, calls)
	}
}
