package entry

import (
	"net/netip"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// guard stores policies of the wiki, which everybody may enter, and switches
// them on.
func (h *house) guard(otherwise identity.PolicyDecision, policies ...identity.AccessPolicy) {
	h.t.Helper()
	h.admit(identity.Access{Everyone: true})
	h.write(func(tx *store.Tx) error {
		r := identity.Region{ID: "reg_office", OrganizationID: h.acme.ID, Name: "Office", Network: netip.MustParsePrefix("10.0.0.0/8")}
		if err := tx.Regions.Insert(r); err != nil {
			return err
		}
		for i, p := range policies {
			p.ID, p.OrganizationID, p.ApplicationID = identity.PolicyID("pol_"+p.Name), h.acme.ID, h.wiki.ID
			p.CreatedAt, p.UpdatedAt = tx.Now().Add(time.Duration(i)), tx.Now()
			if err := tx.AccessPolicies.Insert(p); err != nil {
				return err
			}
		}
		c, err := tx.AccessPolicies.Control(h.acme.ID, h.wiki.ID)
		if err != nil {
			return err
		}
		c.Enabled, c.Default = true, otherwise
		return tx.AccessPolicies.PutControl(c)
	})
}

// shown decides for alice, at a browser and without one.
func (h *house) shown(s Shown, story *trace.Story) Decision {
	h.t.Helper()
	d, err := h.Decide(h.t.Context(), Asking{Application: h.wiki, AccountID: h.alice.Account.ID, Shown: s}, story)
	if err != nil {
		h.t.Fatal(err)
	}
	err = h.db.View(h.t.Context(), func(tx *store.Tx) error {
		without, err := DecideIn(tx, h.wiki, h.alice.Member.ID, s)
		if without.Verdict != d.Verdict || !without.Until.Equal(d.Until) || without.Judgment.Policy.ID != d.Judgment.Policy.ID {
			h.t.Errorf("without a browser: got %+v, want %+v", without, d)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

var (
	office  = netip.MustParseAddr("10.1.2.3")
	outside = netip.MustParseAddr("192.0.2.1")
)

func TestPoliciesDecide(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.guard(identity.PolicyDeny,
			identity.AccessPolicy{Name: "report", Decision: identity.PolicyDeny, ReportOnly: true},
			identity.AccessPolicy{Name: "office", Regions: []identity.RegionID{"reg_office"}, Decision: identity.PolicyAllow},
			identity.AccessPolicy{
				Name: "mondays", Schedule: identity.Schedule{Weekdays: []identity.Weekday{identity.Monday}, Zone: "UTC"}, Decision: identity.PolicyVerify,
			})
		monday := time.Date(2030, 1, 7, 12, 0, 30, 0, time.UTC)
		h.clock.Advance(monday.Sub(h.clock.Now()))
		for name, tt := range map[string]struct {
			shown Shown
			want  Verdict
			check trace.Check
		}{
			"in the office":                   {Shown{Address: office}, Allowed, ""},
			"outside on a Monday":             {Shown{Address: outside}, Unverified, trace.SecondProof},
			"outside on a Monday with proofs": {Shown{Address: outside, Verified: true}, Allowed, ""},
			"from nowhere":                    {Shown{}, Unverified, trace.SecondProof},
		} {
			h.told(name, tt.shown, tt.want, tt.check)
		}
		if d := h.shown(Shown{Address: office}, nil); !d.Until.Equal(monday.Truncate(time.Minute).Add(time.Minute)) {
			t.Errorf("holds until %v, want the next minute", d.Until)
		}
		h.clock.Advance(24 * time.Hour)
		h.told("outside on a Tuesday", Shown{Address: outside, Verified: true}, Barred, trace.PolicyAllows)
	})
}

// told decides and compares the verdict, the reason and the story.
func (h *house) told(name string, shown Shown, want Verdict, check trace.Check) {
	h.t.Helper()
	story := trace.Begin(trace.Authorizing, origin)
	d := h.shown(shown, story)
	if d.Verdict != want || d.Allowed() != (want == Allowed) {
		h.t.Errorf("%s: got verdict %d, want %d", name, d.Verdict, want)
	}
	if why := trace.ReasonOf(d.Refusal()); check == "" && why != nil || check != "" && (why == nil || why.Check != check || why.Detail.Received == "") {
		h.t.Errorf("%s: the reason is %v, want %s", name, why, check)
	}
	if story.Refuses() != (want == Barred) || !story.Tells(trace.PolicyAllows) || !story.Tells(trace.PolicyReported) {
		h.t.Errorf("%s: the story tells %+v", name, story.Steps())
	}
}

// What keeps somebody out anyway is told before any policy; and an application
// whose policies are off is entered as ever.
func TestPoliciesComeLast(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.guard(identity.PolicyDeny)
		if d := h.shown(Shown{Address: office}, nil); d.Verdict != Barred || !d.Until.IsZero() {
			t.Errorf("the default: got %+v", d)
		}
		h.admit(identity.Access{})
		if d := h.shown(Shown{Address: office}, nil); d.Verdict != NotAuthorized || d.Judgment.Controlled {
			t.Errorf("not among them: got %+v", d)
		}
		h.admit(identity.Access{Everyone: true})
		h.write(func(tx *store.Tx) error {
			c, err := tx.AccessPolicies.Control(h.acme.ID, h.wiki.ID)
			if err != nil {
				return err
			}
			c.Enabled = false
			return tx.AccessPolicies.PutControl(c)
		})
		if d := h.shown(Shown{}, nil); !d.Allowed() || d.Judgment.Controlled {
			t.Errorf("switched off: got %+v", d)
		}
	})
}

// TestSecondProofDemandedBesides: an application can demand what no policy asks
// for, and opens nothing by that.
func TestSecondProofDemandedBesides(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.guard(identity.PolicyAllow, identity.AccessPolicy{Name: "office", Regions: []identity.RegionID{"reg_office"}, Decision: identity.PolicyDeny})
		for _, row := range []struct {
			name           string
			shown          Shown
			demanded, want Verdict
		}{
			{"not yet given", Shown{Address: outside}, Unverified, Allowed},
			{"given", Shown{Address: outside, Verified: true}, Allowed, Allowed},
			{"kept out in any case", Shown{Address: office}, Barred, Barred},
		} {
			for second, want := range map[bool]Verdict{true: row.demanded, false: row.want} {
				story := trace.Begin(trace.Authorizing, identity.Origin{})
				d, err := h.Decide(t.Context(), Asking{Application: h.wiki, AccountID: h.alice.Account.ID, Second: second, Shown: row.shown}, story)
				if err != nil || d.Verdict != want || d.Second != second {
					t.Errorf("%s, demanded %v: got %d, %v, want %d", row.name, second, d.Verdict, err, want)
				}
				if second && want == Unverified && d.Unproven().Expected != "a second proof, asked for by the application" {
					t.Errorf("told %+v", d.Unproven())
				}
			}
		}
	})
}
