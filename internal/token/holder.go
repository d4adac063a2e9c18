package token

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// held is one live token in an account's list, oldest first.
type held struct {
	id   identity.TokenID
	ends int64 // seconds since 1970
}

// The list is one small text per account and client type: for each token the
// 26 characters of its id and ten digits of its end. So the cap costs one
// statement however many tokens there are, and counts exactly: expired ones
// are dropped, ended ones were taken out.
const (
	idLength    = 26
	entryLength = idLength + 10
	idPrefix    = "tok_"
)

func (h held) String() string {
	return fmt.Sprintf("%s%010d", strings.TrimPrefix(string(h.id), idPrefix), h.ends)
}

func heldOf(t identity.AccessToken) held { return held{id: t.ID, ends: t.ExpiresAt.Unix()} }

// live reads a list and drops what had ended at an instant (seconds).
func live(list string, now int64) []held {
	all := make([]held, 0, len(list)/entryLength+1)
	for ; len(list) >= entryLength; list = list[entryLength:] {
		ends, err := strconv.ParseInt(list[idLength:entryLength], 10, 64)
		if err == nil && ends > now {
			all = append(all, held{id: identity.TokenID(idPrefix + list[:idLength]), ends: ends})
		}
	}
	return all
}

func listOf(all []held) string {
	var b strings.Builder
	b.Grow(len(all) * entryLength)
	for _, h := range all {
		b.WriteString(h.String())
	}
	return b.String()
}

// hold adds a token to its account's list; when there are more than the cap
// allows the oldest fall.
func hold(tx *store.Tx, t identity.AccessToken) error {
	list, err := tx.AccessTokens.Hold(t.AccountID, t.ClientType, heldOf(t).String())
	if err != nil || len(list) <= t.ClientType.Cap()*entryLength {
		return err
	}
	all := live(list, tx.Now().Unix())
	for len(all) > t.ClientType.Cap() {
		// One that ended by another way meanwhile is no obstacle.
		if err := tx.AccessTokens.End(all[0].id, identity.EndedByLogin); err != nil && !isUnknown(err) {
			return err
		}
		all = all[1:]
	}
	return tx.AccessTokens.SetHeld(t.AccountID, t.ClientType, listOf(all))
}

// prolong moves the end of a token in its account's list; one that had expired
// joins the list again as if it were new.
func prolong(tx *store.Tx, t identity.AccessToken) error {
	list, err := tx.AccessTokens.Held(t.AccountID, t.ClientType)
	if err != nil {
		return err
	}
	all := live(list, tx.Now().Unix())
	for i := range all {
		if all[i].id == t.ID {
			all[i] = heldOf(t)
			return tx.AccessTokens.SetHeld(t.AccountID, t.ClientType, listOf(all))
		}
	}
	return hold(tx, t)
}

// release takes a token out of its account's list.
func release(tx *store.Tx, t identity.AccessToken) error {
	list, err := tx.AccessTokens.Held(t.AccountID, t.ClientType)
	if err != nil || list == "" {
		return err
	}
	all := live(list, tx.Now().Unix())
	kept := all[:0]
	for _, h := range all {
		if h.id != t.ID {
			kept = append(kept, h)
		}
	}
	return tx.AccessTokens.SetHeld(t.AccountID, t.ClientType, listOf(kept))
}
