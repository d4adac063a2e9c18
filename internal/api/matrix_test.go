package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Who may, from few to many. Whoever may do something to an organisation is of
// that organisation or of the provider.
var (
	ofProvider = []caller{providerToken, providerAdmin}
	ofOwner    = append([]caller{theOwner, orgToken}, ofProvider...)
	ofAdmins   = append([]caller{administrator}, ofOwner...)
	ofHeads    = append([]caller{deptHead}, ofAdmins...) // in the departments of the department administrator
	ofMembers  = append([]caller{anyMember}, ofHeads...)
	ofAnybody  = append([]caller{otherOwner, otherOrgToken}, ofMembers...)
	ofSomebody = []caller{anyMember, deptHead, administrator, theOwner, otherOwner} // a member of some organisation
	ofPersons  = append([]caller{providerAdmin, thePerson}, ofSomebody...)
	ofPerson   = []caller{thePerson} // with an account of their own
)

// rule is what the matrix knows of one operation. Whoever adds an operation
// adds a row here, or the test fails.
type rule struct {
	may    []caller
	status int
	body   string
	query  string
}

// tried is a body with settings that can be tried.
const tried = `{"authorize_url":"https://c.example/a","token_url":"https://c.example/t","client_id":"orgate","client_secret":"secret",
	"account_field":"sub","fields":{"access_token":"access_token"}}`

// worded is the beginning of a body with words for a code.
const worded = `{"subject":"Code","body":"Your code: {code}","sms":"{code}"`

