package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// checkListed requires that a message is shown with its state and nothing of
// what it says.
func checkListed(t *testing.T, name string, m identity.Message) {
	t.Helper()
	if m.Shown != "m***@example.com" || m.Template != "code" || m.Target != "" || m.Payload != nil {
		t.Errorf("%s: shown is %+v", name, m)
	}
	if failed := !m.DeadAt.IsZero(); failed != (m.LastError == "refused") || failed != (m.Attempts == 1) {
		t.Errorf("%s: why it failed: %+v", name, m)
	}
}

func TestMessagesAreListed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		var ids []identity.MessageID
		for i, channel := range []identity.Channel{identity.ByMail, identity.BySMS, identity.ToNobody, identity.ByMail, identity.ToApplication} {
			m := identity.Message{
				ID: identity.NewMessageID(w.now.Add(time.Duration(i) * time.Minute)), Channel: channel, Target: string(channel) + "@example.com",
				Shown: "m***@example.com", Template: "code", Payload: []byte("123456"), CreatedAt: w.now, NextAt: w.now,
			}
			ids = append(ids, m.ID)
			w.update(func(tx *store.Tx) error { return tx.Outbox.Insert(m) })
		}
		w.update(func(tx *store.Tx) error {
			if err := tx.Outbox.Sent(ids[0]); err != nil {
				return err
			}
			return tx.Outbox.Failed(ids[1], time.Time{}, "refused")
		})
		for _, tt := range []struct {
			name string
			q    store.MessageQuery
			want []identity.MessageID
		}{
			{"to people, newest first", store.MessageQuery{}, []identity.MessageID{ids[3], ids[1], ids[0]}},
			{"queued", store.MessageQuery{State: store.MessageQueued}, ids[3:4]},
			{"sent", store.MessageQuery{State: store.MessageSent}, ids[:1]},
			{"failed", store.MessageQuery{State: store.MessageFailed}, ids[1:2]},
			{"mails", store.MessageQuery{Channel: identity.ByMail}, []identity.MessageID{ids[3], ids[0]}},
			{"notices to applications are none", store.MessageQuery{Channel: identity.ToApplication}, nil},
			{"before one", store.MessageQuery{Before: ids[1]}, ids[:1]},
			{"a time", store.MessageQuery{From: w.now.Add(time.Minute), To: w.now.Add(3 * time.Minute)}, ids[1:2]},
		} {
			tt.q.Limit = 9
			w.update(func(tx *store.Tx) error {
				found, err := tx.Outbox.Page(tt.q)
				var got []string
				for _, m := range found {
					got = append(got, string(m.ID))
					checkListed(t, tt.name, m)
				}
				var want []string
				for _, id := range tt.want {
					want = append(want, string(id))
				}
				if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
					t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, want)
				}
				return nil
			})
		}
	})
}
