package demo

import (
	"io"
	"text/template"
	"time"

	signature "github.com/orgate/orgate/sdk/go"
)

// announcement is what the demonstration prints. The commands work in any
// POSIX shell with curl; the signed one works once and for a day, as a
// signature should, and the line after it makes another.
const announcement = `
Orgate runs at {{.Address}}
{{- if .OperatorsAddress}}   (operators: http://{{.OperatorsAddress}}/metrics, /healthz, /readyz){{end}}
Everything is thrown away when it stops: press Ctrl-C.

  Enterprise     Acme, domain acme.example, 5 departments, 20 members
  Owner          owner@acme.example
  Administrator  admin@acme.example
  Member         alice@acme.example, 陈伟 chen.wei@acme.example and 16 more
  Provider       root@sp.example
  Password       {{.Password}}    (of all of them)
  App ID         {{.AppID}}
  App key        {{.AppKey}}
  Provider's     {{.ProviderID}}
    App key      {{.ProviderKey}}

Paste this into another shell.

# 1. A third party's server signs for a person who does not exist yet: she is signed in and made a member.
TOKEN=$({{.SignIn}} | tee /dev/stderr | sed -n 's/.*"accessToken":"\([^"]*\)".*/\1/p'); echo

# 2. Use the token: who is it?
curl -sS -X POST {{.Address}}/v1/usg/acs/token/validate -H 'Content-Type: application/json' \
  -d '{"token":"'"$TOKEN"'","needGenNewToken":false,"needAccountInfo":true}'; echo

# 3. Refresh it: the same word lives on.
curl -sS -X PUT {{.Address}}/v1/usg/acs/token -H "X-Access-Token: $TOKEN"; echo

# 4. End it. Using it once more is refused, and says why.
curl -sS -X DELETE {{.Address}}/v1/usg/acs/token -H "X-Access-Token: $TOKEN" -w 'ended: %{http_code}\n'
curl -sS -X PUT {{.Address}}/v1/usg/acs/token -H "X-Access-Token: $TOKEN" -H 'Accept-Language: en-US'; echo

# Again, with a fresh signature (a nonce works once):
{{.Command}} sign --app-id {{.AppID}} --app-key {{.AppKey}} --user-id grace --user-name Grace --server {{.Address}}

# An account and its password:
curl -sS -u 'alice@acme.example:{{.Password}}' {{.Address}}/v1/usg/acs/auth/account \
  -H 'Content-Type: application/json' -d '{"account":"alice@acme.example","clientType":72}'; echo
`

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
		SignIn string
	}{scene, request.Curl(scene.Address)})
}
