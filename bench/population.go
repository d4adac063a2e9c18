package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/token"
)

// plan says whom a database is filled with.
type plan struct {
	path          string // of the SQLite file that is made
	sealing       []byte
	members       int // each with a token
	organizations int
	hash          string // of everybody's password
	centre        string // address of the centre at which people may sign in, "" for none
	shard         int    // members that are filled apart from others, see seed.go
}

// tenant is an organisation with its one App ID.
type tenant struct {
	id           identity.OrganizationID
	root         identity.DepartmentID
	code, domain string
	appID, key   string
	source       identity.SourceID // of its enterprise SSO
}

// population is whom a database holds, as far as a caller knows them.
type population struct {
	tenants []tenant
	tokens  []string // one access token for each member, by the member's number
	marks   []mark   // members from all over
	key     string   // a management token
	// browsers are the words of sessions of members of the first organisation.
	browsers []string
	granted  holdings    // of the run that is on, nil where nothing is held
	tickets  chan string // of CAS, of the entries before the run that is on
}

// mark is a member after whom a page of a list may begin.
type mark struct {
	tenant int
	id     identity.MemberID
}

const (
	// batch is how many members share a transaction while a database is filled.
	batch = 5_000
	// markEvery is how many members lie between two marks; it shares no factor
	// with the usual numbers of organisations.
	markEvery = 97
)

// tenantOf returns the organisation of a member.
func (p *population) tenantOf(member int) tenant { return p.tenants[member%len(p.tenants)] }

// thirdAccount is the id of a member in the system that signs people in.
func thirdAccount(member int) string { return fmt.Sprintf("u%07d", member) }

func (p *population) account(member int) string {
	return thirdAccount(member) + "@" + p.tenantOf(member).domain
}

// keys are the App Keys by App ID.
func (p *population) keys() map[string]string {
	keys := make(map[string]string, len(p.tenants))
	for _, t := range p.tenants {
		keys[t.appID] = t.key
	}
	return keys
}

func (p *population) addTenants(ctx context.Context, db *store.DB, n int) error {
	p.tenants = make([]tenant, n)
	for first := 0; first < n; first += batch {
		err := db.Act(ctx, store.ActSignIn, func(tx *store.Tx) error {
			for i := first; i < min(first+batch, n); i++ {
				t := newTenant(i, tx.Now())
				if err := t.insert(tx); err != nil {
					return err
				}
				p.tenants[i] = t
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("fill organisations: %w", err)
		}
	}
	return nil
}

func newTenant(i int, now time.Time) tenant {
	u, key := identity.NewUUID(now), make([]byte, 0, 32)
	for range 2 {
		part := identity.NewUUID(now)
		key = append(key, part[:]...)
	}
	return tenant{
		id: identity.NewOrganizationID(now), root: identity.NewDepartmentID(now),
		code: fmt.Sprintf("o%04d", i), domain: fmt.Sprintf("o%04d.example", i),
		appID: hex.EncodeToString(u[:]), key: hex.EncodeToString(key),
	}
}

func (t tenant) insert(tx *store.Tx) error {
	now := tx.Now()
	err := tx.Organizations.Insert(identity.Organization{
		ID: t.id, Code: t.code, Name: "Organisation " + t.code, Domain: t.domain,
		Status: identity.OrganizationActive, AutoCreate: true, Everlasting: true, Rules: identity.DefaultSignInRules(),
		Limits: identity.LimitsOrgID(), CreatedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return err
	}
	err = tx.Departments.Insert(identity.Department{
		ID: t.root, OrganizationID: t.id, Code: identity.RootDepartmentCode,
		Name: "Organisation " + t.code, Path: identity.RootDepartmentCode + "/", Level: 1, SortLevel: 10_000, CreatedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return err
	}
	return tx.AppIDs.Insert(identity.AppID{
		ID: t.appID, OrganizationID: t.id, Name: "bench", Status: identity.AppIDActive,
		Keys: []identity.AppKey{{Secret: t.key, CreatedAt: now}}, AutoCreate: true, CreatedAt: now, UpdatedAt: now,
	})
}

// addMembers fills the members from first to last, without the latter, each
// with mail, mobile, a password and one access token.
func (p *population) addMembers(ctx context.Context, db *store.DB, o plan, first, last int) error {
	tokens := token.New(db, token.Options{Now: time.Now, CacheSize: 1})
	defer tokens.Close()
	for ; first < last; first += batch {
		end := min(first+batch, last)
		err := db.Act(ctx, store.ActSignIn, func(tx *store.Tx) error {
			for i := first; i < end; i++ {
				if err := p.add(tx, tokens, i, o.hash); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("fill members: %w", err)
		}
	}
	return nil
}

func (p *population) add(tx *store.Tx, tokens *token.Tokens, i int, hash string) error {
	person := p.person(i, tx.Now())
	if err := tx.Accounts.Insert(person.Account, person.Account.LoginNames(true)); err != nil {
		return err
	}
	if err := tx.Credentials.Put(identity.Credential{AccountID: person.Account.ID, Hash: hash, ChangedAt: tx.Now()}); err != nil {
		return err
	}
	if err := tx.Members.Insert(person); err != nil {
		return err
	}
	issued, err := tokens.Issue(tx, identity.AccessToken{
		AccountID: person.Account.ID, OrganizationID: person.Member.OrganizationID,
		MemberID: person.Member.ID, ClientType: identity.ClientAPI, AppID: p.tenantOf(i).appID, Address: netip.MustParseAddr("127.0.0.1"),
	})
	if err != nil {
		return err
	}
	p.tokens[i] = issued.Access
	if i%markEvery == 0 {
		p.marks[i/markEvery] = mark{i % len(p.tenants), person.Member.ID}
	}
	return nil
}

func (p *population) person(i int, now time.Time) identity.Person {
	t := p.tenantOf(i)
	name := p.account(i)
	account := identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Managed, OrganizationID: t.id, Name: name,
		DisplayName: nameOf(i), Email: mailOf(i) + "@" + t.domain, Mobile: fmt.Sprintf("+86138%08d", i), Country: "chinaPR",
		Status: identity.AccountActive, CreatedAt: now, UpdatedAt: now,
	}
	member := identity.Member{
		// Who holds a token has come in: a first sign-in writes the member besides.
		ID: identity.NewMemberID(now), OrganizationID: t.id, AccountID: account.ID, Name: account.DisplayName,
		ThirdAccount: thirdAccount(i), Role: identity.RoleMember, Status: identity.MemberActive, Department: t.root, SortLevel: 10_000,
		Number: fmt.Sprintf("+9900%08d", i), CreatedAt: now, UpdatedAt: now, ActivatedAt: now,
	}
	return identity.Person{Member: member, Account: account}
}
