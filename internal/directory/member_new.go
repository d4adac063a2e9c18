package directory

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// NewMember is what a member and the managed account behind it are made from.
// Zero fields take the defaults named beside them.
type NewMember struct {
	Account        string // "" draws 32 hex digits
	Domain         string // one of the organisation's, to be appended to Account
	Name           string // what people read
	EnglishName    string
	ThirdAccount   string
	Email          string
	Mobile         string
	Country        string // DefaultCountry
	DepartmentCode string // the root
	Title          string
	Signature      string
	Description    string
	SortLevel      int // 10000
	HideMobile     bool
	Role           identity.Role // identity.RoleMember
	Administers    []string      // codes of departments, of a department administrator
	Disabled       bool
	ExpiresAt      time.Time               // when the membership ends; zero is never
	Password       string                  // "" draws one
	PasswordRules  *identity.PasswordRules // the organisation's
	// MustChange says whether the password counts as chosen by somebody else;
	// nil is true.
	MustChange *bool
	Attributes map[string]string
	// Complete asks for the attributes that the organisation requires: of whoever
	// is entered by hand, where there are words for them.
	Complete bool
	Notify   bool   // tell the person, with a password that was drawn
	Language string // of messages to the person; "" is the default

	// automatic is set for a person who came in by a good proof, and guest for
	// one who has no other proof.
	automatic, guest bool
	// turn tells people apart who are made in one transaction.
	turn turn
}

// turn is the place of a person among those made in one transaction: their
// identifiers, in the order of the file they came from, and how many
// milliseconds to add to the time in their number, which would otherwise be
// drawn twice. The zero turn is for one who is made alone.
type turn struct {
	account identity.AccountID
	member  identity.MemberID
	later   time.Duration
}

// String keeps the password out of logs.
func (NewMember) String() string { return "[redacted]" }

// GoString keeps the password out of %#v.
func (NewMember) GoString() string { return "[redacted]" }

// prepared is a member about to be added, with everything slow already done.
type prepared struct {
	member     NewMember
	credential identity.Credential
	drawn      string // the password, when it was drawn here
	address    string // where the person signs in
}

// prepare checks or draws the password of a new member and hashes it.
func (d *Directory) prepare(ctx context.Context, rules identity.SignInRules, n NewMember) (*prepared, error) {
	p := &prepared{member: n, address: d.address}
	if n.Password == "" {
		p.drawn = GeneratePassword()
		p.member.Password = p.drawn
		// What is drawn obeys every rule set but the organisation's own length.
		rules.Password = identity.PasswordRules{}
	} else if n.PasswordRules != nil {
		rules.Password = *n.PasswordRules
	}
	var err error
	p.credential, err = d.newCredential(ctx, p.member.Password, rules.Password, identity.PasswordContext{Account: n.Account})
	p.credential.ChosenByOther = n.MustChange == nil || *n.MustChange
	return p, err
}

// add makes the member in the caller's transaction and, when asked to, leaves
// a message for the person.
func (p *prepared) add(tx *store.Tx, o identity.Organization) (identity.Person, error) {
	person, err := createMember(tx, o, p.member, p.credential)
	if err != nil || !p.member.Notify {
		return person, err
	}
	return person, p.welcome(tx, person.Account)
}

// welcome tells a person about the new account by mail, else by short message;
// one without either learns it from the administrator.
func (p *prepared) welcome(tx *store.Tx, a identity.Account) error {
	m := outbox.Message{
		Channel: identity.ByMail, Target: a.Email, Language: a.Language, Organization: a.OrganizationID, Template: outbox.TemplateWelcome,
		Params: map[string]string{"account": a.Name, "password": p.member.Password, "address": p.address},
	}
	if m.Target == "" {
		m.Channel, m.Target = identity.BySMS, a.Mobile
	}
	if m.Target == "" {
		return nil
	}
	return outbox.Put(tx, m)
}

