package identity

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

func TestMemberValidate(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Member)
		code   fault.Code
	}{
		{"good", func(*Member) {}, ""},
		{"longest", func(m *Member) {
			m.Name, m.EnglishName, m.ThirdAccount = strings.Repeat("名", 64), strings.Repeat("n", 64), strings.Repeat("t", 64)
			m.Title, m.Signature, m.Description = strings.Repeat("t", 32), strings.Repeat("s", 512), strings.Repeat("d", 128)
		}, ""},
		{"third account of any signs", func(m *Member) { m.ThirdAccount = "a b/ü@x.y%" }, ""},
		{"third account with a colon", func(m *Member) { m.ThirdAccount = "a:b" }, fault.CodeFieldFormat},
		{"third account with NUL", func(m *Member) { m.ThirdAccount = "a\x00" }, fault.CodeMalformed},
		{"third account too long", func(m *Member) { m.ThirdAccount = strings.Repeat("t", 65) }, fault.CodeFieldLength},
		{"no name", func(m *Member) { m.Name = "" }, fault.CodeFieldLength},
		{"name too long", func(m *Member) { m.Name = strings.Repeat("n", 65) }, fault.CodeFieldLength},
		{"English name too long", func(m *Member) { m.EnglishName = strings.Repeat("n", 65) }, fault.CodeFieldLength},
		{"title too long", func(m *Member) { m.Title = strings.Repeat("n", 33) }, fault.CodeFieldLength},
		{"signature too long", func(m *Member) { m.Signature = strings.Repeat("n", 513) }, fault.CodeFieldLength},
		{"description too long", func(m *Member) { m.Description = strings.Repeat("n", 129) }, fault.CodeFieldLength},
		{"broken UTF-8", func(m *Member) { m.Name = "\xff" }, fault.CodeMalformed},
		{"sorts at 0", func(m *Member) { m.SortLevel = 0 }, fault.CodeFieldRange},
		{"sorts at 10001", func(m *Member) { m.SortLevel = 10_001 }, fault.CodeFieldRange},
	} {
		m := Member{Name: "Alice", SortLevel: 10_000}
		row.change(&m)
		wants(t, row.name, m.Validate(), row.code)
	}
}

var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func TestSuspendAndResume(t *testing.T) {
	for _, role := range []Role{RoleMember, RoleAdministrator} {
		m := Member{Role: role, Status: MemberActive, Generation: 3}
		if err := m.Suspend(); err != nil || m.Active(now) || m.Generation != 4 {
			t.Errorf("%s: got %+v, %v", role, m, err)
		}
		// Tokens of before stay dead.
		if m.Resume(); !m.Active(now) || m.Generation != 4 {
			t.Errorf("%s: got %+v", role, m)
		}
	}
	m := Member{Role: RoleOwner, Status: MemberActive}
	if wants(t, "owner", m.Suspend(), fault.CodeOwnerProtected); !m.Active(now) || m.Generation != 0 {
		t.Errorf("got %+v", m)
	}
}

// TestMemberLife walks each step from each state.
func TestMemberLife(t *testing.T) {
	past, future := now.Add(-time.Second), now.Add(time.Second)
	begin := map[MemberStatus]Member{
		MemberInactive: {Status: MemberActive},
		MemberActive:   {Status: MemberActive, ActivatedAt: past},
		MemberDisabled: {Status: MemberDisabled, ActivatedAt: past, ExpiresAt: past},
		MemberExpired:  {Status: MemberActive, ExpiresAt: now},
	}
	steps := map[string]func(m *Member){
		"comes in": func(m *Member) { m.Activate(now) },
		"suspend":  func(m *Member) { _ = m.Suspend() },
		"resume":   func(m *Member) { m.Resume() },
		"renew":    func(m *Member) { _ = m.Renew(future) },
		"for ever": func(m *Member) { _ = m.Renew(time.Time{}) },
		"end":      func(m *Member) { _ = m.Renew(past) },
	}
	for step, want := range map[string]map[MemberStatus]MemberStatus{
		"comes in": {MemberInactive: MemberActive, MemberActive: MemberActive, MemberDisabled: MemberDisabled, MemberExpired: MemberExpired},
		"suspend":  {MemberInactive: MemberDisabled, MemberActive: MemberDisabled, MemberDisabled: MemberDisabled, MemberExpired: MemberDisabled},
		"resume":   {MemberInactive: MemberInactive, MemberActive: MemberActive, MemberDisabled: MemberExpired, MemberExpired: MemberExpired},
		"renew":    {MemberInactive: MemberInactive, MemberActive: MemberActive, MemberDisabled: MemberDisabled, MemberExpired: MemberInactive},
		"for ever": {MemberInactive: MemberInactive, MemberActive: MemberActive, MemberDisabled: MemberDisabled, MemberExpired: MemberInactive},
		"end":      {MemberInactive: MemberExpired, MemberActive: MemberExpired, MemberDisabled: MemberDisabled, MemberExpired: MemberExpired},
	} {
		for from, to := range want {
			m := begin[from]
			if got := m.Standing(now); got != from {
				t.Fatalf("%s: begins %s", from, got)
			}
			steps[step](&m)
			if got := m.Standing(now); got != to {
				t.Errorf("%s, %s: got %s, want %s", from, step, got, to)
			}
			if in := to == MemberActive || to == MemberInactive; m.Active(now) != in {
				t.Errorf("%s, %s: comes in %v, want %v", from, step, !in, in)
			}
		}
	}
}