func rules(t *testing.T) map[string]rule {
	return map[string]rule{
		"version": {append([]caller{nobody, thePerson}, ofAnybody...), 200, "", ""}, "me": {append([]caller{thePerson}, ofAnybody...), 200, "", ""},
		"list-my-sessions": {ofPersons, 200, "", ""}, "end-my-sessions": {ofPersons, 200, "", ""}, "end-my-session": {ofPersons, 204, "", ""},
		"report-my-session": {ofPersons, 200, "", ""}, "report-member-session": {ofAdmins, 200, "", ""},
		"list-member-sessions": {ofAdmins, 200, "", ""}, "end-member-sessions": {ofAdmins, 200, "", ""}, "end-member-session": {ofAdmins, 204, "", ""},
		"list-my-events": {ofSomebody, 200, "", ""}, "export-organization-events": {ofAdmins, 200, "", "?log=sign_ins&outcome=refused"},
		"list-my-requests": {ofPersons, 200, "", ""}, "withdraw-my-request": {append([]caller{thePerson}, ofSomebody...), 204, "", ""},
		"list-my-organizations": {ofPerson, 200, "", ""}, "add-my-organization": {ofPerson, 201, `{"name":"My own"}`, ""},
		"leave-organization":     {ofPerson, 404, "", ""},                                                     // the person is in none
		"list-my-quota-requests": {ofPersons, 200, "", ""}, "add-my-quota-request": {ofPerson, 409, `{}`, ""}, // one waits
		"get-account-settings": {ofProvider, 200, "", ""}, "set-account-settings": {ofProvider, 200, `{"registration":true}`, ""},
		"list-provider-quota-requests": {ofProvider, 200, "", ""}, "approve-quota-request": {ofProvider, 204, `{"answer":"yes"}`, ""},
		"reject-quota-request": {ofProvider, 204, `{}`, ""}, "list-quota-requests": {ofAdmins, 200, "", ""},
		"add-quota-request": {ofAdmins, 409, `{}`, ""}, // nothing bounds the members
		"list-invitations":  {ofHeads, 200, "", ""}, "get-invitation": {ofHeads, 200, "", ""},
		"add-invitation":    {ofAdmins, 201, `{"contact":"newer@mail.example","name":"Newer"}`, ""},
		"resend-invitation": {ofHeads, 429, "", ""}, // it was sent just now
		"cancel-invitation": {ofHeads, 204, "", ""},
		"get-handover":      {ofOwner, 200, "", ""}, "withdraw-handover": {ofOwner, 204, "", ""},
		"add-handover":  {ofOwner, 409, `{"name":"Heir","contact":"heir@mail.example"}`, ""}, // one is open
		"list-requests": {ofAdmins, 200, "", ""}, "approve-request": {ofAdmins, 204, `{"answer":"Welcome"}`, ""}, "reject-request": {ofAdmins, 204, `{}`, ""},
		"list-my-applications": {ofSomebody, 200, "", ""},
		"list-my-grants":       {ofSomebody, 200, "", ""}, "revoke-my-grants": {ofSomebody, 200, "", ""},
		"list-member-grants": {ofAdmins, 200, "", ""}, "revoke-member-grants": {ofAdmins, 200, "", ""},
		"list-provider-administrators": {ofProvider, 200, "", ""}, "remove-provider-administrator": {ofProvider, 204, "", ""},
		"add-provider-administrator": {ofProvider, 201, `{"account":"third"}`, ""},
		"list-api-tokens":            {ofProvider, 200, "", ""}, "add-api-token": {ofProvider, 201, `{"name":"new","organization":"acme"}`, ""},
		"revoke-api-token": {ofProvider, 204, "", ""}, "get-mail-settings": {ofProvider, 200, "", ""}, "get-sms-settings": {ofProvider, 200, "", ""},
		"set-mail-settings":  {ofProvider, 200, `{"host":"mail.example","port":587,"from":"a@b.example","tls":"starttls"}`, ""},
		"try-mail-settings":  {ofProvider, 200, `{"host":"mail.example","port":587,"from":"a@b.example","tls":"starttls","to":"x@y.example"}`, ""},
		"try-sms-settings":   {ofProvider, 200, `{"url":"https://sms.example","secret":"0123456789abcdef","to":"+8613800000001"}`, ""},
		"set-sms-settings":   {ofProvider, 200, `{"url":"https://sms.example","secret":"0123456789abcdef"}`, ""},
		"get-message-limits": {ofProvider, 200, "", ""}, "set-message-limits": {ofProvider, 200, `{"sms_hour":9}`, ""},
		"list-messages": {ofProvider, 200, "", ""},
		"list-events":   {ofProvider, 200, "", "?organization=acme"}, "find-traces": {ofAdmins, 200, "", ""},
		"export-manifest": {ofProvider, 200, "", ""}, "plan-manifest": {ofProvider, 200, `{"files":[]}`, ""},
		"apply-manifest":     {ofProvider, 200, `{"files":[]}`, ""},
		"list-organizations": {ofProvider, 200, "", ""}, "add-organization": {ofProvider, 201, `{"name":"New"}`, ""},
		"get-organization": {ofMembers, 200, "", ""}, "change-organization": {ofAdmins, 200, `{"name":"Changed"}`, ""},
		"remove-organization": {ofProvider, 204, "", ""}, "dissolve-organization": {ofOwner, 204, `{"confirm":"acme"}`, ""},
		"list-departments": {ofMembers, 200, "", ""}, "add-department": {ofAdmins, 201, `{"name":"Sales"}`, ""},
		"get-department": {ofMembers, 200, "", ""}, "change-department": {ofHeads, 200, `{"name":"Changed"}`, ""},
		"remove-department": {ofHeads, 204, "", ""}, "list-administrators": {ofAdmins, 200, "", ""},
		"list-department-administrators": {ofAdmins, 200, "", ""},
		"list-organization-events":       {ofAdmins, 200, "", ""}, "list-traces": {ofAdmins, 200, "", ""},
		"list-members": {ofHeads, 200, "", ""}, "add-member": {ofAdmins, 201, `{"name":"New"}`, ""},
		"get-member": {ofHeads, 200, "", ""}, "change-member": {ofHeads, 200, `{"name":"Changed"}`, ""}, "remove-member": {ofHeads, 204, "", ""},
		"suspend-member": {ofHeads, 200, "", ""}, "resume-member": {ofHeads, 200, "", ""}, "reset-password": {ofHeads, 204, "", ""},
		"switch-domain": {ofHeads, 200, `{"members":["MEMBER"],"domain":"acme.example"}`, ""},
		"list-links":    {ofHeads, 200, "", ""}, "remove-link": {ofHeads, 204, "", ""},
		"set-role":        {ofOwner, 200, `{"role":"administrator"}`, ""},
		"list-attributes": {ofMembers, 200, "", ""}, "get-attribute": {ofMembers, 200, "", ""},
		"add-attribute":    {ofAdmins, 201, `{"key":"floor","label":"Floor","type":"number"}`, ""},
		"change-attribute": {ofAdmins, 200, `{"label":"Changed"}`, ""}, "remove-attribute": {ofAdmins, 204, "", ""},
		"list-groups": {ofMembers, 200, "", ""}, "list-group-owners": {ofAdmins, 200, "", ""},
		"add-group-owners": {ofAdmins, 204, `{"members":["MEMBER"]}`, ""}, "remove-group-owner": {ofAdmins, 204, "", ""},
		"add-group": {ofAdmins, 201, `{"name":"readers"}`, ""}, "get-group": {ofAdmins, 200, "", ""},
		"change-group": {ofAdmins, 200, `{"name":"changed"}`, ""}, "remove-group": {ofAdmins, 204, "", ""},
		"list-group-members": {ofAdmins, 200, "", ""}, "add-group-members": {ofAdmins, 204, `{"members":[]}`, ""},
		"remove-group-member": {ofAdmins, 204, "", ""},
		"get-import-template": {ofAdmins, 200, "", ""}, "list-imports": {ofAdmins, 200, "", ""}, "get-import": {ofAdmins, 200, "", ""},
		"add-import": {ofAdmins, 201, "account,name\nnew,New\n", "?file_name=people.csv"}, "cancel-import": {ofAdmins, 200, "", ""},
		"get-import-original": {ofAdmins, 200, "", ""}, "list-import-refusals": {ofAdmins, 200, "", ""},
		"get-import-result": {ofAdmins, 404, "", ""}, "get-export-result": {ofAdmins, 404, "", ""}, // neither has run
		"list-exports": {ofAdmins, 200, "", ""}, "get-export": {ofAdmins, 200, "", ""}, "add-export": {ofAdmins, 201, `{"format":"xlsx"}`, ""},
		"cancel-export":    {ofAdmins, 200, "", ""},
		"list-setup-links": {ofAdmins, 200, "", ""}, "get-setup-link": {ofAdmins, 200, "", ""}, "add-setup-link": {ofAdmins, 201, `{"for":"them"}`, ""},
		"approve-setup-link": {ofAdmins, 409, "", ""}, "reject-setup-link": {ofAdmins, 409, `{}`, ""}, // nothing is submitted
		"withdraw-setup-link": {ofAdmins, 204, "", ""},
		"list-domains":        {ofAdmins, 200, "", ""}, "add-domain": {ofAdmins, 201, `{"name":"more.example"}`, ""},
		"change-domain": {ofAdmins, 200, `{"source":""}`, ""}, "remove-domain": {ofAdmins, 204, "", ""},
		"verify-domain":  {ofAdmins, 409, "", ""}, // nothing is published anywhere
		"add-source-try": {ofAdmins, 201, `{}`, ""}, "get-source-try": {ofAdmins, 200, "", ""},
		"list-source-kinds": {ofAnybody, 200, "", ""}, "list-sources": {ofAdmins, 200, "", ""}, "get-source": {ofAdmins, 200, "", ""},
		"add-source": {ofAdmins, 201, `{"name":"new","kind":"oauth2"}`, ""}, "change-source": {ofAdmins, 200, `{"name":"changed"}`, ""},
		"remove-source": {ofAdmins, 204, "", ""}, "get-source-icon": {ofAdmins, 200, "", ""},
		"set-source-icon": {ofAdmins, 200, pictured(t), ""}, "remove-source-icon": {ofAdmins, 200, "", ""},
		"get-picture": {ofHeads, 200, "", ""}, "set-picture": {ofHeads, 200, pictured(t), ""}, "remove-picture": {ofHeads, 200, "", ""},
		"get-my-picture": {ofSomebody, 404, "", ""}, "set-my-picture": {ofSomebody, 200, pictured(t), ""}, "remove-my-picture": {ofSomebody, 204, "", ""},
		"list-contacts": {ofMembers, 200, "", ""}, "get-contact": {ofMembers, 200, "", ""}, "add-contact": {ofAdmins, 201, `{"name":"Outside"}`, ""},
		"change-contact": {ofAdmins, 200, `{"title":"Dr"}`, ""}, "remove-contact": {ofAdmins, 204, "", ""},
		"list-my-contacts": {ofSomebody, 200, "", ""}, "get-my-contact": {ofSomebody, 200, "", ""}, "add-my-contact": {ofSomebody, 201, `{"name":"Outside"}`, ""},
		"change-my-contact": {ofSomebody, 200, `{"title":"Dr"}`, ""}, "remove-my-contact": {ofSomebody, 204, "", ""},
		"list-my-factors": {ofPersons, 200, "", ""}, "begin-my-factor": {ofPersons, 200, "", ""},
		"confirm-my-factor":       {ofPersons, 404, `{"ticket":"x","code":"123456","name":"Phone"}`, ""}, // no secret was made
		"begin-my-passkey":        {ofPersons, 422, `{"password":"wrong"}`, ""},
		"confirm-my-passkey":      {ofPersons, 410, `{"ticket":"x","response":{},"name":"Laptop"}`, ""}, // nothing was asked
		"challenge-my-passkey":    {ofPersons, 409, "", ""},                                             // they have none
		"rename-my-factor":        {ofPersons, 404, `{"name":"Phone"}`, ""},
		"remove-my-factor":        {ofPersons, 422, `{"password":"wrong"}`, ""},
		"renew-my-recovery-codes": {ofPersons, 422, `{"password":"wrong"}`, ""},
		"list-member-factors":     {ofHeads, 200, "", ""}, "reset-member-factors": {ofHeads, 204, "", ""},
		"list-webhooks": {ofAdmins, 200, "", ""}, "get-webhook": {ofAdmins, 200, "", ""},
		"add-webhook":    {ofAdmins, 201, `{"name":"Payroll","url":"https://hooks.example/in","events":["*"]}`, ""},
		"try-webhook":    {ofAdmins, 200, `{"url":"https://hooks.example/in"}`, ""},
		"change-webhook": {ofAdmins, 200, `{"enabled":false}`, ""}, "remove-webhook": {ofAdmins, 204, "", ""},
		"rotate-webhook-secret":   {ofAdmins, 200, "{}", ""},
		"list-webhook-deliveries": {ofAdmins, 200, "", ""}, "replay-webhook-delivery": {ofAdmins, 204, "", ""},
		"list-regions": {ofAdmins, 200, "", ""}, "get-region": {ofAdmins, 200, "", ""},
		"add-region":    {ofAdmins, 201, `{"name":"Annex","network":"192.0.2.0/24"}`, ""},
		"change-region": {ofAdmins, 200, `{"network":"192.0.2.0/24"}`, ""}, "remove-region": {ofAdmins, 204, "", ""},
		"get-provider-resource-totals": {ofProvider, 200, "", ""}, "get-resource-totals": {ofAdmins, 200, "", ""},
		"list-resource-records": {ofAdmins, 200, "", ""}, "list-resources": {ofAdmins, 200, "", ""}, "get-resource": {ofAdmins, 200, "", ""},
		"add-resource":    {ofProvider, 201, `{"kind":"live_streams","count":1,"ends_at":"2040-01-01T00:00:00Z"}`, ""},
		"change-resource": {ofProvider, 200, `{"order":"changed"}`, ""}, "remove-resource": {ofProvider, 204, "", ""},
		"list-terminal-models": {ofAnybody, 200, "", ""}, "list-terminals": {ofAdmins, 200, "", "?status=enabled"}, "get-terminal": {ofAdmins, 200, "", ""},
		"add-terminal":    {ofAdmins, 201, `{"name":"New","model":"TE20","email":"it@acme.example"}`, ""},
		"change-terminal": {ofAdmins, 200, `{"name":"Changed"}`, ""}, "remove-terminal": {ofAdmins, 204, "", ""},
		"enable-terminals": {ofAdmins, 204, `{"terminals":["acme_1"]}`, ""}, "disable-terminals": {ofAdmins, 204, `{"terminals":["acme_1"]}`, ""},
		"remove-terminals":          {ofAdmins, 204, `{"terminals":["acme_1"]}`, ""},
		"reset-terminal-activation": {ofAdmins, 200, `{"email":"it@acme.example"}`, ""},
		"list-activation-codes":     {ofAdmins, 200, "", ""}, "get-activation-code": {ofAdmins, 200, "", ""},
		"add-activation-code": {ofAdmins, 201, `{"name":"New","device":"idea_hub"}`, ""}, "remove-activation-code": {ofAdmins, 204, "", ""},
		"reset-activation-code": {ofAdmins, 200, `{}`, ""}, "remove-activation-codes": {ofAdmins, 204, `{"activation_codes":[]}`, ""},
		"list-rooms": {ofAdmins, 200, "", ""}, "get-room": {ofAdmins, 200, "", ""}, "remove-room": {ofAdmins, 204, "", ""},
		"lend-rooms": {ofAdmins, 204, `{"rooms":[],"member":"MEMBER"}`, ""}, "recall-rooms": {ofAdmins, 204, `{"rooms":[]}`, ""},
		"remove-rooms":  {ofAdmins, 204, `{"rooms":[]}`, ""},
		"list-my-rooms": {ofSomebody, 200, "", ""}, "get-my-room": {ofSomebody, 200, "", ""}, "change-my-room": {ofSomebody, 200, `{"name":"Mine"}`, ""},
		"report-people": {ofAdmins, 200, "", "?dimension=week"}, "export-people-report": {ofAdmins, 200, "", ""},
		"report-applications": {ofAdmins, 200, "", ""}, "export-applications-report": {ofAdmins, 200, "", "?dimension=month"},
		"report-provider-people": {ofProvider, 200, "", ""}, "export-provider-report": {ofProvider, 200, "", ""},
		"report-organizations": {ofProvider, 200, "", "?dimension=month"}, "export-events": {ofProvider, 200, "", "?organization=acme"},
		"get-report-settings": {ofProvider, 200, "", ""}, "set-report-settings": {ofProvider, 200, `{"time_zone":"Asia/Shanghai"}`, ""},
		"list-app-ids": {ofOwner, 200, "", ""}, "add-app-id": {ofOwner, 201, `{"name":"new"}`, ""}, "get-app-id": {ofOwner, 200, "", ""},
		"list-message-texts": {ofAdmins, 200, "", ""}, "get-message-text": {ofAdmins, 200, "", ""}, "set-message-text": {ofAdmins, 200, worded + "}", ""},
		"remove-message-text": {ofAdmins, 204, "", ""}, "preview-message-text": {ofAdmins, 200, worded + "}", ""},
		"try-message-text":       {ofAdmins, 200, worded + `,"channel":"mail","to":"x@y.example"}`, ""},
		"list-own-message-texts": {ofProvider, 200, "", ""}, "get-own-message-text": {ofProvider, 200, "", ""}, "set-own-message-text": {ofProvider, 200, worded + "}", ""},
		"remove-own-message-text": {ofProvider, 204, "", ""}, "preview-own-message-text": {ofProvider, 200, worded + "}", ""},
		"try-own-message-text": {ofProvider, 200, worded + `,"channel":"sms","to":"+8613800000001"}`, ""},
		"change-app-id":        {ofOwner, 200, `{"name":"changed"}`, ""}, "reset-app-key": {ofOwner, 200, "", ""}, "remove-app-id": {ofOwner, 204, "", ""},
		"get-privacy-statement": {ofAdmins, 200, "", ""}, "write-privacy-statement": {ofAdmins, 200, `{"texts":{"en-US":{"title":"Privacy","body":"Text"}}}`, ""},
		"withdraw-privacy-statement": {ofAdmins, 200, "", ""}, "publish-privacy-statement": {ofAdmins, 409, "", ""}, // there is no draft
		"list-privacy-versions": {ofAdmins, 200, "", ""}, "list-privacy-acceptances": {ofAdmins, 200, "", "?number=1"},
		"get-installation-privacy-statement": {ofProvider, 200, "", ""}, "write-installation-privacy-statement": {ofProvider, 200, `{"texts":{"en-US":{"title":"Privacy","body":"Text"}}}`, ""},
		"withdraw-installation-privacy-statement": {ofProvider, 200, "", ""}, "publish-installation-privacy-statement": {ofProvider, 409, "", ""},
		"list-installation-privacy-versions": {ofProvider, 200, "", ""}, "list-installation-privacy-acceptances": {ofProvider, 200, "", ""},
		"list-my-privacy-acceptances": {append([]caller{thePerson}, ofSomebody...), 200, "", ""},
		"get-sso":                     {ofAdmins, 200, "", ""}, "set-sso": {ofAdmins, 200, `{"domain":"new.example"}`, ""}, "remove-sso": {ofAdmins, 204, "", ""},
		"add-sso-try": {ofAdmins, 201, tried, ""}, "get-sso-try": {ofAdmins, 200, "", ""},
		"list-applications": {ofHeads, 200, "", ""}, "get-application": {ofHeads, 200, "", ""}, "get-application-icon": {ofHeads, 200, "", ""},
		"try-application":        {ofHeads, 201, `{"name":"Shop","protocol":"oidc","home_urls":["https://shop.example/cb"]}`, ""},
		"try-application-change": {ofHeads, 201, `{"name":"Changed"}`, ""}, "get-application-try": {ofHeads, 200, "", ""},
		"add-application":           {ofHeads, 201, `{"name":"Shop","protocol":"oidc","home_urls":["https://shop.example/cb"]}`, ""},
		"change-application":        {ofAdmins, 200, `{"name":"Changed"}`, ""},
		"remove-application":        {ofAdmins, 204, "", ""},
		"rotate-application-secret": {ofAdmins, 200, "{}", ""}, "revoke-application-secret": {ofAdmins, 200, "", ""},
		"get-access-control": {ofHeads, 200, "", ""}, "list-policies": {ofHeads, 200, "", ""}, "get-policy": {ofHeads, 200, "", ""},
		"change-access-control": {ofAdmins, 200, `{"enabled":true,"default":"deny"}`, ""}, "reorder-policies": {ofAdmins, 200, `{"policies":["POLICY"]}`, ""},
		"add-policy": {ofAdmins, 201, `{"name":"Nights","decision":"deny"}`, ""}, "change-policy": {ofAdmins, 200, `{"decision":"deny"}`, ""},
		"remove-policy": {ofAdmins, 204, "", ""}, "simulate-policies": {ofAdmins, 200, `{"member":"MEMBER"}`, ""},
		"replay-policies":    {ofAdmins, 200, `{"default":"deny","policies":[]}`, ""},
		"revoke-application": {ofAdmins, 204, "", ""}, "test-application-claims": {ofAdmins, 200, `{"member":"MEMBER"}`, ""},
		"set-application-icon": {ofAdmins, 200, pictured(t), ""}, "remove-application-icon": {ofAdmins, 200, "", ""},
		"get-sync": {ofHeads, 404, "", ""}, "remove-sync": {ofHeads, 404, "", ""}, // nobody has set it up
		"get-sync-progress": {ofAdmins, 404, "", ""}, "list-sync-records": {ofAdmins, 404, "", ""}, "list-sync-people": {ofAdmins, 404, "", ""},
		"retry-sync": {ofAdmins, 409, "", ""}, "replay-sync": {ofAdmins, 409, "", ""}, // it is off
		"retry-sync-record":     {ofAdmins, 409, "", ""},
		"set-sync":              {ofAdmins, 200, `{"callback_url":"https://shop.example/in"}`, ""},
		"try-sync":              {ofAdmins, 200, syncBody(t), ""},
		"list-provider-app-ids": {ofProvider, 200, "", ""}, "add-provider-app-id": {ofProvider, 201, `{"name":"new"}`, ""},
		"get-provider-app-id": {ofProvider, 200, "", ""}, "change-provider-app-id": {ofProvider, 200, `{"name":"changed"}`, ""},
		"check-signature": {ofOwner, 200, `{"body":"{}"}`, ""}, "check-provider-signature": {ofProvider, 200, `{"body":"{}"}`, ""},
		"list-expiries":          {ofAdmins, 200, "", "?kind=app_key"},
		"reset-provider-app-key": {ofProvider, 200, "", ""}, "remove-provider-app-id": {ofProvider, 204, "", ""},
	}
}

