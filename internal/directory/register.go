package directory

import (
	"context"
	"errors"
	"strings"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// drawnName begins the account names that are drawn for people who type none
// (OrgID, A.1), and drawnLength is how many characters follow.
const (
	drawnName   = "hid_u_"
	drawnLength = 13
)

// errPersonOnly is said to whom an organisation owns, or nobody.
var errPersonOnly = fault.New(fault.Forbidden, fault.CodePersonOnly)

// NewPerson is what an account of one's own is made from.
type NewPerson struct {
	Name string // what people read, 1–64 characters
	// Account is the account name, "" draws one. One with an @ belongs to the
	// people of a domain and is refused.
	Account  string
	Contact  string // a mail address or a mobile number, which was proven
	Password string
	Language string // of messages; "" is the default
}

// String keeps the password out of logs.
func (NewPerson) String() string { return "[redacted]" }

// GoString keeps the password out of %#v.
func (NewPerson) GoString() string { return "[redacted]" }

// Registrant is whom a contact belongs to.
type Registrant struct {
	Channel identity.Channel // by which the contact is reached
	Contact string           // normalised
	// Account is the one that signs in by the contact, zero for nobody.
	Account identity.Account
}

// Known reports whether somebody signs in by the contact.
func (r Registrant) Known() bool { return r.Account.ID != "" }

// Registrant looks at what somebody typed who wishes to register, all but the
// password, and finds out whose the contact is. The caller answers alike whether
// it is somebody's. A taken account name is told: Conflict (account_taken). While
// registration is off it is Forbidden (registration_off).
func (d *Directory) Registrant(ctx context.Context, n NewPerson) (r Registrant, err error) {
	who, err := n.checked()
	if err != nil {
		return r, err
	}
	r.Channel, r.Contact = who.channel, who.person.Contact
	err = d.db.View(ctx, func(tx *store.Tx) error {
		if err := registrationOpen(tx); err != nil {
			return err
		}
		if n.Account != "" {
			_, err := tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: identity.FoldAccount(n.Account)})
			if err == nil {
				return fault.New(fault.Conflict, fault.CodeAccountTaken).At("account")
			}
			if !fault.Is(err, fault.CodeAccountNotFound) {
				return err
			}
		}
		r.Account, _, err = holderOf(tx, r.Channel, r.Contact)
		return err
	})
	return r, err
}

// readContact reads a mail address or a mobile number: what has an @ is an
// address. A number without + or 00 is given the calling code of the country, ""
// meaning DefaultCountry.
func readContact(typed, country string) (identity.Channel, string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", "", fault.New(fault.Invalid, fault.CodeFieldMissing).At("contact").With("field", "contact")
	}
	if strings.Contains(typed, "@") {
		address, err := identity.Email(typed)
		return identity.ByMail, address, atContact(err)
	}
	if country == "" {
		country = DefaultCountry
	}
	code, _ := CallingCode(country)
	number, err := identity.Mobile(typed, code)
	return identity.BySMS, number, atContact(err)
}

// atContact tells that the field at fault is the contact.
func atContact(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.At("contact")
	}
	return err
}

// holderOf finds the account that signs in by a contact.
func holderOf(tx *store.Tx, by identity.Channel, contact string) (a identity.Account, known bool, err error) {
	kind := identity.ByEmail
	if by == identity.BySMS {
		kind = identity.ByMobile
	}
	a, err = tx.Lookup.Account(identity.LoginName{Kind: kind, Text: contact})
	if fault.Is(err, fault.CodeAccountNotFound) {
		return identity.Account{}, false, nil
	}
	return a, err == nil, err
}

func registrationOpen(tx *store.Tx) error {
	rules, _, err := readPeopleRules(tx)
	if err == nil && !rules.Registration {
		err = fault.New(fault.Forbidden, fault.CodeRegistrationOff)
	}
	return err
}

// Register makes an account of somebody's own. The caller has seen the proof that
// the contact is theirs. A contact or a name that is somebody's is a Conflict
// (email_taken, mobile_taken, account_taken); the password obeys the default
// rules. While registration is off it is Forbidden (registration_off).
func (d *Directory) Register(ctx context.Context, origin identity.Origin, n NewPerson) (a identity.Account, err error) {
	// Asked first, so that nobody has the server hash for nothing.
	if err := d.db.View(ctx, registrationOpen); err != nil {
		return a, err
	}
	who, err := d.newcomer(ctx, n)
	if err != nil {
		return a, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if err := registrationOpen(tx); err != nil {
			return err
		}
		a, err = who.add(tx, origin, "contact")
		return err
	})
	return a, err
}

