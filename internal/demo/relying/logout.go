package relying

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
)

// logout ends the session here, then at the provider.
func (a *application) logout(w http.ResponseWriter, r *http.Request) {
	var got *received
	if v := a.current(r); v != nil {
		a.mu.Lock()
		got, v.got = v.got, nil
		a.mu.Unlock()
	}
	p, err := a.party(r.Context())
	if err != nil || p.ends == "" {
		http.Redirect(w, r, "/"+a.Path+"/bye", http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, a.ending(p, got), http.StatusSeeOther)
}

func (a *application) bye(w http.ResponseWriter, _ *http.Request) {
	a.site.pages.Show(w, http.StatusOK, "bye.html", a.App)
}

// eventLogout is what a logout token is about (OpenID Connect Back-Channel
// Logout 1.0, 2.4).
const eventLogout = "http://schemas.openid.net/event/backchannel-logout"

// notice is what a logout token claims beside issuer, audience and times.
type notice struct {
	ID      string                     `json:"jti"`
	Session string                     `json:"sid"`
	Subject string                     `json:"sub"`
	Nonce   *string                    `json:"nonce"`
	Events  map[string]json.RawMessage `json:"events"`
}

// check applies the rules that a verifier of ID tokens does not know (2.6).
func (n notice) check() error {
	switch {
	case n.Session == "" && n.Subject == "":
		return errors.New("the token names neither a session nor a person")
	case n.Nonce != nil:
		return errors.New("an ID token is no logout token")
	case n.Events[eventLogout] == nil:
		return errors.New("the token is not about a logout")
	case n.ID == "":
		return errors.New("the token has no identifier")
	}
	return nil
}

// backchannel obeys the provider's word that a session has ended.
func (a *application) backchannel(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	p, err := a.party(r.Context())
	if err != nil {
		http.Error(w, "the provider cannot be asked for its keys", http.StatusServiceUnavailable)
		return
	}
	verifier := p.provider.VerifierContext(a.context(r.Context()), &oidc.Config{ClientID: a.ClientID, Now: a.site.options.Now})
	token, err := verifier.Verify(r.Context(), r.PostFormValue("logout_token"))
	var n notice
	if err == nil {
		err = token.Claims(&n)
	}
	if err == nil {
		err = n.check()
	}
	if err != nil {
		refuse(w, err)
		return
	}
	a.obey(n)
	w.WriteHeader(http.StatusOK)
}

// refuse answers as the standard writes it (2.8).
func refuse(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	// A provider that has gone away is not our trouble.
	_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_request", "error_description": err.Error()})
}

// obey ends every visit that the notice is about; one that comes again finds
// nothing left to end.
func (a *application) obey(n notice) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.site.options.Now()
	for id, at := range a.seen {
		if now.Sub(at) > visitLife {
			delete(a.seen, id)
		}
	}
	if _, before := a.seen[n.ID]; before {
		return
	}
	a.seen[n.ID] = now
	for _, v := range a.visits {
		if v.got != nil && (n.Session == "" || v.got.session == n.Session) && (n.Subject == "" || v.got.subject == n.Subject) {
			v.got, v.ended = nil, "The provider said that the session has ended, by the back channel."
		}
	}
}
