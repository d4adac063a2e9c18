package signin

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// passage is what a conversation on the way to an application remembers.
type passage struct {
	Application identity.ApplicationID  `json:"application"`
	Owner       identity.OrganizationID `json:"owner"`
	ClientID    string                  `json:"client_id"`
	Name        string                  `json:"name"`
	Icon        string                  `json:"icon,omitempty"` // digest, "" for none
	EndsAt      string                  `json:"ends_at,omitempty"`
	LoginName   string                  `json:"login_name,omitempty"`
	Languages   []string                `json:"languages,omitempty"`
	// NotBefore is the instant, in Unix milliseconds, before which no proof
	// counts; 0 takes any.
	NotBefore int64 `json:"not_before,omitempty"`
	// Elsewhere asks for a proof of the application's own organisation.
	Elsewhere bool `json:"elsewhere,omitempty"`
	// Second asks for a second proof, whatever the access policies say.
	Second bool     `json:"second,omitempty"`
	Scopes []string `json:"scopes,omitempty"` // for which consent is asked
	// Began is when the conversation began, in Unix milliseconds: whoever was
	// proven since then has chosen the account by that.
	Began int64 `json:"began"`
	// Chosen and Agreed are the sessions whose person chose the account, and
	// agreed to the scopes, on a page of this conversation.
	Chosen identity.SessionID `json:"chosen,omitempty"`
	Agreed identity.SessionID `json:"agreed,omitempty"`
	Denied bool               `json:"denied,omitempty"`
	// Verifying is the second proof that was asked for, nil for none.
	Verifying *verifying `json:"verifying,omitempty"`
	// Code is of the story in which somebody was kept out, "" for none.
	Code string `json:"code,omitempty"`
}

// newPassage is what a conversation for a demand begins with, or goes on with.
func (s *Surface) newPassage(g *gate) *passage {
	d, a := g.demand, g.demand.Application
	p := &passage{
		Application: a.ID, Owner: a.OrganizationID, ClientID: a.ClientID, Name: a.Name, Icon: a.IconDigest,
		EndsAt: d.EndsAt, LoginName: d.LoginName, Languages: d.Languages, NotBefore: since(d.NotBefore), Scopes: d.Scopes,
		Began: s.Now().UnixMilli(), Second: g.second,
	}
	if before := g.flow.Passage; before != nil {
		p.Began, p.Chosen, p.Agreed, p.Verifying = before.Began, before.Chosen, before.Agreed, before.Verifying
	}
	return p
}

// application is what the rest of the product needs to know of it.
func (p *passage) application() identity.Application {
	return identity.Application{ID: p.Application, OrganizationID: p.Owner, ClientID: p.ClientID, Name: p.Name, IconDigest: p.Icon}
}

// shown is what pages show of it.
func (p *passage) shown() pages.Application {
	if p == nil {
		return pages.Application{}
	}
	shown := pages.Application{Name: p.Name}
	if p.Icon != "" {
		shown.Icon = iconPath(p.ClientID, p.Icon)
	}
	return shown
}

// proves reports whether a session's proof is good enough for the way.
func (p *passage) proves(k identity.Session) bool {
	return p == nil || k.ProvenAt.UnixMilli() >= p.NotBefore && (!p.Elsewhere || crosses(k, p.Owner))
}

// afresh is the instant, in Unix milliseconds, before which lie all proofs so
// far of who is signed in.
func (s *Surface) afresh(v *visit) int64 {
	return max(s.Now().UnixMilli(), v.signed.Session.ProvenAt.UnixMilli()+1)
}

// crosses reports whether a session counts in an organisation: its own, or,
// for a person with places in several, any when our own password proved them.
// What an organisation's centre or App ID says of somebody counts in that
// organisation alone.
func crosses(k identity.Session, org identity.OrganizationID) bool {
	return k.OrganizationID == org || k.SourceID == "" && k.Proven(identity.ByPassword)
}

// proven reports whether somebody is signed in and needs to prove nothing more
// for the conversation.
func (v *visit) proven() bool { return v.signed != nil && v.flow.Passage.proves(v.signed.Session) }

// withFlow adds the conversation to an address of ours that was asked for by
// somebody else, whose query stays byte by byte.
func withFlow(address, id string) string {
	if id == "" {
		return address
	}
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + pages.FlowField + "=" + id
}

// withoutFlow is the address of a request as it was asked for, without the
// conversation that withFlow added.
func withoutFlow(r *http.Request) string {
	query := slices.DeleteFunc(strings.Split(r.URL.RawQuery, "&"), func(pair string) bool {
		return pair == "" || strings.HasPrefix(pair, pages.FlowField+"=")
	})
	if len(query) == 0 {
		return r.URL.EscapedPath()
	}
	return r.URL.EscapedPath() + "?" + strings.Join(query, "&")
}

// onward lists where a form may end that leads to an application: at its
// address, and wherever that sends the browser at once. Chromium measures each
// redirect after a posted form by the form-action of its page, and an
// application that is itself a gate, or that stands at another host than its
// call-back, sends it on.
func onward(address string) []string {
	scheme, _, found := strings.Cut(address, "://")
	if !found {
		return []string{address}
	}
	return []string{address, scheme + ":"}
}

// since is the instant of a demand as it is compared: databases store
// milliseconds.
func since(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
