package meeting

import (
	"encoding/hex"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// tokenDTO answers every operation that makes or checks a token (Meeting API,
// 3.2). Fields that have no meaning here are written as null, as the original
// service does.
type tokenDTO struct {
	token   identity.AccessToken // zero when none was made
	access  string
	refresh string
	// seconds is the validity that is told: the whole one of a new token, what
	// is left of a checked one.
	seconds int64
	caller  netip.Addr
	client  identity.ClientType
	first   bool      // the password is one that somebody else chose
	user    *userInfo // nil where nobody asked
}

// made describes a token that was just issued, with the person behind it.
func (m *meeting) made(c *call, in directory.SignedIn, client identity.ClientType) *tokenDTO {
	t := in.Issued.Token
	d := &tokenDTO{
		token: t, access: in.Issued.Access, refresh: in.Issued.Refresh, caller: c.origin.Address, client: client,
		first: in.MustChange, user: &userInfo{in: in, realm: m.realm, base: m.base, appID: t.AppID, now: m.o.Now()},
	}
	if d.access != "" {
		d.seconds = t.ExpiresAt.Unix() - t.CreatedAt.Unix()
	}
	return d
}

// appendTo writes the object in the order of the documentation.
func (d *tokenDTO) appendTo(b []byte) []byte {
	j := &writer{b: b}
	j.begin()
	j.textOrNull("accessToken", d.access)
	j.name("tokenIp")
	j.b = appendAddress(j.b, d.caller)
	if d.access == "" {
		j.nulls("validPeriod", "expireTime", "createTime")
	} else {
		j.number("validPeriod", d.seconds)
		j.number("expireTime", d.token.ExpiresAt.Unix())
		j.number("createTime", d.token.CreatedAt.UnixMilli())
	}
	if d.user != nil {
		j.name("user")
		d.user.appendTo(j)
	} else {
		j.null("user")
	}
	j.number("clientType", int64(d.client))
	j.null("forceLoginInd")
	j.flag("firstLogin", d.first)
	j.flag("pwdExpired", false)
	j.nulls("daysPwdAvailable", "proxyToken")
	j.flag("delayDelete", false)
	j.number("tokenType", 0)
	d.appendRefresh(j)
	j.end()
	return j.b
}

// appendRefresh writes the refresh token; of a checked token nobody but its
// holder knows the word.
func (d *tokenDTO) appendRefresh(j *writer) {
	j.textOrNull("refreshToken", d.refresh)
	if d.refresh == "" {
		j.nulls("refreshValidPeriod", "refreshExpireTime", "refreshCreateTime")
		return
	}
	j.number("refreshValidPeriod", seconds(d.token.RefreshedAt, d.token.RefreshEndsAt))
	j.number("refreshExpireTime", d.token.RefreshEndsAt.Unix())
	j.number("refreshCreateTime", d.token.RefreshedAt.UnixMilli())
}

// seconds counts whole seconds as the API does: both ends are cut first, so
// that floor(createTime/1000) + validPeriod is expireTime.
func seconds(from, to time.Time) int64 { return to.Unix() - from.Unix() }

// appendID writes an identifier as the API shows those of users: 32 hex digits
// (see identity.Hex).
func appendID(b []byte, id string) []byte {
	u, _ := identity.UUID(id)
	return append(hex.AppendEncode(append(b, '"'), u[:]), '"')
}

func appendAddress(b []byte, a netip.Addr) []byte {
	if !a.IsValid() {
		return append(b, "null"...)
	}
	return append(a.AppendTo(append(b, '"')), '"')
}

// The user and administrator types (Meeting API, 2).
const (
	userTypeProvider = 1
	userTypeMember   = 2

	adminTypeOwner    = 0
	adminTypeOrdinary = 1
	adminTypeNone     = 2
)

// providerID is the spId of everybody: an installation has one provider.
const providerID = "orgate"

// userInfo describes the person behind a token.
type userInfo struct {
	in    directory.SignedIn
	realm string
	base  string // of addresses
	appID string
	now   time.Time
}

func (u *userInfo) appendTo(j *writer) {
	a, p, o := &u.in.Person.Account, &u.in.Person.Member, &u.in.Organization
	j.begin()
	id, name := string(p.ID), p.Name
	if u.in.Provider {
		id, name = string(a.ID), a.DisplayName
	}
	j.name("userId")
	j.b = appendID(j.b, id)
	j.text("ucloginAccount", a.Name)
	u.appendNumber(j)
	j.nulls("numberHA1", "alias1")
	j.textOrNull("companyId", string(o.ID))
	j.text("spId", providerID)
	j.textOrNull("companyDomain", o.Domain)
	j.text("realm", u.realm)
	userType, adminType := u.types()
	j.number("userType", userType)
	j.number("adminType", adminType)
	j.text("name", name)
	j.textOrNull("nameEn", p.EnglishName)
	j.flag("isBindPhone", a.Mobile != "")
	j.flag("freeUser", false)
	j.textOrNull("thirdAccount", p.ThirdAccount)
	j.null("visionAccount")
	j.textOrNull("headPictureUrl", directory.PictureAddress(u.base, *p))
	j.null("password")
	j.number("status", u.status())
	j.nulls("paidAccount", "paidPassword")
	j.flag("weLinkUser", false)
	j.textOrNull("appId", u.appID)
	j.null("tr069Account")
	j.number("corpType", 0)
	j.null("cloudUserId")
	j.flag("grayUser", false)
	j.end()
}

// appendNumber writes the SIP address; who has no number has none.
func (u *userInfo) appendNumber(j *writer) {
	number := u.in.Person.Member.Number
	if number == "" {
		j.null("serviceAccount")
		return
	}
	j.name("serviceAccount")
	j.b = append(append(append(append(j.b, `"sip:`...), number...), '@'), u.realm...)
	j.b = append(j.b, '"')
}

func (u *userInfo) types() (userType, adminType int64) {
	if u.in.Provider {
		return userTypeProvider, adminTypeOwner
	}
	switch u.in.Person.Member.Role {
	case identity.RoleOwner:
		return userTypeMember, adminTypeOwner
	case identity.RoleAdministrator:
		return userTypeMember, adminTypeOrdinary
	}
	return userTypeMember, adminTypeNone
}

// status is 0 for a person who may sign in, 1 for one who may not.
func (u *userInfo) status() int64 {
	if u.in.Person.Account.Active() && (u.in.Provider || u.in.Person.Member.Active(u.now)) {
		return 0
	}
	return 1
}