// createMember makes a member with a managed account. The credential carries a
// hash that was computed outside the transaction, or none for a person who
// signs in otherwise. Faults: those of AddMember, and department_not_found.
//
// It is right under serialisable and under read-committed isolation; in the
// latter, of two at once with one third account the second gets a Conflict
// (third_account_taken) and can find the member of the first when run again.
func createMember(tx *store.Tx, org identity.Organization, n NewMember, credential identity.Credential) (identity.Person, error) {
	if err := n.suffixed(tx, org); err != nil {
		return identity.Person{}, err
	}
	p, err := newPerson(tx.Now(), org.ID, n)
	if err != nil {
		return p, err
	}
	if err := cmp.Or(n.checkReachable(org, p.Account), checkSuffix(tx, org, n.Account), n.checkDefined(tx, org.ID)); err != nil {
		return p, err
	}
	dep, err := departmentOrRoot(tx, org.ID, n.DepartmentCode)
	if err != nil {
		return p, err
	}
	p.Member.Department = dep.ID
	if err := checkSecondOwner(tx, p.Member); err != nil {
		return p, err
	}
	names := p.Account.LoginNames(org.Rules.ContactsAsNames)
	if err := checkNames(tx, p.Account.ID, names); err != nil {
		return p, err
	}
	if err := tx.Accounts.Insert(p.Account, names); err != nil {
		return p, err
	}
	if credential.Hash != "" {
		credential.AccountID, credential.ChangedAt = p.Account.ID, tx.Now()
		if err := tx.Credentials.Put(credential); err != nil {
			return p, err
		}
	}
	if err := tx.Members.Insert(p); err != nil {
		return p, err
	}
	if p.Member.Role == identity.RoleDepartmentAdministrator {
		wanted, err := administered(tx, org.ID, n.Administers)
		if err != nil {
			return p, err
		}
		if err := give(tx, p.Member, wanted); err != nil {
			return p, err
		}
	}
	return p, checkMemberLimit(tx, org)
}

