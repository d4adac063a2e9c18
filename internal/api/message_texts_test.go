package api

import (
	"net/http"
	"slices"
	"testing"
)

// TestMessageTextBefore reads what is told without words of one's own.
func TestMessageTextBefore(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		before := read[MessageText](t, h.as(administrator, "GET", welcomeText, "", `If-None-Match: "0"`), http.StatusOK)
		if before.Version != 0 || before.UpdatedAt != nil || before.Own != (MessageWords{}) || before.InForce != before.Fallback || before.SMSParts != 1 {
			t.Errorf("got %+v", before)
		}
		want := MessagePlaceholder{Name: "password", Sample: "Quarry-lantern-7", Required: true}
		if !slices.Contains(before.Placeholders, want) || len(before.Placeholders) != 3 {
			t.Errorf("placeholders: got %+v", before.Placeholders)
		}
	})
}

const (
	welcomeText  = "/organizations/acme/message-texts/welcome/en-US"
	welcomeWords = `{"subject":"Welcome","body":"{account}\r\n{password}","sms":""`
)

// TestMessageTextEdits words a message and takes the words back.
func TestMessageTextEdits(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.as(administrator, "PUT", welcomeText, welcomeWords+`}`, `If-Match: "0"`)
		set := read[MessageText](t, w, http.StatusOK)
		if set.Own != (MessageWords{"Welcome", "{account}\n{password}\n", ""}) || set.InForce.SMS != set.Fallback.SMS || w.Header().Get("ETag") != `"1"` || set.UpdatedAt == nil {
			t.Errorf("got %s", w.Body)
		}
		refused(t, h.as(administrator, "PUT", welcomeText, welcomeWords+`}`, `If-Match: "0"`), http.StatusPreconditionFailed, "stale")
		if w := h.as(administrator, "GET", welcomeText, "", `If-None-Match: "1"`); w.Code != http.StatusNotModified {
			t.Errorf("unchanged: got %d", w.Code)
		}
		p := refused(t, h.as(administrator, "PUT", welcomeText, `{"subject":"{link}","body":"{account}","sms":"x"}`), 422, "message_placeholder_missing")
		if len(p.Errors) != 4 {
			t.Errorf("got %+v, want four faults", p.Errors)
		}
		read[any](t, h.as(administrator, "DELETE", welcomeText, "", `If-Match: "1"`), http.StatusNoContent)
		refused(t, h.as(administrator, "DELETE", welcomeText, ""), http.StatusNotFound, "message_text_not_found")
		refused(t, h.as(administrator, "GET", "/organizations/acme/message-texts/welcome/fr-FR", ""), http.StatusNotFound, "message_text_not_found")
	})
}

// TestMessageTextIsTried fills words that are not saved, and sends them.
func TestMessageTextIsTried(t *testing.T) {
	h := newHouse(t)
	preview := read[MessagePreview](t, h.as(administrator, "POST", welcomeText+"/preview", welcomeWords+`}`), http.StatusOK)
	if preview.Body != "alice@acme.example\nQuarry-lantern-7\n" || preview.SMSParts != 1 {
		t.Errorf("got %+v", preview)
	}
	got := read[Tried](t, h.as(administrator, "POST", welcomeText+"/test", welcomeWords+`,"channel":"mail","to":"x@y.example"}`), http.StatusOK)
	if sent := h.mails.message; !got.Sent || sent.Target != "x@y.example" || sent.Words.Subject != "Welcome" || sent.Params["password"] != "Quarry-lantern-7" {
		t.Errorf("got %+v with %+v", got, sent.Words)
	}
}

// TestInstallationTexts words a message for everybody: organisations without
// words of their own tell it so.
func TestInstallationTexts(t *testing.T) {
	h := newHouse(t)
	read[MessageText](t, h.as(providerToken, "PUT", "/message-texts/invitation/zh-CN", `{"subject":"","body":"","sms":"{inviter}：{address}"}`), http.StatusOK)
	if got := read[MessageText](t, h.as(administrator, "GET", "/organizations/acme/message-texts/invitation/zh-CN", ""), http.StatusOK); got.InForce.SMS != "{inviter}：{address}" || got.Version != 0 {
		t.Errorf("got %+v", got)
	}
	all := read[collection[MessageText]](t, h.as(providerToken, "GET", "/message-texts", ""), http.StatusOK).Items
	theirs := read[collection[MessageText]](t, h.as(administrator, "GET", "/organizations/acme/message-texts", ""), http.StatusOK).Items
	if len(all) <= len(theirs) || len(theirs) < 30 {
		t.Errorf("got %d texts and %d of an organisation", len(all), len(theirs))
	}
	refused(t, h.as(administrator, "GET", "/organizations/acme/message-texts/registered/en-US", ""), http.StatusNotFound, "message_text_not_found")
	read[MessageText](t, h.as(providerToken, "GET", "/message-texts/registered/en-US", ""), http.StatusOK)
	sent := read[Tried](t, h.as(providerToken, "POST", "/message-texts/code/en-US/test", `{"subject":"","body":"","sms":"{code}","channel":"sms","to":"+8613800000001"}`), http.StatusOK)
	if !sent.Sent {
		t.Errorf("got %+v", sent)
	}
}
