package api

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/bulk"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/grant"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/privacy"
	"github.com/orgate/orgate/internal/provision"
	"github.com/orgate/orgate/internal/report"
	"github.com/orgate/orgate/internal/resource"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/setting"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/token"
	"github.com/orgate/orgate/internal/trace"
	"github.com/orgate/orgate/internal/tryout"
)

const (
	password  = "correct-horse-7"
	requestID = "085d1f96cd9ddd6f3c50d70a0b2eb239"
)

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: requestID}

// house is the surface on a real directory with two organisations, acme and
// beta, and a provider with two administrators.
type house struct {
	t         *testing.T
	clock     *storetest.Clock
	db        *store.DB
	o         Options
	surface   http.Handler
	manifests *manifestsDouble
	mails     *mailTrials
	shorts    *smsTrials
	receiver  receiver
	furniture
	noted  []string
	noting sync.Mutex // guards noted
}

// furniture is what is in a house, by the names that tests ask with.
type furniture struct {
	acme      estate
	beta      estate
	words     map[caller]string // the token of each caller
	sessions  map[caller]string // a browser session of each caller who is a person
	requests  map[caller]string // wishes of their own
	contacts  map[caller]string // of their own
	rooms     map[caller]string // the personal meeting id of each
	tokenID   string            // a management token nobody here uses
	second    string            // another administrator of the provider
	sellerApp string            // an App ID of the provider
	quota     string            // a wish of the person that waits
}

// estate is an organisation with what belongs to it. Its owner is …-owner, its
// administrator …-admin, its members …-member and …-other.
type estate struct {
	organization                      identity.Organization
	owner, admin, member, other       identity.Person
	head                              identity.Person // over what the other member and the department are below
	ownerWord, adminWord, memberWord  string
	headWord                          string
	department, appID, story, apiWord string
	session                           string // of the other member
	try, group, application, domain   string
	attribute                         string // of which nobody has a value
	source, sourceTry, setupLink      string
	policy                            string // of the application
	applicationTry                    string
	imported, exported                string // tasks that wait
	link                              string // the source with which the other member is linked
	request                           string // of the other member
	invitation                        string // into the other member's department
	contact                           string // which all members share
	region, webhook, delivery         string
	resource                          string // of participants, which nothing uses here
	terminal, activationCode          string
	room                              string // lent to nobody
}

// note is what the access log would be told; surfaces may be called at once.
func (h *house) note(_ *http.Request, actor, organization string) {
	h.noting.Lock()
	defer h.noting.Unlock()
	h.noted = append(h.noted, actor+" "+organization)
}

// caller is a class of callers in the tests.
type caller string

const (
	nobody        caller = "nobody"
	anyMember     caller = "member"
	administrator caller = "administrator"
	deptHead      caller = "department administrator"
	theOwner      caller = "owner"
	otherOwner    caller = "owner of another organisation"
	orgToken      caller = "organisation token"
	otherOrgToken caller = "token of another organisation"
	providerToken caller = "provider token"
	providerAdmin caller = "provider administrator"
	thePerson     caller = "person" // in no organisation
)

func callers() []caller {
	return []caller{nobody, anyMember, deptHead, administrator, theOwner, otherOwner, orgToken, otherOrgToken, providerToken, providerAdmin, thePerson}
}

func newHouse(t *testing.T) *house {
	t.Helper()
	clock := storetest.NewClock()
	return houseOn(t, storetest.Open(t, storetest.WithClock(clock)), clock)
}

// eachHouse runs a test on both databases.
func eachHouse(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		test(t, houseOn(t, open(storetest.WithClock(clock)), clock))
	})
}

// street builds houses that are all the same: the first is furnished, the
// others get copies of its database, which is much cheaper.
type street struct {
	furniture
	database string // the file to copy
}

func newStreet(t *testing.T) street {
	t.Helper()
	h := newHouse(t)
	s := street{h.furniture, filepath.Join(t.TempDir(), "furnished.db")}
	must(0, h.db.Backup(t.Context(), s.database))(t)
	return s
}

// house is the next house of the street, which nobody has changed yet.
func (s street) house(t *testing.T) *house {
	t.Helper()
	file := filepath.Join(t.TempDir(), "orgate.db")
	must(0, os.WriteFile(file, must(os.ReadFile(s.database))(t), 0o600))(t)
	clock := storetest.NewClock()
	h := bare(t, storetest.OpenDSN(t, "sqlite:"+file, storetest.WithClock(clock)), clock)
	h.furniture = s.furniture
	return h
}

