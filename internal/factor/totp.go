package factor

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"image/color"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/orgate/orgate/internal/fault"
)

// What authenticator apps agree on (RFC 6238, 4; RFC 4226, 4): all of them read
// these, and some of them nothing else.
const (
	totpPeriod = 30 * time.Second
	totpDigits = otp.DigitsSix
	// totpSecret is the length of a secret in bytes (RFC 4226, 4, R6).
	totpSecret = 20
	// totpDrift is how many steps before and after the present one are taken: the
	// clock of a phone, and who types slowly (RFC 6238, 5.2).
	totpDrift = 1
)

// newTOTPSecret makes the secret of an app.
func newTOTPSecret() []byte {
	secret := make([]byte, totpSecret)
	rand.Read(secret)
	return secret
}

// stepAt is the step of an instant (RFC 6238, 4.2).
func stepAt(now time.Time) int64 { return now.Unix() / int64(totpPeriod/time.Second) }

// totpStep finds the step whose code was typed, or 0. Steps up to the last one
// used do not count: their codes were seen.
func totpStep(secret []byte, typed string, last int64, now time.Time) (step int64, err error) {
	for at := stepAt(now) - totpDrift; at <= stepAt(now)+totpDrift; at++ {
		want, err := hotp.GenerateCodeCustom(secretText(secret), uint64(at), hotp.ValidateOpts{Digits: totpDigits, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // no step lies before 1970
		if err != nil {
			return 0, fmt.Errorf("compute the code of step %d: %w", at, err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(typed)) == 1 && at > last {
			step = at
		}
	}
	return step, nil
}

// secretText writes a secret as apps take it: people who cannot scan type it.
func secretText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// keyOfApp is the address by which an app is given its secret.
func keyOfApp(issuer, account string, secret []byte) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{
		Issuer: strings.ReplaceAll(issuer, ":", " "), AccountName: strings.ReplaceAll(account, ":", " "), Secret: secret,
		Period: uint(totpPeriod / time.Second), Digits: totpDigits, Algorithm: otp.AlgorithmSHA1,
	})
}

// Square is a picture of black and white modules, to be scanned (ISO/IEC 18004).
type Square struct {
	Size int    // modules of a side, the quiet zone among them
	Path string // the black ones as data of an SVG path, one unit each
}

// quiet is the white border that scanners need, in modules (ISO/IEC 18004, 9.1).
const quiet = 4

// squareOf draws the address of an app's secret.
func squareOf(key *otp.Key) (Square, error) {
	// The narrowest picture that holds the code has one pixel for each module.
	for side := 21; side <= 177; side += 4 {
		img, err := key.Image(side, side)
		if err != nil {
			continue // it does not fit: the next size has room for more
		}
		var path strings.Builder
		for y := range side {
			for x := range side {
				if r, _, _, _ := color.GrayModel.Convert(img.At(x, y)).RGBA(); r == 0 {
					fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
				}
			}
		}
		return Square{Size: side + 2*quiet, Path: path.String()}, nil
	}
	return Square{}, fault.New(fault.Internal, fault.CodeInternal)
}
