package entry

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: "085d1f96cd9ddd6f3c50d70a0b2eb239"}

// house is Acme with the departments 1 (root), 1/2 (branch), 1/2/3 (leaf) and
// 1/4 (side), a group, the member alice in the leaf, and its application, the
// wiki, which nobody may enter; and nova, another organisation, with zoe.
type house struct {
	*Entry
	t                        *testing.T
	db                       *store.DB
	clock                    *storetest.Clock
	acme, nova               identity.Organization
	root, branch, leaf, side identity.Department
	group                    identity.Group
	alice, zoe               identity.Person
	wiki                     identity.Application
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		h := &house{Entry: New(db), t: t, db: db, clock: clock}
		h.furnish()
		test(t, h)
	})
}

func (h *house) write(fn func(tx *store.Tx) error) {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error { tx.NoEvent("a test arranges things"); return fn(tx) })
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) organization(code string) identity.Organization {
	o := identity.Organization{ID: identity.NewOrganizationID(h.clock.Now()), Code: code, Name: code, Status: identity.OrganizationActive}
	h.write(func(tx *store.Tx) error { return tx.Organizations.Insert(o) })
	return o
}

func (h *house) department(o identity.Organization, parent identity.Department, code, path string, level int) identity.Department {
	d := identity.Department{
		ID: identity.NewDepartmentID(h.clock.Now()), OrganizationID: o.ID, ParentID: parent.ID, Code: code, Name: code, Path: path, Level: level, SortLevel: 1,
	}
	h.write(func(tx *store.Tx) error { return tx.Departments.Insert(d) })
	return d
}

func (h *house) member(o identity.Organization, d identity.Department, name string) identity.Person {
	account := identity.Account{
		ID: identity.NewAccountID(h.clock.Now()), Kind: identity.Managed, OrganizationID: o.ID, Name: name + "@" + o.Code,
		Status: identity.AccountActive, Version: 1,
	}
	p := identity.Person{Account: account, Member: identity.Member{
		ID: identity.NewMemberID(h.clock.Now()), OrganizationID: o.ID, AccountID: account.ID, Name: name, Role: identity.RoleMember,
		Status: identity.MemberActive, Department: d.ID, SortLevel: 1, Version: 1,
	}}
	h.write(func(tx *store.Tx) error {
		if err := tx.Accounts.Insert(account, account.LoginNames(true)); err != nil {
			return err
		}
		return tx.Members.Insert(p)
	})
	return p
}