// described is one operation of the OpenAPI document.
type described struct {
	method, path, id string
	secured          bool
}

func operations(t *testing.T) []described {
	t.Helper()
	raw, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Servers []any
		Paths   map[string]map[string]struct {
			OperationID string           `json:"operationId"`
			Security    []map[string]any `json:"security"`
		}
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	if document.Servers != nil {
		t.Errorf("the document names servers: %v", document.Servers)
	}
	var found []described
	for path, methods := range document.Paths {
		for method, o := range methods {
			found = append(found, described{strings.ToUpper(method), path, o.OperationID, len(o.Security) > 0})
		}
	}
	slices.SortFunc(found, func(a, b described) int { return strings.Compare(a.id, b.id) })
	return found
}

// path fills the names of a path: the organisation is one estate's, what is in
// it another's, or the same.
func (h *house) path(who caller, o described, organization, within estate) string {
	session := within.session
	if own, person := h.sessions[who]; person && strings.Contains(o.path, "/me/") {
		session = own
	}
	request, try := within.request, within.try
	switch {
	case strings.Contains(o.path, "/application-tries/"):
		try = within.applicationTry
	case strings.Contains(o.path, "/sources/"):
		try = within.sourceTry
	}
	kind := "code"
	if organization.organization.ID != within.organization.ID {
		kind = "nothing" // a text has no identifier but kind and language
	}
	contact, room := within.contact, within.room
	if own, person := h.rooms[who]; person && strings.Contains(o.path, "/me/") {
		room = own
	}
	if own, person := h.contacts[who]; person && strings.Contains(o.path, "/me/") {
		contact = own
	}
	if own, person := h.requests[who]; person && strings.Contains(o.path, "/me/") {
		request = own
	}
	return strings.NewReplacer("{request}", request, "{org}", string(organization.organization.ID), "{dept}", within.department,
		"{member}", string(within.other.Member.ID), "{app_id}", h.appIDFor(o, within), "{account}", h.second, "{token}", h.tokenID,
		"{id}", within.story, "{session}", session, "{try}", try, "{group}", within.group, "{attribute}", within.attribute, "{domain}", within.domain, "{link}", within.link,
		"{client_id}", within.application, "{source}", within.source, "{setup_link}", within.setupLink, "{import}", within.imported,
		"{export}", within.exported, "{region}", within.region, "{webhook}", within.webhook, "{delivery}", within.delivery, "{record}", "syr_none", "{resource}", within.resource, "{terminal}", within.terminal,
		"{activation_code}", within.activationCode, "{room}", room, "{kind}", kind, "{factor}", "fac_x", "{language}", "en-US",
		"{contact}", contact, "{invitation}", within.invitation, "{quota_request}", h.quota,
		"{policy}", within.policy, "{organization}", string(organization.organization.ID), prefix, "").Replace(o.path)
}

