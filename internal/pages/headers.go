package pages

import (
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// setHeaders writes the headers of every page.
//
// The policy has no inline script and no inline style. form-action must name
// where the flow ends, because Chromium applies it to each redirect after a
// form was posted. Referrer-Policy is same-origin: with no-referrer a page's
// own form would be posted with "Origin: null" and be refused as cross-site
// (Fetch standard, "append a request Origin header"). A page that leads
// elsewhere has no form, and its link may carry a code: no-referrer.
func setHeaders(h http.Header, page Page) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy(page))
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Language, Cookie")
	if away, leads := page.Content.(interface{ To() template.URL }); leads {
		h.Set("Referrer-Policy", "no-referrer")
		// A refresh without a pause takes the page's place in the history: the
		// back button does not lead forwards again. It needs no script.
		if to := string(away.To()); to != nowhere {
			h.Set("Refresh", "0; url="+to)
		}
	}
}

// policy returns the Content-Security-Policy of a page.
func policy(page Page) string {
	directives := []string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		pictures(page),
		"form-action " + strings.Join(formTargets(page.FormAction), " "),
		"frame-ancestors 'none'",
		"base-uri 'none'",
	}
	if _, reads := page.Content.(Docs); reads {
		directives = append(directives, "connect-src 'self'")
	}
	return strings.Join(directives, "; ")
}

// pictures says where a page's pictures come from: a puzzle's stand in the page
// itself, for it is drawn for it alone.
func pictures(page Page) string {
	if r, ok := page.Content.(Register); ok && r.Puzzle != nil {
		return "img-src 'self' data:"
	}
	return "img-src 'self'"
}

// formTargets returns 'self' and the origin or scheme of each address, once.
func formTargets(addresses []string) []string {
	targets := []string{"'self'"}
	for _, address := range addresses {
		if target := formTarget(address); target != "" && !slices.Contains(targets, target) {
			targets = append(targets, target)
		}
	}
	return targets
}

// hostSource and schemeSource are what may stand in a policy (CSP Level 3,
// 2.3.1). Anything else, above all ";" and ",", would end the directive.
var (
	hostSource   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]+)?$`) })
	schemeSource = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9+.-]*:$`) })
)

// neverTargets are schemes a form must not end at, whoever asks.
var neverTargets = []string{"javascript:", "data:", "blob:", "about:", "file:", "filesystem:", "vbscript:"}

// formTarget turns an address into a source of a policy: origin for http and
// https, the scheme alone for an application's own scheme and where nothing
// else is written, "" for anything that cannot be written there.
func formTarget(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if parsed.Scheme == "http" || parsed.Scheme == "https" {
		if address == parsed.Scheme+":" {
			return address // wherever such addresses lead
		}
		origin := parsed.Scheme + "://" + strings.ToLower(parsed.Host)
		if !hostSource().MatchString(origin) {
			return ""
		}
		return origin
	}
	scheme := parsed.Scheme + ":"
	if !schemeSource().MatchString(scheme) || slices.Contains(neverTargets, scheme) {
		return ""
	}
	return scheme
}
