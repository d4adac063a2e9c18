package manifest

import (
	"cmp"
	"context"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/report"
	"github.com/orgate/orgate/internal/setting"
)

// providerCode stands where an organisation's code would in a plan's lines.
const providerCode = "provider"

// Names of the provider's secrets among the applied ones.
const (
	mailSecret = "provider/mail/password"
	smsSecret  = "provider/sms/secret"
)

func (p *planner) provider(w Provider) error {
	for _, part := range []func(Provider) error{p.providerName, p.timeZone, p.mail, p.sms, p.messageLimits, p.accounts, p.administrators} {
		if err := part(w); err != nil {
			return err
		}
	}
	above := owner{code: providerCode}
	if err := cmp.Or(p.messages(w.Messages, above), p.privacy(w.Privacy, above)); err != nil {
		return err
	}
	return p.appIDs(w.AppIDs, owner{code: providerCode})
}

func (p *planner) providerName(w Provider) error {
	if w.Name == nil {
		return nil
	}
	name, err := p.house.Settings.Name(p.ctx, p.actor)
	if err != nil || name == *w.Name {
		return err
	}
	p.add(Step{
		Action: Change, Kind: "provider", Fields: []FieldChange{{Key: "name", Old: quoted(name), New: quoted(*w.Name)}},
		do: func(ctx context.Context, a *applier) error { return a.house.Settings.SetName(ctx, a.actor, *w.Name) },
	})
	return nil
}

func (p *planner) timeZone(w Provider) error {
	if w.TimeZone == nil {
		return nil
	}
	stored, err := p.house.Reports.TimeZone(p.ctx, p.actor)
	if err != nil || stored.Name == *w.TimeZone {
		return err
	}
	p.add(Step{
		Action: Change, Kind: "provider", Fields: []FieldChange{{Key: "time_zone", Old: quoted(stored.Name), New: quoted(*w.TimeZone)}},
		do: func(ctx context.Context, a *applier) error {
			return a.house.Reports.SetTimeZone(ctx, a.actor, report.Zone{Name: *w.TimeZone, Version: stored.Version})
		},
	})
	return nil
}

func mailAsWritten(m setting.Mail) Mail {
	return Mail{Host: m.Host, Port: m.Port, Username: &m.Username, From: m.From, TLS: string(m.TLS)}
}

func (p *planner) mail(w Provider) error {
	if w.Mail == nil {
		return nil
	}
	stored, err := p.house.Settings.Mail(p.ctx, p.actor)
	if err != nil {
		return err
	}
	fields := differences(*w.Mail, mailAsWritten(stored))
	fields, err = p.withSecret(fields, "password", mailSecret, w.Mail.Password)
	if err != nil || len(fields) == 0 {
		return err
	}
	p.add(settingStep("mail", stored.Version, fields, func(ctx context.Context, a *applier) error {
		wanted := setting.Mail{
			Host: w.Mail.Host, Port: w.Mail.Port, Username: or(w.Mail.Username, stored.Username),
			Password: stored.Password, From: w.Mail.From, TLS: setting.TLSMode(w.Mail.TLS), Version: stored.Version,
		}
		if w.Mail.Password.Given() {
			wanted.Password = w.Mail.Password.Reveal()
		} else if wanted.TLS == setting.NoTLS {
			wanted.Password = ""
		}
		if err := a.house.Settings.SetMail(ctx, a.actor, wanted); err != nil {
			return err
		}
		return a.note(ctx, mailSecret, w.Mail.Password)
	}))
	return nil
}

func messageLimitsAsWritten(l setting.MessageLimits) MessageLimits {
	return MessageLimits{
		RecipientShort: &l.TargetShort, RecipientDay: &l.TargetDay, OrganizationHour: &l.OrganizationHour, OrganizationDay: &l.OrganizationDay,
		SMSHour: &l.SMSHour, SMSDay: &l.SMSDay,
	}
}

func (p *planner) messageLimits(w Provider) error {
	if w.MessageLimits == nil {
		return nil
	}
	stored, err := p.house.Settings.MessageLimits(p.ctx, p.actor)
	if err != nil {
		return err
	}
	fields := differences(*w.MessageLimits, messageLimitsAsWritten(stored))
	if len(fields) == 0 {
		return nil
	}
	p.add(Step{Action: Change, Kind: "message_limits", Of: providerCode, Fields: fields, do: func(ctx context.Context, a *applier) error {
		l := w.MessageLimits
		return a.house.Settings.SetMessageLimits(ctx, a.actor, setting.MessageLimits{
			TargetShort: or(l.RecipientShort, stored.TargetShort), TargetDay: or(l.RecipientDay, stored.TargetDay),
			OrganizationHour: or(l.OrganizationHour, stored.OrganizationHour), OrganizationDay: or(l.OrganizationDay, stored.OrganizationDay),
			SMSHour: or(l.SMSHour, stored.SMSHour), SMSDay: or(l.SMSDay, stored.SMSDay), Version: stored.Version,
		})
	}})
	return nil
}

