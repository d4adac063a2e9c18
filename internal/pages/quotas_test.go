package pages

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// quotaExamples has the pages of quotas, and of leaving.
func quotaExamples() map[string]Page {
	form := Hidden{Action: "/account/quotas", Token: "token-of-the-form"}
	since := time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)
	members := Share{Kind: "members", Of: "Acme Ltd", Have: 180, Most: 200, More: 100}
	own := Share{Kind: "organizations", Have: 5, Most: 5, More: 1}
	waits, most, unbounded := own, members, members
	waits.Waits = true
	most.Have, most.Most, most.Closed = 4_000, 5_000, fault.New(fault.Conflict, fault.CodeQuotaMost).With("max", 5_000)
	unbounded.Most, unbounded.Closed = 0, fault.New(fault.Conflict, fault.CodeQuotaNeedless)
	leave := LeaveOrganization{
		Form: Hidden{Action: "/organizations/nova/leave", Token: "token-of-the-form"}, Organization: "新星", Role: RoleKey("member"),
		Applications: []string{"Wiki", "Shop"}, Here: true, Back: "/organizations/",
	}
	owns := leave
	owns.Applications, owns.Here, owns.Fault = nil, false, fault.New(fault.Conflict, fault.CodeOwnerProtected)
	return map[string]Page{
		"quotas": {Content: Quotas{Form: form, Back: "/account", Notice: NoteQuotaAsked, Shares: []Share{members, waits}, Wishes: []QuotaWish{
			{Kind: "organizations", State: "pending", Reason: "A second company", Since: since},
			{Kind: "members", Organization: "Acme Ltd", State: "rejected", Answer: "Next year", DecidedBy: "Root", Since: since},
		}}},
		"quotas_errors": {
			Content: Quotas{Form: form, Back: "/account", Shares: []Share{members, own}, Asked: "organizations", Typed: "a", Fault: fault.New(fault.Invalid, fault.CodeFieldLength).At("reason").With("min", 0).With("max", 500)},
			Status:  http.StatusUnprocessableEntity,
		},
		"quotas_closed":            {Content: Quotas{Form: form, Back: "/account", Shares: []Share{most, unbounded}}},
		"leave_organization":       {Content: leave},
		"leave_organization_owner": {Content: owns, Status: http.StatusConflict},
	}
}

func TestShareOpens(t *testing.T) {
	closed := fault.New(fault.Conflict, fault.CodeQuotaMost)
	for _, row := range []struct {
		share Share
		want  bool
	}{{Share{}, true}, {Share{Waits: true}, false}, {Share{Closed: closed}, false}} {
		if got := row.share.Opens(); got != row.want {
			t.Errorf("%+v opens: %v, want %v", row.share, got, row.want)
		}
	}
}

// The picture of a puzzle stands in its page, and in no other page may one.
func TestPicturesOfPuzzles(t *testing.T) {
	if got := (Puzzle{Width: 320, Size: 56}).Most(); got != 264 {
		t.Errorf("the piece moves by %d, want 264", got)
	}
	p := newPages(t, Options{})
	for name, row := range map[string]struct {
		page Page
		want bool
	}{
		"with a puzzle": {Page{Content: Register{Puzzle: &Puzzle{Word: "w"}}}, true}, "without": {Page{Content: Register{}}, false},
		"another page": {Page{Content: Login{}}, false},
	} {
		policy := render(t, p, "/register", row.page).Header().Get("Content-Security-Policy")
		if got := strings.Contains(policy, "img-src 'self' data:;"); got != row.want || !strings.Contains(policy, "img-src 'self'") {
			t.Errorf("%s: %s", name, policy)
		}
	}
}
