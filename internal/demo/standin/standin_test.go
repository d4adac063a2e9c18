package standin

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestServe(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	entered, finish := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-finish
		_, _ = io.WriteString(w, "finished")
	})
	go func() { ended <- Serve(ctx, listener, handler) }()
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + listener.Addr().String() + "/")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer func() { _ = resp.Body.Close() }()
		text, _ := io.ReadAll(resp.Body)
		answered <- string(text)
	}()
	<-entered
	stop()
	close(finish)
	if got := <-answered; got != "finished" {
		t.Errorf("in flight: got %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("stopped: %v", err)
	}
	if err := Serve(t.Context(), listener, handler); err == nil {
		t.Error("a closed listener: want an error")
	}
}

func TestPages(t *testing.T) {
	files := fstest.MapFS{
		"pages/style.css":  {Data: []byte("p{}")},
		"pages/about.html": {Data: []byte(`{{define "role"}}A party{{end}}{{template "head" "About"}}<p>{{.Name}}</p>{{template "foot"}}`)},
	}
	pages, err := ParsePages(files)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	pages.Show(w, http.StatusTeapot, "about.html", map[string]string{"Name": "<b>"})
	got := w.Body.String()
	if w.Code != http.StatusTeapot || !strings.Contains(got, "<title>About</title>") || !strings.Contains(got, "<p>&lt;b&gt;</p>") ||
		!strings.Contains(got, "A party, for demonstrations only") || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("got %d %v\n%s", w.Code, w.Header(), got)
	}
	w = httptest.NewRecorder()
	if pages.Style(w, httptest.NewRequest(http.MethodGet, "/style.css", nil)); w.Body.String() != "p{}" {
		t.Errorf("style: %q", w.Body)
	}
	w = httptest.NewRecorder()
	if pages.Show(w, http.StatusOK, "nothing.html", nil); w.Code != http.StatusInternalServerError {
		t.Errorf("a page that is not there: %d", w.Code)
	}
	if _, err := ParsePages(fstest.MapFS{"pages/broken.html": {Data: []byte("{{")}}); err == nil {
		t.Error("a broken page was read")
	}
}
