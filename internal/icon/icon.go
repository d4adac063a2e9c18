// Package icon reads the pictures by which applications and authentication
// sources are shown to people.
//
// What does not live here: where pictures are kept (store) and who may change
// them (application, source).
package icon

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/orgate/orgate/internal/fault"
)

// The bounds of an icon, as OrgID has them: JPEG or PNG, 20 KB, 240×240 pixels.
const (
	MaxSize = 20 << 10 // bytes
	Side    = 240      // pixels
)

// mediaType is that of every icon that Read returns.
const mediaType = "image/png"

// Icon is a picture as it is kept.
type Icon struct {
	Digest  string // names what is seen, however it is compressed
	Type    string // its media type
	Content []byte
}

// Read reads a JPEG or PNG picture of 240×240 pixels and at most 20 KiB, else
// it is Invalid (icon_format). It is decoded and written anew, so that nothing
// but the picture is kept.
func Read(content []byte) (Icon, error) {
	refused := fault.New(fault.Invalid, fault.CodeIconFormat).At("icon").With("size", MaxSize).With("side", Side)
	if len(content) > MaxSize {
		return Icon{}, refused
	}
	form := struct {
		size    func(io.Reader) (image.Config, error)
		picture func(io.Reader) (image.Image, error)
	}{jpeg.DecodeConfig, jpeg.Decode}
	if bytes.HasPrefix(content, []byte("\x89PNG")) {
		form.size, form.picture = png.DecodeConfig, png.Decode
	}
	// The size is read first: a small file can claim to be a huge picture.
	size, err := form.size(bytes.NewReader(content))
	if err != nil || size.Width != Side || size.Height != Side {
		return Icon{}, refused.Because(err)
	}
	picture, err := form.picture(bytes.NewReader(content))
	if err != nil {
		return Icon{}, refused.Because(err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return Icon{}, err
	}
	return Icon{Digest: digest(picture), Type: mediaType, Content: out.Bytes()}, nil
}

// Digest tells the digest that a picture would have, "" for no content. One
// that can be no icon is Invalid (icon_format).
func Digest(content []byte) (string, error) {
	if len(content) == 0 {
		return "", nil
	}
	i, err := Read(content)
	return i.Digest, err
}

// digest names a picture by what is seen: another way to compress it makes it
// no other picture.
func digest(picture image.Image) string {
	seen := image.NewNRGBA(picture.Bounds())
	draw.Draw(seen, seen.Bounds(), picture, picture.Bounds().Min, draw.Src)
	sum := sha256.Sum256(seen.Pix)
	return hex.EncodeToString(sum[:16])
}
