package relying

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// application is one of the site, with the browsers that are signed in.
type application struct {
	App
	site *Site

	mu     sync.Mutex
	known  *party
	visits map[string]*visit    // by the word in the cookie
	seen   map[string]time.Time // notices that were obeyed, by their identifier
}

// visit is a browser at an application.
type visit struct {
	began    time.Time
	asked    *question  // on the way to the provider and back
	got      *received  // nil while nobody is signed in
	renewed  int        // how often the access token was renewed
	renewing sync.Mutex // held while that is done
	ended    string     // why nobody is signed in any more, "" else
}

// question is what has to come back unchanged, or fit.
type question struct{ state, nonce, verifier string }

// visitLife is how long a browser is remembered.
const visitLife = time.Hour

func (a *application) cookie() string { return "relying_" + a.Path }

// current returns the browser's visit, or nil.
func (a *application) current(r *http.Request) *visit {
	c, err := r.Cookie(a.cookie())
	if err != nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	v := a.visits[c.Value]
	if v == nil || a.site.options.Now().Sub(v.began) > visitLife {
		return nil
	}
	return v
}

// begin gives the browser a fresh visit: the word of the old one, which
// somebody else may have set, is worth nothing afterwards.
func (a *application) begin(w http.ResponseWriter, r *http.Request, v *visit) {
	word := rand.Text()
	v.began = a.site.options.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	for old, other := range a.visits {
		if v.began.Sub(other.began) > visitLife {
			delete(a.visits, old)
		}
	}
	if c, err := r.Cookie(a.cookie()); err == nil {
		delete(a.visits, c.Value)
	}
	a.visits[word] = v
	http.SetCookie(w, &http.Cookie{Name: a.cookie(), Value: word, Path: "/" + a.Path + "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// passedOn are the parameters of a sign-in that one may try in the address.
var passedOn = []string{"prompt", "max_age", "login_hint", "ui_locales", "acr_values"}

// login sends the browser to the provider, with PKCE, state and nonce.
func (a *application) login(w http.ResponseWriter, r *http.Request) {
	p, err := a.party(r.Context())
	if err != nil {
		a.fail(w, "The provider cannot be reached", err)
		return
	}
	q := &question{state: rand.Text(), verifier: oauth2.GenerateVerifier()}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(q.verifier)}
	if !a.Plain {
		q.nonce = rand.Text()
		options = append(options, oidc.Nonce(q.nonce))
	}
	for name, values := range r.URL.Query() {
		if slices.Contains(passedOn, name) {
			options = append(options, oauth2.SetAuthURLParam(name, values[0]))
		}
	}
	a.begin(w, r, &visit{asked: q})
	http.Redirect(w, r, p.config.AuthCodeURL(q.state, options...), http.StatusSeeOther)
}

// callback takes the answer of the provider: the code is exchanged, and what
// comes of it is kept.
func (a *application) callback(w http.ResponseWriter, r *http.Request) {
	query, v := r.URL.Query(), a.current(r)
	q := a.answered(v, query.Get("state"))
	if q == nil {
		a.show(w, http.StatusBadRequest, view{Trouble: "This answer belongs to no sign-in that was begun in this browser"})
		return
	}
	if refusal := query.Get("error"); refusal != "" {
		a.show(w, http.StatusForbidden, view{Trouble: "The provider did not sign you in", Code: refusal, Cause: query.Get("error_description")})
		return
	}
	p, err := a.party(r.Context())
	if err != nil {
		a.fail(w, "The provider cannot be reached", err)
		return
	}
	// RFC 9207: an answer of another provider is not this one's.
	if issuer := query.Get("iss"); issuer != "" && issuer != a.site.options.Issuer {
		a.show(w, http.StatusBadRequest, view{Trouble: "This answer is of another provider"})
		return
	}
	ctx := a.context(r.Context())
	token, err := p.config.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(q.verifier))
	if err != nil {
		a.fail(w, "The code was not exchanged", err)
		return
	}
	got, err := a.receive(ctx, p, token, q.nonce)
	if err != nil {
		a.fail(w, "What the provider sent does not count", err)
		return
	}
	a.begin(w, r, &visit{got: &got})
	http.Redirect(w, r, "/"+a.Path+"/", http.StatusSeeOther)
}

// answered returns the question that a state answers, once.
func (a *application) answered(v *visit, state string) *question {
	if v == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	q := v.asked
	if q == nil || state != q.state {
		return nil
	}
	v.asked = nil
	return q
}

// refresh renews the access token and asks for user info again.
func (a *application) refresh(w http.ResponseWriter, r *http.Request) {
	v := a.current(r)
	p, err := a.party(r.Context())
	if v == nil || err != nil {
		http.Redirect(w, r, "/"+a.Path+"/", http.StatusSeeOther)
		return
	}
	a.renew(r.Context(), p, v)
	http.Redirect(w, r, "/"+a.Path+"/", http.StatusSeeOther)
}

// renew redeems the refresh token of a visit: one at a time, as it counts once.
func (a *application) renew(ctx context.Context, p *party, v *visit) {
	v.renewing.Lock()
	defer v.renewing.Unlock()
	a.mu.Lock()
	before := v.got
	a.mu.Unlock()
	if before == nil {
		return
	}
	next, ctx := *before, a.context(ctx)
	// Without an access token the library renews at once.
	token, err := p.config.TokenSource(ctx, &oauth2.Token{RefreshToken: before.token.RefreshToken}).Token()
	if err == nil {
		next.token = token
		err = a.ask(ctx, p, &next)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case v.got != before: // signed out meanwhile
	case err != nil:
		v.got, v.ended = nil, "The provider renews nothing any more: "+err.Error()
	default:
		v.got = &next
		v.renewed++
	}
}

// exitURL is where the provider sends people after signing them out.
func (a *application) exitURL() string { return a.site.options.Address + "/" + a.Path + "/bye" }

// ending is the provider's address that signs a person out (OpenID Connect
// RP-Initiated Logout 1.0, 2).
func (a *application) ending(p *party, got *received) string {
	query := url.Values{"client_id": {a.ClientID}, "post_logout_redirect_uri": {a.exitURL()}, "state": {rand.Text()}}
	if got != nil && got.idToken != "" {
		query.Set("id_token_hint", got.idToken)
	}
	return p.ends + "?" + query.Encode()
}
