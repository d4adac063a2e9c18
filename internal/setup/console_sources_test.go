package setup

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// partner adds a source of Acme by its page and returns the address of its
// form.
func (h *consoleHouse) partner() string {
	h.t.Helper()
	anna := h.as("anna")
	added := anna.do(http.MethodPost, "/console/acme/sources", anna.sourcesForm("Partner"))
	if added.status != http.StatusSeeOther || !strings.HasPrefix(added.to, "/console/acme/sources/src_") {
		h.t.Fatalf("added: %d to %q\n%s", added.status, added.to, added.body)
	}
	address, _, _ := strings.Cut(added.to, "?")
	return address
}

func (v *visitor) sourcesForm(name string) url.Values {
	v.h.t.Helper()
	token := v.get("/console/acme/sources").form("").Get("csrf_token")
	return url.Values{"csrf_token": {token}, "name": {name}, "kind": {"oauth2"}}
}

// connection is what somebody types to connect the centre of the house.
func (h *consoleHouse) connection() []string {
	s := h.centre.settings()
	return []string{
		"settings.authorize_url", s.AuthorizeURL, "settings.token_url", s.TokenURL, "settings.userinfo_url", s.UserInfoURL,
		"settings.client_id", s.ClientID, "settings.client_secret", typedSecret, "settings.subject_field", "login", "settings.auth_method", "client_secret_post",
	}
}

var continueInPage = regexp.MustCompile(`<a class="button" href="([^"]+/authorize[^"]*)"`)

// through follows a try from the page that began it to the one that reports it.
func (v *visitor) through(began shown) (address string, report shown) {
	v.h.t.Helper()
	found := continueInPage.FindStringSubmatch(began.body)
	if began.status != http.StatusOK || found == nil {
		v.h.t.Fatalf("the try does not go on: %d\n%s", began.status, began.body)
	}
	back := v.get(html.UnescapeString(found[1]))
	address = v.get(back.to).to
	return address, v.get(address)
}

func TestASourceIsTriedBeforeItIsEnabled(t *testing.T) {
	h := newConsoleHouse(t)
	address := h.partner()
	anna := h.as("anna")
	form := anna.get(address).form("try", append(h.connection(), "match.ours", "account", "match.theirs", "login", "mappings", "name=name")...)
	at, report := anna.through(anna.do(http.MethodPost, address, form))
	if !strings.HasPrefix(at, "/console/") {
		t.Fatalf("the report is at %q", at)
	}
	report.wants(t, "reported", http.StatusOK, "", "The try passed", "at-centre-carl", "Carl of the centre", "would make a new guest", `value="login"`)
	if c, err := h.o.Sources.Get(t.Context(), asConsole(), h.acme.ID, identity.SourceID(address[strings.LastIndex(address, "/")+1:])); err != nil || len(c.Secrets) > 0 {
		t.Errorf("the try saved %+v, %v", c, err)
	}
	anna.do(http.MethodPost, address, report.form("enable")).wants(t, "enabled as tried", http.StatusSeeOther, address+"?done=enabled")
	h.centre.echo.Store(true)
	form = anna.get(address).form("try")
	_, report = anna.through(anna.do(http.MethodPost, address, form))
	report.wants(t, "failed", http.StatusOK, "", "The try failed", "wrong secret")
	anna.get(address+"?try=try_x").wants(t, "no such try", http.StatusNotFound, "")
}

