package setup

import (
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

// startTry begins a try of what was typed and shows where it goes on. That is
// a link and no redirect: the policy of a page allows its forms to end at our
// own address alone, and where the centre stands is known only now.
func (f *ssoForm) startTry() error {
	return f.begin(source.TryRequest{SSO: ssoOf(f.values), SecretOf: f.try})
}

// tryAgain begins another try of the same values.
func (f *ssoForm) tryAgain() error {
	report, err := f.Sources.TryReport(f.r.Context(), f.actor, f.organization.ID, f.try)
	if err != nil {
		return err
	}
	f.values = valuesOf(report.Tried)
	return f.begin(source.TryRequest{SSO: report.Tried, SecretOf: f.try})
}

func (f *ssoForm) begin(r source.TryRequest) error {
	begun, err := f.Sources.StartTry(f.r.Context(), f.actor, f.organization.ID, r)
	if err != nil {
		return err
	}
	f.try = begun.ID
	content, err := f.report()
	if err != nil {
		return err
	}
	if to, err := url.Parse(begun.URL); err == nil && begun.URL != "" {
		content.Continue, content.Centre = begun.URL, to.Host
	}
	f.reply.Self = tryPath(f.organization, begun.ID)
	return f.show(content)
}

func tryPath(o identity.Organization, id identity.TryID) string {
	return ConsolePath + "sso/" + url.PathEscape(o.Code) + "/tries/" + url.PathEscape(string(id))
}

// showTry shows the report of a try.
func (v *visit) showTry(args []string) error {
	f, err := v.open(args[0])
	if err != nil {
		return err
	}
	f.try = identity.TryID(args[1])
	content, err := f.report()
	if err != nil {
		return err
	}
	return v.show(content)
}

// report is the page of the form's try.
func (f *ssoForm) report() (pages.ConsoleTry, error) {
	r, err := f.Sources.TryReport(f.r.Context(), f.actor, f.organization.ID, f.try)
	if err != nil {
		return pages.ConsoleTry{}, err
	}
	form := within(f.organization, "sso")
	back := form + "?" + url.Values{"try": {string(r.ID)}}.Encode()
	content := pages.ConsoleTry{
		Frame: f.frame(pages.Crumb{Text: f.organization.Name}, pages.Crumb{Label: "console_sso.title", Address: back},
			pages.Crumb{Label: pages.Key("console_try.title." + string(r.State))}),
		Action: form, Token: f.token(), Try: string(r.ID), State: string(r.State), Back: back, Enabled: f.stored.Enabled,
		MayEnable: r.State == source.TryPassed,
	}
	for _, s := range r.Steps {
		content.Steps = append(content.Steps, f.reported(s, back))
	}
	if r.State == source.TryPassed {
		content.Values, content.Outlook = receivedValues(r), outlookOf(r.Outlook)
	}
	return content, nil
}

// reported is a step of a report, with the way to the field that mends it.
func (f *ssoForm) reported(s source.ReportStep, form string) pages.ConsoleStep {
	shown := f.told(trace.Step{Check: s.Name, State: s.State, Detail: trace.Detail{Expected: s.Expected, Received: s.Received}})
	if took := s.Took.Round(time.Millisecond); took > 0 {
		shown.After = took.String()
	}
	if s.Remedy == "" {
		return shown
	}
	shown.Remedy = f.Catalogue.Text(f.Pages.Language(f.r), s.Remedy, nil)
	if field := fieldOf(s.Name); field != "" {
		shown.Field = form + "#" + field
	}
	return shown
}

// receivedValues are the mapped fields in the form's order.
func receivedValues(r source.Report) []pages.ConsoleValue {
	t, p := r.Tried, r.Profile
	return []pages.ConsoleValue{
		{Label: "console_sso.account_field", Path: t.AccountField, Value: p.Account},
		{Label: "console_sso.fields.name", Path: t.Fields.Name, Value: p.Name},
		{Label: "console_sso.fields.email", Path: t.Fields.Email, Value: p.Email},
		{Label: "console_sso.fields.mobile", Path: t.Fields.Mobile, Value: p.Mobile},
		{Label: "console_sso.fields.picture", Path: t.Fields.Picture, Value: p.Picture},
	}
}

func outlookOf(o source.Outlook) pages.ConsoleOutlook {
	shown := pages.ConsoleOutlook{Kind: string(o.Kind), Member: o.Name}
	if o.Account != "" && o.Account != o.Name {
		shown.Member += " (" + o.Account + ")"
	}
	if o.Refusal != "" {
		shown.Fault = fault.New(fault.Forbidden, o.Refusal)
	}
	return shown
}
