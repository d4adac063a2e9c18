package api

import (
	"context"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

type (
	applicationsQuery struct {
		InOrganization
		Named
		Q        string `query:"q" doc:"Only those whose name or client id contains this, whatever the letter case."`
		Protocol string `query:"protocol" enum:"oidc,oauth2,cas" doc:"Only those that speak this."`
		Status   string `query:"status" enum:"active,disabled" doc:"Only those in this state."`
	}
	addApplicationInput struct {
		InOrganization
		Body NewApplication
	}
	// InApplication is embedded by everything about one application.
	InApplication struct {
		InOrganization
		ClientID string `path:"client_id" doc:"What the application calls itself."`
	}
	applicationInput struct {
		InApplication
		Known
	}
	changeApplicationInput struct {
		InApplication
		Unchanged
		Body ApplicationChange
	}
	applicationActionInput struct {
		InApplication
		Unchanged
	}
	rotateSecretInput struct {
		InApplication
		Unchanged
		Body RotateSecret
	}
	testClaimsInput struct {
		InApplication
		Body ClaimTest
	}
	iconInput    struct{ InApplication }
	setIconInput struct {
		InApplication
		Unchanged
		RawBody []byte `contentType:"image/png" doc:"A PNG or JPEG picture of 240×240 pixels and at most 20 KiB, as it is."`
	}
	// iconAnswer is a picture.
	iconAnswer struct {
		Type string `header:"Content-Type"`
		ETag string `header:"ETag"`
		Body []byte
	}
)

func listApplications(ctx context.Context, c *call, in *applicationsQuery) (*listed[Application], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	q := application.Query{Text: in.Q, Protocol: identity.ProtocolName(in.Protocol), Status: identity.ApplicationStatus(in.Status)}
	if q.NameOrder, q.Slice, err = in.part("app_"); err != nil {
		return nil, err
	}
	found, err := c.s.o.Applications.Applications(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(a identity.Application) string { return in.key(string(a.ID), a.Name) }, c.applicationShown), nil
}

func addApplication(ctx context.Context, c *call, in *addApplicationInput) (*made[ProvenApplication], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	a, secret, err := c.s.o.Applications.AddApplication(ctx, c.actor, o.ID, in.Body.application())
	if err != nil {
		return nil, err
	}
	return &made[ProvenApplication]{
		ETag: etag(a.Version), Location: c.at("/organizations/" + string(o.ID) + "/applications/" + a.ClientID),
		Body: ProvenApplication{c.applicationShown(a), secret},
	}, nil
}

// application finds the application that a call is about.
func (c *call) application(ctx context.Context, in InApplication) (a identity.Application, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return a, err
	}
	return c.s.o.Applications.Application(ctx, c.actor, o.ID, in.ClientID)
}

// unchanged is application for an edit that may name the version it was made
// on; version is 0 for whatever version.
func (c *call) unchangedApplication(ctx context.Context, in InApplication, u Unchanged) (a identity.Application, version int64, err error) {
	if a, err = c.application(ctx, in); err == nil {
		version, err = u.version(a.Version)
	}
	return a, version, err
}

func getApplication(ctx context.Context, c *call, in *applicationInput) (*single[Application], error) {
	a, err := c.application(ctx, in.InApplication)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, a.Version, c.applicationShown(a))
}

func changeApplication(ctx context.Context, c *call, in *changeApplicationInput) (*single[Application], error) {
	a, version, err := c.unchangedApplication(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return c.editedApplication(c.s.o.Applications.ChangeApplication(ctx, c.actor, a.OrganizationID, a.ClientID, version, in.Body.edit()))
}

// editedApplication is the answer to an edit of an application.
func (c *call) editedApplication(a identity.Application, err error) (*single[Application], error) {
	if err != nil {
		return nil, err
	}
	return &single[Application]{ETag: etag(a.Version), Body: c.applicationShown(a)}, nil
}

func removeApplication(ctx context.Context, c *call, in *applicationActionInput) (*empty, error) {
	a, _, err := c.unchangedApplication(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Applications.RemoveApplication(ctx, c.actor, a.OrganizationID, a.ClientID)
}

func revokeApplication(ctx context.Context, c *call, in *applicationActionInput) (*empty, error) {
	a, _, err := c.unchangedApplication(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Applications.RevokeAll(ctx, c.actor, a.OrganizationID, a.ClientID)
}

func rotateApplicationSecret(ctx context.Context, c *call, in *rotateSecretInput) (*single[ProvenApplication], error) {
	a, _, err := c.unchangedApplication(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	overlap := application.DefaultOverlap
	putSeconds(&overlap, in.Body.Overlap)
	a, secret, err := c.s.o.Applications.RotateSecret(ctx, c.actor, a.OrganizationID, a.ClientID, overlap)
	if err != nil {
		return nil, err
	}
	return &single[ProvenApplication]{ETag: etag(a.Version), Body: ProvenApplication{c.applicationShown(a), secret}}, nil
}

func revokeApplicationSecret(ctx context.Context, c *call, in *applicationActionInput) (*single[Application], error) {
	a, _, err := c.unchangedApplication(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return c.editedApplication(c.s.o.Applications.RevokeSecret(ctx, c.actor, a.OrganizationID, a.ClientID))
}

func testApplicationClaims(ctx context.Context, c *call, in *testClaimsInput) (*all[ResolvedClaim], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	test := application.ClaimTest{Member: identity.MemberID(in.Body.Member)}
	if in.Body.Claims != nil {
		test.Rules = claimRules(*in.Body.Claims)
	}
	found, err := c.s.o.Applications.TestClaims(ctx, c.actor, o.ID, in.ClientID, test)
	if err != nil {
		return nil, err
	}
	return whole(found, func(r application.Resolved) ResolvedClaim {
		return ResolvedClaim{ClaimRule(r.ClaimRule), r.Value}
	}), nil
}

func getApplicationIcon(ctx context.Context, c *call, in *iconInput) (*iconAnswer, error) {
	a, err := c.application(ctx, in.InApplication)
	if err != nil {
		return nil, err
	}
	content, digest, err := c.s.o.Applications.Icon(ctx, a.ClientID)
	if err != nil {
		return nil, err
	}
	return &iconAnswer{Type: http.DetectContentType(content), ETag: `"` + digest + `"`, Body: content}, nil
}

func setApplicationIcon(ctx context.Context, c *call, in *setIconInput) (*single[Application], error) {
	a, _, err := c.unchangedApplication(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return c.editedApplication(c.s.o.Applications.SetIcon(ctx, c.actor, a.OrganizationID, a.ClientID, in.RawBody))
}

func removeApplicationIcon(ctx context.Context, c *call, in *applicationActionInput) (*single[Application], error) {
	a, _, err := c.unchangedApplication(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return c.editedApplication(c.s.o.Applications.RemoveIcon(ctx, c.actor, a.OrganizationID, a.ClientID))
}

// givenSeconds is a duration that was given as a number.
func givenSeconds(given *int) *time.Duration {
	if given == nil {
		return nil
	}
	d := time.Duration(0)
	putSeconds(&d, given)
	return &d
}
