package server

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/keyring"
	"github.com/orgate/orgate/internal/token"
)

// NewAPIToken is what orgate admin token create makes.
type NewAPIToken struct {
	Name         string
	Organization string // id or code; "" administers the installation
	Life         time.Duration
}

// CreateAPIToken makes a token of the management API and returns its word.
func (h *House) CreateAPIToken(ctx context.Context, n NewAPIToken) (word string, err error) {
	made := token.NewAPIToken{Name: n.Name, Life: n.Life}
	if n.Organization != "" {
		org, err := h.Directory.OrganizationByRef(ctx, console(), n.Organization)
		if err != nil {
			return "", err
		}
		made.Organization = org.ID
	}
	_, word, err = h.Tokens.AddAPIToken(ctx, console(), made)
	return word, err
}

// APITokenLine is a token of the management API in a list.
type APITokenLine struct{ Name, ID, Scope, Made, Ends string }

// APITokens lists the tokens of the management API.
func (h *House) APITokens(ctx context.Context) ([]APITokenLine, error) {
	tokens, err := h.Tokens.APITokens(ctx, console())
	if err != nil {
		return nil, err
	}
	lines := make([]APITokenLine, 0, len(tokens))
	for _, t := range tokens {
		line := APITokenLine{Name: t.Name, ID: string(t.ID), Scope: "installation", Made: t.CreatedAt.Format(time.RFC3339), Ends: "never"}
		if t.OrganizationID != "" {
			line.Scope = string(t.OrganizationID)
		}
		if !t.ExpiresAt.IsZero() {
			line.Ends = t.ExpiresAt.Format(time.RFC3339)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// RevokeAPIToken ends a token by its name or id.
func (h *House) RevokeAPIToken(ctx context.Context, ref string) error {
	tokens, err := h.Tokens.APITokens(ctx, console())
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if t.Name == ref || string(t.ID) == ref {
			return h.Tokens.RevokeAPIToken(ctx, console(), t.ID)
		}
	}
	return fault.New(fault.NotFound, fault.CodeNotFound)
}

// ResetPassword gives an account a password that has to be changed at the next
// sign-in. Without one it makes one and returns it.
func (h *House) ResetPassword(ctx context.Context, account, password string) (made string, err error) {
	a, found, err := h.Directory.RecoveringAccount(ctx, account)
	if err != nil {
		return "", err
	}
	if !found {
		return "", fault.New(fault.NotFound, fault.CodeAccountNotFound)
	}
	if password == "" {
		made = directory.GeneratePassword()
		password = made
	}
	return made, h.Directory.SetPassword(ctx, console(), a.ID, password, directory.SetPasswordOptions{MustChange: true})
}

// Telling says which story to tell and how.
type Telling struct {
	Code     string // of the page, or a request id
	Language string
	Out      io.Writer
}

// Tell writes the stories under a code or a request id.
func (h *House) Tell(ctx context.Context, t Telling) error {
	records, err := h.Traces.Find(ctx, console(), t.Code)
	if err != nil {
		return err
	}
	for _, r := range records {
		if err := h.Traces.Render(t.Out, r, i18n.Language(t.Language)); err != nil {
			return err
		}
	}
	return nil
}

// ListKeys writes the keys that seal and those that sign as a table.
func (h *House) ListKeys(ctx context.Context, out io.Writer) error {
	keys, err := h.Keyring.List(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "KEY\tPURPOSE\tSTATE\tMADE\tWRAPPED BY")
	for _, k := range keys {
		state := "in use"
		if !k.Active() {
			state = "opens only"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", k.ID, k.Purpose, state, k.CreatedAt.Format(time.RFC3339), k.WrappedBy)
	}
	signing, err := h.Signing.List(ctx)
	if err != nil {
		return err
	}
	states := map[keyring.State]string{keyring.Next: "published, signs next", keyring.Current: "in use", keyring.Retired: "published, signs no more"}
	for _, k := range signing {
		fmt.Fprintf(table, "%s\tsign %s\t%s\t%s\tdata key\n", k.ID, k.Family, states[k.State], k.CreatedAt.Format(time.RFC3339))
	}
	return table.Flush()
}

// RotateKey makes a new sealing key.
func (h *House) RotateKey(ctx context.Context, out io.Writer) error {
	id, err := h.Keyring.Rotate(ctx, console())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "New values are sealed with key %s; what older keys sealed still opens.\n", id)
	return err
}

// RotateSigningKeys lets the next key of each family sign.
func (h *House) RotateSigningKeys(ctx context.Context, out io.Writer) error {
	ids, err := h.Signing.Rotate(ctx, console())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Tokens are signed with %s from now on; what older keys signed stays valid.\n", strings.Join(ids, " and "))
	return err
}

// organizationCount is for doctor: whether anything is set up at all.
func (h *House) organizationCount(ctx context.Context) (int, error) {
	organizations, err := h.Directory.Organizations(ctx, console(), directory.OrganizationQuery{Slice: directory.Slice{Limit: 2}})
	return len(organizations), err
}
