package e2e_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// Headers that differ between any two answers.
var ownHeaders = []string{"Date", "X-Request-Id"}

// seconds is a waiting time in a sentence; it goes on while a test runs.
var seconds = regexp.MustCompile(`\d+ ?(seconds?|s\b|秒)`)

// faceOf is all that somebody outside learns from an answer: status, headers
// and body, without the request id and the count of seconds.
func faceOf(t *testing.T, a harness.Answer) string {
	t.Helper()
	var face strings.Builder
	fmt.Fprintf(&face, "%d\n", a.Status)
	names := make([]string, 0, len(a.Header))
	for name := range a.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch value := strings.Join(a.Header[name], ", "); {
		case slices.Contains(ownHeaders, name):
		case name == "Retry-After" || name == "Content-Length":
			fmt.Fprintf(&face, "%s\n", name)
		default:
			fmt.Fprintf(&face, "%s: %s\n", name, value)
		}
	}
	id := a.RequestID()
	if id == "" {
		t.Error("an answer has no request id")
	}
	face.WriteString(seconds.ReplaceAllString(strings.ReplaceAll(string(a.Body), id, "REQUEST"), "SECONDS"))
	return face.String()
}
