// Package sdk_test drives the real binary with the official, unchanged SDK of
// the Meeting API, and with the signature helper for what the SDK cannot do.
package sdk_test

import (
	"errors"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	meeting "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1"

	"github.com/orgate/orgate/e2e/harness"
)

func TestMain(m *testing.M) { os.Exit(covered(harness.Main(m))) }

// client signs in by itself with account and password at its first call, and
// goes on using that token.
func client(t *testing.T, n *harness.Node, account, password string) *meeting.MeetingClient {
	t.Helper()
	return meeting.NewMeetingClient(bare(t, n, account, password))
}

func bare(t *testing.T, n *harness.Node, account, password string) *core.HcHttpClient {
	t.Helper()
	credential := meeting.NewMeetingCredentialsBuilder().WithUserName(account).WithUserPassword(password).Build()
	made, err := meeting.MeetingClientBuilder().WithEndpoints([]string{n.URL}).WithCredential(credential).
		WithHttpConfig(config.DefaultHttpConfig().WithTimeout(20 * time.Second).WithHttpHandler(called.handler())).SafeBuild()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// clientOf is a client of a person of the usual manifest.
func clientOf(t *testing.T, n *harness.Node, account string) *meeting.MeetingClient {
	t.Helper()
	return client(t, n, account, harness.Password(account))
}

// clientWith is a client that uses a token from elsewhere: with any
// Authorization header the SDK leaves its own sign-in out.
func clientWith(t *testing.T, n *harness.Node, token string) *meeting.MeetingClient {
	t.Helper()
	made := bare(t, n, "nobody", "nothing")
	made.WithExtraHeaders(map[string]string{"X-Access-Token": token, "Authorization": "none"})
	return meeting.NewMeetingClient(made)
}

// refused fails the test unless an error is the server's answer with a status
// and a code, told in full.
func refused(t *testing.T, err error, status int, code string) {
	t.Helper()
	var answer *sdkerr.ServiceResponseError
	if !errors.As(err, &answer) {
		t.Errorf("got %v, want an answer %d %s", err, status, code)
		return
	}
	if answer.StatusCode != status || answer.ErrorCode != code {
		t.Errorf("got %d %s (%s), want %d %s", answer.StatusCode, answer.ErrorCode, answer.ErrorMessage, status, code)
	}
	if answer.ErrorMessage == "" || answer.RequestId == "" {
		t.Errorf("the answer %s lacks its message or its request id: %q, %q", code, answer.ErrorMessage, answer.RequestId)
	}
}

func succeed[T any](t *testing.T, answer T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func pointer[T any](value T) *T { return &value }

const (
	badRequest   = http.StatusBadRequest
	unauthorized = http.StatusUnauthorized
	forbidden    = http.StatusForbidden
)