func TestTheOtherSideTriesWhatItFilledIn(t *testing.T) {
	h := newConsoleHouse(t)
	h.partner()
	list, err := h.o.Sources.List(t.Context(), asConsole(), h.acme.ID)
	must(t, err)
	_, secret, err := h.o.Sources.AddSetupLink(t.Context(), asConsole(), h.acme.ID, source.NewSetupLink{Source: list[0].ID})
	must(t, err)
	other := h.as("")
	other.do(http.MethodPost, "/connect/"+secret, nil).wants(t, "opened", http.StatusSeeOther, "/connect")
	page := other.get("/connect")
	other.do(http.MethodPost, "/connect", page.form("try")).wants(t, "tried empty", http.StatusUnprocessableEntity, "", "settings.client_id-error")
	at, report := other.through(other.do(http.MethodPost, "/connect", page.form("try", h.connection()...)))
	if !strings.HasPrefix(at, "/connect?try=try_") {
		t.Fatalf("the report is at %q", at)
	}
	report.wants(t, "reported", http.StatusOK, "", "The try passed", "at-centre-carl", "Submit for approval")
	if strings.Contains(report.body, "guest") {
		t.Error("the other side is told of people of the organisation")
	}
	anna := h.as("anna")
	begun := anna.do(http.MethodPost, sourcePath(h.acme, list[0].ID), anna.get(sourcePath(h.acme, list[0].ID)).form("try", append(h.connection(), "match.ours", "account", "match.theirs", "login")...))
	own, _ := anna.through(begun)
	other.get("/connect?"+own[strings.Index(own, "?")+1:]).wants(t, "the organisation's own try", http.StatusNotFound, "")
}

func TestSourcesAreSetUpOnPages(t *testing.T) {
	h := newConsoleHouse(t)
	anna := h.as("anna")
	anna.get("/console/acme/sources").wants(t, "none", http.StatusOK, "", "There is no source yet", "OAuth 2.0")
	anna.do(http.MethodPost, "/console/acme/sources", anna.sourcesForm("")).wants(t, "without a name", http.StatusUnprocessableEntity, "", "The length does not fit")
	address := h.partner()
	anna = h.as("anna")
	anna.get(address+"?done=added").wants(t, "added", http.StatusOK, "", "Partner", "The source was added", h.server.URL+"/login/source/")
	anna.do(http.MethodPost, address, anna.get(address).form("enable")).wants(t, "enabled empty", http.StatusUnprocessableEntity, "",
		`id="settings.client_id-error"`, `id="match.theirs-error"`)
	form := anna.get(address).form("save", append(h.connection(), "match.ours", "email", "match.theirs", "mail", "mappings", "name=cn, title:Guest <1>")...)
	anna.do(http.MethodPost, address, form).wants(t, "saved", http.StatusSeeOther, address+"?done=saved")
	anna.do(http.MethodPost, address, form).wants(t, "saved on an old version", http.StatusPreconditionFailed, "", "Show what is stored now")
	saved := anna.get(address)
	saved.wants(t, "saved", http.StatusOK, "", `value="mail"`, "name=cn, title:Guest &lt;1&gt;", "Stored. Leave empty to keep it")
	commas := identity.SourceRules{Ours: identity.MatchEmail, Theirs: "mail", Mappings: []identity.Mapping{{Ours: "title", Fixed: "a, name=b"}}}
	stored, err := h.o.Sources.Change(t.Context(), asConsole(), h.acme.ID, identity.SourceID(address[strings.LastIndex(address, "/")+1:]), 0, source.SourceChange{Rules: &commas})
	must(t, err)
	anna.do(http.MethodPost, address, anna.get(address).form("save")).wants(t, "saved as it is shown", http.StatusSeeOther, address+"?done=saved")
	c, err := h.o.Sources.Get(t.Context(), asConsole(), h.acme.ID, stored.ID)
	must(t, err)
	if len(c.Rules.Mappings) != 1 || c.Rules.Mappings[0] != commas.Mappings[0] {
		t.Errorf("the form made %+v of a value with a comma", c.Rules.Mappings)
	}
	saved = anna.get(address)
	anna.do(http.MethodPost, address, saved.form("enable")).wants(t, "enabled untried", http.StatusConflict, "", `name="reason"`)
	anna.do(http.MethodPost, address, saved.form("override")).wants(t, "without a reason", http.StatusUnprocessableEntity, "", `id="reason-error"`)
	anna.do(http.MethodPost, address, saved.form("override", "reason", "they are away")).wants(t, "enabled", http.StatusSeeOther, address+"?done=enabled")
	anna.do(http.MethodPost, address, anna.get(address).form("save", "mappings", "name")).wants(t, "no mapping", http.StatusUnprocessableEntity, "", `id="mappings-error"`)
	anna.do(http.MethodPost, address, anna.get(address).form("save", "mappings", "role:owner")).wants(t, "mapped to a role", http.StatusUnprocessableEntity, "", `id="mappings-error"`)
	anna.do(http.MethodPost, address, anna.get(address).form("other")).wants(t, "no such button", http.StatusBadRequest, "")
	anna.do(http.MethodPost, address, anna.get(address).form("disable")).wants(t, "disabled", http.StatusSeeOther, address+"?done=disabled")
	c, err = h.o.Sources.Get(t.Context(), asConsole(), h.acme.ID, stored.ID)
	must(t, err)
	if c.Enabled || len(c.Secrets) != 1 || c.Rules.Theirs != "mail" {
		t.Errorf("stored %+v", c)
	}
	anna.do(http.MethodPost, address, anna.get(address).form("remove")).wants(t, "removed", http.StatusSeeOther, "/console/acme/sources?done=removed")
	anna.get(address).wants(t, "gone", http.StatusNotFound, "")
}

