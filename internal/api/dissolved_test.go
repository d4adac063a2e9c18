package api

import (
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// The proof key of RFC 7636, appendix B.
const (
	codeVerifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	codeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// staying are the tables that keep rows of an organisation that is gone: the
// installation's log, and whom other applications are told of.
var staying = []string{"events", "participations"}

// catalogued lists the tables that name an organisation, on either database.
func catalogued(dsn string) (driver, source, query string) {
	if file, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		return "sqlite", "file:" + file, `SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c
			WHERE t.type = 'table' AND c.name = 'organization_id' ORDER BY t.name`
	}
	return "pgx", dsn, `SELECT table_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND column_name = 'organization_id' ORDER BY table_name`
}

// ledger counts rows behind the back of everything else.
type ledger struct {
	t      *testing.T
	db     *sql.DB
	tables []string
}

func newLedger(t *testing.T, dsn string) ledger {
	t.Helper()
	driver, source, query := catalogued(dsn)
	l := ledger{t: t, db: must(sql.Open(driver, source))(t)}
	t.Cleanup(func() { _ = l.db.Close() })
	rows, err := l.db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		must(0, rows.Scan(&name))(t)
		l.tables = append(l.tables, name)
	}
	if err := rows.Err(); err != nil || len(l.tables) < 30 {
		t.Fatalf("found only the tables %v, %v", l.tables, err)
	}
	return l
}

// rows counts those of an organisation in each table.
func (l ledger) rows(org identity.OrganizationID) map[string]int {
	l.t.Helper()
	counts := map[string]int{}
	for _, table := range l.tables {
		var n int
		must(0, l.db.QueryRowContext(l.t.Context(), `SELECT count(*) FROM `+table+` WHERE organization_id = $1`, string(org)).Scan(&n))(l.t)
		counts[table] = n
	}
	return counts
}

// opens lets everybody enter the estate's application, which may refresh.
func (h *house) opens(e estate) {
	h.t.Helper()
	grants := []identity.GrantType{identity.GrantCode, identity.GrantRefresh}
	must(h.o.Applications.ChangeApplication(h.t.Context(), console(), e.organization.ID, e.application, 0, application.ApplicationChange{
		Access: &identity.Access{Everyone: true}, Grants: &grants,
	}))(h.t)
}

// enters signs the estate's other member in at a browser and at the
// application, and returns the word of the session and what the application
// was issued.
func (h *house) enters(e estate, offline bool) (word string, issued identity.Issued) {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	h.opens(e)
	s := must(h.o.Sessions.Start(ctx, session.Start{
		Account: e.other.Account, Member: e.other.Member, Organization: e.organization, Methods: []string{identity.ByPassword}, Origin: origin,
	}))(t)
	a := must(h.o.Applications.Find(ctx, e.application))(t)
	code := must(h.o.Grants.Authorize(ctx, identity.Authorization{
		Application: a, Session: s.Session, Scopes: []string{"openid"}, RedirectURI: a.HomeURLs[0], Challenge: codeChallenge, Key: "sid",
	}))(t)
	return s.Word, must(h.o.Grants.Redeem(ctx, identity.Redemption{
		Application: a, Code: code, RedirectURI: a.HomeURLs[0], Verifier: codeVerifier, Offline: offline,
	}))(t)
}

// equips gives an estate what houses have none of otherwise.
func (h *house) equips(e estate) {
	t, ctx, org := h.t, h.t.Context(), e.organization.ID
	t.Helper()
	sees, designated := identity.SeesDesignated, []string{identity.RootDepartmentCode}
	must(h.o.Directory.ChangeDepartment(ctx, console(), org, e.department, 0, directory.DepartmentChange{Sees: &sees, Designated: &designated}))(t)
	must(0, h.o.Directory.AddGroupOwners(ctx, console(), org, identity.GroupID(e.group), []identity.MemberID{e.other.Member.ID}))(t)
	r := resource.New(h.db, resource.Options{})
	var grants []resource.Grant
	for _, kind := range []identity.ResourceKind{identity.ResourceRooms, identity.ResourceFullHD, identity.ResourceHD, identity.ResourceThirdParty, identity.ResourceScreens, identity.ResourceIdeaHubs} {
		grants = append(grants, resource.Grant{Ref: string(kind), Kind: kind, Count: 3, EndsAt: h.clock.Now().Add(time.Hour)})
	}
	must(r.Grant(ctx, console(), org, grants))(t)
	to := identity.Contact{Email: "it@" + e.domain}
	must(r.AddTerminal(ctx, console(), org, resource.NewTerminal{Serial: "S1", Name: "Hall", Model: "TE20", Contact: to}))(t)
	owner := identity.Actor{
		Kind: identity.ActsAsMember, AccountID: e.owner.Account.ID, MemberID: e.owner.Member.ID, OrganizationID: org, Role: identity.RoleOwner,
	}
	must(r.AddActivationCode(ctx, owner, org, resource.NewActivationCode{Device: identity.DeviceIdeaHub, Name: "Hub", Contact: to}))(t)
	limits := identity.LimitsOfPeople()
	must(h.o.Directory.ChangeOrganization(ctx, console(), org, 0, directory.OrganizationChange{Limits: &limits}))(t)
	must(h.o.Approval.AskMembers(ctx, owner, org, "more room"))(t)
	c := addressbook.Contact{Name: "Outside", ContactDetails: identity.ContactDetails{Email: "out@side.example"}}
	must(h.o.Addressbook.AddContact(ctx, console(), org, addressbook.Everybodys, c))(t)
	h.enters(e, false)
	h.regulates(e)
}

