package api

import (
	"net/http"
	"reflect"
	"testing"
	"time"
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
