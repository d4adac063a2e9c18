package api

import (
	"cmp"
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
)

// Sync is how an application is told of its organisation.
type Sync struct {
	Enabled         bool      `json:"enabled"`
	CallbackURL     string    `json:"callback_url"`
	HasSignatureKey bool      `json:"has_signature_key" doc:"Whether there is a key that signs; the key itself is never shown."`
	PublicKey       string    `json:"public_key"`
	Digest          string    `json:"digest" enum:"sha256,sha1"`
	Wire            string    `json:"wire" enum:"v1,v2"`
	VerifyAnswers   bool      `json:"verify_answers"`
	ReleasePersonal bool      `json:"release_personal"`
	HasClientSecret bool      `json:"has_client_secret" doc:"Whether there is a secret of the application to tell; the secret itself is never shown."`
	SecretCurrent   bool      `json:"secret_current" doc:"Whether the secret that is told still proves the application. When it does not, give the new one as client_secret."`
	Version         int64     `json:"version"`
	CreatedAt       time.Time `json:"created_at"`
	UpdatedAt       time.Time `json:"updated_at"`
}

func syncShown(s provision.Settings) Sync {
	return Sync{
		Enabled: s.Enabled, CallbackURL: s.CallbackURL, HasSignatureKey: s.HasKey, PublicKey: s.PublicKey, Digest: string(s.Digest),
		Wire: string(s.Wire), VerifyAnswers: s.VerifyAnswers, ReleasePersonal: s.ReleasePersonal, HasClientSecret: s.HasSecret,
		SecretCurrent: s.SecretCurrent, Version: s.Version, CreatedAt: s.CreatedAt.UTC(), UpdatedAt: s.UpdatedAt.UTC(),
	}
}

// NewSync is the body that says how an application is told. What is left out has
// its default, but for key and secret, which stay.
type NewSync struct {
	Enabled         bool    `json:"enabled,omitempty"`
	CallbackURL     string  `json:"callback_url,omitempty" doc:"The receiver's address, https with the name of a host, to which /produceAPI/… is appended."`
	SignatureKey    *string `json:"signature_key,omitempty" doc:"Signs the calls; 8 to 128 printable ASCII characters. Left out, the one that is stored stays."`
	PublicKey       string  `json:"public_key,omitempty" doc:"The receiver's RSA key of 3,072 bits or more, in PEM or its content in base64. The application's secret is encrypted with it."`
	Digest          string  `json:"digest,omitempty" enum:"sha256,sha1" default:"sha256" doc:"sha1 is weak, and for receivers that know nothing else."`
	Wire            string  `json:"wire,omitempty" enum:"v1,v2" default:"v2" doc:"The form of the calls."`
	VerifyAnswers   bool    `json:"verify_answers,omitempty" doc:"Refuse answers that are not signed. Those with a wrong signature are refused always."`
	ReleasePersonal bool    `json:"release_personal,omitempty" doc:"Tell mobile numbers, mail addresses, and when and where somebody works."`
	ClientSecret    *string `json:"client_secret,omitempty" doc:"The application's secret, which the receiver is told. Needed once to enable it for an application that has one. Left out, the one that is stored stays."`
}

func (b NewSync) change() provision.SyncChange {
	wire, digest := identity.SyncWire(cmp.Or(b.Wire, string(identity.SyncV2))), identity.SyncDigest(cmp.Or(b.Digest, string(identity.SyncSHA256)))
	return provision.SyncChange{
		Enabled: &b.Enabled, CallbackURL: &b.CallbackURL, SignatureKey: b.SignatureKey, PublicKey: &b.PublicKey, Digest: &digest, Wire: &wire,
		VerifyAnswers: &b.VerifyAnswers, ReleasePersonal: &b.ReleasePersonal, ClientSecret: b.ClientSecret,
	}
}

// sync finds how the application that a call is about is told.
func (c *call) sync(ctx context.Context, in InApplication) (identity.OrganizationID, provision.Settings, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return "", provision.Settings{}, err
	}
	s, err := c.s.o.Syncs.Sync(ctx, c.actor, o.ID, in.ClientID)
	return o.ID, s, err
}

func getSync(ctx context.Context, c *call, in *applicationInput) (*single[Sync], error) {
	_, s, err := c.sync(ctx, in.InApplication)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, s.Version, syncShown(s))
}

type setSyncInput struct {
	InApplication
	Unchanged
	Body NewSync
}

func setSync(ctx context.Context, c *call, in *setSyncInput) (*single[Sync], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	var version int64
	if in.IfMatch != "" {
		s, err := c.s.o.Syncs.Sync(ctx, c.actor, o.ID, in.ClientID)
		if err != nil {
			return nil, err
		}
		if version, err = in.version(s.Version); err != nil {
			return nil, err
		}
	}
	s, err := c.s.o.Syncs.SetSync(ctx, c.actor, o.ID, in.ClientID, version, in.Body.change())
	if err != nil {
		return nil, err
	}
	return &single[Sync]{ETag: etag(s.Version), Body: syncShown(s)}, nil
}

func removeSync(ctx context.Context, c *call, in *applicationActionInput) (*empty, error) {
	org, s, err := c.sync(ctx, in.InApplication)
	if err != nil {
		return nil, err
	}
	version, err := in.version(s.Version)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Syncs.RemoveSync(ctx, c.actor, org, in.ClientID, version)
}

type trySyncInput struct {
	InApplication
	Body NewSync
}

// SyncTry is what came of a try of settings.
type SyncTry struct {
	Passed bool       `json:"passed"`
	Calls  []SyncCall `json:"calls" doc:"The calls that were made, up to the first that failed."`
}

// SyncCall is one call to a receiver.
type SyncCall struct {
	Event      string `json:"event" enum:"tenant,application,departments,department,people"`
	Passed     bool   `json:"passed"`
	HTTPStatus int    `json:"http_status" doc:"0 when no answer came."`
	ResultCode string `json:"result_code" doc:"The receiver's, empty when it said none."`
	ResultMsg  string `json:"result_msg"`
	DurationMS int64  `json:"duration_ms"`
	Failure    string `json:"failure" enum:",unreachable,signature,abnormal" doc:"What kind of failure it is; empty for none."`
	Detail     string `json:"detail" doc:"Why no answer came; else empty."`
	Remedy     string `json:"remedy" doc:"How to mend the failure; else empty."`
}

// remedy is how a failure of a class is mended.
func (c *call) remedy(class provision.Class) string {
	if class == "" {
		return ""
	}
	return c.text("sync.remedy." + string(class))
}

func trySync(ctx context.Context, c *call, in *trySyncInput) (*answered[SyncTry], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	outcomes, err := c.s.o.Syncs.TrySync(ctx, c.actor, o.ID, in.ClientID, in.Body.change())
	if err != nil {
		return nil, err
	}
	report := SyncTry{Passed: true, Calls: make([]SyncCall, len(outcomes))}
	for i, one := range outcomes {
		report.Passed = report.Passed && one.Passed()
		view := SyncCall{
			Event: string(one.Event), Passed: one.Passed(), HTTPStatus: one.Status, ResultCode: one.Code, ResultMsg: one.Message,
			DurationMS: one.Duration.Milliseconds(), Failure: string(one.Class), Remedy: c.remedy(one.Class),
		}
		if one.Cause != nil {
			view.Detail = c.sentence(one.Cause)
		}
		report.Calls[i] = view
	}
	return &answered[SyncTry]{Body: report}, nil
}
