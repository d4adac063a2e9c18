package source

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
)

// outlook stands for the directory, which says whom a profile would be.
func outlook(_ context.Context, found Found, p identity.Profile) (Outlook, error) {
	return Outlook{Kind: WouldCreate, Name: p.Name, Account: p.Account + "@" + found.Organization.Code}, nil
}
