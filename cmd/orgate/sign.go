package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/server"
	signature "github.com/orgate/orgate/sdk/go"
)

type signCommand struct {
	AppID     string `name:"app-id" required:"" help:"App ID, 32 hex digits."`
	AppKey    string `name:"app-key" required:"" help:"App key, or file:/PATH, or env:NAME."`
	UserID    string `name:"user-id" help:"The person's id in your system; left out, the administrator signs in."`
	CorpID    string `name:"corp-id" help:"Organisation id or code; with --mode sp only."`
	UserName  string `name:"user-name" help:"Display name to carry."`
	UserEmail string `name:"user-email" help:"Mail address to carry."`
	UserPhone string `name:"user-phone" help:"Mobile number with country code to carry."`
	DeptCode  string `name:"dept-code" help:"Department code to carry."`
	Expire    string `default:"10m" help:"End of the signature: a duration from now, seconds since 1970, or 0 for never."`
	Nonce     string `help:"32–64 characters; left out, a fresh one is made."`
	Mode      string `enum:"enterprise,sp" default:"enterprise" help:"Who owns the App ID: enterprise or sp."`
	Server    string `default:"http://127.0.0.1:8080" help:"Base URL for the ready command."`
	Explain   string `placeholder:"SIGNATURE" help:"Compare with a signature that failed and tell what was signed instead."`
	JSON      bool   `name:"json" help:"Print JSON for programs."`
}

// Help shows an example.
func (signCommand) Help() string {
	return `Prints the string that is signed, the signature, the header and a ready curl command.

Example:
  orgate sign --app-id 130436e5b34d4859a87f667a2d626a83 --app-key env:APP_KEY --user-id alice
  orgate sign --app-id … --app-key … --user-id alice --expire 1604020600 --nonce … --explain 6f6828…`
}

// Run signs, or explains a signature that failed.
func (c signCommand) Run(w *world) error {
	key, err := secretText(w, c.AppKey)
	if err != nil {
		return err
	}
	expire, err := endOf(c.Expire)
	if err != nil {
		return err
	}
	app := signature.App{Mode: signature.Mode(c.Mode), ID: c.AppID, Key: signature.Key(key)}
	login := signature.Login{
		UserID: c.UserID, CorpID: c.CorpID, ExpireTime: expire, Nonce: c.Nonce, UserName: c.UserName,
		UserEmail: c.UserEmail, UserPhone: c.UserPhone, DeptCode: c.DeptCode,
	}
	if c.Explain != "" {
		return server.ExplainSignature(w.out, server.SignatureQuestion{App: app, Login: login, Signature: c.Explain})
	}
	request, err := app.Request(login)
	if err != nil {
		return usageError{err.Error()}
	}
	if c.JSON {
		return json.NewEncoder(w.out).Encode(map[string]any{
			"string": request.Text, "signature": request.Signature,
			"header": request.Header.Get("Authorization"), "body": json.RawMessage(request.Body),
		})
	}
	_, err = fmt.Fprintf(w.out, "String     %s\nSignature  %s\nHeader     Authorization: %s\n\n%s\n",
		request.Text, request.Signature, request.Header.Get("Authorization"), request.Curl(c.Server))
	return err
}

// endOf reads the end of a signature: seconds since 1970, or a duration from
// now.
func endOf(text string) (int64, error) {
	var seconds int64
	if _, err := fmt.Sscanf(text, "%d", &seconds); err == nil && fmt.Sprint(seconds) == text {
		return seconds, nil
	}
	life, err := time.ParseDuration(text)
	if err != nil || life <= 0 {
		return 0, usageError{fmt.Sprintf("--expire %q is neither seconds since 1970 nor a duration such as 10m", text)}
	}
	return time.Now().Add(life).Unix(), nil
}

// secretText reads a secret given as text, env:NAME or file:/PATH.
func secretText(w *world, text string) (string, error) {
	if name, ok := strings.CutPrefix(text, "env:"); ok {
		for _, entry := range w.environ {
			if value, found := strings.CutPrefix(entry, name+"="); found {
				return value, nil
			}
		}
		return "", usageError{fmt.Sprintf("the environment has no %s", name)}
	}
	if path, ok := strings.CutPrefix(text, "file:"); ok {
		raw, err := os.ReadFile(path)
		return strings.TrimSuffix(string(raw), "\n"), err
	}
	return text, nil
}
