package demo

import (
	_ "embed"
	"io"
	"strings"
	"text/template"
	"time"

	signature "github.com/orgate/orgate/sdk/go"
)

// announcement is what the demonstration prints. The commands work in any
// POSIX shell with curl; the signed one works once and for a day, as a
// signature should, and a line after it makes another.
//
//go:embed announcement.txt
var announcement string

// ssoRequest is the body of the example in the public SSO API reference, byte
// by byte.
//
//go:embed sso_request.json
var ssoRequest string

// announce prints what was made and how to try it.
func announce(out io.Writer, scene Scene) error {
	if out == nil {
		return nil
	}
	request, err := signature.App{Mode: signature.Enterprise, ID: scene.AppID, Key: signature.Key(scene.AppKey)}.Request(
		signature.Login{UserID: "grace", UserName: "Grace Hopper", DeptCode: "rd", ExpireTime: scene.Began.Add(24 * time.Hour).Unix()})
	if err != nil {
		return err
	}
	page, err := template.New("announcement").Parse(announcement)
	if err != nil {
		return err
	}
	return page.Execute(out, struct {
		Scene
		SignIn, Request, DragonClient string
	}{
		scene, request.Curl(scene.Address), strings.ReplaceAll(strings.TrimSpace(ssoRequest), "http://"+CentreListen, scene.Centre),
		dragonClient,
	})
}
