package signature

import (
	"fmt"
	"strings"
)

// Curl writes the request to a base URL as a curl command for a POSIX shell,
// for trying it by hand. It holds the signature, so it works once.
func (r Request) Curl(baseURL string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "curl -sS -X %s %s", r.Method, quoted(strings.TrimSuffix(baseURL, "/")+r.Path))
	for _, name := range []string{"Authorization", "Content-Type", "X-Token-Type"} {
		fmt.Fprintf(&b, " \\\n  -H %s", quoted(name+": "+r.Header.Get(name)))
	}
	fmt.Fprintf(&b, " \\\n  -d %s", quoted(string(r.Body)))
	return b.String()
}

// quoted is one word of a POSIX shell, whatever it holds.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
