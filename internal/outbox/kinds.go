package outbox

import "slices"

// Kind is a kind of message that can be worded.
type Kind struct {
	Name         string // one of the Template constants
	Placeholders []Placeholder
	// Organizations tells that an organisation may word it for its own people;
	// the others are between a person and the installation.
	Organizations bool
}

// Placeholder stands for a value of a message: {code} for the code.
type Placeholder struct {
	Name     string
	Sample   string // what stands there in a preview
	Required bool   // a message without it is of no use
}

// wording is a row of the table of kinds.
type wording struct {
	kind          string
	required      []string
	organizations bool
}

// wordings are the kinds in the order in which people are shown them.
var wordings = []wording{
	{TemplateCode, []string{"code"}, true},
	{TemplateWelcome, []string{"account", "password"}, true},
	{TemplatePasswordReset, []string{"password"}, true},
	{TemplatePasswordChanged, nil, true},
	{TemplateForgotten, []string{"address"}, true},
	{TemplateForgottenSSO, []string{"address"}, true},
	{TemplateRegistered, []string{"account"}, false},
	{TemplateInvitation, []string{"address"}, true},
	{TemplateHandover, []string{"address"}, true},
	{TemplateJoinMade, nil, true},
	{TemplateJoinApproved, nil, true},
	{TemplateJoinRejected, nil, true},
	{TemplateEntryMade, nil, true},
	{TemplateEntryApproved, nil, true},
	{TemplateEntryRejected, nil, true},
	{TemplateActivation, []string{"code"}, true},
	{TemplateTerminal, []string{"account"}, true},
	{TemplateSyncFailed, nil, true},
	{TemplateWebhookFailed, nil, true},
	{TemplateMembersApproved, nil, true},
	{TemplateMembersRejected, nil, true},
	{TemplateOrganizationsApproved, nil, false},
	{TemplateOrganizationsRejected, nil, false},
}

// samples are values as previews show them.
var samples = map[string]string{
	"account": "alice@acme.example", "address": "https://id.example/example", "answer": "Welcome", "applicant": "Alice Example",
	"application": "Wiki", "code": "123456", "domain": "acme.example", "giver": "Alice Example", "inviter": "Alice Example",
	"minutes": "10", "most": "500", "name": "Room 4", "number": "1004", "organization": "Acme", "password": "Quarry-lantern-7",
	"until": "2030-01-31 12:00:00 UTC", "webhook": "Payroll",
}

// Kinds returns every kind of message that can be worded.
func Kinds() []Kind {
	kinds := make([]Kind, len(wordings))
	for i, w := range wordings {
		kinds[i] = w.shown()
	}
	return kinds
}

// KindOf returns a kind by its name, and whether there is one.
func KindOf(name string) (Kind, bool) {
	i := slices.IndexFunc(wordings, func(w wording) bool { return w.kind == name })
	if i < 0 {
		return Kind{}, false
	}
	return wordings[i].shown(), true
}

func (w wording) shown() Kind {
	k := Kind{Name: w.kind, Organizations: w.organizations}
	for _, name := range templates[w.kind] {
		k.Placeholders = append(k.Placeholders, Placeholder{Name: name, Sample: samples[name], Required: slices.Contains(w.required, name)})
	}
	return k
}

// samples are the parameters of a preview.
func (k Kind) samples() map[string]string {
	params := map[string]string{}
	for _, p := range k.Placeholders {
		params[p.Name] = p.Sample
	}
	return params
}
