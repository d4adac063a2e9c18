package factor

import (
	"context"
	"crypto/rand"

	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// Instead is what is sent in place of a code.
type Instead struct {
	Template string // of outbox
	Params   map[string]string
}

// KnownContact tells the holder of an account who wishes to register that they
// have one, and where they sign in.
func KnownContact(account, address string) Instead {
	return Instead{Template: outbox.TemplateRegistered, Params: map[string]string{"account": account, "address": address}}
}

// SendInstead does for somebody who is to have no code, because the contact is
// known already, what SendCode does for others: the same waiting times, limits,
// faults and answer, and a code that nobody can know. What reaches the contact is
// another message.
func (c *Codes) SendInstead(ctx context.Context, request CodeRequest, other Instead) (CodeSent, error) {
	if err := c.canSend(ctx, request.Method); err != nil {
		return CodeSent{}, err
	}
	channel, target, err := c.route(ctx, request)
	if err != nil {
		return CodeSent{}, err
	}
	// Longer than any digest: nothing that is typed has it.
	hash := make([]byte, 32)
	_, _ = rand.Read(hash) // never fails
	err = c.db.Act(ctx, store.ActAttempt, func(tx *store.Tx) error {
		if err := c.keep(tx, request.Purpose, SubjectOf(request.Account), store.Code{Hash: hash, Target: target}); err != nil {
			return err
		}
		if err := outbox.Bound(tx, channel, target, ""); err != nil {
			return err
		}
		return outbox.Put(tx, outbox.Message{
			Channel: channel, Target: target, Language: request.language(), Template: other.Template, Params: other.Params,
			Until: tx.Now().Add(c.options.Life),
		})
	})
	if err != nil {
		return CodeSent{}, err
	}
	return c.told(channel, target), nil
}
