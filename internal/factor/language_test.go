package factor

import (
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// A message is in the account's own language, else in that of whoever asked for
// it.
func TestLanguageOfCodes(t *testing.T) {
	for _, row := range []struct{ own, visit, want string }{
		{"", "zh-CN", "zh-CN"}, {"en-US", "zh-CN", "en-US"}, {"zh-CN", "en-US", "zh-CN"}, {"zh-CN", "", "zh-CN"}, {"", "", ""},
	} {
		d := openDesk(t, identity.ByMail)
		account := alice
		account.Language = row.own
		request := CodeRequest{Account: account, Purpose: purpose, Language: row.visit}
		if _, err := d.SendCode(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		request.Purpose = "another"
		if _, err := d.SendInstead(t.Context(), request, KnownContact("alice", "https://id.example/login")); err != nil {
			t.Fatal(err)
		}
		var got []string
		for len(got) < 2 { // of several to one address one comes at a time
			sent := d.sent(t)
			if len(sent) == 0 {
				t.Fatalf("%+v: %d messages", row, len(got))
			}
			for _, m := range sent {
				got = append(got, m.Language)
			}
		}
		if got[0] != row.want || got[1] != row.want {
			t.Errorf("of %q, asked for in %q: sent in %q, want %q", row.own, row.visit, got, row.want)
		}
	}
}

func TestLanguageOfSecondProofs(t *testing.T) {
	eachChamber(t, func(t *testing.T, c *chamber) {
		challenge := c.challenge(identity.ByMail)
		challenge.Language = "zh-CN"
		if _, err := c.Send(t.Context(), c.actor(), challenge); err != nil {
			t.Fatal(err)
		}
		if got := c.sent(t)[0].Language; got != "zh-CN" {
			t.Errorf("sent in %q to somebody without a language", got)
		}
		c.write(func(tx *store.Tx) error {
			c.carol.Language = "en-US"
			return tx.Accounts.Put(c.carol, c.carol.LoginNames(true))
		})
		c.clock.Advance(secondResend)
		if _, err := c.Send(t.Context(), c.actor(), challenge); err != nil {
			t.Fatal(err)
		}
		if got := c.sent(t)[0].Language; got != "en-US" {
			t.Errorf("sent in %q to somebody who reads English", got)
		}
	})
}
