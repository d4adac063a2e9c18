package meeting

import (
	"context"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/trace"
)

// maxRefusals is how many refused logins wait to be explained; what comes on
// top is kept as it is.
const maxRefusals = 256

// refusal is a refused login with its story.
type refusal struct {
	login application.SignedLogin
	story *trace.Story
}

// explainer finds out what went wrong with refused logins, one at a time and
// after they were answered: the work tells about keys by the time it takes.
type explainer struct {
	applications *application.Applications
	traces       *trace.Keeper
	queue        chan refusal
}

func newExplainer(o Options) *explainer {
	return &explainer{applications: o.Applications, traces: o.Traces, queue: make(chan refusal, maxRefusals)}
}

// add takes a refusal over and never waits.
func (e *explainer) add(r refusal) {
	select {
	case e.queue <- r:
	default:
		e.traces.Keep(r.story)
	}
}

// run explains until ctx ends.
func (e *explainer) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			e.drain()
			return nil
		case r := <-e.queue:
			e.explain(r)
		}
	}
}

// drain explains what waits now.
func (e *explainer) drain() {
	for {
		select {
		case r := <-e.queue:
			e.explain(r)
		default:
			return
		}
	}
}

func (e *explainer) explain(r refusal) {
	e.applications.Explain(r.login, r.story)
	e.traces.Keep(r.story)
}
