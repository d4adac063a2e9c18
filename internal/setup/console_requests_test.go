package setup

import (
	"net/http"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// wiki adds an application that nobody may enter.
func (h *consoleHouse) wiki() (a identity.Application) {
	h.t.Helper()
	must(h.t, h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		a = identity.Application{
			ID: identity.NewApplicationID(tx.Now()), OrganizationID: h.acme.ID, ClientID: "wiki", Name: "Wiki", Status: identity.ApplicationActive,
			Protocol: identity.ProtocolOIDC, OAuth: &identity.OAuthSettings{}, Generation: 1, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		return tx.Applications.Insert(a)
	}))
	return a
}

func TestRequestsAreDecidedOnAPage(t *testing.T) {
	h := newConsoleHouse(t)
	wiki := h.wiki()
	carl := h.starts["carl"]
	actor := identity.Actor{Kind: identity.ActsAsMember, AccountID: carl.Account.ID, MemberID: carl.Member.ID, OrganizationID: h.acme.ID, Origin: consoleOrigin}
	const address = "/console/acme/requests"
	h.as("ben").get(address).wants(t, "nobody asks", http.StatusOK, "", "Nobody is waiting")
	_, err := h.o.Approval.Ask(t.Context(), actor, wiki, "for the <report>")
	must(t, err)
	h.as("carl").get(address).wants(t, "a member", http.StatusForbidden, "")
	h.as("nina").get(address).wants(t, "another organisation's owner", http.StatusForbidden, "")
	anna := h.as("anna")
	page := anna.get(address)
	page.wants(t, "the owner", http.StatusOK, "", "carl", "Enter Wiki", "for the &lt;report&gt;")
	form := page.form("approved", "answer", "a\nb")
	anna.do(http.MethodPost, address, form).wants(t, "two lines", http.StatusUnprocessableEntity, "")
	form.Set("answer", "welcome")
	foreign := page.form("approved")
	foreign.Set("csrf_token", "x")
	anna.do(http.MethodPost, address, foreign).wants(t, "a foreign form", http.StatusForbidden, "")
	anna.do(http.MethodPost, address, form).wants(t, "approve", http.StatusSeeOther, address+"?done=approved")
	anna.do(http.MethodPost, address, form).wants(t, "approve twice", http.StatusConflict, "", "was decided or withdrawn already")
	anna.get(address+"?done=approved").wants(t, "afterwards", http.StatusOK, "", "The request was approved", "Nobody is waiting")
	anna.get(address+"?show=all").wants(t, "all", http.StatusOK, "", "Approved", "welcome", "decided by anna")
	must(t, h.db.View(t.Context(), func(tx *store.Tx) error {
		in, err := tx.Applications.Admits(wiki.ID, h.acme.ID, carl.Member.ID)
		if !in {
			t.Error("carl may not enter")
		}
		return err
	}))
}
