// Package fault holds the one error type of the product.
//
// A fault says what kind of thing went wrong, names it by a stable public
// code, carries the parameters its sentence needs and, privately, the cause.
// The cause is for the log; it is never rendered. Text for people lives in
// i18n, keyed by the code; each surface has one file that turns kinds into its
// wire format. Any error that is not a fault is Internal.
package fault
