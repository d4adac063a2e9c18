package provision

import (
	"context"
	"encoding/json"

	"github.com/orgate/orgate/internal/store"
)

// A call is noted before it is made. Whatever keeps its outcome from being
// noted, a lost answer or the end of the process, the receiver may have done
// what it was told, and what is true may be another thing by the time of the next
// call: without the note somebody who was added and then removed would stay there
// for ever.

// questions are the objects of a call as they are noted.
type questions struct {
	Changed bool       `json:"changed"`
	Objects []question `json:"objects"`
}

// question is an object of which it is not known what the receiver knows.
type question struct {
	Kind   string `json:"kind"`
	Object string `json:"object"`
	Told   string `json:"told,omitempty"`
}

// announce notes the call that is about to be made, and prolongs the lease.
func (s *sending) announce(ctx context.Context, one step) error {
	all := questions{Changed: one.act == Modify || one.event == EventDepartments}
	for _, a := range one.acks {
		all.Objects = append(all.Objects, question{a.Kind, a.Object, a.Told})
	}
	text, err := compact(all)
	if err != nil {
		return err
	}
	s.state.Doubt = string(text)
	return s.note(ctx, s.p.options.Now().Add(leaseFor), nil)
}

// takeUp takes up the call of somebody who did not come to note its outcome.
func (s *sending) takeUp(ctx context.Context) error {
	if s.state.Doubt == "" {
		return nil
	}
	was := s.state
	return s.note(ctx, s.p.options.Now().Add(leaseFor), func(tx *store.Tx) error {
		s.state = was // this may run more than once
		return s.settleDoubt(tx, Outcome{})
	})
}

// settleDoubt turns the note into questions about its objects, unless the
// receiver has said that it did nothing.
func (s *sending) settleDoubt(tx *store.Tx, o Outcome) error {
	text := s.state.Doubt
	s.state.Doubt = ""
	if text == "" || o.refused() {
		return nil
	}
	var all questions
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return err
	}
	for _, one := range all.Objects {
		q := store.SyncQuestion{Kind: one.Kind, Object: one.Object, Told: one.Told, Changed: all.Changed}
		if err := tx.SyncAcks.Question(s.app.ID, q); err != nil {
			return err
		}
	}
	return nil
}

// refused reports whether the receiver has said of a call that it did not do it.
func (o Outcome) refused() bool {
	return o.Code == codeSignature || o.Code == codeParameter
}
