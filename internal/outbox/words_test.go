package outbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func kindNamed(t *testing.T, name string) Kind {
	t.Helper()
	k, ok := KindOf(name)
	if !ok {
		t.Fatalf("no kind %q", name)
	}
	return k
}

// What is built in obeys the rules for words of one's own, in every language:
// whoever begins with it can save it.
func TestBuiltInWordsAreWords(t *testing.T) {
	o := New(nil, Options{Catalogue: catalogue(t)})
	told := []string{TemplateTest, TemplateSessionEnded, TemplateLockout} // nobody words these
	for _, k := range Kinds() {
		told = append(told, k.Name)
		for _, lang := range i18n.Languages() {
			w := o.BuiltIn(k.Name, lang)
			if err := w.Check(k); err != nil {
				t.Errorf("%s in %s: %v", k.Name, lang, err)
			}
			if w.Tidy() != w {
				t.Errorf("%s in %s is not tidy: %q", k.Name, lang, w)
			}
			p := w.Preview(k)
			if all := p.Subject + p.Body + p.SMS; strings.ContainsAny(all, "{}") || strings.Contains(all, "…") {
				t.Errorf("%s in %s, with samples: %q", k.Name, lang, all)
			}
		}
	}
	if missing := slices.Sorted(maps.Keys(templates)); !slices.Equal(slices.Sorted(slices.Values(told)), missing) {
		t.Errorf("kinds are %q, want the templates %q", told, missing)
	}
	if _, ok := KindOf("nothing"); ok {
		t.Error("there is a kind called nothing")
	}
}

func TestWordsThatAreRefused(t *testing.T) {
	long := strings.Repeat("x", maxBody)
	for _, tt := range []struct {
		name  string
		words Words
		want  string // codes at fields
	}{
		{"both parts", Words{"Code {code}", "It is {code}, for {minutes} min.\n\n\tBye\n", "{code}"}, ""},
		{"a mail alone", Words{"Code", "{code}\n", ""}, ""},
		{"a short message alone", Words{"", "", "{code} 验证码"}, ""},
		{"nothing", Words{}, "subject field_missing, body field_missing"},
		{"no subject", Words{"", "{code}\n", ""}, "subject field_missing"},
		{"no body", Words{"Code", "", "{code}"}, "body field_missing"},
		{"without what it is for", Words{"Code", "Hello\n", "Hello"}, "sms message_placeholder_missing, body message_placeholder_missing"},
		{"only in the subject", Words{"{code}", "Hello\n", ""}, "body message_placeholder_missing"},
		{
			"of another kind",
			Words{"{password}", "{code} {link}\n", "{code} {Code}"},
			"sms message_placeholder_unknown, subject message_placeholder_unknown, body message_placeholder_unknown",
		},
		{"with blanks", Words{"", "", "{code} { code }"}, "sms message_placeholder_unknown"},
		{"handlebars", Words{"", "", "{{code}}"}, "sms field_format"},
		{"a brace that is left open", Words{"", "", "{code} {minutes"}, "sms field_format"},
		{"a brace that closes nothing", Words{"", "", "} {code}"}, "sms field_format"},
		{"a template of Go", Words{"", "{{.Env}}\n", ""}, "subject field_missing, body field_format"},
		{"a header in the subject", Words{"Code\r\nBcc: b@example.com", "{code}\n", ""}, "subject field_format"},
		{"another line separator", Words{"Code\u2028x", "{code}\u0085\n", "{code}\n"}, "sms field_format, subject field_format, body field_format"},
		{"NUL", Words{"a\x00", "{code}\x00", "{code}\x00"}, "sms field_format, subject field_format, body field_format"},
		{"broken UTF-8", Words{"a", "{code}\xff", ""}, "body field_format"},
		{"too long", Words{long[:maxSubject+1], "{code}" + long, "{code}" + long[:maxSMS]}, "sms field_length, subject field_length, body field_length"},
		{"as long as can be", Words{long[:maxSubject], "{code}" + long[6:], "{code}" + long[:maxSMS-6]}, ""},
		{"as long as can be in Chinese", Words{strings.Repeat("码", maxSubject), "{code}" + strings.Repeat("码", maxBody-6), ""}, ""},
	} {
		var got []string
		var f *fault.Error
		if err := tt.words.Check(kindNamed(t, TemplateCode)); errors.As(err, &f) {
			for _, one := range append([]*fault.Error{f}, f.Others...) {
				got = append(got, fmt.Sprint(one.Field, " ", one.Code))
			}
		}
		if text := strings.Join(got, ", "); text != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, text, tt.want)
		}
	}
	// A password is shown on no locked screen.
	w := Words{"{password}", "{account} {password}\n", ""}
	if err := w.Check(kindNamed(t, TemplateWelcome)); !fault.Is(err, fault.CodePlaceholderUnknown) {
		t.Errorf("a password in the subject: got %v", err)
	}
}

