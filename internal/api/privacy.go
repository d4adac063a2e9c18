package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/privacy"
)

// PrivacyText is a privacy statement in one language.
type PrivacyText struct {
	Title string `json:"title" doc:"One line of at most 100 characters."`
	Body  string `json:"body" doc:"Plain text of at most 20,000 characters. Lines that begin with # and a blank are headings, those that begin with - and a blank are points; empty lines divide paragraphs."`
}

// privacyTexts are texts on the wire, by language; nil stays nil.
func privacyTexts(texts identity.PrivacyTexts) map[string]PrivacyText {
	if texts == nil {
		return nil
	}
	shown := map[string]PrivacyText{}
	for language, text := range texts {
		shown[language] = PrivacyText(text)
	}
	return shown
}

// PrivacyStatement is what people have to accept before they go on.
type PrivacyStatement struct {
	Draft     map[string]PrivacyText `json:"draft" doc:"By language, zh-CN or en-US: what is written and not published. Null for nothing."`
	Current   int64                  `json:"current" doc:"The version that people are asked to accept; 0: nobody is asked, or in an organisation whether they accept the installation's."`
	Last      int64                  `json:"last" doc:"The newest version that was ever published."`
	Version   int64                  `json:"version" doc:"Of these settings; 0 while nothing was written."`
	UpdatedAt *time.Time             `json:"updated_at" doc:"Null while nothing was written."`
}

func privacyShown(p identity.PrivacyStatement) PrivacyStatement {
	shown := PrivacyStatement{Draft: privacyTexts(p.Draft), Current: p.Current, Last: p.Last, Version: p.Version}
	if !p.UpdatedAt.IsZero() {
		shown.UpdatedAt = &p.UpdatedAt
	}
	return shown
}

// statementOf finds whose statement a call is about: an organisation's, or with
// no reference the installation's.
func (c *call) statementOf(ctx context.Context, in InOrganization) (identity.PrivacyStatement, error) {
	var org identity.OrganizationID
	if in.Org != "" {
		o, err := c.organization(ctx, in)
		if err != nil {
			return identity.PrivacyStatement{}, err
		}
		org = o.ID
	}
	return c.s.o.Statements.Statement(ctx, c.actor, org)
}

type statementInput struct {
	InOrganization
	Known
}

type settingsStatementInput struct{ Known }

func getPrivacy(ctx context.Context, c *call, in *statementInput) (*single[PrivacyStatement], error) {
	p, err := c.statementOf(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, p.Version, privacyShown(p))
}

func getInstallationPrivacy(ctx context.Context, c *call, in *settingsStatementInput) (*single[PrivacyStatement], error) {
	return getPrivacy(ctx, c, &statementInput{Known: in.Known})
}

// PrivacyDraft is the body that writes a statement.
type PrivacyDraft struct {
	Texts map[string]PrivacyText `json:"texts" doc:"By language: zh-CN, en-US, or both. Where a reader's is missing, the other is shown."`
}

type writePrivacyInput struct {
	InOrganization
	Unchanged
	Body PrivacyDraft
}

type writeInstallationPrivacyInput struct {
	Unchanged
	Body PrivacyDraft
}

// edited does one edit of a statement that is still as the caller read it.
func (c *call) edited(ctx context.Context, in InOrganization, known Unchanged, edit func(p identity.PrivacyStatement) (identity.PrivacyStatement, error)) (*single[PrivacyStatement], error) {
	p, err := c.statementOf(ctx, in)
	if err != nil {
		return nil, err
	}
	if _, err := known.version(p.Version); err != nil {
		return nil, err
	}
	if p, err = edit(p); err != nil {
		return nil, err
	}
	return &single[PrivacyStatement]{ETag: etag(p.Version), Body: privacyShown(p)}, nil
}

func writePrivacy(ctx context.Context, c *call, in *writePrivacyInput) (*single[PrivacyStatement], error) {
	return c.edited(ctx, in.InOrganization, in.Unchanged, func(p identity.PrivacyStatement) (identity.PrivacyStatement, error) {
		texts := identity.PrivacyTexts{}
		for language, text := range in.Body.Texts {
			texts[language] = identity.PrivacyText(text)
		}
		return c.s.o.Statements.Write(ctx, c.actor, p.OrganizationID, p.Version, texts)
	})
}

func writeInstallationPrivacy(ctx context.Context, c *call, in *writeInstallationPrivacyInput) (*single[PrivacyStatement], error) {
	return writePrivacy(ctx, c, &writePrivacyInput{Unchanged: in.Unchanged, Body: in.Body})
}

type changePrivacyInput struct {
	InOrganization
	Unchanged
}

type changeInstallationPrivacyInput struct{ Unchanged }

