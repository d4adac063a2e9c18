package pages

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"sync"

	"github.com/orgate/orgate/internal/i18n"
)

//go:embed templates/*.html
var templateFiles embed.FS

// Options are what the pages need to know of the installation.
type Options struct {
	Product  string        // the name shown on every page; "Orgate" when empty
	BaseURL  string        // the public address; https makes the preference cookies Secure
	Language i18n.Language // for browsers that name no language we speak; English when empty
}

// Pages renders pages. It never changes after New and is safe for concurrent
// use.
type Pages struct {
	options   Options
	secure    bool
	catalogue *i18n.Catalogue
	assets    assets
	templates map[i18n.Language]map[string]parsed
}

// parsed is a template that is parsed when it is first shown: most servers
// show few pages, and none while they start.
type parsed func() (*template.Template, error)

// New returns the pages. An error is a base URL that is no URL. A broken
// template is found when its page is rendered, which tests do with each.
func New(catalogue *i18n.Catalogue, options Options) (*Pages, error) {
	if options.Product == "" {
		options.Product = "Orgate"
	}
	if options.Language == "" {
		options.Language = i18n.EnUS
	}
	base, err := url.Parse(options.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("base URL of the pages: %w", err)
	}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	p := &Pages{
		options: options, secure: base.Scheme == "https", catalogue: catalogue, assets: files,
		templates: map[i18n.Language]map[string]parsed{},
	}
	for _, lang := range i18n.Languages() {
		p.templates[lang] = p.in(lang)
	}
	return p, nil
}

// in returns the templates of one language by the name of their content. They
// share a layout.
func (p *Pages) in(lang i18n.Language) map[string]parsed {
	layout := sync.OnceValues(func() (*template.Template, error) { return p.layout(lang) })
	set := map[string]parsed{}
	for _, content := range contents() {
		name := content.name()
		set[name] = sync.OnceValues(func() (*template.Template, error) {
			shared, err := layout()
			if err != nil {
				return nil, err
			}
			one, err := shared.Clone()
			if err != nil {
				return nil, err
			}
			return one.ParseFS(templateFiles, "templates/"+name+".html")
		})
	}
	return set
}

// layout parses what pages have in common with its functions bound to one
// language, so that a template says {{t "key"}} and never handles a language.
func (p *Pages) layout(lang i18n.Language) (*template.Template, error) {
	functions := template.FuncMap{
		"t":      func(key string, pairs ...any) (string, error) { return p.text(lang, key, pairs) },
		"say":    func(key string) string { return p.catalogue.Text(lang, key, nil) },
		"fault":  p.faultText(lang),
		"asset":  p.assets.address,
		"mark":   func() string { return MarkPath },
		"moment": moment, "machine": machine,
	}
	return template.New("layout.html").Funcs(functions).Option("missingkey=error").
		ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", "templates/console_parts.html")
}

// text is the template function t: a page key without its prefix, then either
// names and values of parameters in turn or one map of them.
func (p *Pages) text(lang i18n.Language, key string, pairs []any) (string, error) {
	if len(pairs) == 1 {
		params, ok := pairs[0].(map[string]any)
		if !ok {
			return "", fmt.Errorf("sentence %s: one parameter that is no map", key)
		}
		return p.catalogue.Text(lang, keyPrefix+key, params), nil
	}
	params := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return "", fmt.Errorf("sentence %s: parameter %d has no name", key, i/2)
		}
		params[name] = pairs[i+1]
	}
	return p.catalogue.Text(lang, keyPrefix+key, params), nil
}

// view is what the layout is given.
type view struct {
	Product string
	Content Content
	Prefer  preference
}

// Serve is Render for who has nothing else to answer: what fails is written to
// the log, and told without a page.
func (p *Pages) Serve(w http.ResponseWriter, r *http.Request, page Page, log *slog.Logger) {
	if err := p.Render(w, r, page); err != nil {
		log.ErrorContext(r.Context(), "render a page", "path", r.URL.Path, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// Render writes a page with its headers. When it returns an error nothing was
// written: the page is broken and the caller answers and logs. A visitor who
// goes away while the page is written is not an error.
func (p *Pages) Render(w http.ResponseWriter, r *http.Request, page Page) error {
	if page.Content == nil {
		return errors.New("render: a page without content")
	}
	chosen := p.preferenceOf(r, page)
	parse, ok := p.templates[chosen.Language][page.Content.name()]
	if !ok {
		return fmt.Errorf("render: no template %q", page.Content.name())
	}
	shown, err := parse()
	if err != nil {
		return fmt.Errorf("parse %s in %s: %w", page.Content.name(), chosen.Language, err)
	}
	var body bytes.Buffer
	v := view{Product: p.options.Product, Content: page.Content, Prefer: chosen}
	if err := shown.ExecuteTemplate(&body, "layout.html", v); err != nil {
		return fmt.Errorf("render %s: %w", page.Content.name(), err)
	}
	p.Remember(w, r)
	setHeaders(w.Header(), page)
	w.WriteHeader(page.status())
	// A failed write means that nobody reads any more.
	_, _ = body.WriteTo(w)
	return nil
}
