package centre

import (
	"crypto/rand"
	"sync"
	"time"
)

// How long things live, as WeChat documents them.
const (
	codeLife    = 10 * time.Minute
	accessLife  = 2 * time.Hour
	refreshLife = 30 * 24 * time.Hour
)

// code is what the browser brings to the app.
type code struct {
	app, scope string
	person     Person
	redirect   string // the address it was made for
	ends       time.Time
	used       bool
}

// grant is a sign-in for which an app holds a pair of tokens.
type grant struct {
	app, scope      string
	person          Person
	access, refresh string
	accessEnds      time.Time
	refreshEnds     time.Time
}

// grants remembers codes and tokens, and forgets them when they have ended.
type grants struct {
	now func() time.Time

	mu      sync.Mutex
	codes   map[string]*code
	access  map[string]*grant
	refresh map[string]*grant
}

func newGrants(now func() time.Time) *grants {
	return &grants{now: now, codes: map[string]*code{}, access: map[string]*grant{}, refresh: map[string]*grant{}}
}

// issue makes a code.
func (g *grants) issue(c code) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	secret := rand.Text()
	c.ends = g.now().Add(codeLife)
	g.codes[secret] = &c
	return secret
}

// sweep forgets what has ended so long ago that nobody is told the difference
// between "ended" and "never was" any more.
func (g *grants) sweep() {
	now := g.now()
	for secret, c := range g.codes {
		if now.After(c.ends.Add(codeLife)) {
			delete(g.codes, secret)
		}
	}
	for token, held := range g.refresh {
		if now.After(held.refreshEnds) {
			delete(g.refresh, token)
			delete(g.access, held.access)
		}
	}
}

// redeem turns a code into a grant, once. redirect is the address that the app
// says it was made for; "" does not say, as in WeChat's words.
func (g *grants) redeem(app, secret, redirect string) (grant, refusal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.codes[secret]
	switch {
	case c == nil || c.app != app || (redirect != "" && redirect != c.redirect):
		return grant{}, invalidCode
	case c.used:
		return grant{}, usedCode
	case !g.now().Before(c.ends):
		return grant{}, endedCode
	}
	c.used = true
	now := g.now()
	made := &grant{
		app: app, scope: c.scope, person: c.person, access: rand.Text() + rand.Text(), refresh: rand.Text() + rand.Text(),
		accessEnds: now.Add(accessLife), refreshEnds: now.Add(refreshLife),
	}
	g.access[made.access], g.refresh[made.refresh] = made, made
	return *made, refusal{}
}

// renew gives a token a longer life: the same token while it lives, a new one
// when it has ended.
func (g *grants) renew(app, refresh string) (grant, refusal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	held := g.refresh[refresh]
	now := g.now()
	switch {
	case held == nil || held.app != app:
		return grant{}, invalidRefresh
	case !now.Before(held.refreshEnds):
		return grant{}, endedRefresh
	case !now.Before(held.accessEnds):
		delete(g.access, held.access)
		held.access = rand.Text() + rand.Text()
		g.access[held.access] = held
	}
	held.accessEnds = now.Add(accessLife)
	return *held, refusal{}
}

// find returns the grant of a live access token.
func (g *grants) find(access string) (grant, refusal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	held := g.access[access]
	switch {
	case access == "":
		return grant{}, missingToken
	case held == nil:
		return grant{}, invalidToken
	case !g.now().Before(held.accessEnds):
		return grant{}, endedToken
	}
	return *held, refusal{}
}
