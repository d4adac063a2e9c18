package application

import "github.com/orgate/orgate/internal/trace"

// Finding is one way in which a signature would have been right.
type Finding struct {
	Check trace.Check
	// Right: the signature is the right one; what is wrong lies elsewhere.
	Right  bool
	Detail trace.Detail
}

// Explain looks for what went wrong with a refused login and writes it into
// the story as near misses. Call it after the refusal was answered: its time
// depends on secrets. It does nothing when too many explanations are asked for.
func (a *Applications) Explain(login SignedLogin, story *trace.Story) {}

// ExplainWithKey looks for what went wrong with a signature made with one of
// the keys, for an App ID of the provider or of an organisation.
func ExplainWithKey(login SignedLogin, keys []string, provider bool) []Finding { return nil }
