package setup

import (
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/trace"
)

// tracePage is how many stories a page lists.
const tracePage = 50

// tracesPath is where a story is found by its code.
const tracesPath = ConsolePath + "traces"

// findTrace asks for a code, and leads to its story.
func (v *visit) findTrace(_ []string) error {
	content := pages.ConsoleTraces{Frame: v.frame(pages.Crumb{Label: "console_traces.title"}), Action: tracesPath}
	code := strings.TrimSpace(v.r.URL.Query().Get("code"))
	if code == "" {
		return v.show(content)
	}
	_, err := v.Traces.Find(v.r.Context(), v.actor, code)
	if fault.KindOf(err) == fault.NotFound {
		content.Query, content.Fault = code, fault.Of(err)
		return v.again(content.Fault, content)
	}
	v.to = tracesPath + "/" + url.PathEscape(code)
	return err
}

// tracesOf is where the latest stories of an organisation are listed, or of one
// of its applications, or those before a story.
func tracesOf(o identity.Organization, clientID string, before identity.TraceID) string {
	query := url.Values{}
	if clientID != "" {
		query.Set("application", clientID)
	}
	if before != "" {
		query.Set("before", string(before))
	}
	if len(query) == 0 {
		return within(o, "traces")
	}
	return within(o, "traces?"+query.Encode())
}

// listTraces lists the latest stories of an organisation, or of one of its
// applications.
func (v *visit) listTraces(args []string) error {
	o, err := v.organization(args[0])
	if err != nil {
		return err
	}
	asked := trace.Asked{Organization: o.ID, Before: identity.TraceID(v.r.URL.Query().Get("before")), Limit: tracePage + 1}
	var only identity.Application
	if clientID := v.r.URL.Query().Get("application"); clientID != "" {
		if only, err = v.Applications.Application(v.r.Context(), v.actor, o.ID, clientID); err != nil {
			return err
		}
		asked.Application = only.ID
	}
	found, err := v.Traces.Page(v.r.Context(), v.actor, asked)
	if err != nil {
		return err
	}
	content := pages.ConsoleTraces{
		Frame:  v.frame(pages.Crumb{Text: o.Name}, pages.Crumb{Label: "console_traces.title"}),
		Action: tracesPath, List: true, Only: only.Name, All: tracesOf(o, "", ""),
	}
	if len(found) > tracePage {
		found = found[:tracePage]
		content.Next = tracesOf(o, only.ClientID, found[tracePage-1].ID)
	}
	for _, r := range found {
		content.Traces = append(content.Traces, traceLine(r))
	}
	return v.show(content)
}

// showTrace shows the story under a code or a request id.
func (v *visit) showTrace(args []string) error {
	found, err := v.Traces.Find(v.r.Context(), v.actor, args[0])
	if err != nil {
		return err
	}
	content := pages.ConsoleTrace{Frame: v.frame(pages.Crumb{Label: "console_traces.title", Address: tracesPath}, pages.Crumb{Text: args[0]})}
	for _, r := range found {
		story := pages.ConsoleStory{ConsoleTraceLine: traceLine(r), RequestID: r.Origin.RequestID, Organization: v.nameOf(r.Organization)}
		if r.Origin.Address.IsValid() {
			story.From = r.Origin.Address.String()
		}
		for _, s := range r.Steps {
			story.Steps = append(story.Steps, v.told(s))
		}
		content.Stories = append(content.Stories, story)
	}
	return v.show(content)
}

// nameOf is what an organisation is called, or the identifier of one that is
// gone since.
func (v *visit) nameOf(id identity.OrganizationID) string {
	if id == "" {
		return ""
	}
	o, err := v.organization(string(id))
	if err != nil {
		return string(id)
	}
	return o.Name
}

func traceLine(r trace.Record) pages.ConsoleTraceLine {
	outcome := "open"
	if r.Outcome != trace.Open {
		outcome = string(r.Outcome)
	}
	return pages.ConsoleTraceLine{
		Code: r.Code, Address: tracesPath + "/" + url.PathEscape(r.Code), Kind: string(r.Kind), Outcome: outcome, Who: r.Who, At: r.At,
	}
}

// told is a step of a story in the visitor's language, with the remedy of what
// went wrong.
func (v *visit) told(s trace.Step) pages.ConsoleStep {
	lang := v.Pages.Language(v.r)
	said := s.Detail.In(v.Catalogue, lang)
	shown := pages.ConsoleStep{
		State: string(s.State), Name: string(s.Check), Text: v.Catalogue.Text(lang, s.Check.SentenceKey(), nil),
		Expected: said.Expected, Received: said.Received,
	}
	if s.State == trace.Failing || s.State == trace.Warned {
		shown.Remedy = v.Catalogue.Text(lang, s.Check.RemedyKey(), nil)
	}
	if after := s.After.Round(time.Millisecond); after > 0 {
		shown.After = "+" + after.String()
	}
	return shown
}
