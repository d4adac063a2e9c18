package directory

import (
	"maps"
	"reflect"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestChangeMember(t *testing.T) {
	h := sqliteHouse(t)
	rd := h.department("rd", "")
	p := h.member("alice", func(n *NewMember) { n.Attributes = map[string]string{"room": "7", "desk": "1"} })
	got, err := h.ChangeMember(t.Context(), console, h.org.ID, p.Member.ID, 1, MemberChange{
		Name: new("Alicia"), EnglishName: new("Al"), Email: new("A@Mail.example"), Mobile: new("138 0000 0001"), Country: new("UK"),
		DepartmentCode: new("rd"), Title: new("CTO"), Signature: new("hi"), Description: new("d"), SortLevel: new(9), HideMobile: new(true),
		ThirdAccount: new("t"), Attributes: map[string]*string{"room": new("8"), "desk": nil, "floor": new("2")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := p
	m, a := &want.Member, &want.Account
	m.Name, m.EnglishName, m.Department, m.Title, m.Signature, m.Description = "Alicia", "Al", rd.ID, "CTO", "hi", "d"
	m.SortLevel, m.HideMobile, m.ThirdAccount, m.Version = 9, true, "t", 2
	m.Attributes = map[string]string{"room": "8", "floor": "2"}
	a.DisplayName, a.Email, a.Mobile, a.Country, a.Version = "Alicia", "a@mail.example", "+4413800000001", "UK", 2
	stored, err := h.Member(t.Context(), console, h.org.ID, p.Member.ID)
	if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(stored, want) {
		t.Errorf("got %+v and %+v, %v, want %+v", got, stored, err, want)
	}
	// The event names what changed and holds none of it.
	h.recorded(h.org.ID, audit.MemberChanged, "english_name,third_account,title,signature,description,hide_mobile,sort_level,"+
		"attributes,department,name,email,mobile,country")
	for _, name := range []string{"alice", "a@mail.example", "+4413800000001"} {
		wants(t, "sign in as "+name, h.tries(name, goodPassword), "")
	}
}

func TestChangeMemberClears(t *testing.T) {
	h := sqliteHouse(t)
	h.department("rd", "")
	p := h.member("alice", func(n *NewMember) {
		n.Email, n.Mobile, n.Country, n.DepartmentCode, n.ThirdAccount, n.Title, n.SortLevel = "a@mail.example", "4138", "UK", "rd", "t", "CTO", 3
		n.Mobile = "+4413800000001"
	})
	empty := new("")
	got, err := h.ChangeMember(t.Context(), console, h.org.ID, p.Member.ID, 0, MemberChange{
		Email: empty, Mobile: empty, Country: empty,
		DepartmentCode: empty, ThirdAccount: empty, Title: empty, SortLevel: new(0),
	})
	if err != nil {
		t.Fatal(err)
	}
	root, err := h.Department(t.Context(), console, h.org.ID, "1")
	if err != nil {
		t.Fatal(err)
	}
	a, m := got.Account, got.Member
	if a.Email != "" || a.Mobile != "" || a.Country != DefaultCountry || m.Department != root.ID || m.ThirdAccount != "" || m.Title != "" || m.SortLevel != 10_000 {
		t.Errorf("got %+v, %+v", a, m)
	}
	wants(t, "the mail is no name any more", h.tries("a@mail.example", goodPassword), fault.CodeSignInFailed)
	// A contact that was given up is free for others.
	h.member("bob", func(n *NewMember) { n.Email = "a@mail.example" })
}

func TestChangeMemberRefusals(t *testing.T) {
	h := sqliteHouse(t)
	h.member("bob", func(n *NewMember) { n.Email, n.Mobile, n.ThirdAccount = "b@mail.example", "+8613800000001", "t" })
	p := h.member("alice", func(n *NewMember) { n.Email = "a@mail.example" })
	tests := []struct {
		name    string
		version int64
		c       MemberChange
		want    fault.Code
	}{
		{"old version", 7, MemberChange{Title: new("x")}, fault.CodeStale},
		{"mail taken", 0, MemberChange{Email: new("B@mail.example")}, fault.CodeEmailTaken},
		{"mail of an account", 0, MemberChange{Email: new("bob@x.example")}, ""},
		{"mobile taken", 0, MemberChange{Mobile: new("138 0000 0001")}, fault.CodeMobileTaken},
		{"third account taken", 0, MemberChange{ThirdAccount: new("t")}, fault.CodeThirdAccountTaken},
		{"mail", 0, MemberChange{Email: new("@")}, fault.CodeEmailFormat},
		{"mobile", 0, MemberChange{Mobile: new("+1")}, fault.CodeMobileFormat},
		{"no name", 0, MemberChange{Name: new("")}, fault.CodeFieldLength},
		{"department", 0, MemberChange{DepartmentCode: new("zz")}, fault.CodeDepartmentNotFound},
		{"sort level", 0, MemberChange{SortLevel: new(-1)}, fault.CodeFieldRange},
		{"attribute", 0, MemberChange{Attributes: map[string]*string{"k": new("\x00")}}, fault.CodeMalformed},
	}
	for _, tt := range tests {
		_, err := h.ChangeMember(t.Context(), console, h.org.ID, p.Member.ID, tt.version, tt.c)
		wants(t, tt.name, err, tt.want)
	}
}

func TestChangeThatChangesNothing(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice", func(n *NewMember) {
		n.Mobile, n.Attributes = "+8613800000001", map[string]string{"k": "v"}
	})
	got, err := h.ChangeMember(t.Context(), console, h.org.ID, p.Member.ID, 1, MemberChange{
		Name: new("Member alice"), Mobile: new("13800000001"),
		DepartmentCode: new(""), Attributes: map[string]*string{"k": new("v"), "absent": nil},
	})
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("got %+v, %v, want %+v", got, err, p)
	}
}

// The map that a caller holds is not the one that is edited.
func TestAttributesAreCopied(t *testing.T) {
	shared := map[string]string{"k": "v"}
	m := identity.Member{Attributes: shared}
	var changed audit.Edit
	setAttributes(&m, map[string]*string{"k": new("w")}, &changed)
	if !maps.Equal(shared, map[string]string{"k": "v"}) || m.Attributes["k"] != "w" {
		t.Errorf("got %v and %v", shared, m.Attributes)
	}
}

// The contacts of an account that the organisation does not own are not its
// to set: they are the person's way in elsewhere.
func TestPersonalContactsAreThePersonsOwn(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice", func(*NewMember) {})
	p.Account.Kind, p.Account.OrganizationID = identity.Personal, ""
	for name, c := range map[string]MemberChange{"mail": {Email: new("thief@mail.example")}, "mobile": {Mobile: new("+8613800000009")}, "country": {Country: new("UK")}} {
		err := h.db.Update(t.Context(), func(tx *store.Tx) error {
			_, _, err := writeBack(tx, p, c)
			return err
		})
		wants(t, name, err, fault.CodeForbidden)
	}
	h.write(func(tx *store.Tx) error {
		got, changed, err := writeBack(tx, p, MemberChange{Name: new("Nick")})
		if err != nil || len(changed) != 1 || got.Member.Name != "Nick" || got.Account.DisplayName != "Member alice" {
			t.Errorf("name in the organisation: got %+v, %v, %v", got, changed, err)
		}
		return nil
	})
}

// Of edits that name the same version one wins.
func TestParallelEdits(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		p := h.member("alice", func(*NewMember) {})
		nodes := []*Directory{h.Directory, second()}
		errs := make([]error, 6)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() {
				_, errs[i] = nodes[i%2].ChangeMember(t.Context(), console, h.org.ID, p.Member.ID, 1, MemberChange{SortLevel: new(i + 1)})
			})
		}
		work.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				wants(t, "lost", err, fault.CodeStale)
			}
		}
		if won != 1 {
			t.Errorf("got %d winners, want 1", won)
		}
	})
}