// newPerson makes member and account from what was asked for and checks both.
func newPerson(now time.Time, org identity.OrganizationID, n NewMember) (p identity.Person, err error) {
	account := identity.Account{
		ID: cmp.Or(n.turn.account, identity.NewAccountID(now)), Kind: identity.Managed, OrganizationID: org, Name: n.Account,
		DisplayName: n.Name, Language: n.Language, Status: identity.AccountActive, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if account.Name == "" {
		account.Name = identity.Hex(account.ID)
	}
	if err := setContacts(&account, contacts{n.Email, n.Mobile, n.Country}); err != nil {
		return p, err
	}
	if n.guest {
		account.Kind = identity.Outside
	}
	id := cmp.Or(n.turn.member, identity.NewMemberID(now))
	if n.automatic {
		// The drawn name ends in the id under which wires show the person
		// (Meeting API, 4.2, example), whether that is the account's or the
		// member's.
		account.Name = "Auto-" + identity.Hex(account.ID)
		id, _ = identity.MemberIDOfHex(identity.Hex(account.ID))
	}
	member := identity.Member{
		ID: id, OrganizationID: org, AccountID: account.ID, Name: n.Name,
		EnglishName: n.EnglishName, ThirdAccount: n.ThirdAccount, Role: n.Role, Status: identity.MemberActive, Title: n.Title,
		Signature: n.Signature, Description: n.Description, SortLevel: n.SortLevel, HideMobile: n.HideMobile,
		Number: newNumber(now.Add(n.turn.later)), Attributes: n.Attributes, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if n.automatic || n.guest {
		member.Activate(now) // they stand at the door
	}
	if member.Role == "" {
		member.Role = identity.RoleMember
	}
	if member.SortLevel == 0 {
		member.SortLevel = lastSortLevel
	}
	if err := member.Renew(n.ExpiresAt); err != nil {
		return p, err
	}
	if n.Disabled {
		if err := member.Suspend(); err != nil {
			return p, err
		}
	}
	p = identity.Person{Member: member, Account: account}
	if err := identity.ValidAccount(account.Name); err != nil {
		return p, err
	}
	return p, checkPerson(p)
}

// checkPerson adds to a member's own rules those that need the account.
func checkPerson(p identity.Person) error {
	if err := p.Member.Validate(); err != nil {
		return err
	}
	if !slices.Contains(identity.Roles(), p.Member.Role) {
		return fault.New(fault.Invalid, fault.CodeFieldChoice).At("role").With("choices", roleNames())
	}
	if err := checkAttributes(p.Member.Attributes); err != nil {
		return err
	}
	return checkTexts([]textRule{{"country", p.Account.Country, 255}, {"language", p.Account.Language, 35}})
}

func roleNames() (names []string) {
	for _, role := range identity.Roles() {
		names = append(names, string(role))
	}
	return names
}

// The bounds of custom attributes.
const (
	maxAttributes     = 50
	maxAttributeKey   = 64
	maxAttributeValue = identity.MaxAttributeValue
)

func checkAttributes(attributes map[string]string) error {
	if len(attributes) > maxAttributes {
		return fault.New(fault.Invalid, fault.CodeFieldRange).At("attributes").With("min", 0).With("max", maxAttributes)
	}
	for key, value := range attributes {
		if key == "" {
			return fault.New(fault.Invalid, fault.CodeFieldLength).At("attributes").With("min", 1).With("max", maxAttributeKey)
		}
		if err := checkTexts([]textRule{{"attributes", key, maxAttributeKey}, {"attributes", value, maxAttributeValue}}); err != nil {
			return err
		}
	}
	return nil
}

// checkSecondOwner refuses an owner beside another.
func checkSecondOwner(tx *store.Tx, m identity.Member) error {
	if m.Role != identity.RoleOwner {
		return nil
	}
	_, err := tx.Members.Owner(m.OrganizationID)
	switch {
	case err == nil:
		return errOwner
	case fault.Is(err, fault.CodeMemberNotFound):
		return nil
	}
	return err
}

// checkMemberLimit refuses one member too many. It is asked after the
// insertion, which has locked the count until the transaction ends.
func checkMemberLimit(tx *store.Tx, org identity.Organization) error {
	most, limited, err := memberLimit(tx, org)
	if err != nil || !limited {
		return err
	}
	members, _, err := tx.Organizations.Counts(org.ID)
	if err == nil && members > most {
		err = fault.New(fault.Conflict, fault.CodeMemberLimit).With("max", most)
	}
	return err
}

// memberLimit is how many members an organisation may have now. Where its
// provider grants them, what ended since the last grant counts no more.
func memberLimit(tx *store.Tx, org identity.Organization) (most int, limited bool, err error) {
	if !org.Limits.Granted {
		return org.Limits.Members, org.Limits.Members > 0, nil
	}
	most, err = tx.Resources.Live(org.ID, identity.ResourceMembers)
	return most, true, err
}

// numberEpoch is where the time part of SIP numbers begins, 2020 in
// milliseconds: twelve digits last until 2051.
const numberEpoch = 1_577_836_800_000

// newNumber returns a SIP number, +991 and sixteen digits: twelve of the time,
// so that numbers are hardly ever drawn twice, and four random ones.
func newNumber(now time.Time) string {
	random, _ := rand.Int(rand.Reader, big.NewInt(10_000)) // never fails
	return fmt.Sprintf("+991%012d%04d", (now.UnixMilli()-numberEpoch)%1_000_000_000_000, random)
}

// codeAlphabet is that of drawn codes: digits and letters that are not
// mistaken for one another.
const codeAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"

// shortCode draws a code for something whose maker named none.
func shortCode(length int) string {
	code := make([]byte, length)
	for i := range code {
		code[i] = codeAlphabet[draw(len(codeAlphabet))]
	}
	return string(code)
}
