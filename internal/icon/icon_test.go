package icon

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

// drawn is a picture of one colour.
func drawn(t *testing.T, side int, write func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range picture.Pix {
		picture.Pix[i] = 0x7f
	}
	picture.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := write(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(b *bytes.Buffer, i image.Image) error  { return png.Encode(b, i) }
func asJPEG(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) }
func asGIF(b *bytes.Buffer, i image.Image) error  { return gif.Encode(b, i, nil) }

// small is PNG with another level of compression.
func small(b *bytes.Buffer, i image.Image) error {
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(b, i)
}

func TestRead(t *testing.T) {
	good := drawn(t, Side, asPNG)
	tests := []struct {
		name    string
		content []byte
		taken   bool
	}{
		{"PNG", good, true},
		{"JPEG", drawn(t, Side, asJPEG), true},
		{"something behind it", append(bytes.Clone(good), "<script>"...), true},
		{"nothing", nil, false},
		{"too small", drawn(t, Side-1, asPNG), false},
		{"too large", drawn(t, Side+1, asJPEG), false},
		{"GIF", drawn(t, Side, asGIF), false},
		{"half of a picture", good[:len(good)/2], false},
		{"too many bytes", append(bytes.Clone(good), make([]byte, MaxSize)...), false},
		{"an SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240"/>`), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Read(tt.content)
			if !tt.taken {
				if !fault.Is(err, fault.CodeIconFormat) || got.Digest != "" {
					t.Errorf("got %+v, %v, want icon_format", got.Digest, err)
				}
				return
			}
			if err != nil || got.Type != "image/png" || !bytes.HasPrefix(got.Content, []byte("\x89PNG")) || bytes.Contains(got.Content, []byte("script")) {
				t.Errorf("got %s of %d bytes, %v", got.Type, len(got.Content), err)
			}
			if again, err := Digest(tt.content); err != nil || again != got.Digest || len(again) != 32 {
				t.Errorf("Digest = %q, %v, want %q", again, err, got.Digest)
			}
		})
	}
}

func TestDigestNamesWhatIsSeen(t *testing.T) {
	one, err := Digest(drawn(t, Side, asPNG))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := Digest(drawn(t, Side, small))
	if err != nil || one != plain {
		t.Errorf("the same picture has the digests %s and %s, %v", one, plain, err)
	}
	if none, err := Digest(nil); none != "" || err != nil {
		t.Errorf("nothing: %q, %v", none, err)
	}
}
