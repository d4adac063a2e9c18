package api

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const acmeWiki = "/organizations/acme/applications/acme-wiki"

// TestPolicyLife makes, reads, edits and removes a policy.
func TestPolicyLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = acmeWiki + "/policies"
		h.clock.Advance(time.Minute)
		w := h.as(administrator, "POST", all, `{"name":"Evenings","decision":"second_verification","regions":["`+h.acme.region+`"],
			"schedule":{"weekdays":["monday","friday"],"from":"2030-01-01","until":"2030-12-31","starts":"18:00","ends":"06:00","zone":"Europe/Berlin"}}`)
		p := read[Policy](t, w, http.StatusCreated)
		if want := (Schedule{Weekdays: []string{"monday", "friday"}, From: "2030-01-01", Until: "2030-12-31", Starts: "18:00", Ends: "06:00", Zone: "Europe/Berlin"}); !reflect.DeepEqual(p.Schedule, want) {
			t.Errorf("schedule: got %+v", p.Schedule)
		}
		if p.Decision != "second_verification" || len(p.Regions) != 1 || p.ReportOnly {
			t.Fatalf("got %s", w.Body)
		}
		at := "/organizations/" + string(h.acme.organization.ID) + "/applications/acme-wiki/policies/" + p.ID
		if got := w.Header().Get("Location"); got != "https://id.example:8443/api/v1"+at {
			t.Errorf("Location: %s", got)
		}
		one := all + "/" + p.ID
		changed := read[Policy](t, h.as(administrator, "PATCH", one, `{"report_only":true,"schedule":{},"regions":[]}`, `If-Match: "1"`), http.StatusOK)
		want := Policy{
			ID: p.ID, Name: p.Name, Schedule: Schedule{Zone: "Asia/Shanghai"}, Regions: []string{}, Decision: p.Decision, ReportOnly: true,
			Version: 2, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		}
		if !reflect.DeepEqual(changed, want) {
			t.Errorf("got %+v, want %+v", changed, want)
		}
		refused(t, h.as(administrator, "PATCH", one, `{"name":"x"}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		refused(t, h.as(administrator, "POST", all, `{"name":"OFFICE","decision":"deny"}`), http.StatusConflict, "policy_exists")
		if w := h.as(administrator, "GET", one, "", `If-None-Match: "2"`); w.Code != http.StatusNotModified {
			t.Errorf("unchanged: got %d", w.Code)
		}
		read[any](t, h.as(administrator, "DELETE", one, "", `If-Match: "2"`), http.StatusNoContent)
		refused(t, h.as(administrator, "GET", one, ""), http.StatusNotFound, "policy_not_found")
	})
}

// TestPolicyFaults names the field that is wrong.
func TestPolicyFaults(t *testing.T) {
	h := newHouse(t)
	const all = acmeWiki + "/policies"
	for body, field := range map[string]string{
		`{"name":"Bad","decision":"perhaps"}`:                                "decision",
		`{"name":"Bad","decision":"deny","schedule":{"starts":"9 o'clock"}}`: "schedule.starts",
		`{"name":"Bad","decision":"deny","schedule":{"zone":"Here"}}`:        "zone",
	} {
		if p := read[Problem](t, h.as(administrator, "POST", all, body), 422); len(p.Errors) != 1 || p.Errors[0].Field != field {
			t.Errorf("%s: got %+v, want %s named", body, p, field)
		}
	}
}

// replayed has a member enter the wiki from three addresses, and returns a draft
// that lets none of them in as they came.
func (h *house) replayed() (body string) {
	h.t.Helper()
	o, member := h.acme.organization.ID, string(h.acme.member.Member.ID)
	for _, address := range []string{"192.0.2.1", "192.0.2.2", "198.51.100.1"} {
		h.clock.Advance(time.Minute)
		must(0, h.db.Update(h.t.Context(), func(tx *store.Tx) error {
			actor := identity.Actor{Kind: identity.ActsAsApplication, AppID: "acme-wiki", OrganizationID: o}
			return audit.Record(tx, actor, audit.GrantIssued, audit.About{Organization: o, Details: map[string]string{"member": member, "address": address}})
		}))(h.t)
	}
	return `{"default":"deny","policies":[{"name":"Near","decision":"second_verification","regions":["` + h.acme.region + `"]}]}`
}

const replayAt = acmeWiki + "/access-control/replay"

// TestReplay asks a draft about what happened, page by page.
func TestReplay(t *testing.T) {
	h := newHouse(t)
	const at = replayAt
	body := h.replayed()
	first := read[Replay](t, h.as(administrator, "POST", at+"?limit=2&order=oldest", body), http.StatusOK)
	if first.Entries != 3 || first.Stopped+first.Asked != 3 || !first.Complete || len(first.Items) != 2 || first.Items[0].Address != "192.0.2.1" ||
		first.Items[0].Name != h.acme.member.Member.Name || first.Next == "" {
		t.Errorf("got %+v", first)
	}
	rest := read[Replay](t, h.as(administrator, "POST", at+"?limit=2&order=oldest&cursor="+first.Next, body), http.StatusOK)
	want := ReplayedEntry{Member: first.Items[0].Member, Name: first.Items[0].Name, Address: "198.51.100.1", Decision: "deny"}
	if rest.Entries != 3 || len(rest.Items) != 1 || rest.Next != "" {
		t.Fatalf("got %+v", rest)
	}
	if want.Event, want.At = rest.Items[0].Event, rest.Items[0].At; rest.Items[0] != want {
		t.Errorf("got %+v, want %+v", rest.Items[0], want)
	}
	if newest := read[Replay](t, h.as(administrator, "POST", at, body), http.StatusOK); len(newest.Items) != 3 || newest.Items[0] != rest.Items[0] {
		t.Errorf("got %+v", newest)
	}
}

// TestReplayOfDrafts says what is wrong with a draft, and saves none.
func TestReplayOfDrafts(t *testing.T) {
	h := newHouse(t)
	const at = replayAt
	if p := refused(t, h.as(administrator, "POST", at, `{"policies":[{"name":"","decision":"deny"}]}`), 422, "field_length"); p.Errors[0].Field != "policies[0].name" {
		t.Errorf("got %+v", p)
	}
	refused(t, h.as(administrator, "POST", at, `{"policies":[{"name":"x","decision":"deny","schedule":{"starts":"noon"}}]}`), 422, "field_format")
	refused(t, h.as(administrator, "POST", at+"?cursor=x", `{}`), 422, "cursor_malformed")
	if list := read[collection[Policy]](t, h.as(administrator, "GET", acmeWiki+"/policies", ""), http.StatusOK); len(list.Items) != 1 {
		t.Errorf("the draft was saved: %+v", list.Items)
	}
}

// TestAccessControl switches the policies on, turns their order round and asks
// what they would say.
func TestAccessControl(t *testing.T) {
	h := newHouse(t)
	const control = acmeWiki + "/access-control"
	c := read[AccessControl](t, h.as(administrator, "GET", control, ""), http.StatusOK)
	if c != (AccessControl{Version: 2}) {
		t.Errorf("before: got %+v", c)
	}
	refused(t, h.as(administrator, "PATCH", control, `{"enabled":true}`), 422, "field_choice")
	c = read[AccessControl](t, h.as(administrator, "PATCH", control, `{"enabled":true,"default":"deny"}`, `If-Match: "2"`), http.StatusOK)
	if c != (AccessControl{Enabled: true, Default: "deny", Version: 3}) {
		t.Errorf("switched on: got %+v", c)
	}
	h.clock.Advance(time.Minute)
	second := read[Policy](t, h.as(administrator, "POST", acmeWiki+"/policies", `{"name":"Away","decision":"deny"}`), http.StatusCreated)
	refused(t, h.as(administrator, "PUT", control+"/order", `{"policies":["`+second.ID+`"]}`), 422, "policy_order")
	read[AccessControl](t, h.as(administrator, "PUT", control+"/order", `{"policies":["`+second.ID+`","`+h.acme.policy+`"]}`, `If-Match: "4"`), http.StatusOK)
	list := read[collection[Policy]](t, h.as(administrator, "GET", acmeWiki+"/policies", ""), http.StatusOK)
	if len(list.Items) != 2 || list.Items[0].ID != second.ID {
		t.Errorf("got %+v", list.Items)
	}
	body := `{"member":"` + string(h.acme.member.Member.ID) + `","address":"192.0.2.1","at":"2030-01-01T12:00:00Z"}`
	j := read[SimulatedJudgment](t, h.as(administrator, "POST", control+"/simulation", body), http.StatusOK)
	want := SimulatedJudgment{
		Enabled: true, Decision: "deny", Policy: second.ID, At: time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC), Active: true, Factor: true,
		Policies: []PolicyResult{
			{ID: second.ID, Name: "Away", Decision: "deny", Time: true, Place: true, Decides: true},
			{ID: h.acme.policy, Name: "Office", Decision: "allow", Time: true, Place: true},
		},
	}
	if !reflect.DeepEqual(j, want) {
		t.Errorf("got %+v, want %+v", j, want)
	}
	refused(t, h.as(administrator, "POST", control+"/simulation", `{"member":"`+string(h.acme.member.Member.ID)+`","address":"here"}`), 422, "field_format")
}
