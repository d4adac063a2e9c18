package keyring

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// node is the signing keys as one process has them.
func node(t testing.TB, db *store.DB, clock *storetest.Clock) *Signing {
	s := NewSigning(db, SigningOptions{Now: clock.Now, Record: record})
	t.Cleanup(s.Close)
	return s
}

func alone(t testing.TB) (*Signing, *storetest.Clock) {
	clock := storetest.NewClock()
	return node(t, storetest.Open(t, storetest.WithClock(clock)), clock), clock
}

func sign(t testing.TB, s *Signing, alg identity.Algorithm, typ, payload string) string {
	t.Helper()
	text, err := s.Sign(t.Context(), alg, typ, []byte(payload))
	if err != nil {
		t.Fatalf("sign %s: %v", alg, err)
	}
	return text
}

func verifies(t *testing.T, s *Signing, text, typ, payload string) {
	t.Helper()
	got, gotTyp, err := s.Verify(t.Context(), text)
	if err != nil || string(got) != payload || gotTyp != typ {
		t.Errorf("Verify: got %q, %q, %v; want %q, %q", got, gotTyp, err, payload, typ)
	}
}

func refuses(t *testing.T, s *Signing, what, text string) {
	t.Helper()
	payload, typ, err := s.Verify(t.Context(), text)
	if !fault.Is(err, fault.CodeTokenUnknown) || payload != nil || typ != "" {
		t.Errorf("%s: got %q, %q, %v; want %s", what, payload, typ, err, fault.CodeTokenUnknown)
	}
}

func published(t *testing.T, s *Signing) (set jose.JSONWebKeySet) {
	t.Helper()
	text, err := s.Public(t.Context())
	if err == nil {
		err = json.Unmarshal(text, &set)
	}
	if err != nil {
		t.Fatalf("Public: %v", err)
	}
	return set
}

func TestEveryAlgorithmIsVerifiedByOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		here, there := node(t, open(storetest.WithClock(clock)), clock), node(t, open(storetest.WithClock(clock)), clock)
		for _, alg := range []identity.Algorithm{identity.RS256, identity.RS384, identity.RS512, identity.ES256} {
			text := sign(t, here, alg, "at+jwt", `{"sub":"x"}`)
			verifies(t, here, text, "at+jwt", `{"sub":"x"}`)
			verifies(t, there, text, "at+jwt", `{"sub":"x"}`)
			verifies(t, there, sign(t, here, alg, "", ""), "", "")
			// A relying party knows the published set alone.
			parsed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
			if err != nil {
				t.Fatal(err)
			}
			set := published(t, there)
			if _, err := parsed.Verify(&set); err != nil {
				t.Errorf("%s: a relying party says %v", alg, err)
			}
		}
	})
}

func TestSignRefusesWhatItCannotWrite(t *testing.T) {
	s, _ := alone(t)
	for _, alg := range []identity.Algorithm{"", "none", "HS256", "PS256", "rs256"} {
		if text, err := s.Sign(t.Context(), alg, "", nil); text != "" || !fault.Is(err, fault.CodeInternal) {
			t.Errorf("%q: got %q, %v", alg, text, err)
		}
	}
	for _, typ := range []string{`a"b`, `a\b`, "a\nb", "ä"} {
		if text, err := s.Sign(t.Context(), identity.ES256, typ, nil); text != "" || err == nil {
			t.Errorf("typ %q: got %q, %v", typ, text, err)
		}
	}
}

