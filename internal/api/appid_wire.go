package api

import (
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

// AppID is an App ID on the wire. Its keys are never shown, but a new one once.
type AppID struct {
	ID          string    `json:"app_id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Status      string    `json:"status" enum:"active,disabled"`
	AutoCreate  bool      `json:"auto_create_members" doc:"false forbids this App ID to add unknown people."`
	Everlasting bool      `json:"everlasting" doc:"false refuses signatures of this App ID that never expire."`
	MaxAhead    int       `json:"max_ahead_seconds" doc:"How far ahead the end of a signature may lie."`
	Keys        []AppKey  `json:"keys" doc:"The keys that count, the current one first, without the keys themselves."`
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// AppKey tells when a key was made and when it ends.
type AppKey struct {
	CreatedAt time.Time  `json:"created_at"`
	EndsAt    *time.Time `json:"ends_at,omitempty" doc:"Absent for the current key."`
}

// KeyedAppID is an App ID with its new key.
type KeyedAppID struct {
	AppID
	Key string `json:"app_key" doc:"The key. It is told this once."`
}

func appIDShown(a identity.AppID) AppID {
	view := AppID{
		ID: a.ID, Name: a.Name, Description: a.Description, Status: string(a.Status), AutoCreate: a.AutoCreate,
		Everlasting: a.Everlasting, MaxAhead: int(a.MaxAhead / time.Second), Keys: []AppKey{}, Version: a.Version,
		CreatedAt: a.CreatedAt.UTC(), UpdatedAt: a.UpdatedAt.UTC(),
	}
	for _, k := range a.Keys {
		key := AppKey{CreatedAt: k.CreatedAt.UTC()}
		if !k.EndsAt.IsZero() {
			key.EndsAt = new(k.EndsAt.UTC())
		}
		view.Keys = append(view.Keys, key)
	}
	return view
}

func keyed(a identity.AppID) KeyedAppID { return KeyedAppID{appIDShown(a), a.Keys[0].Secret} }

// NewAppID is the body that makes an App ID.
type NewAppID struct {
	ID          string `json:"app_id,omitempty" doc:"32 hexadecimal digits in lower case. Left out, one is made."`
	Name        string `json:"name" doc:"The name, 1 to 64 characters."`
	Description string `json:"description,omitempty" doc:"At most 255 characters."`
	AutoCreate  *bool  `json:"auto_create_members,omitempty" doc:"Default true: the organisation decides."`
	Everlasting *bool  `json:"everlasting,omitempty" doc:"Default true: organisation and installation decide."`
	MaxAhead    *int   `json:"max_ahead_seconds,omitempty" doc:"Default 2592000, 30 days."`
}

// AppIDChange is an edit of an App ID; what is left out stays.
type AppIDChange struct {
	Name        *string `json:"name,omitempty"`
	Description *string `json:"description,omitempty"`
	Status      *string `json:"status,omitempty" enum:"active,disabled" doc:"disabled ends its access tokens at once."`
	AutoCreate  *bool   `json:"auto_create_members,omitempty"`
	Everlasting *bool   `json:"everlasting,omitempty"`
	MaxAhead    *int    `json:"max_ahead_seconds,omitempty"`
}

func (b AppIDChange) change() application.AppIDChange {
	c := application.AppIDChange{Name: b.Name, Description: b.Description, AutoCreate: b.AutoCreate, Everlasting: b.Everlasting}
	if b.Status != nil {
		c.Status = new(identity.AppIDStatus(*b.Status))
	}
	if b.MaxAhead != nil {
		c.MaxAhead = new(time.Duration)
		putSeconds(c.MaxAhead, b.MaxAhead)
	}
	return c
}
