package icon

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"github.com/orgate/orgate/internal/fault"
)

// The bounds of the picture of a person (Meeting API, 6), and how large it is
// kept.
const (
	MaxPortrait  = 10 << 20 // bytes
	maxClaimed   = 4096     // pixels of a side
	portraitSide = 512      // pixels of the longer side
)

// jpegQuality keeps a face well below a hundred kilobytes.
const jpegQuality = 85

// form is one way to write a picture.
type form struct {
	magic   string // its first bytes; a question mark stands for any
	size    func(io.Reader) (image.Config, error)
	picture func(io.Reader) (image.Image, error)
}

// forms are what portraits are read from. Of several pictures in one file the
// first is read.
var forms = [...]form{
	{"\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
	{"\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
	{"GIF8?a", gif.DecodeConfig, gif.Decode},
	{"RIFF????WEBPVP8", webp.DecodeConfig, webp.Decode},
}

func (f form) fits(content []byte) bool {
	if len(content) < len(f.magic) {
		return false
	}
	for i := range len(f.magic) {
		if f.magic[i] != '?' && f.magic[i] != content[i] {
			return false
		}
	}
	return true
}

// Portrait reads the picture of a person: PNG, JPEG, GIF or WebP, told by its
// content and not by its name, of at most 10 MiB and 4096×4096 pixels. It is
// turned upright, scaled to at most 512×512 and written anew, so that nothing
// but the picture is kept: neither where it was taken nor what else the file
// could be read as.
//
// What is larger is Invalid (picture_too_large) before a pixel is decoded, what
// is something else or broken Invalid (picture_format).
func Portrait(content []byte) (Icon, error) {
	tooLarge := fault.New(fault.Invalid, fault.CodePictureTooLarge).At("file").With("size", MaxPortrait>>20).With("side", maxClaimed)
	refused := fault.New(fault.Invalid, fault.CodePictureFormat).At("file")
	if len(content) > MaxPortrait {
		return Icon{}, tooLarge
	}
	for _, f := range forms {
		if !f.fits(content) {
			continue
		}
		// A small file can claim to be a huge picture.
		size, err := f.size(bytes.NewReader(content))
		switch {
		case err != nil || size.Width <= 0 || size.Height <= 0:
			return Icon{}, refused.Because(err)
		case size.Width > maxClaimed || size.Height > maxClaimed:
			return Icon{}, tooLarge
		}
		seen, err := f.picture(bytes.NewReader(content))
		if err != nil || seen.Bounds().Empty() {
			return Icon{}, refused.Because(err)
		}
		return written(upright(scaled(seen), orientation(content)))
	}
	return Icon{}, refused
}

// scaled is a picture within portraitSide in both directions; a smaller one
// keeps its size.
func scaled(from image.Image) *image.NRGBA {
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > portraitSide {
		w, h = max(w*portraitSide/longer, 1), max(h*portraitSide/longer, 1)
	}
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(to, to.Bounds(), from, b, draw.Src, nil)
	return to
}

// written is a picture as it is kept: JPEG, or PNG where something shines
// through.
func written(picture *image.NRGBA) (Icon, error) {
	var out bytes.Buffer
	i := Icon{Type: "image/jpeg"}
	var err error
	if picture.Opaque() {
		err = jpeg.Encode(&out, picture, &jpeg.Options{Quality: jpegQuality})
	} else {
		i.Type, err = mediaType, png.Encode(&out, picture)
	}
	if err != nil {
		return Icon{}, err
	}
	i.Content = out.Bytes()
	sum := sha256.Sum256(i.Content)
	i.Digest = hex.EncodeToString(sum[:16])
	return i, nil
}
