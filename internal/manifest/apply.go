package manifest

import (
	"context"
	"fmt"
	"strconv"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/setting"
)

// Result is what Apply did.
type Result struct {
	Difference Difference
	Done       int         // how many of its steps, from the first
	Generated  []Generated // secrets that were made; they are told this once
}

// Generated is a secret that was made because the manifest gives none.
type Generated struct {
	Kind, Name, Of string // as in a Step
	Key            string // of the manifest, "app_key" or "password"
	Secret         Secret
}

// StoppedError is the error of an apply that stopped half-way. What was done
// stays; applying again goes on from there.
type StoppedError struct {
	Step  Step // the one that failed
	Done  int
	Total int
	Cause error
}

// Error tells which step failed and what to do.
func (e *StoppedError) Error() string {
	return fmt.Sprintf("%s: %v; %d of %d steps are done and stay, applying again goes on from there", e.Step, e.Cause, e.Done, e.Total)
}

// Unwrap returns why the step failed.
func (e *StoppedError) Unwrap() error { return e.Cause }

// applier carries out the steps of one difference.
type applier struct {
	actor  identity.Actor
	house  House
	made   map[string]identity.OrganizationID // organisations by folded code
	result *Result
}

// Apply makes the installation as the manifest says. Nothing is changed when the
// plan has errors. When a step fails it stops with a *StoppedError; the result
// then tells what was done, and holds the secrets made so far: they are told
// nowhere else. Steps run one by one, each in transactions of its own.
func Apply(ctx context.Context, actor identity.Actor, house House, document Document, options Options) (Result, error) {
	difference, err := Plan(ctx, actor, house, document, options)
	result := Result{Difference: difference}
	if err != nil || difference.Empty() {
		return result, err
	}
	a := &applier{actor: actor, house: house, made: map[string]identity.OrganizationID{}, result: &result}
	for _, step := range difference.Steps {
		if err = a.run(ctx, step); err != nil {
			err = &StoppedError{Step: step, Done: result.Done, Total: len(difference.Steps), Cause: err}
			break
		}
		result.Done++
		if options.Progress != nil {
			options.Progress(result.Done, len(difference.Steps))
		}
	}
	// What was done is a fact even when the caller has given up.
	recorded := house.Settings.RecordManifest(context.WithoutCancel(ctx), actor, map[string]string{
		"steps": strconv.Itoa(result.Done), "of": strconv.Itoa(len(difference.Steps)),
	})
	if err == nil {
		err = recorded
	}
	return result, err
}

func (a *applier) run(ctx context.Context, step Step) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return step.do(ctx, a)
}

func (a *applier) generated(g Generated) { a.result.Generated = append(a.result.Generated, g) }

// note remembers a secret that was given and has just been applied.
func (a *applier) note(ctx context.Context, object string, secret Secret) error {
	if !secret.Given() {
		return nil
	}
	return a.house.Settings.NoteApplied(ctx, a.actor, setting.Applied{Object: object, Secret: secret.Reveal()})
}
