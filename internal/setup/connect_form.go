package setup

import (
	"net/http"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
)

// settingsPrefix stands before a setting's key in the name of its field, as it
// does in faults.
const settingsPrefix = "settings."

// settingsOf makes the fields of a form of a schema, filled in with values;
// kept lists the keys of secrets that are stored.
func settingsOf(schema []source.Field, values source.Values, kept []string) []pages.Setting {
	fields := make([]pages.Setting, 0, len(schema))
	for _, f := range schema {
		field := pages.Setting{
			Name: settingsPrefix + f.Key, Label: f.LabelKey(), Help: f.HelpKey(), Type: string(f.Type), Needed: f.Required,
			Default: f.Default, Held: slices.Contains(kept, f.Key),
		}
		if !f.Type.Secret() {
			field.Value = values[f.Key]
		}
		for _, choice := range choicesOf(f) {
			field.Choices = append(field.Choices, pages.SettingChoice{Value: choice, Label: f.ChoiceKey(choice)})
		}
		fields = append(fields, field)
	}
	return fields
}

// choicesOf lists what a choice or a switch may be.
func choicesOf(f source.Field) []string {
	if f.Type == source.FieldSwitch {
		return []string{"true", "false"}
	}
	return f.Choices
}

// typedSettings are the settings of a posted form. A secret that was left empty
// stays as it is.
func typedSettings(schema []source.Field, r *http.Request) source.Values {
	values := source.Values{}
	for _, f := range schema {
		name := settingsPrefix + f.Key
		if !r.PostForm.Has(name) {
			continue
		}
		value := strings.TrimSpace(r.PostForm.Get(name))
		if value != "" || !f.Type.Secret() {
			values[f.Key] = value
		}
	}
	return values
}

// guestNotices are what the form says after it was left by a redirect.
var guestNotices = []string{"saved", "proven", "submitted"}

// form shows what was filled in so far.
func (g *guest) form() error {
	sub, err := g.enter()
	if err != nil {
		return err
	}
	content, err := g.content(sub)
	if err != nil {
		return err
	}
	if id := identity.TryID(g.r.URL.Query().Get("try")); id != "" && content.Open() {
		if content.Tried, err = g.tried(sub, id); err != nil {
			return err
		}
	}
	if done := g.r.URL.Query().Get("done"); slices.Contains(guestNotices, done) && (content.Open() || done == content.State) {
		content.Notice = pages.Key("connect.notice." + done)
	}
	g.reply.Content = content
	return nil
}

// content is the page of a link.
func (g *guest) content(sub source.Submission) (pages.ConnectForm, error) {
	c := pages.ConnectForm{
		Action: ConnectPath, Token: session.FormToken(g.word), Organization: sub.Organization.Name, Source: sub.Source.Name,
		Kind: string(sub.Source.Kind), EndsAt: sub.Link.EndsAt, Callback: sub.Source.CallbackURL, LogoutURL: sub.Source.LogoutURL,
		Settings: settingsOf(source.Schema(sub.Source.Kind), sub.Settings, sub.Secrets), Domain: sub.Link.Domain,
		Written: sub.Written, State: string(sub.Link.State), Note: sub.Link.Note,
	}
	if c.Domain == "" || !c.Open() {
		return c, nil
	}
	domain, err := g.Directory.AddDomain(g.r.Context(), g.actor, sub.Organization.ID, c.Domain)
	c.Record, c.Proven = domain.Record(), domain.Proven()
	return c, err
}

// guestActs are what the buttons of the form do. Each is handed what is stored
// and returns the word of the notice, or sets the page of the reply.
var guestActs = map[string]func(*guest, source.Submission) (string, error){
	"save": (*guest).save, "try": (*guest).startTry, "prove": (*guest).prove, "submit": (*guest).submit,
}

// act does what the pressed button says. What is wrong is shown beside what was
// typed.
func (g *guest) act() error {
	sub, err := g.enter()
	if err != nil {
		return err
	}
	if !session.CheckFormToken(g.word, g.r.PostForm.Get(pages.CSRFField)) {
		return fault.New(fault.Forbidden, fault.CodeFormForeign)
	}
	act, known := guestActs[g.r.PostForm.Get("do")]
	if !known {
		return fault.New(fault.Invalid, fault.CodeMalformed)
	}
	done, err := act(g, sub)
	if err == nil && g.reply.Content != nil {
		return nil
	}
	if err == nil {
		g.to = ConnectPath + "?done=" + done
		return nil
	}
	asked := fault.Of(err)
	if asked.Kind != fault.Invalid && asked.Kind != fault.Conflict && asked.Kind != fault.Unavailable {
		return err
	}
	return g.shownAgain(sub, asked)
}

// shownAgain shows the form with what was typed, secrets left out, and what is
// wrong with it.
func (g *guest) shownAgain(sub source.Submission, asked *fault.Error) error {
	schema := source.Schema(sub.Source.Kind)
	for key, value := range typedSettings(schema, g.r) {
		sub.Settings[key] = value
	}
	content, err := g.content(sub)
	if err != nil {
		return err
	}
	if g.r.PostForm.Has("domain") {
		content.Domain = strings.TrimSpace(g.r.PostForm.Get("domain"))
	}
	content.Fault = asked
	g.reply.Content, g.reply.Self, g.reply.Status = content, ConnectPath, http.StatusUnprocessableEntity
	if asked.Kind != fault.Invalid {
		g.reply.Status = pages.Status(asked.Kind)
	}
	return nil
}

// save stores the draft.
func (g *guest) save(sub source.Submission) (string, error) {
	typed := typedSettings(source.Schema(sub.Source.Kind), g.r)
	return "saved", g.Sources.FillIn(g.r.Context(), g.actor, sub.Link.ID, typed, g.r.PostForm.Get("domain"))
}

// prove looks for the record of the domain, after saving what was typed.
func (g *guest) prove(sub source.Submission) (string, error) {
	if _, err := g.save(sub); err != nil {
		return "", err
	}
	domain := g.r.PostForm.Get("domain")
	if _, err := g.Directory.AddDomain(g.r.Context(), g.actor, sub.Organization.ID, domain); err != nil {
		return "", err
	}
	_, err := g.Directory.ProveDomain(g.r.Context(), g.actor, sub.Organization.ID, domain)
	return "proven", err
}

// submit hands the draft over.
func (g *guest) submit(sub source.Submission) (string, error) {
	return "submitted", g.Sources.Submit(g.r.Context(), g.actor, sub.Link.ID)
}