// newcomer is a person about to be added, with everything slow already done.
type newcomer struct {
	person     NewPerson
	channel    identity.Channel
	credential identity.Credential
}

// newcomer checks what does not need the database and hashes the password.
func (d *Directory) newcomer(ctx context.Context, n NewPerson) (who newcomer, err error) {
	if who, err = n.checked(); err != nil {
		return who, err
	}
	who.credential, err = d.newCredential(ctx, n.Password, identity.DefaultPasswordRules(), identity.PasswordContext{Account: n.Account})
	return who, err
}

// checked is the person without a password yet, checked without a database. Of
// several wrong fields all are told.
func (n NewPerson) checked() (who newcomer, err error) {
	who.person = n
	who.person.Name = strings.TrimSpace(n.Name)
	var wrong []*fault.Error
	if c := len([]rune(who.person.Name)); c < 1 || c > 64 || !identity.CleanText(who.person.Name) {
		wrong = append(wrong, fault.New(fault.Invalid, fault.CodeFieldLength).At("name").With("min", 1).With("max", 64))
	}
	if who.channel, who.person.Contact, err = readContact(n.Contact, ""); err != nil {
		wrong = append(wrong, fault.Of(err))
	}
	if err := n.checkAccount(); err != nil {
		wrong = append(wrong, fault.Of(err))
	}
	if err := fault.All(wrong); err != nil {
		return who, err
	}
	return who, checkTexts([]textRule{{"language", n.Language, 35}})
}

// checkAccount looks at a name that somebody chose.
func (n NewPerson) checkAccount() error {
	switch {
	case n.Account == "":
		return nil
	case strings.Contains(n.Account, "@"):
		return fault.New(fault.Invalid, fault.CodeAccountFormat).At("account")
	}
	return identity.ValidAccount(n.Account)
}

// add makes the account in the caller's transaction; by tells how its contact was
// proven.
func (w newcomer) add(tx *store.Tx, origin identity.Origin, by string) (identity.Account, error) {
	now := tx.Now()
	a := identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Personal, Name: w.person.Account, DisplayName: w.person.Name, Country: DefaultCountry,
		Language: w.person.Language, Status: identity.AccountActive, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if w.channel == identity.ByMail {
		a.Email = w.person.Contact
	} else {
		a.Mobile = w.person.Contact
	}
	if a.Name == "" {
		if err := drawName(tx, &a); err != nil {
			return a, err
		}
	}
	names := a.LoginNames(true)
	if err := checkNames(tx, a.ID, names); err != nil {
		return a, err
	}
	if err := tx.Accounts.Insert(a, names); err != nil {
		return a, err
	}
	credential := w.credential
	credential.AccountID, credential.ChangedAt = a.ID, now
	if err := tx.Credentials.Put(credential); err != nil {
		return a, err
	}
	return a, audit.Record(tx, personOf(a, origin), audit.AccountRegistered, audit.About{Target: string(a.ID), Details: map[string]string{"by": by}})
}

// drawName gives an account a name that nobody has.
func drawName(tx *store.Tx, a *identity.Account) error {
	for {
		a.Name = drawnName + shortCode(drawnLength)
		_, err := tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: a.Name})
		if fault.Is(err, fault.CodeAccountNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// personOf is the holder of an account, as the one who acts.
func personOf(a identity.Account, origin identity.Origin) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsPerson, AccountID: a.ID, Name: a.DisplayName, Origin: origin}
}

// ownAccount returns the account of their own that the actor acts with, in an
// organisation or in none. Everybody else is Forbidden (person_only).
func ownAccount(tx *store.Tx, actor identity.Actor) (identity.Account, error) {
	if !actor.Somebody() {
		return identity.Account{}, errPersonOnly
	}
	a, err := tx.Accounts.Get(actor.AccountID)
	switch {
	case err != nil:
		return a, err
	case a.Kind != identity.Personal || !a.Active():
		return a, errPersonOnly
	}
	return a, nil
}
