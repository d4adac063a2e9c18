package setup

import (
	"maps"
	"net/url"
	"slices"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

// startTry saves what was typed, tries it, and shows where the try goes on.
func (g *guest) startTry(sub source.Submission) (string, error) {
	if _, err := g.save(sub); err != nil {
		return "", err
	}
	begun, err := g.Sources.TryDraft(g.r.Context(), g.actor, sub.Link.ID, "", ConnectPath)
	if err != nil {
		return "", err
	}
	saved, err := g.Sources.SetupLink(g.r.Context(), g.actor, sub.Organization.ID, sub.Link.ID)
	if err != nil {
		return "", err
	}
	content, err := g.content(saved)
	if err != nil {
		return "", err
	}
	if content.Tried, err = g.tried(saved, begun.ID); err != nil {
		return "", err
	}
	content.Tried.Continue, content.Tried.Host = begun.URL, hostOf(begun.URL)
	g.reply.Content = content
	g.reply.Self = ConnectPath + "?" + url.Values{"try": {string(begun.ID)}}.Encode()
	return "", nil
}

// tried is the report of a try that was begun by the link.
func (g *guest) tried(sub source.Submission, id identity.TryID) (*pages.ConnectTried, error) {
	r, err := g.Sources.DraftReport(g.r.Context(), g.actor, sub.Link.ID, id)
	if err != nil {
		return nil, err
	}
	language := g.Pages.Language(g.r)
	shown := &pages.ConnectTried{State: string(r.State)}
	for _, s := range r.Steps {
		said := trace.Detail{Expected: s.Expected, Received: s.Received}.In(g.Catalogue, language)
		step := pages.ConsoleStep{
			State: string(s.State), Name: string(s.Name), Text: g.Catalogue.Text(language, s.Name.SentenceKey(), nil), Expected: said.Expected, Received: said.Received,
		}
		if s.Remedy != "" {
			step.Remedy = g.Catalogue.Text(language, s.Remedy, nil)
		}
		shown.Steps = append(shown.Steps, step)
	}
	if r.State != source.TryPassed {
		return shown, nil
	}
	shown.Received = []pages.ConnectReceived{{Name: g.Catalogue.Text(language, "page.connect.subject", nil), Value: r.Profile.Subject}}
	for _, name := range slices.Sorted(maps.Keys(r.Profile.Said)) {
		shown.Received = append(shown.Received, pages.ConnectReceived{Name: name, Value: r.Profile.Said[name]})
	}
	return shown, nil
}