func (h *house) appIDFor(o described, within estate) string {
	if strings.Contains(o.path, "/provider/") {
		return h.sellerApp
	}
	return within.appID
}

// TestEveryRouteForEveryRole asks every operation of the document as everybody.
func TestEveryRouteForEveryRole(t *testing.T) {
	table, houses := rules(t), newStreet(t)
	for _, o := range operations(t) {
		rule, ok := table[o.id]
		if !ok {
			t.Errorf("%s %s (%s) has no row in rules(): say who may", o.method, o.path, o.id)
			continue
		}
		delete(table, o.id)
		t.Run(o.id, func(t *testing.T) {
			h := houses.house(t)
			for _, who := range callers() {
				if slices.Contains(rule.may, who) {
					continue
				}
				h.denied(who, o, h.as(who, o.method, h.path(who, o, h.acme, h.acme)+rule.query, h.body(rule)).Code)
				// A path of an organisation that does not exist must look the same to strangers.
				if strings.Contains(o.path, "{org}") && who != nobody {
					nowhere := strings.Replace(h.path(who, o, h.acme, h.acme), string(h.acme.organization.ID), "no-such-place", 1)
					if w := h.as(who, o.method, nowhere, h.body(rule)); w.Code != http.StatusForbidden {
						t.Errorf("%s at an unknown organisation: %d", who, w.Code)
					}
				}
			}
			for i, who := range rule.may {
				if i > 0 && o.method != http.MethodGet {
					h = houses.house(t) // the one before has changed it
				}
				h.ids(who, o, rule)
				if w := h.as(who, o.method, h.path(who, o, h.acme, h.acme)+rule.query, h.body(rule)); w.Code != rule.status {
					t.Errorf("%s: %d, want %d; %s", who, w.Code, rule.status, w.Body)
				}
			}
		})
	}
	for id := range table {
		t.Errorf("rules() has a row for %s, which the document has not", id)
	}
}