func TestWhatIsPublished(t *testing.T) {
	s, _ := alone(t)
	text, err := s.Public(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{`"d"`, `"p"`, `"q"`, `"dp"`, `"dq"`, `"qi"`, `"k"`} {
		if strings.Contains(string(text), private) {
			t.Errorf("the key set holds %s", private)
		}
	}
	got := map[string]int{}
	for _, k := range published(t, s).Keys {
		sum, err := k.Thumbprint(5) // crypto.SHA256
		if err != nil || base64.RawURLEncoding.EncodeToString(sum) != k.KeyID {
			t.Errorf("kid %s is not the thumbprint, %v", k.KeyID, err)
		}
		if k.Use != "sig" || !k.IsPublic() || !k.Valid() {
			t.Errorf("published %+v", k)
		}
		if public, ok := k.Key.(*rsa.PublicKey); ok && public.Size() != rsaBits/8 {
			t.Errorf("an RSA key of %d bytes", public.Size())
		}
		got[fmt.Sprintf("%T %s", k.Key, k.Algorithm)]++
	}
	if len(got) != 2 || got["*rsa.PublicKey "] != 2 || got["*ecdsa.PublicKey ES256"] != 2 {
		t.Errorf("published %v, want two of each family", got)
	}
}

// TestForgedTokens: attacks on the header and on the spelling of a token.
func TestForgedTokens(t *testing.T) {
	s, _ := alone(t)
	good := sign(t, s, identity.ES256, "JWT", `{"sub":"x"}`)
	parts := strings.Split(good, ".")
	b64 := base64.RawURLEncoding.EncodeToString
	ours := published(t, s).Keys[0].KeyID
	foreign, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		t.Fatal(err)
	}
	forge := func(alg jose.SignatureAlgorithm, key any, header map[jose.HeaderKey]any) string {
		options := &jose.SignerOptions{ExtraHeaders: header}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := signer.Sign([]byte(`{"sub":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		text, err := signed.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	embedded := jose.JSONWebKey{Key: foreign.Public(), KeyID: ours, Algorithm: "RS256"}
	set, err := s.Public(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"empty":                      "",
		"two parts":                  parts[0] + "." + parts[1],
		"four parts":                 good + ".",
		"five parts":                 good + "..",
		"no signature":               parts[0] + "." + parts[1] + ".",
		"alg none":                   b64([]byte(`{"alg":"none","kid":"`+ours+`"}`)) + "." + parts[1] + ".",
		"alg none, signed":           b64([]byte(`{"alg":"none","kid":"`+ours+`"}`)) + "." + parts[1] + "." + parts[2],
		"alg of the other family":    b64([]byte(`{"alg":"RS256","kid":"`+kidOf(t, good)+`"}`)) + "." + parts[1] + "." + parts[2],
		"MAC under the key set":      forge(jose.HS256, set, map[jose.HeaderKey]any{"kid": ours}),
		"our kid, another key":       forge(jose.RS256, foreign, map[jose.HeaderKey]any{"kid": ours}),
		"no kid":                     forge(jose.RS256, foreign, nil),
		"embedded jwk":               forge(jose.RS256, foreign, map[jose.HeaderKey]any{"jwk": embedded, "kid": ours}),
		"jku":                        forge(jose.RS256, foreign, map[jose.HeaderKey]any{"jku": "https://evil.example/jwks", "kid": "x"}),
		"x5u":                        forge(jose.RS256, foreign, map[jose.HeaderKey]any{"x5u": "https://evil.example/cert", "kid": ours}),
		"kid of a path":              forge(jose.RS256, foreign, map[jose.HeaderKey]any{"kid": "../../../../../../../../../../../dev/null"}),
		"kid of SQL":                 forge(jose.RS256, foreign, map[jose.HeaderKey]any{"kid": "' OR 1=1 -- ' OR 1=1 -- ' OR 1=1 -- ' OR 1="}),
		"critical":                   b64([]byte(`{"alg":"ES256","kid":"`+kidOf(t, good)+`","crit":["b64"],"b64":false}`)) + "." + parts[1] + "." + parts[2],
		"payload of another":         parts[0] + "." + b64([]byte(`{"sub":"y"}`)) + "." + parts[2],
		"one character less":         good[:len(good)-1],
		"one character more":         good + "A",
		"a spare bit":                good[:len(good)-1] + spare(good[len(good)-1]),
		"padding":                    good + "==",
		"a line break":               good[:len(good)-5] + "\n" + good[len(good)-5:],
		"a line break in front":      "\r\n" + good,
		"upper case":                 strings.ToUpper(good),
		"JSON serialisation":         `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"JSON with two signatures":   `{"payload":"` + parts[1] + `","signatures":[{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"},{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"}]}`,
		"longer than anybody's need": parts[0] + "." + strings.Repeat("A", mostText) + "." + parts[2],
		"encrypted":                  b64([]byte(`{"alg":"dir","enc":"A128GCM"}`)) + "....",
		"signature of zeros":         parts[0] + "." + parts[1] + "." + b64(make([]byte, 64)),
	}
	for what, text := range tests {
		refuses(t, s, what, text)
	}
	verifies(t, s, good, "JWT", `{"sub":"x"}`)
}

// spare is a character of base64url that differs in its lowest bits only, which
// do not count at the end of 64 bytes.
func spare(c byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, c)^1])
}

