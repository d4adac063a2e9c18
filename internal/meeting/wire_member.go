package meeting

import (
	"strings"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// userDetail is a UserDetailDTO (Meeting API, Appendix A). What exists for
// terminals alone is null.
type userDetail struct {
	ID            string     `json:"id"`
	UserAccount   string     `json:"userAccount"`
	Name          string     `json:"name"`
	EnglishName   string     `json:"englishName"`
	Phone         string     `json:"phone"`
	Country       string     `json:"country"`
	Email         string     `json:"email"`
	SipNum        string     `json:"sipNum"`
	VmrList       []userRoom `json:"vmrList"`
	DeptCode      string     `json:"deptCode"`
	DeptName      string     `json:"deptName"`
	DeptNamePath  string     `json:"deptNamePath"`
	UserType      int        `json:"userType"`
	AdminType     int        `json:"adminType"`
	Signature     string     `json:"signature"`
	Title         string     `json:"title"`
	Desc          string     `json:"desc"`
	Corp          *corpBasic `json:"corp"`
	Function      function   `json:"function"`
	DevType       *struct{}  `json:"devType"`
	Status        int        `json:"status"`
	SortLevel     int        `json:"sortLevel"`
	HidePhone     bool       `json:"hidePhone"`
	VisionAccount *string    `json:"visionAccount"`
	ThirdAccount  string     `json:"thirdAccount"`
	License       *int       `json:"license"`
	ActiveTime    *int64     `json:"activeTime"`
}

// function is what a user may use; deprecated, and always nothing.
type function struct {
	EnableRoom bool `json:"enableRoom"`
}

// The values of a user's status.
const (
	userNormal   = 0
	userDisabled = 1
)

func statusOf(p identity.Person, now time.Time) int {
	if p.Active(now) {
		return userNormal
	}
	return userDisabled
}

func adminTypeOf(r identity.Role) int {
	switch r {
	case identity.RoleOwner:
		return adminTypeOwner
	case identity.RoleAdministrator:
		return adminTypeOrdinary
	}
	return adminTypeNone
}

// last is the department itself at the end of its trail.
func last(trail []identity.Department) identity.Department {
	if len(trail) == 0 {
		return identity.Department{}
	}
	return trail[len(trail)-1]
}

func detailOf(p identity.Person, trail []identity.Department, now time.Time) userDetail {
	m, a, dep := p.Member, p.Account, last(trail)
	return userDetail{
		ID: identity.Hex(m.ID), UserAccount: a.Name, Name: m.Name, EnglishName: m.EnglishName, Phone: a.Mobile, Country: a.Country,
		Email: a.Email, SipNum: m.Number, VmrList: []userRoom{}, DeptCode: dep.Code, DeptName: dep.Name, DeptNamePath: namePath(trail),
		UserType: userTypeMember, AdminType: adminTypeOf(m.Role), Signature: m.Signature, Title: m.Title, Desc: m.Description,
		Status: statusOf(p, now), SortLevel: m.SortLevel, HidePhone: m.HideMobile, ThirdAccount: m.ThirdAccount,
	}
}

// detail adds to a person where they are placed and where they meet: the
// personal meeting id first, and then the rooms that are lent to them.
func (m *meeting) detail(c *call, p identity.Person) (userDetail, error) {
	ctx, org := c.r.Context(), p.Member.OrganizationID
	trail, err := m.o.Directory.DepartmentTrail(ctx, c.actor, org, p.Member.Department)
	answer := detailOf(p, trail, m.o.Now())
	if err != nil {
		return answer, err
	}
	rooms, err := m.o.Resources.RoomsOfMember(ctx, c.actor, org, p.Member.ID)
	for _, room := range rooms {
		answer.VmrList = append(answer.VmrList, m.userRoomOf(room))
	}
	return answer, err
}

// userRoom is a UserVmrDTO; the package is that of rooms alone.
type userRoom struct {
	ID        string `json:"id"`
	VMRID     string `json:"vmrId"`
	Name      string `json:"vmrName"`
	Mode      int    `json:"vmrMode"`
	PackageID string `json:"vmrPkgId,omitempty"`
	Package   string `json:"vmrPkgName,omitempty"`
	Parties   *int   `json:"vmrPkgParties,omitempty"`
	Length    *int   `json:"vmrPkgLength,omitempty"` // 0: meetings may last
	Status    int    `json:"status"`
}

func (m *meeting) userRoomOf(r resource.Room) userRoom {
	w := userRoom{ID: string(r.ID), VMRID: r.Number, Name: r.Name, Mode: vmrPersonal, Status: m.roomStatus(r)}
	if r.Personal == "" {
		w.Mode, w.PackageID, w.Package = vmrRoom, packageID(r.Package), string(r.Package)
		w.Parties, w.Length = new(r.Package.Parties()), new(0)
	}
	return w
}

// userFound is a SearchUserResultDTO.
type userFound struct {
	ID                   string  `json:"id"`
	UserAccount          string  `json:"userAccount"`
	Name                 string  `json:"name"`
	EnglishName          string  `json:"englishName"`
	Phone                string  `json:"phone"`
	Country              string  `json:"country"`
	Email                string  `json:"email"`
	VmrID                *string `json:"vmrId"`
	DeptCode             string  `json:"deptCode"`
	DeptNamePath         string  `json:"deptNamePath"`
	UserType             int     `json:"userType"`
	AdminType            int     `json:"adminType"`
	Signature            string  `json:"signature"`
	Title                string  `json:"title"`
	Desc                 string  `json:"desc"`
	Status               int     `json:"status"`
	SortLevel            int     `json:"sortLevel"`
	HidePhone            bool    `json:"hidePhone"`
	ThirdAccount         string  `json:"thirdAccount"`
	VisionAccount        *string `json:"visionAccount"`
	License              *int    `json:"license"`
	ActiveTime           *int64  `json:"activeTime"`
	ActiveCodeExpireTime *int64  `json:"activeCodeExpireTime"`
	ExpireTime           *int64  `json:"expireTime"`
	ActiveCode           *string `json:"activeCode"`
}

func foundOf(p identity.Person, trail []identity.Department, now time.Time) userFound {
	d := detailOf(p, trail, now)
	return userFound{
		ID: d.ID, UserAccount: d.UserAccount, Name: d.Name, EnglishName: d.EnglishName, Phone: d.Phone, Country: d.Country, Email: d.Email,
		DeptCode: d.DeptCode, DeptNamePath: d.DeptNamePath, UserType: d.UserType, AdminType: d.AdminType, Signature: d.Signature,
		Title: d.Title, Desc: d.Desc, Status: d.Status, SortLevel: d.SortLevel, HidePhone: d.HidePhone, ThirdAccount: d.ThirdAccount,
	}
}

// deviceFound is a device among users. Its account is the id of its activation
// code, as in ResetVisionActiveCode.
func deviceFound(d resource.ActivationCode) userFound {
	item, code := d.Item, d.Item.Activation
	w := userFound{
		ID: identity.Hex(item.ID), UserAccount: string(item.ID), Name: item.Name, Phone: item.Contact.Mobile, Country: item.Contact.Country,
		Email: item.Contact.Email, DeptCode: d.Department.Code, DeptNamePath: strings.Join(d.Path, pathSeparator), UserType: userTypes[item.Device],
		AdminType: adminTypeNone, Desc: item.Description, Status: userNormal, VisionAccount: new(string(item.ID)),
	}
	if code.Code != "" {
		w.ActiveCode, w.ActiveCodeExpireTime = &code.Code, new(code.EndsAt.UnixMilli())
	}
	return w
}

// adminAnswer is a CorpAdminDTO.
type adminAnswer struct {
	ID        string     `json:"id"`
	Account   string     `json:"account"`
	Name      string     `json:"name"`
	AdminType int        `json:"adminType"`
	Email     string     `json:"email"`
	Phone     string     `json:"phone"`
	Country   string     `json:"country"`
	Dept      *deptBasic `json:"dept,omitempty"`
}

// deptBasic is a DeptBasicDTO.
type deptBasic struct {
	DeptCode       string  `json:"deptCode"`
	CorpID         string  `json:"corpId"`
	DeptName       string  `json:"deptName"`
	DeptNamePath   string  `json:"deptNamePath"`
	ParentDeptCode *string `json:"parentDeptCode"`
}

func adminOf(p identity.Person, trail []identity.Department) adminAnswer {
	w := adminAnswer{
		ID: identity.Hex(p.Member.ID), Account: p.Account.Name, Name: p.Member.Name, AdminType: adminTypeOf(p.Member.Role),
		Email: p.Account.Email, Phone: p.Account.Mobile, Country: p.Account.Country,
	}
	if n := len(trail); n > 0 {
		w.Dept = &deptBasic{DeptCode: last(trail).Code, CorpID: string(p.Member.OrganizationID), DeptName: last(trail).Name, DeptNamePath: namePath(trail)}
		if n > 1 {
			w.Dept.ParentDeptCode = &trail[n-2].Code
		}
	}
	return w
}

// corpBasic is a CorpBasicInfoDTO.
type corpBasic struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	Address         string `json:"address"`
	AdminName       string `json:"adminName"`
	Account         string `json:"account"`
	Phone           string `json:"phone"`
	Country         string `json:"country"`
	Email           string `json:"email"`
	EnableSMS       bool   `json:"enableSMS"`
	EnableCloudDisk bool   `json:"enableCloudDisk"`
	EnablePstn      bool   `json:"enablePstn"`
	AutoUserCreate  bool   `json:"autoUserCreate"`
	CorpType        int    `json:"corpType"`
}

// corpBasicOf tells an enterprise's own telephone and mail address: those of
// its default administrator are the administrator's.
func (m *meeting) corpBasicOf(c *call, card directory.Card) *corpBasic {
	o := card.Organization
	return &corpBasic{
		ID: string(o.ID), Name: o.Name, Address: o.Profile.Address, AdminName: card.Owner.Member.Name, Account: card.Owner.Account.Name,
		Phone: o.Profile.Phone, Country: o.Profile.Country, Email: o.Profile.Email,
		EnableSMS: m.o.Directory.Reaches(c.r.Context(), identity.BySMS), AutoUserCreate: o.AutoCreate,
	}
}
