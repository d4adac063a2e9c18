package identity

import "time"

// Account is a person: login names, a credential kept by directory, and who
// owns it. What the person is in an organisation is a Member.
type Account struct {
	ID   AccountID
	Kind AccountKind
	// OrganizationID is the owner of a managed or outside account, "" for a
	// personal one and for a provider's administrator.
	OrganizationID OrganizationID
	Name           string // the account name as written; compared folded
	DisplayName    string
	Email          string // normalised; "" when unknown
	Mobile         string // with country code, as +8613800000000; "" when unknown
	Country        string // symbolic, "chinaPR"
	Language       string // of messages to this person; "" means the default
	Status         AccountStatus
	Generation     int64 // tokens of an earlier generation are dead
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// AccountKind tells who an account belongs to.
type AccountKind string

// The kinds of accounts.
const (
	Personal AccountKind = "personal" // belongs to the person
	Managed  AccountKind = "managed"  // belongs to one organisation for ever
	Outside  AccountKind = "outside"  // made by an authentication source
	Operator AccountKind = "provider" // a provider's administrator, member of nothing
)

// AccountStatus is the life of an account.
type AccountStatus string

// The states of an account.
const (
	AccountActive   AccountStatus = "active"
	AccountDisabled AccountStatus = "disabled"
)

// Active reports whether the account may be used.
func (a Account) Active() bool { return a.Status == AccountActive }

// Title is what the person is called: their name, else that of the account.
func (a Account) Title() string {
	if a.DisplayName != "" {
		return a.DisplayName
	}
	return a.Name
}

// Credential is the local proof of an account. It never leaves directory.
type Credential struct {
	AccountID AccountID
	Hash      string // PHC string; "" means no password was ever set
	// ChosenByOther is true from the moment somebody else sets the password
	// until the person does.
	ChosenByOther bool
	ChangedAt     time.Time
	History       []string // earlier hashes, newest first
	Version       int64
}

// String keeps hashes out of logs.
func (Credential) String() string { return "[redacted]" }

// GoString keeps hashes out of %#v.
func (Credential) GoString() string { return "[redacted]" }

// LoginName is one of the names an account is typed as. It is unique in the
// whole system.
type LoginName struct {
	Kind LoginNameKind
	Text string // normalised
}

// LoginNameKind tells what a login name is.
type LoginNameKind string

// The kinds of login names.
const (
	ByAccount LoginNameKind = "account"
	ByMobile  LoginNameKind = "mobile"
	ByEmail   LoginNameKind = "email"
)

// LoginNames returns the names under which the account signs in: always the
// account name, and mobile and mail for personal accounts or where the owner
// of a managed one allows contacts as names. The contacts of an outside account
// are none: it has no password, and must not keep the names of those who have.
func (a Account) LoginNames(contactsAsNames bool) []LoginName {
	names := []LoginName{{ByAccount, FoldAccount(a.Name)}}
	if a.Kind == Outside || a.Kind != Personal && !contactsAsNames {
		return names
	}
	if a.Mobile != "" {
		names = append(names, LoginName{ByMobile, a.Mobile})
	}
	if a.Email != "" {
		names = append(names, LoginName{ByEmail, a.Email})
	}
	return names
}
