package token

import (
	"net/netip"
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/orgate/orgate/internal/identity"
)

// bearers are tokens of every kind there is.
func bearers() map[string]Bearer {
	now := time.UnixMilli(1_800_000_000_123).UTC()
	member := Bearer{
		Token: identity.AccessToken{
			ID: identity.NewTokenID(now), AccountID: identity.NewAccountID(now), MemberID: identity.NewMemberID(now),
			OrganizationID: identity.NewOrganizationID(now), ClientType: identity.ClientAPI, Address: netip.MustParseAddr("192.0.2.1"),
			CreatedAt: now, ExpiresAt: now.Add(time.Hour), RefreshedAt: now, RefreshEndsAt: now.Add(2 * time.Hour),
		},
		Actor: identity.Actor{Kind: identity.ActsAsMember, Role: identity.RoleOwner, Name: "Alice"},
	}
	member.Actor.AccountID, member.Actor.MemberID, member.Actor.OrganizationID = member.Token.AccountID, member.Token.MemberID, member.Token.OrganizationID
	app := member
	app.Token.AppID, app.Actor.AppID = "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"
	app.Token.Address, app.Actor.Role = netip.MustParseAddr("2001:db8::1"), identity.RoleMember
	mapped := member
	mapped.Token.Address = netip.MustParseAddr("::ffff:192.0.2.1")
	provider := Bearer{Token: member.Token, Actor: identity.Actor{Kind: identity.ActsAsProvider, AccountID: member.Token.AccountID, Name: "Root"}}
	provider.Token.MemberID, provider.Token.OrganizationID, provider.Token.Address = "", "", netip.Addr{}
	return map[string]Bearer{"member": member, "App ID, IPv6": app, "mapped address": mapped, "provider": provider}
}

func TestPackedTokensComeBack(t *testing.T) {
	for name, want := range bearers() {
		e, ok := pack(make([]byte, 32), want)
		if !ok {
			t.Errorf("%s: not kept", name)
			continue
		}
		e.id, _ = identity.UUID(want.Token.ID)
		if got := e.bearer(want.Actor.Name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

func TestWhatDoesNotFitIsNotKept(t *testing.T) {
	for name, change := range map[string]func(b *Bearer){
		"account": func(b *Bearer) { b.Token.AccountID = "acc_other" },
		"member":  func(b *Bearer) { b.Token.MemberID = "" },
		"App ID":  func(b *Bearer) { b.Token.AppID = "0123456789abcdef0123456789abcdef0123" },
		"case":    func(b *Bearer) { b.Token.AppID = "0123456789ABCDEF0123456789abcdef" },
		"zone":    func(b *Bearer) { b.Token.Address = netip.MustParseAddr("fe80::1%eth0") },
		"role":    func(b *Bearer) { b.Actor.Role = "other" },
		"client":  func(b *Bearer) { b.Token.ClientType = 300 },
	} {
		b := bearers()["member"]
		change(&b)
		if _, ok := pack(make([]byte, 32), b); ok {
			t.Errorf("%s: kept, and would come back as something else", name)
		}
	}
}

// A full part drops what was not asked for, and stays as large as it is.
func TestPartIsBounded(t *testing.T) {
	p := part{most: 8, at: map[[16]byte]uint32{}}
	for i := range 100 {
		p.put(entry{id: [16]byte{byte(i)}}, "")
		if _, _, ok := p.get([16]byte{0}); !ok {
			t.Fatalf("what is asked for all the time was dropped for number %d", i)
		}
		if i%3 == 0 {
			p.remove([16]byte{byte(i), 1})
		}
	}
	if len(p.slots) != 8 || len(p.at) > 8 {
		t.Errorf("%d slots and %d tokens, want at most 8", len(p.slots), len(p.at))
	}
	if _, _, ok := p.get([16]byte{99}); !ok {
		t.Error("the newest is not there")
	}
	p.remove([16]byte{99})
	if _, _, ok := p.get([16]byte{99}); ok {
		t.Error("what was removed is still there")
	}
}

// A token costs its slot, its name's header, and its place in the index.
func TestEntrySize(t *testing.T) {
	if got := unsafe.Sizeof(entry{}) + unsafe.Sizeof("") + 28; got > 280 {
		t.Errorf("a token costs %d bytes and its holder's name", got)
	}
}
