package api

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/icon"
)

func grey(t *testing.T, side int) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestPictureLife sets, reads and removes the picture of a member.
func TestPictureLife(t *testing.T) {
	h := newHouse(t)
	one := "/organizations/acme/members/" + string(h.acme.member.Member.ID)
	refused(t, h.as(administrator, "GET", one+"/picture", ""), http.StatusNotFound, "picture_not_found")
	before := read[Member](t, h.as(administrator, "GET", one, ""), http.StatusOK)
	set := h.as(administrator, "PUT", one+"/picture", grey(t, 600), "Content-Type: image/png")
	m := read[Member](t, set, http.StatusOK)
	if !strings.HasPrefix(m.Picture, "https://id.example:8443/pictures/") || m.Version != before.Version+1 || before.Picture != "" {
		t.Errorf("got %+v", m)
	}
	w := h.as(administrator, "GET", one+"/picture", "")
	size, kind, err := image.DecodeConfig(w.Body)
	if err != nil || kind != "jpeg" || size.Width != 512 || w.Header().Get("Content-Type") != "image/jpeg" || w.Header().Get("ETag") == "" {
		t.Errorf("got %s of %d, %v, %v", kind, size.Width, err, w.Header())
	}
	refused(t, h.as(administrator, "PUT", one+"/picture", "<svg/>"), 422, "picture_format")
	refused(t, h.as(administrator, "PUT", one+"/picture", grey(t, 4097)), 422, "picture_too_large")
	refused(t, h.as(administrator, "PUT", one+"/picture", grey(t, 8), `If-Match: "1000"`), http.StatusPreconditionFailed, "stale")
	refused(t, h.as(anyMember, "PUT", "/organizations/acme/members/"+string(h.acme.other.Member.ID)+"/picture", grey(t, 8)), http.StatusForbidden, "forbidden")
	if m = read[Member](t, h.as(administrator, "DELETE", one+"/picture", ""), http.StatusOK); m.Picture != "" {
		t.Errorf("removed: got %q", m.Picture)
	}
	if again := read[Member](t, h.as(administrator, "DELETE", one+"/picture", ""), http.StatusOK); again.Version != m.Version {
		t.Errorf("removed twice: version %d, want %d", again.Version, m.Version)
	}
}

func TestMyPicture(t *testing.T) {
	h := newHouse(t)
	refused(t, h.as(anyMember, "GET", "/me/picture", ""), http.StatusNotFound, "picture_not_found")
	mine := read[MyPicture](t, h.as(anyMember, "PUT", "/me/picture", grey(t, 8)), http.StatusOK)
	shown := read[Member](t, h.as(administrator, "GET", "/organizations/acme/members/"+string(h.acme.member.Member.ID), ""), http.StatusOK)
	if mine.Picture == "" || shown.Picture != mine.Picture {
		t.Errorf("got %q, and %q to others", mine.Picture, shown.Picture)
	}
	if w := h.as(anyMember, "GET", "/me/picture", ""); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/jpeg" {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	read[any](t, h.as(anyMember, "DELETE", "/me/picture", ""), http.StatusNoContent)
	refused(t, h.as(anyMember, "GET", "/me/picture", ""), http.StatusNotFound, "picture_not_found")
}

func TestPictureBodyLimit(t *testing.T) {
	for path, want := range map[string]int64{
		"/api/v1/me/picture": icon.MaxPortrait + 1, "/api/v1/organizations/acme/members/mem_x/picture": icon.MaxPortrait + 1, "/api/v1/me/contacts": maxBody,
	} {
		if got := BodyLimit(httptest.NewRequest(http.MethodPut, path, nil)); got != want {
			t.Errorf("%s: got %d, want %d", path, got, want)
		}
	}
}
