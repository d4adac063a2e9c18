package pages

import (
	"maps"
	"net/http"

	"github.com/orgate/orgate/internal/fault"
)

// peopleExamples has the pages of people with accounts of their own.
func peopleExamples() map[string]Page {
	form := Hidden{Action: "/organizations/", Token: "token-of-the-form"}
	at := func(code fault.Code, field string) *fault.Error { return fault.New(fault.Invalid, code).At(field) }
	register := Register{Form: form, Mobiles: true, Min: 8, Max: 64, Back: "/login"}
	wrong, sent := register, register
	wrong.Name, wrong.Contact, wrong.Mobiles = "朵拉", "dora@", false
	wrong.Fault = at(fault.CodeEmailFormat, "contact").Among(at(fault.CodeAccountFormat, "account"), at(fault.CodeFieldMissing, "name").With("field", "name"))
	sent.Sent, sent.Contact = true, "dora@mail.example"
	late := sent
	late.Fault = at(fault.CodeCodeWrong, "code").Among(at(fault.CodePasswordBreached, "password"))
	asked := wrong
	asked.Fault = at(fault.CodeCaptchaFailed, "puzzle")
	asked.Puzzle = &Puzzle{Word: "ogk_1", Picture: "data:image/png;base64,AA==", Piece: "data:image/png;base64,BB==", Width: 320, Height: 160, Size: 56, Y: 40, Minutes: 2}
	places := Organizations{
		Form: form, Name: "Dora", Owned: 1, Most: 5, Founds: true, Within: true, Notice: NoteOrganizationFounded, Account: "/account", Places: []Place{
			{ID: "org_1", Name: "Acme Ltd", Code: "acme", Role: RoleKey("owner"), Here: true},
			{ID: "org_2", Name: "新星", Code: "nova", Role: RoleKey("member"), Last: true, Leave: "/organizations/nova/leave"},
			{ID: "org_3", Name: "Old", Code: "old", Role: RoleKey("department_administrator"), Leave: "/organizations/old/leave", Barred: fault.New(fault.Forbidden, fault.CodeMemberDisabled)},
		},
	}
	invited := Invitation{Form: form, Organization: "Acme Ltd", Inviter: "Anna", Contact: "d****@mail.example", Min: 8, Max: 64}
	step := func(s InvitationStep, signedIn string) Invitation {
		i := invited
		i.Step, i.SignedIn = s, signedIn
		return i
	}
	newcomer := step(InvitationRegister, "")
	newcomer.Name = "Dora"
	typed := newcomer
	typed.Fault = at(fault.CodePasswordBreached, "password").Among(at(fault.CodeFieldLength, "name").With("min", 1).With("max", 64), at(fault.CodeAccountTaken, "account"))
	managed := step(InvitationOther, "Carl")
	managed.Fault = fault.New(fault.Forbidden, fault.CodeInvitationManaged)
	all := map[string]Page{
		"register":            {Content: register},
		"register_errors":     {Content: wrong, Status: http.StatusUnprocessableEntity},
		"register_code":       {Content: sent},
		"register_code_wrong": {Content: late, Status: http.StatusUnprocessableEntity},
		"organizations":       {Content: places},
		"organizations_none":  {Content: Organizations{Form: form, Name: "Dora", Owned: 5, Most: 5, Quotas: "/account/quotas", Account: "/account", Fault: fault.New(fault.Conflict, fault.CodeOrganizationQuota).With("max", 5)}},
		"organizations_errors": {
			Content: Organizations{Form: form, Name: "Dora", Founds: true, Most: 5, Typed: "a/b", Account: "/account", Fault: at(fault.CodeFieldLength, "name").With("min", 1).With("max", 60)},
			Status:  http.StatusUnprocessableEntity,
		},
		"register_puzzle":    {Content: asked, Status: http.StatusUnprocessableEntity},
		"invitation_new":     {Content: newcomer},
		"invitation_errors":  {Content: typed, Status: http.StatusUnprocessableEntity},
		"invitation_known":   {Content: step(InvitationSignIn, "")},
		"invitation_join":    {Content: step(InvitationJoin, "Dora")},
		"invitation_managed": {Content: managed},
		"take_over":          {Content: TakeOver{Form: form, Organization: "Acme Ltd", Giver: "Anna", Leaves: true, SignedIn: "Dora"}},
		"take_over_refused":  {Content: TakeOver{Form: form, Organization: "Acme Ltd", Giver: "Anna", SignedIn: "Carl", Fault: fault.New(fault.Forbidden, fault.CodeHandoverForeign)}},
		"take_over_nobody":   {Content: TakeOver{Form: form, Organization: "Acme Ltd", Giver: "Anna"}},
		"remove_account":     {Content: RemoveAccount{Form: form, Account: "dora", Leaves: []string{"Acme Ltd", "新星"}, Ask: true, Back: "/account"}},
		"remove_account_wrong": {
			Content: RemoveAccount{Form: form, Account: "dora", Ask: true, Back: "/account", Fault: at(fault.CodePasswordOld, "password")},
			Status:  http.StatusUnprocessableEntity,
		},
		"remove_account_owner": {Content: RemoveAccount{
			Form: form, Account: "dora", Owns: "/organizations/", Back: "/account", Fault: fault.New(fault.Conflict, fault.CodeAccountOwns).With("organizations", "Acme Ltd, 新星"),
		}},
	}
	maps.Copy(all, quotaExamples())
	maps.Copy(all, factorExamples())
	return all
}

// peopleSlots has every place of those pages that outside text can reach.
func peopleSlots(evil string) map[string]Page {
	form := Hidden{Action: evil, Token: evil, Flow: evil}
	f := fault.New(fault.Invalid, fault.CodeFieldMissing).With("field", evil)
	return map[string]Page{
		"quotas": {Content: Quotas{
			Form: form, Typed: evil, Asked: "members", Fault: f, Back: evil, Notice: Key(evil), Shares: []Share{{Kind: "members", Of: evil, Most: 5}, {Kind: evil, Most: 5, Closed: f}},
			Wishes: []QuotaWish{{Kind: "members", Organization: evil, State: evil, Reason: evil, Answer: evil, DecidedBy: evil}},
		}},
		"leave organization": {Content: LeaveOrganization{Form: form, Organization: evil, Role: Key(evil), Applications: []string{evil}, Here: true, Fault: f, Back: evil}},
		"puzzle":             {Content: Register{Form: form, Fault: f.At("puzzle"), Back: evil, Puzzle: &Puzzle{Word: evil}}},
		"register":           {Content: Register{Form: form, Name: evil, Contact: evil, Account: evil, Fault: f, Back: evil}},
		"register code":      {Content: Register{Form: form, Contact: evil, Sent: true, Fault: f, Back: evil}},
		"organizations":      {Content: Organizations{Form: form, Name: evil, Typed: evil, Founds: true, Notice: Key(evil), Fault: f, Account: evil, Places: []Place{{ID: evil, Name: evil, Code: evil, Role: Key(evil), Barred: f}}}},
		"invitation":         {Content: Invitation{Form: form, Step: InvitationRegister, Organization: evil, Inviter: evil, Contact: evil, Name: evil, Account: evil, Fault: f}},
		"joining":            {Content: Invitation{Form: form, Step: InvitationJoin, Organization: evil, Inviter: evil, Contact: evil, SignedIn: evil}},
		"take over":          {Content: TakeOver{Form: form, Organization: evil, Giver: evil, SignedIn: evil, Fault: f}},
		"remove account":     {Content: RemoveAccount{Form: form, Account: evil, Leaves: []string{evil}, Ask: true, Fault: f, Back: evil}},
	}
}
