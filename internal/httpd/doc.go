// Package httpd is the listener and what every request passes before a
// surface sees it: a request id, the client's address through trusted proxies
// only, limits on size, time and headers, the language, security headers, a
// barrier for panics, and one line in the log.
//
// A handler behind it may replace any header set here, for example to allow
// framing. The Host header is overwritten with the host of the base URL, so
// that no link, cookie or origin check can be made from what a client sent.
//
// What a request is answered with is the business of the surfaces; nothing
// here knows a route.
package httpd
