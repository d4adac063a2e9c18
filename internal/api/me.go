package api

import "context"

// Me is who the caller is to the server.
type Me struct {
	Kind           string `json:"kind" doc:"member, provider, organization (a management token of one), or person (somebody with an account of their own, in no organisation)."`
	Name           string `json:"name"`
	AccountID      string `json:"account_id,omitempty"`
	MemberID       string `json:"member_id,omitempty"`
	OrganizationID string `json:"organization_id,omitempty"`
	Role           string `json:"role,omitempty" doc:"Of a member in the organisation."`
	APITokenID     string `json:"api_token_id,omitempty"`
	AppID          string `json:"app_id,omitempty" doc:"When the token was made through an App ID."`
	CSRFToken      string `json:"csrf_token,omitempty" doc:"At a browser's session: what the header X-CSRF-Token carries in every call that changes something."`
	Personal       bool   `json:"personal,omitempty" doc:"At a browser's session: whether the account is the person's own, which may be in several organisations."`
}

func whoAmI(_ context.Context, c *call, _ *nothing) (*plain[Me], error) {
	a := c.actor
	return &plain[Me]{Me{
		Kind: string(a.Kind), Name: a.Name, AccountID: string(a.AccountID), MemberID: string(a.MemberID),
		OrganizationID: string(a.OrganizationID), Role: string(a.Role), APITokenID: string(a.APIToken), AppID: a.AppID, CSRFToken: c.csrf,
		Personal: c.personal,
	}}, nil
}

// Version is which program answers, and where it believes to be reached.
type Version struct {
	Version string `json:"version"`
	BaseURL string `json:"base_url" doc:"The configured public address: links, issuer and metadata are made from it."`
}

func version(_ context.Context, c *call, _ *nothing) (*plain[Version], error) {
	return &plain[Version]{Version{c.s.o.Version, c.s.o.BaseURL.String()}}, nil
}
