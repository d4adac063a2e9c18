package meeting

import (
	"context"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/trace"
)

func TestExplainerKeepsWhatItCannotTake(t *testing.T) {
	h := newHouse(t)
	a := acmeCall(h)
	a.key = sellerKey
	for range maxRefusals + 1 {
		a.send(h)
	}
	if got := len(h.surface.meeting.explainer.queue); got != maxRefusals {
		t.Fatalf("%d refusals wait, want %d", got, maxRefusals)
	}
	// The one that found no room is kept without an explanation.
	if err := h.o.Traces.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, err := h.o.Traces.Find(t.Context(), console(), requestID); err != nil || len(found) != 1 {
		t.Errorf("kept = %d, %v, want 1", len(found), err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := h.surface.Run(ctx); err != nil {
		t.Errorf("run = %v", err)
	}
	if got := len(h.surface.meeting.explainer.queue); got != 0 {
		t.Errorf("%d refusals wait after the end, want none", got)
	}
}

func TestExplainerRuns(t *testing.T) {
	h := newHouse(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.surface.Run(ctx) }()
	a := acmeCall(h)
	a.text = strings.Join([]string{a.app, a.user, "1", a.nonce}, "-")
	refused(t, a.send(h), 401, "USG.206010025")
	stop()
	if err := <-done; err != nil {
		t.Errorf("run = %v", err)
	}
	r, kept := h.story()
	if !kept || !failed(r, trace.Signature) {
		t.Errorf("story = %+v, %v", r, kept)
	}
	for _, s := range r.Steps {
		if text := s.Detail.Expected + s.Detail.Received; strings.Contains(text, acmeKey) || strings.Contains(text, sign(acmeKey, a.text)) {
			t.Errorf("step %s tells a secret: %s", s.Check, text)
		}
	}
}
