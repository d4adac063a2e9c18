package oidc

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

const (
	logoutEvent = "http://schemas.openid.net/event/backchannel-logout"
	// logoutLife is how long a logout token counts: two minutes at most (Back-
	// Channel Logout 1.0, 2.4). Each attempt has its own.
	logoutLife = 2 * time.Minute
	// logoutLimit bounds one call of an application.
	logoutLimit = 10 * time.Second
	// maxAnswer is how much of an answer is read, so that the connection can be
	// used again.
	maxAnswer = 4 << 10
)

// logoutToken tells an application of the end of a session (Back-Channel
// Logout 1.0, 2.4). It never has a nonce, so that it passes for no ID token.
type logoutToken struct {
	Issuer    string                    `json:"iss"`
	Subject   string                    `json:"sub"`
	Audience  string                    `json:"aud"`
	IssuedAt  int64                     `json:"iat"`
	ExpiresAt int64                     `json:"exp"`
	ID        string                    `json:"jti"`
	Session   string                    `json:"sid"`
	Events    map[string]map[string]any `json:"events"`
}

// EndSession posts a logout token to the application (Back-Channel Logout 1.0,
// 2.5). 200 and 204 are success (2.8); 400 and the like will not change; the
// network and faults of the application's server may mend.
func (p *Provider) EndSession(ctx context.Context, a identity.Application, part identity.Participation) (string, error) {
	if a.OAuth == nil || a.OAuth.BackchannelURL == "" {
		return "", fmt.Errorf("%w: the application has no back-channel address", protocol.ErrHopeless)
	}
	token, err := p.mintLogout(ctx, a, part)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, logoutLimit)
	defer cancel()
	form := url.Values{"logout_token": {token}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.OAuth.BackchannelURL, strings.NewReader(form))
	if err != nil {
		return "", errors.Join(protocol.ErrHopeless, err)
	}
	req.Header.Set("Content-Type", formType)
	resp, err := p.host.HTTP.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer)) // only the status counts
	return told(resp.StatusCode)
}

// told says what a status means.
func told(status int) (string, error) {
	answer := fmt.Sprintf("%d %s", status, http.StatusText(status))
	switch {
	case status == http.StatusOK, status == http.StatusNoContent:
		return answer, nil
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return answer, fmt.Errorf("the application answered %s", answer)
	}
	return answer, fmt.Errorf("%w: the application answered %s", protocol.ErrHopeless, answer)
}

func (p *Provider) mintLogout(ctx context.Context, a identity.Application, part identity.Participation) (string, error) {
	now := p.host.Now()
	payload, err := json.Marshal(logoutToken{
		Issuer: p.issuer, Subject: p.host.Subjects.SubjectID(part.MemberID), Audience: a.ClientID,
		IssuedAt: now.Unix(), ExpiresAt: now.Add(logoutLife).Unix(), ID: rand.Text(), Session: part.Key,
		Events: map[string]map[string]any{logoutEvent: {}},
	})
	if err != nil {
		return "", err
	}
	return p.host.Keys.Sign(ctx, a.OAuth.IDTokenAlgorithm, typLogoutToken, payload)
}
