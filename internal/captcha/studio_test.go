package captcha

import (
	"context"
	"crypto/rand"
	"io"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/orgate/orgate/internal/fault"
)

// gated holds every reader up until the gate opens and counts who is inside.
type gated struct {
	gate         chan struct{}
	mu           sync.Mutex
	inside, most int
}

func (g *gated) Read(p []byte) (int, error) {
	g.mu.Lock()
	g.inside++
	g.most = max(g.most, g.inside)
	g.mu.Unlock()
	<-g.gate
	g.mu.Lock()
	g.inside--
	g.mu.Unlock()
	return io.ReadFull(rand.Reader, p)
}

func TestStudioBoundsItsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		random := &gated{gate: make(chan struct{})}
		s := NewStudio(random, 2, 3)
		answers := make(chan error, 5)
		for range 5 {
			go func() {
				_, err := s.Draw(t.Context())
				answers <- err
			}()
		}
		synctest.Wait()
		if _, err := s.Draw(t.Context()); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("sixth caller got %v, want unavailable", err)
		}
		close(random.gate)
		for range 5 {
			if err := <-answers; err != nil {
				t.Errorf("a caller in line got %v", err)
			}
		}
		if random.most != 2 {
			t.Errorf("%d drew at once, want 2", random.most)
		}
		if _, err := s.Draw(t.Context()); err != nil {
			t.Errorf("after the rush: %v", err)
		}
	})
}

func TestStudioLetsCallersGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		random := &gated{gate: make(chan struct{})}
		s := NewStudio(random, 1, 1)
		drawn, left := make(chan error, 1), make(chan error, 1)
		go func() { _, err := s.Draw(t.Context()); drawn <- err }()
		synctest.Wait()
		ctx, leave := context.WithCancel(t.Context())
		go func() { _, err := s.Draw(ctx); left <- err }()
		synctest.Wait()
		leave()
		if err := <-left; fault.KindOf(err) != fault.Unavailable {
			t.Errorf("who left the line got %v, want unavailable", err)
		}
		close(random.gate)
		if err := <-drawn; err != nil {
			t.Errorf("who was drawing got %v", err)
		}
	})
}

func TestStudioHasAtLeastOneDesk(t *testing.T) {
	if _, err := NewStudio(rand.Reader, 0, -4).Draw(t.Context()); err != nil {
		t.Errorf("got %v, want a puzzle", err)
	}
}
