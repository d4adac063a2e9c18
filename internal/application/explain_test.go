package application

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

const (
	oneKey = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	oneID  = "130436e5b34d4859a87f667a2d626a83"
	expire = "1604020600"
)

func oneLogin() SignedLogin {
	return SignedLogin{AppID: oneID, UserID: "alice@ent01", UserName: "Alice Li", Expire: 1604020600, Nonce: testNonce}
}

// Each row is a way in which integrators sign wrongly.
func TestExplainWithKey(t *testing.T) {
	right := strings.Join([]string{oneID, "alice@ent01", expire, testNonce}, ":")
	decodedKey, err := hex.DecodeString(oneKey)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := hex.DecodeString(signText(oneKey, right))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name      string
		provider  bool
		change    func(*SignedLogin)
		signature string
		want      trace.Check // "" for none
		right     bool
	}{
		{name: "right", signature: signText(oneKey, right), want: trace.Signature, right: true},
		{name: "right in upper case", signature: strings.ToUpper(signText(oneKey, right)), want: trace.Signature, right: true},
		{name: "another key", signature: signText("another", right)},
		{name: "malformed", signature: "??"},
		{name: "endless", signature: strings.Repeat("a", 1<<20)},
		{name: "base64", signature: base64.StdEncoding.EncodeToString(digest), want: trace.HeaderSignature},
		{name: "base64 of the digits", signature: base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(digest))), want: trace.HeaderSignature},
		{name: "0x in front", signature: "0x" + signText(oneKey, right), want: trace.HeaderSignature},
		{
			name: "empty user left out", change: func(l *SignedLogin) { l.UserID = "" },
			signature: sign(oneKey, oneID, expire, testNonce), want: trace.NearPartsMissing,
		},
		{
			name: "provider: both empty parts left out", provider: true, change: func(l *SignedLogin) { l.UserID = "" },
			signature: sign(oneKey, oneID, expire, testNonce), want: trace.NearPartsMissing,
		},
		{name: "colon too many", signature: sign(oneKey, right, ""), want: trace.NearPartsMissing},
		{name: "nonce left out", signature: sign(oneKey, oneID, "alice@ent01", expire), want: trace.Signature},
		{name: "milliseconds signed", signature: sign(oneKey, oneID, "alice@ent01", expire+"000", testNonce), want: trace.NearMilliseconds},
		{name: "milliseconds sent", change: func(l *SignedLogin) { l.Expire *= 1000 }, signature: signText(oneKey, right), want: trace.NearMilliseconds},
		{name: "five parts of an enterprise", signature: sign(oneKey, oneID, "", "alice@ent01", expire, testNonce), want: trace.NearWrongMode},
		{
			name: "enterprise named and signed", change: func(l *SignedLogin) { l.OrganizationRef = "651" },
			signature: sign(oneKey, oneID, "651", "alice@ent01", expire, testNonce), want: trace.NearWrongMode,
		},
		{
			name: "four parts of a provider", provider: true, change: func(l *SignedLogin) { l.OrganizationRef = "651" },
			signature: signText(oneKey, right), want: trace.NearWrongMode,
		},
		{name: "user name", signature: sign(oneKey, oneID, "Alice Li", expire, testNonce), want: trace.NearUserName},
		{name: "user URL-encoded", signature: sign(oneKey, oneID, url.QueryEscape("alice@ent01"), expire, testNonce), want: trace.NearURLEncoded},
		{
			name: "user URL-encoded in lower case", change: func(l *SignedLogin) { l.UserID = "李" },
			signature: sign(oneKey, oneID, "%e6%9d%8e", expire, testNonce), want: trace.NearURLEncoded,
		},
		{name: "everything URL-encoded", signature: signText(oneKey, url.QueryEscape(right)), want: trace.NearURLEncoded},
		{name: "ampersand", signature: signText(oneKey, strings.ReplaceAll(right, ":", "&")), want: trace.NearSeparator},
		{name: "no separator", signature: signText(oneKey, strings.ReplaceAll(right, ":", "")), want: trace.NearSeparator},
		{name: "line feed behind the text", signature: signText(oneKey, right+"\n"), want: trace.NearTrailingNewline},
		{name: "line break behind the text", signature: signText(oneKey, right+"\r\n"), want: trace.NearTrailingNewline},
		{name: "line feed behind the key", signature: signText(oneKey+"\n", right), want: trace.NearTrailingNewline},
		{name: "key decoded from hexadecimal", signature: signText(string(decodedKey), right), want: trace.NearKeyBase64},
		{name: "key encoded", signature: signText(base64.StdEncoding.EncodeToString([]byte(oneKey)), right), want: trace.NearKeyBase64},
		{name: "key and text exchanged", signature: signText(right, oneKey), want: trace.Signature},
		{name: "reversed", signature: sign(oneKey, testNonce, expire, "alice@ent01", oneID), want: trace.Signature},
		{
			name: "as it stood in the request", change: func(l *SignedLogin) { l.ExpireText = "1604020600.0" },
			signature: sign(oneKey, oneID, "alice@ent01", "1604020600.0", testNonce), want: trace.Signature,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			login := oneLogin()
			if row.change != nil {
				row.change(&login)
			}
			login.Signature = row.signature
			findings := ExplainWithKey(login, []string{strings.Repeat("o", 64), oneKey}, row.provider)
			if row.want == "" {
				if len(findings) != 0 {
					t.Fatalf("got %+v, want nothing", findings)
				}
				return
			}
			if len(findings) != 1 || findings[0].Check != row.want || findings[0].Right != row.right {
				t.Fatalf("got %+v, want one of %s, right %v", findings, row.want, row.right)
			}
			rightSignature := signText(oneKey, string(appendText(nil, login, row.provider)))
			told := strings.ToLower(fmt.Sprintf("%+v", findings))
			if strings.Contains(told, rightSignature) || strings.Contains(told, oneKey) {
				t.Errorf("a finding gives a secret away: %s", told)
			}
		})
	}
}

