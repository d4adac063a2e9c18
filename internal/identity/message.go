package identity

import "time"

// Message is something to send after commit: a mail, a short message, a
// notice to another server. Its payload is sealed at rest and erased once the
// message was sent.
type Message struct {
	ID        MessageID
	Channel   Channel
	Target    string // messages to one target leave in order
	Payload   []byte
	Template  string // what it is for
	Shown     string // the target, masked; it stays when the target is erased
	Attempts  int
	NextAt    time.Time // not before
	CreatedAt time.Time
	SentAt    time.Time
	DeadAt    time.Time // given up
	LastError string    // for the operator
}

// Channel is the way a message leaves by.
type Channel string

// The channels.
const (
	ByMail Channel = "mail"
	BySMS  Channel = "sms"
	// ToApplication tells an application that a session is over.
	ToApplication Channel = "application"
	// ToNobody is that of messages nobody gets. They are kept, opened and
	// erased like others, so that how long it takes tells nothing of whether
	// somebody was written to.
	ToNobody Channel = "nobody"
)