func TestSourcePagesAskWhoMay(t *testing.T) {
	h := newConsoleHouse(t)
	address := h.partner()
	link, _, err := h.o.Sources.AddSetupLink(t.Context(), asConsole(), h.acme.ID, source.NewSetupLink{
		Source: identity.SourceID(address[strings.LastIndex(address, "/")+1:]),
	})
	must(t, err)
	for _, page := range []string{"/console/acme/sources", address, "/console/acme/setup-links/" + string(link.ID)} {
		h.as("ben").get(page).wants(t, "an administrator, "+page, http.StatusOK, "")
		h.as("carl").get(page).wants(t, "a member, "+page, http.StatusForbidden, "")
		h.as("nina").get(page).wants(t, "another's owner, "+page, http.StatusForbidden, "")
		form := h.as("ben").get(page).form("remove")
		h.as("anna").do(http.MethodPost, page, form).wants(t, "another's form, "+page, http.StatusForbidden, "")
	}
}

var linkInPage = regexp.MustCompile(`<code class="wrap">(http[^<]*/connect/[^<]*)</code>`)

// TestTheOtherSideFillsInASource follows a set-up link from its making to the
// approval.
func TestTheOtherSideFillsInASource(t *testing.T) {
	h := newConsoleHouse(t)
	address := h.partner()
	anna := h.as("anna")
	token := anna.get(address).form("").Get("csrf_token")
	made := anna.do(http.MethodPost, address, url.Values{"csrf_token": {token}, "do": {"link"}, "for": {"root@partner.example"}})
	found := linkInPage.FindStringSubmatch(made.body)
	if found == nil {
		t.Fatalf("no link in %s", made.body)
	}
	anna.get(address).wants(t, "afterwards", http.StatusOK, "", "root@partner.example", "Not opened")
	if strings.Contains(anna.get(address).body, found[1]) {
		t.Error("the link is shown again")
	}
	other := h.as("")
	other.get("/connect").wants(t, "without a link", http.StatusGone, "")
	other.get(found[1]).wants(t, "invited", http.StatusOK, "", "Acme Ltd", "Partner", "works once")
	if other.link != "" {
		t.Fatal("looking opened the link")
	}
	other.do(http.MethodPost, found[1], nil).wants(t, "opened", http.StatusSeeOther, "/connect")
	h.as("").do(http.MethodPost, found[1], nil).wants(t, "opened in another browser", http.StatusGone, "")
	h.fillIn(other)
	review := "/console/acme/setup-links/" + h.onlyLink()
	anna.get("/console/acme/sources").wants(t, "waiting", http.StatusOK, "", review, "Submitted")
	shown := anna.get(review)
	shown.wants(t, "reviewed", http.StatusOK, "", "(filled in)", "The domain partner.example is proven", h.centre.settings().TokenURL)
	anna.do(http.MethodPost, review, shown.form("approve")).wants(t, "approved", http.StatusSeeOther, address)
	anna.do(http.MethodPost, review, shown.form("approve")).wants(t, "approved twice", http.StatusConflict, "")
	other.get("/connect").wants(t, "told", http.StatusOK, "", "Acme Ltd approved what you filled in")
	anna.get(address).wants(t, "in force", http.StatusOK, "", h.centre.settings().TokenURL, "Stored. Leave empty to keep it")
}

