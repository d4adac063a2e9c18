package harness

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// Browser keeps cookies, follows redirects and fills in forms; it runs no
// scripts, and goes where a page sends who runs none. Addresses at which nobody listens, such as an application's, can be
// stopped at.
type Browser struct {
	// Says are header fields that go with every request, as a browser behind
	// something that adds them sends.
	Says map[string]string

	client *http.Client
	stops  []string
	set    []*http.Cookie
}

// NewBrowser opens a browser without cookies. A redirect to an address that
// begins with one of stops is not followed: the page is then that address,
// unvisited, with status 0.
func NewBrowser(t testing.TB, stops ...string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &Browser{stops: stops}
	b.client = &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		b.set = append(b.set, r.Response.Cookies()...)
		if b.stopsAt(r.URL) || len(via) > 20 {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return b
}

func (b *Browser) stopsAt(u *url.URL) bool {
	for _, stop := range b.stops {
		if strings.HasPrefix(u.String(), stop) {
			return true
		}
	}
	return false
}

// Cookies are those that were set so far, with their attributes.
func (b *Browser) Cookies() []*http.Cookie { return b.set }

// Page is where a browser is.
type Page struct {
	Status int // 0 at an address that the browser stopped at
	URL    *url.URL
	Header http.Header
	Text   string // the document as it came
	Forms  []Form
}

// Form is one form of a page with what it would send.
type Form struct {
	Method, Action string
	Values         url.Values
	Buttons        []Button
}

// Button submits a form, with a value when it has a name.
type Button struct{ Name, Value, Label string }

// Open visits an address.
func (b *Browser) Open(t testing.TB, address string) Page {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b.send(t, r)
}

// Fill changes fields of a form of a page and sends it; button is a part of the
// label of the one that is pressed, "" for the first.
func (b *Browser) Fill(t testing.TB, p Page, form int, button string, fields map[string]string) Page {
	t.Helper()
	if form >= len(p.Forms) {
		t.Fatalf("%s has %d forms:\n%.2000s", p.URL, len(p.Forms), p.Text)
	}
	f := p.Forms[form]
	for name, value := range fields {
		f.Values.Set(name, value)
	}
	for _, pressed := range f.Buttons {
		if strings.Contains(pressed.Label, button) {
			if pressed.Name != "" {
				f.Values.Set(pressed.Name, pressed.Value)
			}
			break
		}
	}
	to, err := p.URL.Parse(f.Action)
	if err != nil {
		t.Fatal(err)
	}
	if f.Method == http.MethodGet {
		to.RawQuery = f.Values.Encode()
		return b.Open(t, to.String())
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to.String(), strings.NewReader(f.Values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", p.URL.Scheme+"://"+p.URL.Host)
	return b.send(t, r)
}

// SignIn types account and password of the usual manifest into the sign-in page
// at which the browser is.
func (b *Browser) SignIn(t testing.TB, p Page, account string) Page {
	t.Helper()
	for i, f := range p.Forms {
		if f.Values.Has("password") {
			return b.Fill(t, p, i, "", map[string]string{"account": account, "password": Password(account)})
		}
	}
	t.Fatalf("%s is no sign-in page (%d):\n%.2000s", p.URL, p.Status, p.Text)
	return p
}

// Press sends the form that has a button with this label.
func (b *Browser) Press(t testing.TB, p Page, label string) Page {
	t.Helper()
	for i, f := range p.Forms {
		for _, button := range f.Buttons {
			if strings.Contains(button.Label, label) {
				return b.Fill(t, p, i, label, nil)
			}
		}
	}
	t.Fatalf("%s has no button %q (%d):\n%.3000s", p.URL, label, p.Status, p.Text)
	return p
}

// send sends a request and makes a page of the answer.
func (b *Browser) send(t testing.TB, r *http.Request) Page {
	t.Helper()
	for name, value := range b.Says {
		r.Header.Set(name, value)
	}
	resp, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	b.set = append(b.set, resp.Cookies()...)
	if to, err := resp.Location(); err == nil && b.stopsAt(to) {
		return Page{URL: to, Header: resp.Header}
	}
	p := Page{Status: resp.StatusCode, URL: resp.Request.URL, Header: resp.Header, Text: string(text)}
	document, err := html.ParseWithOptions(strings.NewReader(p.Text), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	if to, sent := withoutScript(document); sent {
		next, err := p.URL.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		return b.Open(t, next.String())
	}
	for node := range document.Descendants() {
		if node.Type == html.ElementNode && node.Data == "form" {
			p.Forms = append(p.Forms, formOf(node))
		}
	}
	return p
}

// withoutScript is where a page sends a browser that runs no scripts.
func withoutScript(document *html.Node) (address string, sent bool) {
	for node := range document.Descendants() {
		if node.Data == "meta" && node.Parent.Data == "noscript" && attribute(node, "http-equiv") == "refresh" {
			return strings.CutPrefix(attribute(node, "content"), "0; url=")
		}
	}
	return "", false
}

func formOf(node *html.Node) Form {
	f := Form{Method: http.MethodGet, Action: attribute(node, "action"), Values: url.Values{}}
	if strings.EqualFold(attribute(node, "method"), "post") {
		f.Method = http.MethodPost
	}
	for field := range node.Descendants() {
		if field.Type != html.ElementNode {
			continue
		}
		name, kind := attribute(field, "name"), attribute(field, "type")
		switch {
		case field.Data == "button" && kind != "button":
			f.Buttons = append(f.Buttons, Button{name, attribute(field, "value"), labelOf(field)})
		case name == "":
		case field.Data == "textarea", field.Data == "select":
			f.Values.Set(name, "")
		case field.Data == "input" && (kind != "checkbox" && kind != "radio" || has(field, "checked")):
			f.Values.Set(name, attribute(field, "value"))
		}
	}
	return f
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(node *html.Node, name string) bool {
	for _, a := range node.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func labelOf(node *html.Node) string {
	var text strings.Builder
	for part := range node.Descendants() {
		if part.Type == html.TextNode {
			text.WriteString(part.Data)
		}
	}
	return strings.TrimSpace(text.String())
}
