package setup

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
)

// sourceNotices are what the form says after it was left by a redirect.
var sourceNotices = []string{"added", "saved", "enabled", "disabled"}

// sourceForm is the form of one source on its way through a request.
type sourceForm struct {
	*visit
	organization identity.Organization
	stored       source.Configured
	settings     source.Values
	general      map[string]string
	version      int64
	try          identity.TryID // holds the secrets of the values, "" for none
	newLink      string
}

func (v *visit) openSource(args []string) (*sourceForm, error) {
	o, err := v.organization(args[0])
	if err != nil {
		return nil, err
	}
	stored, err := v.Sources.Get(v.r.Context(), v.actor, o.ID, identity.SourceID(args[1]))
	if err != nil {
		return nil, err
	}
	return &sourceForm{
		visit: v, organization: o, stored: stored, settings: stored.Settings, general: generalOf(stored.Name, stored.Rules), version: stored.Version,
	}, nil
}

// showSource shows what is stored.
func (v *visit) showSource(args []string) error {
	f, err := v.openSource(args)
	if err != nil {
		return err
	}
	report, err := f.tried(identity.TryID(v.r.URL.Query().Get("try")))
	if err != nil {
		return err
	}
	content, err := f.content(nil)
	if err != nil {
		return err
	}
	content.Try = report
	if done := v.r.URL.Query().Get("done"); slices.Contains(sourceNotices, done) {
		content.Notice = pages.Key("console_source.notice." + done)
	}
	return v.show(content)
}

// sourceActs are what the buttons of the form do.
var sourceActs = map[string]func(*sourceForm) error{
	"try": (*sourceForm).startTry, "save": (*sourceForm).save, "enable": (*sourceForm).enable, "override": (*sourceForm).override, "disable": (*sourceForm).disable, "remove": (*sourceForm).remove,
	"link": (*sourceForm).makeLink,
}

// postSource does what the pressed button says. What is wrong with the values
// is shown beside them, with what was typed.
func (v *visit) postSource(args []string) error {
	f, err := v.openSource(args)
	if err != nil {
		return err
	}
	act, known := sourceActs[v.r.PostForm.Get("do")]
	if !known {
		return fault.New(fault.Invalid, fault.CodeMalformed)
	}
	v.reply.Self = sourcePath(f.organization, f.stored.ID)
	if v.r.PostForm.Has("version") {
		f.read()
	}
	if err = act(f); err == nil {
		return nil
	}
	asked := fault.Of(err)
	switch asked.Kind {
	case fault.Invalid, fault.Conflict, fault.Stale:
		content, err := f.content(asked)
		if err != nil {
			return err
		}
		content.Stale = asked.Kind == fault.Stale
		content.Override = asked.Code == fault.CodeSSOUntried || asked.Field == "reason"
		return v.again(asked, content)
	}
	return err
}

// read takes over what was typed.
func (f *sourceForm) read() {
	typed := typedSettings(source.Schema(f.stored.Kind), f.r)
	f.settings = source.Values{}
	for key, value := range typed {
		f.settings[key] = value
	}
	for _, name := range generalFields {
		f.general[name] = strings.TrimSpace(f.r.PostForm.Get(name))
	}
	version, err := strconv.ParseInt(f.r.PostForm.Get("version"), 10, 64)
	if err != nil || version < 1 {
		version = -1 // one that is no number is nobody's
	}
	f.version, f.try = version, identity.TryID(f.r.PostForm.Get("try"))
}

// change is the edit that the form asks for. Rules that were left as they are
// shown stay as they are stored, whatever their values hold.
func (f *sourceForm) change() (source.SourceChange, error) {
	name := f.general["name"]
	change := source.SourceChange{Name: &name, Settings: f.settings, Try: f.try}
	if maps.Equal(f.general, generalOf(name, f.stored.Rules)) {
		return change, nil
	}
	rules, err := typedRules(f.general)
	change.Rules = &rules
	return change, err
}

func (f *sourceForm) save() error {
	change, err := f.change()
	if err != nil {
		return err
	}
	return f.set(change, "saved")
}

func (f *sourceForm) enable() error {
	change, err := f.change()
	if err != nil {
		return err
	}
	change.Enabled, change.OnlyTried = new(true), true
	return f.set(change, "enabled")
}

// override puts values in force that did not pass a try, for a reason that is
// recorded.
func (f *sourceForm) override() error {
	change, err := f.change()
	if err != nil {
		return err
	}
	if change.Override = strings.TrimSpace(f.r.PostForm.Get("reason")); change.Override == "" {
		return fault.New(fault.Invalid, fault.CodeFieldMissing).At("reason").With("field", "reason")
	}
	change.Enabled, change.OnlyTried = new(true), true
	return f.set(change, "enabled")
}

// disable leaves the stored values as they are.
func (f *sourceForm) disable() error {
	f.version = 0
	return f.set(source.SourceChange{Enabled: new(false)}, "disabled")
}

func (f *sourceForm) set(change source.SourceChange, done string) error {
	if _, err := f.Sources.Change(f.r.Context(), f.actor, f.organization.ID, f.stored.ID, f.version, change); err != nil {
		return err
	}
	f.to = sourcePath(f.organization, f.stored.ID) + "?done=" + done
	return nil
}

func (f *sourceForm) remove() error {
	if err := f.Sources.Remove(f.r.Context(), f.actor, f.organization.ID, f.stored.ID, 0); err != nil {
		return err
	}
	f.to = within(f.organization, "sources?done=removed")
	return nil
}

// makeLink makes a set-up link and shows its address, once.
func (f *sourceForm) makeLink() error {
	_, secret, err := f.Sources.AddSetupLink(f.r.Context(), f.actor, f.organization.ID, source.NewSetupLink{
		Source: f.stored.ID, For: strings.TrimSpace(f.r.PostForm.Get("for")),
	})
	if err != nil {
		return err
	}
	f.newLink = f.BaseURL.JoinPath(ConnectPath, url.PathEscape(secret)).String()
	content, err := f.content(nil)
	if err != nil {
		return err
	}
	return f.show(content)
}

// content is the form as it is shown.
func (f *sourceForm) content(asked *fault.Error) (pages.ConsoleSource, error) {
	if asked != nil && strings.HasPrefix(asked.Field, "mappings.") {
		asked = asked.At("mappings")
	}
	content := pages.ConsoleSource{
		Frame: f.frame(pages.Crumb{Text: f.organization.Name}, pages.Crumb{Label: "console_sources.title", Address: within(f.organization, "sources")},
			pages.Crumb{Text: f.stored.Name}),
		Action: sourcePath(f.organization, f.stored.ID), Token: f.token(), Version: strconv.FormatInt(f.version, 10),
		TryID: string(f.try), Title: f.stored.Name, Kind: kindLabel(f.stored.Kind), Enabled: f.stored.Enabled, Callback: f.stored.CallbackURL, LogoutURL: f.stored.LogoutURL,
		General:  generalSettings(f.general),
		Settings: settingsOf(source.Schema(f.stored.Kind), f.settings, f.stored.Secrets), NewLink: f.newLink, Fault: asked,
	}
	links, err := f.Sources.SetupLinks(f.r.Context(), f.actor, f.organization.ID)
	for _, l := range links {
		if l.SourceID == f.stored.ID {
			content.Links = append(content.Links, linkLine(f.organization, l, f.stored.Name))
		}
	}
	return content, err
}
