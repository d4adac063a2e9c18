package entry

import (
	"errors"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// looked is what was looked at, in its order, each with the verdict for which
// it failed and what was wanted and found then. What stands at the application
// is looked at by whoever asks, too: it is told only where it failed.
var looked = [...]struct {
	verdict Verdict
	check   trace.Check
	failed  trace.Detail
}{
	{ApplicationDisabled, trace.ClientActive, trace.Detail{Expected: "an application and an organisation that are enabled", Received: "disabled, frozen or removed"}},
	{NotMember, trace.EntryMember, trace.Detail{Expected: "a member of the application's organisation", Received: "no member"}},
	{MemberDisabled, trace.MemberActive, trace.Detail{Expected: "active", Received: "suspended or expired"}},
	{NotAuthorized, trace.EntryAllowed, trace.Detail{Expected: "everyone, or the member, a department above or a group named", Received: "not among them"}},
}

// tell writes what was decided into a story.
func (d Decision) tell(story *trace.Story) {
	for _, l := range looked {
		if l.verdict == d.Verdict {
			story.Check(l.check, false, l.failed)
			return
		}
		if l.verdict != ApplicationDisabled {
			story.Check(l.check, true, trace.Detail{})
		}
	}
	d.tellPolicies(story)
}

// tellPolicies writes what the access policies said into a story. That a second
// proof is still to be given is for the caller to say, who knows if the person
// can be asked.
func (d Decision) tellPolicies(story *trace.Story) {
	if d.Second && d.Allowed() {
		story.Check(trace.SecondProof, true, trace.Detail{})
	}
	if !d.Judgment.Controlled {
		return
	}
	for _, r := range d.Judgment.Reports() {
		story.Note(trace.PolicyReported, trace.Detail{Received: said(r.Policy.Name, r.Policy.Decision)})
	}
	story.Check(trace.PolicyAllows, d.Verdict != Barred, d.spoken())
	if d.Judgment.Decision == identity.PolicyVerify && d.Allowed() && !d.Second {
		story.Check(trace.SecondProof, true, trace.Detail{})
	}
}

// spoken is which policy decided what.
func (d Decision) spoken() trace.Detail {
	name := d.Judgment.Policy.Name
	if d.Judgment.Policy.ID == "" {
		name = "the default"
	}
	return trace.Detail{Expected: "a policy that allows", Received: said(name, d.Judgment.Decision)}
}

func said(name string, decision identity.PolicyDecision) string {
	return name + ": " + string(decision)
}

// Unproven is the second proof that is asked for and was not given.
func (d Decision) Unproven() trace.Detail {
	if d.Judgment.Decision != identity.PolicyVerify {
		return trace.Detail{Expected: "a second proof, asked for by the application", Received: "none in this session"}
	}
	return trace.Detail{Expected: "a second proof, asked for by " + d.spoken().Received, Received: "none in this session"}
}

// Refusal is why the person may not enter, for whoever tells it to nobody but
// the story (*trace.Reason), or nil.
func (d Decision) Refusal() error {
	switch d.Verdict {
	case Barred:
		return &trace.Reason{Check: trace.PolicyAllows, Detail: d.spoken(), Err: errRefused}
	case Unverified:
		return &trace.Reason{Check: trace.SecondProof, Detail: d.Unproven(), Err: errRefused}
	}
	for _, l := range looked {
		if l.verdict == d.Verdict {
			return &trace.Reason{Check: l.check, Detail: l.failed, Err: errRefused}
		}
	}
	return nil
}

var errRefused = errors.New("entry: the member may not enter the application any more")

// Agrees reports whether everything that is asked for was agreed to before, with
// the two for a story. Where it was not, the person may agree now: whether the
// check has failed is for the caller to say, who knows if they can be asked.
func (d Decision) Agrees(scopes []string) (bool, trace.Detail) {
	agreed := !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(d.Agreed, scope) })
	return agreed, trace.Detail{Expected: strings.Join(scopes, " "), Received: strings.Join(d.Agreed, " ")}
}