// body names a member of the house where a rule wants one.
func (h *house) body(r rule) string {
	return strings.NewReplacer("MEMBER", string(h.acme.other.Member.ID), "POLICY", h.acme.policy).Replace(r.body)
}

// pictured is a body with an icon.
func pictured(t *testing.T) string { return string(aSquare(t)) }

func (h *house) denied(who caller, o described, got int) {
	h.t.Helper()
	want := []int{http.StatusForbidden}
	switch {
	case who == nobody:
		want = []int{http.StatusUnauthorized}
	case o.id == "find-traces", who == deptHead && o.id == "report-member-session": // those one may not see do not exist
		want = []int{http.StatusNotFound}
	}
	if !slices.Contains(want, got) {
		h.t.Errorf("%s: %d, want %v", who, got, want)
	}
}

// ids asks for things of one organisation below the path of another: they are
// not there, for anybody.
func (h *house) ids(who caller, o described, r rule) {
	h.t.Helper()
	if !strings.Contains(o.path, "{org}/") || !strings.Contains(strings.SplitN(o.path, "{org}", 2)[1], "{") {
		return
	}
	if w := h.as(who, o.method, h.path(who, o, h.acme, h.beta)+r.query, h.body(r)); w.Code != http.StatusNotFound {
		h.t.Errorf("%s with a foreign id: %d, want 404; %s", who, w.Code, w.Body)
	}
}

