package signin

import (
	"net/http"
	"strings"
	"testing"
)

// joined is the browser of Dora, who is a member of Acme and acts there.
func (h *house) joined() *browser {
	h.t.Helper()
	b := h.registered()
	path := h.invite("dora@mail.example")
	if a := b.post(path, b.get(path).form("do", "join")); a.to() != "/organizations/?done=joined" {
		h.t.Fatalf("joined: status %d\n%s", a.status, a.body)
	}
	if a := b.post("/organizations/", b.get("/organizations/").form("do", "switch")); a.to() != "/" {
		h.t.Fatalf("opened: status %d\n%s", a.status, a.body)
	}
	return b
}

func TestLeavePage(t *testing.T) {
	h := peopled(t)
	b := h.joined()
	const path = "/organizations/acme/leave"
	shows(t, "organisations", b.get("/organizations/"), 200, `href="`+path+`"`)
	page := b.get(path)
	shows(t, "asked", page, 200, "Leave Acme Ltd?", "Your role: Member", "invites you again", "Afterwards you are in none")
	shows(t, "without a form", b.post(path, nil), 403)
	before := b.word()
	if a := b.post(path, page.form()); a.to() != "/organizations/?done=left" {
		t.Fatalf("left: status %d\n%s", a.status, a.body)
	}
	// They acted there, and go on without signing in again.
	if b.word() == "" || b.word() == before {
		t.Errorf("the session is %q, want another one", b.word())
	}
	shows(t, "afterwards", b.get("/organizations/?done=left"), 200, "You left the organisation", "You belong to no organisation yet")
	shows(t, "asked again", b.get(path), 404)
	shows(t, "again", b.post(path, b.get("/organizations/").form()), 404)
}

func TestLeavingFromElsewhere(t *testing.T) {
	h := peopled(t)
	b := h.joined()
	b.post("/organizations/", b.get("/organizations/").form("do", "none"))
	word := b.word()
	page := b.get("/organizations/acme/leave")
	if strings.Contains(page.body, "Afterwards you are in none") {
		t.Error("the page says that they are there")
	}
	if a := b.post("/organizations/acme/leave", page.form()); a.to() != "/organizations/?done=left" || b.word() != word {
		t.Errorf("left: status %d, by another session: %v", a.status, b.word() != word)
	}
}

func TestWhoCannotLeave(t *testing.T) {
	h := peopled(t)
	b := h.founded()
	code := ""
	if _, rest, found := strings.Cut(b.get("/organizations/").body, "Owner · "); found {
		code, _, _ = strings.Cut(rest, "<")
	}
	path := "/organizations/" + code + "/leave"
	if body := b.get("/organizations/").body; strings.Contains(body, path) {
		t.Error("the owner is led to leaving")
	}
	word := b.word()
	shows(t, "the owner", b.post(path, b.get(path).form()), 409, `role="alert"`)
	if b.word() != word {
		t.Error("the owner goes on elsewhere")
	}
	shows(t, "where they are not", b.get("/organizations/acme/leave"), 404)
	shows(t, "a managed account", h.browser().in("carl").get("/organizations/acme/leave"), 403)
	if a := h.browser().get("/organizations/acme/leave"); a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), "/login") {
		t.Errorf("nobody is led to %q", a.to())
	}
}

// Between organisations a person acts in none.
func TestInNoOrganization(t *testing.T) {
	h := peopled(t)
	b := h.joined()
	shows(t, "in one", b.get("/organizations/"), 200, "You are here", `value="none"`)
	shows(t, "start page", b.get("/"), 200, "Acme Ltd")
	if a := b.post("/organizations/", b.get("/organizations/").form("do", "none")); a.to() != "/organizations/" {
		t.Fatalf("in none: status %d\n%s", a.status, a.body)
	}
	page := b.get("/organizations/")
	shows(t, "in none", page, 200, "You were here last")
	if strings.Contains(page.body, "You are here") || strings.Contains(page.body, `value="none"`) {
		t.Errorf("the page says that they are somewhere\n%s", page.body)
	}
	if body := b.get("/").body; strings.Contains(body, "Acme Ltd") {
		t.Error("the start page tells of an organisation")
	}
	shows(t, "to none by its identifier", b.post("/organizations/", page.form("do", "switch", "organization", "")), 404)
}