func TestValuesStandInWords(t *testing.T) {
	w := Words{" {name}: {code} ", "\r\n{code}\r\n\r\n{code}, {until}\n\n", "{code}"}.Tidy()
	if want := (Words{"{name}: {code}", "{code}\n\n{code}, {until}\n", "{code}"}); w != want {
		t.Errorf("tidied: got %q, want %q", w, want)
	}
	got := w.Filled(map[string]string{"name": "{code}", "code": "{until}$1", "until": "{{.Env}}"})
	if want := (Words{"{code}: {until}$1", "{until}$1\n\n{until}$1, {{.Env}}\n", "{until}$1"}); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	below := Words{"S", "B", "M"}
	for _, tt := range []struct{ own, want Words }{
		{Words{}, below}, {Words{"s", "b", ""}, Words{"s", "b", "M"}}, {Words{"", "", "m"}, Words{"S", "B", "m"}},
	} {
		if got := tt.own.Over(below); got != tt.want {
			t.Errorf("%q over %q: got %q", tt.own, below, got)
		}
	}
}

func TestSMSParts(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 1, strings.Repeat("a", 160): 1, strings.Repeat("a", 161): 2, strings.Repeat("a", 306): 2, strings.Repeat("a", 307): 3,
		strings.Repeat("€", 80): 1, strings.Repeat("€", 81): 2, strings.Repeat("€", 153): 3, // 76 of them fill a part
		strings.Repeat("码", 70): 1, strings.Repeat("码", 71): 2, strings.Repeat("码", 134): 2, strings.Repeat("码", 135): 3,
		strings.Repeat("😀", 35): 1, strings.Repeat("😀", 36): 2, strings.Repeat("😀", 67): 3, // 33 of them fill a part
		"`" + strings.Repeat("a", 69): 1, "`" + strings.Repeat("a", 70): 2,
	} {
		if got := SMSParts(text); got != want {
			t.Errorf("%.8q of %d bytes: got %d parts, want %d", text, len(text), got, want)
		}
	}
}

// keep stores words.
func keep(t *testing.T, db *store.DB, m identity.MessageText) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return tx.MessageTexts.Put(m)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// text is words of the installation for a code.
func codeText(language, body, sms string) identity.MessageText {
	m := identity.MessageText{MessageTextKey: identity.MessageTextKey{Kind: TemplateCode, Language: language}, Body: body, SMS: sms}
	if body != "" {
		m.Subject = "Ours"
	}
	return m
}

func TestMessagesAreToldInStoredWords(t *testing.T) {
	db, r := storetest.Open(t), &recorder{}
	o := New(db, Options{Senders: map[identity.Channel]Sender{identity.ByMail: r, identity.BySMS: r}, Now: storetest.NewClock().Now})
	keep(t, db, codeText("en-US", "Mail {code}\n", ""))
	keep(t, db, codeText("zh-CN", "", "短信 {code}"))
	keep(t, db, identity.MessageText{MessageTextKey: identity.MessageTextKey{Kind: TemplateWelcome, Language: "en-US"}, SMS: "of before {login}"})
	for _, tt := range []struct{ template, language, mail, sms string }{
		{TemplateCode, "en-US", "Mail 123456\n", "Your verification code is 123456"},
		{TemplateCode, "zh-CN", "123456", "短信 123456"},
		{TemplateCode, "fr-FR", "Mail 123456\n", "Your verification code is 123456"}, // told in English
		{TemplateWelcome, "en-US", "Quarry-lantern-7", "An account was made"},        // stored ones no longer fit
		{TemplateTest, "en-US", "It arrived", "It arrived"},
	} {
		m := Message{Channel: identity.ByMail, Target: "a@example.com", Template: tt.template, Language: tt.language, Params: map[string]string{}}
		if k, ok := KindOf(tt.template); ok {
			m.Params = k.samples()
		}
		if err := o.send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		sent := r.sent[len(r.sent)-1]
		_, body, err := mailText(catalogue(t), sent)
		if err != nil || !strings.Contains(body, tt.mail) || tt.mail[len(tt.mail)-1] == '\n' && body != tt.mail {
			t.Errorf("%s in %s: got %q, %v, want %q", tt.template, tt.language, body, err, tt.mail)
		}
		sms, err := smsText(catalogue(t), sent)
		if err != nil || !strings.Contains(sms, tt.sms) {
			t.Errorf("%s in %s: got %q, %v, want %q", tt.template, tt.language, sms, err, tt.sms)
		}
	}
}

