package outbox

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestPutRefusesWhatNoSenderMayBeGiven(t *testing.T) {
	with := func(change func(*Message)) Message {
		m := code("a@example.com", "123456")
		change(&m)
		return m
	}
	param := func(value string) Message {
		return with(func(m *Message) { m.Params["code"] = value })
	}
	sms := func(target string) Message {
		return with(func(m *Message) { m.Channel, m.Target = identity.BySMS, target })
	}
	tests := []struct {
		name  string
		m     Message
		code  fault.Code // "" for a message that is taken
		field string
	}{
		{"mail", code("a@example.com", "123456"), "", ""},
		{"short message", sms("+8613800000001"), "", ""},
		{"Chinese parameter", param("张三"), "", ""},
		{"looks like a template", param(`{{ template "x" }}{{.Env}}`), "", ""},
		{"longest parameter", param(strings.Repeat("x", 1024)), "", ""},
		{"parameter too long", param(strings.Repeat("x", 1025)), fault.CodeFieldFormat, "code"},
		{"line feed", param("1\nBcc: b@example.com"), fault.CodeFieldFormat, "code"},
		{"return", param("1\rBcc: b@example.com"), fault.CodeFieldFormat, "code"},
		{"NUL", param("1\x00"), fault.CodeFieldFormat, "code"},
		{"line separator", param("1\u2028"), fault.CodeFieldFormat, "code"},
		{"next line", param("1\u0085"), fault.CodeFieldFormat, "code"},
		{"broken UTF-8", param("1\xff"), fault.CodeFieldFormat, "code"},
		{"no address", code("", "1"), fault.CodeEmailFormat, "email"},
		{"two addresses", code("a@example.com,b@example.com", "1"), fault.CodeEmailFormat, "email"},
		{"name and address", code("A <a@example.com>", "1"), fault.CodeEmailFormat, "email"},
		{"line feed in an address", code("a@example.com\nBcc: b@example.com", "1"), fault.CodeEmailFormat, "email"},
		{"quoted line feed", code("\"a\n\"@example.com", "1"), fault.CodeEmailFormat, "email"},
		{"address too long", code(strings.Repeat("a", 320)+"@example.com", "1"), fault.CodeEmailFormat, "email"},
		{"number without plus", sms("13800000001"), fault.CodeMobileFormat, "mobile"},
		{"number with letters", sms("+86138abc"), fault.CodeMobileFormat, "mobile"},
		{"short number", sms("+1234"), fault.CodeMobileFormat, "mobile"},
		{"unknown channel", with(func(m *Message) { m.Channel = "pigeon" }), fault.CodeInternal, ""},
		{"to an application", Message{
			Channel: identity.ToApplication, Target: "app_x/0", Template: TemplateSessionEnded,
			Params: map[string]string{"application": "app_x", "key": "sid", "session": "ses_x"},
		}, "", ""},
		{"a code to an application", with(func(m *Message) { m.Channel = identity.ToApplication }), fault.CodeInternal, ""},
		{"unknown template", with(func(m *Message) { m.Template = "../code" }), fault.CodeInternal, ""},
		{"parameter missing", with(func(m *Message) { delete(m.Params, "minutes") }), fault.CodeInternal, ""},
		{"parameter too many", with(func(m *Message) { m.Params["name"] = "x" }), fault.CodeInternal, ""},
	}
	db := storetest.Open(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				tx.NoEvent("test")
				return Put(tx, tt.m)
			})
			if tt.code == "" {
				if err != nil {
					t.Errorf("got %v, want it taken", err)
				}
				return
			}
			if f := fault.Of(err); f == nil || f.Code != tt.code || f.Field != tt.field {
				t.Errorf("got %v, want %s at %q", err, tt.code, tt.field)
			}
		})
	}
}

func TestAPayloadIsSealedAtRest(t *testing.T) {
	const marker = "S3cret-Marker-payload"
	var folder string
	db := storetest.Open(t, storetest.With(func(o *store.Options) { folder = filepath.Dir(strings.TrimPrefix(o.DSN, "sqlite:")) }))
	m := welcome("en-US")
	m.Params["password"] = marker
	put(t, db, m)
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no database in %s: %v", folder, err)
	}
	for _, file := range files {
		if raw, err := os.ReadFile(file); err != nil || bytes.Contains(raw, []byte(marker)) {
			t.Errorf("%s holds the payload in clear, or cannot be read: %v", filepath.Base(file), err)
		}
	}
	r := &recorder{}
	o := New(db, Options{Senders: mailed(r), Node: "a", Now: storetest.NewClock().Now})
	for _, leased := range o.lease(t.Context(), 1) {
		o.deliver(t.Context(), leased)
	}
	if len(r.sent) != 1 || r.sent[0].Params["password"] != marker {
		t.Error("the sender was not given the payload as it was")
	}
	wantWaiting(t, o, 0, 0)
}

