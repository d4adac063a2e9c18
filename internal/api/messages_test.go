package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// TestMessagesAreListed shows where messages are, and nothing of what they say.
func TestMessagesAreListed(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		must(0, h.db.Update(t.Context(), func(tx *store.Tx) error {
			tx.NoEvent("a test arranges things")
			return outbox.Put(tx, outbox.Message{
				Channel: identity.BySMS, Target: "+8613800000001", Template: outbox.TemplateCode, Params: map[string]string{"code": "471147", "minutes": "5"},
			})
		}))(t)
		w := h.as(providerToken, "GET", "/messages?channel=sms&state=queued", "")
		list := read[page[Message]](t, w, http.StatusOK)
		if len(list.Items) != 1 {
			t.Fatalf("got %s", w.Body)
		}
		m := list.Items[0]
		if m.Template != "code" || m.State != "queued" || m.NextAt == nil || m.EndedAt != nil || m.To == "" {
			t.Errorf("got %+v", m)
		}
		if body := w.Body.String(); strings.Contains(body, "471147") || strings.Contains(body, "13800000001") {
			t.Errorf("the message is shown: %s", body)
		}
		must(0, h.db.Update(t.Context(), func(tx *store.Tx) error {
			tx.NoEvent("a test arranges things")
			return tx.Outbox.Sent(identity.MessageID(m.ID))
		}))(t)
		sent := read[page[Message]](t, h.as(providerToken, "GET", "/messages?state=sent", ""), http.StatusOK)
		if len(sent.Items) != 1 || sent.Items[0].EndedAt == nil || sent.Items[0].State != "sent" {
			t.Errorf("got %+v", sent.Items)
		}
		refused(t, h.as(providerToken, "GET", "/messages?cursor=AWV2dF8x", ""), 422, "cursor_malformed")
	})
}
