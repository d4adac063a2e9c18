package identity

import "time"

// MessageText is how one kind of message is worded in one language, by an
// organisation or by the installation.
type MessageText struct {
	MessageTextKey
	Subject   string // of the mail; with Body "" for the words that would else be sent
	Body      string
	SMS       string // "" likewise
	Version   int64
	UpdatedAt time.Time
}

// MessageTextKey names a text.
type MessageTextKey struct {
	OrganizationID OrganizationID // "" for the installation's
	Kind           string
	Language       string
}
