package api

import (
	"net/http"
	"strings"
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
		s := p.Schedule
		if p.Decision != "second_verification" || strings.Join(s.Weekdays, " ") != "monday friday" || s.From != "2030-01-01" || s.Until != "2030-12-31" ||
			s.Starts != "18:00" || s.Ends != "06:00" || s.Zone != "Europe/Berlin" || len(p.Regions) != 1 || p.ReportOnly {
			t.Fatalf("got %s", w.Body)
		}
		at := "/organizations/" + string(h.acme.organization.ID) + "/applications/acme-wiki/policies/" + p.ID
		if got := w.Header().Get("Location"); got != "https://id.example:8443/api/v1"+at {
			t.Errorf("Location: %s", got)
		}
		one := all + "/" + p.ID
		changed := read[Policy](t, h.as(administrator, "PATCH", one, `{"report_only":true,"schedule":{},"regions":[]}`, `If-Match: "1"`), http.StatusOK)
		if !changed.ReportOnly || changed.Schedule.Zone != "Asia/Shanghai" || changed.Schedule.Starts != "" || len(changed.Regions) != 0 || changed.Version != 2 {
			t.Errorf("got %+v", changed)
		}
		refused(t, h.as(administrator, "PATCH", one, `{"name":"x"}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		refused(t, h.as(administrator, "POST", all, `{"name":"OFFICE","decision":"deny"}`), http.StatusConflict, "policy_exists")
		for body, field := range map[string]string{
			`{"name":"Bad","decision":"perhaps"}`:                                "decision",
			`{"name":"Bad","decision":"deny","schedule":{"starts":"9 o'clock"}}`: "schedule.starts",
			`{"name":"Bad","decision":"deny","schedule":{"zone":"Here"}}`:        "zone",
		} {
			if p := read[Problem](t, h.as(administrator, "POST", all, body), 422); len(p.Errors) != 1 || p.Errors[0].Field != field {
				t.Errorf("%s: got %+v, want %s named", body, p, field)
			}
		}
		if w := h.as(administrator, "GET", one, "", `If-None-Match: "2"`); w.Code != http.StatusNotModified {
			t.Errorf("unchanged: got %d", w.Code)
		}
		read[any](t, h.as(administrator, "DELETE", one, "", `If-Match: "2"`), http.StatusNoContent)
		refused(t, h.as(administrator, "GET", one, ""), http.StatusNotFound, "policy_not_found")
	})
}

// TestAccessControl switches the policies on, turns their order round and asks
// what they would say.
func TestAccessControl(t *testing.T) {
	h := newHouse(t)
	const control = acmeWiki + "/access-control"
	c := read[AccessControl](t, h.as(administrator, "GET", control, ""), http.StatusOK)
	if c.Enabled || c.Default != "" || c.Version != 2 {
		t.Errorf("before: got %+v", c)
	}
	refused(t, h.as(administrator, "PATCH", control, `{"enabled":true}`), 422, "field_choice")
	c = read[AccessControl](t, h.as(administrator, "PATCH", control, `{"enabled":true,"default":"deny"}`, `If-Match: "2"`), http.StatusOK)
	if !c.Enabled || c.Default != "deny" || c.Version != 3 {
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
	if j.Enters || j.Decision != "deny" || j.Policy != second.ID || !j.Enabled || !j.Factor || len(j.Policies) != 2 || !j.Policies[0].Decides || j.Policies[1].Decides {
		t.Errorf("got %+v", j)
	}
	refused(t, h.as(administrator, "POST", control+"/simulation", `{"member":"`+string(h.acme.member.Member.ID)+`","address":"here"}`), 422, "field_format")
}