func houseOn(t *testing.T, db *store.DB, clock *storetest.Clock) *house {
	t.Helper()
	h := bare(t, db, clock)
	h.furnish()
	return h
}

// bare is a house with nothing in it.
func bare(t *testing.T, db *store.DB, clock *storetest.Clock) *house {
	t.Helper()
	tokens := token.New(db, token.Options{Now: clock.Now})
	t.Cleanup(tokens.Close)
	catalogue := must(i18n.Load())(t)
	base, _ := url.Parse("https://id.example:8443")
	people := directory.New(db, directory.Options{
		Now: clock.Now, Tokens: tokens,
		Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 64, Passes: 1}),
	})
	t.Cleanup(people.Close)
	apps := application.New(db, application.Options{Now: clock.Now})
	t.Cleanup(apps.Close)
	grants := grant.New(db, grant.Options{Now: clock.Now, CacheSize: 100})
	t.Cleanup(grants.Close)
	h := &house{t: t, clock: clock, db: db, manifests: &manifestsDouble{}, mails: &mailTrials{}, shorts: &smsTrials{}}
	h.words, h.o = map[caller]string{}, Options{
		Directory: people, Applications: apps, Tryout: tryout.New(db, tryout.Options{
			Now: clock.Now, BaseURL: base, Front: http.NotFoundHandler(), Scope: func(string) string { return "" },
		}), Tokens: tokens, Sessions: session.New(db, session.Options{Now: clock.Now}), Cookies: session.NewCookies(base),
		Grants: grants, Entry: entry.New(db), Approval: approval.New(db, base.String()), Events: audit.NewLog(db), Catalogue: catalogue, BaseURL: base,
		Traces: trace.NewKeeper(db, trace.Options{Now: clock.Now, Catalogue: catalogue}), Manifests: h.manifests, Version: "v1.2.3",
		Settings: setting.New(db, outbox.New(db, outbox.Options{
			Senders: map[identity.Channel]outbox.Sender{identity.ByMail: h.mails, identity.BySMS: h.shorts},
			Now:     clock.Now, Catalogue: catalogue, Node: "test", Log: slog.New(slog.DiscardHandler),
		})),
		Sources: source.New(db, source.Options{Now: clock.Now, Client: http.DefaultClient, Dialer: nowhere{}, BaseURL: base}),
		Tasks:   bulk.New(db, people, addressbook.New(db, people.VisibleDepartments), bulk.Options{Catalogue: catalogue}), Resources: resource.New(db, resource.Options{}),
		Addressbook: addressbook.New(db, people.VisibleDepartments), Policies: policy.New(db), Reports: report.New(db), Statements: privacy.New(db),
		Factors: factor.NewOwn(db, factor.OwnOptions{Issuer: "Orgate", Address: base.String(), Prove: func(ctx context.Context, a identity.Actor, p factor.FirstProof) error {
			return people.ProveSelf(ctx, a, directory.SelfProof(p))
		}}),
		Hooks: provision.NewHooks(db, provision.Options{Now: clock.Now, Client: &http.Client{Transport: &h.receiver}}), Syncs: provision.New(db, provision.Options{Now: clock.Now, Client: &http.Client{Transport: &h.receiver}, Issuer: base.String(), Proves: apps.Prove}),
		Origin: func(*http.Request) identity.Origin { return origin },
		Note:   h.note,
		Docs:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "docs") }),
		Log:    slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	h.surface = must(New(h.o))(t)
	return h
}

func console() identity.Actor { return identity.Actor{Kind: identity.ActsAsConsole, Origin: origin} }

// must fails the test when a step of its preparation does.
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatalf("furnish: %v", err)
		}
		return v
	}
}

