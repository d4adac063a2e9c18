package source

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

const (
	// maxAccount is how long a subject may be, in characters: OpenID Connect
	// Core, 2, bounds sub so.
	maxAccount = 255
	// maxThirdAccount is how long one may be to be a third account too.
	maxThirdAccount = 64
)

// document is one answer in which a field may stand.
type document struct {
	name   string
	fields map[string]any
}

// tokenDocument is the answer that holds tokens, too.
const tokenDocument = "token answer"

// documents are the answers in the order in which a field is looked for
// (Meeting API, 4.3).
func (t *turn) documents() []document {
	said := []document{{"UserInfo", t.userInfo}, {"ID token", t.idToken}}
	if t.provider != nil {
		return said // nothing but claims
	}
	return append(said, document{tokenDocument, t.token})
}

// find looks a path up in every answer.
func (t *turn) find(path string) (value any, in document, found bool) {
	for _, d := range t.documents() {
		if value, found = lookup(d.fields, path); found {
			return value, d, true
		}
	}
	return nil, document{}, false
}

// cameWith lists the fields that did come, for whoever looks for a path.
func (t *turn) cameWith() string {
	var parts []string
	for _, d := range t.documents() {
		if len(d.fields) > 0 {
			parts = append(parts, d.name+": "+strings.Join(fieldNames(d.fields), ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// profile reads the fields that enterprise SSO configures. The account must be
// there; the others only warn.
func (t *turn) profile() (identity.Profile, error) {
	account, err := t.account(t.o.AccountField)
	if err != nil {
		return identity.Profile{}, err
	}
	p := identity.Profile{Subject: account, Account: account}
	t.story.About("", account)
	p.Name, _ = t.optional(trace.NameField, t.o.Fields.Name)
	var in document
	if p.Email, in = t.optional(trace.EmailField, t.o.Fields.Email); t.o.Fields.Email == "email" {
		// The claims of OpenID Connect Core, 5.1, speak of the address beside
		// them and of no other.
		p.EmailVerified = p.Email != "" && in.fields["email_verified"] == true
	}
	if p.Mobile, in = t.optional(trace.MobileField, t.o.Fields.Mobile); t.o.Fields.Mobile == "phone_number" {
		p.MobileVerified = p.Mobile != "" && in.fields["phone_number_verified"] == true
	}
	p.Picture, _ = t.optional(trace.PictureField, t.o.Fields.Picture)
	if p.Picture != "" && !isWebAddress(p.Picture) {
		t.story.Warn(trace.PictureField, trace.Detail{Expected: "an http or https address", Received: "another text"})
		p.Picture = ""
	}
	return p, nil
}

// account reads the account, by which the person is known at the source.
func (t *turn) account(path string) (string, error) {
	value, in, found := t.find(path)
	text, ok := asText(value)
	switch {
	case !found || ok && strings.TrimSpace(text) == "":
		return "", t.fail(trace.AccountField, trace.Detail{Expected: path, Received: t.cameWith()}, nil)
	case !ok:
		return "", t.fail(trace.AccountType, trace.Detail{Expected: path + " as a text or a whole number", Received: kindOf(value)}, nil)
	case !visible(text) || utf8.RuneCountInString(text) > maxAccount:
		got := fmt.Sprintf("%d characters", utf8.RuneCountInString(text))
		return "", t.fail(trace.AccountLength, trace.Detail{Expected: "1 to 255 visible characters", Received: got}, nil)
	}
	t.story.Check(trace.AccountField, true, trace.Detail{Expected: path, Received: text + " (" + in.name + ")"})
	if !t.own && (utf8.RuneCountInString(text) > maxThirdAccount || strings.Contains(text, ":")) {
		t.story.Warn(trace.AccountForm, trace.Detail{Expected: "1 to 64 characters without a colon", Received: text})
	}
	return text, nil
}

// maxField bounds what is read of a field that no sign-in depends on.
const maxField = 2048

// optional reads a configured field that may be missing. The value is not
// written into the story: it is about the person and not about the settings.
func (t *turn) optional(check trace.Check, path string) (string, document) {
	if path == "" {
		return "", document{}
	}
	value, in, found := t.find(path)
	text, ok := asText(value)
	switch {
	case !found:
		t.story.Warn(check, trace.Detail{Expected: path, Received: t.cameWith()})
	case !ok, !visible(text), len(text) > maxField:
		t.story.Warn(check, trace.Detail{Expected: path + " as a visible text", Received: kindOf(value)})
	case strings.TrimSpace(text) == "":
		t.story.Note(check, trace.Detail{Expected: path, Received: "empty (" + in.name + ")"})
	default:
		t.story.Check(check, true, trace.Detail{Expected: path, Received: kindOf(value) + " (" + in.name + ")"})
		return strings.TrimSpace(text), in
	}
	return "", document{}
}
