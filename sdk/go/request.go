package signature

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
)

// Path is where an App ID login is sent, by POST.
const Path = "/v2/usg/acs/auth/appauth"

// Sign returns the lower-case hexadecimal HMAC-SHA256 of a string to sign
// under an App Key.
func Sign(key Key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// Authorization returns the value of the Authorization header.
func Authorization(appID, signature string) string {
	return AuthorizationWithoutAccess(signature) + ",access=" + base64.StdEncoding.EncodeToString([]byte(appID))
}

// AuthorizationWithoutAccess returns the older form of the header's value, for
// servers that do not know access.
func AuthorizationWithoutAccess(signature string) string {
	return "HMAC-SHA256 signature=" + signature
}

// Nonce returns a fresh nonce: 48 hexadecimal characters, 192 random bits.
func Nonce() string {
	var b [24]byte
	// Read never fails: the runtime ends the program rather than give weak
	// random.
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Request is a complete App ID login, ready to be sent once.
type Request struct {
	Method    string
	Path      string
	Header    http.Header
	Body      []byte // JSON, UTF-8
	Text      string // what was signed
	Signature string // lower-case hexadecimal
}

// body lists the fields in the order that all helpers write them.
type body struct {
	AppID      string `json:"appId"`
	ClientType int    `json:"clientType"`
	ExpireTime int64  `json:"expireTime"`
	Nonce      string `json:"nonce"`
	CorpID     string `json:"corpId,omitempty"`
	UserID     string `json:"userId,omitempty"`
	UserName   string `json:"userName,omitempty"`
	UserEmail  string `json:"userEmail,omitempty"`
	UserPhone  string `json:"userPhone,omitempty"`
	DeptCode   string `json:"deptCode,omitempty"`
}

// apiCall is the client type of a server-side caller (Meeting API, 4.1).
const apiCall = 72

// Request makes the login request, with a fresh nonce when the login has
// none. The error is a *Refusal.
func (a App) Request(l Login) (Request, error) {
	if l.Nonce == "" {
		l.Nonce = Nonce()
	}
	text, err := a.StringToSign(l)
	if err != nil {
		return Request{}, err
	}
	client := apiCall
	if l.ClientType != nil {
		client = *l.ClientType
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body{
		a.ID, client, l.ExpireTime, l.Nonce, l.CorpID, l.UserID,
		l.UserName, l.UserEmail, l.UserPhone, l.DeptCode,
	}); err != nil {
		return Request{}, fmt.Errorf("write the login: %w", err)
	}
	signature := Sign(a.Key, text)
	return Request{
		Method: http.MethodPost,
		Path:   Path,
		Header: http.Header{
			"Authorization": {Authorization(a.ID, signature)},
			"Content-Type":  {"application/json; charset=UTF-8"},
			"X-Token-Type":  {"LongTicket"},
		},
		Body:      bytes.TrimSuffix(out.Bytes(), []byte("\n")),
		Text:      text,
		Signature: signature,
	}, nil
}
