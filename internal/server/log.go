package server

import (
	"io"
	"log/slog"

	"github.com/orgate/orgate/internal/config"
)

// NewLog returns the structured log that the settings ask for. Types that hold
// a secret redact themselves, so that no call site has to remember.
func NewLog(cfg config.Config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.Log}
	if cfg.LogFormat == config.JSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
