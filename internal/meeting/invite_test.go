package meeting

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

func TestInviteUser(t *testing.T) {
	h := newHouse(t)
	anna, carl := h.login("anna@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
	const path = "dcs/corp/member/add"
	var got inviteAnswer
	if h.told(&got, anna, "POST", path, `{"name":"Zoe","contact":"Zoe@New.example","title":"Dr","desc":"d","deptCode":"1","sortLevel":5}`); got.UserExist {
		t.Error("nobody signs in by this address")
	}
	all, err := h.o.Directory.Invitations(t.Context(), console(), h.acme.ID, directory.InvitationQuery{Limit: 9})
	if err != nil || len(all) != 1 {
		t.Fatalf("got %+v, %v", all, err)
	}
	i := all[0]
	if i.Contact != "zoe@new.example" || i.Name != "Zoe" || i.Title != "Dr" || i.SortLevel != 5 || i.Role != identity.RoleMember {
		t.Errorf("got %+v", i)
	}
	if h.told(&got, anna, "POST", path, `{"name":"P","contact":"13900000003","country":"chinaPR"}`); got.UserExist {
		t.Error("nobody signs in by this number")
	}
	for body, code := range map[string]string{
		`{"name":"Zoe","contact":"zoe@new.example"}`:                     "USG.201040045", // waits
		`{"name":"Carl","contact":"carl@mail.example"}`:                  "USG.201040046", // is here
		`{"name":"X","contact":"x@new.example","deptCode":"none"}`:       "USG.201030404",
		`{"contact":"x@new.example"}`:                                    "USG.000000003",
		`{"name":"X"}`:                                                   "USG.000000003",
		`{"name":"X","contact":"x"}`:                                     "USG.000000003",
		`{"name":"X","contact":"x@new.example","sortLevel":0}`:           "USG.000000003",
		`{"name":"X","contact":"` + strings.Repeat("x", 256) + `"}`:      "USG.000000003",
		`{"name":"X","contact":"x@a.example","contact":"y@new.example"}`: "USG.000000003",
	} {
		refused(t, h.asking(anna, "POST", path, body), 400, code)
	}
	refused(t, h.asking(carl, "POST", path, `{"name":"Y","contact":"y@new.example"}`), 403, "USG.201020001")
}
