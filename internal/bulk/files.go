package bulk

import (
	"context"
	"io"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// partBytes is how much of a file one row of the database holds.
const partBytes = 256 << 10

// partWriter stores a file part by part, each in a transaction of its own.
type partWriter struct {
	tasks *Tasks
	ctx   context.Context
	id    identity.TaskID
	file  store.TaskFile
	parts int // stored so far
	rest  []byte
}

// Write stores what makes whole parts and keeps the rest.
func (w *partWriter) Write(p []byte) (int, error) {
	for n := 0; n < len(p); {
		if w.rest == nil {
			w.rest = make([]byte, 0, partBytes)
		}
		some := min(partBytes-len(w.rest), len(p)-n)
		w.rest = append(w.rest, p[n:n+some]...)
		n += some
		if len(w.rest) == partBytes {
			if err := w.flush(); err != nil {
				return n, err
			}
		}
	}
	return len(p), nil
}

// flush stores the last part.
func (w *partWriter) flush() error {
	if len(w.rest) == 0 {
		return nil
	}
	err := w.tasks.db.Act(w.ctx, store.ActTask, func(tx *store.Tx) error {
		return tx.Tasks.PutPart(w.id, w.file, w.parts, w.rest)
	})
	if err == nil {
		w.parts++
		w.rest = w.rest[:0]
	}
	return err
}

// stored is a file of a task.
type stored struct {
	tasks *Tasks
	id    identity.TaskID
	file  store.TaskFile
	parts int
	size  int64 // in bytes; only of originals
}

func (t *Tasks) original(k identity.Task) stored {
	return stored{t, k.ID, store.TaskOriginal, k.Files.Original, k.Files.Size}
}

func (s stored) part(ctx context.Context, n int) (content []byte, err error) {
	err = s.tasks.db.View(ctx, func(tx *store.Tx) error {
		content, err = tx.Tasks.Part(s.id, s.file, n)
		return err
	})
	return content, err
}

// copyTo writes the whole file.
func (s stored) copyTo(ctx context.Context, w io.Writer) error {
	for n := range s.parts {
		content, err := s.part(ctx, n)
		if err != nil {
			return err
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
	}
	return nil
}

// at reads the file at any place, and keeps the last two parts: archives are
// read in two places by turns.
func (s stored) at(ctx context.Context) io.ReaderAt {
	return &partReader{stored: s, ctx: ctx, kept: [2]keptPart{{number: -1}, {number: -1}}}
}

type keptPart struct {
	number  int
	content []byte
}

type partReader struct {
	stored
	ctx  context.Context
	kept [2]keptPart // the one used last first
}

// ReadAt reads as io.ReaderAt says; unlike others it serves one goroutine.
func (r *partReader) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) {
		if at >= r.size || at < 0 {
			return n, io.EOF
		}
		content, err := r.keep(int(at / partBytes))
		if err != nil {
			return n, err
		}
		offset := int(at % partBytes)
		if offset >= len(content) {
			return n, io.ErrUnexpectedEOF
		}
		some := copy(p[n:], content[offset:])
		n += some
		at += int64(some)
	}
	return n, nil
}

func (r *partReader) keep(number int) ([]byte, error) {
	if r.kept[1].number == number {
		r.kept[0], r.kept[1] = r.kept[1], r.kept[0]
	}
	if r.kept[0].number != number {
		content, err := r.part(r.ctx, number)
		if err != nil {
			return nil, err
		}
		r.kept[0], r.kept[1] = keptPart{number, content}, r.kept[0]
	}
	return r.kept[0].content, nil
}
