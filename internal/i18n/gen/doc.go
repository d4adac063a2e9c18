// Command gen writes docs/errors.md and docs/audit-events.md from the sources:
// the constants of fault codes and audit events, the kinds under which the
// product raises a fault, and the sentences of the catalogues. It is run by
// go generate in internal/i18n.
package main
