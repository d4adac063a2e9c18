package meeting

import (
	"fmt"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/applogin"
	"github.com/orgate/orgate/internal/identity"
)

// FuzzReadAlike: whoever has a login explained is told of what the login itself
// would have read. What the one accepts the other reads alike and finds nothing
// wrong with; what the one refuses the other finds fault with.
func FuzzReadAlike(f *testing.F) {
	id, nonce := strings.Repeat("a", 32), strings.Repeat("n", 32)
	whole := fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":1604020600,"nonce":%q,"userId":"alice"}`, id, nonce)
	for _, seed := range []string{
		whole, " " + whole + "\n", whole + "x", whole[:40], "", "[]", "null", `{"appId":1}`,
		strings.Replace(whole, "1604020600", `"1604020600"`, 1), strings.Replace(whole, "1604020600", "1.6e9", 1),
		strings.Replace(whole, "1604020600", "-0", 1), strings.Replace(whole, "1604020600", "9223372036854775808", 1),
		strings.Replace(whole, "72", "1000001", 1), strings.Replace(whole, "72", "null", 1),
		strings.Replace(whole, "appId", "AppId", 1), strings.Replace(whole, "{", `{"appId":"x",`, 1),
		strings.Replace(whole, "alice", strings.Repeat("李", 65), 1), strings.Replace(whole, "alice", `\u0061\ud83d\ude00`, 1),
		strings.Replace(whole, "alice", `\ud83d`, 1), strings.Replace(whole, "}", `,"userName":7}`, 1),
		strings.Replace(whole, "}", `,"deptCode":null,"more":{"a":[1]}}`, 1),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var l appLogin
		o, err := parseObject(text)
		if err == nil {
			err = l.read(o, identity.Origin{})
		}
		read := applogin.ReadBody(text)
		if err != nil {
			if len(read.Faults) == 0 {
				t.Fatalf("%q is refused (%v), and nothing is found wrong with it", text, err)
			}
			return
		}
		s := l.signed
		got := fmt.Sprintf("%q", []any{read.AppID, read.CorpID, read.UserID, read.UserName, read.Nonce, read.Expire})
		want := fmt.Sprintf("%q", []any{s.AppID, s.OrganizationRef, s.UserID, s.UserName, s.Nonce, s.Expire})
		if len(read.Faults) > 0 || got != want {
			t.Fatalf("%q: read as %s, want %s; faults %v", text, got, want, read.Faults)
		}
	})
}
