package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/orgate/orgate/internal/server"
)

type adminCommand struct {
	Token         tokenCommand         `cmd:"" help:"Tokens of the management API."`
	ResetPassword resetPasswordCommand `cmd:"" name:"reset-password" help:"Give an account a new password."`
}

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print it once."`
	List   tokenListCommand   `cmd:"" help:"List the tokens."`
	Revoke tokenRevokeCommand `cmd:"" help:"End a token at once."`
}

type tokenCreateCommand struct {
	settings     `embed:""`
	Name         string        `required:"" help:"What the token is for; unique."`
	Organization string        `placeholder:"CODE" help:"Administer this organisation only."`
	Life         time.Duration `help:"End after this time, such as 2160h; left out, it has no end."`
}

// Help shows an example.
func (tokenCreateCommand) Help() string {
	return "Example:\n  orgate admin token create --name terraform\n  orgate admin token create --name acme-hr --organization acme --life 2160h"
}

// Run makes the token.
func (c tokenCreateCommand) Run(w *world) error {
	return withHouse(w, c.settings, func(h *server.House) error {
		word, err := h.CreateAPIToken(w.ctx, server.NewAPIToken{Name: c.Name, Organization: c.Organization, Life: c.Life})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w.out, "%s\nThis is shown once. Use it as: Authorization: Bearer TOKEN\n", word)
		return err
	})
}

type tokenListCommand struct {
	settings `embed:""`
}

// Help shows an example.
func (tokenListCommand) Help() string { return "Example:\n  orgate admin token list" }

// Run lists the tokens.
func (c tokenListCommand) Run(w *world) error {
	return withHouse(w, c.settings, func(h *server.House) error {
		tokens, err := h.APITokens(w.ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tID\tSCOPE\tMADE\tENDS")
		for _, t := range tokens {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", t.Name, t.ID, t.Scope, t.Made, t.Ends)
		}
		return table.Flush()
	})
}

type tokenRevokeCommand struct {
	settings `embed:""`
	Name     string `arg:"" help:"Name or id of the token."`
}

// Help shows an example.
func (tokenRevokeCommand) Help() string { return "Example:\n  orgate admin token revoke terraform" }

// Run ends the token.
func (c tokenRevokeCommand) Run(w *world) error {
	return withHouse(w, c.settings, func(h *server.House) error {
		if err := h.RevokeAPIToken(w.ctx, c.Name); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w.out, "%s is revoked.\n", c.Name)
		return err
	})
}

type resetPasswordCommand struct {
	settings `embed:""`
	Account  string `arg:"" help:"Account name, mobile number or mail address."`
	Password string `placeholder:"env:NAME" help:"The new password; left out, one is made and printed once."`
}

// Help shows an example.
func (resetPasswordCommand) Help() string {
	return "The person has to change it at the next sign-in; all tokens of the account end.\n\nExample:\n  orgate admin reset-password root@sp.example"
}

// Run sets the password.
func (c resetPasswordCommand) Run(w *world) error {
	password, err := secretText(w, c.Password)
	if err != nil {
		return err
	}
	return withHouse(w, c.settings, func(h *server.House) error {
		made, err := h.ResetPassword(w.ctx, c.Account, password)
		if err != nil {
			return err
		}
		if made == "" {
			_, err = fmt.Fprintf(w.out, "%s has the new password.\n", c.Account)
		} else {
			_, err = fmt.Fprintf(w.out, "%s\nThis is the new password of %s, shown once.\n", made, c.Account)
		}
		return err
	})
}

// withHouse opens the database of the settings for one command.
func withHouse(w *world, s settings, do func(*server.House) error) error {
	cfg, err := s.load(w)
	if err != nil {
		return err
	}
	h, err := server.OpenHouse(w.ctx, cfg, server.HouseOptions{Log: server.NewLog(cfg, w.errs)})
	if err != nil {
		return err
	}
	defer func() { _ = h.Close() }() // what the command did is committed by then
	return h.Say(do(h))
}
