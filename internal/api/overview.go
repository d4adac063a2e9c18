package api

import (
	"fmt"
	"strings"
)

// Manual returns the page about the management API for the folder of
// documents: how it is used, and a table of the operations.
func Manual() string {
	var b strings.Builder
	b.WriteString(manualHead)
	group := ""
	for _, r := range routes() {
		if t := tag(r.path); t != group {
			group = t
			fmt.Fprintf(&b, "\n### %s\n\n| call | what it does | operation |\n|---|---|---|\n", group)
		}
		fmt.Fprintf(&b, "| `%s %s` | %s | `%s` |\n", r.method, prefix+r.path, r.summary, r.id)
	}
	return b.String()
}

const manualHead = `<!-- Generated from internal/api by go generate; do not edit. -->

# Management API

Everything an administrator does can be done over HTTP. A running server describes the API at ` + "`/api/openapi.json`" + ` (OpenAPI 3.1) and
shows it at ` + "`/api/docs`" + `; the same document is [openapi.json](openapi.json).

## Who calls

Send a management token as ` + "`Authorization: Bearer oga_…`" + `. One without an organisation administers the installation, one with an
organisation administers that one. An access token of the Meeting API is taken too, as ` + "`Authorization: Bearer …`" + ` or in
` + "`X-Access-Token`" + `: its holder may do what their role allows. A request has exactly one token. Without a token only ` + "`/api/openapi.json`" + `,
` + "`/api/docs`" + ` and ` + "`/api/v1/version`" + ` answer.

    curl -H "Authorization: Bearer $TOKEN" https://id.example.com/api/v1/organizations

A page of this very origin is served by the session of its browser, without a token: the cookie goes along by itself. The browser says
` + "`Sec-Fetch-Site: same-origin`" + `; for any other page, or beside a foreign ` + "`Origin`" + `, there is no session. Calls that change something carry
` + "`X-CSRF-Token`" + ` with the ` + "`csrf_token`" + ` that ` + "`GET /api/v1/me`" + ` tells. Where the address has no https, browsers say nothing: such pages send
` + "`X-CSRF-Token`" + ` with every call, and to read, any value will do.

## Requests and answers

Bodies are JSON in UTF-8, at most 1 MiB. A field or parameter that is not known is refused, as is a name that comes twice. Times are in
UTC as in RFC 3339, durations whole seconds. Where the path has ` + "`{org}`" + `, both the identifier and the code of the organisation will do.

` + "`PATCH`" + ` changes what is given and leaves the rest. Every answer with one thing carries an ` + "`ETag`" + `. Sent back as ` + "`If-Match`" + ` it makes
sure that nobody changed the thing meanwhile: otherwise nothing is done and the answer is 412. Sent as ` + "`If-None-Match`" + ` with a ` + "`GET`" + ` it
saves the body: 304.

Lists come in pages of ` + "`limit`" + ` things, 1 to 200, by default 50. While there is more, ` + "`next`" + ` is the ` + "`cursor`" + ` of the following page, and
the ` + "`Link`" + ` header is its address.

Passwords, keys and tokens that the server makes are in the answer that made them, once, and nowhere else.

## Refusals

A refusal is a problem document (RFC 9457, ` + "`application/problem+json`" + `):

` + "```json" + `
{
  "type": "https://id.example.com/api/docs#field_missing",
  "title": "Input refused",
  "status": 422,
  "detail": "The field “name” is missing. Send it with a value.",
  "code": "field_missing",
  "trace": "085d1f96cd9ddd6f3c50d70a0b2eb239",
  "errors": [{"field": "name", "code": "field_missing", "detail": "The field “name” is missing. Send it with a value."}]
}
` + "```" + `

` + "`code`" + ` is stable, ` + "`detail`" + ` is for people and follows ` + "`Accept-Language`" + ` (en-US, zh-CN), ` + "`trace`" + ` is the id of the request in the log.
The values that were sent are never repeated.

| status | when |
|---|---|
| 400 | the request cannot be read |
| 401 | no token, or one that does not count |
| 403 | the caller may not, whether the thing exists or not |
| 404 | there is no such thing |
| 405 | the address has other methods, in ` + "`Allow`" + ` |
| 409 | it contradicts something that exists |
| 412 | it changed since it was read |
| 413 | the body is too large |
| 422 | a field is wrong; ` + "`errors`" + ` says which and how to mend it |
| 429 | too many at once; ` + "`Retry-After`" + ` says when to come again |

## Operations
`
