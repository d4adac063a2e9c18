package main

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"unicode"
)

// listPath is where the management API lists members; the organisation's code
// is put in.
const listPath = "/api/v1/organizations/%s/members"

// pageSize is the length of a page that nobody chose.
const pageSize = 50

// appendList asks for a page of an organisation's members.
func (p *population) appendList(buf []byte, path string, t tenant, query string) []byte {
	return fmt.Appendf(buf, "%s %s?limit=%d%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
		http.MethodGet, fmt.Sprintf(path, t.code), pageSize, query, p.key)
}

// firstPage lists the first members of any organisation.
func firstPage(p *population, path string) source {
	return func(_ int, buf []byte) []byte {
		return p.appendList(buf, path, p.tenants[rand.IntN(len(p.tenants))], "")
	}
}

// laterPage goes on after any member: the page may be the second or the last.
func laterPage(p *population, path string) source {
	return func(_ int, buf []byte) []byte {
		m := p.marks[rand.IntN(len(p.marks))]
		return p.appendList(buf, path, p.tenants[m.tenant], "&cursor="+cursorAfter(string(m.id)))
	}
}

// cursorAfter is the cursor with which the API answers a page that ends with a
// member. Callers do not make cursors; to leaf to page 2,000 would take long.
func cursorAfter(id string) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte{1}, id...))
}

// Lengths of what is typed into a search.
const (
	shortestSearch = 4
	longestSearch  = 12
	// chineseSearch is the fewest characters of a name in Chinese: a surname and
	// one more.
	chineseSearch = 2
)

// search looks members up by a leading part of what they are called; who is not
// called so at all is not drawn.
func search(called func(member int) string) question {
	return func(p *population, path string) source {
		return func(_ int, buf []byte) []byte {
			member := anyone(p)
			for called(member) == "" {
				member = anyone(p)
			}
			return p.appendList(buf, path, p.tenantOf(member), "&q="+url.QueryEscape(beginning(called(member))))
		}
	}
}

// beginning is what is typed of a name: some of its letters, or two characters
// and more.
func beginning(name string) string {
	letters, shortest := []rune(name), shortestSearch
	if letters[0] > unicode.MaxLatin1 {
		shortest = chineseSearch
	}
	return string(letters[:min(shortest+rand.IntN(longestSearch-shortest+1), len(letters))])
}