func (h *house) furnish() {
	h.t.Helper()
	h.acme, h.nova = h.organization("acme"), h.organization("nova")
	h.root = h.department(h.acme, identity.Department{}, "1", "1/", 1)
	h.branch = h.department(h.acme, h.root, "2", "1/2/", 2)
	h.leaf = h.department(h.acme, h.branch, "3", "1/2/3/", 3)
	h.side = h.department(h.acme, h.root, "4", "1/4/", 2)
	elsewhere := h.department(h.nova, identity.Department{}, "1", "1/", 1)
	h.alice, h.zoe = h.member(h.acme, h.leaf, "alice"), h.member(h.nova, elsewhere, "zoe")
	h.group = identity.Group{ID: identity.NewGroupID(h.clock.Now()), OrganizationID: h.acme.ID, Name: "writers"}
	now := h.clock.Now()
	h.wiki = identity.Application{
		ID: identity.NewApplicationID(now), OrganizationID: h.acme.ID, ClientID: "wiki", Name: "Wiki", Protocol: identity.ProtocolOIDC,
		Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{}, Generation: 1, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	h.write(func(tx *store.Tx) error {
		if err := tx.Groups.Insert(h.group); err != nil {
			return err
		}
		return tx.Applications.Insert(h.wiki)
	})
}

// admit stores who may enter.
func (h *house) admit(a identity.Access) {
	h.t.Helper()
	h.edit(func(app *identity.Application) { app.Access = a })
}

// edit stores a change of the application.
func (h *house) edit(change func(*identity.Application)) {
	h.t.Helper()
	change(&h.wiki)
	h.write(func(tx *store.Tx) error { return tx.Applications.Put(h.wiki) })
	h.wiki.Version++
}

func (h *house) decide(p identity.Person, story *trace.Story) Decision {
	h.t.Helper()
	d, err := h.Decide(h.t.Context(), Asking{Application: h.wiki, AccountID: p.Account.ID}, story)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// entering is somebody who wishes to enter, and what is decided.
type entering struct {
	name    string
	arrange func(h *house)
	who     func(h *house) identity.Person // nil for alice
	want    Verdict
}

// entrances are each way of being named, and all that stands in the way.
func entrances() []entering {
	named := func(change func(h *house, a *identity.Access)) func(*house) {
		return func(h *house) { var a identity.Access; change(h, &a); h.admit(a) }
	}
	everyone := func(h *house) { h.admit(identity.Access{Everyone: true}) }
	departments := func(of func(h *house) identity.Department) func(*house) {
		return named(func(h *house, a *identity.Access) { a.Departments = []identity.DepartmentID{of(h).ID} })
	}
	return []entering{
		{"nobody is named", func(*house) {}, nil, NotAuthorized},
		{"everyone", everyone, nil, Allowed},
		{"the member", named(func(h *house, a *identity.Access) { a.Members = []identity.MemberID{h.alice.Member.ID} }), nil, Allowed},
		{"the department", departments(func(h *house) identity.Department { return h.leaf }), nil, Allowed},
		{"the department above", departments(func(h *house) identity.Department { return h.branch }), nil, Allowed},
		{"the root", departments(func(h *house) identity.Department { return h.root }), nil, Allowed},
		{"another department", departments(func(h *house) identity.Department { return h.side }), nil, NotAuthorized},
		{"a group", func(h *house) {
			named(func(h *house, a *identity.Access) { a.Groups = []identity.GroupID{h.group.ID} })(h)
			h.write(func(tx *store.Tx) error { _, err := tx.Groups.Add(h.group, h.alice.Member.ID); return err })
		}, nil, Allowed},
		{"a group without the member", named(func(h *house, a *identity.Access) { a.Groups = []identity.GroupID{h.group.ID} }), nil, NotAuthorized},
		{"the application is disabled", func(h *house) {
			everyone(h)
			h.edit(func(a *identity.Application) { a.Status = identity.ApplicationDisabled })
		}, nil, ApplicationDisabled},
		{"the application is gone", func(h *house) {
			everyone(h)
			h.write(func(tx *store.Tx) error { return tx.Applications.Delete(h.acme.ID, h.wiki.ID) })
		}, nil, ApplicationDisabled},
		{"the organisation is frozen", func(h *house) {
			everyone(h)
			h.write(func(tx *store.Tx) error {
				o, err := tx.Organizations.Get(h.acme.ID)
				o.Status = identity.OrganizationFrozen
				if err == nil {
					err = tx.Organizations.Put(o)
				}
				return err
			})
		}, nil, ApplicationDisabled},
		{"the member is suspended", func(h *house) {
			everyone(h)
			h.write(func(tx *store.Tx) error {
				p, err := tx.Members.Get(h.acme.ID, h.alice.Member.ID)
				p.Member.Status = identity.MemberDisabled
				if err == nil {
					err = tx.Members.Put(p)
				}
				return err
			})
		}, nil, MemberDisabled},
		{"the membership is over", func(h *house) {
			everyone(h)
			h.write(func(tx *store.Tx) error {
				p, err := tx.Members.Get(h.acme.ID, h.alice.Member.ID)
				p.Member.ExpiresAt = tx.Now()
				if err == nil {
					err = tx.Members.Put(p)
				}
				return err
			})
		}, nil, MemberDisabled},
		{"a member of another organisation", everyone, func(h *house) identity.Person { return h.zoe }, NotMember},
		{"a guest without any place", everyone, func(*house) identity.Person {
			return identity.Person{Account: identity.Account{ID: "acc_guest"}}
		}, NotMember},
		{"nobody", everyone, func(*house) identity.Person { return identity.Person{} }, NotMember},
	}
}

// Who may enter, by each way of being named; and what stands in the way. The
// story names the check that decided, and entering without a browser is decided
// alike.
func TestWhoMayEnter(t *testing.T) {
	for _, tt := range entrances() {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				tt.arrange(h)
				p := h.alice
				if tt.who != nil {
					p = tt.who(h)
				}
				story := trace.Begin(trace.Authorizing, origin)
				d := h.decide(p, story)
				if d.Verdict != tt.want || d.Allowed() != (tt.want == Allowed) {
					t.Errorf("got verdict %d, want %d", d.Verdict, tt.want)
				}
				toldOf(t, story, d)
				h.alikeWithoutABrowser(p, d)
			})
		})
	}
}

