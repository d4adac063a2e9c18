package factor

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Redeem looks at a code that the acting person typed: of one of their apps, or
// a recovery code. It returns the method that proved them and spends the code,
// so that of several that bring one code at once one succeeds.
//
// A code that is neither is Invalid (factor_code) at code. After Wrong of them in
// a row none is looked at for a while: TooMany (factor_locked, param seconds), for
// right ones too. The failures of passwords are counted elsewhere.
func (o *Own) Redeem(ctx context.Context, actor identity.Actor, typed string) (method string, err error) {
	if err := allowOwn(actor); err != nil {
		return "", err
	}
	var verdict error
	// What was counted is kept when the code was wrong.
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		method, verdict, err = o.check(tx, actor, plain(typed))
		if err == nil && method != identity.ByRecovery {
			tx.NoEvent("whatever is proven by it is recorded")
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return method, verdict
}

// Verify redeems a code like Redeem and returns the session with the second
// proof, which is stored with it in one transaction. Whoever is not signed in,
// or in another session than their own, is Forbidden.
func (o *Own) Verify(ctx context.Context, actor identity.Actor, in identity.Session, typed string) (k identity.Session, err error) {
	if !owns(actor, in) {
		return k, errForbidden
	}
	return verify(ctx, o.db, actor, in, func(tx *store.Tx) (method string, verdict, err error) { return o.check(tx, actor, plain(typed)) })
}

// plain is a code without what people and apps put in between.
func plain(typed string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(typed, func(r rune) bool { return r == '-' || r == ' ' || r == '\u00a0' }), ""))
}

// countKey is under what the wrong codes of an account are counted.
func countKey(account identity.AccountID) string { return "factor:" + string(account) }

// check returns a verdict that is committed with what it counted, or an error
// that rolls back.
func (o *Own) check(tx *store.Tx, actor identity.Actor, typed string) (method string, verdict, err error) {
	key, now := countKey(actor.AccountID), tx.Now()
	// Whoever guesses at the same time waits at this row.
	if err := tx.Attempts.Touch(key, now.Add(day)); err != nil {
		return "", nil, err
	}
	count, err := tx.Attempts.Get(key)
	if err != nil {
		return "", nil, err
	}
	if count.LockedUntil.After(now) {
		return "", wait(fault.CodeFactorLocked, count.LockedUntil.Sub(now)), nil
	}
	method, err = o.spend(tx, actor, typed)
	switch {
	case err != nil:
		return "", nil, err
	case method != "":
		return method, nil, tx.Attempts.Clear(key)
	}
	count.Failures++
	if count.FirstAt.IsZero() {
		count.FirstAt = now
	}
	if count.Failures >= o.options.Wrong {
		count = store.Attempt{FirstAt: now, LockedUntil: now.Add(o.options.Lock)}
	}
	return "", orWrong(nil), tx.Attempts.Put(key, count, now.Add(day))
}

// spend finds what a code is of and spends it; "" when it is of nothing.
func (o *Own) spend(tx *store.Tx, actor identity.Actor, typed string) (method string, err error) {
	if len(typed) == recoveryLength {
		return o.spendRecovery(tx, actor, typed)
	}
	all, err := tx.Factors.Of(actor.AccountID)
	if err != nil {
		return "", err
	}
	for _, r := range all {
		if r.Factor.Kind != identity.FactorTOTP {
			continue
		}
		step, err := totpStep(r.Secret, typed, r.Step, tx.Now())
		if err != nil {
			return "", err
		}
		if step == 0 {
			continue
		}
		if used, err := tx.Factors.Use(actor.AccountID, r.Factor.ID, step); err != nil || used {
			return identity.ByOTP, err
		}
	}
	return "", nil
}

func (o *Own) spendRecovery(tx *store.Tx, actor identity.Actor, typed string) (method string, err error) {
	used, err := tx.Factors.UseRecoveryCode(actor.AccountID, typed)
	if err != nil || !used {
		return "", err
	}
	left, err := tx.Factors.RecoveryCodes(actor.AccountID)
	if err != nil {
		return "", err
	}
	return identity.ByRecovery, audit.Record(tx, actor, audit.RecoveryCodeUsed, audit.About{
		Organization: actor.OrganizationID, Target: string(actor.AccountID), Details: map[string]string{"left": strconv.Itoa(left)},
	})
}

const (
	// recoveryCodes is how many are made at once.
	recoveryCodes = 10
	// recoveryLength is that of a code without its hyphen: 50 bits, which nobody
	// guesses five at a time.
	recoveryLength = 10
)

// recoveryAlphabet has no letters or digits that are taken for each other.
var recoveryAlphabet = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// newRecoveryCode makes a code, without its hyphen.
func newRecoveryCode() string {
	raw := make([]byte, 7)
	rand.Read(raw)
	return recoveryAlphabet.EncodeToString(raw)[:recoveryLength]
}

// RenewRecoveryCodes makes new recovery codes in place of all former ones, and
// tells them this once. Without a factor it is a Conflict (factor_missing); the
// other faults are those of the proof (see Remove).
func (o *Own) RenewRecoveryCodes(ctx context.Context, actor identity.Actor, p Proof) (codes []string, err error) {
	if err := allowOwn(actor); err != nil {
		return nil, err
	}
	if err := o.prove(ctx, actor, p); err != nil {
		return nil, err
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Factors.Of(actor.AccountID)
		if err == nil && len(all) == 0 {
			err = fault.New(fault.Conflict, fault.CodeFactorMissing)
		}
		if err != nil {
			return err
		}
		codes, err = o.make(tx, actor)
		return err
	})
	return codes, err
}

// make stores new recovery codes and returns them as people read them.
func (o *Own) make(tx *store.Tx, actor identity.Actor) ([]string, error) {
	kept, shown := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range kept {
		kept[i] = newRecoveryCode()
		shown[i] = kept[i][:recoveryLength/2] + "-" + kept[i][recoveryLength/2:]
	}
	if err := tx.Factors.SetRecoveryCodes(actor.AccountID, kept); err != nil {
		return nil, err
	}
	return shown, audit.Record(tx, actor, audit.RecoveryCodesMade, audit.About{Organization: actor.OrganizationID, Target: string(actor.AccountID)})
}
