package directory

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// aPicture is a grey square.
func aPicture(t *testing.T, side int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPictureLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		alice := h.member("alice", func(*NewMember) {})
		self, ctx, id := actorOf(alice), t.Context(), alice.Member.ID
		_, err := h.Picture(ctx, self, h.org.ID, id)
		wants(t, "none yet", err, fault.CodePictureNotFound)
		p, err := h.SetPicture(ctx, self, h.org.ID, id, aPicture(t, 700))
		if err != nil || len(p.Member.Picture) != 32 || p.Member.Version != alice.Member.Version+1 {
			t.Fatalf("got %+v, %v", p.Member, err)
		}
		first := p.Member.Picture
		kept, err := h.PictureByWord(ctx, first)
		if seen, bad := jpeg.Decode(bytes.NewReader(kept.Content)); err != nil || bad != nil || kept.Type != "image/jpeg" || seen.Bounds().Dx() != 512 {
			t.Errorf("got %s, %v, %v", kept.Type, err, bad)
		}
		if got := PictureAddress("https://id.example/", p.Member); got != "https://id.example/pictures/"+first {
			t.Errorf("got %s", got)
		}
	})
}

func TestPictureChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		alice := h.member("alice", func(*NewMember) {})
		self, ctx, id := actorOf(alice), t.Context(), alice.Member.ID
		p, err := h.SetPicture(ctx, self, h.org.ID, id, aPicture(t, 700))
		wants(t, "the first", err, "")
		first := p.Member.Picture
		// The same once more keeps its address; another one has another.
		if p, err = h.SetPicture(ctx, self, h.org.ID, id, aPicture(t, 700)); err != nil || p.Member.Picture != first {
			t.Errorf("again: got %s, %v, want %s", p.Member.Picture, err, first)
		}
		if p, err = h.SetPicture(ctx, actorOf(h.owner), h.org.ID, id, aPicture(t, 100)); err != nil || p.Member.Picture == first {
			t.Errorf("another: got %s, %v", p.Member.Picture, err)
		}
		_, err = h.PictureByWord(ctx, first)
		wants(t, "the address before", err, fault.CodePictureNotFound)
		// What else is edited leaves it alone.
		title := "Dr"
		if p, err = h.ChangeMember(ctx, console, h.org.ID, id, 0, MemberChange{Title: &title}); err != nil || p.Member.Picture == "" {
			t.Errorf("edited: got %q, %v", p.Member.Picture, err)
		}
		if _, err := h.Picture(ctx, self, h.org.ID, id); err != nil {
			t.Errorf("edited: %v", err)
		}
		h.unpaints(alice)
	})
}

// unpaints removes a picture twice, and counts what was recorded of it since it
// was set twice.
func (h *house) unpaints(p identity.Person) {
	t, self := h.t, actorOf(p)
	for range 2 {
		if p, err := h.RemovePicture(t.Context(), self, h.org.ID, p.Member.ID); err != nil || p.Member.Picture != "" || PictureAddress("https://id.example", p.Member) != "" {
			t.Errorf("removed: got %q, %v", p.Member.Picture, err)
		}
	}
	changes := 0
	for _, e := range h.events(h.org.ID) {
		if e == "member.picture_changed" {
			changes++
		}
	}
	if changes != 3 {
		t.Errorf("%d events, want 3", changes)
	}
}

func TestPictureRights(t *testing.T) {
	h := sqliteHouse(t)
	alice, bob := h.member("alice", func(*NewMember) {}), h.member("bob", func(*NewMember) {})
	admin := h.member("admin", func(n *NewMember) { n.Role = identity.RoleAdministrator })
	lab, err := h.AddDepartment(t.Context(), console, h.org.ID, NewDepartment{Code: "lab", Name: "Lab"})
	if err != nil {
		t.Fatal(err)
	}
	head := h.member("head", func(n *NewMember) { n.Role, n.Administers = identity.RoleDepartmentAdministrator, []string{lab.Code} })
	inside := h.member("inside", func(n *NewMember) { n.DepartmentCode = lab.Code })
	for _, tt := range []struct {
		name string
		who  identity.Person
		whom identity.Person
		code fault.Code
	}{
		{"oneself", alice, alice, ""},
		{"another member", alice, bob, fault.CodeForbidden},
		{"an administrator, a member", admin, alice, ""},
		{"an administrator, the owner", admin, h.owner, fault.CodeForbidden},
		{"the owner, an administrator", h.owner, admin, ""},
		{"a department administrator, inside", head, inside, ""},
		{"a department administrator, outside", head, alice, fault.CodeMemberNotFound},
		{"a department administrator, themselves", head, head, ""},
	} {
		_, err := h.SetPicture(t.Context(), actorOf(tt.who), h.org.ID, tt.whom.Member.ID, aPicture(t, 8))
		wants(t, tt.name, err, tt.code)
		_, err = h.RemovePicture(t.Context(), actorOf(tt.who), h.org.ID, tt.whom.Member.ID)
		wants(t, tt.name+", removed", err, tt.code)
	}
}

// Whoever may not is told so before anything is decoded, and whoever goes away
// does not wait for room.
func TestPicturesAreReadAtLast(t *testing.T) {
	h := sqliteHouse(t)
	alice := h.member("alice", func(*NewMember) {})
	_, err := h.SetPicture(t.Context(), actorOf(alice), h.org.ID, h.owner.Member.ID, []byte("no picture"))
	wants(t, "may not", err, fault.CodeForbidden)
	_, err = h.SetPicture(t.Context(), actorOf(alice), h.org.ID, alice.Member.ID, []byte("no picture"))
	wants(t, "no picture", err, fault.CodePictureFormat)
	for range easels {
		h.easels <- struct{}{}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err = h.SetPicture(gone, actorOf(alice), h.org.ID, alice.Member.ID, aPicture(t, 8))
	if fault.KindOf(err) != fault.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("no room: got %v", err)
	}
	if events := h.events(h.org.ID); slices.Contains(events, "member.picture_changed") {
		t.Errorf("got %q", events)
	}
}
