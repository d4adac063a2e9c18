package main

import (
	"fmt"
	"strings"

	"github.com/orgate/orgate/internal/i18n"
)

const errorsHead = `<!-- Generated from internal/fault and internal/i18n by go generate; do not edit. -->

# Fault codes

Every refusal has a kind and a code. The **code** is stable: programs compare it, it is never renamed and never
reused. The **kind** says what sort of thing went wrong; a surface turns it into its status. The **sentence** is for
people, in the language that the request asks for, and may change. ` + "`{{.name}}`" + ` stands for a parameter.

The Meeting-compatible surface answers with the numbers of that API instead of these codes:
see [protocols/meeting.md](protocols/meeting.md).

| kind | means | the caller | status |
|---|---|---|---|
| Invalid | the input is wrong | corrects it | 422 |
| Unauthenticated | nobody, or not proven | proves who it is | 401 |
| Forbidden | proven, but may not | asks an administrator | 403 |
| NotFound | no such thing, as far as this caller may know | checks the reference | 404 |
| Conflict | contradicts something that exists | changes one of the two | 409 |
| Stale | changed since the caller read it | reads again | 412 |
| Expired | was right once | starts again | 410 |
| TooMany | a limit or a lock | waits | 429 |
| Unavailable | a part does not answer | tries again later | 503 |
| Internal | a defect; nothing is told to the caller | gives the request id to the operator | 500 |

The status is that of the management API, where malformed input is 400, a wrong method 405 and a body that is too large
413. A dash in the column *kind* means that the kind depends on where the fault arises.

| code | kind | English | 中文 |
|---|---|---|---|
`

const eventsHead = `<!-- Generated from internal/audit and internal/i18n by go generate; do not edit. -->

# Audit events

Each row is a fact on record: it is written in the same transaction as what it tells, so neither exists without the
other. An event carries when, who (kind of actor, its id and name), the organisation, the target, the client address,
the request id, and details where the meaning says so. Secrets are never part of an event.

| event | English | 中文 | meaning |
|---|---|---|---|
`

func errorsPage(c *i18n.Catalogue, s source) string {
	var b strings.Builder
	b.WriteString(errorsHead)
	for _, code := range s.codes {
		kinds := strings.Join(s.kinds[code.name], ", ")
		if kinds == "" {
			kinds = "–"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", code.value, kinds, open(c, i18n.EnUS, "fault."+code.value), open(c, i18n.ZhCN, "fault."+code.value))
	}
	return b.String()
}

func eventsPage(c *i18n.Catalogue, s source) string {
	var b strings.Builder
	b.WriteString(eventsHead)
	for _, event := range s.events {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", event.value, open(c, i18n.EnUS, "event."+event.value), open(c, i18n.ZhCN, "event."+event.value), cell(event.says))
	}
	return b.String()
}

// open is a sentence with its placeholders left as they are written.
func open(c *i18n.Catalogue, language i18n.Language, key string) string {
	params := map[string]any{}
	for _, name := range c.Params(language, key) {
		params[name] = "{{." + name + "}}"
	}
	return cell(c.Text(language, key, params))
}

// cell keeps a text inside its cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ").Replace(text)
}
