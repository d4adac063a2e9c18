package source

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/trace"
)

var update = flag.Bool("update", false, "write docs/troubleshooting.md anew")

const page = "../../docs/troubleshooting.md"

const introduction = `# When signing in through an enterprise's centre fails

Every sign-in leaves a trace: each check that was made, what was expected, what came, and what helps. A page that refuses a person shows an eight-character code; the
administrator opens it on the page *Traces* of the management centre, with ` + "`orgate trace CODE`" + `, or through the management API. A try of settings that are not saved yet
(*Try*) lists the same checks with the time that each took.

The tables below are the mistakes that are tested: for each row, a test makes this very mistake against a running centre and compares what the trace says. Read a row from
the right: look the failing check up, then mend the setting it names.

The first tables are about enterprise SSO; most of their checks are those of other sources too. The last three are about these alone.

Where a centre refuses the call-back address or the scope, it mostly tells the person on a page of its own and never comes back. Therefore a try first asks for that page
itself, and a try that waits for the browser shows both remedies.

Choices worth knowing:

- A centre of the WeChat kind is recognised by its addresses (/connect/qrconnect, /sns/oauth2/). Where no scope is set it is asked for snsapi_login.
- A token answer in the form of a query (access_token=…&token_type=…) is read too. UserInfo must be a JSON object in UTF-8; a mark of UTF-8 at its beginning is passed over.
- Whole numbers are read as accounts digit by digit; fractions, true and false, lists and objects are not.
- An account of 65 to 255 characters, or with a colon, signs in, but cannot be a third account.
- With openid in the scope, an ID token that comes is verified: its issuer stands at the host of the authorisation or the token address, its keys come from the issuer's
  published configuration, its algorithm is one with public keys, and clocks may differ by one minute.
- The token call follows no redirect. Tokens are used once and forgotten; refresh tokens are not redeemed.
`

// groups are the tables of the page.
var groups = []struct {
	title string
	rows  func() []mistake
}{
	{"Settings, and the centre's own page", atAuthorization},
	{"On the way to the centre", onTheWay},
	{"In the centre's answers", inTheAnswers},
	{"In the ID token", inTheIDToken},
}

// kindGroups are the tables of sources other than enterprise SSO.
var kindGroups = []struct {
	title string
	rows  func() []kindMistake
}{
	{"At a source of the kind oauth2", atOwnOAuth2},
	{"At a source of the kind oidc", atOwnProvider},
	{"At a source of the kind cas", atOwnCAS},
}

// The page cannot drift: it is made from the rows that the test of mistakes
// runs and from the sentences that people are shown.
func TestTroubleshootingPage(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString(introduction)
	n := 0
	for _, g := range groups {
		fmt.Fprintf(&b, "\n## %s\n\n| mistake | failing check | what helps |\n|---|---|---|\n", g.title)
		for _, m := range g.rows() {
			n++
			check, remedy := m.sentences(catalogue)
			fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(m.title), cell(check), cell(remedy))
		}
	}
	for _, g := range kindGroups {
		fmt.Fprintf(&b, "\n## %s\n\n| mistake | failing check | what helps |\n|---|---|---|\n", g.title)
		for _, m := range g.rows() {
			check, remedy := mistake{check: m.check, warns: m.warns}.sentences(catalogue)
			fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(m.title), cell(check), cell(remedy))
		}
	}
	if n != len(mistakes()) || n < 30 {
		t.Errorf("%d rows on the page, %d mistakes", n, len(mistakes()))
	}
	if *update {
		if err := os.WriteFile(page, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || !bytes.Equal(got, b.Bytes()) {
		t.Errorf("docs/troubleshooting.md is not what the table says (%v): go test ./internal/source -run Troubleshooting -update", err)
	}
}

// sentences are what is shown for a row.
func (m mistake) sentences(c *i18n.Catalogue) (check, remedy string) {
	if m.code != "" {
		f := fault.New(fault.Invalid, m.code).With("field", m.field)
		if m.code == fault.CodeFieldFormat {
			f = f.With("want", "want.centre_url")
		}
		return "`" + m.field + "` is refused: `" + string(m.code) + "`", c.Fault(i18n.EnUS, f)
	}
	check = "`" + string(m.check) + "`"
	if m.warns {
		check += " (warning)"
	}
	return check, c.Text(i18n.EnUS, m.check.RemedyKey(), nil)
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// Every check of a sign-in through a centre is failed by some row, so that
// each remedy was seen where it belongs.
func TestEveryCheckOfASourceIsTested(t *testing.T) {
	tested := map[trace.Check]bool{
		trace.SourceKnown: true, // written by the surface that was given the domain
		trace.SourceState: true, // TestAnswersOfAnotherSignInAreRefused
	}
	for _, m := range mistakes() {
		tested[m.check] = true
	}
	for _, m := range kindMistakes() {
		tested[m.check] = true
	}
	for _, prefix := range []string{"subject_stable", "attribute_came", "discovery_", "keys_", "upstream_", "validate_", "login_reached", "login_page", "authorize_", "token_", "id_token_", "userinfo_", "account_", "name_field", "email_field", "mobile_field", "picture_field"} {
		for _, check := range trace.Checks() {
			if name := string(check); strings.HasPrefix(name, prefix) && !tested[check] && !elsewhere[check] {
				t.Errorf("no mistake fails %s", check)
			}
		}
	}
}

// elsewhere are checks of other rooms with the same beginnings, and those of
// an address that share their code with the token address's.
var elsewhere = map[trace.Check]bool{
	trace.TokenType: true, trace.TokenIssued: true, trace.AccountKnown: true, trace.AccountProven: true,
	trace.AuthorizeReached: true, trace.AuthorizeTLS: true,
}
