// Package captcha draws the slide puzzle that stands before anonymous sign-in
// steps (Meeting API, 4.12 and 4.13) and judges an answer to it.
//
// A puzzle is a generated landscape with one jigsaw piece cut out and the
// piece itself. The landscape is different every time; decoy notches, grain
// and changes of brightness keep the hole from being the only edge in the
// picture. A puzzle slows a script down, no more: whoever trains a detector
// on it will solve it. Locks and rate limits remain the real defence.
//
// The package keeps no state. Remembering the hole's place, binding it to a
// person and letting it be tried once belongs to package ticket.
package captcha
