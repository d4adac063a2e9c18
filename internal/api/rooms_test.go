package api

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// numbered gives a person a personal meeting id and returns its identifier.
func (h *house) numbered(p identity.Person) string {
	h.t.Helper()
	return string(must(h.o.Resources.OwnRooms(h.t.Context(), actorOf(p), resource.RoomQuery{}))(h.t).Items[0].ID)
}

const roomsPath = "/organizations/acme/rooms"

// TestRoomsAreLent lends rooms to a member and a terminal, and takes them back.
func TestRoomsAreLent(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		grant := must(h.o.Resources.Grant(t.Context(), console(), h.acme.organization.ID, []resource.Grant{
			{Kind: identity.ResourceRooms, Package: "vmr100", Count: 2, EndsAt: h.clock.Now().AddDate(1, 0, 0)},
		}))(t)[0]
		all := read[page[Room]](t, h.as(administrator, "GET", roomsPath+"?package=vmr100&resource="+string(grant.ID), ""), http.StatusOK).Items
		if len(all) != 2 || all[0].Status != "unassigned" || all[0].Name != all[0].Number || !all[0].EndsAt.Equal(grant.EndsAt) {
			t.Fatalf("got %+v", all)
		}
		member := string(h.acme.member.Member.ID)
		act := func(what, body string) {
			t.Helper()
			read[any](t, h.as(administrator, "POST", roomsPath+"/"+what, body), http.StatusNoContent)
		}
		act("lend", fmt.Sprintf(`{"rooms":[%q],"member":%q}`, all[0].ID, member))
		act("lend", fmt.Sprintf(`{"rooms":[%q],"terminal":"ACME_1"}`, all[1].ID))
		number := func(r Room) string { return r.Number }
		for query, want := range map[string]string{
			"?status=live&sort=name&": min(all[0].Number, all[1].Number) + " " + max(all[0].Number, all[1].Number) + " ",
			"?member=" + member + "&": all[0].Number + " ", "?terminal=" + h.acme.terminal + "&": all[1].Number + " ", "?q=hall&": all[1].Number + " ",
			"?status=disabled&": "", "?q=" + all[1].Number + "&": all[1].Number + " ",
		} {
			if got := names(h, roomsPath+query, number); got != want {
				t.Errorf("%s: got %q, want %q", query, got, want)
			}
		}
		lent := read[Room](t, h.as(administrator, "GET", roomsPath+"/"+all[0].ID, ""), http.StatusOK)
		if lent.Member != member || lent.MemberName != "member" || lent.Terminal != "" || lent.Status != "live" || lent.Version != 2 {
			t.Errorf("got %+v", lent)
		}
		refused(t, h.as(administrator, "POST", roomsPath+"/lend", fmt.Sprintf(`{"rooms":[%q],"terminal":"acme_1"}`, lent.ID)), http.StatusConflict, "room_assigned")
		refused(t, h.as(administrator, "POST", roomsPath+"/lend", fmt.Sprintf(`{"rooms":[%q]}`, lent.ID)), 422, "field_missing")
		refused(t, h.as(administrator, "POST", roomsPath+"/lend", fmt.Sprintf(`{"rooms":[%q],"terminal":"beta_1"}`, lent.ID)), http.StatusNotFound, "terminal_not_found")
		refused(t, h.as(administrator, "DELETE", roomsPath+"/"+lent.ID, ""), http.StatusConflict, "room_assigned")
		refused(t, h.as(administrator, "POST", roomsPath+"/recall", fmt.Sprintf(`{"rooms":[%q],"terminal":"acme_1"}`, lent.ID)), http.StatusNotFound, "room_not_found")
		act("recall", fmt.Sprintf(`{"rooms":[%q],"member":%q}`, lent.ID, member))
		act("recall", fmt.Sprintf(`{"rooms":[%q]}`, all[1].ID))
		refused(t, h.as(administrator, "DELETE", roomsPath+"/"+lent.ID, "", `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		read[any](t, h.as(administrator, "DELETE", roomsPath+"/"+lent.ID, ""), http.StatusNoContent)
		act("remove", fmt.Sprintf(`{"rooms":[%q]}`, all[1].ID))
		refused(t, h.as(administrator, "GET", roomsPath+"/"+lent.ID, ""), http.StatusNotFound, "room_not_found")
	})
}

// TestMyRooms: members read and edit what is lent to them, and nobody else
// their passwords.
func TestMyRooms(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		room, own := h.acme.room, h.rooms[anyMember]
		body := fmt.Sprintf(`{"rooms":[%q],"member":%q}`, room, h.acme.member.Member.ID)
		read[any](t, h.as(administrator, "POST", roomsPath+"/lend", body), http.StatusNoContent)
		mine := read[page[MyRoom]](t, h.as(anyMember, "GET", "/me/rooms", ""), http.StatusOK).Items
		if len(mine) != 2 {
			t.Fatalf("got %+v", mine)
		}
		for _, r := range mine {
			if len(r.HostPassword) != 6 || r.Personal != (r.ID == own) || (r.EndsAt == nil) != r.Personal || r.Status != "live" {
				t.Errorf("got %+v", r)
			}
		}
		one := "/me/rooms/" + room
		w := h.as(anyMember, "PATCH", one, `{"name":"Stand-up","guest_password":"4711","guests_first":true}`, `If-Match: "2"`)
		changed := read[MyRoom](t, w, http.StatusOK)
		if changed.Name != "Stand-up" || changed.GuestPassword != "4711" || !changed.GuestsFirst || changed.Version != 3 || w.Header().Get("ETag") != `"3"` {
			t.Errorf("got %s", w.Body)
		}
		if seen := read[MyRoom](t, h.as(anyMember, "GET", one, ""), http.StatusOK); seen.HostPassword != changed.HostPassword || seen.Name != "Stand-up" {
			t.Errorf("got %+v", seen)
		}
		refused(t, h.as(anyMember, "PATCH", one, `{"name":"x"}`, `If-Match: "2"`), http.StatusPreconditionFailed, "stale")
		refused(t, h.as(anyMember, "PATCH", one, `{"host_password":"4711"}`), 422, "room_passwords")
		refused(t, h.as(anyMember, "PATCH", one, `{"host_password":"12"}`), 422, "field_format")
		for _, who := range []caller{administrator, theOwner, otherOwner} {
			refused(t, h.as(who, "GET", one, ""), http.StatusNotFound, "room_not_found")
			refused(t, h.as(who, "PATCH", "/me/rooms/"+own, `{"name":"x"}`), http.StatusNotFound, "room_not_found")
		}
		refused(t, h.as(theOwner, "GET", roomsPath+"/"+own, ""), http.StatusNotFound, "room_not_found")
	})
}
