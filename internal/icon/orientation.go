package icon

import (
	"bytes"
	"encoding/binary"
	"image"
)

// Cameras write a picture as their sensor lay and say in the Exif data how to
// turn it (CIPA DC-008, 4.6.5.1.6); without these data it would stay on its side.

// orientation is how a JPEG says that it is to be turned: 1 to 8, and 1 where it
// says nothing that can be read.
func orientation(content []byte) int {
	exif := exifOf(content)
	if len(exif) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if exif[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return 1
	}
	fields := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(fields) < 12 {
			return 1
		}
		const tagOrientation, typeShort = 0x0112, 3
		if order.Uint16(fields) == tagOrientation && order.Uint16(fields[2:]) == typeShort {
			if turn := order.Uint16(fields[8:]); turn >= 1 && turn <= 8 {
				return int(turn)
			}
			return 1
		}
		fields = fields[12:]
	}
	return 1
}

// exifOf returns the Exif data of a JPEG, nil where there are none. They stand in
// a segment of their own before the picture (ISO/IEC 10918-1, B.1.1).
func exifOf(content []byte) []byte {
	const start, app1, scan = 0xd8, 0xe1, 0xda
	if len(content) < 2 || content[0] != 0xff || content[1] != start {
		return nil
	}
	for rest := content[2:]; len(rest) >= 4 && rest[0] == 0xff && rest[1] != scan; {
		length := int(binary.BigEndian.Uint16(rest[2:])) // its own two bytes included
		if length < 2 || length+2 > len(rest) {
			return nil
		}
		body := rest[4 : length+2]
		if exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && rest[1] == app1 {
			return exif
		}
		rest = rest[length+2:]
	}
	return nil
}

// upright turns a picture as its orientation says.
func upright(from *image.NRGBA, turn int) *image.NRGBA {
	if turn <= 1 || turn > 8 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 { // the sides change places
		to = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := turned(turn, x, y, w, h)
			to.SetNRGBA(tx, ty, from.NRGBAAt(x, y))
		}
	}
	return to
}

// turned is where a pixel of a picture of w×h comes to stand.
func turned(turn, x, y, w, h int) (int, int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
