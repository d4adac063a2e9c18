package receiver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// call is a call whose form and signature are right.
type call struct {
	word   string // the last of the path
	first  bool   // the first form
	flag   int
	fields map[string]json.RawMessage
}

var errSignature = errors.New("the signature is wrong")

// fresh calls are no older and no newer (G.4).
const skew = time.Minute

func mac(key, text string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return h.Sum(nil)
}

// bodySign is the header that signs an answer (G.4).
func bodySign(key, body string) string {
	return fmt.Sprintf(`sign_type="HMAC-SHA256", signature="%s"`, base64.StdEncoding.EncodeToString(mac(key, body)))
}

// open checks what holds for every call (G.2, G.4).
func (r *Receiver) open(request *http.Request, body []byte) (c call, err error) {
	if c, err = head(request); err != nil {
		return c, err
	}
	if err := json.Unmarshal(body, &c.fields); err != nil {
		return c, err
	}
	stamp, err := c.text("timeStamp", 17)
	if err != nil {
		return c, err
	}
	if err := r.onTime(stamp); err != nil {
		return c, err
	}
	if c.first {
		err = r.firstSignature(request.Header, c.fields, stamp)
	} else {
		err = r.signature(request.Header, string(body))
	}
	if err != nil {
		return c, err
	}
	return c, c.common()
}

// head checks how and where a call is made.
func head(request *http.Request) (c call, err error) {
	if request.Method != http.MethodPost {
		return c, fmt.Errorf("the method is %s", request.Method)
	}
	kind, options, err := mime.ParseMediaType(request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || !strings.EqualFold(options["charset"], "utf-8") {
		return c, fmt.Errorf("the content is %q", request.Header.Get("Content-Type"))
	}
	path, ok := strings.CutPrefix(request.URL.Path, "/app/produceAPI/")
	if !ok {
		return c, errors.New("the path is not below the callback address")
	}
	if c.word, ok = strings.CutPrefix(path, "v2/"); !ok {
		c.word, c.first = path, true
	}
	return c, nil
}

// common checks the parameters that every call has.
func (c *call) common() (err error) {
	for _, name := range []string{"instanceId", "tenantId"} {
		if _, err := c.text(name, 64); err != nil {
			return err
		}
	}
	if test, err := c.number("testFlag"); err != nil || test != 0 {
		return fmt.Errorf("testFlag is %d: %w", test, err)
	}
	if c.word != "allOrgSync" {
		c.flag, err = c.number("flag")
	}
	return err
}

// onTime reads yyyyMMddHHmmssSSS, eight hours east (G.2).
func (r *Receiver) onTime(stamp string) error {
	if len(stamp) != 17 {
		return fmt.Errorf("timeStamp %q has not 17 digits", stamp)
	}
	at, err := time.ParseInLocation("20060102150405.000", stamp[:14]+"."+stamp[14:], time.FixedZone("", 8*60*60))
	if err == nil && r.now().Sub(at).Abs() > skew {
		err = fmt.Errorf("timeStamp %s is not now", stamp)
	}
	return err
}

// signature checks the headers of the second form, each nonce once.
func (r *Receiver) signature(header http.Header, body string) error {
	stamp, nonce := header.Get("x-timestamp"), header.Get("x-nonce")
	ms, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || r.now().Sub(time.UnixMilli(ms)).Abs() > skew {
		return fmt.Errorf("x-timestamp %q is not now", stamp)
	}
	digest := hex.EncodeToString(mac(r.Key, body))
	if !strings.EqualFold(header.Get("x-sign"), hex.EncodeToString(mac(r.Key, r.Key+nonce+stamp+digest))) {
		return errSignature
	}
	if len(nonce) < 8 || r.nonces[nonce] {
		return fmt.Errorf("the nonce %q is short, or came before", nonce)
	}
	r.nonces[nonce] = true
	return nil
}

// firstSignature checks the header of the first form, over all parameters by
// name.
func (r *Receiver) firstSignature(header http.Header, fields map[string]json.RawMessage, stamp string) error {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value := string(fields[name])
		if strings.HasPrefix(value, `"`) {
			if err := json.Unmarshal(fields[name], &value); err != nil {
				return err
			}
		}
		pairs = append(pairs, name+"="+value)
	}
	if header.Get("authToken") != base64.StdEncoding.EncodeToString(mac(r.Key+stamp, strings.Join(pairs, "&"))) {
		return errSignature
	}
	return nil
}

// text is a parameter that may not be missing, of so many characters at most.
func (c call) text(name string, most int) (text string, err error) {
	if err := json.Unmarshal(c.fields[name], &text); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	if n := len([]rune(text)); n == 0 || n > most {
		return "", fmt.Errorf("%s has %d characters", name, n)
	}
	return text, nil
}

func (c call) number(name string) (n int, err error) {
	if err := json.Unmarshal(c.fields[name], &n); err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

// list reads a list, which the first form wraps into a text.
func (c call) list(name string, into any) error {
	raw := []byte(c.fields[name])
	if c.first {
		var wrapped string
		if err := json.Unmarshal(raw, &wrapped); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		raw = []byte(wrapped)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
