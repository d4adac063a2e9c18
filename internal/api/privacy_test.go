package api

import (
	"net/http"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/privacy"
)

// TestPrivacyStatement writes, publishes and withdraws a statement, and asks
// people at browsers for it, but nobody else.
func TestPrivacyStatement(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const path = "/organizations/acme/privacy-statement"
		refused(t, h.as(administrator, "PUT", path, `{"texts":{"fr":{"title":"a","body":"b"}}}`), 422, "field_choice")
		draft := read[PrivacyStatement](t, h.as(administrator, "PUT", path, `{"texts":{"en-US":{"title":"Data","body":"Text"}}}`), http.StatusOK)
		if draft.Draft["en-US"].Title != "Data" || draft.Current != 0 || draft.Version != 1 {
			t.Errorf("drafted: got %+v", draft)
		}
		member := h.tab(h.acme.at(h.acme.member))
		read[Me](t, h.request("GET", prefix+"/me", "", member.cookie, ownPage), http.StatusOK)
		first := read[PrivacyStatement](t, h.as(administrator, "POST", path+"/publish", ""), http.StatusOK)
		if first.Current != 1 || first.Last != 1 || first.Draft != nil {
			t.Errorf("published: got %+v", first)
		}
		refused(t, h.as(administrator, "POST", path+"/publish", ""), 409, "privacy_draft_missing")
		refused(t, h.request("GET", prefix+"/me", "", member.cookie, ownPage), 403, "privacy_statement_due")
		read[Me](t, h.as(anyMember, "GET", "/me", ""), http.StatusOK) // an access token is no browser
		in, ok, err := h.o.Statements.InForce(t.Context(), h.acme.organization.ID)
		if err != nil || !ok || in.Number != 1 || in.Texts["en-US"].Body != "Text" {
			t.Fatalf("in force: got %+v, %v, %v", in, ok, err)
		}
		who := h.acme.member.Member
		actor := h.acting(who.AccountID, who.ID)
		must(0, h.o.Statements.Accept(t.Context(), actor, in))(t)
		must(0, h.o.Statements.Accept(t.Context(), actor, in))(t) // twice is once
		read[Me](t, h.request("GET", prefix+"/me", "", member.cookie, ownPage), http.StatusOK)
		h.tellsWhoAccepted(path)
		h.asksNobodyElse(path)
	})
}

// tellsWhoAccepted compares the lists after acme's member accepted its first
// version.
func (h *house) tellsWhoAccepted(path string) {
	t, who := h.t, h.acme.member.Member
	t.Helper()
	list := read[page[PrivacyAcceptance]](t, h.as(administrator, "GET", path+"/acceptances", ""), http.StatusOK).Items
	if len(list) != 1 || list[0].MemberID != string(who.ID) || list[0].Number != 1 {
		t.Errorf("accepted: got %+v", list)
	}
	if own := read[collection[PrivacyAcceptance]](t, h.as(anyMember, "GET", "/me/privacy-acceptances", ""), http.StatusOK).Items; len(own) != 1 || own[0].At != list[0].At {
		t.Errorf("their own: got %+v", own)
	}
	if versions := read[page[PrivacyVersion]](t, h.as(administrator, "GET", path+"/versions", ""), http.StatusOK).Items; len(versions) != 1 || versions[0].Texts["en-US"].Body != "Text" {
		t.Errorf("versions: got %+v", versions)
	}
}

// acting is a member of acme.
func (h *house) acting(account identity.AccountID, member identity.MemberID) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsMember, OrganizationID: h.acme.organization.ID, AccountID: account, MemberID: member, Role: identity.RoleMember, Name: "Somebody", Origin: origin}
}

// asksNobodyElse sees that another organisation is asked only by the
// installation, and nobody once all is withdrawn.
func (h *house) asksNobodyElse(path string) {
	t := h.t
	t.Helper()
	other := h.tab(h.beta.at(h.beta.owner))
	read[Me](t, h.request("GET", prefix+"/me", "", other.cookie, ownPage), http.StatusOK)
	const all = "/settings/privacy-statement"
	read[PrivacyStatement](t, h.as(providerToken, "PUT", all, `{"texts":{"zh-CN":{"title":"隐私","body":"正文"}}}`), http.StatusOK)
	read[PrivacyStatement](t, h.as(providerToken, "POST", all+"/publish", ""), http.StatusOK)
	refused(t, h.request("GET", prefix+"/me", "", other.cookie, ownPage), 403, "privacy_statement_due")
	owner := h.tab(h.acme.at(h.acme.owner))
	refused(t, h.request("GET", prefix+"/me", "", owner.cookie, ownPage), 403, "privacy_statement_due")
	read[PrivacyStatement](t, h.as(administrator, "DELETE", path, ""), http.StatusOK)
	read[PrivacyStatement](t, h.as(providerToken, "DELETE", all, ""), http.StatusOK)
	read[Me](t, h.request("GET", prefix+"/me", "", owner.cookie, ownPage), http.StatusOK)
	read[Me](t, h.request("GET", prefix+"/me", "", other.cookie, ownPage), http.StatusOK)
}

// TestForbiddenStatements calls every use case as nobody.
func TestForbiddenStatements(t *testing.T) {
	h := newHouse(t)
	ctx, none, s, org := t.Context(), identity.Actor{}, h.o.Statements, h.acme.organization.ID
	for name, call := range map[string]func() error{
		"read":        func() error { _, err := s.Statement(ctx, none, org); return err },
		"write":       func() error { _, err := s.Write(ctx, none, org, 0, nil); return err },
		"publish":     func() error { _, err := s.Publish(ctx, none, org, 0); return err },
		"withdraw":    func() error { _, err := s.Withdraw(ctx, none, "", 0); return err },
		"versions":    func() error { _, err := s.Versions(ctx, none, org, 0, 1); return err },
		"acceptances": func() error { _, err := s.Acceptances(ctx, none, org, privacy.Page{}); return err },
		"accept":      func() error { return s.Accept(ctx, none, identity.PrivacyVersion{}) },
		"own":         func() error { _, err := s.Own(ctx, none); return err },
	} {
		if err := call(); !fault.Is(err, fault.CodeForbidden) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