// deciding are the checks that each verdict stands for.
var deciding = map[Verdict]trace.Check{
	ApplicationDisabled: trace.ClientActive, NotMember: trace.EntryMember, MemberDisabled: trace.MemberActive, NotAuthorized: trace.EntryAllowed,
}

// toldOf compares a story with a decision: the last step decides, and none
// before it failed.
func toldOf(t *testing.T, story *trace.Story, d Decision) {
	t.Helper()
	steps := story.Steps()
	if len(steps) == 0 {
		t.Fatal("the story tells nothing")
	}
	for _, step := range steps[:len(steps)-1] {
		if step.State != trace.Passed {
			t.Errorf("%s is %s, before the one that decides", step.Check, step.State)
		}
	}
	last, why := steps[len(steps)-1], trace.ReasonOf(d.Refusal())
	if d.Allowed() {
		if last.Check != trace.EntryAllowed || last.State != trace.Passed || why != nil {
			t.Errorf("allowed, but got %+v and the reason %v", last, why)
		}
		return
	}
	want := deciding[d.Verdict]
	if last.Check != want || last.State != trace.Failing || last.Detail.Expected == "" || last.Detail.Received == "" {
		t.Errorf("got %+v, want %s to fail with a detail", last, want)
	}
	if why == nil || why.Check != want || why.Detail != last.Detail {
		t.Errorf("the reason is %v, want the same as the story", why)
	}
}

// alikeWithoutABrowser decides for the same member inside a transaction.
func (h *house) alikeWithoutABrowser(p identity.Person, want Decision) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		got, err := DecideIn(tx, h.wiki, p.Member.ID, Shown{})
		if got.Verdict != want.Verdict || got.Member != want.Member {
			h.t.Errorf("inside a transaction: got %+v, want %+v", got, want)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// The application that a caller holds may be old: the stored one decides.
func TestTheStoredApplicationDecides(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		old := h.wiki
		old.Access.Everyone, old.Status = true, identity.ApplicationActive
		d, err := h.Decide(t.Context(), Asking{Application: old, AccountID: h.alice.Account.ID}, nil)
		if err != nil || d.Verdict != NotAuthorized {
			t.Errorf("got %+v, %v", d, err)
		}
		// One of another organisation is not there at all.
		old.OrganizationID = h.nova.ID
		d, err = h.Decide(t.Context(), Asking{Application: old, AccountID: h.zoe.Account.ID}, nil)
		if err != nil || d.Verdict != ApplicationDisabled {
			t.Errorf("of another organisation: got %+v, %v", d, err)
		}
	})
}

// A place that is named must be the person's own.
func TestThePlaceMustBeOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.admit(identity.Access{Everyone: true})
		for name, tt := range map[string]struct {
			asking Asking
			want   Verdict
		}{
			"one's own":      {Asking{Application: h.wiki, AccountID: h.alice.Account.ID, MemberID: h.alice.Member.ID}, Allowed},
			"somebody's":     {Asking{Application: h.wiki, AccountID: h.zoe.Account.ID, MemberID: h.alice.Member.ID}, NotMember},
			"of nobody":      {Asking{Application: h.wiki, AccountID: h.alice.Account.ID, MemberID: "mem_none"}, NotMember},
			"in another one": {Asking{Application: h.wiki, AccountID: h.zoe.Account.ID, MemberID: h.zoe.Member.ID}, NotMember},
		} {
			d, err := h.Decide(t.Context(), tt.asking, nil)
			if err != nil || d.Verdict != tt.want || (d.Member != "") != (tt.want == Allowed) {
				t.Errorf("%s: got %+v, %v; want verdict %d", name, d, err, tt.want)
			}
		}
	})
}

