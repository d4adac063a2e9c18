package store_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// Connections that read are opened as they are needed. One that cannot be
// opened fails the view that needed it and no later one, and makes no file in
// the place of one that is gone.
func TestReaderThatCannotBeOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db := storetest.OpenDSN(t, "sqlite:"+path)
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	// Whatever is open already, or comes back from somebody who used it, is kept
	// busy; the rest is refused, more often than there are connections.
	began, ended, leave := make(chan struct{}), make(chan error), make(chan struct{})
	release := sync.OnceFunc(func() { close(leave) })
	t.Cleanup(release)
	hold := func() {
		ended <- db.View(t.Context(), func(*store.Tx) error { began <- struct{}{}; <-leave; return nil })
	}
	busy := 0
	for refused := 0; refused < 100; {
		go hold()
		select {
		case <-began:
			busy++
		case err := <-ended:
			refused++
			if fault.KindOf(err) != fault.Unavailable {
				t.Fatalf("without the file: got %v, want Unavailable", err)
			}
		}
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a file was made: %v", err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if err := db.View(t.Context(), func(*store.Tx) error { return nil }); err != nil {
		t.Errorf("with the file: %v", err)
	}
	release()
	for range busy {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
