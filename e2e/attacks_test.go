package e2e_test

import (
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// stage is a running installation with the usual manifest that attacks share.
// Each attack leaves it usable for the next; one that cannot has its own.
type stage struct {
	house *harness.Installation
	n     *harness.Node
}

// attacks is the list of past holes of products like this one, as far as it
// concerns what is built: docs/security.md names them by the same numbers.
var attacks = []struct {
	name string // begins with the row
	test func(t *testing.T, s stage)
}{
	{"16 a client's code at another domain or client", boundCodes},
	{"33 34 a disabled member through the centre", disabledThroughCentre},
	{"36 a token with a character less, more or in other case", changedTokens},
	{"36 a client's code with a character less, more or in other case", changedClientCodes},
	{"72 somebody with the address of a member", linkedByAddress},
	{"76 automatic creation that is switched off", switchedOffCreation},
	{"76 automatic creation through the centre that is switched off", switchedOffThroughCentre},
	{"77 an identifier that is used again", recycledIdentifiers},
	{"78 an unknown name at the sign-in", unknownNames},
	{"78 an unknown App ID", unknownAppIDs},
	{"78 an unknown name at the forgotten password", unknownAtRecovery},
	{"78 an unknown domain", unknownDomains},
	{"80 a name that is written otherwise", otherwiseWritten},
	{"80 an account of the centre that is written otherwise", otherwiseAtTheCentre},
	{"81 a thousand codes at once", parallelCodes},
	{"81 a hundred passwords at once", parallelPasswords},
	{"82 a locked account by another way", lockedElsewhere},
	{"82 a disabled member by every way", disabledEverywhere},
	{"82 90 passwords beside the centre", passwordsBesideTheCentre},
	{"84 forwarding headers of nonsense", nonsenseForwarding},
	{"85 steps that are empty, twisted or out of order", twistedSteps},
	{"92 one address in two organisations", oneAddressTwice},
	{"96 another site at the management API", foreignPages},
	{"105 secrets in the log", secretsInLog},
	{"108 a file named like a place on the disk", namedPaths},
	{"109 workbooks that claim too much", hostileBooks},
	{"110 formulas in what is exported", formulas},
	{"112 programs in the words of messages", wordsAsPrograms},
	{"113 objects of another organisation", foreignObjects},
	{"114 the organisation in the body", organizationInBody},
	{"114 another application in the body", applicationInBody},
	{"116 every route without a proof", unprovenRoutes},
	{"116 applications without a proof", unprovenApplications},
	{"117 an ordinary member at the management API", ordinaryMembers},
	{"118 secrets in answers", secretsInAnswers},
	{"120 the last one who may", lastAdministrators},
	{"121 forwarding headers of a stranger", strangersForwarding},
	{"121 forwarding headers of a proxy", proxysForwarding},
	{"126 a signature used again or out of time", replayedSignatures},
	{"128 the right signature in an answer", rightSignatures},
	{"130 keys that were replaced", replacedKeys},
}

func TestAttacks(t *testing.T) {
	house := harness.NewWithApplications(t, harness.Options{})
	s := stage{house, house.Start(t)}
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) { a.test(t, s) })
	}
}