func (h *house) furnish() {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	h.acme, h.beta = h.estate("acme"), h.estate("beta")
	for _, account := range []string{"root", "second"} {
		a := must(h.o.Directory.AddProviderAdministrator(ctx, console(), directory.NewOperator{Account: account, Password: password}))(t)
		h.second = string(a.ID)
	}
	h.sellerApp = must(h.o.Applications.AddAppID(ctx, console(), "", application.NewAppID{Name: "reseller"}))(t).ID
	spare, _, err := h.o.Tokens.AddAPIToken(ctx, console(), token.NewAPIToken{Name: "spare"})
	h.tokenID = string(must(spare, err)(t).ID)
	_, all, err := h.o.Tokens.AddAPIToken(ctx, console(), token.NewAPIToken{Name: "all"})
	h.words = map[caller]string{
		nobody: "", anyMember: h.acme.memberWord, deptHead: h.acme.headWord, administrator: h.acme.adminWord, theOwner: h.acme.ownerWord,
		otherOwner: h.beta.ownerWord, orgToken: h.acme.apiWord, otherOrgToken: h.beta.apiWord, providerToken: must(all, err)(t),
		providerAdmin: h.signIn("root"),
	}
	root := must(h.o.Directory.ProviderAdministrators(ctx, console()))(t)[0]
	h.sessions = map[caller]string{
		deptHead:  h.browser(h.acme, h.acme.head),
		anyMember: h.browser(h.acme, h.acme.member), administrator: h.browser(h.acme, h.acme.admin), theOwner: h.browser(h.acme, h.acme.owner),
		otherOwner: h.browser(h.beta, h.beta.owner), providerAdmin: h.browser(estate{}, identity.Person{Account: root}),
	}
	h.requests = map[caller]string{
		deptHead:  h.asks(h.acme, h.acme.head),
		anyMember: h.asks(h.acme, h.acme.member), administrator: h.asks(h.acme, h.acme.admin), theOwner: h.asks(h.acme, h.acme.owner),
		otherOwner: h.asks(h.beta, h.beta.owner),
	}
	h.contacts, h.rooms = map[caller]string{}, map[caller]string{}
	for who, p := range map[caller]identity.Person{
		deptHead: h.acme.head, anyMember: h.acme.member, administrator: h.acme.admin, theOwner: h.acme.owner, otherOwner: h.beta.owner,
	} {
		h.rooms[who] = h.numbered(p)
		h.contacts[who] = h.writesDown(p.Member.OrganizationID, addressbook.Own, actorOf(p))
	}
	h.person()
	h.acme.request, h.beta.request = h.asks(h.acme, h.acme.other), h.asks(h.beta, h.beta.other)
}

// person makes somebody with an account of their own who is in no organisation,
// signed in by a token and at a browser, with wishes.
func (h *house) person() {
	h.t.Helper()
	ctx := h.t.Context()
	must(0, h.o.Directory.SetPeopleRules(ctx, console(), identity.PeopleRules{Registration: true, Organizations: true}, 0))(h.t)
	a := must(h.o.Directory.Register(ctx, origin, directory.NewPerson{Name: "Dora", Account: "dora", Contact: "dora@mail.example", Password: password}))(h.t)
	actor := identity.Actor{Kind: identity.ActsAsPerson, AccountID: a.ID, Name: "Dora", Origin: origin}
	var issued token.Issued
	must(0, h.db.Update(ctx, func(tx *store.Tx) (err error) {
		tx.NoEvent("a test signs somebody in")
		issued, err = h.o.Tokens.Issue(tx, identity.AccessToken{AccountID: a.ID, ClientType: identity.ClientAPI})
		return err
	}))(h.t)
	h.words[thePerson] = issued.Access
	h.sessions[thePerson] = h.browser(estate{}, identity.Person{Account: a})
	wiki := must(h.o.Applications.Find(ctx, h.acme.application))(h.t)
	h.requests[thePerson] = string(must(h.o.Approval.Ask(ctx, actor, wiki, "to join"))(h.t).Join.ID)
	h.quota = string(must(h.o.Approval.AskOrganizations(ctx, actor, "one more"))(h.t).Request.ID)
}

// asks has a person wish to enter their organisation's application, and returns
// the request's identifier.
func (h *house) asks(e estate, p identity.Person) string {
	h.t.Helper()
	a := must(h.o.Applications.Find(h.t.Context(), e.application))(h.t)
	actor := identity.Actor{
		Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: e.organization.ID, Role: p.Member.Role, Origin: origin,
	}
	return string(must(h.o.Approval.Ask(h.t.Context(), actor, a, "for work"))(h.t).Entry.ID)
}

// browser signs a person in at a browser and returns the session's identifier.
func (h *house) browser(e estate, p identity.Person) string {
	h.t.Helper()
	return string(must(h.o.Sessions.Start(h.t.Context(), session.Start{
		Account: p.Account, Member: p.Member, Organization: e.organization, Methods: []string{identity.ByPassword}, Origin: origin, UserAgent: "Browser/1",
	}))(h.t).Session.ID)
}

