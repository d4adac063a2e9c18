package application

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// Finding is one thing the maker of a signature probably did: a signature made
// so is the one that came. Detail holds the text that is to be signed and the
// one that was, or tells about the key. It never holds a key or a signature.
type Finding struct {
	// Check is a near miss; trace.Signature stands for those without a name.
	Check trace.Check
	// Right: the signature is the right one; what is wrong lies elsewhere.
	Right  bool
	Detail trace.Detail
	// Text is what was signed, where it is known and is not the right text.
	Text string
}

const (
	// maxOthers bounds the other App IDs of an owner whose keys are tried.
	maxOthers = 20
	// maxTries bounds the hashes of one explanation.
	maxTries = 160
	// explainWithin bounds what an explanation waits for the database.
	explainWithin = 2 * time.Second
)

// Explain looks for what went wrong with a login that Verify refused and
// writes it into the story as near misses. Call it after the refusal was
// answered, where nobody can measure it: its time depends on keys. It does
// nothing while too many explanations are asked for.
func (a *Applications) Explain(login SignedLogin, story *trace.Story) {
	if story == nil || !a.explain.AllowN(a.options.Now(), 1) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), explainWithin)
	defer cancel()
	e, err := a.find(ctx, login.AppID)
	if err != nil || e == nil {
		return // an explanation is a kindness: the refusal stands without it
	}
	s := newSearch(login, e.app.OfProvider())
	if !s.digested {
		return
	}
	now := a.options.Now()
	for _, key := range e.keys {
		switch {
		case s.done:
		case key.live(now):
			s.key(key.macKey, a.newMAC)
		default:
			s.as(key.macKey, s.right, Finding{Check: trace.NearPreviousKey, Detail: trace.Detail{Received: "ended " + key.endsAt.Format(time.RFC3339)}})
		}
	}
	if len(s.findings) == 0 {
		a.tryOthers(ctx, s, e.app)
	}
	if len(s.findings) == 0 {
		// No likely mistake: what should have been signed is then all there is to
		// tell. It is made of what was sent, and holds no secret.
		story.Check(trace.Signature, false, trace.Detail{Expected: s.right})
	}
	s.tell(story)
}

// tell writes the near misses into a story.
func (s *search) tell(story *trace.Story) {
	for _, f := range s.findings {
		if !f.Right {
			story.Check(f.Check, false, f.Detail)
		}
	}
}

// tryOthers tries the current keys of other App IDs of the same owner.
func (a *Applications) tryOthers(ctx context.Context, s *search, app identity.AppID) {
	var others []identity.AppID
	err := a.db.View(ctx, func(tx *store.Tx) (err error) {
		others, err = tx.AppIDs.Page(app.OrganizationID, 0, maxOthers)
		return err
	})
	if err == nil {
		s.others(app.ID, others, a.newMAC)
	}
}

// others tries the current keys of App IDs other than the one that signed.
func (s *search) others(id string, others []identity.AppID, newMAC macMaker) {
	for _, other := range others {
		if other.ID != id && len(other.Keys) > 0 {
			s.as(newMacKey(other.Keys[0].Secret, newMAC), s.right,
				Finding{Check: trace.NearOtherAppKey, Detail: trace.Detail{Expected: id, Received: other.ID}})
		}
	}
}

// ExplainWithKey looks for what went wrong with a signature made with one of
// the keys, for an App ID of the provider or of an organisation. It needs no
// database. Without any finding the key is probably another one.
func ExplainWithKey(login SignedLogin, keys []string, provider bool) []Finding {
	s := newSearch(login, provider)
	for _, key := range keys {
		if s.digested && !s.done {
			s.key(newMacKey(key, newMAC), newMAC)
		}
	}
	return s.findings
}

// search compares one signature with what wrong ways of signing give.
type search struct {
	login    SignedLogin
	right    string // the text that is to be signed
	texts    []variant
	digest   [sha256.Size]byte
	digested bool // digest is what the signature says
	spelling Finding
	tries    int
	done     bool // the right text and key were found
	findings []Finding
}

