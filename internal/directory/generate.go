package directory

import "crypto/rand"

// The characters of generated passwords: none that is mistaken for another
// when it is read from a screen or a letter, and no special that a form or a
// shell treats in its own way.
const (
	generatedLower   = "abcdefghijkmnpqrstuvwxyz"
	generatedUpper   = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	generatedDigits  = "23456789"
	generatedOthers  = "-_=+@#%"
	generatedLength  = 16
	generatedClasses = 4
)

// GeneratePassword returns a random password of 16 characters, about 92 bits,
// that satisfies every rule set of identity: all four classes, and no
// character three times in a row.
func GeneratePassword() string {
	for {
		password := make([]byte, generatedLength)
		seen := map[byte]bool{}
		all := generatedLower + generatedUpper + generatedDigits + generatedOthers
		for i := range password {
			k := draw(len(all))
			password[i] = all[k]
			seen[classOf(k)] = true
		}
		if len(seen) == generatedClasses && !runs(password) {
			return string(password)
		}
	}
}

// classOf tells in which of the four alphabets a place of their sum lies.
func classOf(k int) byte {
	for class, alphabet := range [...]string{generatedLower, generatedUpper, generatedDigits, generatedOthers} {
		if k < len(alphabet) {
			return byte(class)
		}
		k -= len(alphabet)
	}
	return generatedClasses
}

func runs(password []byte) bool {
	for i := 2; i < len(password); i++ {
		if password[i] == password[i-1] && password[i] == password[i-2] {
			return true
		}
	}
	return false
}

// draw returns a number below n, which is at most 256, each equally likely.
func draw(n int) int {
	limit := 256 / n * n
	var b [1]byte
	for {
		_, _ = rand.Read(b[:]) // never fails
		if int(b[0]) < limit {
			return int(b[0]) % n
		}
	}
}
