package protocol

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestEveryKindHasACode(t *testing.T) {
	for _, kind := range fault.Kinds() {
		if casCodesByKind[kind] == "" || ServiceCode(fault.New(kind, "x")) != casCodesByKind[kind] {
			t.Errorf("%v has no code", kind)
		}
	}
}

func TestFormats(t *testing.T) {
	for word, want := range map[string]ServiceFormat{"": ServiceJSON, "xml": ServiceXML, "XML": ServiceXML, "json": ServiceJSON} {
		if got, err := ServiceFormatOf(word, ServiceJSON); got != want || err != nil {
			t.Errorf("%q: got %q, %v", word, got, err)
		}
	}
	if _, err := ServiceFormatOf("yaml", ServiceXML); !fault.Is(err, fault.CodeServiceFormat) {
		t.Errorf("got %v", err)
	}
}

// What an administrator or a person wrote stays text in both formats.
func TestAnswersAreText(t *testing.T) {
	const evil = "a]]><x/>&<!--\"'\x01\u2028"
	e := Entered{
		ServiceEntry: identity.ServiceEntry{Chain: []string{evil}}, Granting: evil,
		Subject: identity.Subject{LoginName: evil, Name: evil, Extra: map[string]any{"groups": []string{evil, "b"}, "user_name": "other", "isFromNewLogin": true}},
	}
	for _, a := range []ServiceAnswer{
		{Of: Authentication, Entered: &e}, {Of: Proxying, Proxy: evil}, {Of: Authentication, Code: "INVALID_TICKET", Description: evil},
	} {
		text := a.XML()
		for decoder := xml.NewDecoder(strings.NewReader(string(text))); ; {
			token, err := decoder.Token()
			if token == nil {
				if err.Error() != "EOF" {
					t.Errorf("got %s: %v", text, err)
				}
				break
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Space != casNamespace {
				t.Errorf("%s is an element of nobody's: %s", start.Name.Local, text)
			}
		}
		if !json.Valid(a.JSON()) {
			t.Errorf("got %s", a.JSON())
		}
	}
	list := map[string]any{}
	for _, a := range e.Attributes() {
		list[a.Name] = a.Value
	}
	if list["user_name"] != "other" || list["isFromNewLogin"] != false || len(texts(list["groups"])) != 2 {
		t.Errorf("got %v: a rule takes the place of the person's attributes alone", list)
	}
}

func TestMobileNumbersAreMasked(t *testing.T) {
	for mobile, want := range map[string]string{"+8613800000037": "+86138****0037", "+12025550123": "+12025**0123", "+123456789": "", "": ""} {
		if got := masked(mobile); got != want {
			t.Errorf("%q: got %q, want %q", mobile, got, want)
		}
	}
}
