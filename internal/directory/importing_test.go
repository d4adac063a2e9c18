package directory

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// row is one of a file: an account, a name, and what a test adds.
func row(account, name string, change func(*ImportRow)) ImportRow {
	r := ImportRow{Account: account}
	if name != "" {
		r.Change.Name = &name
	}
	if change != nil {
		change(&r)
	}
	return r
}

// imports imports rows and tells of each what became of it: its result, or the
// code and column of its refusal.
func (h *house) imports(batch ImportBatch) (told []string) {
	h.t.Helper()
	batch.Also = func(_ *store.Tx, outcomes []ImportOutcome) error {
		told = nil
		for _, o := range outcomes {
			text := [...]string{"refused", "created", "changed", "unchanged"}[o.Result]
			if o.Refusal != nil {
				text = string(o.Refusal.Code) + " at " + o.Refusal.Field
			}
			told = append(told, text)
		}
		return nil
	}
	if err := h.ImportMembers(h.t.Context(), console, h.org.ID, &batch); err != nil {
		h.t.Fatalf("import: %v", err)
	}
	return told
}

func (h *house) called(account string) (p identity.Person) {
	h.t.Helper()
	p, err := h.MemberByAccount(h.t.Context(), console, h.org.ID, account)
	if err != nil {
		h.t.Fatalf("%s: %v", account, err)
	}
	return p
}

func TestImportCreatesChangesAndLeavesAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		h.member("known", func(n *NewMember) { n.Title, n.Email = "Clerk", "known@acme.example" })
		h.member("same", func(*NewMember) {})
		mail, title, third := "new@acme.example", "Chief", "T-1"
		got := h.imports(ImportBatch{Rows: []ImportRow{
			row("fresh", "Fresh", func(r *ImportRow) {
				r.Change.Email, r.Change.ThirdAccount, r.Status = &mail, &third, identity.MemberDisabled
				r.Change.Attributes = map[string]*string{"floor": &title}
			}),
			row("KNOWN", "", func(r *ImportRow) { r.Change.Title = &title }),
			row("same", "Member same", nil),
		}})
		if want := []string{"created", "changed", "unchanged"}; !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		h.importedFresh(mail, third, title)
		known := h.called("known")
		if known.Member.Title != title || known.Account.Email != "known@acme.example" || known.Member.Version != 2 {
			t.Errorf("got %+v", known)
		}
		// The same rows again change nothing.
		got = h.imports(ImportBatch{Rows: []ImportRow{row("fresh", "Fresh", func(r *ImportRow) { r.Change.Email = &mail })}})
		if !slices.Equal(got, []string{"unchanged"}) {
			t.Errorf("again: got %v", got)
		}
	})
}

// importedFresh looks at everything of the person who is new.
func (h *house) importedFresh(mail, third, floor string) {
	t := h.t
	t.Helper()
	fresh := h.called("fresh")
	if m := fresh.Member; m.Name != "Fresh" || m.ThirdAccount != third || m.Status == identity.MemberActive || m.Attributes["floor"] != floor || m.SortLevel != lastSortLevel {
		t.Errorf("got %+v", m)
	}
	if fresh.Account.Email != mail || fresh.Account.Kind != identity.Managed || fresh.Account.Country != DefaultCountry {
		t.Errorf("got %+v", fresh.Account)
	}
	h.read(func(tx *store.Tx) error {
		c, err := tx.Credentials.Get(fresh.Account.ID)
		members, _, counted := tx.Organizations.Counts(h.org.ID)
		if c.Hash != "" || members != 4 {
			t.Errorf("got a credential %t and %d members, want none and 4", c.Hash != "", members)
		}
		return errors.Join(err, counted)
	})
	if found, err := h.Members(t.Context(), console, h.org.ID, MemberQuery{Text: "new@acm"}); err != nil || len(found) != 1 {
		t.Errorf("by the mail address: got %d, %v, want 1", len(found), err)
	}
}

