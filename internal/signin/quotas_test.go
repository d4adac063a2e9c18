package signin

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/identity"
)

// founded is the browser of Dora, who has just made an organisation and is in it.
func (h *house) founded() *browser {
	h.t.Helper()
	b := h.registered()
	b.post("/organizations/", b.get("/organizations/").form("do", "found", "name", "First"))
	if a := b.post("/organizations/", b.get("/organizations/").form("do", "switch")); a.to() != "/" {
		h.t.Fatalf("opened: status %d\n%s", a.status, a.body)
	}
	return b
}

// decides lets the provider decide about the oldest wish that waits.
func (h *house) decides(state identity.RequestState, answer string) {
	h.t.Helper()
	all, err := h.o.Approval.Quotas(h.t.Context(), console(), approval.QuotaQuery{State: identity.RequestPending})
	if err == nil {
		err = h.o.Approval.DecideQuota(h.t.Context(), console(), all[len(all)-1].Request.ID, state, answer)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestQuotasPage(t *testing.T) {
	h := peopled(t)
	b := h.founded()
	shows(t, "start page", b.get("/"), 200, `href="/account/quotas"`)
	page := b.get("/account/quotas")
	shows(t, "both", page, 200, "Members of First", "1 of 200", "1 of 5", "Ask for 100 more members", "Ask for one more organisation")
	if a := b.post("/account/quotas", page.form("do", "members", "reason", "we grow")); a.to() != "/account/quotas?done=asked" {
		t.Fatalf("asked: status %d\n%s", a.status, a.body)
	}
	shows(t, "it waits", b.get("/account/quotas?done=asked"), 200, "The request was sent", "waits for a decision", "Undecided", "we grow")
	twice := b.post("/account/quotas", b.get("/account/quotas").form("do", "members"))
	shows(t, "asked twice", twice, 409, "waits for a decision")
	h.letters()
	h.decides(identity.RequestApproved, "well done")
	told := h.letters()
	if len(told) != 1 || told[0].Template != "members_approved" || told[0].Params["most"] != "300" || !strings.HasSuffix(told[0].Params["address"], "/account/quotas") {
		t.Errorf("told %+v", told)
	}
	shows(t, "it was given", b.get("/account/quotas"), 200, "1 of 300", "Approved", "well done")
	b.post("/account/quotas", b.get("/account/quotas").form("do", "organizations"))
	h.decides(identity.RequestRejected, "")
	shows(t, "refused", b.get("/account/quotas"), 200, "Rejected", "1 of 5")
	shows(t, "two lines", b.post("/account/quotas", b.get("/account/quotas").form("do", "organizations", "reason", "a\nb")), 422, `id="organizations-error"`)
	shows(t, "nothing to do", b.post("/account/quotas", b.get("/account/quotas").form()), 422)
	shows(t, "without a form", b.post("/account/quotas", nil), 403)
}

func TestQuotaGivenAtOnce(t *testing.T) {
	h := peopled(t)
	h.lets(identity.PeopleRules{Registration: true, Organizations: true, QuotaAtOnce: true})
	b := h.founded()
	if a := b.post("/account/quotas", b.get("/account/quotas").form("do", "organizations")); a.to() != "/account/quotas?done=given" {
		t.Fatalf("asked: status %d\n%s", a.status, a.body)
	}
	shows(t, "given", b.get("/account/quotas?done=given"), 200, "The quota was raised", "1 of 6")
}

// Whoever owns as many as they may is led to where they ask for more.
func TestOrganizationsAreFull(t *testing.T) {
	h := peopled(t)
	b := h.registered()
	for _, name := range []string{"One", "Two", "Three", "Four", "Five"} {
		b.post("/organizations/", b.get("/organizations/").form("do", "found", "name", name))
	}
	shows(t, "full", b.get("/organizations/"), 200, "5 of 5", `href="/account/quotas"`)
	if body := b.get("/organizations/").body; strings.Contains(body, `value="found"`) {
		t.Error("a sixth is offered")
	}
	h.lets(identity.PeopleRules{Registration: true})
	if body := b.get("/account/quotas").body; strings.Contains(body, `value="organizations"`) {
		t.Error("more is offered of what nobody may make")
	}
}

func TestWhoseQuotas(t *testing.T) {
	h := peopled(t)
	anna := h.browser().in("anna")
	shows(t, "the owner, whose organisation nothing bounds", anna.get("/account/quotas"), 200, "Members of Acme Ltd", "as many more as come")
	shows(t, "and who asks", anna.post("/account/quotas", anna.get("/logout").form("do", "members")), 409, "nothing to ask for")
	shows(t, "and asks for organisations", anna.post("/account/quotas", anna.get("/logout").form("do", "organizations")), 403)
	carl := h.browser().in("carl")
	shows(t, "a member", carl.get("/account/quotas"), 403)
	if body := carl.get("/").body; strings.Contains(body, "/account/quotas") {
		t.Error("a member is led to the page")
	}
	if a := h.browser().get("/account/quotas"); a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), "/login") {
		t.Errorf("nobody is led to %q", a.to())
	}
}
