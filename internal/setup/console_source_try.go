package setup

import (
	"maps"
	"net/url"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

// startTry begins a try of what was typed and shows where it goes on: by a link
// and no redirect, as for enterprise sign-in.
func (f *sourceForm) startTry() error {
	change, err := f.change()
	if err != nil {
		return err
	}
	begun, err := f.Sources.StartSourceTry(f.r.Context(), f.actor, f.organization.ID, source.SourceTry{Source: f.stored.ID, Change: change})
	if err != nil {
		return err
	}
	report, err := f.tried(begun.ID)
	if err != nil {
		return err
	}
	report.Continue, report.Host = begun.URL, hostOf(begun.URL)
	content, err := f.content(nil)
	if err != nil {
		return err
	}
	content.Try = report
	f.reply.Self = sourcePath(f.organization, f.stored.ID) + "?" + url.Values{"try": {string(begun.ID)}}.Encode()
	return f.show(content)
}

// hostOf is the host that an address leads to, "" where there is none.
func hostOf(address string) string {
	to, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return to.Host
}

// tried shows the report of a try of this very source, and fills the form in
// with what was tried; nil without one.
func (f *sourceForm) tried(id identity.TryID) (*pages.ConsoleSourceTry, error) {
	if id == "" {
		return nil, nil
	}
	r, err := f.Sources.TryReport(f.r.Context(), f.actor, f.organization.ID, id)
	if err != nil {
		return nil, err
	}
	if r.Source.ID != f.stored.ID {
		return nil, fault.New(fault.NotFound, fault.CodeTryNotFound)
	}
	f.try, f.settings = id, r.Source.Settings
	f.general = generalOf(f.general["name"], r.Source.Rules)
	shown := &pages.ConsoleSourceTry{State: string(r.State), Steps: f.stepsOf(r)}
	if r.State == source.TryPassed {
		shown.Said, shown.Outlook = saidOf(r), outlookOf(r.Outlook)
	}
	return shown, nil
}

// stepsOf are the steps of a report with their remedies.
func (v *visit) stepsOf(r source.Report) (steps []pages.ConsoleStep) {
	for _, s := range r.Steps {
		shown := v.told(trace.Step{Check: s.Name, State: s.State, Detail: trace.Detail{Expected: s.Expected, Received: s.Received}})
		if s.Remedy != "" {
			shown.Remedy = v.Catalogue.Text(v.Pages.Language(v.r), s.Remedy, nil)
		}
		steps = append(steps, shown)
	}
	return steps
}

// saidOf lists what the source said by its names, with what each fills.
func saidOf(r source.Report) (said []pages.ConsoleSaid) {
	fills := map[string]string{}
	for _, f := range r.Fills() {
		if f.From != "" {
			fills[f.From] = f.Ours
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fills)) {
		said = append(said, pages.ConsoleSaid{Name: name, Value: r.Profile.Said[name], Fills: fills[name]})
	}
	return said
}
