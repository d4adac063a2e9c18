// Package config holds what must be known before the database opens:
// addresses, the base URL, the database, sealing keys, the log, proxies.
//
// One struct, Config, carries a sentence on each setting in its tags; the
// manual (docs/configuration.md), the example file
// (docs/orgate.example.yaml) and the command-line flags are made from them.
// Everything an administrator changes at run time is in the database and not
// here. Packages never see Config: the server hands each its own options.
package config

//go:generate go run ./gen
