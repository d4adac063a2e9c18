package signin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// appsPath is where what belongs to an application begins; its client id
// follows.
const appsPath = "/apps/"

// Icon is the picture of an application.
type Icon struct {
	Digest  string // names the content
	Content []byte // a PNG
}

// iconPath is the address of an application's picture. Each content has its
// own.
func iconPath(clientID, digest string) string {
	return appsPath + url.PathEscape(clientID) + "/icon?v=" + url.QueryEscape(digest[:min(len(digest), 16)])
}

// launchPath is the login address of an application.
func launchPath(clientID string) string { return appsPath + url.PathEscape(clientID) + "/login" }

// Launch finds out where a person who wishes to use an application is sent: to
// an address of ours that signs them in there, or to one of its own. at counts
// its home addresses from 1. One that is unknown is NotFound
// (application_not_found).
type Launch func(ctx context.Context, clientID string, at int) (address string, err error)

// launch opens an application.
func (s *Surface) launch(v *visit) (reply, error) {
	if s.Launch == nil {
		return missing(v)
	}
	at := 1
	if n := v.query("url"); len(n) == 1 && n[0] >= '1' && n[0] <= '9' {
		at = int(n[0] - '0')
	}
	address, err := s.Launch(v.context(), v.r.PathValue("app"), at)
	if err != nil {
		return reply{}, err
	}
	return reply{to: address, code: http.StatusFound}, nil
}

// serveIcon answers with the picture of an application. It is public: the page
// that asks to sign in shows it.
func (s *Surface) serveIcon(w http.ResponseWriter, r *http.Request) {
	if s.Icon == nil {
		http.NotFound(w, r)
		return
	}
	icon, err := s.Icon(r.Context(), r.PathValue("app"))
	writeIcon(w, r, icon, err)
}

// writeIcon answers with a picture, or says that there is none.
func writeIcon(w http.ResponseWriter, r *http.Request, icon Icon, err error) {
	if err != nil || len(icon.Content) == 0 || r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("ETag", `"`+icon.Digest+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("Cache-Control", "public, max-age=300")
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+icon.Digest+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "image/png")
	_, _ = w.Write(icon.Content)
}