// centre is a disabled enterprise sign-in of an estate.
func centre(code string) source.SSO {
	at := "https://centre." + code + ".example"
	return source.SSO{Domain: code + ".example", OAuth2: source.OAuth2{
		AuthorizeURL: at + "/authorize", TokenURL: at + "/token", ClientID: "orgate", ClientSecret: "secret of " + code,
		AccountField: "sub", Fields: source.Fields{AccessToken: "access_token"},
	}}
}

// nowhere is a network that reaches nobody.
type nowhere struct{}

func (nowhere) DialContext(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("no network")
}

func (nowhere) Roots() *x509.CertPool { return nil }

func (h *house) estate(code string) (e estate) {
	t, ctx := h.t, h.t.Context()
	e.organization = must(h.o.Directory.AddOrganization(ctx, console(), directory.NewOrganization{Code: code, Name: "House of " + code}))(t)
	org := e.organization.ID
	department := func(name, above string) string {
		return must(h.o.Directory.AddDepartment(ctx, console(), org, directory.NewDepartment{Code: code + "-" + name, Name: name, ParentCode: above}))(t).Code
	}
	lab := department("lab", "")
	e.department = department("rd", lab)
	own := false
	person := func(name string, n directory.NewMember) identity.Person {
		n.Account, n.Name, n.Password, n.MustChange, n.Email = code+"-"+name, name, password, &own, name+"@"+code+".example"
		return must(h.o.Directory.AddMember(ctx, console(), org, n))(t).Person
	}
	e.owner, e.admin = person("owner", directory.NewMember{Role: identity.RoleOwner}), person("admin", directory.NewMember{Role: identity.RoleAdministrator})
	e.member, e.other = person("member", directory.NewMember{}), person("other", directory.NewMember{DepartmentCode: department("ops", lab)})
	e.head = person("head", directory.NewMember{Role: identity.RoleDepartmentAdministrator, Administers: []string{lab}})
	e.domain = must(h.o.Directory.AddDomain(ctx, console(), org, code+".example"))(t).Name
	e.attribute = must(h.o.Directory.AddAttribute(ctx, console(), org, identity.Attribute{Key: code + "-desk", Label: "Desk", Type: identity.AttributeText}))(t).Key
	e.group = string(must(h.o.Directory.AddGroup(ctx, console(), org, directory.NewGroup{Name: "writers"}))(t).ID)
	e.appID = must(h.o.Applications.AddAppID(ctx, console(), org, application.NewAppID{Name: "crm"}))(t).ID
	e.source = string(must(h.o.Sources.Add(ctx, console(), org, partners("corp")))(t).ID)
	e.sourceTry = string(must(h.o.Sources.StartSourceTry(ctx, console(), org, source.SourceTry{Source: identity.SourceID(e.source)}))(t).ID)
	must(h.o.Sources.SetIcon(ctx, console(), org, identity.SourceID(e.source), 0, []byte(pictured(t))))(t)
	link, _, err := h.o.Sources.AddSetupLink(ctx, console(), org, source.NewSetupLink{Source: identity.SourceID(e.source)})
	must(link, err)(t)
	e.setupLink = string(link.ID)
	e.imported = string(must(h.o.Tasks.Import(ctx, console(), org, bulk.NewImport{FileName: "people.csv"}, strings.NewReader("account,name\n"+code+"-new,New\n")))(t).ID)
	e.exported = string(must(h.o.Tasks.Export(ctx, console(), org, bulk.NewExport{Format: identity.FormatCSV}))(t).ID)
	e.contact = h.writesDown(org, addressbook.Everybodys, console())
	e.region = string(must(h.o.Policies.AddRegion(ctx, console(), org, policy.NewRegion{Name: "Office", Network: "10.0.0.0/8"}))(t).ID)
	e.resource = h.grants(org)
	e.webhook, e.delivery = h.hooks(org)
	for _, of := range []identity.OrganizationID{org, ""} {
		must(0, h.o.Settings.SetText(ctx, console(), setting.TextKey{OrganizationID: of, Kind: "code", Language: "en-US"}, 0, setting.Words{SMS: "{code} of " + code}))(t)
	}
	h.equip(&e)
	e.application = h.application(org, code+"-wiki").ClientID
	e.policy = string(must(h.o.Policies.AddPolicy(ctx, console(), org, e.application, policy.NewPolicy{Name: "Office", Decision: identity.PolicyAllow}))(t).ID)
	invited, _, err := h.o.Directory.Invite(ctx, console(), org, directory.NewInvitation{
		Contact: "new@" + code + ".example", Name: "New", DepartmentCode: e.department,
	})
	e.invitation = string(must(invited, err)(t).ID)
	must(h.o.Directory.OfferOrganization(ctx, console(), org, directory.NewHandover{Name: "Heir", Contact: "heir@" + code + ".example"}))(t)
	e.ownerWord, e.adminWord, e.memberWord = h.signIn(code+"-owner"), h.signIn(code+"-admin"), h.signIn(code+"-member")
	e.headWord = h.signIn(code + "-head")
	_, word, err := h.o.Tokens.AddAPIToken(ctx, console(), token.NewAPIToken{Name: "for " + code, Organization: org})
	e.apiWord = must(word, err)(t)
	e.session = h.browser(e, e.other)
	story := h.o.Traces.Begin(trace.PasswordLogin, identity.Origin{RequestID: "story-of-" + code})
	story.About(org, code+"-member")
	story.Check(trace.Password, false, trace.Detail{Expected: "the password", Received: "another"})
	story.End(trace.Refused)
	e.story = story.Code()
	must(0, h.o.Sources.SetSSO(ctx, console(), org, 0, source.Replacing(centre(code))))(t)
	e.link = h.linked(e.other)
	must(h.o.Directory.SetPicture(ctx, console(), org, e.other.Member.ID, []byte(pictured(t))))(t)
	e.try = string(must(h.o.Sources.StartTry(ctx, console(), org, source.TryRequest{SSO: centre(code)}))(t).ID)
	e.applicationTry = string(must(h.o.Tryout.Start(ctx, console(), org, application.Proposal{ClientID: e.application}))(t).ID)
	h.o.Traces.Keep(story)
	must(0, h.o.Traces.Flush(ctx))(t)
	return e
}

