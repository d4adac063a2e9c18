package identity

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestAccessControlValidate(t *testing.T) {
	for name, tt := range map[string]struct {
		c    AccessControl
		want fault.Code
	}{
		"never chosen":         {AccessControl{}, ""},
		"on without a default": {AccessControl{Enabled: true}, fault.CodeFieldChoice},
		"allow":                {AccessControl{Enabled: true, Default: PolicyAllow}, ""},
		"deny":                 {AccessControl{Enabled: true, Default: PolicyDeny}, ""},
		"verify":               {AccessControl{Default: PolicyVerify}, fault.CodeFieldChoice},
	} {
		if err := tt.c.Validate(); !isFault(err, tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

func isFault(err error, code fault.Code) bool {
	return code == "" && err == nil || code != "" && fault.Is(err, code)
}

func TestAccessPolicyValidate(t *testing.T) {
	many := make([]RegionID, MaxPolicyRegions+1)
	for i := range many {
		many[i] = RegionID(strings.Repeat("x", i+1))
	}
	for name, tt := range map[string]struct {
		edit  func(p *AccessPolicy)
		code  fault.Code
		field string
	}{
		"good":              {func(*AccessPolicy) {}, "", ""},
		"no name":           {func(p *AccessPolicy) { p.Name = "" }, fault.CodeFieldLength, "name"},
		"a long text":       {func(p *AccessPolicy) { p.Description = strings.Repeat("x", 256) }, fault.CodeFieldLength, "description"},
		"no decision":       {func(p *AccessPolicy) { p.Decision = "" }, fault.CodeFieldChoice, "decision"},
		"a region twice":    {func(p *AccessPolicy) { p.Regions = []RegionID{"reg_1", "reg_1"} }, fault.CodeListTwice, "regions"},
		"many regions":      {func(p *AccessPolicy) { p.Regions = many }, fault.CodeFieldRange, "regions"},
		"no weekday":        {func(p *AccessPolicy) { p.Schedule.Weekdays = []Weekday{"Mon"} }, fault.CodeFieldChoice, "weekdays"},
		"a weekday twice":   {func(p *AccessPolicy) { p.Schedule.Weekdays = []Weekday{Monday, Monday} }, fault.CodeListTwice, "weekdays"},
		"no day":            {func(p *AccessPolicy) { p.Schedule.From = "2026-02-30" }, fault.CodeFieldFormat, "from"},
		"no last day":       {func(p *AccessPolicy) { p.Schedule.Until = "tomorrow" }, fault.CodeFieldFormat, "until"},
		"days turned round": {func(p *AccessPolicy) { p.Schedule.From, p.Schedule.Until = "2026-02-02", "2026-02-01" }, fault.CodePolicyDates, "until"},
		"a start after all": {func(p *AccessPolicy) { p.Schedule.Starts = 1440 }, fault.CodeFieldFormat, "starts"},
		"an end after all":  {func(p *AccessPolicy) { p.Schedule.Ends = 1441 }, fault.CodeFieldFormat, "ends"},
		"a negative end":    {func(p *AccessPolicy) { p.Schedule.Ends = -1 }, fault.CodeFieldFormat, "ends"},
		"no hours":          {func(p *AccessPolicy) { p.Schedule.Starts, p.Schedule.Ends = 60, 60 }, fault.CodePolicyHours, "ends"},
		"no zone":           {func(p *AccessPolicy) { p.Schedule.Zone = "Mars/Olympus" }, fault.CodeFieldFormat, "zone"},
		"the machine's":     {func(p *AccessPolicy) { p.Schedule.Zone = "Local" }, fault.CodeFieldFormat, "zone"},
		"a file":            {func(p *AccessPolicy) { p.Schedule.Zone = "../../etc/passwd" }, fault.CodeFieldFormat, "zone"},
	} {
		p := AccessPolicy{Name: "Office", Decision: PolicyAllow}
		tt.edit(&p)
		err := p.Validate()
		if !isFault(err, tt.code) || err != nil && fault.Of(err).Field != tt.field {
			t.Errorf("%s: got %v, want %q at %s", name, err, tt.code, tt.field)
		}
	}
}

// rules are an application's: the first policy holds in the office on Mondays,
// the second only reports, the third asks for a second proof on Mondays.
func rules(otherwise PolicyDecision) AccessRules {
	monday := Schedule{Weekdays: []Weekday{Monday}, Zone: "UTC"}
	return AccessRules{
		AccessControl: AccessControl{Enabled: true, Default: otherwise},
		Policies: []AccessPolicy{
			{ID: "pol_office", Schedule: monday, Regions: []RegionID{"reg_1", "reg_2"}, Decision: PolicyAllow},
			{ID: "pol_report", Decision: PolicyDeny, ReportOnly: true},
			{ID: "pol_monday", Schedule: monday, Decision: PolicyVerify},
		},
		Regions: map[RegionID]Region{
			"reg_1": {Network: netip.MustParsePrefix("10.0.0.0/8")}, "reg_2": {Network: netip.MustParsePrefix("2001:db8::/32")},
		},
	}
}

func TestTheFirstPolicyThatHoldsDecides(t *testing.T) {
	const monday, tuesday = "2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z"
	for name, tt := range map[string]struct {
		at, address string
		want        PolicyDecision
		policy      PolicyID
		reports     int
	}{
		"in the office":         {monday, "10.1.2.3", PolicyAllow, "pol_office", 0},
		"in the other region":   {monday, "2001:db8::1", PolicyAllow, "pol_office", 0},
		"in the office as IPv6": {monday, "::ffff:10.1.2.3", PolicyAllow, "pol_office", 0},
		"elsewhere":             {monday, "192.0.2.1", PolicyVerify, "pol_monday", 1},
		"from nowhere":          {monday, "", PolicyVerify, "pol_monday", 1},
		"on another day":        {tuesday, "10.1.2.3", PolicyDeny, "", 1},
	} {
		address, _ := netip.ParseAddr(tt.address)
		j := rules(PolicyDeny).Judge(Circumstances{At: instantOf(t, tt.at), Address: address})
		if j.Decision != tt.want || j.Policy.ID != tt.policy || !j.Controlled || len(j.Looked) != 3 || len(j.Reports()) != tt.reports {
			t.Errorf("%s: got %s by %q, %d looked at, %d reports", name, j.Decision, j.Policy.ID, len(j.Looked), len(j.Reports()))
		}
		for _, found := range j.Looked {
			if found.Decides != (found.Policy.ID == tt.policy) {
				t.Errorf("%s: %s decides: %v", name, found.Policy.ID, found.Decides)
			}
		}
	}
}

// Both parts of a policy are told, whichever fails.
func TestPartialResults(t *testing.T) {
	j := rules(PolicyAllow).Judge(Circumstances{At: instantOf(t, "2026-01-06T12:00:00Z"), Address: netip.MustParseAddr("10.1.2.3")})
	if office := j.Looked[0]; office.Time || !office.Place || office.Holds() {
		t.Errorf("got %+v", office)
	}
	if j.Decision != PolicyAllow || !j.Passes(false) {
		t.Errorf("the default: got %s", j.Decision)
	}
}

// Switched off they allow; what nobody has chosen denies.
func TestJudgeFailsClosed(t *testing.T) {
	off := rules(PolicyDeny)
	off.Enabled = false
	if j := off.Judge(Circumstances{}); j.Decision != PolicyAllow || j.Controlled {
		t.Errorf("off: got %+v", j)
	}
	for _, otherwise := range []PolicyDecision{"", "perhaps"} {
		if j := (AccessRules{AccessControl: AccessControl{Enabled: true, Default: otherwise}}).Judge(Circumstances{}); j.Decision != PolicyDeny {
			t.Errorf("default %q: got %s", otherwise, j.Decision)
		}
	}
	unknown := AccessRules{AccessControl: AccessControl{Enabled: true, Default: PolicyAllow}, Policies: []AccessPolicy{{Decision: "perhaps"}}}
	if j := unknown.Judge(Circumstances{}); j.Decision != PolicyDeny {
		t.Errorf("a decision nobody knows: got %s", j.Decision)
	}
	// A region that is gone holds nothing.
	gone := AccessRules{
		AccessControl: AccessControl{Enabled: true, Default: PolicyDeny},
		Policies:      []AccessPolicy{{Regions: []RegionID{"reg_gone"}, Decision: PolicyAllow}},
	}
	if j := gone.Judge(Circumstances{Address: netip.MustParseAddr("10.0.0.1")}); j.Decision != PolicyDeny {
		t.Errorf("a region that is gone: got %s", j.Decision)
	}
}

func TestPasses(t *testing.T) {
	for decision, want := range map[PolicyDecision][2]bool{
		PolicyAllow: {true, true}, PolicyVerify: {false, true}, PolicyDeny: {false, false}, "": {false, false},
	} {
		j := Judgment{Decision: decision}
		if got := [2]bool{j.Passes(false), j.Passes(true)}; got != want {
			t.Errorf("%q: got %v, want %v", decision, got, want)
		}
	}
}