func publishPrivacy(ctx context.Context, c *call, in *changePrivacyInput) (*single[PrivacyStatement], error) {
	return c.edited(ctx, in.InOrganization, in.Unchanged, func(p identity.PrivacyStatement) (identity.PrivacyStatement, error) {
		return c.s.o.Statements.Publish(ctx, c.actor, p.OrganizationID, p.Version)
	})
}

func publishInstallationPrivacy(ctx context.Context, c *call, in *changeInstallationPrivacyInput) (*single[PrivacyStatement], error) {
	return publishPrivacy(ctx, c, &changePrivacyInput{Unchanged: in.Unchanged})
}

func withdrawPrivacy(ctx context.Context, c *call, in *changePrivacyInput) (*single[PrivacyStatement], error) {
	return c.edited(ctx, in.InOrganization, in.Unchanged, func(p identity.PrivacyStatement) (identity.PrivacyStatement, error) {
		return c.s.o.Statements.Withdraw(ctx, c.actor, p.OrganizationID, p.Version)
	})
}

func withdrawInstallationPrivacy(ctx context.Context, c *call, in *changeInstallationPrivacyInput) (*single[PrivacyStatement], error) {
	return withdrawPrivacy(ctx, c, &changePrivacyInput{Unchanged: in.Unchanged})
}

// PrivacyVersion is a statement as it was published.
type PrivacyVersion struct {
	Number      int64                  `json:"number"`
	Texts       map[string]PrivacyText `json:"texts"`
	PublishedBy string                 `json:"published_by"`
	PublishedAt time.Time              `json:"published_at"`
}

// numbered begins the keys of lists of versions.
const numbered = "number "

type privacyVersionsQuery struct {
	InOrganization
	Paging
}

type installationVersionsQuery struct{ Paging }

func listPrivacyVersions(ctx context.Context, c *call, in *privacyVersionsQuery) (*listed[PrivacyVersion], error) {
	p, err := c.statementOf(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	key, err := in.after(numbered)
	if err != nil {
		return nil, err
	}
	before, _ := strconv.ParseInt(strings.TrimPrefix(key, numbered), 10, 64) // what is no number begins the list
	found, err := c.s.o.Statements.Versions(ctx, c.actor, p.OrganizationID, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(v identity.PrivacyVersion) string { return numbered + strconv.FormatInt(v.Number, 10) },
		func(v identity.PrivacyVersion) PrivacyVersion {
			return PrivacyVersion{v.Number, privacyTexts(v.Texts), v.PublishedBy, v.PublishedAt.UTC()}
		}), nil
}

func listInstallationPrivacyVersions(ctx context.Context, c *call, in *installationVersionsQuery) (*listed[PrivacyVersion], error) {
	return listPrivacyVersions(ctx, c, &privacyVersionsQuery{Paging: in.Paging})
}

// PrivacyAcceptance says that somebody accepted a version.
type PrivacyAcceptance struct {
	Number         int64     `json:"number" doc:"The version."`
	AccountID      string    `json:"account_id"`
	MemberID       string    `json:"member_id" doc:"Empty for somebody who acted in no organisation."`
	OrganizationID string    `json:"organization_id" doc:"In which they acted."`
	Name           string    `json:"name" doc:"As it was then."`
	At             time.Time `json:"at"`
}

func acceptanceShown(a identity.PrivacyAcceptance) PrivacyAcceptance {
	return PrivacyAcceptance{a.Number, string(a.AccountID), string(a.MemberID), string(a.OrganizationID), a.Name, a.At.UTC()}
}

// WhichVersion says of which version the acceptances are wanted.
type WhichVersion struct {
	Paging
	Number int64 `query:"number" minimum:"0" default:"0" doc:"The version; left out, the one in force."`
}

type acceptancesQuery struct {
	InOrganization
	WhichVersion
}

type installationAcceptancesQuery struct{ WhichVersion }

func listAcceptances(ctx context.Context, c *call, in *acceptancesQuery) (*listed[PrivacyAcceptance], error) {
	p, err := c.statementOf(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	after, err := in.after("acc_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Statements.Acceptances(ctx, c.actor, p.OrganizationID, privacy.Page{Number: in.Number, After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(a identity.PrivacyAcceptance) string { return string(a.AccountID) }, acceptanceShown), nil
}

func listInstallationAcceptances(ctx context.Context, c *call, in *installationAcceptancesQuery) (*listed[PrivacyAcceptance], error) {
	return listAcceptances(ctx, c, &acceptancesQuery{WhichVersion: in.WhichVersion})
}

func listMyAcceptances(ctx context.Context, c *call, _ *nothing) (*all[PrivacyAcceptance], error) {
	found, err := c.s.o.Statements.Own(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return whole(found, acceptanceShown), nil
}
