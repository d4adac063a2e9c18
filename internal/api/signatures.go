package api

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/applogin"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

// LoginToCheck is a login with an App ID that somebody wants explained: as it was
// pasted, or in its two parts.
type LoginToCheck struct {
	Request       string `json:"request,omitempty" doc:"What was sent: a curl command, a whole request, or the headers with the body behind them."`
	Authorization string `json:"authorization,omitempty" doc:"The value of the Authorization header; only without request."`
	Body          string `json:"body,omitempty" doc:"The body; only without request."`
	StringToSign  string `json:"string_to_sign,omitempty" doc:"What the program says to have signed, at most 1024 characters; left out, it is looked for."`
}

// SignatureCheck tells what there is to be told of a login. It holds neither keys
// nor signatures.
type SignatureCheck struct {
	Passed       bool         `json:"passed" doc:"Whether a login like this is let through to the person behind it. Nobody was signed in and no nonce was spent."`
	StringToSign string       `json:"string_to_sign" doc:"What is to be signed, as the server builds it from the body; empty when the body does not say enough."`
	Parts        []SignedPart `json:"parts" doc:"What it consists of, in order."`
	Signed       string       `json:"signed" doc:"What was signed in its place, as given or as found; empty when it is not known."`
	SignedFound  bool         `json:"signed_found" doc:"Whether signed was found by trying what people sign by mistake."`
	Key          string       `json:"key" enum:",current,previous,ended,other" doc:"Which key made the signature: the current one, the one before the last reset while it counts and after, one of another App ID of the same owner; empty for none of them."`
	KeyEndsAt    *time.Time   `json:"key_ends_at,omitempty" doc:"When that key ends or ended."`
	ExpireTime   int64        `json:"expire_time" doc:"expireTime as it was read, in seconds since 1970."`
	ServerTime   time.Time    `json:"server_time" doc:"The server's clock, which expire_time was compared with."`
	Checks       []TraceStep  `json:"checks" doc:"What was looked at, in order; every check, also behind one that failed."`
}

// SignedPart is one part of what is signed.
type SignedPart struct {
	Name  string `json:"name" enum:"appId,corpId,userId,expireTime,nonce"`
	Value string `json:"value"`
}

type (
	checkSignatureInput struct {
		InOrganization
		InAppID
		Body LoginToCheck
	}
	checkProviderSignatureInput struct {
		InAppID
		Body LoginToCheck
	}
)

func checkSignature(ctx context.Context, c *call, in *checkSignatureInput) (*plain[SignatureCheck], error) {
	return c.checkSignature(ctx, in.owner, in.InAppID, in.Body)
}

func checkProviderSignature(ctx context.Context, c *call, in *checkProviderSignatureInput) (*plain[SignatureCheck], error) {
	return c.checkSignature(ctx, provider, in.InAppID, in.Body)
}

func (c *call) checkSignature(ctx context.Context, find finder, in InAppID, b LoginToCheck) (*plain[SignatureCheck], error) {
	o, a, err := c.appID(ctx, find, in)
	if err != nil {
		return nil, err
	}
	request, err := b.request()
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Applications.CheckSignature(ctx, c.actor, o.id, a.ID, application.SignatureQuestion{Request: request, Text: b.StringToSign})
	if err != nil {
		return nil, err
	}
	return &plain[SignatureCheck]{c.signatureShown(found)}, nil
}

// request reads what was pasted. A fault names the field and never shows what
// stands in it.
func (b LoginToCheck) request() (applogin.Request, error) {
	text := b.Request
	if text == "" {
		text = strings.TrimSpace("Authorization: "+b.Authorization) + "\n\n" + b.Body
		if b.Authorization == "" {
			text = b.Body
		}
	} else if b.Authorization != "" || b.Body != "" {
		return applogin.Request{}, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("authorization")
	}
	r, err := applogin.Parse(text)
	switch {
	case errors.Is(err, applogin.ErrFile):
		return r, fault.New(fault.Invalid, fault.CodeFieldFormat).At("request").With("want", "want.login_body")
	case err != nil:
		return r, fault.New(fault.Invalid, fault.CodeFieldFormat).At("request").With("want", "want.login_request")
	}
	return r, nil
}

func (c *call) signatureShown(a application.SignatureAnswer) SignatureCheck {
	view := SignatureCheck{
		Passed: a.Passed, StringToSign: a.Text, Parts: make([]SignedPart, len(a.Parts)), Signed: a.Signed, SignedFound: a.Found,
		Key: string(a.Key), KeyEndsAt: given(a.KeyEnd), ExpireTime: a.Expire, ServerTime: a.Now.UTC(), Checks: c.steps(a.Steps),
	}
	for i, p := range a.Parts {
		view.Parts[i] = SignedPart(p)
	}
	return view
}

// steps are the lines of a story in the caller's language.
func (c *call) steps(steps []trace.Step) []TraceStep {
	shown := make([]TraceStep, len(steps))
	for i, s := range steps {
		said := s.Detail.In(c.s.o.Catalogue, c.language)
		shown[i] = TraceStep{
			Check: string(s.Check), State: string(s.State), Text: c.text(s.Check.SentenceKey()),
			Expected: said.Expected, Received: said.Received, AfterMS: s.After.Milliseconds(),
		}
		if s.State == trace.Failing || s.State == trace.Warned {
			shown[i].Remedy = c.text(s.Check.RemedyKey())
		}
	}
	return shown
}
