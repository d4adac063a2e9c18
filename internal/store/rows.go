package store

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/seal"
)

// Topics of the tables; those of the store itself are in feed.go.
const (
	TopicOrganization Topic = "organization"
	TopicAccount      Topic = "account"
	TopicMember       Topic = "member"
	TopicAppID        Topic = "app_id"
	TopicToken        Topic = "token"
	TopicAPIToken     Topic = "api_token"
	TopicSetting      Topic = "setting"
	TopicSource       Topic = "source"
	TopicSigningKey   Topic = "signing_key"
	TopicGrant        Topic = "grant"
	// TopicSession announces that a session ended or was proven anew. The key is
	// the session, or whoever all of whose sessions ended: an account or an
	// organisation.
	TopicSession Topic = "session"
	// TopicPrivacy announces that a privacy statement was edited; the key is its
	// organisation, "" for the installation's.
	TopicPrivacy Topic = "privacy"
	// TopicDepartment announces that a department was renamed, or moved with all
	// below it; the key is the organisation.
	TopicDepartment  Topic = "department"
	TopicApplication Topic = "application" // its id, and its client id when it is new
)

// CheckVersion compares the version an editor read with the stored one; 0
// agrees with any. Else the fault is Stale.
func CheckVersion(read, stored int64) error {
	if read != 0 && read != stored {
		return fault.New(fault.Stale, fault.CodeStale)
	}
	return nil
}

// stale turns "no row had the version that was read" into Stale.
func stale(affected int64, err error) error {
	if err == nil && affected == 0 {
		return fault.New(fault.Stale, fault.CodeStale)
	}
	return err
}

// changed is stale, and announces an edit to all nodes when there was one.
func (c *conn) changed(affected int64, err error, topic Topic, key string) error {
	if err := stale(affected, err); err != nil {
		return err
	}
	return c.tx.Changed(topic, key)
}

// nullable stores "" as NULL, so that a unique index ignores it.
func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// found is one, with "no row" told as the fault of that noun.
func found[T any](c *conn, none *fault.Error, decode func(scan func(...any) error) (T, error), query string, args ...any) (T, error) {
	value, err := one(c, decode, query, args...)
	if fault.Is(err, fault.CodeNotFound) {
		return value, none
	}
	return value, err
}

// box seals and opens column values.
func (c *conn) box() *seal.Box { return c.tx.Box() }

func (c *conn) open(sealed []byte, context string) ([]byte, error) {
	return c.tx.Box().Open(sealed, context)
}

// forUpdate locks the row that is read until the transaction ends, where the
// database has more than one writer. A View locks nothing.
func (c *conn) forUpdate() string {
	if c.reads {
		return ""
	}
	return c.traits.forUpdate
}
