package meeting

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
)

func picture(t *testing.T, side int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// posts sends a form with one file, as clients write it.
func (h *house) posts(word, path, name string, content []byte) *httptest.ResponseRecorder {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part := must[interface{ Write([]byte) (int, error) }](h.t)(form.CreateFormFile(name, "a.png"))
	_, err := part.Write(content)
	must[int](h.t)(0, err)
	must[int](h.t)(0, form.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("X-Access-Token", word)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	h.surface.ServeHTTP(w, r)
	return w
}

func TestProfileImages(t *testing.T) {
	h := newHouse(t)
	carl, ben := h.login("carl@acme.example").AccessToken, h.login("ben@acme.example").AccessToken
	if w := h.posts(carl, imagesPath, "file", picture(t, 600)); w.Code != 200 || w.Body.Len() != 0 {
		t.Fatalf("got %d %s, want the empty success", w.Code, w.Body)
	}
	head := func() string {
		const begins = `"headPictureUrl":"`
		body := h.request("POST", "/v1/usg/acs/auth/account", `{"account":"carl@acme.example","clientType":72}`, basic("carl@acme.example", password)).Body.String()
		_, rest, _ := strings.Cut(body, begins)
		address, _, _ := strings.Cut(rest, `"`)
		return address
	}
	first := head()
	if !strings.HasPrefix(first, "https://meet.example:8443/pictures/") || len(first) != len("https://meet.example:8443/pictures/")+32 {
		t.Errorf("headPictureUrl: %q", first)
	}
	// An administrator gives him another one, under another address.
	if w := h.posts(ben, imagesPath+"/"+identity.Hex(h.carl.Member.ID), "file", picture(t, 300)); w.Code != 200 {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	if second := head(); second == first || second == "" {
		t.Errorf("headPictureUrl: %q after %q", second, first)
	}
}

func TestProfileImageRefusals(t *testing.T) {
	h := newHouse(t)
	carl, ben := h.login("carl@acme.example").AccessToken, h.login("ben@acme.example").AccessToken
	anna := h.login("anna@acme.example").AccessToken
	owner := must[identity.Person](t)(h.o.Directory.MemberByAccount(t.Context(), console(), h.acme.ID, "anna@acme.example"))
	for _, tt := range []struct {
		name, who, path, part string
		content               []byte
		status                int
		code                  string
	}{
		{"text", carl, "", "file", []byte("hello"), 415, "USG.000000003"},
		{"an svg", carl, "", "file", []byte("<svg onload='alert(1)'/>"), 415, "USG.000000003"},
		{"cut off", carl, "", "file", picture(t, 64)[:60], 415, "USG.000000003"},
		{"nothing", carl, "", "file", nil, 415, "USG.000000003"},
		{"too wide", carl, "", "file", picture(t, 4097), 413, "USG.000000003"},
		{"too large", carl, "", "file", make([]byte, icon.MaxPortrait+1), 413, "USG.000000003"},
		{"another part", carl, "", "image", picture(t, 8), 400, "USG.000000003"},
		{"by a member", carl, "/" + identity.Hex(h.carl.Member.ID), "file", picture(t, 8), 403, "USG.201020001"},
		{"nobody's", ben, "/none", "file", picture(t, 8), 400, "USG.201040000"},
		{"of nobody", ben, "/" + strings.Repeat("0", 32), "file", picture(t, 8), 400, "USG.201040000"},
		{"the owner's, by an administrator", ben, "/" + identity.Hex(owner.Member.ID), "file", picture(t, 8), 403, "USG.201020001"},
	} {
		w := h.posts(tt.who, imagesPath+tt.path, tt.part, tt.content)
		if w.Code != tt.status {
			t.Errorf("%s: got %d %s, want %d", tt.name, w.Code, w.Body, tt.status)
			continue
		}
		refused(t, w, tt.status, tt.code)
	}
	for _, kind := range []string{"application/json", "multipart/form-data", "image/png", ""} {
		w := h.request("POST", imagesPath, "{}", "X-Access-Token: "+carl, "Content-Type: "+kind)
		refused(t, w, 415, "USG.000000003")
	}
	// A form that ends in its middle.
	w := h.request("POST", imagesPath, "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc", "X-Access-Token: "+carl, "Content-Type: multipart/form-data; boundary=x")
	refused(t, w, 400, "USG.000000003")
	if w := h.posts(anna, imagesPath+"/"+identity.Hex(owner.Member.ID), "file", picture(t, 8)); w.Code != 200 {
		t.Errorf("the owner's own: got %d %s", w.Code, w.Body)
	}
}

func TestBodyLimit(t *testing.T) {
	for path, want := range map[string]int64{imagesPath: maxForm, imagesPath + "/x": maxForm, "/v1/usg/abs/users/list": 0} {
		if got := BodyLimit(httptest.NewRequest(http.MethodPost, path, nil)); got != want {
			t.Errorf("%s: got %d, want %d", path, got, want)
		}
	}
	if got := BodyLimit(httptest.NewRequest(http.MethodGet, imagesPath, nil)); got != 0 {
		t.Errorf("GET: got %d, want 0", got)
	}
}
