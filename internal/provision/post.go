package provision

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/egress"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// maxAnswer is how many bytes of an answer are read; a result has fewer than a
// thousand.
const maxAnswer = 64 << 10

// Outcome is how one call went.
type Outcome struct {
	Event    Event
	Status   int    // of HTTP, 0 without an answer
	Code     string // the receiver's result code, "" when it said none
	Message  string // the receiver's, in one line
	Class    Class  // "" for success
	Cause    *fault.Error
	Duration time.Duration

	processing bool
}

// Passed reports whether the receiver has acknowledged.
func (o Outcome) Passed() bool { return o.Class == "" }

// post makes one call and judges the answer.
func (p *Syncs) post(ctx context.Context, s identity.Sync, event Event, f fields) (o Outcome) {
	o.Event = event
	begun := p.options.Now()
	defer func() { o.Duration = max(p.options.Now().Sub(begun), 0) }()
	body, err := f.body()
	if err != nil {
		o.Class, o.Cause = Abnormal, fault.Of(err)
		return o
	}
	r, err := p.exchange(ctx, s, address(s.CallbackURL, s.Wire, event), f, body)
	if err != nil {
		o.Class, o.Cause = Unreachable, fault.Of(egress.Explain(err))
		return o
	}
	var said answer
	said, o.Class, o.processing = judge(s, r)
	o.Status, o.Code, o.Message = r.status, said.Code, said.Message
	return o
}

func (p *Syncs) exchange(ctx context.Context, s identity.Sync, address string, f fields, body []byte) (r reply, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return r, err
	}
	request.Header.Set("Content-Type", "application/json;charset=UTF-8")
	request.Header.Set("Accept", "application/json")
	signerOf(s).sign(request.Header, f, body, p.options.Now())
	response, err := p.client.Do(request)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err == nil && len(content) > maxAnswer {
		content = nil // no result is that long: judged as none
	}
	return reply{response.StatusCode, response.Header, content}, err
}
