package token

import (
	"encoding/binary"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// The list is one value per account and client type, oldest first: for each
// token the sixteen bytes of its id and, in four, the second in which it ends.
// So the cap costs the same however many tokens there are, and counts exactly:
// expired ones are dropped, ended ones were taken out.
const (
	endOffset   = 16
	entryLength = endOffset + 4
)

// heldOf is a token as it stands in the list.
func heldOf(t identity.AccessToken) []byte {
	u, _ := identity.UUID(t.ID) // ours: made by Issue or read from its table
	return binary.BigEndian.AppendUint32(append(make([]byte, 0, entryLength), u[:]...), uint32(t.ExpiresAt.Unix()))
}

// keep calls fn with every whole entry of a list and keeps those for which it
// is true, in the list's own memory.
func keep(list []byte, fn func(entry []byte) bool) []byte {
	kept := list[:0]
	for ; len(list) >= entryLength; list = list[entryLength:] {
		if fn(list[:entryLength]) {
			kept = append(kept, list[:entryLength]...)
		}
	}
	return kept
}

func idOf(entry []byte) identity.TokenID { return identity.TokenIDOf([endOffset]byte(entry)) }

// alive tells whether an entry ends after an instant.
func alive(entry []byte, now time.Time) bool {
	return int64(binary.BigEndian.Uint32(entry[endOffset:])) > now.Unix()
}

// hold adds a token to its account's list; when there are more than the cap
// allows the oldest fall.
func hold(tx *store.Tx, t identity.AccessToken) error {
	most := t.ClientType.Cap() * entryLength
	return tx.AccessTokens.Hold(t.AccountID, t.ClientType, heldOf(t), func(list []byte) ([]byte, error) {
		if len(list) <= most {
			return list, nil
		}
		list = keep(list, func(entry []byte) bool { return alive(entry, tx.Now()) })
		for ; len(list) > most; list = list[entryLength:] {
			if err := tx.AccessTokens.Fell(idOf(list)); err != nil {
				return nil, err
			}
		}
		return list, nil
	})
}

// prolong moves the end of a token in its account's list; one that had expired
// joins the list again as if it were new.
func prolong(tx *store.Tx, t identity.AccessToken) error {
	list, err := tx.AccessTokens.Held(t.AccountID, t.ClientType)
	if err != nil {
		return err
	}
	found, now := false, heldOf(t)
	list = keep(list, func(entry []byte) bool {
		if !alive(entry, tx.Now()) {
			return false
		}
		if [endOffset]byte(entry) == [endOffset]byte(now) {
			copy(entry, now)
			found = true
		}
		return true
	})
	if !found {
		return hold(tx, t)
	}
	return tx.AccessTokens.SetHeld(t.AccountID, t.ClientType, list)
}

// release takes a token out of its account's list.
func release(tx *store.Tx, t identity.AccessToken) error {
	list, err := tx.AccessTokens.Held(t.AccountID, t.ClientType)
	if err != nil || len(list) == 0 {
		return err
	}
	gone := [endOffset]byte(heldOf(t))
	list = keep(list, func(entry []byte) bool { return alive(entry, tx.Now()) && [endOffset]byte(entry) != gone })
	return tx.AccessTokens.SetHeld(t.AccountID, t.ClientType, list)
}
