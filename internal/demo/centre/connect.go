package centre

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// loginScope is the one scope that a website app may ask for at WeChat.
const loginScope = "snsapi_login"

// question is what an app asks by sending a browser here.
type question struct {
	App      App
	Scope    string
	redirect *url.URL
	state    string
}

// barrier is why the page does not open: WeChat's words, and what would be
// right.
type barrier struct {
	Code    int
	Message string
	Hint    string
}

// readQuestion checks what a browser brings. The app's own address is not
// trusted before it is checked: a barrier is a page here, never a redirect.
func (c *Centre) readQuestion(q url.Values) (question, *barrier) {
	app, known := c.apps[first(q, "appid", "client_id")]
	if !known {
		return question{}, &barrier{invalidApp.Code, "AppID 参数错误", "No app is registered here under this appid."}
	}
	redirect, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || !app.owns(redirect) {
		return question{}, &barrier{10003, "redirect_uri 参数错误", fmt.Sprintf(
			"The domain of redirect_uri is not the one that was authorised for this app at the centre: %s.", app.Domains)}
	}
	if q.Get("response_type") != "code" {
		return question{}, &barrier{10004, "response_type 参数错误", "The response_type must be code."}
	}
	if scope := q.Get("scope"); scope != loginScope && !app.AnyScope {
		return question{}, &barrier{10005, "Scope 参数错误或没有 Scope 权限", fmt.Sprintf(
			"The scope of this app must be %s; it was %q.", loginScope, scope)}
	}
	return question{App: app, Scope: q.Get("scope"), redirect: redirect, state: q.Get("state")}, nil
}

// owns tells whether an address of return lies in an authorised domain. One
// with a user name in it is refused: it is written to be misread.
func (a App) owns(address *url.URL) bool {
	return (address.Scheme == "http" || address.Scheme == "https") && address.Opaque == "" && address.User == nil &&
		slices.Contains(a.Domains, address.Hostname())
}

// back is the address of return with what the app is to know. A code of ""
// says that the person does not want to.
func (q question) back(code string) string {
	to := *q.redirect
	query := to.Query()
	if code != "" {
		query.Set("code", code)
	}
	if q.state != "" {
		query.Set("state", q.state)
	}
	to.RawQuery = query.Encode()
	return to.String()
}

// ask shows the page on which a person signs in.
func (c *Centre) ask(w http.ResponseWriter, r *http.Request) {
	asked, barred := c.readQuestion(r.URL.Query())
	if barred != nil {
		c.pages.Show(w, http.StatusOK, "barrier.html", barred)
		return
	}
	c.showConnect(w, r, connectPage{Asked: asked})
}

// connectPage is what the page shows.
type connectPage struct {
	Asked      question
	Enterprise string
	Action     string // where the form is posted: here, with the same question
	Account    string // what was typed before
	Wrong      bool   // account or password were
	Matrix     string // the drawing, as the data of an SVG path
	Whole      int    // the side of the drawing with its quiet zone
}

func (c *Centre) showConnect(w http.ResponseWriter, r *http.Request, page connectPage) {
	status := http.StatusOK
	if page.Wrong {
		status = http.StatusForbidden
	}
	page.Enterprise, page.Action = c.options.Name, r.URL.RequestURI()
	page.Matrix, page.Whole = matrix(page.Asked.App.ID+page.Asked.state), matrixSide+4
	c.pages.Show(w, status, "connect.html", page)
}

// admit takes the form of the page: who is it, and back to the app.
func (c *Centre) admit(w http.ResponseWriter, r *http.Request) {
	asked, barred := c.readQuestion(r.URL.Query())
	if barred != nil {
		c.pages.Show(w, http.StatusOK, "barrier.html", barred)
		return
	}
	form, err := readForm(w, r)
	if err != nil {
		http.Error(w, "the form could not be read", http.StatusBadRequest)
		return
	}
	if form.Has("cancel") {
		c.sendBack(w, r, asked.back(""))
		return
	}
	person, known := c.people[form.Get("account")]
	if !known || !same(person.Password, form.Get("password")) {
		c.showConnect(w, r, connectPage{Asked: asked, Account: form.Get("account"), Wrong: true})
		return
	}
	c.sendBack(w, r, asked.back(c.grants.issue(code{
		app: asked.App.ID, scope: asked.Scope, person: person, redirect: r.URL.Query().Get("redirect_uri"),
	})))
}

func (c *Centre) sendBack(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, to, http.StatusSeeOther)
}