// A message says in whose words it is told, and one to nobody takes as much room
// as one that does.
func TestMessagesNameAnOrganization(t *testing.T) {
	db := storetest.Open(t)
	for channel, organization := range map[identity.Channel]identity.OrganizationID{identity.ByMail: "org_a", identity.ToNobody: ""} {
		m := code("a@example.com", "123456")
		m.Channel, m.Organization, m.Target = channel, organization, string(channel)+"@example.com"
		var stored []identity.Message
		err := db.Update(t.Context(), func(tx *store.Tx) (err error) {
			tx.NoEvent("test")
			if err := Put(tx, m); err != nil {
				return err
			}
			stored, err = tx.Outbox.Lease("n", tx.Now(), 1)
			return err
		})
		if err != nil || len(stored) != 1 {
			t.Fatal(stored, err)
		}
		got, err := Open(stored[0])
		if err != nil || got.Organization == "" || organization != "" && got.Organization != organization {
			t.Errorf("%s: got %q, %v", channel, got.Organization, err)
		}
	}
}

func TestWordsAreTried(t *testing.T) {
	r := &recorder{send: func(_ context.Context, m Message) error {
		if m.Channel == identity.BySMS {
			return errors.New("no\nroute")
		}
		return nil
	}}
	o := trying(t, map[identity.Channel]Sender{identity.ByMail: r, identity.BySMS: r})
	m := Message{Channel: identity.ByMail, Target: "a@example.org", Language: "en-US", Words: Words{"New", "New {code}\n", ""}}
	got, err := o.TryWords(t.Context(), kindNamed(t, TemplateCode), m)
	if err != nil || got != (Tried{Sent: true}) || r.sent[0].Params["code"] != "123456" || r.sent[0].Words.Subject != "New" {
		t.Errorf("got %+v, %v, sent %+v", got, err, r.sent)
	}
	m.Channel, m.Target = identity.BySMS, "+8613800000001"
	if got, err := o.TryWords(t.Context(), kindNamed(t, TemplateCode), m); err != nil || got != (Tried{Answer: "no route"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	m.Target = "1"
	if _, err := o.TryWords(t.Context(), kindNamed(t, TemplateCode), m); !fault.Is(err, fault.CodeMobileFormat) {
		t.Errorf("no number: got %v", err)
	}
	m.Words.Body = "nothing"
	if _, err := o.TryWords(t.Context(), kindNamed(t, TemplateCode), m); !fault.Is(err, fault.CodePlaceholderMissing) {
		t.Errorf("without a code: got %v", err)
	}
}

// Whatever words are taken fill without a brace left over, in one line where it
// has to be one.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"{code}", "{{code}}", "a}{code}", "{code}{", "{\n}", "{code}\r\nBcc: x", "{minutes}{code}{account}", "\u2028{code}"} {
		f.Add(seed, seed, seed)
	}
	k, _ := KindOf(TemplateCode)
	f.Fuzz(func(t *testing.T, subject, body, sms string) {
		w := Words{subject, body, sms}.Tidy()
		if w != w.Tidy() {
			t.Errorf("tidied again %q is %q", w, w.Tidy())
		}
		if w.Check(k) != nil {
			return
		}
		got := w.Preview(k)
		if strings.ContainsAny(got.Subject+got.Body+got.SMS, "{}") || strings.ContainsAny(got.Subject+got.SMS, "\r\n\x00") {
			t.Errorf("%q became %q", w, got)
		}
		if got.SMS != "" && (SMSParts(got.SMS) < 1 || !strings.Contains(got.SMS, "123456")) {
			t.Errorf("%q became %q in %d parts", w.SMS, got.SMS, SMSParts(got.SMS))
		}
	})
}
