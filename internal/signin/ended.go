package signin

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/trace"
)

// serveSourceLogout takes in what a source tells of the end of a session there:
// a logout token (OpenID Connect Back-Channel Logout 1.0, 2.5) or a CAS
// logoutRequest. It is spoken to by programs: no page answers, and neither
// cookie nor form token counts.
func (s *Surface) serveSourceLogout(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	v := s.visit(w, r)
	story := s.Traces.Begin(trace.SourceLogin, v.origin)
	err := s.endedAtSource(v, story)
	s.keep(v, story, err)
	if err == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	kind := fault.KindOf(err)
	status := http.StatusBadRequest // Back-Channel Logout 1.0, 2.8
	switch kind {
	case fault.Internal:
		s.Log.ErrorContext(r.Context(), "end sessions at the word of a source", "error", err)
		status = pages.Status(kind)
	case fault.Unavailable, fault.TooMany:
		status = pages.Status(kind)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_request"})
}

func (s *Surface) endedAtSource(v *visit, story *trace.Story) error {
	if err := s.readForm(v); err != nil {
		return err
	}
	found, err := s.Sources.ByID(v.context(), identity.SourceID(v.r.PathValue("source_id")))
	if !story.Check(trace.SourceKnown, err == nil, trace.Detail{}) {
		return err
	}
	ended, err := s.Sources.Ended(v.context(), found, v.r.PostForm, story)
	if err != nil {
		return err
	}
	n, err := s.Directory.EndBySource(v.context(), directory.SourceEnded{
		Source: found.Source.ID, Subject: ended.Subject, Session: ended.SessionID, Origin: v.origin,
	})
	if err == nil {
		story.Check(trace.SessionsEnded, true, trace.Detail{Received: strconv.Itoa(n)})
	}
	return err
}
