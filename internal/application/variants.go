package application

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/trace"
)

// variant is a text that somebody may sign in place of the right one.
type variant struct {
	check trace.Check
	text  string
}

// separators are what is put between the parts in place of the colon.
var separators = [...]string{"&", ",", ";", "|", "", " ", "\n", "_", "-", ".", "/", "#"}

// variants returns the texts that are signed by mistake, each once, the more
// telling ones first; the right one is not among them.
func variants(login SignedLogin, provider bool) []variant {
	right := string(appendText(nil, login, provider))
	list := &variantList{seen: map[string]bool{right: true}}
	list.fields(login, provider)
	list.shapes(login, provider, right)
	list.encodings(login, provider, right)
	return list.found
}

type variantList struct {
	seen  map[string]bool
	found []variant
}

func (l *variantList) add(check trace.Check, text string) {
	if !l.seen[text] {
		l.seen[text] = true
		l.found = append(l.found, variant{check, text})
	}
}

// fields: the right shape with another value in one place.
func (l *variantList) fields(login SignedLogin, provider bool) {
	text := func(change func(*SignedLogin)) string {
		changed := login
		change(&changed)
		return string(appendText(nil, changed, provider))
	}
	l.add(trace.NearMilliseconds, text(func(c *SignedLogin) { c.Expire *= 1000 }))
	l.add(trace.NearMilliseconds, text(func(c *SignedLogin) { c.Expire /= 1000 }))
	if login.UserName != "" {
		l.add(trace.NearUserName, text(func(c *SignedLogin) { c.UserID = c.UserName }))
	}
	l.add(trace.Signature, text(func(c *SignedLogin) { c.UserID = "" }))
	l.add(trace.Signature, text(func(c *SignedLogin) { c.UserID = "null" }))
	l.add(trace.Signature, text(func(c *SignedLogin) { c.UserID = strings.ToLower(c.UserID) }))
	l.add(trace.Signature, text(func(c *SignedLogin) { c.AppID = strings.ToUpper(c.AppID) }))
	l.add(trace.Signature, text(func(c *SignedLogin) { c.Nonce = strings.ToLower(c.Nonce) }))
	if login.ExpireText != "" {
		l.add(trace.Signature, strings.Join(partsOf(login, provider, login.ExpireText), ":"))
	}
}

// shapes: the right values with parts too few, too many or elsewhere.
func (l *variantList) shapes(login SignedLogin, provider bool, right string) {
	parts := partsOf(login, provider, strconv.FormatInt(login.Expire, 10))
	other := string(appendText(nil, login, !provider))
	l.add(trace.NearWrongMode, other)
	for _, text := range [...]string{right, other} {
		l.add(trace.NearPartsMissing, strings.Join(slices.DeleteFunc(strings.Split(text, ":"), isEmpty), ":"))
	}
	for i, part := range parts {
		check := trace.Signature
		if part == "" {
			check = trace.NearPartsMissing
		}
		l.add(check, strings.Join(slices.Delete(slices.Clone(parts), i, i+1), ":"))
	}
	l.add(trace.NearPartsMissing, right+":")
	l.add(trace.NearPartsMissing, ":"+right)
	reversed := slices.Clone(parts)
	slices.Reverse(reversed)
	l.add(trace.Signature, strings.Join(reversed, ":"))
	swapped := slices.Clone(parts)
	last := len(swapped) - 1
	swapped[last], swapped[last-1] = swapped[last-1], swapped[last]
	l.add(trace.Signature, strings.Join(swapped, ":"))
	for _, separator := range separators {
		l.add(trace.NearSeparator, strings.Join(parts, separator))
		l.add(trace.NearSeparator, strings.Join(slices.DeleteFunc(slices.Clone(parts), isEmpty), separator))
	}
	for _, end := range [...]string{"\n", "\r\n", "\r"} {
		l.add(trace.NearTrailingNewline, right+end)
	}
	l.add(trace.Signature, right+" ")
}

// encodings: the values written in another way.
func (l *variantList) encodings(login SignedLogin, provider bool, right string) {
	for _, encode := range [...]func(string) string{url.QueryEscape, url.PathEscape, lowerEscape, decoded} {
		user, all := login, login
		user.UserID = encode(user.UserID)
		all.UserID, all.Nonce, all.OrganizationRef = encode(all.UserID), encode(all.Nonce), encode(all.OrganizationRef)
		l.add(trace.NearURLEncoded, string(appendText(nil, user, provider)))
		l.add(trace.NearURLEncoded, string(appendText(nil, all, provider)))
		l.add(trace.NearURLEncoded, encode(right))
	}
}

// lowerEscape is url.QueryEscape with the lower-case digits of some libraries.
func lowerEscape(text string) string {
	escaped := []byte(url.QueryEscape(text))
	for i := 0; i+2 < len(escaped); i++ {
		if escaped[i] == '%' {
			copy(escaped[i+1:i+3], strings.ToLower(string(escaped[i+1:i+3])))
		}
	}
	return string(escaped)
}

// decoded is what an escaped text stands for; another stays as it is.
func decoded(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func isEmpty(part string) bool { return part == "" }

// partsOf returns the parts of the text that is to be signed.
func partsOf(login SignedLogin, provider bool, expire string) []string {
	if provider {
		return []string{login.AppID, login.OrganizationRef, login.UserID, expire, login.Nonce}
	}
	return []string{login.AppID, login.UserID, expire, login.Nonce}
}