func kidOf(t testing.TB, text string) string {
	t.Helper()
	parsed, err := jose.ParseSignedCompact(text, algorithms())
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Signatures[0].Protected.KeyID
}

func states(t *testing.T, s *Signing) map[string]int {
	t.Helper()
	keys, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, k := range keys {
		got[string(k.Family)+" "+string(k.State)]++
	}
	return got
}

func TestRotationGoesByThePublishedNextKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		s := node(t, open(storetest.WithClock(clock)), clock)
		before := sign(t, s, identity.ES256, "", "before")
		known := map[string]bool{}
		for _, k := range published(t, s).Keys {
			known[k.KeyID] = true
		}
		clock.Advance(time.Minute)
		ids, err := s.Rotate(t.Context(), console)
		if err != nil || len(ids) != 2 {
			t.Fatalf("Rotate: got %v, %v", ids, err)
		}
		after := sign(t, s, identity.ES256, "", "after")
		if kidOf(t, after) == kidOf(t, before) || !known[kidOf(t, after)] {
			t.Errorf("signs with %s, which must have been published before and not %s", kidOf(t, after), kidOf(t, before))
		}
		verifies(t, s, before, "", "before")
		verifies(t, s, after, "", "after")
		want := map[string]int{"RSA current": 1, "RSA next": 1, "RSA retired": 1, "P-256 current": 1, "P-256 next": 1, "P-256 retired": 1}
		if got := states(t, s); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestTendRotatesAndForgetsByTime(t *testing.T) {
	s, clock := alone(t)
	tend := func() {
		t.Helper()
		if err := s.Tend(t.Context()); err != nil {
			t.Fatalf("Tend: %v", err)
		}
	}
	tend()
	first := sign(t, s, identity.RS256, "", "first")
	clock.Advance(RotateAfter - time.Second)
	tend()
	if again := sign(t, s, identity.RS256, "", "again"); kidOf(t, again) != kidOf(t, first) {
		t.Error("rotated before its time")
	}
	clock.Advance(time.Second)
	tend()
	second := sign(t, s, identity.RS256, "", "second")
	if kidOf(t, second) == kidOf(t, first) {
		t.Error("not rotated in time")
	}
	clock.Advance(PublishFor)
	tend()
	verifies(t, s, first, "", "first")
	clock.Advance(time.Second)
	tend()
	refuses(t, s, "signed by a key that is forgotten", first)
	verifies(t, s, second, "", "second")
	if n := len(published(t, s).Keys); n != 4 {
		t.Errorf("%d keys are published, want 4", n)
	}
}

func TestWhoMayRotateSigningKeys(t *testing.T) {
	s, _ := alone(t)
	for kind, may := range map[identity.ActorKind]bool{
		identity.Nobody: false, identity.ActsAsMember: false, identity.ActsAsOrgToken: false, identity.ActsAsApplication: false,
		identity.ActsAsProvider: true, identity.ActsAsConsole: true,
	} {
		_, err := s.Rotate(t.Context(), identity.Actor{Kind: kind, Role: identity.RoleOwner})
		if may != (err == nil) || !may && !fault.Is(err, fault.CodeForbidden) {
			t.Errorf("%q: got %v, want %v", kind, err, may)
		}
	}
}

func TestNodesMakeTheFirstKeysOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		nodes := make([]*Signing, 4)
		for i := range nodes {
			nodes[i] = node(t, open(storetest.WithClock(clock)), clock)
		}
		texts := make([]string, len(nodes))
		var work sync.WaitGroup
		for i, s := range nodes {
			work.Go(func() { texts[i] = sign(t, s, identity.ES256, "", "x") })
		}
		work.Wait()
		for _, text := range texts {
			for _, s := range nodes {
				verifies(t, s, text, "", "x")
			}
			if kidOf(t, text) != kidOf(t, texts[0]) {
				t.Errorf("two keys sign: %s, %s", kidOf(t, text), kidOf(t, texts[0]))
			}
		}
	})
}