// as is a member who acts.
func as(p identity.Person) identity.Actor {
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: p.Member.OrganizationID,
		Role: p.Member.Role, Name: p.Member.Name, Origin: origin,
	}
}

// What was agreed to is remembered and grows; it is asked for again when more
// is asked, and when it was taken back.
func TestConsent(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.admit(identity.Access{Everyone: true})
		agrees := func(when string, want bool, scopes ...string) {
			t.Helper()
			if got, detail := h.decide(h.alice, nil).Agrees(scopes); got != want || detail.Expected == "" {
				t.Errorf("%s: got %v %+v, want %v", when, got, detail, want)
			}
		}
		agree := func(scopes ...string) {
			t.Helper()
			if err := h.Agree(t.Context(), as(h.alice), h.wiki, scopes); err != nil {
				t.Fatal(err)
			}
		}
		agrees("before", false, "openid", "email")
		agree("openid", "email")
		agrees("remembered", true, "openid", "email")
		agrees("less", true, "email")
		agrees("widened", false, "openid", "email", "phone")
		agree("phone")
		agrees("all that was agreed to", true, "openid", "email", "phone")
		all, err := h.Consents(t.Context(), as(h.alice))
		if err != nil || len(all) != 1 || !slices.Equal(all[0].Consent.Scopes, []string{"email", "openid", "phone"}) {
			t.Errorf("got %+v, %v", all, err)
		}
		if all, err := h.Consents(t.Context(), as(h.zoe)); err != nil || len(all) != 0 {
			t.Errorf("somebody else's: got %+v, %v", all, err)
		}
		if err := h.Withdraw(t.Context(), as(h.alice), h.wiki.ID); err != nil {
			t.Fatal(err)
		}
		agrees("taken back", false, "email")
		if err := h.Withdraw(t.Context(), as(h.alice), h.wiki.ID); !fault.Is(err, fault.CodeConsentNotFound) {
			t.Errorf("taken back twice: %v", err)
		}
	})
}

// Nobody agrees for an application that they may not enter, or as nobody.
func TestWhoMayAgree(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for name, tt := range map[string]struct {
			actor identity.Actor
			want  fault.Code
		}{
			"not among them": {as(h.alice), fault.CodeEntryRefused},
			"no member":      {as(h.zoe), fault.CodeEntryRefused},
			"an application": {identity.Actor{Kind: identity.ActsAsApplication, AccountID: h.alice.Account.ID}, fault.CodeForbidden},
			"nobody":         {identity.Anonymous(origin), fault.CodeForbidden},
		} {
			if err := h.Agree(t.Context(), tt.actor, h.wiki, []string{"openid"}); !fault.Is(err, tt.want) {
				t.Errorf("%s agrees: got %v, want %s", name, err, tt.want)
			}
		}
		for name, actor := range map[string]identity.Actor{"nobody": {}, "the console": {Kind: identity.ActsAsConsole}} {
			if _, err := h.Consents(t.Context(), actor); !fault.Is(err, fault.CodeForbidden) {
				t.Errorf("%s reads: %v", name, err)
			}
			if err := h.Withdraw(t.Context(), actor, h.wiki.ID); !fault.Is(err, fault.CodeForbidden) {
				t.Errorf("%s withdraws: %v", name, err)
			}
		}
		err := h.db.View(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Consents.Get(h.alice.Member.ID, h.wiki.ID)
			return err
		})
		if !fault.Is(err, fault.CodeConsentNotFound) {
			t.Errorf("something was remembered: %v", err)
		}
	})
}
