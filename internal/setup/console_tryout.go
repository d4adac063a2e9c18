package setup

import (
	"net/url"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/trace"
	"github.com/orgate/orgate/internal/tryout"
)

func applicationTryPath(o identity.Organization, id identity.TryID) string {
	return within(o, "application-tries/"+url.PathEscape(string(id)))
}

// answerApplicationTry is where the browser comes back to: the redirect URI of
// every try. It plays the rest and leads to the report, so that no code stays in
// an address that is shown.
func (v *visit) answerApplicationTry(args []string) error {
	o, err := v.organization(args[0])
	if err != nil {
		return err
	}
	id := identity.TryID(args[1])
	if err := v.Tryout.Answer(v.r.Context(), v.actor, o.ID, id, v.r.URL.Query()); err != nil {
		return err
	}
	v.to = applicationTryPath(o, id)
	return nil
}

// showApplicationTry shows the report of a try.
func (v *visit) showApplicationTry(args []string) error {
	content, _, err := v.tried(args)
	if err != nil {
		return err
	}
	return v.show(content)
}

// postApplicationTry saves exactly what was tried, or tries it again.
func (v *visit) postApplicationTry(args []string) error {
	content, r, err := v.tried(args)
	if err != nil {
		return err
	}
	if r.ClientID == "" {
		return fault.New(fault.Invalid, fault.CodeMalformed) // a new application is added where it is tried
	}
	o, err := v.organization(args[0])
	if err != nil {
		return err
	}
	change := application.Whole(r.Tried)
	switch do := v.r.PostForm.Get("do"); {
	case do == "save" && content.MaySave:
		_, err = v.Applications.ChangeApplication(v.r.Context(), v.actor, o.ID, r.ClientID, r.Version, change)
		v.to = within(o, "applications")
	case do == "again":
		err = v.begin(o, application.Proposal{ClientID: r.ClientID, Change: change})
	default:
		err = fault.New(fault.Invalid, fault.CodeMalformed)
	}
	if err == nil {
		return nil
	}
	v.to = ""
	switch asked := fault.Of(err); asked.Kind {
	case fault.Invalid, fault.Conflict, fault.Stale, fault.Forbidden:
		content.Fault = asked
		v.reply.Self = applicationTryPath(o, r.ID)
		return v.again(asked, content)
	}
	return err
}

// tried is the page of a report.
func (v *visit) tried(args []string) (pages.ConsoleTryReport, tryout.Report, error) {
	o, err := v.organization(args[0])
	if err != nil {
		return pages.ConsoleTryReport{}, tryout.Report{}, err
	}
	r, err := v.Tryout.Report(v.r.Context(), v.actor, o.ID, identity.TryID(args[1]))
	if err != nil {
		return pages.ConsoleTryReport{}, r, err
	}
	content := pages.ConsoleTryReport{
		Frame: v.frame(pages.Crumb{Text: o.Name}, pages.Crumb{Label: "console_applications.title", Address: within(o, "applications")},
			pages.Crumb{Text: r.Tried.Name}),
		Action: applicationTryPath(o, r.ID), Token: v.token(), State: string(r.State), Application: r.Tried.Name, Go: r.URL, Homes: r.Tried.HomeURLs,
	}
	if r.ClientID != "" {
		content.Back = tryFormOf(o, r.ClientID) + "?" + url.Values{"try": {string(r.ID)}}.Encode()
		content.MaySave = r.Passed()
	}
	for _, s := range r.Steps {
		content.Steps = append(content.Steps, v.exchange(s))
	}
	for _, c := range r.Claims {
		content.Claims = append(content.Claims, pages.TriedClaim(c))
	}
	return content, r, nil
}

// exchange is a step as it is shown.
func (v *visit) exchange(s tryout.Step) pages.TriedStep {
	shown := pages.TriedStep{Name: string(s.Name), State: string(s.Mark), Request: s.Request, Answer: s.Answer}
	for _, t := range s.Tokens {
		shown.Tokens = append(shown.Tokens, pages.TriedToken(t))
	}
	for _, c := range s.Checks {
		said := trace.Detail{Expected: c.Expected, Received: c.Received}.In(v.Catalogue, v.Pages.Language(v.r))
		shown.Checks = append(shown.Checks, pages.TriedCheck{Name: c.Name, State: string(c.Mark), Expected: said.Expected, Received: said.Received})
	}
	if s.Remedy != "" {
		shown.Remedy = v.Catalogue.Text(v.Pages.Language(v.r), s.Remedy, nil)
	}
	return shown
}