func accountsAsWritten(r identity.PeopleRules) Accounts {
	return Accounts{Registration: &r.Registration, Organizations: &r.Organizations, QuotaAtOnce: &r.QuotaAtOnce}
}

func (p *planner) accounts(w Provider) error {
	if w.Accounts == nil {
		return nil
	}
	stored, version, err := p.house.Directory.PeopleRules(p.ctx, p.actor)
	if err != nil {
		return err
	}
	fields := differences(*w.Accounts, accountsAsWritten(stored))
	if len(fields) == 0 {
		return nil
	}
	p.add(Step{Action: Change, Kind: "accounts", Of: providerCode, Fields: fields, do: func(ctx context.Context, a *applier) error {
		return a.house.Directory.SetPeopleRules(ctx, a.actor, identity.PeopleRules{
			Registration: or(w.Accounts.Registration, stored.Registration), Organizations: or(w.Accounts.Organizations, stored.Organizations),
			QuotaAtOnce: or(w.Accounts.QuotaAtOnce, stored.QuotaAtOnce),
		}, version)
	}})
	return nil
}

// settingStep is the step that makes or changes a setting of the provider.
func settingStep(kind string, version int64, fields []FieldChange, do func(context.Context, *applier) error) Step {
	if version == 0 {
		return Step{Action: Create, Kind: kind, Of: providerCode, do: do}
	}
	return Step{Action: Change, Kind: kind, Of: providerCode, Fields: fields, do: do}
}

// withSecret adds the change of a secret, if it is another one than was last
// applied to the object.
func (p *planner) withSecret(fields []FieldChange, key, object string, secret Secret) ([]FieldChange, error) {
	if !secret.Given() {
		return fields, nil
	}
	changed, err := p.changedSecrets([]setting.Applied{{Object: object, Secret: secret.Reveal()}})
	if changed[object] {
		fields = append(fields, FieldChange{Key: key, Secret: true})
	}
	return fields, err
}

// administratorSecret names an administrator's password among the applied ones.
func administratorSecret(account string) string {
	return "provider/administrator/" + identity.FoldAccount(account) + "/password"
}

func (p *planner) administrators(w Provider) error {
	if w.Administrators == nil {
		return nil
	}
	all, err := p.house.Directory.ProviderAdministrators(p.ctx, p.actor)
	if err != nil {
		return err
	}
	stored := map[string]identity.Account{}
	for _, a := range all {
		stored[identity.FoldAccount(a.Name)] = a
	}
	listed := map[string]bool{}
	for _, admin := range w.Administrators {
		key := identity.FoldAccount(admin.Account)
		listed[key] = true
		account, exists := stored[key]
		if !exists {
			p.add(Step{
				Action: Create, Kind: "administrator", Name: admin.Account, Of: providerCode,
				Note: drawnNote(admin.Password, "password"), do: createAdministrator(admin),
			})
			continue
		}
		fields, err := p.withSecret(nil, "password", administratorSecret(admin.Account), admin.Password)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			p.add(Step{
				Action: Change, Kind: "administrator", Name: account.Name, Of: providerCode, Fields: fields,
				do: setAdministratorPassword(admin, account.ID),
			})
		}
	}
	for _, account := range all {
		if p.options.Prune && !listed[identity.FoldAccount(account.Name)] {
			p.add(Step{Action: Remove, Kind: "administrator", Name: account.Name, Of: providerCode, do: removeAdministrator(account.ID)})
		}
	}
	return nil
}

func createAdministrator(admin Administrator) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		password := admin.Password.Reveal()
		if !admin.Password.Given() {
			password = directory.GeneratePassword()
		}
		account, err := a.house.Directory.AddProviderAdministrator(ctx, a.actor, directory.NewOperator{
			Account: admin.Account,
			Name:    admin.Name, Password: password, Email: or(admin.Email, ""), Mobile: or(admin.Mobile, ""),
		})
		if err != nil {
			return err
		}
		if !admin.Password.Given() {
			a.generated(Generated{Kind: "administrator", Name: admin.Account, Of: providerCode, Key: "password", Secret: SecretOf(password)})
			return nil
		}
		// What the manifest gives is the person's own: no change is asked for.
		return setAdministratorPassword(admin, account.ID)(ctx, a)
	}
}

func setAdministratorPassword(admin Administrator, id identity.AccountID) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		if err := a.house.Directory.SetPassword(ctx, a.actor, id, admin.Password.Reveal(), directory.SetPasswordOptions{}); err != nil {
			return err
		}
		return a.note(ctx, administratorSecret(admin.Account), admin.Password)
	}
}

func removeAdministrator(id identity.AccountID) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Directory.RemoveProviderAdministrator(ctx, a.actor, id)
	}
}
