package signin

import (
	"encoding/base32"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// guarded is a door whose application asks everybody for a second proof, but for
// those in the region of the tests, who are let in or kept out.
func guarded(t *testing.T, near identity.PolicyDecision) *door {
	t.Helper()
	d := doored(t)
	d.o.Second = factor.NewSecond(d.db, factor.CodeOptions{})
	d.build()
	d.write(func(tx *store.Tx) error {
		r := identity.Region{ID: "reg_near", OrganizationID: d.acme.ID, Name: "Near", Network: netip.PrefixFrom(origin.Address, 32)}
		if err := tx.Regions.Insert(r); err != nil {
			return err
		}
		p := identity.AccessPolicy{
			ID: "pol_near", OrganizationID: d.acme.ID, ApplicationID: d.app.ID, Name: "Near", Regions: []identity.RegionID{r.ID}, Decision: near,
		}
		if err := tx.AccessPolicies.Insert(p); err != nil {
			return err
		}
		c, err := tx.AccessPolicies.Control(d.acme.ID, d.app.ID)
		if err != nil {
			return err
		}
		c.Enabled, c.Default = true, identity.PolicyDeny
		return tx.AccessPolicies.PutControl(c)
	})
	return d
}

// forget removes the only policy: the default holds.
func (d *door) forget() {
	d.t.Helper()
	d.write(func(tx *store.Tx) error {
		c, err := tx.AccessPolicies.Control(d.acme.ID, d.app.ID)
		if err != nil {
			return err
		}
		if err := tx.AccessPolicies.Remove(c, "pol_near"); err != nil {
			return err
		}
		return tx.AccessPolicies.PutControl(c)
	})
}

// A policy that allows lets in, one that denies shows why and who can mend it;
// an edit counts at the next request, whatever address a header claims.
func TestPolicyAtTheDoor(t *testing.T) {
	d := guarded(t, identity.PolicyAllow)
	b := d.browser().in("carl")
	b.get("/door").wants(t, "passed ")
	d.forget()
	page := b.follow(b.get("/door")).wants(t, "only at certain times or from certain places").wants(t, "Administrators of Acme Ltd can change this")
	d.wantsStory(t, "kept out", trace.PolicyAllows, "the default: deny")
	if code := d.story.Code(); code == "" || !strings.Contains(page.body, code) {
		t.Errorf("the page shows no code %q", code)
	}
	spoofed := b.request("GET", "/door", nil)
	spoofed.Header.Set("X-Forwarded-For", origin.Address.String())
	if a := b.do(spoofed); strings.HasPrefix(a.body, "passed") {
		t.Error("a header let somebody in")
	}
	d.demand.Silent = true
	b.get("/door").wants(t, "fault entry_refused")
}

// The second proof is asked for once in a session: chosen, sent, typed.
func TestSecondProofAtTheDoor(t *testing.T) {
	d := guarded(t, identity.PolicyVerify)
	b := d.browser().in("carl")
	d.mails()
	d.demand.Silent = true
	b.get("/door").wants(t, "fault interaction_required")
	d.wantsStory(t, "silent", trace.SecondProof, "none in this session")
	d.demand.Silent = false
	page := b.follow(b.get("/door")).wants(t, "Confirm that it is you")
	if strings.Contains(page.body, "carl@mail.example") {
		t.Error("the page shows the whole address")
	}
	page = b.follow(b.post(verificationPath, page.form("do", "send", "method", "mail"))).wants(t, "was sent to")
	code := d.mails()[0].Params["code"]
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	again := b.post(verificationPath, page.form("do", "check", "code", wrong)).wants(t, "This is not the code")
	if again.status != 422 {
		t.Errorf("a wrong code: status %d", again.status)
	}
	b.get("/door")
	if a := d.browser().in("carl").post(verificationPath, page.form("do", "check", "code", code)); strings.Contains(a.to(), "/door") {
		t.Error("a code counts in another browser")
	}
	b.follow(b.post(verificationPath, page.form("do", "check", "code", code))).wants(t, "passed ")
	b.get("/door").wants(t, "passed ")
	d.demand.Silent = true
	b.get("/door").wants(t, "passed ")
	// Another session of the same person has proven nothing.
	d.browser().in("carl").get("/door").wants(t, "fault interaction_required")
}

// The code is told in the language of the page: the one that the application asks
// for where the visitor chose none here.
func TestLanguageOfTheCode(t *testing.T) {
	d := guarded(t, identity.PolicyVerify)
	b := d.browser().in("carl")
	d.mails()
	d.demand.Languages = []string{"zh-CN"}
	page := b.follow(b.get("/door")).wants(t, `lang="zh-CN"`)
	b.post(verificationPath, page.form("do", "send", "method", "mail"))
	if sent := d.mails(); len(sent) != 1 || sent[0].Language != "zh-CN" {
		t.Errorf("sent %+v, want it in Chinese", sent)
	}
}

// Whoever has an authenticator app needs no contact: its code opens the door,
// once, and so does a recovery code.
func TestAppAtTheDoor(t *testing.T) {
	d := guarded(t, identity.PolicyVerify)
	d.o.Factors = factor.NewOwn(d.db, factor.OwnOptions{})
	d.build()
	secret := []byte("12345678901234567890") // of RFC 6238, appendix B
	ben := d.browser().in("ben")
	ben.follow(ben.get("/door")).wants(t, "no code can be sent to you")
	d.write(func(tx *store.Tx) error {
		account := d.people["ben"].Account.ID
		f := identity.Factor{ID: "fac_ben", AccountID: account, Kind: identity.FactorTOTP, Name: "Phone", CreatedAt: tx.Now()}
		if err := tx.Factors.SetRecoveryCodes(account, []string{"abcdefghij"}); err != nil {
			return err
		}
		return tx.Factors.Insert(store.FactorRow{Factor: f, Secret: secret})
	})
	page := ben.follow(ben.get("/door")).wants(t, "Code of your authenticator app")
	wrong := ben.post(verificationPath, page.form("do", "app", "app", "00000x")).wants(t, `id="app-error"`)
	if wrong.status != 422 {
		t.Errorf("a wrong code: status %d", wrong.status)
	}
	code, err := totp.GenerateCode(base32.StdEncoding.EncodeToString(secret), d.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	ben.follow(ben.post(verificationPath, page.form("do", "app", "app", code))).wants(t, "passed ")
	d.demand.Silent = true
	ben.get("/door").wants(t, "passed ")
	d.demand.Silent = false
	// In another session the code is used, and the recovery code is not.
	other := d.browser().in("ben")
	page = other.follow(other.get("/door"))
	other.post(verificationPath, page.form("do", "app", "app", code)).wants(t, "not a code that counts now")
	other.follow(other.post(verificationPath, page.form("do", "app", "app", "ABCDE-FGHIJ"))).wants(t, "passed ")
}

// An application can demand a second proof that no policy asks for, or wish one.
func TestSecondProofByDemand(t *testing.T) {
	d := guarded(t, identity.PolicyAllow)
	carl, ben := d.browser().in("carl"), d.browser().in("ben") // nobody can send ben a code
	d.mails()
	d.demand.Silent, d.demand.Strength = true, identity.SecondDemanded
	carl.get("/door").wants(t, "fault interaction_required")
	d.wantsStory(t, "silent", trace.SecondProof, "none in this session")
	d.demand.Strength = identity.SecondWished
	carl.get("/door").wants(t, "passed ") // a wish asks nobody who must not be asked
	d.demand.Silent = false
	ben.get("/door").wants(t, "passed ")
	carl.follow(carl.get("/door")).wants(t, "Confirm that it is you")
	d.demand.Strength = identity.SecondDemanded
	ben.follow(ben.get("/door")).wants(t, "no code can be sent to you")
	page := carl.follow(carl.get("/door")).wants(t, "Confirm that it is you")
	page = carl.follow(carl.post(verificationPath, page.form("do", "send", "method", "mail"))).wants(t, "was sent to")
	code := d.mails()[0].Params["code"]
	carl.follow(carl.post(verificationPath, page.form("do", "check", "code", code))).wants(t, "passed ")
	d.demand.Silent = true
	carl.get("/door").wants(t, "passed ")
	d.demand.Strength = identity.AnyProof
	d.browser().in("carl").get("/door").wants(t, "passed ")
}

// Whoever can be sent no code is told who can help, and a form that was not
// shown in the session sends nothing.
func TestNobodyToSendTo(t *testing.T) {
	d := guarded(t, identity.PolicyVerify)
	b := d.browser().in("ben")
	b.follow(b.get("/door")).wants(t, "no code can be sent to you").wants(t, "Administrators of Acme Ltd")
	carl := d.browser().in("carl")
	page := carl.follow(carl.get("/door"))
	d.mails()
	form := page.form("do", "send", "method", "mail")
	form.Set("csrf_token", "another")
	carl.post(verificationPath, form)
	if sent := d.mails(); len(sent) != 0 {
		t.Errorf("%d messages left", len(sent))
	}
	d.clock.Advance(time.Minute)
	carl.follow(carl.post(verificationPath, page.form("do", "send", "method", "pigeon"))).wants(t, "Confirm that it is you")
	d.forget()
	carl.follow(carl.get("/door")).wants(t, "only at certain times")
	carl.follow(carl.post(verificationPath, page.form("do", "send", "method", "mail"))).wants(t, "only at certain times")
}
