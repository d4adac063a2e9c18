// Package seal is envelope encryption for what must be kept but not read from
// a stolen database: master keys from the settings wrap data keys, data keys
// seal values.
//
// A sealed value carries its own format version and the id of the key that
// sealed it, so keys rotate without touching old values. Every value is bound
// to a context such as "accounts.mobile:acc_…" as additional data: a value
// copied to another row or column does not open there.
//
// Where data keys are stored, and when they rotate, is store's affair; signing
// keys belong to keyring. This package is arithmetic only.
package seal
