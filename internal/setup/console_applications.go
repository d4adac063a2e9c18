package setup

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// applicationPage is how many applications a page lists.
const applicationPage = 50

// listApplications lists the applications of an organisation.
func (v *visit) listApplications(args []string) error {
	o, err := v.organization(args[0])
	if err != nil {
		return err
	}
	part := application.Slice{After: v.r.URL.Query().Get("after"), Limit: applicationPage + 1}
	found, err := v.Applications.Applications(v.r.Context(), v.actor, o.ID, application.Query{Slice: part})
	if err != nil {
		return err
	}
	content := pages.ConsoleApplications{Frame: v.frame(pages.Crumb{Text: o.Name}, pages.Crumb{Label: "console_applications.title"})}
	if len(found) > applicationPage {
		found = found[:applicationPage]
		content.Next = within(o, "applications?"+url.Values{"after": {string(found[applicationPage-1].ID)}}.Encode())
	}
	for _, a := range found {
		row := pages.ConsoleApplication{
			Name: a.Name, ClientID: a.ClientID, Protocol: string(a.Protocol), State: string(a.Status), Traces: tracesOf(o, a.ClientID, ""),
		}
		if a.OAuth != nil {
			row.Try = tryFormOf(o, a.ClientID)
		}
		content.Applications = append(content.Applications, row)
	}
	return v.show(content)
}

// tryFormOf is where settings of an application are tried.
func tryFormOf(o identity.Organization, clientID string) string {
	return within(o, "applications/"+url.PathEscape(clientID)+"/try")
}

// tryForm is the form of one application on its way through a request.
type tryForm struct {
	*visit
	organization identity.Organization
	stored       identity.Application
	values       map[string]string
	version      int64
}

// openTry reads what is stored, for those who may read applications.
func (v *visit) openTry(args []string) (*tryForm, error) {
	o, err := v.organization(args[0])
	if err != nil {
		return nil, err
	}
	stored, err := v.Applications.Application(v.r.Context(), v.actor, o.ID, args[1])
	f := &tryForm{visit: v, organization: o, stored: stored, version: stored.Version}
	if err == nil {
		f.values = f.valuesOf(stored)
	}
	return f, err
}

// showTryForm shows what is stored, or the values of an earlier try.
func (v *visit) showTryForm(args []string) error {
	f, err := v.openTry(args)
	if err != nil {
		return err
	}
	if id := identity.TryID(v.r.URL.Query().Get("try")); id != "" {
		report, err := v.Tryout.Report(v.r.Context(), v.actor, f.organization.ID, id)
		if err != nil {
			return err
		}
		if report.ClientID != f.stored.ClientID {
			return fault.New(fault.NotFound, fault.CodeTryNotFound)
		}
		f.values = f.valuesOf(report.Tried)
	}
	return v.show(f.content(nil))
}

// startApplicationTry begins a try of what was typed, and sends the browser on
// the way of a person who enters the application.
func (v *visit) startApplicationTry(args []string) error {
	f, err := v.openTry(args)
	if err != nil {
		return err
	}
	posted := v.r.PostForm
	for _, field := range pages.TryFields() {
		f.values[field.Name] = strings.TrimSpace(posted.Get(field.Name))
	}
	if f.version, err = strconv.ParseInt(posted.Get("version"), 10, 64); err != nil || f.version < 1 {
		return fault.New(fault.Invalid, fault.CodeMalformed)
	}
	v.reply.Self = tryFormOf(f.organization, f.stored.ClientID)
	err = v.begin(f.organization, application.Proposal{ClientID: f.stored.ClientID, Version: f.version, Change: f.change()})
	switch asked := fault.Of(err); {
	case err == nil:
		return nil
	case asked.Kind == fault.Stale:
		f.version = f.stored.Version // what was typed is tried on what is stored now
		return v.again(asked, f.content(asked))
	case asked.Kind == fault.Invalid:
		return v.again(asked, f.content(asked))
	}
	return err
}

// begin starts a try and leads on: to the protocol, or where no person is needed
// to the report.
func (v *visit) begin(o identity.Organization, p application.Proposal) error {
	begun, err := v.Tryout.Start(v.r.Context(), v.actor, o.ID, p)
	if err != nil {
		return err
	}
	v.to = begun.URL
	if v.to == "" {
		v.to = applicationTryPath(o, begun.ID)
	}
	return nil
}

func (f *tryForm) content(asked *fault.Error) pages.ConsoleApplicationTry {
	return pages.ConsoleApplicationTry{
		Frame: f.frame(pages.Crumb{Text: f.organization.Name}, pages.Crumb{Label: "console_applications.title", Address: within(f.organization, "applications")},
			pages.Crumb{Text: f.stored.Name}),
		Action: tryFormOf(f.organization, f.stored.ClientID), Token: f.token(), Version: strconv.FormatInt(f.version, 10), Application: f.stored.Name,
		Values: f.values, Fault: asked,
	}
}

// The words of the choices.
const (
	yes         = "true"
	asSaved     = "saved"
	forEveryone = "everyone"
)

// valuesOf fills in the form.
func (f *tryForm) valuesOf(a identity.Application) map[string]string {
	rules := make([]string, len(a.Claims))
	for i, rule := range a.Claims {
		rules[i] = rule.Claim + " = " + rule.Attribute
	}
	values := map[string]string{
		"home_urls": strings.Join(a.HomeURLs, "\n"), "claims": strings.Join(rules, "\n"), "access": asSaved, "consent": no, "require_pkce": no,
		"status": string(a.Status),
	}
	if a.Access.Everyone && !f.stored.Access.Everyone {
		values["access"] = forEveryone
	}
	if a.Consent {
		values["consent"] = yes
	}
	if o := a.OAuth; o != nil {
		values["scopes"], values["id_token_alg"] = strings.Join(o.Scopes, " "), string(o.IDTokenAlgorithm)
		values["access_token_format"] = string(o.AccessFormat)
		if o.RequirePKCE {
			values["require_pkce"] = yes
		}
	}
	return values
}

// change is what was typed, as an edit of what is stored.
func (f *tryForm) change() application.ApplicationChange {
	v := f.values
	c := application.ApplicationChange{
		HomeURLs: new(filled(strings.Split(v["home_urls"], "\n"))), Scopes: new(strings.Fields(v["scopes"])), Claims: new(rulesOf(v["claims"])),
		Consent: new(v["consent"] == yes), RequirePKCE: new(v["require_pkce"] == yes), Status: new(identity.ApplicationStatus(v["status"])),
		IDTokenAlgorithm: new(identity.Algorithm(v["id_token_alg"])), AccessFormat: new(identity.TokenFormat(v["access_token_format"])),
	}
	if v["access"] == forEveryone {
		wide := f.stored.Access
		wide.Everyone = true
		c.Access = &wide
	}
	return c
}

// filled are lines without what is around them, the empty ones left out.
func filled(lines []string) []string {
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// rulesOf reads claim rules, "claim = attribute" a line. A line without a sign
// names an attribute that there is not, so that it is refused where all are.
func rulesOf(text string) (rules []identity.ClaimRule) {
	for _, line := range filled(strings.Split(text, "\n")) {
		claim, attribute, _ := strings.Cut(line, "=")
		rules = append(rules, identity.ClaimRule{Claim: strings.TrimSpace(claim), Attribute: strings.TrimSpace(attribute)})
	}
	return rules
}