// The bound on hashes holds for the worst login with the most keys.
func TestExplainIsBounded(t *testing.T) {
	h := open(t)
	h.countSums()
	login := oneLogin()
	login.ExpireText, login.OrganizationRef, login.UserID = "x", "a b", "A %20&é"
	login.Signature = strings.Repeat("0", 64)
	s := newSearch(login, true)
	for range 3 {
		s.key(newMacKey(oneKey, h.newMAC), h.newMAC)
	}
	if got := h.sums.Load(); got > maxTries {
		t.Errorf("got %d hashes, want at most %d", got, maxTries)
	}
	if alone := len(s.texts) + len(readings(oneKey)) + 2; alone*keySlots+maxOthers > maxTries {
		t.Errorf("two keys and %d others need %d tries, more than %d", maxOthers, alone*keySlots+maxOthers, maxTries)
	}
}

func TestExplain(t *testing.T) {
	h := open(t)
	app, sister, stranger := h.add(t, acme, NewAppID{}), h.add(t, acme, NewAppID{}), h.add(t, "", NewAppID{})
	reset, err := h.ResetAppKey(t.Context(), console, acme, app.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(identity.AppKeyOverlap)
	signedWith := func(key string) SignedLogin {
		login := h.loginOf(reset)
		login.Signature = signText(key, string(appendText(nil, login, false)))
		return login
	}
	withNewline := signedWith(reset.Keys[0].Secret + "\n")
	unknown := signedWith(reset.Keys[0].Secret)
	unknown.AppID = strings.Repeat("0", 32)
	for _, row := range []struct {
		name  string
		login SignedLogin
		want  []trace.Check
	}{
		{"right", signedWith(reset.Keys[0].Secret), nil},
		{"the key before", signedWith(app.Keys[0].Secret), []trace.Check{trace.NearPreviousKey}},
		{"the key of another App ID of the owner", signedWith(sister.Keys[0].Secret), []trace.Check{trace.NearOtherAppKey}},
		{"the key of another owner", signedWith(stranger.Keys[0].Secret), []trace.Check{trace.Signature}},
		{"a line feed behind the key", withNewline, []trace.Check{trace.NearTrailingNewline}},
		{"unknown App ID", unknown, nil},
	} {
		story := trace.Begin(trace.AppIDLogin, identity.Origin{})
		h.Explain(row.login, story)
		var got []trace.Check
		for _, step := range story.Steps() {
			got = append(got, step.Check)
			for _, secret := range []string{app.Keys[0].Secret, reset.Keys[0].Secret, sister.Keys[0].Secret, signedWith(reset.Keys[0].Secret).Signature} {
				if strings.Contains(step.Detail.Expected+step.Detail.Received, secret) {
					t.Errorf("%s: a step gives a secret away", row.name)
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
	h.Explain(withNewline, nil)
}

// A flood of wrong signatures is refused, not explained.
func TestExplainIsLimited(t *testing.T) {
	h := open(t)
	app := h.add(t, acme, NewAppID{})
	login := h.loginOf(app)
	login.Signature = signText(app.Keys[0].Secret+"\n", string(appendText(nil, login, false)))
	explained := func() (n int) {
		for range 3 * explainBurst {
			story := trace.Begin(trace.AppIDLogin, identity.Origin{})
			h.Explain(login, story)
			n += len(story.Steps())
		}
		return n
	}
	if got := explained(); got != explainBurst {
		t.Errorf("at once: got %d explanations, want %d", got, explainBurst)
	}
	h.clock.Advance(time.Second)
	if got := explained(); got != explainRate {
		t.Errorf("after a second: got %d explanations, want %d", got, explainRate)
	}
}

func FuzzExplainWithKey(f *testing.F) {
	f.Add("6f68", "a%zz", "n", int64(0), true)
	f.Fuzz(func(t *testing.T, signature, user, nonce string, expires int64, provider bool) {
		login := SignedLogin{AppID: oneID, Signature: signature, UserID: user, UserName: user, Expire: expires, Nonce: nonce, OrganizationRef: nonce}
		right := signText(oneKey, string(appendText(nil, login, provider)))
		for _, finding := range ExplainWithKey(login, []string{oneKey}, provider) {
			if strings.Contains(finding.Detail.Expected+finding.Detail.Received, right) && !strings.Contains(user+nonce, right) {
				t.Fatalf("the right signature is given away: %+v", finding)
			}
		}
	})
}

func BenchmarkExplain(b *testing.B) {
	login := oneLogin()
	login.Signature = strings.Repeat("0", 64)
	b.ReportAllocs()
	for b.Loop() {
		ExplainWithKey(login, []string{oneKey, strings.Repeat("k", 64)}, false)
	}
}