// A row that is refused leaves nothing behind and keeps no other from coming in.
func TestImportRefusals(t *testing.T) {
	h := sqliteHouse(t)
	taken, free, long, third, bad := "taken@acme.example", "free@acme.example", strings.Repeat("x", 65), "T-1", "nobody"
	h.member("known", func(n *NewMember) { n.Email, n.ThirdAccount = taken, third })
	tests := []struct {
		name string
		row  ImportRow
		want string
	}{
		{"nobody", row("", "Somebody", nil), "import_nobody at account"},
		{"no name", row("a1", "", nil), "field_length at name"},
		{"a name too long", row("a1", long, nil), "field_length at name"},
		{"digits alone", row("12345", "A", nil), "account_format at account"},
		{"NUL", row("a\x00", "A", nil), "account_format at account"},
		{"broken UTF-8", row("a1", "\xff", nil), "malformed at name"},
		{"a mail address of another", row("a1", "A", func(r *ImportRow) { r.Change.Email = &taken }), "email_taken at email"},
		{"an account that reads as one", row(taken, "A", nil), "account_taken at account"},
		{"a third account of another", row("a1", "A", func(r *ImportRow) { r.Change.ThirdAccount = &third }), "third_account_taken at third_account"},
		{"no mail address", row("a1", "A", func(r *ImportRow) { r.Change.Email = &bad }), "email_format at email"},
		{"a role", row("a1", "A", func(r *ImportRow) { r.Role = identity.RoleAdministrator }), "import_role at role"},
		{"another role", row("known", "A", func(r *ImportRow) { r.Role = identity.RoleOwner }), "import_role at role"},
		{"a department by code", row("a1", "A", func(r *ImportRow) { r.Change.DepartmentCode = &bad }), "department_not_found at department_code"},
		{"a department by name", row("a1", "A", func(r *ImportRow) { r.Department = []string{"No", "Such"} }), "import_department at department"},
		{"a group", row("a1", "A", func(r *ImportRow) { r.Groups = []string{"none"} }), "import_group at groups"},
		{"a password", row("a1", "A", func(r *ImportRow) { r.Password = "short" }), "password_length at password"},
		{"the owner", row("owner@house", "", func(r *ImportRow) { r.Status = identity.MemberDisabled }), "owner_protected at status"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func(outer *testing.T) { h.t = outer }(h.t)
			h.t = t
			good := row("good-"+strings.ReplaceAll(tt.name, " ", ""), "Good", nil)
			for _, mode := range []ImportMode{ImportDry, ImportAllOrNone, ImportRows} {
				got := h.imports(ImportBatch{Rows: []ImportRow{tt.row, good}, Mode: mode})
				if want := []string{tt.want, "created"}; !slices.Equal(got, want) {
					t.Errorf("mode %d: got %v, want %v", mode, got, want)
				}
			}
			if h.called(good.Account).Member.Name != "Good" {
				t.Error("the row beside it did not come in")
			}
		})
	}
	// Nobody else has come of it: owner, known and the good ones.
	people, err := h.Members(t.Context(), console, h.org.ID, MemberQuery{})
	if err != nil || len(people) != 2+len(tests) {
		t.Errorf("got %d people, %v, want %d", len(people), err, 2+len(tests))
	}
	// What one row of a batch has, another cannot.
	got := h.imports(ImportBatch{Rows: []ImportRow{
		row("b1", "B", func(r *ImportRow) { r.Change.Email = &free }), row("b2", "B", func(r *ImportRow) { r.Change.Email = &free }),
	}})
	if want := []string{"created", "email_taken at email"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestImportStoresNothingWhenItMust(t *testing.T) {
	h := sqliteHouse(t)
	rows := []ImportRow{row("a1", "A", func(r *ImportRow) { r.Department = []string{"New"} }), row("12", "B", nil)}
	for _, mode := range []ImportMode{ImportDry, ImportAllOrNone} {
		got := h.imports(ImportBatch{Rows: rows, Mode: mode, MakeDepartments: true})
		if want := []string{"created", "account_format at account"}; !slices.Equal(got, want) {
			t.Errorf("mode %d: got %v, want %v", mode, got, want)
		}
	}
	people, err := h.Members(t.Context(), console, h.org.ID, MemberQuery{})
	departments, err2 := h.Departments(t.Context(), console, h.org.ID, "", 0)
	if err != nil || err2 != nil || len(people) != 1 || len(departments) != 1 {
		t.Errorf("got %d people and %d departments, %v, %v", len(people), len(departments), err, err2)
	}
}

// Batches of a dry run know what those before them would have made.
func TestImportDryRunOfSeveralBatches(t *testing.T) {
	h := sqliteHouse(t)
	h.edit(func(o *identity.Organization) { o.Limits.Members, o.Limits.Departments = 3, 2 })
	var earlier ImportEarlier
	path := func(names ...string) func(*ImportRow) { return func(r *ImportRow) { r.Department = names } }
	steps := []struct {
		row  ImportRow
		want string
	}{
		{row("a1", "A", path("New")), "created"},
		{row("A1", "A", nil), "account_taken at account"},
		{row("a2", "A", path("new")), "created"},
		{row("a3", "A", path("New", "Below")), "department_count at department"},
		{row("a3", "A", nil), "member_limit at "},
	}
	for n, step := range steps {
		got := h.imports(ImportBatch{Rows: []ImportRow{step.row}, Mode: ImportDry, MakeDepartments: true, Earlier: &earlier})
		if got[0] != step.want {
			t.Errorf("batch %d: got %s, want %s", n, got[0], step.want)
		}
	}
}

func TestImportMakesDepartments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		h.edit(func(o *identity.Organization) { o.Limits.DepartmentLevels, o.Limits.DepartmentChildren = 3, 2 })
		at := func(account string, names ...string) ImportRow {
			return row(account, "P", func(r *ImportRow) { r.Department = names })
		}
		got := h.imports(ImportBatch{MakeDepartments: true, Rows: []ImportRow{
			at("a1", "Research", "Backend"), at("a2", "research", "BACKEND"), at("a3", "Research"), at("a4"),
			at("a5", "Research", "Backend", "Deep"), at("12", "Needless"), at("a6", "Third"), at("a7", "Research", " "),
		}})
		want := []string{
			"created", "created", "created", "created", "department_levels at department", "account_format at account",
			"created", "field_length at department",
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		all, err := h.Departments(t.Context(), console, h.org.ID, "", 0)
		var names []string
		for _, d := range all {
			names = append(names, fmt.Sprint(d.Level, d.Name))
		}
		slices.Sort(names)
		if want := []string{"1Organisation house", "2Research", "2Third", "3Backend"}; err != nil || !reflect.DeepEqual(names, want) {
			t.Errorf("got %v, %v, want %v", names, err, want)
		}
		if a, b := h.called("a1").Member.Department, h.called("a2").Member.Department; a != b {
			t.Errorf("one path led to %s and %s", a, b)
		}
	})
}

