package main

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	signature "github.com/orgate/orgate/sdk/go"
)

// question makes the source of one run. Path is where the requests go: the
// product's own, or limitPath when a bare server is asked the same.
type question func(p *population, path string) source

// appendRequest appends an HTTP/1.1 request as bytes; header is whole lines.
func appendRequest(buf []byte, method, path, header, body string) []byte {
	return fmt.Appendf(buf, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		method, path, header, len(body), body)
}

// repeated asks the same again and again.
func repeated(request []byte) source {
	return func(_ int, buf []byte) []byte { return append(buf, request...) }
}

// askLimit asks a bare server that looks at nothing.
func askLimit(*population, string) source {
	return repeated([]byte("GET " + limitPath + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
}

const (
	signedPath   = "/v2/usg/acs/auth/appauth"
	validatePath = "/v1/usg/acs/token/validate"
	refreshPath  = "/v1/usg/acs/token"
	accountPath  = "/v1/usg/acs/auth/account"
	apiClient    = 72 // Meeting API, 4.1
)

// validation checks tokens (Meeting API, 4.5).
func validation(draw func(*population) int, accountInfo string) question {
	return func(p *population, path string) source {
		return func(_ int, buf []byte) []byte {
			body := `{"token":"` + p.tokens[draw(p)] + `","needGenNewToken":false,"needAccountInfo":` + accountInfo + `}`
			return appendRequest(buf, http.MethodPost, path, "", body)
		}
	}
}

// refresh extends tokens drawn from all by themselves (Meeting API, 4.4).
func refresh(p *population, path string) source {
	return func(_ int, buf []byte) []byte {
		return appendRequest(buf, http.MethodPut, path, "X-Access-Token: "+p.tokens[rand.IntN(len(p.tokens))]+"\r\n", "")
	}
}

// accountLogin signs in with a password (Meeting API, 4.1). Each request comes
// through a proxy from another address: password logins are limited by address.
func accountLogin(p *population, path string) source {
	return func(_ int, buf []byte) []byte {
		account := p.account(byPassword(p))
		header := fmt.Sprintf("Authorization: Basic %s\r\nX-Forwarded-For: 10.%d.%d.%d\r\n",
			base64.StdEncoding.EncodeToString([]byte(account+":"+password)), rand.IntN(256), rand.IntN(256), 1+rand.IntN(254))
		return appendRequest(buf, http.MethodPost, path, header, fmt.Sprintf(`{"account":%q,"clientType":%d}`, account, apiClient))
	}
}

// anyone draws a member from all.
func anyone(p *population) int { return rand.IntN(len(p.tokens)) }

// byPassword draws from those who sign in by password: whose organisation has
// no centre.
func byPassword(p *population) int {
	for {
		if member := anyone(p); p.tenantOf(member).source == "" {
			return member
		}
	}
}

// busyMembers is how many call all the time, while everybody else is away.
const busyMembers = 1_000

// busy draws from those who call all the time.
func busy(p *population) int { return rand.IntN(min(busyMembers, len(p.tokens))) }

// theSame is one member who signs in all the time.
func theSame(*population) int { return 0 }

// signedLogins is how many App-ID logins are signed before a run.
const signedLogins = 40_000

// appLogin signs members in by App ID (Meeting API, 4.2). The requests are made
// and signed before the run, so that the generator's own cost is small; should
// they be used up, more are made on the way.
func appLogin(draw func(*population) int) question {
	return func(p *population, path string) source {
		ready := make([][]byte, signedLogins)
		var work sync.WaitGroup
		workers := runtime.GOMAXPROCS(0)
		for w := range workers {
			work.Go(func() {
				for i := w; i < len(ready); i += workers {
					ready[i] = p.appendAppLogin(nil, draw(p), path)
				}
			})
		}
		work.Wait()
		var used atomic.Int64
		return func(_ int, buf []byte) []byte {
			if i := used.Add(1); i <= int64(len(ready)) {
				return append(buf, ready[i-1]...)
			}
			return p.appendAppLogin(buf, draw(p), path)
		}
	}
}

// signatureLife is how long a signed login is good: longer than any run.
const signatureLife = time.Hour

func (p *population) appendAppLogin(buf []byte, member int, path string) []byte {
	t := p.tenantOf(member)
	user, nonce, expire := thirdAccount(member), signature.Nonce(), time.Now().Add(signatureLife).Unix()
	text := fmt.Sprintf("%s:%s:%d:%s", t.appID, user, expire, nonce)
	header := "X-Token-Type: LongTicket\r\nAuthorization: " +
		signature.Authorization(t.appID, signature.Sign(signature.Key(t.key), text)) + "\r\n"
	body := fmt.Sprintf(`{"appId":%q,"clientType":%d,"expireTime":%d,"nonce":%q,"userId":%q}`, t.appID, apiClient, expire, nonce, user)
	return appendRequest(buf, http.MethodPost, path, header, body)
}
