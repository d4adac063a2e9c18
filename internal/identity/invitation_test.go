package identity

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestInvitationStanding(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		state InvitationState
		ends  time.Time
		want  InvitationState
	}{
		{InvitationOpen, now.Add(time.Second), InvitationOpen},
		{InvitationOpen, now, InvitationExpired},
		{InvitationOpen, now.Add(-time.Hour), InvitationExpired},
		{InvitationAccepted, now.Add(-time.Hour), InvitationAccepted},
		{InvitationCancelled, now.Add(-time.Hour), InvitationCancelled},
		{InvitationCancelled, now.Add(time.Hour), InvitationCancelled},
	} {
		if got := (Invitation{State: row.state, EndsAt: row.ends}).Standing(now); got != row.want {
			t.Errorf("%s until %s: got %s, want %s", row.state, row.ends, got, row.want)
		}
	}
}

func TestContactsStayOutOfLogs(t *testing.T) {
	const contact = "dora@mail.example"
	for _, one := range []any{Invitation{ID: "inv_1", Contact: contact}, Handover{ID: "hov_1", Contact: contact}} {
		if text := fmt.Sprintf("%v %+v %#v", one, one, one); strings.Contains(text, contact) {
			t.Errorf("%T prints the contact: %s", one, text)
		}
	}
}

func TestWhoActsOutsideOrganizations(t *testing.T) {
	for kind, want := range map[AccountKind]ActorKind{Personal: ActsAsPerson, Operator: ActsAsProvider, Managed: Nobody, Outside: Nobody, "": Nobody} {
		if got := (Account{Kind: kind}).OutsideOrganizations(); got != want {
			t.Errorf("%q: got %q, want %q", kind, got, want)
		}
	}
	for kind, want := range map[ActorKind]bool{
		ActsAsMember: true, ActsAsProvider: true, ActsAsPerson: true,
		Nobody: false, ActsAsOrgToken: false, ActsAsApplication: false, ActsAsJob: false, ActsAsSetupLink: false, ActsAsConsole: false,
	} {
		if got := (Actor{Kind: kind, AccountID: "acc_1"}).Somebody(); got != want {
			t.Errorf("%q: somebody %v, want %v", kind, got, want)
		}
		if (Actor{Kind: kind}).Somebody() {
			t.Errorf("%q without an account is somebody", kind)
		}
	}
}

func TestLimitsOfPeople(t *testing.T) {
	if got, want := LimitsOfPeople(), (Limits{Members: 200, DepartmentLevels: 5, Departments: 999}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if LimitsOrgID().Members != 0 {
		t.Error("the limits of other organisations were changed")
	}
}