func TestImportSetsGroups(t *testing.T) {
	h := sqliteHouse(t)
	for _, name := range []string{"red", "blue"} {
		if _, err := h.AddGroup(t.Context(), console, h.org.ID, NewGroup{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		groups []string
		want   string
		in     string
	}{
		{[]string{"Red"}, "created", "red"},
		{[]string{"red"}, "unchanged", "red"},
		{[]string{"blue", "red"}, "changed", "blue red"},
		{nil, "unchanged", "blue red"},
		{[]string{"blue"}, "changed", "blue"},
		{[]string{}, "changed", ""},
	} {
		got := h.imports(ImportBatch{Rows: []ImportRow{row("a1", "A", func(r *ImportRow) { r.Groups = step.groups })}})
		var in []string
		h.read(func(tx *store.Tx) error {
			groups, err := tx.Groups.OfMember(h.org.ID, h.called("a1").Member.ID)
			for _, g := range groups {
				in = append(in, g.Name)
			}
			return err
		})
		if got[0] != step.want || strings.Join(in, " ") != step.in {
			t.Errorf("%v: got %s, in %v, want %s, in %s", step.groups, got[0], in, step.want, step.in)
		}
	}
}

// A password is for somebody new, and has to be changed by them.
func TestImportPasswords(t *testing.T) {
	h := sqliteHouse(t)
	h.member("known", func(*NewMember) {})
	secret := func(r *ImportRow) { r.Password = "Another-horse-42" }
	got := h.imports(ImportBatch{Rows: []ImportRow{row("fresh", "Fresh", secret), row("known", "", secret)}})
	if want := []string{"created", "unchanged"}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	h.read(func(tx *store.Tx) error {
		c, err := tx.Credentials.Get(h.called("fresh").Account.ID)
		if c.Hash == "" || !c.ChosenByOther {
			t.Errorf("got a hash %t, chosen by another %t", c.Hash != "", c.ChosenByOther)
		}
		return err
	})
	if err := h.tries("known", goodPassword); err != nil {
		t.Errorf("the password of the known one: %v", err)
	}
	if text := fmt.Sprintf("%v %#v", ImportRow{Password: "secret"}, ImportRow{Password: "secret"}); strings.Contains(text, "secret") {
		t.Errorf("got %s", text)
	}
}

// Who is suspended by a file is out at once; who it wakes may sign in.
func TestImportSuspends(t *testing.T) {
	h := sqliteHouse(t)
	h.member("known", func(*NewMember) {})
	for _, step := range []struct {
		status identity.MemberStatus
		event  string
	}{{identity.MemberDisabled, "member.suspended"}, {identity.MemberActive, "member.resumed"}} {
		got := h.imports(ImportBatch{Rows: []ImportRow{row("known", "Known "+string(step.status), func(r *ImportRow) { r.Status = step.status })}})
		if events := h.events(h.org.ID); got[0] != "changed" || h.called("known").Member.Status != step.status || !slices.Contains(events, step.event) {
			t.Errorf("%s: got %v, %v", step.status, got, events)
		}
	}
	if events := h.events(h.org.ID); !slices.Contains(events, "member.imported") {
		t.Errorf("got %v", events)
	}
}

// Administrators do not change each other by a file either, and one who has
// been suspended meanwhile imports nothing.
func TestImportKeepsToWhatItsActorMay(t *testing.T) {
	h := sqliteHouse(t)
	first := h.member("first", func(n *NewMember) { n.Role = identity.RoleAdministrator })
	h.member("second", func(n *NewMember) { n.Role = identity.RoleAdministrator })
	var told []ImportOutcome
	batch := ImportBatch{Rows: []ImportRow{row("second", "Renamed", nil), row("first", "Myself", nil)}, Also: func(_ *store.Tx, o []ImportOutcome) error {
		told = o
		return nil
	}}
	actor := actorOf(first)
	if err := h.ImportMembers(t.Context(), actor, h.org.ID, &batch); err != nil {
		t.Fatal(err)
	}
	if told[0].Refusal == nil || told[0].Refusal.Code != fault.CodeForbidden || told[1].Result != ImportChanged {
		t.Errorf("got %+v", told)
	}
	h.suspend(first)
	wants(t, "suspended", h.ImportMembers(t.Context(), actor, h.org.ID, &batch), fault.CodeForbidden)
}

func TestStillMay(t *testing.T) {
	h := sqliteHouse(t)
	admin := h.member("admin", func(n *NewMember) { n.Role = identity.RoleAdministrator })
	gone := actorOf(admin)
	gone.MemberID = "mem_none"
	tests := map[string]struct {
		actor identity.Actor
		want  fault.Code
	}{
		"the operator":          {console, ""},
		"an administrator":      {actorOf(admin), ""},
		"nobody":                {identity.Actor{}, fault.CodeForbidden},
		"a removed member":      {gone, fault.CodeForbidden},
		"an unknown token":      {identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: h.org.ID, APIToken: "key_none"}, fault.CodeForbidden},
		"a former operator":     {identity.Actor{Kind: identity.ActsAsProvider, AccountID: admin.Account.ID}, fault.CodeForbidden},
		"a token of a provider": {identity.Actor{Kind: identity.ActsAsProvider, APIToken: "key_none"}, fault.CodeForbidden},
	}
	for name, tt := range tests {
		h.read(func(tx *store.Tx) error {
			_, err := StillMay(tx, tt.actor, access.ManageMembers, h.org.ID)
			wants(t, name, err, tt.want)
			return nil
		})
	}
}

// Two hundred new people cost some twenty statements and not thousands.
func TestImportOfManyIsCheap(t *testing.T) {
	h := sqliteHouse(t)
	var rows []ImportRow
	for n := range 200 {
		mail, mobile := fmt.Sprintf("p%03d@acme.example", n), fmt.Sprintf("139%08d", n)
		rows = append(rows, row(fmt.Sprintf("p%03d", n), "Person", func(r *ImportRow) { r.Change.Email, r.Change.Mobile = &mail, &mobile }))
	}
	h.clock.Advance(time.Second)
	h.count.Store(0)
	if got := h.imports(ImportBatch{Rows: rows}); slices.ContainsFunc(got, func(s string) bool { return s != "created" }) {
		t.Fatalf("got %v", got)
	}
	if got := h.count.Load(); got > 80 {
		t.Errorf("%d statements, want at most 80", got)
	}
	people, err := h.Members(t.Context(), console, h.org.ID, MemberQuery{Limit: 300})
	if err != nil || people[1].Account.Name != "p000" || people[200].Account.Name != "p199" {
		t.Errorf("the people are not in the order of the file: %v", err)
	}
}
