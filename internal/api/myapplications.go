package api

import (
	"context"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/entry"
)

// MyApplication is an application that the caller may open.
type MyApplication struct {
	ClientID    string     `json:"client_id"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Open        string     `json:"open" doc:"The address that opens it, without signing in again."`
	Icon        string     `json:"icon" doc:"The public address of its icon; empty without one."`
	EnteredAt   *time.Time `json:"entered_at,omitempty" doc:"When it was entered last, in a session that lives; absent where it was not."`
}

func listMyApplications(ctx context.Context, c *call, _ *nothing) (*all[MyApplication], error) {
	open, err := c.s.o.Entry.Open(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return whole(open, c.openingShown), nil
}

func (c *call) openingShown(o entry.Opening) MyApplication {
	door := c.s.o.BaseURL.JoinPath("apps", url.PathEscape(o.ClientID))
	view := MyApplication{ClientID: o.ClientID, Name: o.Name, Description: o.Description, Open: door.JoinPath("login").String()}
	if o.IconDigest != "" {
		view.Icon = door.JoinPath("icon").String() + "?v=" + url.QueryEscape(o.IconDigest[:min(len(o.IconDigest), 16)])
	}
	if !o.EnteredAt.IsZero() {
		at := o.EnteredAt.UTC()
		view.EnteredAt = &at
	}
	return view
}
