package factor

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// SendNothing does for somebody whom no code can reach, because nobody has the
// name or the account has no contact of the kind, what SendCode does for
// others: the same waiting times, limits and faults, the same work, a message
// to nobody, a code that nobody can know, and a masked contact that looks like
// one. The contact is the same each time for one name, differs between
// installations and belongs to nobody on purpose.
//
// The faults are those of SendCode but for code_no_contact.
func (c *Codes) SendNothing(ctx context.Context, request CodeRequest) (sent CodeSent, err error) {
	if err := c.canSend(ctx, request.Method); err != nil {
		return CodeSent{}, err
	}
	// Longer than any digest: nothing that is typed has it.
	hash := make([]byte, 32)
	_, _ = rand.Read(hash) // never fails
	subject := SubjectOf(request.Account)
	preferred := c.preferred(ctx, request.Method)
	err = c.db.Act(ctx, store.ActAttempt, func(tx *store.Tx) error {
		d := decoy{name: request.Account.Name, dice: tx.Box().Digest("code.decoy:"+request.Purpose, subject)}
		channel := d.channel(preferred)
		target := d.contact(channel)
		sent = c.told(channel, target)
		if err := c.keep(tx, request.Purpose, subject, store.Code{Hash: hash, Target: target}); err != nil {
			return err
		}
		// Made-up contacts differ between purposes, those of people do not.
		if err := outbox.Bound(tx, channel, subject, ""); err != nil {
			return err
		}
		return outbox.Put(tx, c.message(tx, identity.ToNobody, target, request, newCode()))
	})
	if err != nil {
		return CodeSent{}, err
	}
	return sent, nil
}

// preferred is the only channel that could be used, or "" when either could.
func (c *Codes) preferred(ctx context.Context, method identity.Channel) identity.Channel {
	switch {
	case method != "":
		return method
	case !c.options.Configured(ctx, identity.BySMS):
		return identity.ByMail
	case !c.options.Configured(ctx, identity.ByMail):
		return identity.BySMS
	}
	return ""
}

// decoy makes up the contact of somebody who has none.
type decoy struct {
	name string // an account name, or what was typed
	dice []byte // keyed: who has no key cannot tell a made-up contact by it
}

// channel chooses where both are open. A number that was typed would be sent a
// short message; of other people some have a number and some have not.
func (d decoy) channel(preferred identity.Channel) identity.Channel {
	switch {
	case preferred != "":
		return preferred
	case d.isMobile(), d.dice[0]&1 == 0:
		return identity.BySMS
	}
	return identity.ByMail
}

func (d decoy) contact(channel identity.Channel) string {
	if channel == identity.BySMS {
		return d.mobile()
	}
	return d.email()
}

func (d decoy) isMobile() bool {
	number, err := identity.Mobile(d.name, "")
	return err == nil && number == d.name && number != ""
}

// mobile is the number that was typed, or a Chinese one: +86, 1, 3–9 and nine
// digits.
func (d decoy) mobile() string {
	if d.isMobile() {
		return d.name
	}
	number := []byte("+861")
	number = append(number, '3'+d.dice[1]%7)
	for _, b := range d.dice[2:11] {
		number = append(number, '0'+b%10)
	}
	return string(number)
}

// mailDomains are where people have addresses whose account names have no
// domain of the internet.
var mailDomains = [...]string{"163.com", "126.com", "qq.com", "outlook.com", "gmail.com"}

// email is the address that was typed, or the account's name at a large
// provider where it has no domain of the internet.
func (d decoy) email() string {
	local, domain, _ := strings.Cut(identity.Fold(d.name), "@")
	elsewhere := mailDomains[int(d.dice[12])%len(mailDomains)]
	if !strings.Contains(domain, ".") {
		domain = elsewhere
	}
	address, err := identity.Email(local + "@" + domain)
	if err != nil || d.isMobile() {
		// No account has such a name, or no address begins like it.
		return string(rune('a'+d.dice[11]%26)) + "@" + elsewhere
	}
	return address
}
