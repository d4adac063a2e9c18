package privacy

import (
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var root = identity.Actor{Kind: identity.ActsAsConsole, Name: "root"}

// house is the statements of an organisation and of the installation, and two
// people with accounts of their own.
type house struct {
	*Statements
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
	acme  identity.OrganizationID
	ann   identity.Actor
}

func eachHouse(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		h := &house{Statements: New(db), t: t, db: db, clock: clock}
		o := identity.Organization{ID: identity.NewOrganizationID(clock.Now()), Code: "acme", Name: "acme", Status: identity.OrganizationActive}
		a := identity.Account{ID: identity.NewAccountID(clock.Now()), Kind: identity.Personal, Name: "ann", Status: identity.AccountActive}
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			tx.NoEvent("a test arranges things")
			if err := tx.Organizations.Insert(o); err != nil {
				return err
			}
			return tx.Accounts.Insert(a, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		h.acme = o.ID
		h.ann = identity.Actor{Kind: identity.ActsAsMember, OrganizationID: o.ID, AccountID: a.ID, MemberID: "mem_ann", Role: identity.RoleMember, Name: "Ann"}
		test(t, h)
	})
}

// publish puts a text in force and returns the version.
func (h *house) publish(org identity.OrganizationID, body string) identity.PrivacyVersion {
	h.t.Helper()
	h.clock.Advance(time.Second)
	if _, err := h.Write(h.t.Context(), root, org, 0, identity.PrivacyTexts{"en-US": {Title: "Data", Body: body}}); err != nil {
		h.t.Fatal(err)
	}
	p, err := h.Publish(h.t.Context(), root, org, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	return identity.PrivacyVersion{OrganizationID: org, Number: p.Current}
}

func (h *house) wants(what string, err error, code fault.Code) {
	h.t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		h.t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

// inForce is the body that counts in acme, "" for none.
func (h *house) inForce() string {
	h.t.Helper()
	v, _, err := h.InForce(h.t.Context(), h.acme)
	if err != nil {
		h.t.Fatal(err)
	}
	return v.Texts["en-US"].Body
}

func TestStatementLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		_, err := h.Publish(ctx, root, h.acme, 0)
		h.wants("nothing to publish", err, fault.CodePrivacyDraft)
		_, err = h.Write(ctx, root, h.acme, 0, nil)
		h.wants("nothing written", err, fault.CodeFieldMissing)
		if got := h.inForce(); got != "" {
			t.Errorf("in force: %q", got)
		}
		h.publish("", "all")
		if got := h.inForce(); got != "all" {
			t.Errorf("the installation's: %q", got)
		}
		h.publish(h.acme, "ours")
		second := h.publish(h.acme, "ours, mended")
		if got := h.inForce(); got != "ours, mended" || second.Number != 2 {
			t.Errorf("their own: %q, version %d", got, second.Number)
		}
		_, err = h.Write(ctx, root, h.acme, 1, identity.PrivacyTexts{"en-US": {Title: "Data", Body: "late"}})
		h.wants("an edit of what was read before", err, fault.CodeStale)
		p, err := h.Withdraw(ctx, root, h.acme, 0)
		if err != nil || p.Current != 0 || p.Last != 2 || h.inForce() != "all" {
			t.Errorf("withdrawn: got %+v, %v, %q", p, err, h.inForce())
		}
		if third := h.publish(h.acme, "again"); third.Number != 3 {
			t.Errorf("numbers go on: got %d", third.Number)
		}
		all, err := h.Versions(ctx, root, h.acme, 0, 10)
		if err != nil || len(all) != 3 || all[0].Number != 3 || all[2].Texts["en-US"].Body != "ours" || all[0].PublishedBy != "root" {
			t.Errorf("versions: got %+v, %v", all, err)
		}
	})
}

func TestAcceptances(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.wants("nothing is in force", h.Accept(ctx, h.ann, identity.PrivacyVersion{OrganizationID: h.acme, Number: 1}), fault.CodeStale)
		first := h.publish(h.acme, "one")
		second := h.publish(h.acme, "two")
		h.wants("an old one", h.Accept(ctx, h.ann, first), fault.CodeStale)
		h.wants("the installation's", h.Accept(ctx, h.ann, identity.PrivacyVersion{Number: 2}), fault.CodeStale)
		h.wants("the newest", h.Accept(ctx, h.ann, second), "")
		h.wants("once more", h.Accept(ctx, h.ann, second), "")
		h.wants("a program", h.Accept(ctx, identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: h.acme}, second), fault.CodeForbidden)
		for number, want := range map[int64]int{0: 1, 1: 0, 2: 1} {
			got, err := h.Acceptances(ctx, root, h.acme, Page{Number: number, Limit: 10})
			if err != nil || len(got) != want {
				t.Errorf("version %d: got %+v, %v", number, got, err)
			}
		}
		own, err := h.Own(ctx, h.ann)
		if err != nil || len(own) != 1 || own[0].Number != 2 || own[0].Name != "Ann" || own[0].OrganizationID != h.acme {
			t.Errorf("their own: got %+v, %v", own, err)
		}
		told := 0
		err = h.db.View(ctx, func(tx *store.Tx) error {
			events, err := tx.Events.Page(store.EventQuery{Organization: h.acme, Limit: 50})
			told = len(slices.DeleteFunc(events, func(e identity.Event) bool {
				return e.Type != string(audit.PrivacyAccepted) || e.Details["version"] != "2"
			}))
			return err
		})
		if err != nil || told != 1 {
			t.Errorf("%d acceptances were recorded, %v", told, err)
		}
	})
}

// Texts that are kept elsewhere are published in one step beside a draft, and
// are held against the same rules.
func TestPublishTexts(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		draft := identity.PrivacyTexts{"zh-CN": {Title: "草稿", Body: "草稿"}}
		if _, err := h.Write(t.Context(), root, h.acme, 0, draft); err != nil {
			t.Fatal(err)
		}
		for number := int64(1); number <= 2; number++ {
			p, err := h.PublishTexts(t.Context(), root, h.acme, identity.PrivacyTexts{"en-US": {Title: "Data", Body: "All"}})
			if err != nil || p.Current != number || p.Last != number || p.Draft["zh-CN"] != draft["zh-CN"] {
				t.Errorf("got %+v, %v", p, err)
			}
		}
		if _, err := h.PublishTexts(t.Context(), root, h.acme, identity.PrivacyTexts{}); !fault.Is(err, fault.CodeFieldMissing) {
			t.Errorf("without texts: got %v", err)
		}
		if _, err := h.PublishTexts(t.Context(), h.ann, h.acme, draft); !fault.Is(err, fault.CodeForbidden) {
			t.Errorf("a member: got %v", err)
		}
	})
}
