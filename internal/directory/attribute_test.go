package directory

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// defines adds definitions to the house's organisation.
func (h *house) defines(all ...identity.Attribute) {
	h.t.Helper()
	for _, a := range all {
		if a.Label == "" {
			a.Label = "The " + a.Key
		}
		if _, err := h.AddAttribute(h.t.Context(), console, h.org.ID, a); err != nil {
			h.t.Fatalf("define %s: %v", a.Key, err)
		}
	}
}

var (
	floor  = identity.Attribute{Key: "floor", Type: identity.AttributeNumber}
	size   = identity.Attribute{Key: "size", Type: identity.AttributeChoices, Candidates: []string{"S", "M"}, Required: true}
	salary = identity.Attribute{Key: "salary", Type: identity.AttributeText, Masked: true}
	remark = identity.Attribute{Key: "remark", Type: identity.AttributeText, Hidden: true}
)

func TestAttributeDefinitions(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org := t.Context(), h.org.ID
		a, err := h.AddAttribute(ctx, console, org, identity.Attribute{Key: "desk", Label: "Desk", Type: identity.AttributeText})
		if err != nil || a.Place != lastSortLevel || a.Version != 1 || a.OrganizationID != org {
			t.Fatalf("added: got %+v, %v", a, err)
		}
		_, err = h.AddAttribute(ctx, console, org, a)
		wants(t, "a defined key", err, fault.CodeAttributeExists)
		_, err = h.AddAttribute(ctx, console, org, identity.Attribute{Key: "x", Label: "X", Type: "colour"})
		wants(t, "a type there is not", err, fault.CodeFieldChoice)
		changed, err := h.ChangeAttribute(ctx, console, org, "desk", 1, AttributeChange{Label: new("Place"), Hidden: new(true), Place: new(3)})
		if err != nil || changed.Label != "Place" || !changed.Hidden || changed.Place != 3 || changed.Version != 2 {
			t.Errorf("changed: got %+v, %v", changed, err)
		}
		if e := h.lastEvent(audit.AttributeChanged); e.Target != "desk" || e.Details["fields"] == "" {
			t.Errorf("the event tells %s, %v", e.Target, e.Details)
		}
		_, err = h.ChangeAttribute(ctx, console, org, "desk", 1, AttributeChange{Label: new("Late")})
		wants(t, "an old version", err, fault.CodeStale)
		_, err = h.ChangeAttribute(ctx, console, org, "desk", 0, AttributeChange{Label: new("")})
		wants(t, "no label", err, fault.CodeFieldLength)
		if same, err := h.ChangeAttribute(ctx, console, org, "desk", 0, AttributeChange{Place: new(3)}); err != nil || same.Version != 2 {
			t.Errorf("nothing to change: got %+v, %v", same, err)
		}
	})
}

func TestAttributesInUseStay(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org := t.Context(), h.org.ID
		h.defines(identity.Attribute{Key: "desk", Type: identity.AttributeText, Place: 3})
		if last, err := h.ChangeAttribute(ctx, console, org, "desk", 0, AttributeChange{Place: new(0)}); err != nil || last.Place != lastSortLevel {
			t.Errorf("no place: got %+v, %v", last, err)
		}
		wants(t, "unknown", h.RemoveAttribute(ctx, console, org, "none"), fault.CodeAttributeNotFound)
		p := h.member("alice", func(n *NewMember) { n.Attributes = map[string]string{"desk": "4"} })
		wants(t, "in use", h.RemoveAttribute(ctx, console, org, "desk"), fault.CodeAttributeInUse)
		_, err := h.ChangeMember(ctx, console, org, p.Member.ID, 0, MemberChange{Attributes: map[string]*string{"desk": nil}})
		wants(t, "the value is removed", err, "")
		wants(t, "no longer in use", h.RemoveAttribute(ctx, console, org, "desk"), "")
		member := actorOf(p)
		if _, err := h.Attributes(ctx, member, org); err != nil {
			t.Errorf("a member reads them: %v", err)
		}
		_, err = h.AddAttribute(ctx, member, org, identity.Attribute{Key: "mine", Label: "Mine", Type: identity.AttributeText})
		wants(t, "a member defines one", err, fault.CodeForbidden)
	})
}

func TestAttributesAreFew(t *testing.T) {
	h := sqliteHouse(t)
	for i := range maxAttributes {
		h.defines(identity.Attribute{Key: "k" + strconv.Itoa(i), Type: identity.AttributeText})
	}
	_, err := h.AddAttribute(t.Context(), console, h.org.ID, identity.Attribute{Key: "one", Label: "More", Type: identity.AttributeText})
	wants(t, "one more", err, fault.CodeAttributeLimit)
	_, err = h.AddAttribute(t.Context(), console, h.org.ID, identity.Attribute{Key: "k1", Label: "More", Type: identity.AttributeText})
	wants(t, "one of them again", err, fault.CodeAttributeExists)
}

