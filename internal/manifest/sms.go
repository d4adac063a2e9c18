package manifest

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/setting"
)

// headerSecret names the value of a header among the applied secrets.
func headerSecret(name string) string { return "provider/sms/http/headers/" + strings.ToLower(name) }

func smsAsWritten(s setting.SMS) SMS {
	return SMS{URL: s.URL, HTTP: smsRequestAsWritten(s.HTTP)}
}

func smsRequestAsWritten(r *setting.SMSRequest) *SMSRequest {
	if r == nil {
		return nil
	}
	return &SMSRequest{Method: &r.Method, Encoding: new(string(r.Encoding)), Body: &r.Body, Statuses: slices.Clone(r.Statuses), Path: &r.Path, Value: &r.Value}
}

// own tells that the gateway has a language of its own: an empty block says that
// it knows our signed JSON.
func (r *SMSRequest) own() bool {
	return r != nil && (r.Method != nil || r.Encoding != nil || r.Headers != nil || r.Body != nil || r.Statuses != nil || r.Path != nil || r.Value != nil)
}

// over is the request that is stored with what the manifest says of it.
func (r *SMSRequest) over(stored *setting.SMSRequest) *setting.SMSRequest {
	if r == nil {
		return stored
	}
	if !r.own() {
		return nil
	}
	wanted := setting.SMSRequest{Method: http.MethodPost, Encoding: "json"}
	if stored != nil {
		wanted = *stored
	}
	wanted.Method, wanted.Encoding = or(r.Method, wanted.Method), setting.SMSEncoding(or(r.Encoding, string(wanted.Encoding)))
	wanted.Body, wanted.Path, wanted.Value = or(r.Body, wanted.Body), or(r.Path, wanted.Path), or(r.Value, wanted.Value)
	if wanted.Method == http.MethodGet {
		wanted.Encoding = ""
	}
	if r.Statuses != nil {
		wanted.Statuses = r.Statuses
	}
	if r.Headers != nil {
		wanted.Headers = map[string]string{}
		for _, h := range r.Headers {
			wanted.Headers[h.Name] = h.Value.Reveal()
		}
	}
	return &wanted
}

// smsRequest looks for headers given twice.
func (c *checker) smsRequest(r *SMSRequest) {
	seen := taken{}
	for _, h := range r.Headers {
		c.free(seen, strings.ToLower(h.Name), h.At, "name")
	}
}

func (p *planner) sms(w Provider) error {
	if w.SMS == nil {
		return nil
	}
	stored, err := p.house.Settings.SMS(p.ctx, p.actor)
	if err != nil {
		return err
	}
	wanted := setting.SMS{URL: w.SMS.URL, Secret: stored.Secret, HTTP: w.SMS.HTTP.over(stored.HTTP), Version: stored.Version}
	if w.SMS.Secret.Given() {
		wanted.Secret = w.SMS.Secret.Reveal()
	}
	fields, err := p.withSecret(smsFields(*w.SMS, stored, wanted), "secret", smsSecret, w.SMS.Secret)
	if err != nil {
		return err
	}
	if fields, err = p.headers(fields, w.SMS.HTTP, stored.HTTP); err != nil || len(fields) == 0 {
		return err
	}
	// Faults of the rules are told with the place, before anything is done.
	if err := checkGateway(*w.SMS, stored, wanted); err != nil {
		p.wrongSMS(*w.SMS, fault.Of(err))
		return nil
	}
	p.add(settingStep("sms", stored.Version, fields, func(ctx context.Context, a *applier) error {
		if err := a.house.Settings.SetSMS(ctx, a.actor, wanted); err != nil {
			return err
		}
		if w.SMS.HTTP != nil {
			for _, h := range w.SMS.HTTP.Headers {
				if err := a.note(ctx, headerSecret(h.Name), h.Value); err != nil {
					return err
				}
			}
		}
		return a.note(ctx, smsSecret, w.SMS.Secret)
	}))
	return nil
}

// checkGateway refuses settings that could not be stored, and headers that were
// meant for another server.
func checkGateway(w SMS, stored, wanted setting.SMS) error {
	kept := wanted.HTTP != nil && len(wanted.HTTP.Headers) > 0 && w.HTTP != nil && w.HTTP.Headers == nil
	if (kept || w.HTTP == nil && stored.HTTP != nil && len(stored.HTTP.Headers) > 0) && !setting.SameHost(wanted.URL, stored.URL) {
		return fault.New(fault.Invalid, fault.CodeFieldMissing).At("http.headers").With("field", "http.headers")
	}
	return wanted.Check()
}

func (p *planner) wrongSMS(w SMS, first *fault.Error) {
	for _, f := range append([]*fault.Error{first}, first.Others...) {
		at := w.At
		at.Path = join(at.Path, f.Field)
		p.problems.add(at, "%s", p.problems.sentence(f))
	}
}

// smsFields are the fields that change, those of the request as it becomes.
func smsFields(w SMS, stored, wanted setting.SMS) []FieldChange {
	if w.HTTP == nil || w.HTTP.own() {
		before := smsAsWritten(stored)
		if w.HTTP != nil && before.HTTP == nil {
			before.HTTP = &SMSRequest{}
		}
		becomes := smsAsWritten(wanted)
		if w.HTTP == nil {
			becomes.HTTP = nil
		}
		return differences(becomes, before)
	}
	fields := differences(SMS{URL: w.URL}, SMS{URL: stored.URL})
	if stored.HTTP != nil {
		fields = append(fields, FieldChange{Key: "http", Old: "its own", New: "(none)"})
	}
	return fields
}

// headers adds the headers whose value is another one than was applied last,
// and those that are there no longer.
func (p *planner) headers(fields []FieldChange, w *SMSRequest, stored *setting.SMSRequest) ([]FieldChange, error) {
	if w == nil || w.Headers == nil {
		return fields, nil
	}
	before := map[string]bool{}
	if stored != nil {
		for name := range stored.Headers {
			before[strings.ToLower(name)] = true
		}
	}
	var err error
	for _, h := range w.Headers {
		key := strings.ToLower(h.Name)
		was := before[key]
		delete(before, key)
		if !was {
			fields = append(fields, FieldChange{Key: "http.headers." + h.Name, Secret: true})
			continue
		}
		if fields, err = p.withSecret(fields, "http.headers."+h.Name, headerSecret(h.Name), h.Value); err != nil {
			return fields, err
		}
	}
	if len(before) > 0 {
		fields = append(fields, FieldChange{Key: "http.headers", Secret: true})
	}
	return fields, nil
}
