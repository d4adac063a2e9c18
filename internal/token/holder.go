package token

import (
	"encoding/binary"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// held is one live token in an account's list, oldest first.
type held struct {
	id   [16]byte
	ends int64 // milliseconds
}

// heldSize is the length of one entry in the packed list. The list is one
// small row per account and client type, so that the cap costs the same
// however many tokens there are, and counts exactly: expired ones are dropped,
// ended ones were taken out.
const heldSize = 24

func unpack(packed []byte, now time.Time) []held {
	list := make([]held, 0, len(packed)/heldSize+1)
	for ; len(packed) >= heldSize; packed = packed[heldSize:] {
		h := held{ends: int64(binary.BigEndian.Uint64(packed[16:24]))}
		copy(h.id[:], packed)
		if h.ends > now.UnixMilli() {
			list = append(list, h)
		}
	}
	return list
}

func pack(list []held) []byte {
	packed := make([]byte, 0, len(list)*heldSize)
	for _, h := range list {
		packed = append(packed, h.id[:]...)
		packed = binary.BigEndian.AppendUint64(packed, uint64(h.ends))
	}
	return packed
}

// hold adds a token to its account's list; when the cap is reached the oldest
// fall first.
func hold(tx *store.Tx, t identity.AccessToken) error {
	packed, err := tx.AccessTokens.Holder(t.AccountID, t.ClientType)
	if err != nil {
		return err
	}
	if packed == nil {
		// The row is made and then locked, so that two first logins at once
		// cannot each see an empty list.
		if err := tx.AccessTokens.Claim(t.AccountID, t.ClientType); err != nil {
			return err
		}
		if packed, err = tx.AccessTokens.Holder(t.AccountID, t.ClientType); err != nil {
			return err
		}
	}
	list := unpack(packed, tx.Now())
	for len(list) >= t.ClientType.Cap() {
		// One that ended by another way meanwhile is no obstacle.
		if err := tx.AccessTokens.End(identity.TokenIDOf(list[0].id), identity.EndedByLogin); err != nil && !isUnknown(err) {
			return err
		}
		list = list[1:]
	}
	id, _ := identity.UUID(t.ID)
	list = append(list, held{id: id, ends: t.ExpiresAt.UnixMilli()})
	return tx.AccessTokens.SetHolder(t.AccountID, t.ClientType, pack(list))
}

// prolong moves the end of a token in its account's list; one that had expired
// joins the list again as if it were new.
func prolong(tx *store.Tx, t identity.AccessToken) error {
	packed, err := tx.AccessTokens.Holder(t.AccountID, t.ClientType)
	if err != nil {
		return err
	}
	id, _ := identity.UUID(t.ID)
	list := unpack(packed, tx.Now())
	for i := range list {
		if list[i].id == id {
			list[i].ends = t.ExpiresAt.UnixMilli()
			return tx.AccessTokens.SetHolder(t.AccountID, t.ClientType, pack(list))
		}
	}
	return hold(tx, t)
}

// release takes a token out of its account's list.
func release(tx *store.Tx, t identity.AccessToken) error {
	packed, err := tx.AccessTokens.Holder(t.AccountID, t.ClientType)
	if err != nil || packed == nil {
		return err
	}
	id, _ := identity.UUID(t.ID)
	list := unpack(packed, tx.Now())
	kept := list[:0]
	for _, h := range list {
		if h.id != id {
			kept = append(kept, h)
		}
	}
	return tx.AccessTokens.SetHolder(t.AccountID, t.ClientType, pack(kept))
}