func TestABrokenPayloadIsGivenUp(t *testing.T) {
	if _, err := Open(identity.Message{Payload: []byte("{")}); !errors.Is(err, ErrPermanent) {
		t.Errorf("got %v, want %v", err, ErrPermanent)
	}
}

func TestNoSecretReachesALog(t *testing.T) {
	const marker = "S3cret-Marker-log"
	m := welcome("en-US")
	m.Params["password"] = marker
	mail, sms := mailSettings(StartTLS), SMSSettings{URL: "https://sms.example.com/", Secret: marker}
	mail.Password = marker
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	for _, value := range []any{m, &m, mail, &mail, sms, &sms} {
		log.Info("value", "value", value)
		fmt.Fprintf(&out, "%v %+v %#v %s\n", value, value, value, value)
	}
	if strings.Contains(out.String(), marker) {
		t.Errorf("a log holds a secret: %s", out.String())
	}
	if strings.Contains(out.String(), m.Target) {
		t.Errorf("a log holds the whole recipient: %s", out.String())
	}
}

// Every template has its texts, in every language, with no other parameters
// than it is given; and no text is left over.
func TestEveryTemplateHasItsTexts(t *testing.T) {
	c := catalogue(t)
	keys := map[string][]string{}
	for name, params := range templates {
		if name == TemplateSessionEnded { // nobody reads it
			continue
		}
		keys["mail."+name+".subject"] = nil
		keys["mail."+name+".body"] = params
		keys["sms."+name] = params
	}
	for _, lang := range i18n.Languages() {
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if !c.Has(lang, key) {
				t.Errorf("%s lacks %q", lang, key)
			}
			for _, param := range c.Params(lang, key) {
				if !slices.Contains(keys[key], param) {
					t.Errorf("%s %q uses {{.%s}}, which the template is not given", lang, key, param)
				}
			}
		}
		for _, key := range c.Keys(lang) {
			if _, known := keys[key]; !known && (strings.HasPrefix(key, "mail.") || strings.HasPrefix(key, "sms.")) {
				t.Errorf("%s has %q, but there is no such template", lang, key)
			}
		}
	}
	for _, must := range []struct{ key, param string }{
		{"mail.code.body", "code"},
		{"sms.code", "code"},
		{"mail.password_reset.body", "password"},
		{"sms.password_reset", "password"},
		{"mail.welcome.body", "address"},
		{"sms.welcome", "password"},
		{"mail.lockout.body", "time"},
	} {
		if !slices.Contains(c.Params(i18n.EnUS, must.key), must.param) {
			t.Errorf("%q does not tell {{.%s}}", must.key, must.param)
		}
	}
}

func TestTextSpeaksTheLanguageThatWasAskedFor(t *testing.T) {
	c := catalogue(t)
	for lang, want := range map[string]string{"en-US": "Your verification code is 123456", "zh-CN": "您的验证码是 123456", "fr-FR": "Your verification code", "": "Your verification code"} {
		m := code("a@example.com", "123456")
		m.Language = lang
		_, body, err := mailText(c, m)
		if err != nil || !strings.HasPrefix(body, want) {
			t.Errorf("%q: got %q, %v; want it to begin with %q", lang, body, err, want)
		}
	}
}

func TestParametersAreNeverTemplates(t *testing.T) {
	for _, hostile := range []string{"{{.account}}", "{{ .Env }}", `{{ template "x" }}`, "{{range $i := .}}{{end}}", "%s%n", "<b>"} {
		m := welcome("en-US")
		m.Params["password"] = hostile
		_, body, err := mailText(catalogue(t), m)
		if err != nil || !strings.Contains(body, "Password: "+hostile+"\n") {
			t.Errorf("%q: got %q, %v; want it as it is", hostile, body, err)
		}
	}
}

func FuzzOneLine(f *testing.F) {
	f.Add("a@example.com")
	f.Add("a\r\nBcc: b@example.com")
	f.Add("\"a\\\n\"@example.com")
	f.Fuzz(func(t *testing.T, text string) {
		if (isAddress(text) || oneLine(text, maxParam) || isMobile(text)) && strings.ContainsAny(text, "\r\n\x00") {
			t.Errorf("%q passed", text)
		}
	})
}
