package setup

import (
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
)

// kindLabel is the key of the catalogues under which a kind is named.
func kindLabel(k identity.SourceKind) string { return "source.kind." + string(k) }

// sourcePath is the form of a source.
func sourcePath(o identity.Organization, id identity.SourceID) string {
	return within(o, "sources/"+url.PathEscape(string(id)))
}

// listSources lists the sources of an organisation.
func (v *visit) listSources(args []string) error {
	o, err := v.organization(args[0])
	if err != nil {
		return err
	}
	content, err := v.sources(o)
	if err != nil {
		return err
	}
	if v.r.URL.Query().Get("done") == "removed" {
		content.Done = "console_sources.removed"
	}
	return v.show(content)
}

func (v *visit) sources(o identity.Organization) (pages.ConsoleSources, error) {
	content := pages.ConsoleSources{
		Frame:  v.frame(pages.Crumb{Text: o.Name}, pages.Crumb{Label: "console_sources.title"}),
		Action: within(o, "sources"), Token: v.token(),
	}
	for _, k := range source.Kinds() {
		content.Kinds = append(content.Kinds, pages.SettingChoice{Value: string(k), Label: kindLabel(k)})
	}
	found, err := v.Sources.List(v.r.Context(), v.actor, o.ID)
	if err != nil {
		return content, err
	}
	names := map[identity.SourceID]string{}
	for _, s := range found {
		names[s.ID] = s.Name
		content.Sources = append(content.Sources, pages.ConsoleSourceLine{
			Name: s.Name, Kind: kindLabel(s.Kind), Address: sourcePath(o, s.ID), Enabled: s.Enabled,
		})
	}
	links, err := v.Sources.SetupLinks(v.r.Context(), v.actor, o.ID)
	for _, l := range links {
		if l.State == identity.SetupLinkSubmitted {
			content.Links = append(content.Links, linkLine(o, l, names[l.SourceID]))
		}
	}
	return content, err
}

// linkLine is a set-up link in a list.
func linkLine(o identity.Organization, l identity.SetupLink, name string) pages.ConsoleLinkLine {
	return pages.ConsoleLinkLine{
		For: l.For, State: string(l.State), Source: name, EndsAt: l.EndsAt,
		Address: within(o, "setup-links/"+url.PathEscape(string(l.ID))),
	}
}

// addSource adds a source that is empty and disabled, and leads to its form:
// its call-back address is known from then on.
func (v *visit) addSource(args []string) error {
	o, err := v.organization(args[0])
	if err != nil {
		return err
	}
	name, kind := strings.TrimSpace(v.r.PostForm.Get("name")), v.r.PostForm.Get("kind")
	added, err := v.Sources.Add(v.r.Context(), v.actor, o.ID, source.NewSource{Name: name, Kind: identity.SourceKind(kind)})
	if err == nil {
		v.to = sourcePath(o, added.ID) + "?done=added"
		return nil
	}
	asked := fault.Of(err)
	if asked.Kind != fault.Invalid && asked.Kind != fault.Conflict {
		return err
	}
	content, err := v.sources(o)
	if err != nil {
		return err
	}
	content.Typed, content.Kind, content.Fault = name, kind, asked
	v.reply.Self = within(o, "sources")
	return v.again(asked, content)
}
