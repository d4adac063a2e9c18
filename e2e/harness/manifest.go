package harness

import (
	"fmt"
	"strings"
)

// usual is the manifest that most tests start from. Secrets come from the
// environment, as an operator would give them.
const usual = `version: 1
provider:
  name: Example Provider
  administrators:
    - {account: root@sp.example, name: Root, password: env:E2E_ROOT}
  app_ids:
    - {name: reseller, app_id: "%[1]s", app_key: env:E2E_SP_KEY}
  mail: {host: 127.0.0.1, port: %[2]d, from: "Orgate <gate@sp.example>", tls: none}
organizations:
  - code: acme
    name: Acme Ltd
    domain: acme.example
    departments:
      - {code: rd, name: Research, parent: "1"}
      - {code: lab, name: Laboratory, parent: rd}
      - {code: sales, name: Sales}
    members:
      - {account: owner@acme.example, name: Olivia Owner, role: owner, password: env:E2E_OWNER, email: owner@acme.example}
      - {account: admin@acme.example, name: Adam Admin, role: administrator, password: env:E2E_ADMIN, email: admin@acme.example}
      - {account: alice@acme.example, name: Alice, password: env:E2E_ALICE, email: alice@acme.example,
         mobile: "+8613800000001", department: rd, third_account: alice}
      - {account: bob@acme.example, name: Bob, password: env:E2E_BOB, email: bob@acme.example, mobile: "+8613800000002"}
      - {account: carol@acme.example, name: Carol, password: env:E2E_CAROL, email: carol@acme.example, status: disabled}
      - {account: dave@acme.example, name: Dave, password: env:E2E_DAVE}
    app_ids:
      - {name: crm, app_id: "%[3]s", app_key: env:E2E_ACME_KEY}
  - code: other
    name: Other Ltd
    domain: other.example
    members:
      - {account: olga@other.example, name: Olga, role: owner, password: env:E2E_OLGA, email: olga@other.example}
      - {account: oscar@other.example, name: Oscar, password: env:E2E_OSCAR, email: oscar@other.example}
    app_ids:
      - {name: erp, app_id: "%[4]s", app_key: env:E2E_OTHER_KEY}
`

// Manifest is the usual manifest with a mail server on a port of loopback.
func Manifest(mailPort int) string {
	return fmt.Sprintf(usual, SPApp().ID, mailPort, AcmeApp().ID, OtherApp().ID)
}

// secretVariables are the secrets of the usual manifest as environment.
func secretVariables() []string {
	environ := []string{
		"E2E_SP_KEY=" + string(SPApp().Key), "E2E_ACME_KEY=" + string(AcmeApp().Key), "E2E_OTHER_KEY=" + string(OtherApp().Key),
	}
	for account, password := range passwords {
		name, _, _ := strings.Cut(account, "@")
		environ = append(environ, "E2E_"+strings.ToUpper(name)+"="+password)
	}
	return environ
}
