package application

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"reflect"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
)

func TestSubject(t *testing.T) {
	r := openRegistry(t)
	app := r.wiki()
	app.Claims = []identity.ClaimRule{
		{Attribute: "attribute:floor", Claim: "floor"},
		{Attribute: "role", Claim: "r"},
		{Attribute: "english_name", Claim: "e"},
		{Attribute: "attribute:none", Claim: "n"},
	}
	got, err := r.Subject(t.Context(), r.ann.Member.ID, app)
	want := identity.Subject{
		ID: identity.Hex(r.ann.Member.ID), MemberID: r.ann.Member.ID, OrganizationID: acme, OrganizationCode: "acme",
		OrganizationName: "Acme", Name: "ANN", LoginName: "ann@acme.example", Email: "ann@mail.example", Mobile: "+8613800000001",
		Language: "zh-CN", EmployeeNumber: "007", Title: "Editor", Administers: true, Department: "Acme",
		UpdatedAt: r.clock.Now(), Extra: map[string]any{"floor": "3", "r": "administrator"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	if id := r.SubjectID(r.ann.Member.ID); id != want.ID || len(id) != 32 {
		t.Errorf("got %q, want %q", id, want.ID)
	}
	_, err = r.Subject(t.Context(), "mem_gone", app)
	r.wants(err, fault.CodeMemberNotFound)
	app.OrganizationID = "org_other"
	_, err = r.Subject(t.Context(), r.ann.Member.ID, app)
	r.wants(err, fault.CodeMemberNotFound)
}

func TestTestClaims(t *testing.T) {
	r := openRegistry(t)
	r.wiki()
	rules := []identity.ClaimRule{{Attribute: "account", Claim: "login"}, {Attribute: "third_account", Claim: "t"}, {Attribute: "user_id", Claim: "id"}}
	if _, err := r.ChangeApplication(t.Context(), console, acme, "wiki", 0, ApplicationChange{Claims: &rules}); err != nil {
		t.Fatal(err)
	}
	got, err := r.TestClaims(t.Context(), as(r.bob), acme, "wiki", ClaimTest{Member: r.ann.Member.ID})
	want := []Resolved{{rules[0], "ann@acme.example"}, {rules[1], nil}, {rules[2], identity.Hex(r.ann.Member.ID)}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	// Rules that are not saved yet.
	var all []identity.ClaimRule
	for _, name := range Attributes() {
		all = append(all, identity.ClaimRule{Attribute: name, Claim: "c:" + name})
	}
	if got, err = r.TestClaims(t.Context(), as(r.bob), acme, "wiki", ClaimTest{r.ann.Member.ID, all}); err != nil || len(got) != len(all) {
		t.Errorf("got %v, %v, want %d", got, err, len(all))
	}
	for code, rule := range map[fault.Code]identity.ClaimRule{
		fault.CodeClaimAttribute: {Attribute: "hash", Claim: "h"},
		fault.CodeClaimReserved:  {Attribute: "name", Claim: "sub"},
	} {
		_, err = r.TestClaims(t.Context(), as(r.bob), acme, "wiki", ClaimTest{r.ann.Member.ID, []identity.ClaimRule{rule}})
		r.wants(err, code)
	}
	_, err = r.TestClaims(t.Context(), as(r.bob), acme, "wiki", ClaimTest{Member: "mem_gone"})
	r.wants(err, fault.CodeMemberNotFound)
}

// picture is a square of one colour in a form.
func picture(t *testing.T, side int, form string) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side {
		img.Set(i, i, color.NRGBA{200, 10, 10, 255})
	}
	var out bytes.Buffer
	var err error
	switch form {
	case "png":
		err = png.Encode(&out, img)
	case "jpeg":
		err = jpeg.Encode(&out, img, nil)
	case "gif":
		err = gif.Encode(&out, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestIcon(t *testing.T) {
	r := openRegistry(t)
	r.wiki()
	_, _, err := r.Icon(t.Context(), "wiki")
	r.wants(err, fault.CodeIconNotFound)
	for name, content := range map[string][]byte{
		"too small":         picture(t, 239, "png"),
		"too big":           picture(t, 241, "jpeg"),
		"GIF":               picture(t, icon.Side, "gif"),
		"nothing":           nil,
		"a page":            []byte("<svg onload=alert(1)>"),
		"half of a picture": picture(t, icon.Side, "png")[:200],
		"too many bytes":    append(picture(t, icon.Side, "png"), make([]byte, icon.MaxSize)...),
	} {
		if _, err := r.SetIcon(t.Context(), console, acme, "wiki", content); !fault.Is(err, fault.CodeIconFormat) {
			t.Errorf("%s: got %v, want %s", name, err, fault.CodeIconFormat)
		}
	}
	for _, form := range []string{"jpeg", "png"} {
		// What hangs behind a picture is not part of it.
		sent := append(picture(t, icon.Side, form), "<script>"...)
		app, err := r.SetIcon(t.Context(), console, acme, "wiki", sent)
		if err != nil {
			t.Fatal(err)
		}
		content, name, err := r.Icon(t.Context(), "wiki")
		if err != nil || name != app.IconDigest || len(name) != 32 {
			t.Errorf("%s: got digest %q, %v, want %q", form, name, err, app.IconDigest)
		}
		got, err := png.Decode(bytes.NewReader(content))
		if err != nil || got.Bounds().Dx() != icon.Side || bytes.Contains(content, []byte("script")) {
			t.Errorf("%s: got %v of %d bytes", form, err, len(content))
		}
		same, err := r.SetIcon(t.Context(), console, acme, "wiki", sent)
		if err != nil || same.Version != app.Version {
			t.Errorf("%s: the same icon again: got version %d, %v, want %d", form, same.Version, err, app.Version)
		}
	}
	app, err := r.RemoveIcon(t.Context(), console, acme, "wiki")
	if err != nil || app.IconDigest != "" {
		t.Errorf("got %q, %v", app.IconDigest, err)
	}
	_, _, err = r.Icon(t.Context(), "wiki")
	r.wants(err, fault.CodeIconNotFound)
}
