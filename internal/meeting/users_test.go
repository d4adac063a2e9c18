package meeting

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// equipped gives acme a department with a device of each kind, and returns the
// word of an administrator.
func (h *house) equipped(t *testing.T) string {
	t.Helper()
	root, ben := h.login("root@seller.example").AccessToken, h.login("ben@acme.example").AccessToken
	h.granted(root, fmt.Sprintf(`[{"type":"HUAWEI_VISION","count":1,"expireDate":%d},{"type":"ROOM","count":2,"expireDate":%d},{"type":"IDEA_HUB","count":1,"expireDate":%d}]`,
		int64(later), int64(later), int64(later)))
	fine(t, "a department", h.asking(ben, "POST", "dcs/corp/dept", `{"deptCode":"rd","deptName":"Research"}`))
	for _, d := range []string{"idea-hub", "huawei-vision", "smart-rooms", "welink-desktop(iwb)"} {
		h.clock.Advance(time.Second)
		fine(t, d, h.asking(ben, "POST", "dcs/corp/vision/activecode",
			fmt.Sprintf(`{"devType":%q,"devName":%q,"deptCode":"rd","description":"noted","emailAddr":"it@acme.example"}`, d, d)))
	}
	return ben
}

// usersAt searches users and tells their names, how many there are and from where
// on.
func (h *house) usersAt(word, query string) (names string, count, offset int) {
	h.t.Helper()
	var l listed[userFound]
	h.told(&l, word, "GET", "dcs/corp/member"+query, "")
	var all []string
	for _, u := range l.Data {
		all = append(all, u.Name)
	}
	return strings.Join(all, ","), l.Count, l.Offset
}

const (
	threePeople = `Anna,Ben,Carl "<C>"`
	twoBoards   = "smart-rooms,welink-desktop(iwb)"
)

// SearchUsers finds devices by their types (Meeting API, 2 and 5.6), behind the
// people.
func TestUserSearchFindsDevices(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ben := h.equipped(t)
		for query, want := range map[string]string{
			"?userType=13": "idea-hub", "?userType=12": "huawei-vision", "?userType=14": twoBoards, "?userType=10": "",
			"?sortField=ldapAccount": threePeople, "?sortField=ldapAccount&userType=2&userType=13": threePeople + ",idea-hub",
			"?userType=13&userType=14&searchKey=SMART": "smart-rooms", "?userType=13&userType=12&deptCode=rd": "idea-hub,huawei-vision",
			"?userType=13&deptCode=1&enableSubDept=false": "", "?userType=13&deptCode=1": "idea-hub", "?userType=13&status=0&adminType=2": "idea-hub",
			"?userType=13&status=1": "", "?userType=13&adminType=1": "", "?userType=2&userType=13&adminType=1": "Ben",
		} {
			if got, count, _ := h.usersAt(ben, query); got != want || count != len(strings.FieldsFunc(want, func(r rune) bool { return r == ',' })) {
				t.Errorf("%q: got %q of %d, want %q", query, got, count, want)
			}
		}
		refused(t, h.asking(ben, "GET", "dcs/corp/member?userType=13&deptCode=none", ""), 400, "USG.201030404")
		var l listed[userFound]
		h.told(&l, ben, "GET", "dcs/corp/member?userType=13", "")
		u := l.Data[0]
		if u.UserType != 13 || u.AdminType != 2 || u.DeptCode != "rd" || u.DeptNamePath != "Acme#Research" || u.Email != "it@acme.example" ||
			u.Desc != "noted" || u.ActiveCode == nil || *u.ActiveCodeExpireTime <= h.clock.Now().UnixMilli() || *u.VisionAccount != u.UserAccount {
			t.Errorf("got %+v", u)
		}
		fine(t, "its account", h.asking(ben, "PUT", "dcs/corp/vision/activecode/"+u.UserAccount+"/reset", `{}`))
	})
}

// Each part of the list is what stands there in the whole.
func TestUserSearchPagesThroughDevices(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ben := h.equipped(t)
		const all = "?sortField=ldapAccount&userType=2&userType=12&userType=13&userType=14"
		whole := strings.Split(threePeople+",idea-hub,huawei-vision,"+twoBoards, ",")
		for limit := 1; limit <= 8; limit++ {
			for offset := range 9 {
				from := offset
				if from >= len(whole) {
					from = (len(whole) - 1) / limit * limit
				}
				want := strings.Join(whole[from:min(from+limit, len(whole))], ",")
				got, count, at := h.usersAt(ben, fmt.Sprintf("%s&offset=%d&limit=%d", all, offset, limit))
				if got != want || count != len(whole) || at != from {
					t.Errorf("%d from %d: got %q of %d from %d, want %q", limit, offset, got, count, at, want)
				}
			}
		}
	})
}
