package signin

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"testing"

	"github.com/orgate/orgate/internal/directory"
)

// A picture is shown to everybody who has its address, as nothing but a picture.
func TestPictures(t *testing.T) {
	h := newHouse(t)
	carl := h.people["carl"]
	for _, at := range []string{"none", "..%2f", "", "' OR '1'='1"} {
		if a := h.browser().get(directory.PicturePath + at); a.status != http.StatusNotFound {
			t.Errorf("%q: status %d", at, a.status)
		}
	}
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewNRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	p, err := h.o.Directory.SetPicture(t.Context(), console(), carl.Member.OrganizationID, carl.Member.ID, content.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	at := directory.PictureAddress("", p.Member)
	a := h.browser().get(at)
	seen, err := png.Decode(bytes.NewReader([]byte(a.body)))
	if a.status != http.StatusOK || err != nil || seen.Bounds().Dx() != 8 {
		t.Fatalf("status %d, %v", a.status, err)
	}
	for field, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin",
	} {
		if got := a.header.Get(field); got != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
	if a.header.Get("ETag") == "" || len(a.header.Values("Set-Cookie")) > 0 {
		t.Errorf("got %v", a.header)
	}
	if _, err := h.o.Directory.RemovePicture(t.Context(), console(), carl.Member.OrganizationID, carl.Member.ID); err != nil {
		t.Fatal(err)
	}
	if a := h.browser().get(at); a.status != http.StatusNotFound {
		t.Errorf("removed: status %d", a.status)
	}
}
