package factor

import (
	"fmt"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Codes for several purposes go to one contact: it is bounded, and somebody whom
// nobody knows waits as long as somebody who exists.
func TestContactsAreBoundedAlike(t *testing.T) {
	d := openDesk(t, identity.ByMail)
	nobody := identity.Account{Name: "nobody@acme.example"}
	send := map[string]func(purpose string) error{
		"an account": func(purpose string) error {
			_, err := d.SendCode(t.Context(), CodeRequest{Account: alice, Purpose: purpose})
			return err
		},
		"a name": func(purpose string) error {
			_, err := d.SendNothing(t.Context(), CodeRequest{Account: nobody, Purpose: purpose})
			return err
		},
		"another message": func(purpose string) error {
			_, err := d.SendInstead(t.Context(), CodeRequest{Account: identity.Account{Name: "b", Email: "b@acme.example"}, Purpose: purpose}, KnownContact("b", "https://id.example/"))
			return err
		},
	}
	for name, send := range send {
		for i := range 5 {
			if err := send(fmt.Sprint("purpose", i)); err != nil {
				t.Errorf("%s, code %d: %v", name, i+1, err)
			}
		}
		f := fault.Of(send("one more"))
		if f.Code != fault.CodeMessageLimit || f.Params["seconds"] != 600 {
			t.Errorf("%s: got %v after %v s, want message_limit after 600", name, f, f.Params["seconds"])
		}
	}
	if all := d.sent(t); len(all) != 3 { // the first of each queue
		t.Errorf("%d messages may leave", len(all))
	}
}