// regulates gives an estate rules, and what was counted and told.
func (h *house) regulates(e estate) {
	t, org := h.t, e.organization.ID
	t.Helper()
	path := "/organizations/" + string(org) + "/applications/" + e.application + "/policies/" + e.policy
	read[Policy](t, h.as(providerToken, "PATCH", path, `{"regions":["`+e.region+`"]}`), http.StatusOK)
	app := must(h.o.Applications.Find(t.Context(), e.application))(t)
	now := h.clock.Now()
	must(0, h.db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test")
		day := store.TallySlot{Organization: org, Dimension: identity.ByDay, Day: identity.DayOf(now, time.UTC)}
		_, met := tx.Reports.Meet(day, []identity.MemberID{e.other.Member.ID})
		_, accepted := tx.Privacy.Accept(identity.PrivacyAcceptance{
			AccountID: e.other.Account.ID, Statement: org, Number: 1, OrganizationID: org, MemberID: e.other.Member.ID, Name: "Other", At: now,
		})
		return errors.Join(met, accepted, tx.Reports.Add(day, store.Tally{SignIns: 1, People: 1}),
			tx.Privacy.Put(identity.PrivacyStatement{OrganizationID: org, UpdatedAt: now}),
			tx.Privacy.Publish(identity.PrivacyVersion{OrganizationID: org, Number: 1, PublishedAt: now}),
			tx.ApplicationSyncs.Put(identity.Sync{OrganizationID: org, ApplicationID: app.ID, CallbackURL: "https://receiver.example", SignatureKey: "key", CreatedAt: now, UpdatedAt: now}),
			tx.SyncRecords.Put(store.SyncRecord{ID: identity.NewSyncRecordID(now), OrganizationID: org, ApplicationID: app.ID, Status: store.SyncSuccess, At: now}))
	}))(t)
}

// Of an organisation that is dissolved no table keeps a row but two, and what
// another one has of the same kinds stays to the last row.
func TestNothingOfADissolvedOrganizationIsLeft(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		clock := storetest.NewClock()
		h := houseOn(t, storetest.OpenDSN(t, dsn, storetest.WithClock(clock)), clock)
		h.equips(h.acme)
		h.equips(h.beta)
		l := newLedger(t, dsn)
		gone, kept := h.acme.organization.ID, h.beta.organization.ID
		for table, n := range l.rows(gone) {
			if n == 0 {
				t.Errorf("%s: nothing is there to go", table)
			}
		}
		before := l.rows(kept)
		read[any](t, h.as(theOwner, "POST", "/organizations/acme/dissolve", `{"confirm":"ACME"}`), http.StatusNoContent)
		must(0, h.o.Directory.FinishDissolutions(t.Context()))(t)
		for table, n := range l.rows(gone) {
			if stays := slices.Contains(staying, table); n > 0 != stays {
				t.Errorf("%s: %d rows are left, of those that stay %t", table, n, stays)
			}
		}
		for table, n := range l.rows(kept) {
			if n != before[table] {
				t.Errorf("%s: the other organisation had %d rows and has %d", table, before[table], n)
			}
		}
	})
}

// Whoever belonged to it is nobody from that moment, by whatever they came
// with; the others notice nothing.
func TestPeopleOfADissolvedOrganizationAreOut(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		word, issued := h.enters(h.acme, true)
		theirs, kept := h.enters(h.beta, true)
		for _, who := range []caller{anyMember, deptHead, administrator, otherOwner, otherOrgToken} {
			if w := h.as(who, "POST", "/organizations/acme/dissolve", `{"confirm":"acme"}`); w.Code != http.StatusForbidden && w.Code != http.StatusNotFound {
				t.Errorf("%s: got %d %s", who, w.Code, w.Body)
			}
		}
		refused(t, h.as(theOwner, "POST", "/organizations/acme/dissolve", `{"confirm":"beta"}`), http.StatusUnprocessableEntity, "confirmation_wrong")
		read[any](t, h.as(theOwner, "POST", "/organizations/acme/dissolve", `{"confirm":"acme"}`), http.StatusNoContent)
		for _, who := range []caller{anyMember, deptHead, administrator, theOwner, orgToken} {
			if w := h.as(who, "GET", "/organizations/acme/departments", ""); w.Code != http.StatusUnauthorized {
				t.Errorf("%s: got %d %s", who, w.Code, w.Body)
			}
		}
		refused(t, h.as(providerToken, "GET", "/organizations/acme", ""), http.StatusNotFound, "organization_not_found")
		if _, err := h.o.Sessions.Check(t.Context(), word); err == nil {
			t.Error("the session still counts")
		}
		if in, err := h.o.Grants.Inspect(t.Context(), issued.Access); err == nil {
			t.Errorf("the access token still counts: %+v", in)
		}
		_, err := h.o.Sessions.Check(t.Context(), theirs)
		_, err2 := h.o.Grants.Inspect(t.Context(), kept.Access)
		if err != nil || err2 != nil {
			t.Errorf("the other organisation: %v, %v", err, err2)
		}
		read[any](t, h.as(otherOwner, "GET", "/organizations/beta/departments", ""), http.StatusOK)
		// Its code is free again, and what is made of it is empty.
		again := read[MadeOrganization](t, h.as(providerToken, "POST", "/organizations", `{"code":"acme","name":"Acme again"}`), http.StatusCreated)
		people := read[page[Member]](t, h.as(providerToken, "GET", "/organizations/"+again.ID+"/members", ""), http.StatusOK)
		if len(people.Items) != 0 || again.ID == string(h.acme.organization.ID) {
			t.Errorf("got %+v in %s", people.Items, again.ID)
		}
	})
}
