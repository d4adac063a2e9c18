package signin

import (
	"net/http"
	"strings"
)

// servePicture answers with the picture of a member. It is public, for clients
// and applications show it; its address cannot be guessed, and names one version
// for ever.
func (s *Surface) servePicture(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.NotFound(w, r)
		return
	}
	picture, err := s.Directory.PictureByWord(r.Context(), r.PathValue("word"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("ETag", `"`+picture.Digest+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+picture.Digest+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", picture.Type)
	_, _ = w.Write(picture.Content)
}
