// Package receiver is the other side of sync integration: an application that
// is told of its organisation. It is written from the specification alone
// (OrgID, G) and knows nothing of the product, so that what both sides
// understand is what the specification says.
//
// It is strict: what the specification does not allow is refused, and kept for
// the test to ask about. And it can be moody: down, slow, confused, or losing
// its answers after it has done what it was told.
package receiver
