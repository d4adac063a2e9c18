package session

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// Cookies writes and reads one cookie: that of sessions or that of the sign-in
// conversation.
type Cookies struct {
	name   string
	secure bool
	life   time.Duration // 0 means until the browser is closed
}

// flowLife is how long a sign-in conversation may take.
const flowLife = 10 * time.Minute

// NewCookies returns the session cookie of an installation at an address. It
// goes when the browser is closed; the session's own ends are the server's.
//
// With https its name begins with __Host-, so that no neighbouring host can
// plant one (RFC 6265bis, 4.1.3.2). Without, which is for trying the product
// on one machine, the name tells installations apart that share a host name.
func NewCookies(base *url.URL) Cookies {
	if base.Scheme == "https" {
		return Cookies{name: "__Host-orgate", secure: true}
	}
	sum := sha256.Sum256([]byte(base.String()))
	return Cookies{name: "orgate_" + hex.EncodeToString(sum[:4])}
}

// NewFlowCookies returns the cookie of the sign-in conversation, which lives
// for ten minutes.
func NewFlowCookies(base *url.URL) Cookies {
	c := NewCookies(base)
	c.name += "_flow"
	c.life = flowLife
	return c
}

// NewConnectCookies returns the cookie of a browser that fills in a source by a
// set-up link. It may live as long as a link does; the link's own end is the
// server's.
func NewConnectCookies(base *url.URL) Cookies {
	c := NewCookies(base)
	c.name += "_connect"
	c.life = identity.SetupLinkLife
	return c
}

// Name returns the name of the cookie.
func (c Cookies) Name() string { return c.name }

// Write gives the browser a word.
func (c Cookies) Write(w http.ResponseWriter, word string) {
	http.SetCookie(w, c.cookie(word, int(c.life/time.Second)))
}

// Clear takes the word from the browser.
func (c Cookies) Clear(w http.ResponseWriter) {
	http.SetCookie(w, c.cookie("", -1))
}

// Read returns the word a browser sent. Of two cookies of the name one was
// planted, and nobody knows which: neither is read.
func (c Cookies) Read(r *http.Request) (word string, ok bool) {
	found := r.CookiesNamed(c.name)
	if len(found) != 1 || found[0].Value == "" {
		return "", false
	}
	return found[0].Value, true
}

// cookie is out of reach of scripts, and goes along when a person comes from
// elsewhere by a link, but with nothing that another site posts or embeds
// (RFC 6265bis, 5.6.7).
func (c Cookies) cookie(word string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: c.name, Value: word, Path: "/", MaxAge: maxAge, Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
