package applogin

import (
	"net/http"
	"net/url"
	"strings"
)

// valued are the options of curl that take a word: the long ones, and the letters
// of the short ones. An option that is not here takes none.
const valuedLetters = "AbcCdDeEFHKmoPQrTuUwxXyYz"

var valued = map[string]bool{
	"header": true, "data": true, "data-raw": true, "data-binary": true, "data-ascii": true, "data-urlencode": true, "json": true,
	"request": true, "url": true, "user": true, "user-agent": true, "output": true, "cookie": true, "cookie-jar": true,
	"referer": true, "max-time": true, "connect-timeout": true, "cacert": true, "cert": true, "key": true, "proxy": true,
	"resolve": true, "write-out": true, "form": true, "retry": true, "interface": true, "config": true, "connect-to": true,
}

// curl is a command on its way to a request.
type curl struct {
	header    http.Header
	body      string
	hasBody   bool
	json      bool
	method    string
	addresses []string
	fault     error
}

// parseCurl reads what stands behind the word curl.
func parseCurl(text string) (Request, error) {
	all, err := words(text)
	if err != nil {
		return Request{}, ErrForm
	}
	c := &curl{header: http.Header{}}
	for len(all) > 0 && c.fault == nil {
		word := all[0]
		all = all[1:]
		switch {
		case strings.HasPrefix(word, "--"):
			all = c.long(word[2:], all)
		case strings.HasPrefix(word, "-") && len(word) > 1:
			all = c.short(word[1:], all)
		default:
			c.addresses = append(c.addresses, word)
		}
	}
	if c.fault != nil {
		return Request{}, c.fault
	}
	return c.request()
}

func (c *curl) long(name string, rest []string) []string {
	if name, value, ok := strings.Cut(name, "="); ok && valued[name] {
		c.option(name, value)
		return rest
	}
	if !valued[name] || len(rest) == 0 {
		return rest
	}
	c.option(name, rest[0])
	return rest[1:]
}

// letters are the short options that matter here.
var letters = map[byte]string{'H': "header", 'd': "data", 'X': "request"}

// short reads letters that stand together: what follows one that takes a word is
// that word.
func (c *curl) short(cluster string, rest []string) []string {
	for i := range len(cluster) {
		if strings.IndexByte(valuedLetters, cluster[i]) < 0 {
			continue
		}
		value := cluster[i+1:]
		if value == "" {
			if len(rest) == 0 {
				return rest
			}
			value, rest = rest[0], rest[1:]
		}
		c.option(letters[cluster[i]], value)
		return rest
	}
	return rest
}

func (c *curl) option(name, value string) {
	switch name {
	case "header":
		field, text, _ := strings.Cut(value, ":")
		c.header.Add(strings.TrimSpace(field), strings.TrimSpace(text))
	case "request":
		c.method = value
	case "url":
		c.addresses = append(c.addresses, value)
	case "json", "data", "data-binary", "data-ascii", "data-urlencode":
		if strings.HasPrefix(value, "@") {
			c.fault = ErrFile
			return
		}
		c.json = c.json || name == "json"
		c.data(value)
	case "data-raw":
		c.data(value)
	}
}

// data adds to the body: curl joins what comes several times.
func (c *curl) data(value string) {
	if c.hasBody && !c.json {
		c.body += "&"
	}
	c.body += value
	c.hasBody = true
}

// request is what curl would send.
func (c *curl) request() (Request, error) {
	r := Request{Method: c.method, Header: c.header, Body: c.body}
	if r.Method == "" {
		r.Method = http.MethodGet
		if c.hasBody {
			r.Method = http.MethodPost
		}
	}
	for _, address := range c.addresses {
		if u, err := url.Parse(address); err == nil && strings.Contains(address, "/") {
			r.Path = u.Path
		}
	}
	if c.hasBody && r.Header["Content-Type"] == nil {
		// What curl says of a body by itself is a common reason for a refusal.
		kind := "application/x-www-form-urlencoded"
		if c.json {
			kind = "application/json"
		}
		r.Header.Set("Content-Type", kind)
	}
	if len(r.Header) == 0 && r.Body == "" {
		return Request{}, ErrForm
	}
	return r, nil
}
