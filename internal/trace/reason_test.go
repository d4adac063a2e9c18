package trace

import (
	"errors"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

// A reason changes nothing of what is answered, and is found again.
func TestReasonTravelsAsACause(t *testing.T) {
	why := errors.New("the member may not enter")
	given := &Reason{Check: EntryAllowed, Detail: Detail{Expected: "named"}, Err: why}
	err := error(fault.New(fault.Invalid, fault.CodeGrantInvalid).Because(given))
	if got := ReasonOf(err); got != given || !errors.Is(err, why) || got.Error() != why.Error() {
		t.Errorf("got %v", got)
	}
	if !fault.Is(err, fault.CodeGrantInvalid) {
		t.Errorf("the answer changed: %v", err)
	}
	for _, err := range []error{nil, why, fault.New(fault.Invalid, fault.CodeGrantInvalid).Because(why)} {
		if got := ReasonOf(err); got != nil {
			t.Errorf("of %v: got %v, want none", err, got)
		}
	}
}

func TestStoryKnowsWhatItTells(t *testing.T) {
	var none *Story
	s := Begin(Authorizing, origin)
	s.Check(SessionThere, true, Detail{})
	s.Note(EntryAsked, Detail{})
	if none.Refuses() || none.Tells(SessionThere) || s.Refuses() || !s.Tells(SessionThere) || !s.Tells(EntryAsked) || s.Tells(EntryAllowed) {
		t.Error("a story without a refusal is misread")
	}
	s.Warn(PromptForm, Detail{})
	if s.Refuses() {
		t.Error("a warning counts as a refusal")
	}
	s.Check(EntryAllowed, false, Detail{})
	if !s.Refuses() || !s.Tells(EntryAllowed) {
		t.Error("a refusal is not seen")
	}
}