func newSearch(login SignedLogin, provider bool) *search {
	s := &search{login: login, right: string(appendText(nil, login, provider)), texts: variants(login, provider)}
	s.digested = s.read(login.Signature)
	return s
}

// read takes the digest out of a signature, however it is spelled.
func (s *search) read(signature string) bool {
	spelled := func(how string) Finding {
		return Finding{Check: trace.HeaderSignature, Detail: trace.Detail{Expected: "64 hexadecimal digits", Received: how}}
	}
	if len(signature) > 256 {
		return false
	}
	if s.take(hex.DecodeString(signature)) {
		return true
	}
	trimmed := strings.TrimPrefix(strings.ToLower(strings.Trim(signature, " \t\r\n\"'")), "0x")
	if s.take(hex.DecodeString(trimmed)) {
		s.spelling = spelled("the digits with something around them")
		return true
	}
	for _, encoding := range base64s {
		decoded, err := encoding.DecodeString(signature)
		if s.take(decoded, err) {
			s.spelling = spelled("the digest in Base64")
			return true
		}
		if s.take(hex.DecodeString(string(decoded))) {
			s.spelling = spelled("the digits in Base64")
			return true
		}
	}
	return false
}

var base64s = [...]*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding}

func (s *search) take(digest []byte, err error) bool {
	return err == nil && len(digest) == len(s.digest) && copy(s.digest[:], digest) > 0
}

// key tries every text with a key, and the right text with every reading of
// the key.
func (s *search) key(key *macKey, newMAC macMaker) {
	if s.matches(key, s.right) {
		f := s.spelling
		if f.Check == "" {
			f = Finding{Check: trace.Signature, Right: true}
		}
		s.findings, s.done = append(s.findings, f), true
		return
	}
	for _, v := range s.texts {
		s.as(key, v.text, Finding{Check: v.check, Detail: trace.Detail{Expected: s.right, Received: v.text}, Text: v.text})
	}
	for _, r := range readings(key.secret) {
		s.as(newMacKey(r.text, newMAC), s.right, Finding{Check: r.check, Detail: trace.Detail{Expected: "the key as it is written", Received: r.how}})
	}
	// HMAC's two arguments in the wrong order.
	s.as(newMacKey(s.right, newMAC), key.secret, Finding{
		Check:  trace.Signature,
		Detail: trace.Detail{Expected: "the key as key, the text as message", Received: "the text as key, the key as message"},
	})
}

// as notes a finding when the key and the text give the signature.
func (s *search) as(key *macKey, text string, f Finding) {
	if s.matches(key, text) {
		s.findings = append(s.findings, f)
		if s.spelling.Check != "" {
			s.findings = append(s.findings, s.spelling)
		}
	}
}

func (s *search) matches(key *macKey, text string) bool {
	if s.tries == maxTries {
		return false
	}
	s.tries++
	return key.matches([]byte(text), s.digest[:])
}

// reading is one way to misread a key.
type reading struct {
	check trace.Check
	text  string
	how   string
}

func readings(key string) []reading {
	list := []reading{
		{trace.NearTrailingNewline, key + "\n", "the key with a line feed behind it"},
		{trace.NearTrailingNewline, key + "\r\n", "the key with a line break behind it"},
	}
	if decoded, err := hex.DecodeString(key); err == nil {
		list = append(list, reading{trace.NearKeyBase64, string(decoded), "the key decoded from hexadecimal"})
	}
	for _, encoding := range base64s {
		if decoded, err := encoding.DecodeString(key); err == nil {
			list = append(list, reading{trace.NearKeyBase64, string(decoded), "the key decoded from Base64"})
			break
		}
	}
	return append(list, reading{trace.NearKeyBase64, base64.StdEncoding.EncodeToString([]byte(key)), "the key encoded in Base64"})
}