// TestWithoutToken sweeps everything: only what is listed may answer.
func TestWithoutToken(t *testing.T) {
	h := newHouse(t)
	open := []string{specPath, docsPath, prefix + "/version"}
	for _, path := range open {
		if w := h.request("GET", path, ""); w.Code != http.StatusOK {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	for _, o := range operations(t) {
		path := prefix + h.path(anyMember, o, h.acme, h.acme)
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
			for _, headers := range [][]string{
				nil,
				{"Authorization: Bearer "},
				{"Authorization: Basic YTpi"},
				{"Authorization: Bearer oga_x"},
				{"Authorization: Bearer eyJhbGciOiJub25lIn0.e30."},
				{"X-Access-Token: ogt_x"},
				{"X-Access-Token: "},
			} {
				w := h.request(method, path, "{}", headers...)
				if w.Code < 300 && !slices.Contains(open, path) {
					t.Errorf("%s %s %v: %d", method, path, headers, w.Code)
				}
			}
		}
		if secured := o.path != prefix+"/version"; o.secured != secured {
			t.Errorf("the document says of %s that a token is needed: %t", o.id, o.secured)
		}
	}
}

// TestTokens checks which words count, and that two never do.
func TestTokens(t *testing.T) {
	h := newHouse(t)
	all, member := h.words[providerToken], h.words[anyMember]
	tests := []struct {
		name    string
		headers []string
		status  int
	}{
		{"a management token", []string{"Authorization: Bearer " + all}, 200},
		{"the scheme in any case", []string{"Authorization: bearer " + all}, 200},
		{"an access token as bearer", []string{"Authorization: Bearer " + member}, 200},
		{"an access token in its own header", []string{"X-Access-Token: " + member}, 200},
		{"a management token in the other header", []string{"X-Access-Token: " + all}, 401},
		{"both headers", []string{"Authorization: Bearer " + all, "X-Access-Token: " + member}, 401},
		{"one header twice", []string{"Authorization: Bearer " + all, "Authorization: Bearer " + all}, 401},
		{"without its last character", []string{"Authorization: Bearer " + all[:len(all)-1]}, 401},
		{"without its last four", []string{"Authorization: Bearer " + all[:len(all)-4]}, 401},
		{"with one more", []string{"Authorization: Bearer " + all + "0"}, 401},
		{"in capitals", []string{"Authorization: Bearer oga_" + strings.ToUpper(all[4:])}, 401},
		{"an access token cut", []string{"Authorization: Bearer " + member[:len(member)-1]}, 401},
		{"another scheme", []string{"Authorization: Token " + all}, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := h.request("GET", prefix+"/me", "", tt.headers...)
			if w.Code != tt.status {
				t.Fatalf("got %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if challenge := w.Header().Get("WWW-Authenticate"); (tt.status == 401) != strings.HasPrefix(challenge, "Bearer") {
				t.Errorf("WWW-Authenticate: %q", challenge)
			}
		})
	}
	if !slices.Contains(h.noted, string(h.acme.member.Member.ID)+" "+string(h.acme.organization.ID)) {
		t.Errorf("the access log was not told who acts: %q", h.noted)
	}
}
