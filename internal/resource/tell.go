package resource

import (
	"context"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// contactOf normalises how somebody is reached. No country is that of the
// directory's default.
func contactOf(c identity.Contact) (identity.Contact, error) {
	if c.Country == "" {
		c.Country = directory.DefaultCountry
	}
	email, err := identity.Email(c.Email)
	if err != nil {
		return c, err
	}
	code, _ := directory.CallingCode(c.Country)
	mobile, err := identity.Mobile(c.Mobile, code)
	if err != nil {
		return c, err
	}
	c.Email, c.Mobile = email, mobile
	if c.Mobile == "" && c.Email == "" {
		c.Country = ""
	}
	return c, nil
}

// SendsSMS reports whether short messages can leave.
func (r *Resources) SendsSMS(ctx context.Context) bool { return r.configured(ctx, identity.BySMS) }

// reachable refuses a contact that no message would reach: neither a number nor
// an address (contact_missing), or a number alone where no short messages are
// sent (sms_unsupported; Meeting API, 5.8).
func (r *Resources) reachable(ctx context.Context, c identity.Contact) error {
	switch {
	case c.Mobile == "" && c.Email == "":
		return fault.New(fault.Invalid, fault.CodeContactMissing).At("email")
	case c.Email == "" && !r.configured(ctx, identity.BySMS):
		return fault.New(fault.Invalid, fault.CodeSMSUnsupported).At("mobile")
	}
	return nil
}

// tell leaves a message for whoever looks after a device, by mail and, where
// they are sent, by short message.
func (r *Resources) tell(tx *store.Tx, sms bool, to identity.Contact, m outbox.Message) error {
	if to.Email != "" {
		m.Channel, m.Target = identity.ByMail, to.Email
		if err := outbox.Put(tx, m); err != nil {
			return err
		}
	}
	if to.Mobile == "" || !sms {
		return nil
	}
	m.Channel, m.Target = identity.BySMS, to.Mobile
	return outbox.Put(tx, m)
}

// activationMessage tells an activation code. A name is cut to one line.
func activationMessage(o identity.Organization, name string, a identity.Activation) outbox.Message {
	return outbox.Message{
		Language: o.Profile.Language, Organization: o.ID, Template: outbox.TemplateActivation, Until: a.EndsAt,
		Params: map[string]string{"name": oneLine(name), "code": a.Code, "until": a.EndsAt.UTC().Format(time.DateTime) + " UTC"},
	}
}

// terminalMessage tells under which account and number a terminal is known that
// is activated otherwise.
func terminalMessage(o identity.Organization, t identity.Terminal) outbox.Message {
	return outbox.Message{
		Language: o.Profile.Language, Organization: o.ID, Template: outbox.TemplateTerminal,
		Params: map[string]string{"name": oneLine(t.Name), "account": t.Account, "number": t.Number},
	}
}

// oneLine puts a name into one line: messages are refused that have more.
func oneLine(name string) string { return strings.Join(strings.Fields(name), " ") }
