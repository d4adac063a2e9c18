// Package outbox sends what must leave after commit: mails and short messages.
//
// Put writes a message inside the caller's transaction, sealed, so that it
// leaves if and only if the transaction committed. Run takes due messages
// under a lease, hands each to the sender of its channel, repeats what failed
// and erases the payload of what was sent. Delivery is at least once: a process
// that dies between sending and noting it sends again, under the same
// message id. Messages to one target leave in the order of their making.
//
// The senders are here too, one file each: mail.go (SMTP, RFC 5321), sms.go
// (a signed HTTP request to a gateway) and log.go (for development). Their
// settings are made at run time and read at each send. The texts are in the
// catalogues of i18n under mail.<template>.subject, mail.<template>.body and
// sms.<template>.
//
// What does not live here: deciding who is told what, and recording that a
// message was given up; Options.GivenUp tells the one who does.
package outbox
