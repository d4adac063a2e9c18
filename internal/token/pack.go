package token

import (
	"encoding/hex"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// entry is a checked token without pointers: identifiers as the sixteen bytes
// they stand for, times in milliseconds, words as numbers. The generations are
// left out; whoever is among on has not changed.
type entry struct {
	id, account, organization, member, app [16]byte
	address                                [16]byte
	hash                                   [32]byte
	created, expires                       int64
	refreshed, refreshEnds                 int64
	memberEnds                             int64 // 0 for never
	since                                  store.Moment
	on                                     [4]store.Slot
	client                                 uint8
	role                                   uint8 // one more than in roles; 0 for none
	has                                    uint8
	asked                                  bool // since the hand came by
}

// What an entry has.
const (
	hasMember = 1 << iota // and an organisation; else it is the provider's
	hasApp
	hasAddress
	hasAddress4 // of four bytes
)

var roles = [...]identity.Role{identity.RoleOwner, identity.RoleAdministrator, identity.RoleMember, identity.RoleDepartmentAdministrator}

// pack makes an entry of a token that was read; ok is false for one that does
// not fit and is read each time: its identifiers are not of our making.
func pack(hash []byte, b Bearer) (e entry, ok bool) {
	k := b.Token
	copy(e.hash[:], hash)
	e.client = uint8(k.ClientType)
	e.created, e.expires = k.CreatedAt.UnixMilli(), k.ExpiresAt.UnixMilli()
	e.refreshed, e.refreshEnds = k.RefreshedAt.UnixMilli(), k.RefreshEndsAt.UnixMilli()
	if !b.memberEnds.IsZero() {
		e.memberEnds = b.memberEnds.UnixMilli()
	}
	if e.account, ok = identity.UUID(k.AccountID); !ok || len(hash) != len(e.hash) || int(e.client) != int(k.ClientType) {
		return e, false
	}
	if k.AppID != "" {
		if n, err := hex.Decode(e.app[:], []byte(k.AppID)[:min(len(k.AppID), 2*len(e.app))]); err != nil || hex.EncodeToString(e.app[:n]) != k.AppID {
			return e, false
		}
		e.has |= hasApp
	}
	if k.Address.Zone() != "" {
		return e, false
	}
	if k.Address.IsValid() {
		e.address = k.Address.As16()
		e.has |= hasAddress
		if k.Address.Is4() {
			e.has |= hasAddress4
		}
	}
	return e, e.packMember(b)
}

// over reports whether the token, or the membership it depends on, has come to
// its end.
func (e *entry) over(now time.Time) bool {
	return !now.Before(instant(e.expires)) || e.memberEnds != 0 && !now.Before(instant(e.memberEnds))
}

// packMember refuses whoever is neither the provider's nor a member, so that
// nobody else comes out of the cache as one of the two.
func (e *entry) packMember(b Bearer) bool {
	switch b.Actor.Kind {
	case identity.ActsAsProvider:
		return b.Token.OrganizationID == ""
	case identity.ActsAsMember:
	default:
		return false
	}
	var member, organization bool
	e.member, member = identity.UUID(b.Token.MemberID)
	e.organization, organization = identity.UUID(b.Token.OrganizationID)
	for i, role := range roles {
		if role == b.Actor.Role {
			e.role = uint8(i + 1)
		}
	}
	e.has |= hasMember
	return member && organization && e.role != 0
}

// idSize is the length of an identifier as text.
const idSize = 30

// bearer is the reverse of pack. The texts share one piece of memory.
func (e *entry) bearer(name string) Bearer {
	b := make([]byte, 0, 4*idSize+2*len(e.app))
	b = identity.AppendID(identity.AppendID(b, "tok_", e.id), "acc_", e.account)
	b = identity.AppendID(identity.AppendID(b, "mem_", e.member), "org_", e.organization)
	text := string(hex.AppendEncode(b, e.app[:]))
	k := identity.AccessToken{
		ID: identity.TokenID(text[:idSize]), AccountID: identity.AccountID(text[idSize : 2*idSize]), ClientType: identity.ClientType(e.client),
		CreatedAt: instant(e.created), ExpiresAt: instant(e.expires), RefreshedAt: instant(e.refreshed), RefreshEndsAt: instant(e.refreshEnds),
	}
	actor := identity.Actor{Kind: identity.ActsAsProvider, AccountID: k.AccountID, Name: name}
	if e.has&hasMember != 0 {
		k.MemberID, k.OrganizationID = identity.MemberID(text[2*idSize:3*idSize]), identity.OrganizationID(text[3*idSize:4*idSize])
		actor.Kind, actor.Role = identity.ActsAsMember, roles[e.role-1]
		actor.MemberID, actor.OrganizationID = k.MemberID, k.OrganizationID
	}
	if e.has&hasApp != 0 {
		k.AppID = text[4*idSize:]
		actor.AppID = k.AppID
	}
	if e.has&hasAddress != 0 {
		k.Address = netip.AddrFrom16(e.address)
		if e.has&hasAddress4 != 0 {
			k.Address = k.Address.Unmap()
		}
	}
	out := Bearer{Token: k, Actor: actor}
	if e.memberEnds != 0 {
		out.memberEnds = instant(e.memberEnds)
	}
	return out
}

func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
