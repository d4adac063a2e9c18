package application

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const (
	testNonce = "EycLQsHDgHDgaeHMXgnINuU1EBpQ1234567890ab"
	acme      = identity.OrganizationID("org_acme")
)

var console = identity.Actor{Kind: identity.ActsAsConsole}

// house is a database with one organisation and the applications on it.
type house struct {
	*Applications
	db    *store.DB
	clock *storetest.Clock
	sums  atomic.Int64 // keyed hashes made
}

func newHouse(t testing.TB, db *store.DB, clock *storetest.Clock) *house {
	t.Helper()
	h := &house{db: db, clock: clock}
	h.Applications = New(db, Options{Now: clock.Now, AllowEverlasting: true})
	t.Cleanup(h.Close)
	addOrganization(t, db, identity.Organization{ID: acme, Code: "acme", Name: "Acme", Everlasting: true})
	return h
}

func open(t testing.TB) *house {
	t.Helper()
	clock := storetest.NewClock()
	return newHouse(t, storetest.Open(t, storetest.WithClock(clock)), clock)
}

func addOrganization(t testing.TB, db *store.DB, o identity.Organization) {
	t.Helper()
	o.Status = identity.OrganizationActive
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a fixture")
		o.CreatedAt, o.UpdatedAt = tx.Now(), tx.Now()
		return tx.Organizations.Insert(o)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) add(t testing.TB, owner identity.OrganizationID, n NewAppID) identity.AppID {
	t.Helper()
	if n.Name == "" {
		n.Name = "crm"
	}
	app, err := h.AddAppID(t.Context(), console, owner, n)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// countSums counts every keyed hash from now on.
func (h *house) countSums() {
	h.newMAC = func(key string) hash.Hash { return countedMAC{newMAC(key), &h.sums} }
	h.dummy = newMacKey(randomKey(), h.newMAC)
	h.cache.fresh.Raise("")
}

type countedMAC struct {
	hash.Hash
	sums *atomic.Int64
}

func (c countedMAC) Sum(b []byte) []byte {
	c.sums.Add(1)
	return c.Hash.Sum(b)
}

// sign is an independent signer: it joins the parts by hand.
func sign(key string, parts ...string) string { return signText(key, strings.Join(parts, ":")) }

func signText(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// loginOf is a right login of alice that ends in an hour.
func (h *house) loginOf(app identity.AppID) SignedLogin {
	login := SignedLogin{AppID: app.ID, UserID: "alice", UserName: "Alice", Expire: h.clock.Now().Add(time.Hour).Unix(), Nonce: testNonce}
	if app.OfProvider() {
		login.OrganizationRef = "acme"
	}
	return resigned(app, login)
}

// resigned signs a login as it should be.
func resigned(app identity.AppID, login SignedLogin) SignedLogin {
	login.Signature = signText(app.Keys[0].Secret, string(appendText(nil, login, app.OfProvider())))
	return login
}

func ptr[T any](v T) *T { return &v }
