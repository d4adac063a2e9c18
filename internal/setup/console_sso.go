package setup

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
)

// notices are what the form says after it was left by a redirect.
var notices = []string{"saved", "enabled", "disabled"}

// ssoForm is the form of one organisation on its way through a request.
type ssoForm struct {
	*visit
	organization identity.Organization
	stored       source.SSOState
	values       map[string]string
	try          identity.TryID // holds the secret of the values, "" for none
	version      int64          // that was read with the values
}

// open reads what is stored, for those who may manage the organisation.
func (v *visit) open(ref string) (*ssoForm, error) {
	o, err := v.organization(ref)
	if err != nil {
		return nil, err
	}
	stored, err := v.Sources.SSO(v.r.Context(), v.actor, o.ID)
	return &ssoForm{visit: v, organization: o, stored: stored, values: valuesOf(stored.SSO), version: stored.Version}, err
}

// showSSO shows what is stored, or the values of a try.
func (v *visit) showSSO(args []string) error {
	f, err := v.open(args[0])
	if err != nil {
		return err
	}
	query := v.r.URL.Query()
	if id := identity.TryID(query.Get("try")); id != "" {
		report, err := v.Sources.TryReport(v.r.Context(), v.actor, f.organization.ID, id)
		if err != nil {
			return err
		}
		f.try, f.values = id, valuesOf(report.Tried)
	}
	content, err := f.content(nil)
	if err != nil {
		return err
	}
	if done := query.Get("done"); slices.Contains(notices, done) {
		content.Notice = pages.Key("console_sso.notice." + done)
	}
	return v.show(content)
}

// acts are what the buttons of the form and of a report do.
var acts = map[string]func(*ssoForm) error{
	"try": (*ssoForm).startTry, "save": (*ssoForm).save, "enable": (*ssoForm).enable, "override": (*ssoForm).override,
	"disable": (*ssoForm).disable, "enable_tried": (*ssoForm).enableTried, "try_again": (*ssoForm).tryAgain,
}

// postSSO does what the pressed button says. What is wrong with the values is
// shown beside them, with what was typed.
func (v *visit) postSSO(args []string) error {
	f, err := v.open(args[0])
	if err != nil {
		return err
	}
	posted := v.r.PostForm
	act, known := acts[posted.Get("do")]
	if !known {
		return fault.New(fault.Invalid, fault.CodeMalformed)
	}
	v.reply.Self = within(f.organization, "sso")
	f.try = identity.TryID(posted.Get("try"))
	if posted.Has("version") {
		f.read(posted)
	}
	if err = act(f); err == nil {
		return nil
	}
	switch asked := fault.Of(err); asked.Kind {
	case fault.Invalid, fault.Conflict, fault.Stale:
		return f.shownAgain(asked)
	}
	return err
}

// read takes over what was typed.
func (f *ssoForm) read(posted url.Values) {
	f.values = map[string]string{}
	for _, name := range pages.SSOFields() {
		f.values[name] = strings.TrimSpace(posted.Get(name))
	}
	// A version that is no number is nobody's. 0 was read while nothing was
	// stored, and SetSSO takes it for whatever version.
	var err error
	f.version, err = strconv.ParseInt(posted.Get("version"), 10, 64)
	if err != nil || f.version == 0 && f.stored.Version > 0 {
		f.version = -1
	}
}

// save stores the values without putting them in force.
func (f *ssoForm) save() error {
	change := source.Replacing(ssoOf(f.values))
	return f.set(change, "saved")
}

// enable puts values in force that passed a try.
func (f *ssoForm) enable() error {
	change := source.Replacing(ssoOf(f.values))
	change.Enabled, change.OnlyTried = new(true), true
	return f.set(change, "enabled")
}

// override puts values in force that did not, for a reason that is recorded.
func (f *ssoForm) override() error {
	change := source.Replacing(ssoOf(f.values))
	change.Enabled, change.OnlyTried = new(true), true
	if change.Override = strings.TrimSpace(f.r.PostForm.Get("reason")); change.Override == "" {
		return fault.New(fault.Invalid, fault.CodeFieldMissing).At("reason").With("field", "reason")
	}
	return f.set(change, "enabled")
}

// disable switches it off and leaves the stored values as they are, whatever
// was typed.
func (f *ssoForm) disable() error {
	f.version = 0
	return f.set(source.SSOChange{Enabled: new(false)}, "disabled")
}

// enableTried puts exactly the values of a passed try in force.
func (f *ssoForm) enableTried() error {
	report, err := f.Sources.TryReport(f.r.Context(), f.actor, f.organization.ID, f.try)
	if err != nil {
		return err
	}
	f.values = valuesOf(report.Tried)
	return f.enable()
}

// set makes a change and leads back to the form.
func (f *ssoForm) set(change source.SSOChange, done string) error {
	change.Try = f.try
	if err := f.Sources.SetSSO(f.r.Context(), f.actor, f.organization.ID, f.version, change); err != nil {
		return err
	}
	f.to = within(f.organization, "sso?done="+done)
	return nil
}

// shownAgain shows the form with what was typed, the secret left out, and what
// is wrong.
func (f *ssoForm) shownAgain(asked *fault.Error) error {
	if asked.Field == "override" {
		asked = asked.At("reason")
	}
	content, err := f.content(asked)
	if err != nil {
		return err
	}
	content.Override = asked.Code == fault.CodeSSOUntried || asked.Field == "reason"
	content.Stale = asked.Kind == fault.Stale
	return f.again(asked, content)
}

// content is the form as it is shown.
func (f *ssoForm) content(asked *fault.Error) (pages.ConsoleSSO, error) {
	passed, err := f.passed()
	if err != nil {
		return pages.ConsoleSSO{}, err
	}
	content := pages.ConsoleSSO{
		Frame:  f.frame(pages.Crumb{Text: f.organization.Name}, pages.Crumb{Label: "console_sso.title"}),
		Action: within(f.organization, "sso"), Token: f.token(), Try: string(f.try), Version: strconv.FormatInt(f.version, 10),
		Callback: f.stored.CallbackURL, Host: f.BaseURL.Hostname(), Values: f.values, HasSecret: f.stored.HasSecret || f.try != "",
		Enabled: f.stored.Enabled, MayEnable: passed, Fault: asked,
	}
	if f.stored.Enabled {
		address := f.BaseURL.JoinPath("sso")
		address.RawQuery = url.Values{"domain": {f.stored.Domain}}.Encode()
		content.Address = address.String()
	}
	return content, nil
}

// passed reports whether exactly these values passed a try, with the secret
// that was typed, else that of the try they come from, else the stored one.
func (f *ssoForm) passed() (bool, error) {
	typed := ssoOf(f.values)
	if f.try != "" && typed.ClientSecret == "" {
		report, err := f.Sources.TryReport(f.r.Context(), f.actor, f.organization.ID, f.try)
		if err != nil || report.State == source.TryPassed && report.Tried.OAuth2 == typed.OAuth2 {
			return err == nil, err
		}
	}
	return f.Sources.PassedTry(f.r.Context(), f.organization.ID, typed)
}
