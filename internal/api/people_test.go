package api

import (
	"net/http"
	"testing"
)

func TestAccountSettings(t *testing.T) {
	h := newHouse(t)
	const path = "/settings/accounts"
	w := h.as(providerAdmin, "GET", path, "")
	before := read[AccountSettings](t, w, http.StatusOK)
	if before != (AccountSettings{Registration: true, Organizations: true, Version: 1}) || w.Header().Get("ETag") != etag(1) {
		t.Errorf("before: %+v, %s", before, w.Header().Get("ETag"))
	}
	after := read[AccountSettings](t, h.as(providerAdmin, "PUT", path, `{"registration":false,"quota_at_once":true}`, "If-Match: "+etag(1)), http.StatusOK)
	if after != (AccountSettings{Organizations: true, QuotaAtOnce: true, Version: 2}) {
		t.Errorf("after: %+v", after)
	}
	refused(t, h.as(providerAdmin, "PUT", path, `{"registration":true}`, "If-Match: "+etag(1)), http.StatusPreconditionFailed, "stale")
	if w := h.as(providerAdmin, "GET", path, "", "If-None-Match: "+etag(2)); w.Code != http.StatusNotModified {
		t.Errorf("unchanged: %d", w.Code)
	}
	refused(t, h.as(providerAdmin, "PUT", path, `{"registrations":true}`), http.StatusUnprocessableEntity, "field_unknown")
}

func TestInvitationsOnTheWire(t *testing.T) {
	h := newHouse(t)
	list := "/organizations/acme/invitations"
	made := h.as(administrator, "POST", list, `{"contact":"Emil@mail.example","name":"Emil","department":"acme-rd","title":"Engineer","groups":["`+h.acme.group+`"]}`)
	sent := read[SentInvitation](t, made, http.StatusCreated)
	if sent.State != "open" || sent.Contact != "emil@mail.example" || sent.Role != "member" || sent.Known || len(sent.Groups) != 1 || made.Header().Get("ETag") != etag(1) {
		t.Errorf("made %+v", sent)
	}
	one := list + "/" + sent.ID
	if at := made.Header().Get("Location"); at != "https://id.example:8443/api/v1/organizations/"+string(h.acme.organization.ID)+"/invitations/"+sent.ID {
		t.Errorf("it is at %q", at)
	}
	if got := read[Invitation](t, h.as(deptHead, "GET", one, ""), http.StatusOK); got.Name != "Emil" || got.Title != "Engineer" || got.MemberID != "" {
		t.Errorf("read %+v", got)
	}
	known := read[SentInvitation](t, h.as(administrator, "POST", list, `{"contact":"dora@mail.example","name":"Dora"}`), http.StatusCreated)
	if !known.Known {
		t.Error("Dora signs in by that address, and is not known")
	}
	for query, want := range map[string]int{"": 3, "?state=open": 3, "?state=accepted": 0, "?state=expired": 0} {
		if got := read[page[Invitation]](t, h.as(administrator, "GET", list+query, ""), http.StatusOK); len(got.Items) != want {
			t.Errorf("%q lists %d, want %d", query, len(got.Items), want)
		}
	}
}

func TestInvitationsEndOnTheWire(t *testing.T) {
	h := newHouse(t)
	list := "/organizations/acme/invitations"
	one := list + "/" + read[SentInvitation](t, h.as(administrator, "POST", list, `{"contact":"emil@mail.example","name":"Emil","department":"acme-rd"}`), http.StatusCreated).ID
	// A department administrator sees those into their departments.
	if got := read[page[Invitation]](t, h.as(deptHead, "GET", list, ""), http.StatusOK); len(got.Items) != 2 {
		t.Errorf("the department administrator sees %d, want 2", len(got.Items))
	}
	read[any](t, h.as(administrator, "DELETE", one, ""), http.StatusNoContent)
	refused(t, h.as(administrator, "DELETE", one, ""), http.StatusConflict, "invitation_state")
	if got := read[Invitation](t, h.as(administrator, "GET", one, ""), http.StatusOK); got.State != "cancelled" || got.DecidedAt == nil {
		t.Errorf("cancelled: %+v", got)
	}
}

// A list is read to its end by its cursors, each invitation once.
func TestPagesOfInvitations(t *testing.T) {
	h := newHouse(t)
	const list = "/organizations/acme/invitations"
	for _, name := range []string{"a", "b", "c"} {
		read[SentInvitation](t, h.as(administrator, "POST", list, `{"contact":"`+name+`@mail.example","name":"`+name+`"}`), http.StatusCreated)
	}
	seen := map[string]bool{}
	for next := list + "?limit=3"; next != ""; {
		got := read[page[Invitation]](t, h.as(administrator, "GET", next, ""), http.StatusOK)
		for _, i := range got.Items {
			if seen[i.ID] {
				t.Errorf("%s is listed twice", i.ID)
			}
			seen[i.ID] = true
		}
		next = ""
		if got.Next != "" {
			next = list + "?limit=3&cursor=" + got.Next
		}
	}
	if len(seen) != 4 {
		t.Errorf("%d were listed, want 4", len(seen))
	}
	refused(t, h.as(administrator, "GET", list+"?cursor="+encodeCursor("grp_1"), ""), http.StatusUnprocessableEntity, "cursor_malformed")
}

