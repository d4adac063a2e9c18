package api

import (
	"net/http"
	"slices"
	"testing"
)

// TestAttributeLife defines, reads, edits and removes a custom attribute.
func TestAttributeLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/beta/attributes"
		w := h.as(otherOwner, "POST", all, `{"key":"工号","label":"Size","type":"choices","candidates":["S","M"],"required":true,"position":2}`)
		a := read[Attribute](t, w, http.StatusCreated)
		if a.Key != "工号" || !slices.Equal(a.Candidates, []string{"S", "M"}) || !a.Required || !a.Shown || a.Position != 2 || w.Header().Get("ETag") != `"1"` {
			t.Fatalf("got %s", w.Body)
		}
		one := all + "/%E5%B7%A5%E5%8F%B7"
		refused(t, h.as(otherOwner, "POST", all, `{"key":"工号","label":"Again","type":"text"}`), http.StatusConflict, "attribute_exists")
		refused(t, h.as(otherOwner, "POST", all, `{"key":"x","label":"X","type":"choice"}`), 422, "field_range")
		changed := read[Attribute](t, h.as(otherOwner, "PATCH", one, `{"label":"Shirt","shown":false}`, `If-Match: "1"`), http.StatusOK)
		if changed.Label != "Shirt" || changed.Shown || changed.Position != 2 || changed.Version != 2 {
			t.Errorf("got %+v", changed)
		}
		refused(t, h.as(otherOwner, "PATCH", one, `{"label":"Late"}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		refused(t, h.as(otherOwner, "PATCH", one, `{"required":false}`), 422, "field_unknown")
		if w := h.as(otherOwner, "GET", one, "", `If-None-Match: "2"`); w.Code != http.StatusNotModified {
			t.Errorf("unchanged: got %d", w.Code)
		}
		list := read[collection[Attribute]](t, h.as(otherOwner, "GET", all, ""), http.StatusOK)
		if len(list.Items) != 2 || list.Items[0].Key != "工号" || list.Items[1].Candidates == nil {
			t.Errorf("got %+v", list.Items)
		}
		refused(t, h.as(otherOwner, "DELETE", one, "", `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		read[any](t, h.as(otherOwner, "DELETE", one, ""), http.StatusNoContent)
		refused(t, h.as(otherOwner, "GET", one, ""), http.StatusNotFound, "attribute_not_found")
	})
}

// TestAttributesOfMembers checks what is entered against the definitions.
func TestAttributesOfMembers(t *testing.T) {
	h := newHouse(t)
	const all = "/organizations/acme/members"
	read[Attribute](t, h.as(administrator, "POST", "/organizations/acme/attributes", `{"key":"floor","label":"Floor","type":"number","required":true}`), http.StatusCreated)
	for body, want := range map[string]string{
		`{"name":"A"}`: "field_missing", `{"name":"A","attributes":{"floor":"top"}}`: "field_format",
		`{"name":"A","attributes":{"floor":"3","other":"1"}}`: "field_unknown",
	} {
		if p := refused(t, h.as(administrator, "POST", all, body), 422, want); len(p.Errors) == 0 {
			t.Errorf("%s: no field is named in %+v", body, p)
		}
	}
	m := read[MadeMember](t, h.as(administrator, "POST", all, `{"name":"A","attributes":{"floor":"3"}}`), http.StatusCreated)
	refused(t, h.as(administrator, "PATCH", all+"/"+m.ID, `{"attributes":{"floor":null}}`), 422, "field_missing")
	refused(t, h.as(administrator, "DELETE", "/organizations/acme/attributes/floor", ""), http.StatusConflict, "attribute_in_use")
}

// TestMaskedAttributes shows a member the own values as they may see them.
func TestMaskedAttributes(t *testing.T) {
	h := newHouse(t)
	const definitions = "/organizations/acme/attributes"
	one := "/organizations/acme/members/" + string(h.acme.member.Member.ID)
	read[Attribute](t, h.as(administrator, "POST", definitions, `{"key":"salary","label":"Salary","type":"text","masked":true}`), http.StatusCreated)
	read[Attribute](t, h.as(administrator, "POST", definitions, `{"key":"remark","label":"Remark","type":"text","shown":false}`), http.StatusCreated)
	read[Member](t, h.as(administrator, "PATCH", one, `{"attributes":{"salary":"5000","remark":"late"}}`), http.StatusOK)
	if m := read[Member](t, h.as(administrator, "GET", one, ""), http.StatusOK); m.Attributes["salary"] != "5000" || m.Attributes["remark"] != "late" {
		t.Errorf("the administrator sees %v", m.Attributes)
	}
	if m := read[Member](t, h.as(anyMember, "GET", one, ""), http.StatusOK); m.Attributes["salary"] != "••••" || len(m.Attributes) != 1 {
		t.Errorf("the member sees %v", m.Attributes)
	}
}
