// Package i18n holds every sentence a person reads, in every language of the
// product, and chooses the language.
//
// A sentence is found by its key: fault.<code> for a fault, page.<key> for the
// hosted pages, event.<type> for an audit event, want.<thing> for what a field
// should look like, and so on.
// Nothing below a surface knows a language; a surface calls Match once and
// passes the Language on. The catalogues are the files messages/<language>.json,
// compiled into the binary.
//
// What does not live here: sentences for operators, which go to the log in
// English, and the console's own catalogues.
package i18n

//go:generate go run ./gen
