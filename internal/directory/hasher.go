package directory

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"

	"github.com/orgate/orgate/internal/fault"
)

// HasherOptions set the cost of a password hash. The zero value of a field is
// the default.
type HasherOptions struct {
	MemoryKiB uint32 // 19,456: the first choice of the OWASP password storage cheat sheet
	Passes    uint32 // 2
	Parallel  int    // hashes at once; 0 means one for each processor
	Queue     int    // how many more may wait; 0 means 64 for each at once
}

const (
	saltLength = 16
	keyLength  = 32
)

// Hasher makes and checks password hashes: Argon2id (RFC 9106) in the PHC
// string format. It runs a bounded number at once and lets a bounded number
// wait, so that a flood of guesses fills neither memory nor the processors.
type Hasher struct {
	cost    argonCost
	running chan struct{}
	waiting atomic.Int64
	queue   int64
	decoy   string       // a hash that no word is known to have
	made    atomic.Int64 // hashes computed so far; tests compare the work
}

// argonCost is what makes two hashes equally expensive.
type argonCost struct {
	memory, passes uint32
	lanes          uint8
}

// bounds of the costs that are honoured in a stored hash: one that came from
// elsewhere must not be able to stop the process.
const (
	maxMemoryKiB  = 256 << 10
	maxPasses     = 16
	maxLanes      = 8
	maxBcryptCost = 14
)

// NewHasher returns a hasher.
func NewHasher(o HasherOptions) *Hasher {
	if o.MemoryKiB == 0 {
		o.MemoryKiB = 19 << 10
	}
	if o.Passes == 0 {
		o.Passes = 2
	}
	if o.Parallel <= 0 {
		o.Parallel = runtime.GOMAXPROCS(0)
	}
	if o.Queue == 0 {
		o.Queue = 64 * o.Parallel
	}
	h := &Hasher{
		cost:    argonCost{memory: o.MemoryKiB, passes: o.Passes, lanes: 1},
		running: make(chan struct{}, o.Parallel), queue: int64(o.Queue),
	}
	// No word need be hashed for it: the comparison costs the same, and none
	// is known to come to it.
	h.decoy = h.cost.format(random(saltLength), random(keyLength))
	return h
}

// Hash returns a new hash of a password. When too many wait already it is
// TooMany (rate_limited); when ctx ends first, Unavailable.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	err = h.inTurn(ctx, func() { hash = h.hash(password) })
	return hash, err
}

// Verdict is what came of comparing a password with a hash.
type Verdict struct {
	Right    bool
	Outdated bool // right, but hashed by an older rule: make a new hash
}

// Verify compares a password with a hash, in the time that a hash takes. With
// hash "" the comparison is made with a decoy and never right, so that an
// account without a password, or no account at all, costs the same. A hash that
// cannot be read is Internal. The other faults are those of Hash.
func (h *Hasher) Verify(ctx context.Context, password, hash string) (v Verdict, err error) {
	exists := hash != ""
	if !exists {
		hash = h.decoy
	}
	var broken error
	if err := h.inTurn(ctx, func() { v, broken = h.compare(password, hash) }); err != nil {
		return Verdict{}, err
	}
	if broken != nil {
		return Verdict{}, fault.New(fault.Internal, fault.CodeInternal).Because(broken)
	}
	return Verdict{Right: v.Right && exists, Outdated: v.Outdated && v.Right && exists}, nil
}

// inTurn runs work when one of the places is free.
func (h *Hasher) inTurn(ctx context.Context, work func()) error {
	select {
	case h.running <- struct{}{}:
	default:
		if err := h.wait(ctx); err != nil {
			return err
		}
	}
	defer func() { <-h.running }()
	h.made.Add(1)
	work()
	return nil
}

func (h *Hasher) wait(ctx context.Context) error {
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > h.queue {
		return fault.New(fault.TooMany, fault.CodeRateLimited)
	}
	select {
	case h.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.New(fault.Unavailable, fault.CodeUnavailable).Because(context.Cause(ctx))
	}
}

func (h *Hasher) hash(password string) string {
	salt := random(saltLength)
	return h.cost.format(salt, h.cost.key(password, salt, keyLength))
}

// format writes the PHC string.
func (c argonCost) format(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

func (c argonCost) key(password string, salt []byte, length uint32) []byte {
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, length)
}

func (h *Hasher) compare(password, hash string) (Verdict, error) {
	if strings.HasPrefix(hash, "$2") {
		return compareBcrypt(password, hash)
	}
	cost, salt, want, err := parseArgon(hash)
	if err != nil {
		return Verdict{}, err
	}
	got := cost.key(password, salt, uint32(len(want))) //nolint:gosec // bounded by parseArgon
	return Verdict{
		Right:    subtle.ConstantTimeCompare(got, want) == 1,
		Outdated: cost != h.cost || len(salt) < saltLength || len(want) < keyLength,
	}, nil
}

// compareBcrypt knows the hashes that other products leave behind; a right
// password is hashed anew.
func compareBcrypt(password, hash string) (Verdict, error) {
	cost, err := bcrypt.Cost([]byte(hash))
	if err != nil {
		return Verdict{}, errHash
	}
	if cost > maxBcryptCost {
		return Verdict{}, errCost
	}
	err = bcrypt.CompareHashAndPassword([]byte(hash), []byte(password))
	if err != nil && !errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		return Verdict{}, errHash
	}
	return Verdict{Right: err == nil, Outdated: true}, nil
}

// These never carry the hash that they are about.
var (
	errHash = errors.New("directory: not a password hash that is known here")
	errCost = errors.New("directory: the cost of a password hash is beyond what is allowed")
)

// ValidHash reports whether a hash made elsewhere can be checked here: Argon2id
// in PHC form or bcrypt, of a bearable cost.
func ValidHash(hash string) bool {
	if strings.HasPrefix(hash, "$2") {
		cost, err := bcrypt.Cost([]byte(hash))
		return err == nil && cost <= maxBcryptCost && len(hash) == 60
	}
	_, _, _, err := parseArgon(hash)
	return err == nil
}

// parseArgon reads the PHC string form of an Argon2id hash.
func parseArgon(hash string) (c argonCost, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errHash
	}
	if c, err = parseCost(parts[3]); err != nil {
		return c, nil, nil, err
	}
	if salt, err = parseBytes(parts[4], 8); err != nil {
		return c, nil, nil, err
	}
	key, err = parseBytes(parts[5], 16)
	return c, salt, key, err
}

// parseCost reads "m=19456,t=2,p=1" in exactly this spelling, within bounds.
func parseCost(text string) (c argonCost, err error) {
	var lanes uint32
	if _, err := fmt.Sscanf(text, "m=%d,t=%d,p=%d", &c.memory, &c.passes, &lanes); err != nil ||
		text != fmt.Sprintf("m=%d,t=%d,p=%d", c.memory, c.passes, lanes) {
		return c, errHash
	}
	// RFC 9106, 3.1: at least eight blocks of memory for each lane.
	if lanes < 1 || lanes > maxLanes || c.passes < 1 || c.passes > maxPasses || c.memory < 8*lanes || c.memory > maxMemoryKiB {
		return c, errCost
	}
	c.lanes = uint8(lanes)
	return c, nil
}

// parseBytes reads unpadded base64 of shortest to 64 bytes.
func parseBytes(text string, shortest int) ([]byte, error) {
	b, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < shortest || len(b) > 64 {
		return nil, errHash
	}
	return b, nil
}