func TestHandoverOnTheWire(t *testing.T) {
	h := newHouse(t)
	const path = "/organizations/acme/handover"
	if got := read[Handover](t, h.as(theOwner, "GET", path, ""), http.StatusOK); got.Name != "Heir" || got.Contact != "heir@acme.example" || got.Leaves {
		t.Errorf("read %+v", got)
	}
	read[any](t, h.as(theOwner, "DELETE", path, ""), http.StatusNoContent)
	refused(t, h.as(theOwner, "GET", path, ""), http.StatusNotFound, "handover_not_found")
	got := read[Handover](t, h.as(theOwner, "POST", path, `{"name":"Dora","contact":"dora@mail.example","leaves":true}`), http.StatusCreated)
	if !got.Leaves || !got.EndsAt.After(got.CreatedAt) {
		t.Errorf("made %+v", got)
	}
	refused(t, h.as(administrator, "GET", path, ""), http.StatusForbidden, "forbidden")
}

func TestOrganizationsOfAPerson(t *testing.T) {
	h := newHouse(t)
	o := read[Organization](t, h.as(thePerson, "POST", "/me/organizations", `{"name":"Dora Ltd","code":"dora"}`), http.StatusCreated)
	if o.Code != "dora" || *o.Limits.Members != 200 {
		t.Errorf("made %+v", o)
	}
	mine := read[collection[OwnOrganization]](t, h.as(thePerson, "GET", "/me/organizations", ""), http.StatusOK)
	if len(mine.Items) != 1 || mine.Items[0].Role != "owner" || !mine.Items[0].Open || mine.Items[0].ID != o.ID {
		t.Errorf("hers are %+v", mine.Items)
	}
	refused(t, h.as(thePerson, "DELETE", "/me/organizations/"+o.ID, ""), http.StatusConflict, "owner_protected")
	// Acting in none, she reads her own organisation by nothing but its list.
	refused(t, h.as(thePerson, "GET", "/organizations/dora", ""), http.StatusForbidden, "forbidden")
	refused(t, h.as(anyMember, "GET", "/me/organizations", ""), http.StatusForbidden, "person_only")
	if me := read[Me](t, h.as(thePerson, "GET", "/me", ""), http.StatusOK); me.Kind != "person" || me.OrganizationID != "" || me.AccountID == "" {
		t.Errorf("she is %+v", me)
	}
}

func TestQuotasOnTheWire(t *testing.T) {
	h := newHouse(t)
	h.equips(h.acme) // with a bound, and a wish for more
	all := read[page[QuotaRequest]](t, h.as(providerAdmin, "GET", "/provider/quota-requests?state=pending", ""), http.StatusOK)
	if len(all.Items) != 2 {
		t.Fatalf("the provider sees %+v", all.Items)
	}
	of := read[page[QuotaRequest]](t, h.as(theOwner, "GET", "/organizations/acme/quota-requests", ""), http.StatusOK)
	if len(of.Items) != 1 || of.Items[0].Kind != "members" || of.Items[0].Reason != "more room" || of.Items[0].DecidedAt != nil {
		t.Fatalf("the owner sees %+v", of.Items)
	}
	refused(t, h.as(theOwner, "POST", "/organizations/acme/quota-requests", `{}`), http.StatusConflict, "quota_waits")
	read[any](t, h.as(providerToken, "POST", "/provider/quota-requests/"+of.Items[0].ID+"/approve", `{"answer":"yes"}`), http.StatusNoContent)
	if o := read[Organization](t, h.as(theOwner, "GET", "/organizations/acme", ""), http.StatusOK); *o.Limits.Members != 300 {
		t.Errorf("%d members, want 300", *o.Limits.Members)
	}
	read[QuotaRequest](t, h.as(theOwner, "POST", "/organizations/acme/quota-requests", `{"reason":"again"}`), http.StatusCreated)
	mine := read[page[QuotaRequest]](t, h.as(thePerson, "GET", "/me/quota-requests", ""), http.StatusOK)
	if len(mine.Items) != 1 || mine.Items[0].Kind != "organizations" || mine.Items[0].Organization != "" {
		t.Errorf("the person sees %+v", mine.Items)
	}
	read[any](t, h.as(providerAdmin, "POST", "/provider/quota-requests/"+mine.Items[0].ID+"/reject", `{"answer":"no"}`), http.StatusNoContent)
	refused(t, h.as(providerAdmin, "POST", "/provider/quota-requests/"+mine.Items[0].ID+"/approve", `{}`), http.StatusConflict, "request_decided")
	refused(t, h.as(providerAdmin, "POST", "/provider/quota-requests/req_none/approve", `{}`), http.StatusNotFound, "request_not_found")
}