// TestRotationUnderUse rotates while two nodes sign and verify each other's
// tokens: none is ever refused.
func TestRotationUnderUse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		nodes := []*Signing{node(t, open(storetest.WithClock(clock)), clock), node(t, open(storetest.WithClock(clock)), clock)}
		for _, s := range nodes {
			sign(t, s, identity.ES256, "", "x")
		}
		ctx, stop := context.WithCancel(t.Context())
		var work, begun sync.WaitGroup
		count := make([]int, 4)
		begun.Add(len(count))
		for i := range count {
			work.Go(func() {
				begin := sync.OnceFunc(begun.Done)
				defer begin()
				for ctx.Err() == nil {
					text, err := nodes[i%2].Sign(t.Context(), identity.ES256, "", []byte("x"))
					if err == nil {
						_, _, err = nodes[1-i%2].Verify(t.Context(), text)
					}
					if err != nil {
						t.Errorf("after %d: %v", count[i], err)
						return
					}
					count[i]++
					begin()
				}
			})
		}
		begun.Wait() // all of them sign before the first rotation
		for i := range 4 {
			clock.Advance(time.Second)
			if _, err := nodes[i%2].rotate(t.Context(), console, []Family{P256}); err != nil {
				t.Errorf("rotate: %v", err)
			}
		}
		stop()
		work.Wait()
		for i, n := range count {
			if n == 0 {
				t.Errorf("worker %d did nothing", i)
			}
		}
	})
}

func TestASigningKeyShowsNoMaterial(t *testing.T) {
	s, _ := alone(t)
	r, err := s.inForce(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.rows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range r.keys {
		if text := fmt.Sprintf("%v %+v %#v %v %#v", k, k, k, rows[0], rows[0]); strings.Contains(text, "byte") || strings.Contains(text, "big") {
			t.Errorf("shows %s", text)
		}
	}
}

func FuzzVerify(f *testing.F) {
	s, _ := alone(f)
	for _, alg := range []identity.Algorithm{identity.RS256, identity.ES256} {
		text := sign(f, s, alg, "JWT", `{"sub":"x"}`)
		f.Add(text)
		f.Add(text + ".")
		f.Add(text[:len(text)-1])
	}
	f.Add(`{"payload":"","signatures":[{},{}]}`)
	f.Add("eyJhbGciOiJub25lIn0..")
	f.Add("eyJhbGciOiJFUzI1NiIsImtpZCI6bnVsbH0.e30.AA")
	f.Fuzz(func(t *testing.T, text string) {
		payload, _, err := s.Verify(t.Context(), text)
		switch {
		case err != nil && !fault.Is(err, fault.CodeTokenUnknown):
			t.Errorf("%q: got %v", text, err)
		case err == nil && string(payload) != `{"sub":"x"}`:
			t.Errorf("%q: verified %q, which nobody signed", text, payload)
		}
	})
}

func BenchmarkSign(b *testing.B) {
	s, _ := alone(b)
	payload := []byte(`{"iss":"https://id.example.com","sub":"0123456789abcdef0123456789abcdef","aud":"wiki","exp":1772443800,"iat":1772440200,"nonce":"n-0S6_WzA2Mj","name":"Alice"}`)
	for _, alg := range []identity.Algorithm{identity.ES256, identity.RS256} {
		b.Run(string(alg), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sign(b, s, alg, "JWT", string(payload))
			}
		})
		b.Run(string(alg)+" by the library", func(b *testing.B) {
			r, err := s.inForce(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			k := r.current[familyOf(alg)]
			key := jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: jose.JSONWebKey{Key: k.private, KeyID: k.id}}
			signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				signed, err := signer.Sign(payload)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := signed.CompactSerialize(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(string(alg)+" bare", func(b *testing.B) {
			r, err := s.inForce(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.current[familyOf(alg)].sign(alg, payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	s, _ := alone(b)
	text := sign(b, s, identity.ES256, "at+jwt", `{"iss":"https://id.example.com","sub":"0123456789abcdef0123456789abcdef"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := s.Verify(b.Context(), text); err != nil {
			b.Fatal(err)
		}
	}
}
