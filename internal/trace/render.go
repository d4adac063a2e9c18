package trace

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/i18n"
)

// Render writes a story as plain text, a line for each step, with what was
// expected, what came and how to mend it below each step that went wrong.
func (k *Keeper) Render(w io.Writer, r Record, lang i18n.Language) error {
	p := printer{catalogue: k.options.Catalogue, lang: lang}
	p.head(r)
	for _, step := range r.Steps {
		p.step(step)
	}
	_, err := w.Write(p.out.Bytes())
	return err
}

// printer collects the text of one story.
type printer struct {
	catalogue *i18n.Catalogue
	lang      i18n.Language
	out       bytes.Buffer
}

func (p *printer) text(key string) string { return p.catalogue.Text(p.lang, key, nil) }

func (p *printer) head(r Record) {
	outcome := "open"
	if r.Outcome != Open {
		outcome = string(r.Outcome)
	}
	fmt.Fprintf(&p.out, "%s · %s · %s\n", r.Code, p.text("trace.kind."+string(r.Kind)), p.text("trace.outcome."+outcome))
	p.line("trace.at", r.At.UTC().Format(time.RFC3339))
	if r.Origin.Address.IsValid() {
		p.line("trace.address", r.Origin.Address.String())
	}
	p.line("trace.request", r.Origin.RequestID)
	p.line("trace.organization", string(r.Organization))
	p.line("trace.who", r.Who)
	p.out.WriteString("\n")
}

// line writes a named value of the head, if there is one.
func (p *printer) line(key, value string) {
	if value != "" {
		fmt.Fprintf(&p.out, "  %s: %s\n", p.text(key), value)
	}
}

// marks stand at the beginning of a step, so that the one that failed is seen
// at a glance and found with grep.
var marks = map[State]string{Passed: "ok  ", Failing: "FAIL", Warned: "warn", Noted: "note"}

func (p *printer) step(s Step) {
	mark := marks[s.State]
	if mark == "" {
		mark = "?   "
	}
	when := ""
	if s.After > 0 {
		when = fmt.Sprintf(" (+%s)", s.After.Round(time.Millisecond))
	}
	fmt.Fprintf(&p.out, "%s  %s: %s%s\n", mark, s.Check, p.text(s.Check.SentenceKey()), when)
	said := s.Detail.In(p.catalogue, p.lang)
	p.detail("trace.expected", said.Expected)
	p.detail("trace.received", said.Received)
	if s.State == Failing || s.State == Warned {
		p.detail("trace.remedy", p.text(s.Check.RemedyKey()))
	}
}

func (p *printer) detail(key, value string) {
	if value != "" {
		fmt.Fprintf(&p.out, "      %s: %s\n", p.text(key), strings.TrimSpace(value))
	}
}
