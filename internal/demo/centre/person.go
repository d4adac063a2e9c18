package centre

import (
	"fmt"
	"hash/fnv"
	"html"
	"net/http"
	"unicode/utf8"
)

// personAnswer is what an app learns about a person: WeChat's fields, and mail
// and mobile, which an enterprise's own centre adds.
type personAnswer struct {
	OpenID    string   `json:"openid"`
	Nickname  string   `json:"nickname"`
	Sex       int      `json:"sex"`
	Language  string   `json:"language"`
	City      string   `json:"city"`
	Province  string   `json:"province"`
	Country   string   `json:"country"`
	Picture   string   `json:"headimgurl"`
	Privilege []string `json:"privilege"`
	UnionID   string   `json:"unionid"`
	Email     string   `json:"email,omitempty"`
	Mobile    string   `json:"mobile,omitempty"`
}

// userinfo says who signed in. Without a token it is the page of /connect/
// qrconnect: the printed example of the SSO API names this one address for
// both.
func (c *Centre) userinfo(w http.ResponseWriter, r *http.Request) {
	if !r.URL.Query().Has("access_token") && r.Header.Get("Authorization") == "" {
		c.ask(w, r)
		return
	}
	g, no := c.holder(r)
	p := g.person
	c.say(w, personAnswer{
		OpenID: p.OpenID, Nickname: p.Nickname, Sex: p.Sex, City: p.City, Province: p.Province, Country: p.Country,
		Picture: c.options.Address + "/portraits/" + p.OpenID, Privilege: []string{}, UnionID: unionID(p), Email: p.Email, Mobile: p.Mobile,
	}, no)
}

// portrait draws a person: the first letter of the name on a colour of its
// own.
func (c *Centre) portrait(w http.ResponseWriter, r *http.Request) {
	for _, p := range c.options.People {
		if p.OpenID != r.PathValue("openid") {
			continue
		}
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(p.OpenID))
		letter, _ := utf8.DecodeRuneInString(p.Nickname)
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		_, _ = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="hsl(%d 45%% 35%%)"/>`+
			`<text x="48" y="64" font-family="sans-serif" font-size="46" text-anchor="middle" fill="#fff">%s</text></svg>`,
			hash.Sum32()%360, html.EscapeString(string(letter)))
		return
	}
	http.NotFound(w, r)
}
