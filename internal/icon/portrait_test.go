package icon

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

// quarters is a picture whose left upper quarter is red, the right upper green,
// the left lower blue and the right lower white.
func quarters(w, h int) *image.NRGBA {
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{A: 255}
			switch {
			case x < w/2 && y < h/2:
				c.R = 255
			case y < h/2:
				c.G = 255
			case x < w/2:
				c.B = 255
			default:
				c.R, c.G, c.B = 255, 255, 255
			}
			to.SetNRGBA(x, y, c)
		}
	}
	return to
}

func pngOf(t testing.TB, from image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, from); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func jpegOf(t testing.TB, from image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, from, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gifOf(t testing.TB, from image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := gif.Encode(&out, from, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// aWebP is one pixel of lossless WebP.
func aWebP(t testing.TB) []byte {
	t.Helper()
	content, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func portrait(t *testing.T, content []byte) (Icon, image.Image) {
	t.Helper()
	i, err := Portrait(content)
	if err != nil {
		t.Fatal(err)
	}
	seen, name, err := image.Decode(bytes.NewReader(i.Content))
	if err != nil || "image/"+name != i.Type {
		t.Fatalf("%s as %s: %v", name, i.Type, err)
	}
	return i, seen
}

func TestPortraitForms(t *testing.T) {
	glass := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for name, tt := range map[string]struct {
		content []byte
		kind    string
		w, h    int
	}{
		"png":            {pngOf(t, quarters(40, 20)), "image/jpeg", 40, 20},
		"transparent":    {pngOf(t, glass), "image/png", 8, 8},
		"jpeg":           {jpegOf(t, quarters(40, 20)), "image/jpeg", 40, 20},
		"gif":            {gifOf(t, quarters(16, 16)), "image/jpeg", 16, 16},
		"webp":           {aWebP(t), "", 1, 1},
		"large":          {pngOf(t, quarters(1024, 2048)), "image/jpeg", 256, 512},
		"wide":           {pngOf(t, quarters(4096, 1)), "image/jpeg", 512, 1},
		"as it is":       {pngOf(t, quarters(512, 512)), "image/jpeg", 512, 512},
		"with more data": {append(pngOf(t, quarters(8, 8)), "<?php evil() ?>"...), "image/jpeg", 8, 8},
	} {
		i, seen := portrait(t, tt.content)
		if b := seen.Bounds(); b.Dx() != tt.w || b.Dy() != tt.h || tt.kind != "" && i.Type != tt.kind {
			t.Errorf("%s: got %s of %v, want %s of %d×%d", name, i.Type, b, tt.kind, tt.w, tt.h)
		}
		if bytes.Contains(i.Content, []byte("evil")) || len(i.Digest) != 32 {
			t.Errorf("%s: more than the picture is kept", name)
		}
	}
}

// bomb is a PNG that claims a size and has no pixels for it.
func bomb(w, h uint32) []byte {
	header := make([]byte, 17)
	copy(header, "IHDR")
	binary.BigEndian.PutUint32(header[4:], w)
	binary.BigEndian.PutUint32(header[8:], h)
	header[12], header[13] = 8, 6
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(header))
}

func TestPortraitRefusals(t *testing.T) {
	good := pngOf(t, quarters(64, 64))
	for name, tt := range map[string]struct {
		content []byte
		code    fault.Code
	}{
		"nothing":          {nil, fault.CodePictureFormat},
		"text":             {[]byte("hello"), fault.CodePictureFormat},
		"svg":              {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), fault.CodePictureFormat},
		"html":             {[]byte("<!doctype html><script>alert(1)</script>"), fault.CodePictureFormat},
		"bmp":              {append([]byte("BM"), make([]byte, 60)...), fault.CodePictureFormat},
		"a magic alone":    {[]byte("\x89PNG\r\n\x1a\n"), fault.CodePictureFormat},
		"cut off":          {good[:len(good)-20], fault.CodePictureFormat},
		"no pixels":        {bomb(64, 64), fault.CodePictureFormat},
		"a bomb":           {bomb(50_000, 50_000), fault.CodePictureTooLarge},
		"beyond numbers":   {bomb(1<<31-1, 1<<31-1), fault.CodePictureFormat},
		"a wide bomb":      {bomb(4097, 1), fault.CodePictureTooLarge},
		"a pixel too tall": {pngOf(t, quarters(1, 4097)), fault.CodePictureTooLarge},
		"a byte too many":  {make([]byte, MaxPortrait+1), fault.CodePictureTooLarge},
		"gif without any":  {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), fault.CodePictureFormat},
		"riff of sound":    {[]byte("RIFF\x24\x00\x00\x00WAVEfmt "), fault.CodePictureFormat},
	} {
		if _, err := Portrait(tt.content); !fault.Is(err, tt.code) {
			t.Errorf("%s: got %v, want %s", name, err, tt.code)
		}
	}
}

// tilted is a JPEG that says how it is to be turned.
func tilted(t testing.TB, from image.Image, order binary.AppendByteOrder, turn uint16) []byte {
	t.Helper()
	mark := map[bool]string{true: "MM\x00\x2a", false: "II\x2a\x00"}[order == binary.AppendByteOrder(binary.BigEndian)]
	tiff := order.AppendUint32([]byte(mark), 8)
	tiff = order.AppendUint16(tiff, 2)
	tiff = append(tiff, make([]byte, 12)...) // a field of no interest
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(order.AppendUint16(tiff, turn), 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	plain := jpegOf(t, from)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	return append(append(out, body...), plain[2:]...)
}

// near tells which corner of the quarters a colour is of.
func near(c color.Color) string {
	r, g, b, _ := c.RGBA()
	switch hi := uint32(0x8000); {
	case r > hi && g > hi && b > hi:
		return "white"
	case r > hi:
		return "red"
	case g > hi:
		return "green"
	case b > hi:
		return "blue"
	}
	return "black"
}

func TestPortraitStandsUpright(t *testing.T) {
	for turn, want := range map[uint16][4]string{ // the corners in reading order
		0: {"red", "green", "blue", "white"}, // no such word
		1: {"red", "green", "blue", "white"},
		2: {"green", "red", "white", "blue"},
		3: {"white", "blue", "green", "red"},
		4: {"blue", "white", "red", "green"},
		5: {"red", "blue", "green", "white"},
		6: {"blue", "red", "white", "green"},
		7: {"white", "green", "blue", "red"},
		8: {"green", "white", "red", "blue"},
		9: {"red", "green", "blue", "white"},
	} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			i, seen := portrait(t, tilted(t, quarters(64, 32), order, turn))
			b := seen.Bounds()
			if wide := turn < 5 || turn > 8; wide != (b.Dx() == 64) {
				t.Errorf("turn %d: %v", turn, b)
			}
			x, y := b.Dx()/4, b.Dy()/4
			got := [4]string{near(seen.At(x, y)), near(seen.At(3*x, y)), near(seen.At(x, 3*y)), near(seen.At(3*x, 3*y))}
			if got != want || orientation(i.Content) != 1 {
				t.Errorf("turn %d, %v: got %v, want %v", turn, order, got, want)
			}
		}
	}
}

// FuzzPicture: whatever comes, a portrait is small, upright and can be read, or
// it is refused.
func FuzzPicture(f *testing.F) {
	f.Add(pngOf(f, quarters(8, 8)))
	f.Add(jpegOf(f, quarters(8, 8)))
	f.Add(gifOf(f, quarters(8, 8)))
	f.Add(aWebP(f))
	f.Add(tilted(f, quarters(8, 4), binary.LittleEndian, 6))
	f.Add(bomb(1<<31-1, 7))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, content []byte) {
		i, err := Portrait(content)
		if err != nil {
			if fault.Of(err).Kind != fault.Invalid {
				t.Errorf("got %v", err)
			}
			return
		}
		seen, _, err := image.DecodeConfig(bytes.NewReader(i.Content))
		if err != nil || max(seen.Width, seen.Height) > portraitSide {
			t.Errorf("got %d×%d, %v", seen.Width, seen.Height, err)
		}
	})
}
