package e2e_test

import (
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// module is one test module of the OpenID Foundation's conformance suite.
type module struct {
	name string
	test func(*testing.T, party)
}

// plans are the certification plans for what is served, with all their modules
// but OIDCCAuthCodeReuseAfter30Seconds, for which the clock has to be moved
// (TestOIDCConformanceInTime).
var plans = []struct {
	name    string
	modules []module
}{
	{"oidcc-config", configPlan},
	{"oidcc-basic", basicPlan},
	{"oidcc-rp-initiated-logout", rpLogoutPlan},
	{"oidcc-backchannel-rp-initiated-logout", backchannelPlan},
	{"oidcc-dynamic", dynamicPlan},
}

// TestOIDCConformance runs the plans against an installation on each database,
// behind TLS as the suite demands. One installation serves them all.
func TestOIDCConformance(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		p := newParty(t, o)
		for _, plan := range plans {
			t.Run(plan.name, func(t *testing.T) {
				for _, m := range plan.modules {
					t.Run(m.name, func(t *testing.T) { m.test(t, p) })
				}
			})
		}
	})
}
