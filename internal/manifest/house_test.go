package manifest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/privacy"
	"github.com/orgate/orgate/internal/provision"
	"github.com/orgate/orgate/internal/report"
	"github.com/orgate/orgate/internal/resource"
	"github.com/orgate/orgate/internal/setting"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/token"
)

// console is the operator, who may everything.
var console = identity.Actor{Kind: identity.ActsAsConsole, Name: "console"}

// site is an installation to apply manifests to.
type site struct {
	House
	t *testing.T
}

func newSite(t *testing.T, open func(...storetest.Option) *store.DB) *site {
	t.Helper()
	clock := storetest.NewClock()
	// Time goes on with every transaction, so that objects have an order.
	db := open(storetest.With(func(o *store.Options) {
		o.Now = func() time.Time {
			clock.Advance(time.Millisecond)
			return clock.Now()
		}
	}))
	tokens := token.New(db, token.Options{Now: clock.Now})
	t.Cleanup(tokens.Close)
	d := directory.New(db, directory.Options{
		Now: clock.Now, Tokens: tokens,
		Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 16, Passes: 1}), Address: "https://sign.in.example",
	})
	t.Cleanup(d.Close)
	apps := application.New(db, application.Options{Now: clock.Now})
	t.Cleanup(apps.Close)
	base, _ := url.Parse("https://sign.in.example")
	return &site{House{
		Directory: d, Applications: apps, Settings: setting.New(db, outbox.New(db, outbox.Options{Now: clock.Now})),
		Policies: policy.New(db), Resources: resource.New(db, resource.Options{}), Reports: report.New(db),
		Syncs:      provision.New(db, provision.Options{Now: clock.Now, Client: http.DefaultClient, Issuer: "https://sign.in.example", Proves: apps.Prove}),
		Hooks:      provision.NewHooks(db, provision.Options{Now: clock.Now, Client: http.DefaultClient}),
		Statements: privacy.New(db),
		Sources:    source.New(db, source.Options{Now: clock.Now, Client: http.DefaultClient, BaseURL: base}),
	}, t}
}

func sqliteSite(t *testing.T) *site {
	t.Helper()
	return newSite(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
}

// words are the environment of every test.
func words(name string) (string, bool) {
	values := map[string]string{
		"SP_PASSWORD": "provider-pass-word-1", "SP_KEY": strings.Repeat("k", 40), "ANN": "ann's own pass-word", "ALICE": "alice's own pass-word",
		"WIKI_SECRET": strings.Repeat("w", 40), "CENTRE_SECRET": "the centre's own secret", "PAYROLL_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	}
	value, ok := values[name]
	return value, ok
}

var around = Surroundings{Env: words, ReadFile: func(string) ([]byte, error) { return []byte("mail-pass-word\n"), nil }}

func mustLoad(t *testing.T, text string) Document {
	t.Helper()
	d, err := Load([]File{{"m.yaml", []byte(text)}}, around)
	if err != nil {
		t.Fatalf("load:\n%v\n%s", err, text)
	}
	return d
}

func (s *site) plan(text string, prune bool) []string {
	s.t.Helper()
	d, err := Plan(s.t.Context(), console, s.House, mustLoad(s.t, text), Options{Prune: prune})
	if err != nil {
		s.t.Fatalf("plan: %v", err)
	}
	return d.Lines()
}

// apply applies a manifest and requires that nothing is left to do.
func (s *site) apply(text string, prune bool) Result {
	s.t.Helper()
	result, err := Apply(s.t.Context(), console, s.House, mustLoad(s.t, text), Options{Prune: prune})
	if err != nil {
		s.t.Fatalf("apply: %v", describeFault(err))
	}
	if again := s.plan(text, prune); len(again) != 1 || again[0] != "no changes" {
		s.t.Fatalf("planned again:\n%s\nwant no changes", strings.Join(again, "\n"))
	}
	return result
}

func describeFault(err error) string { return err.Error() + " / " + fault.Of(err).Error() }

func (s *site) export() string {
	s.t.Helper()
	var b strings.Builder
	if err := Export(s.t.Context(), console, s.House, &b); err != nil {
		s.t.Fatalf("export: %v", err)
	}
	return b.String()
}

func same(t *testing.T, got []string, want string) {
	t.Helper()
	if text := strings.Join(got, "\n"); text != strings.TrimSpace(want) {
		t.Errorf("got:\n%s\nwant:\n%s", text, strings.TrimSpace(want))
	}
}