// fillIn saves, proves the domain, and submits.
func (h *consoleHouse) fillIn(other *visitor) {
	h.t.Helper()
	t := h.t
	page := other.get("/connect")
	page.wants(t, "the form", http.StatusOK, "", "/login/source/", "Register this address")
	token := page.form("").Get("csrf_token")
	other.do(http.MethodPost, "/connect", url.Values{"csrf_token": {token}, "do": {"submit"}}).wants(t, "submitted empty", http.StatusUnprocessableEntity, "", "settings.client_id-error")
	other.do(http.MethodPost, "/connect", url.Values{"csrf_token": {"x"}, "do": {"save"}}).wants(t, "a foreign form", http.StatusForbidden, "")
	wrong := page.form("save", "settings.token_url", "no address", "domain", "nowhere")
	other.do(http.MethodPost, "/connect", wrong).wants(t, "wrong", http.StatusUnprocessableEntity, "", "settings.token_url-error", "no address")
	form := page.form("save", append(h.connection(), "domain", "partner.example")...)
	other.do(http.MethodPost, "/connect", form).wants(t, "saved", http.StatusSeeOther, "/connect?done=saved")
	saved := other.get("/connect?done=saved")
	saved.wants(t, "saved", http.StatusOK, "", "The draft is saved", "orgate-verification=", "Stored. Leave empty")
	form = saved.form("prove")
	other.do(http.MethodPost, "/connect", form).wants(t, "unproven", http.StatusConflict, "", "was not found at partner.example")
	record := regexp.MustCompile(`orgate-verification=\w+`).FindString(saved.body)
	h.records = map[string][]string{"partner.example": {record}}
	other.do(http.MethodPost, "/connect", form).wants(t, "proven", http.StatusSeeOther, "/connect?done=proven")
	other.get("/connect").wants(t, "proven", http.StatusOK, "", "The domain is proven")
	other.do(http.MethodPost, "/connect", url.Values{"csrf_token": {token}, "do": {"submit"}}).wants(t, "submitted", http.StatusSeeOther, "/connect?done=submitted")
	other.get("/connect").wants(t, "submitted", http.StatusOK, "", "Acme Ltd decides now")
	other.do(http.MethodPost, "/connect", form).wants(t, "saved after all", http.StatusGone, "")
}

// onlyLink is the identifier of Acme's set-up link.
func (h *consoleHouse) onlyLink() string {
	h.t.Helper()
	all, err := h.o.Sources.SetupLinks(h.t.Context(), asConsole(), h.acme.ID)
	must(h.t, err)
	if len(all) != 1 {
		h.t.Fatalf("there are %d links", len(all))
	}
	return string(all[0].ID)
}

func TestASetupLinkIsRejected(t *testing.T) {
	h := newConsoleHouse(t)
	h.partner()
	anna := h.as("anna")
	list, err := h.o.Sources.List(t.Context(), asConsole(), h.acme.ID)
	must(t, err)
	_, secret, err := h.o.Sources.AddSetupLink(t.Context(), asConsole(), h.acme.ID, source.NewSetupLink{Source: list[0].ID})
	must(t, err)
	other := h.as("")
	other.do(http.MethodPost, "/connect/"+secret, nil).wants(t, "opened", http.StatusSeeOther, "/connect")
	h.fillIn(other)
	review := "/console/acme/setup-links/" + h.onlyLink()
	anna.do(http.MethodPost, review, anna.get(review).form("reject", "note", "wrong <client>")).wants(t, "rejected", http.StatusSeeOther, sourcePath(h.acme, list[0].ID))
	other.get("/connect").wants(t, "told", http.StatusOK, "", "rejected what you filled in", "wrong &lt;client&gt;")
	if c, err := h.o.Sources.Get(t.Context(), asConsole(), h.acme.ID, list[0].ID); err != nil || len(c.Secrets) > 0 {
		t.Errorf("in force: %+v, %v", c, err)
	}
}
