package standin

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
)

//go:embed frame.html
var frame embed.FS

// Pages are the pages of one stand-in.
type Pages struct {
	files     fs.FS
	templates *template.Template
}

// ParsePages reads every pages/*.html of a stand-in. They begin with the
// template "head", which takes the title, and end with "foot"; one of them
// defines "role", the sentence that says what the stand-in stands for. The
// style is pages/style.css. An error is a defect of the pages.
func ParsePages(files fs.FS) (*Pages, error) {
	templates, err := template.ParseFS(frame, "frame.html")
	if err == nil {
		templates, err = templates.ParseFS(files, "pages/*.html")
	}
	if err != nil {
		return nil, err
	}
	return &Pages{files, templates}, nil
}

// Show writes a page. Its policy has no form-action: Chromium would apply it to
// the ways to and from other parties, on which a form leads.
func (p *Pages) Show(w http.ResponseWriter, status int, name string, data any) {
	var body bytes.Buffer
	if err := p.templates.ExecuteTemplate(&body, name, data); err != nil {
		http.Error(w, "this page is broken", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w)
}

// Style answers with the style of the pages.
func (p *Pages) Style(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, p.files, "pages/style.css")
}
