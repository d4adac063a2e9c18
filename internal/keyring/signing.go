package keyring

import (
	"context"
	"encoding/base64"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/time/rate"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Signing is the keys that sign tokens: RSA-2048 for RS256, RS384 and RS512,
// and P-256 for ES256. Of each family one key signs, one is published and will
// sign next, and those that signed before stay published until nothing that
// they signed can be valid. It is safe for concurrent use.
type Signing struct {
	db      *store.DB
	options SigningOptions
	ring    atomic.Pointer[ring]
	heard   atomic.Uint64 // changes of the keys, on whatever node
	reading sync.Mutex    // one reads for all
	unknown *rate.Limiter // readings because of a key that nobody knows
	cancel  func()
}

// SigningOptions say what Signing works with.
type SigningOptions struct {
	Now func() time.Time
	// Record writes the audit event of a rotation; the keys are those that
	// sign from now on.
	Record Record
}

// NewSigning returns the signing keys of a database. None is made before one is
// needed. Close ends its subscription.
func NewSigning(db *store.DB, options SigningOptions) *Signing {
	s := &Signing{db: db, options: options, unknown: rate.NewLimiter(mostUnknown, mostUnknown)}
	s.cancel = db.Feed().Subscribe(store.TopicSigningKey, func(string) { s.heard.Add(1) })
	return s
}

// Close stops listening to the change feed.
func (s *Signing) Close() { s.cancel() }

const (
	// mostUnknown is how often in a second a key that nobody knows may make this
	// node read the keys, which a stranger could otherwise do with every call.
	mostUnknown = 10
	// askAgain is how often the keys are read while the change feed is silent.
	askAgain = time.Second
)

// mostText bounds what Verify looks at.
const mostText = 16 << 10

var errNotOurs = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)

// Sign returns the compact serialisation (RFC 7515, 7.1) of a payload, signed
// with the key in force for an algorithm. typ is the header's, "" for none. It
// costs the bare signature: header, key and all else are ready.
func (s *Signing) Sign(ctx context.Context, alg identity.Algorithm, typ string, payload []byte) (string, error) {
	r, err := s.inForce(ctx)
	if err != nil {
		return "", err
	}
	return r.sign(alg, typ, payload)
}

// Verify returns the payload and the typ of a compact serialisation that one of
// our own published keys signed. What the header says of keys besides kid (jwk,
// jku, x5u, x5c) is not looked at, a spelling that differs from ours in a single
// spare bit is refused, and so is everything else: Unauthenticated
// (token_unknown). It says nothing of times.
func (s *Signing) Verify(ctx context.Context, compact string) (payload []byte, typ string, err error) {
	if !canonical(compact) {
		return nil, "", errNotOurs
	}
	parsed, err := jose.ParseSignedCompact(compact, algorithms())
	if err != nil || len(parsed.Signatures) != 1 {
		return nil, "", errNotOurs
	}
	header := parsed.Signatures[0].Protected
	key, err := s.find(ctx, header.KeyID)
	if err != nil {
		return nil, "", err
	}
	if key == nil || familyOf(identity.Algorithm(header.Algorithm)) != key.family {
		return nil, "", errNotOurs
	}
	payload, err = parsed.Verify(key.private.Public())
	if err != nil {
		return nil, "", errNotOurs
	}
	typ, _ = header.ExtraHeaders[jose.HeaderType].(string)
	return payload, typ, nil
}

// Public returns the key set (RFC 7517, 5) as JSON, without private parts. It
// is shared: read it, never change it.
func (s *Signing) Public(ctx context.Context) ([]byte, error) {
	r, err := s.inForce(ctx)
	if err != nil {
		return nil, err
	}
	return r.public, nil
}

// algorithms are those that Verify accepts.
func algorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256}
}

// canonical reports whether a text is three parts of base64url without padding,
// each spelt in the one way that there is. Decoders overlook line breaks and
// spare bits, and a token would have several spellings.
func canonical(compact string) bool {
	if len(compact) > mostText || strings.Count(compact, ".") != 2 {
		return false
	}
	if strings.ContainsAny(compact, "\r\n") {
		return false
	}
	var last []byte
	for part := range strings.SplitSeq(compact, ".") {
		var err error
		if last, err = base64.RawURLEncoding.Strict().AppendDecode(last[:0], []byte(part)); err != nil {
			return false
		}
	}
	return len(last) > 0
}

// find returns the published key with an id, or nil. One that this node does
// not know may have been made elsewhere a moment ago.
func (s *Signing) find(ctx context.Context, id string) (*signer, error) {
	if len(id) != idLength {
		return nil, nil
	}
	r, err := s.inForce(ctx)
	if err != nil {
		return nil, err
	}
	if key := r.keys[id]; key != nil || !s.unknown.AllowN(s.options.Now(), 1) {
		return key, nil
	}
	if r, err = s.read(ctx, r); err != nil {
		return nil, err
	}
	return r.keys[id], nil
}

// inForce returns the keys, read again when something was heard of them. While
// the feed is silent they are read every second: until then keys that signed
// shortly before count on all nodes.
func (s *Signing) inForce(ctx context.Context) (*ring, error) {
	r := s.ring.Load()
	switch {
	case r == nil, r.heard != s.heard.Load():
	case s.db.Feed().Current(), s.options.Now().Before(r.asked.Add(askAgain)):
		return r, nil
	}
	return s.read(ctx, r)
}

// read reads the keys, and makes those that are missing, unless another did so
// since the caller saw them.
func (s *Signing) read(ctx context.Context, seen *ring) (*ring, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	if r := s.ring.Load(); r != seen && r.heard == s.heard.Load() {
		return r, nil
	}
	heard, asked := s.heard.Load(), s.options.Now()
	rows, err := s.rows(ctx)
	if err != nil {
		return nil, err
	}
	if absent := missing(rows); len(absent) > 0 {
		if rows, err = s.make(ctx, absent); err != nil {
			return nil, err
		}
	}
	r, err := newRing(rows)
	if err != nil {
		return nil, err
	}
	r.heard, r.asked = heard, asked
	s.ring.Store(r)
	return r, nil
}
