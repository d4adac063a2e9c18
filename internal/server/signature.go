package server

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/i18n"
	signature "github.com/orgate/orgate/sdk/go"
)

// SignatureQuestion is a signature that failed and what should have been
// signed.
type SignatureQuestion struct {
	App       signature.App
	Login     signature.Login
	Signature string
}

// errDifferent is the exit status of a signature that does not match.
var errDifferent = errors.New("the signature does not match")

// ExplainSignature tells which of the documented string forms a signature does
// match under the key that the caller has. It prints no signature.
func ExplainSignature(out io.Writer, q SignatureQuestion) error {
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	findings := application.ExplainWithKey(application.SignedLogin{
		AppID: q.App.ID, Signature: q.Signature,
		OrganizationRef: q.Login.CorpID, UserID: q.Login.UserID, UserName: q.Login.UserName, Expire: q.Login.ExpireTime,
		ExpireText: strconv.FormatInt(q.Login.ExpireTime, 10), Nonce: q.Login.Nonce,
	},
		[]string{string(q.App.Key)}, q.App.Mode == signature.ServiceProvider)
	for _, f := range findings {
		fmt.Fprintf(out, "%s\n  %s\n", catalogue.Text(i18n.EnUS, f.Check.SentenceKey(), nil), catalogue.Text(i18n.EnUS, f.Check.RemedyKey(), nil))
	}
	if len(findings) == 0 {
		fmt.Fprintln(out, "It matches none of the known mistakes: the key is another one, or a value differs from the one that was signed.")
	}
	return errDifferent
}
