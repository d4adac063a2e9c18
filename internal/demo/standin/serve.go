package standin

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// FormLimit is the size in bytes beyond which no form of a stand-in grows.
const FormLimit = 64 << 10

// The limits of the listener. Nothing here is large or slow.
const (
	headerLimit = 32 << 10
	answerTime  = 20 * time.Second
	finishTime  = 2 * time.Second
)

// Serve answers on a listener until ctx ends; then it finishes what is in
// flight and returns nil. The listener is closed in any case.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, MaxHeaderBytes: headerLimit, ReadTimeout: answerTime, WriteTimeout: answerTime,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	err := server.Shutdown(finish)
	if serving := <-ended; !errors.Is(serving, http.ErrServerClosed) {
		err = errors.Join(err, serving)
	}
	return err
}
