package outbox

import (
	"fmt"

	"github.com/orgate/orgate/internal/i18n"
)

// mailText returns subject and body of a message, by mail.
func mailText(c *i18n.Catalogue, m Message) (subject, body string, err error) {
	if subject, err = text(c, m, "mail."+m.Template+".subject"); err != nil {
		return "", "", err
	}
	if m.Words.Body != "" {
		own := m.Words.Filled(m.Params)
		return own.Subject, own.Body, nil
	}
	body, err = text(c, m, "mail."+m.Template+".body")
	return subject, body, err
}

// smsText returns the text of a message, by short message.
func smsText(c *i18n.Catalogue, m Message) (string, error) {
	body, err := text(c, m, "sms."+m.Template)
	if err == nil && m.Words.SMS != "" {
		body = m.Words.Filled(m.Params).SMS
	}
	return body, err
}

// text fills a sentence. Parameters are values, never templates: what looks
// like one in them stays as it is. Put has checked them; a payload that was
// written otherwise is checked again, because headers are made of it.
func text(c *i18n.Catalogue, m Message, key string) (string, error) {
	if err := m.check(); err != nil {
		return "", fmt.Errorf("outbox: %w: %w", ErrPermanent, err)
	}
	lang := m.spoken()
	if !c.Has(lang, key) && !c.Has(i18n.EnUS, key) {
		return "", fmt.Errorf("outbox: the catalogues lack %q: %w", key, ErrPermanent)
	}
	params := make(map[string]any, len(m.Params))
	for name, value := range m.Params {
		params[name] = value
	}
	return c.Text(lang, key, params), nil
}
