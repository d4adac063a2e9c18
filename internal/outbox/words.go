package outbox

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	maxSubject = 200   // characters
	maxBody    = 10000 // characters
	maxSMS     = 500   // characters: eight parts at most before values stand in it
)

// Words are how a message is told: plain text, in which {code} stands for the
// parameter code. There is no other syntax: no condition, no loop and no way to
// write a brace, so that a text can do nothing but say something.
type Words struct {
	Subject string // of the mail
	Body    string
	SMS     string
}

// WordsOf are the words of a stored text.
func WordsOf(m identity.MessageText) Words {
	return Words{Subject: m.Subject, Body: m.Body, SMS: m.SMS}
}

// Tidy ends lines as they are stored, and a body with one line end.
func (w Words) Tidy() Words {
	w.Subject, w.SMS = strings.TrimSpace(w.Subject), strings.TrimSpace(w.SMS)
	w.Body = strings.TrimSpace(strings.ReplaceAll(w.Body, "\r\n", "\n"))
	if w.Body != "" {
		w.Body += "\n"
	}
	return w
}

// Check reports all that is wrong with words for a kind of message: a mail
// without subject or body, a text that is too long or has other characters than
// people read, a placeholder that the kind does not have (message_placeholder_unknown)
// and one that it cannot do without (message_placeholder_missing). A part that
// is left empty is told in the words that would be used otherwise.
func (w Words) Check(k Kind) error {
	var faults []*fault.Error
	if w.SMS != "" {
		faults = append(faults, partFaults("sms", w.SMS, oneLine(w.SMS, 4*maxSMS), maxSMS, k)...)
	}
	if w.Subject == "" && w.Body == "" && w.SMS != "" {
		return fault.All(faults)
	}
	if w.Subject == "" {
		faults = append(faults, missing("subject"))
	} else {
		// Subjects are shown on locked screens: no password, and nothing is required.
		inSubject := Kind{}
		for _, p := range k.Placeholders {
			if p.Name != "password" {
				inSubject.Placeholders = append(inSubject.Placeholders, Placeholder{Name: p.Name})
			}
		}
		faults = append(faults, partFaults("subject", w.Subject, oneLine(w.Subject, 4*maxSubject), maxSubject, inSubject)...)
	}
	if w.Body == "" {
		faults = append(faults, missing("body"))
	} else {
		faults = append(faults, partFaults("body", w.Body, isProse(w.Body), maxBody, k)...)
	}
	return fault.All(faults)
}

func missing(field string) *fault.Error {
	return fault.New(fault.Invalid, fault.CodeFieldMissing).At(field).With("field", field)
}

// isProse tells that a text is lines of characters that people read.
func isProse(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if !oneLine(strings.ReplaceAll(line, "\t", " "), 4*maxBody) {
			return false
		}
	}
	return true
}

// partFaults is what is wrong with one part; clean tells whether its characters
// are right.
func partFaults(field, text string, clean bool, most int, k Kind) (faults []*fault.Error) {
	if utf8.RuneCountInString(text) > most {
		return []*fault.Error{fault.New(fault.Invalid, fault.CodeFieldLength).At(field).With("min", 1).With("max", most)}
	}
	if !clean {
		want := fault.New(fault.Invalid, fault.CodeFieldFormat).At(field).With("want", "want.one_line")
		if field == "body" {
			want = want.With("want", "want.message_body")
		}
		return []*fault.Error{want}
	}
	used, ok := placeholders(text)
	if !ok {
		return []*fault.Error{fault.New(fault.Invalid, fault.CodeFieldFormat).At(field).With("want", "want.message_braces")}
	}
	known := []string{}
	for _, p := range k.Placeholders {
		known = append(known, "{"+p.Name+"}")
		if p.Required && !slices.Contains(used, p.Name) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodePlaceholderMissing).At(field).With("placeholder", "{"+p.Name+"}"))
		}
	}
	for _, name := range used {
		if !slices.Contains(known, "{"+name+"}") {
			faults = append(faults, fault.New(fault.Invalid, fault.CodePlaceholderUnknown).At(field).
				With("placeholder", "{"+name+"}").With("choices", known))
		}
	}
	return faults
}

// placeholders returns the names in braces, and whether there are no other
// braces.
func placeholders(text string) (names []string, ok bool) {
	for {
		_, rest, found := strings.Cut(text, "{")
		if before, _, stray := strings.Cut(text, "}"); stray && (!found || len(before) < len(text)-len(rest)) {
			return names, false
		}
		if !found {
			return names, true
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || strings.Contains(name, "{") {
			return names, false
		}
		names = append(names, name)
		text = after
	}
}

// Filled returns words with values in them. What looks like a placeholder in a
// value stays as it is.
func (w Words) Filled(params map[string]string) Words {
	pairs := make([]string, 0, 2*len(params))
	for name, value := range params {
		pairs = append(pairs, "{"+name+"}", value)
	}
	r := strings.NewReplacer(pairs...)
	return Words{Subject: r.Replace(w.Subject), Body: r.Replace(w.Body), SMS: r.Replace(w.SMS)}
}

// Preview returns words with sample values in them.
func (w Words) Preview(k Kind) Words { return w.Filled(k.samples()) }

// Over returns words whose empty parts are those of other words. Subject and
// body are one part.
func (w Words) Over(below Words) Words {
	if w.Body == "" {
		w.Subject, w.Body = below.Subject, below.Body
	}
	if w.SMS == "" {
		w.SMS = below.SMS
	}
	return w
}

// BuiltIn returns the words of the catalogue, with placeholders in them.
func (o *Outbox) BuiltIn(kind string, lang i18n.Language) Words {
	c := o.options.Catalogue
	params := map[string]any{}
	for _, name := range templates[kind] {
		params[name] = "{" + name + "}"
	}
	return Words{
		Subject: c.Text(lang, "mail."+kind+".subject", params), Body: c.Text(lang, "mail."+kind+".body", params), SMS: c.Text(lang, "sms."+kind, params),
	}
}

// spoken is the language that a message is told in.
func (m Message) spoken() i18n.Language {
	if lang, ok := i18n.Parse(m.Language); ok {
		return lang
	}
	return i18n.EnUS
}

// worded gives a message the words in which its organisation, or else the
// installation, tells its kind in its language. Nobody is told anything in a
// language that they did not choose: where neither has words of its own in it,
// the built-in ones stay.
func (o *Outbox) worded(ctx context.Context, m Message) (Message, error) {
	k, ok := KindOf(m.Template)
	if !ok {
		return m, nil
	}
	var texts []identity.MessageText
	err := o.db.View(ctx, func(tx *store.Tx) (err error) {
		texts, err = tx.MessageTexts.InForce(identity.MessageTextKey{OrganizationID: m.Organization, Kind: m.Template, Language: string(m.spoken())})
		return err
	})
	for _, text := range texts {
		// Words of before a placeholder had another name are passed over.
		if own := WordsOf(text); own.Check(k) == nil {
			m.Words = m.Words.Over(own)
		}
	}
	return m, err
}
