package pages

import (
	"slices"

	"github.com/orgate/orgate/internal/fault"
)

// FormField is one field of the form of enterprise sign-in. Its label and help
// are the sentences console_sso.<name> and console_sso.<name>_help.
type FormField struct {
	Name    string
	Kind    string // text, url, secret or choice
	Example string // the placeholder
	Choices []string
	// Needed marks what has to be filled in before it can be enabled.
	Needed bool

	Value string
	Fault *fault.Error
	Focus bool
}

// FormSection is a titled group of fields.
type FormSection struct {
	Title  Key
	Lead   Key
	Fields []FormField
}

// SSOFields are the names of the form's fields, in its order.
func SSOFields() []string {
	var names []string
	for _, section := range ssoSections() {
		for _, field := range section.Fields {
			names = append(names, field.Name)
		}
	}
	return names
}

// ssoSections is the form: groups, words and order are those of the public
// guide "How do I configure SSO login for my enterprise", with what it leaves
// out set where it belongs.
func ssoSections() []FormSection {
	return []FormSection{
		{Title: "console_sso.basic", Fields: []FormField{
			{Name: "domain", Kind: "text", Example: "acme.example", Needed: true},
			{Name: "token_url", Kind: "url", Example: "https://centre.acme.example/sns/oauth2/access_token", Needed: true},
			{Name: "authorize_url", Kind: "url", Example: "https://centre.acme.example/connect/qrconnect", Needed: true},
			{Name: "userinfo_url", Kind: "url", Example: "https://centre.acme.example/sns/userinfo"},
			{Name: "client_id", Kind: "text", Example: "orgate", Needed: true},
			{Name: "client_secret", Kind: "secret", Needed: true},
			{Name: "scope", Kind: "text", Example: "openid"},
			{Name: "schemes.pc", Kind: "text", Example: "orgate-pc://login"},
			{Name: "schemes.android", Kind: "text", Example: "orgate-android://login"},
			{Name: "schemes.ios", Kind: "text", Example: "orgate-ios://login"},
			{Name: "exit_url", Kind: "text", Example: "https://centre.acme.example/logout?to={return_url}"},
		}},
		{Title: "console_sso.mappings", Lead: "console_sso.mappings_lead", Fields: []FormField{
			{Name: "account_field", Kind: "text", Example: "openid", Needed: true},
			{Name: "fields.access_token", Kind: "text", Example: "access_token", Needed: true},
			{Name: "fields.name", Kind: "text", Example: "nickname"},
			{Name: "fields.email", Kind: "text", Example: "email"},
			{Name: "fields.mobile", Kind: "text", Example: "mobile"},
			{Name: "fields.picture", Kind: "text", Example: "headimgurl"},
		}},
		{Title: "console_sso.further", Lead: "console_sso.further_lead", Fields: []FormField{
			{Name: "dialect", Kind: "choice", Choices: []string{"auto", "oauth2", "wechat"}},
			{Name: "token_style", Kind: "choice", Choices: []string{"body", "header"}},
			{Name: "pkce", Kind: "choice", Choices: []string{"", "false"}},
			{Name: "auto_create", Kind: "choice", Choices: []string{"", "false"}},
		}},
	}
}

// Sections returns the form filled in: values, faults beside their fields, and
// the cursor in the first field at fault.
func (c ConsoleSSO) Sections() []FormSection {
	sections, faults, focused := ssoSections(), c.Errors(), false
	for i := range sections {
		fields := sections[i].Fields
		for j := range fields {
			f := &fields[j]
			f.Fault = faults[f.Name]
			f.Focus = f.Fault != nil && !focused
			focused = focused || f.Focus
			if f.Kind != "secret" {
				f.Value = c.Values[f.Name]
			}
		}
	}
	return sections
}

// Errors returns the faults of the form by field; those of no field shown here
// are under "".
func (c ConsoleSSO) Errors() map[string]*fault.Error {
	byField := map[string]*fault.Error{}
	if c.Fault == nil {
		return byField
	}
	known := append(SSOFields(), "reason")
	for _, f := range append([]*fault.Error{c.Fault}, c.Fault.Others...) {
		field := f.Field
		if !slices.Contains(known, field) {
			field = ""
		}
		if byField[field] == nil {
			byField[field] = f
		}
	}
	return byField
}

// ChoiceKey is the sentence of a choice; the empty one is named "auto".
func (f FormField) ChoiceKey(choice string) Key {
	if choice == "" {
		choice = "auto"
	}
	return Key("console_sso." + f.Name + "." + choice)
}

// Label is the key of the field's label.
func (f FormField) Label() Key { return Key("console_sso." + f.Name) }

// Help is the key of what stands below the field.
func (f FormField) Help() Key { return Key("console_sso." + f.Name + "_help") }