// Values are checked where members are added and changed, and no way in that
// has no words for attributes is closed by a required one.
func TestValuesFitTheirDefinitions(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org := t.Context(), h.org.ID
		old := h.member("old", func(n *NewMember) { n.Attributes = map[string]string{"floor": "third", "free": "1"} })
		h.defines(floor, size)
		add := func(account string, complete bool, values map[string]string) error {
			_, err := h.AddMember(ctx, console, org, NewMember{Account: account, Name: "N", Password: goodPassword, Attributes: values, Complete: complete})
			return err
		}
		wants(t, "no words for attributes", add("a1", false, nil), "")
		wants(t, "a required one is missing", add("a2", true, nil), fault.CodeFieldMissing)
		wants(t, "all is well", add("a3", true, map[string]string{"size": "M|S", "floor": "-1.5", "employee_number": "E7"}), "")
		wants(t, "no number", add("a4", false, map[string]string{"floor": "top"}), fault.CodeFieldFormat)
		wants(t, "no choice", add("a5", false, map[string]string{"size": "XL"}), fault.CodeFieldChoice)
		wants(t, "not defined", add("a6", false, map[string]string{"free": "1"}), fault.CodeFieldUnknown)
		change := func(values map[string]*string) error {
			_, err := h.ChangeMember(ctx, console, org, old.Member.ID, 0, MemberChange{Title: new("T" + strconv.Itoa(h.nonces)), Attributes: values})
			h.nonces++
			return err
		}
		wants(t, "what was there stays", change(nil), "")
		wants(t, "a bad value as it was", change(map[string]*string{"floor": new("third")}), "")
		wants(t, "another bad value", change(map[string]*string{"floor": new("fourth")}), fault.CodeFieldFormat)
		wants(t, "a free one anew", change(map[string]*string{"free": new("2")}), fault.CodeFieldUnknown)
		wants(t, "a free one goes", change(map[string]*string{"free": nil}), "")
		wants(t, "a good value", change(map[string]*string{"size": new("S")}), "")
		wants(t, "a required one goes", change(map[string]*string{"size": nil}), fault.CodeFieldMissing)
	})
}

func TestImportedValuesFit(t *testing.T) {
	h := sqliteHouse(t)
	h.defines(floor, size)
	with := func(values map[string]*string) func(*ImportRow) {
		return func(r *ImportRow) { r.Change.Attributes = values }
	}
	got := h.imports(ImportBatch{Rows: []ImportRow{
		row("a1", "A", with(map[string]*string{"size": new("S"), "floor": new("3")})),
		row("a2", "A", func(*ImportRow) {}),
		row("a3", "A", with(map[string]*string{"size": new("L")})),
		row("a4", "A", with(map[string]*string{"size": new("S"), "free": new("1")})),
	}})
	want := []string{"created", "field_missing", "field_choice", "field_unknown"}
	for i, w := range want {
		if !strings.Contains(got[i], w) {
			t.Errorf("row %d: got %s, want %s", i, got[i], w)
		}
	}
	got = h.imports(ImportBatch{Rows: []ImportRow{row("a1", "", with(map[string]*string{"size": nil})), row("a1", "B", func(*ImportRow) {})}})
	if !strings.Contains(got[0], "field_missing") {
		t.Errorf("a required one is cleared: got %s", got[0])
	}
}

// A source's value that does not fit is left out and told; the sign-in goes on.
func TestMappedValuesFit(t *testing.T) {
	h := sqliteHouse(t)
	h.defines(floor, size)
	s := h.upstream("corp", identity.SourceRules{
		Ours: identity.MatchAccount, Theirs: "uid", Strategy: identity.CreateOnly,
		Mappings: []identity.Mapping{
			{Ours: "name", Theirs: "cn"},
			{Ours: "attributes.floor", Theirs: "floor"},
			{Ours: "attributes.size", Theirs: "size"},
			{Ours: "attributes.free", Fixed: "x"},
		},
	})
	come := func(pairs ...string) (map[string]string, string) {
		t.Helper()
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		in := h.enters(s, "1", says(pairs...), func(p *SourceProof) { p.Story = story })
		return h.person(in.Person.Member.ID).Member.Attributes, stepsOf(story)
	}
	got, told := come("uid", "u", "cn", "Uma", "floor", "top", "size", "S|M")
	if want := map[string]string{"size": "S|M"}; !maps.Equal(got, want) || !strings.Contains(told, "mapping_form:warned") {
		t.Errorf("got %v, want %v; told %s", got, want, told)
	}
	// The source may take a required one back: nobody is kept out by it.
	if got, _ := come("uid", "u", "cn", "Uma", "floor", "3"); !maps.Equal(got, map[string]string{"floor": "3"}) {
		t.Errorf("got %v, want the floor alone", got)
	}
}

// Who does not manage members sees of the own attributes what is to be seen.
func TestMaskedValues(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.defines(salary, remark, floor)
		values := map[string]string{"salary": "5000", "remark": "late", "floor": "3"}
		p := h.member("alice", func(n *NewMember) { n.Attributes = values })
		for who, tt := range map[string]struct {
			actor identity.Actor
			want  map[string]string
		}{
			"the operator": {console, values}, "the owner": {actorOf(h.owner), values},
			"the person": {actorOf(p), map[string]string{"salary": identity.AttributeMask, "floor": "3"}},
		} {
			got, err := h.Member(t.Context(), tt.actor, h.org.ID, p.Member.ID)
			if err != nil || !maps.Equal(got.Member.Attributes, tt.want) {
				t.Errorf("%s: got %v, %v, want %v", who, got.Member.Attributes, err, tt.want)
			}
		}
		h.read(func(tx *store.Tx) error {
			stored, err := tx.Members.Get(h.org.ID, p.Member.ID)
			if !maps.Equal(stored.Member.Attributes, values) {
				t.Errorf("stored are %v", stored.Member.Attributes)
			}
			return err
		})
	})
}
