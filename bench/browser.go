package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
)

// Where browsers go.
const (
	ssoPath      = "/sso"
	loginPath    = "/login"
	callbackPath = "/sso/callback/"
)

// publicAddress is what the server believes to be called. Its cookies are named
// after it.
func publicAddress() *url.URL { return &url.URL{Scheme: "http", Host: "127.0.0.1"} }

// browserWord is in the flow cookie of every browser, as a server would have
// put it there when it showed the page before.
const browserWord = "bench-0123456789abcdefghijklmnopqrstuvwxyz0"

// appendVisit appends what a browser sends, whose address is another each time:
// sign-ins are limited by address.
func appendVisit(buf []byte, method, target, header, form string) []byte {
	buf = fmt.Appendf(buf, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 10.%d.%d.%d\r\n",
		method, target, rand.IntN(256), rand.IntN(256), 1+rand.IntN(254))
	buf = append(buf, "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"+
		"Accept: text/html,application/xhtml+xml\r\nAccept-Language: en-US\r\nSec-Fetch-Site: same-origin\r\n"...)
	return fmt.Appendf(buf, "%sContent-Length: %d\r\n\r\n%s", header, len(form), form)
}

// flowCookie is the header of a browser that saw a page of the sign-in before.
func flowCookie() string {
	return "Cookie: " + session.NewFlowCookies(publicAddress()).Name() + "=" + browserWord + "\r\n"
}

// ssoPage opens the page on which a domain is typed, in a browser without
// cookies.
func ssoPage(_ *population, path string) source {
	return func(_ int, buf []byte) []byte { return appendVisit(buf, http.MethodGet, path, "", "") }
}

// ssoLogin begins a sign-in at the centre of any organisation that has one.
// What follows is in ssoReturn.
func ssoLogin(p *population, path string) source {
	cookie := flowCookie()
	var domains []string
	for _, t := range p.tenants {
		if t.source != "" {
			domains = append(domains, t.domain)
		}
	}
	return func(_ int, buf []byte) []byte {
		query := url.Values{"domain": {domains[rand.IntN(len(domains))]}, "client": {"web"}}
		return appendVisit(buf, http.MethodGet, path+"?"+query.Encode(), cookie, "")
	}
}

// ssoReturn brings a browser back that the server sent to a centre, as one of
// those who sign in often. What it does at the centre is the centre's own
// matter and is left out. A sign-in is complete when the server leads on with a
// session.
func ssoReturn(p *population) sequel {
	cookie := flowCookie()
	tenants := map[string]int{}
	for i, t := range p.tenants {
		tenants[string(t.source)] = i
	}
	return func(status int, l *line, buf []byte) ([]byte, bool) {
		if status == http.StatusSeeOther {
			return nil, l.entered()
		}
		to, err := url.Parse(l.location)
		if err != nil || status != http.StatusFound {
			return nil, false
		}
		back, err := url.Parse(to.Query().Get("redirect_uri"))
		if err != nil {
			return nil, false
		}
		tenant, known := tenants[strings.TrimPrefix(back.Path, callbackPath)]
		query := url.Values{"code": {thirdAccount(busyOf(p, tenant))}, "state": {to.Query().Get("state")}}
		return appendVisit(buf, http.MethodGet, back.Path+"?"+query.Encode(), cookie, ""), known
	}
}

// busyOf draws from the members of an organisation who sign in often.
func busyOf(p *population, tenant int) int {
	n := len(p.tenants)
	return tenant + n*rand.IntN(max(1, min(busyMembers, len(p.tokens))/n))
}

// pageLogin posts the form of account and password.
func pageLogin(p *population, path string) source {
	header := flowCookie() + "Content-Type: application/x-www-form-urlencoded\r\n"
	token := session.FormToken(browserWord)
	return func(_ int, buf []byte) []byte {
		form := url.Values{"account": {p.account(byPassword(p))}, "password": {password}, pages.CSRFField: {token}}
		return appendVisit(buf, http.MethodPost, path, header, form.Encode())
	}
}

// entered tells whether the answer gives the browser a session and leads on.
func (l *line) entered() bool {
	return l.location == "/" && strings.Contains(l.cookies, session.NewCookies(publicAddress()).Name()+"=")
}

// enters expects a session.
func enters(*population) sequel {
	return func(status int, l *line, _ []byte) ([]byte, bool) {
		return nil, status == http.StatusSeeOther && l.entered()
	}
}
