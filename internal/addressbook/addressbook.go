package addressbook

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Book holds the use cases. It is safe for concurrent use.
type Book struct {
	db    *store.DB
	scope Scoping
}

// Scoping tells which departments an actor may see, as
// directory.VisibleDepartments does.
type Scoping func(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (identity.Scope, error)

// New returns the address books of a database.
func New(db *store.DB, scope Scoping) *Book { return &Book{db: db, scope: scope} }

// Kind is what an entry of the organisation is.
type Kind uint8

// The kinds. Terminals are hard terminals; devices are those that were made the
// organisation's by an activation code.
const (
	Person Kind = iota
	Terminal
	Device
)

// Entry is one of the organisation: a person, a terminal or a device; the fields
// of the others are zero.
type Entry struct {
	Kind       Kind
	Person     identity.Person // without a hidden mobile number
	Terminal   identity.Terminal
	Device     identity.ActivationCode // without its code and contact
	Department identity.Department
	Room       string // the personal meeting id of a person, "" for none yet
}

// Query is what is looked for. Empty fields do not narrow.
type Query struct {
	// Text is part of the name, its sound, the account or the SIP number, or the
	// beginning of a mobile number or mail address.
	Text       string
	Department string // its code; one that is not there holds nobody
	Alone      bool   // without the departments below it
	Kinds      []Kind // none are all
	Screens    Screens
	Offset     int // beyond the end it is that of the last page
	Limit      int // at most 1,000, and 100 for 0
}

// Screens says whether smart screens count as devices.
type Screens bool

// The two answers.
const (
	WithScreens    Screens = false
	WithoutScreens Screens = true
)

// Page is a part of what was found: people first, then terminals, then devices.
type Page struct {
	Entries []Entry
	Count   int // of the whole list
	Offset  int // from where on the part is
}

// Search looks for entries of the actor's organisation.
func (b *Book) Search(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q Query) (page Page, err error) {
	scope, err := b.visible(ctx, actor, org)
	if err != nil {
		return page, err
	}
	q.Limit = store.PageSize(q.Limit)
	err = b.db.View(ctx, func(tx *store.Tx) error {
		s, err := searchIn(tx, org, scope, q)
		if err != nil {
			return err
		}
		page, err = s.page(actor)
		return err
	})
	return page, err
}

// visible asks access, and which departments are seen.
func (b *Book) visible(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (identity.Scope, error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return identity.Scope{}, err
	}
	return b.scope(ctx, actor, org)
}

// discreet leaves out of a person what they hide from everybody else.
func discreet(actor identity.Actor, p identity.Person) identity.Person {
	if p.Member.HideMobile && p.Member.ID != actor.MemberID {
		p.Account.Mobile, p.Account.Country = "", ""
	}
	return p
}
