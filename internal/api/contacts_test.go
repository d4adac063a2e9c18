package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/identity"
)

func actorOf(p identity.Person) identity.Actor {
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: p.Member.OrganizationID,
		Role: p.Member.Role, Origin: origin,
	}
}

// writesDown adds somebody outside to an address book.
func (h *house) writesDown(org identity.OrganizationID, whose addressbook.Whose, actor identity.Actor) string {
	h.t.Helper()
	c := addressbook.Contact{Name: "Outside", ContactDetails: identity.ContactDetails{Email: "out@side.example"}}
	return string(must(h.o.Addressbook.AddContact(h.t.Context(), actor, org, whose, c))(h.t).ID)
}

// shelves are the two address books.
var shelves = []struct {
	name, path string
	who        caller
}{
	{"shared", "/organizations/acme/contacts", administrator},
	{"own", "/me/contacts", anyMember},
}

// TestContactLife writes down, reads and finds somebody outside.
func TestContactLife(t *testing.T) {
	for _, at := range shelves {
		t.Run(at.name, func(t *testing.T) {
			eachHouse(t, func(t *testing.T, h *house) {
				h.clock.Advance(time.Minute) // those of the house are older
				w := h.as(at.who, "POST", at.path, `{"name":"张三","company":"Nova","mobile":"137 0000 0001","remarks":"met"}`)
				made := read[Contact](t, w, http.StatusCreated)
				if made.Name != "张三" || made.Mobile != "+8613700000001" || made.Country != "chinaPR" || made.Remarks != "met" || w.Header().Get("ETag") != `"1"` {
					t.Fatalf("got %s", w.Body)
				}
				one := at.path + "/" + made.ID
				if want := "https://id.example:8443/api/v1"; len(w.Header().Get("Location")) < len(want+one)-len("acme") {
					t.Errorf("Location: %s", w.Header().Get("Location"))
				}
				if w := h.as(at.who, "GET", one, "", `If-None-Match: "1"`); w.Code != http.StatusNotModified {
					t.Errorf("known: got %d", w.Code)
				}
				for query, want := range map[string]int{"?q=zhang": 1, "?q=zs": 1, "?q=nova": 1, "?q=%2B86137": 1, "?q=137": 1, "?q=none": 0, "": 2} {
					if found := read[page[Contact]](t, h.as(at.who, "GET", at.path+query, ""), http.StatusOK); len(found.Items) != want {
						t.Errorf("%s: got %+v, want %d", query, found.Items, want)
					}
				}
				first := read[page[Contact]](t, h.as(at.who, "GET", at.path+"?limit=1", ""), http.StatusOK)
				second := read[page[Contact]](t, h.as(at.who, "GET", at.path+"?limit=1&cursor="+first.Next, ""), http.StatusOK)
				if len(first.Items) != 1 || len(second.Items) != 1 || second.Next != "" || second.Items[0].ID != made.ID {
					t.Errorf("got the pages %+v and %+v", first, second)
				}
			})
		})
	}
}

// TestContactEdits edits and removes somebody outside.
func TestContactEdits(t *testing.T) {
	for _, at := range shelves {
		t.Run(at.name, func(t *testing.T) {
			eachHouse(t, func(t *testing.T, h *house) {
				made := read[Contact](t, h.as(at.who, "POST", at.path, `{"name":"张三","company":"Nova","remarks":"met"}`), http.StatusCreated)
				one := at.path + "/" + made.ID
				changed := read[Contact](t, h.as(at.who, "PATCH", one, `{"title":"Dr","company":""}`, `If-Match: "1"`), http.StatusOK)
				if changed.Title != "Dr" || changed.Company != "" || changed.Remarks != "met" || changed.Version != 2 {
					t.Errorf("got %+v", changed)
				}
				refused(t, h.as(at.who, "PATCH", one, `{"title":"x"}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
				refused(t, h.as(at.who, "PATCH", one, `{"email":"x"}`), 422, "email_format")
				refused(t, h.as(at.who, "POST", at.path, `{"name":""}`), 422, "field_length")
				refused(t, h.as(at.who, "POST", at.path, `{"name":"x","owner":"y"}`), 422, "field_unknown")
				refused(t, h.as(at.who, "GET", at.path+"?cursor=x", ""), 422, "cursor_malformed")
				refused(t, h.as(at.who, "DELETE", one, "", `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
				read[any](t, h.as(at.who, "DELETE", one, "", `If-Match: "2"`), http.StatusNoContent)
				refused(t, h.as(at.who, "GET", one, ""), http.StatusNotFound, "contact_not_found")
			})
		})
	}
}

// TestContactsOfOthers: nobody reads another member's own, by either address.
func TestContactsOfOthers(t *testing.T) {
	h := newHouse(t)
	own := h.contacts[anyMember]
	for _, who := range []caller{administrator, theOwner, otherOwner} {
		refused(t, h.as(who, "GET", "/me/contacts/"+own, ""), http.StatusNotFound, "contact_not_found")
	}
	refused(t, h.as(theOwner, "GET", "/organizations/acme/contacts/"+own, ""), http.StatusNotFound, "contact_not_found")
	refused(t, h.as(anyMember, "GET", "/me/contacts/"+h.acme.contact, ""), http.StatusNotFound, "contact_not_found")
	refused(t, h.as(theOwner, "GET", "/organizations/acme/contacts/"+h.beta.contact, ""), http.StatusNotFound, "contact_not_found")
}