func TestRenew(t *testing.T) {
	m := Member{Role: RoleOwner}
	wants(t, "the owner", m.Renew(now), fault.CodeOwnerProtected)
	wants(t, "the owner, for ever", m.Renew(time.Time{}), "")
	m.Role = RoleMember
	for in, want := range map[time.Time]time.Time{
		now.Add(time.Microsecond):         now,
		time.Unix(0, 0):                   time.UnixMilli(1).UTC(), // must not read as never
		now.In(time.FixedZone("CST", 60)): now,
	} {
		if err := m.Renew(in); err != nil || m.ExpiresAt != want {
			t.Errorf("%s: got %s, %v", in, m.ExpiresAt, err)
		}
	}
	if m.Activate(now); m.Activate(now.Add(time.Hour)) || m.ActivatedAt != now {
		t.Errorf("came in twice for the first time: %s", m.ActivatedAt)
	}
}

func TestStanding(t *testing.T) {
	for role, want := range map[Role]bool{RoleOwner: true, RoleAdministrator: true, RoleMember: false, "": false} {
		if got := (Member{Role: role}).Administers(); got != want {
			t.Errorf("%q: got %v", role, got)
		}
	}
	active, barred := Member{Status: MemberActive}, Member{Status: MemberDisabled}
	open, shut := Account{Status: AccountActive}, Account{Status: AccountDisabled}
	for p, want := range map[*Person]bool{{active, open}: true, {barred, open}: false, {active, shut}: false, {}: false} {
		if got := p.Active(now); got != want {
			t.Errorf("%s %s: got %v", p.Member.Status, p.Account.Status, got)
		}
	}
}

func TestLoginNames(t *testing.T) {
	a := Account{Name: "Alice@Ent", Mobile: "+8613800000000", Email: "alice@example.com"}
	name := LoginName{ByAccount, "alice@ent"}
	all := []LoginName{name, {ByMobile, a.Mobile}, {ByEmail, a.Email}}
	for _, row := range []struct {
		kind     AccountKind
		contacts bool
		want     []LoginName
	}{
		{Personal, false, all}, {Personal, true, all}, {Managed, true, all}, {Managed, false, all[:1]}, {Operator, false, all[:1]}, {Outside, false, all[:1]}, {Outside, true, all[:1]},
	} {
		a.Kind = row.kind
		if got := a.LoginNames(row.contacts); !slices.Equal(got, row.want) {
			t.Errorf("%s, %v: got %v", row.kind, row.contacts, got)
		}
	}
	if got := (Account{Name: "a", Kind: Personal}).LoginNames(true); len(got) != 1 {
		t.Errorf("without contacts: got %v", got)
	}
}

func TestCredentialsAreNotPrinted(t *testing.T) {
	c := Credential{Hash: "$argon2id$x", History: []string{"$argon2id$y"}}
	if text := fmt.Sprintf("%v %+v %#v %s", c, c, c, c); strings.Contains(text, "argon") {
		t.Errorf("printed: %s", text)
	}
}

func TestAnonymous(t *testing.T) {
	origin := Origin{RequestID: "r1"}
	if got := Anonymous(origin); got != (Actor{Origin: origin}) || got.Kind != Nobody {
		t.Errorf("got %+v", got)
	}
}
