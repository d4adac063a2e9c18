package oidc

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestLaunch(t *testing.T) {
	h := newHouse(t)
	h.changeWiki(func(a *identity.Application) { a.HomeURLs = []string{wikiBack, "https://wiki.example/two"} })
	for at, home := range map[int]string{0: wikiBack, 1: wikiBack, 2: "https://wiki.example/two", 9: wikiBack} {
		to, err := h.Launch(t.Context(), "wiki", at)
		if err != nil || !strings.HasPrefix(to, pathAuthorize+"?") {
			t.Fatalf("got %q, %v", to, err)
		}
		if w := h.get(to, nil); !strings.HasPrefix(w.Header().Get("Location"), home+"?code=") {
			t.Errorf("%d: got %d to %q, want a code at %s", at, w.Code, w.Header().Get("Location"), home)
		}
	}
	if to, err := h.Launch(t.Context(), "phone", 1); err != nil || to != "com.example.phone:/cb" {
		t.Errorf("public: got %q, %v", to, err)
	}
	if _, err := h.Launch(t.Context(), "nobody", 1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("unknown: got %v", err)
	}
}