// linked links a person with the enterprise sign-in of their organisation and
// returns its identifier.
func (h *house) linked(p identity.Person) string {
	h.t.Helper()
	id := identity.SSOSourceID(p.Member.OrganizationID)
	must(0, h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return tx.Links.Add(identity.Link{SourceID: id, Subject: "other", OrganizationID: p.Member.OrganizationID, MemberID: p.Member.ID})
	}))(h.t)
	return string(id)
}

// application adds one with an icon and two secrets.
func (h *house) application(org identity.OrganizationID, clientID string) identity.Application {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	name := "Wiki"
	app, _, err := h.o.Applications.AddApplication(ctx, console(), org, application.NewApplication{
		ClientID: clientID, Protocol: identity.ProtocolOIDC, Settings: application.ApplicationChange{Name: &name, HomeURLs: &[]string{"https://wiki.example/cb"}},
	})
	must(app, err)(t)
	must(h.o.Applications.SetIcon(ctx, console(), org, clientID, aSquare(t)))(t)
	app, _, err = h.o.Applications.RotateSecret(ctx, console(), org, clientID, application.DefaultOverlap)
	return must(app, err)(t)
}

// icon is a picture of the size that icons have.
func aSquare(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	must(0, png.Encode(&out, image.NewGray(image.Rect(0, 0, 240, 240))))(t)
	return out.Bytes()
}

func (h *house) signIn(account string) string {
	in := must(h.o.Directory.SignInByPassword(h.t.Context(), directory.PasswordProof{
		Name: account, Password: password,
		Entry: directory.EnterClient{ClientType: identity.ClientAPI, CreateToken: true}, Origin: origin,
	}))(h.t)
	return in.Issued.Access
}

// request is one call; headers are given as "Name: value".
func (h *house) request(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.surface.ServeHTTP(w, r)
	if w.Code >= http.StatusInternalServerError {
		h.t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w
}

// as is request by a caller below /api/v1.
func (h *house) as(who caller, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	if word := h.words[who]; word != "" {
		headers = append(headers, "Authorization: Bearer "+word)
	}
	return h.request(method, prefix+path, body, headers...)
}

// read checks the status and decodes the body.
func read[T any](t testing.TB, w *httptest.ResponseRecorder, status int) (v T) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status = %d, want %d; body %s", w.Code, status, w.Body)
	}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			t.Fatalf("body %s: %v", w.Body, err)
		}
	}
	return v
}

// refused checks a problem document.
func refused(t testing.TB, w *httptest.ResponseRecorder, status int, code string) Problem {
	t.Helper()
	p := read[Problem](t, w, status)
	if p.Code != code || p.Status != status || p.Trace != requestID || p.Title == "" || p.Detail == "" ||
		w.Header().Get("Content-Type") != problemType {
		t.Errorf("got %s %+v, want the problem %s", w.Header().Get("Content-Type"), p, code)
	}
	return p
}
