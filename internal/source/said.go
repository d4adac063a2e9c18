package source

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// stablePaths is where the name of a person for ever is looked for while no
// path is set: sub of OpenID Connect, id of most others. A mail address is
// never taken for it: it is given to somebody else some day.
func (o OAuth2) stablePaths() []string {
	if o.dialect() == DialectWeChat {
		return []string{"openid"}
	}
	return []string{"sub", "id"}
}

// subjectPath is the configured path of the subject, or the first usual one
// under which something came.
func (t *turn) subjectPath() string {
	if t.o.AccountField != "" {
		return t.o.AccountField
	}
	paths := t.o.stablePaths()
	if t.provider != nil {
		// The ID token's, which user info has to share (Core, 5.3.2).
		paths = []string{"sub"}
	}
	for _, path := range paths {
		if _, _, found := t.find(path); found {
			return path
		}
	}
	return strings.Join(paths, ", ")
}

// standing reads what a source of its own says: the subject, the claims of
// OpenID Connect Core, 5.1, where they came, and what the rules look at.
func (t *turn) standing() (identity.Profile, error) {
	subject, err := t.account(t.subjectPath())
	if err != nil {
		return identity.Profile{}, err
	}
	if looksLikeMail(subject) {
		t.story.Warn(trace.SubjectStable, trace.Detail{Expected: "a name that is never given to somebody else", Received: "a mail address"})
	}
	p := identity.Profile{Subject: subject, Said: map[string]string{}}
	t.story.About("", subject)
	for _, name := range t.reads {
		if value, in, found := t.find(name); found && (in.name != tokenDocument || !holdsToken(name)) {
			if text, ok := plainText(value); ok {
				p.Said[name] = text
			}
		}
	}
	var in document
	p.Name, _ = t.claim("name")
	account, _ := t.claim("preferred_username")
	p.Account = cmp.Or(account, subject)
	p.Email, in = t.claim("email")
	p.EmailVerified, p.EmailDoubted = t.verified(in, "email")
	p.Mobile, in = t.claim("phone_number")
	p.MobileVerified, p.MobileDoubted = t.verified(in, "phone_number")
	if p.Picture, _ = t.claim("picture"); p.Picture != "" && !isWebAddress(p.Picture) {
		p.Picture = ""
	}
	p.SessionID, _ = asText(t.idToken["sid"])
	t.tellSaid(p.Said)
	return p, nil
}

// tellSaid writes into the story under which of the names something came. The
// values are about the person and not about the settings.
func (t *turn) tellSaid(said map[string]string) {
	for _, name := range t.reads {
		if value, found := said[name]; found {
			t.story.Check(trace.AttributeCame, true, trace.Detail{Expected: name, Received: kindOf(value)})
			continue
		}
		t.story.Warn(trace.AttributeCame, trace.Detail{Expected: name, Received: t.cameWith()})
	}
}

// claim reads a standard claim where it came, with the answer in which it
// stands; nobody is told when there is none.
func (t *turn) claim(name string) (string, document) {
	value, in, found := t.find(name)
	text, ok := plainText(value)
	if !found || !ok {
		return "", document{}
	}
	return text, in
}

// verified reads what the answers say of a claim that was taken out of one of
// them. Only a JSON true beside the claim proves it. Anything else under that
// name in any answer, and another value of the claim, makes it doubtful: user
// info may name an address of which the ID token's proof does not speak.
func (t *turn) verified(in document, name string) (proven, doubted bool) {
	for _, d := range t.documents() {
		value, there := d.fields[name+"_verified"]
		other, named := plainText(d.fields[name])
		chosen, _ := plainText(in.fields[name])
		doubted = doubted || there && value != true || named && other != chosen
	}
	return in.fields[name+"_verified"] == true && !doubted, doubted
}

// plainText is a value as the rules look at it: a text or a whole number,
// true or false, and of a list its first entry. It is visible and at most 2048
// bytes long.
func plainText(value any) (string, bool) {
	switch v := value.(type) {
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	case []any:
		if len(v) == 0 {
			return "", false
		}
		value = v[0]
	}
	text, ok := asText(value)
	text = strings.TrimSpace(text)
	return text, ok && text != "" && visible(text) && len(text) <= maxField
}

// holdsToken keeps the tokens of a token answer out of what is remembered of a
// person.
func holdsToken(name string) bool { return strings.Contains(strings.ToLower(name), "token") }

// looksLikeMail recognises mail addresses, which name nobody for ever.
func looksLikeMail(text string) bool {
	before, after, found := strings.Cut(text, "@")
	return found && before != "" && strings.Contains(after, ".") && utf8.ValidString(text)
}
