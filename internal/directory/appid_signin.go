package directory

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

// AppIDProof is what a third-party server signed about a person. The signature
// has been verified before (application.Verify).
type AppIDProof struct {
	AppID identity.AppID
	// OrganizationRef is identifier or code, for App IDs of the provider only.
	OrganizationRef string
	// ThirdAccount is the person's id in the third party's system; "" stands
	// for the owner of the organisation or, without an organisation, for the
	// provider's default administrator.
	ThirdAccount string
	// What the request carries about the person; "" leaves what is stored.
	Name, Email, Mobile, DepartmentCode string
	Nonce                               string
	NonceUntil                          time.Time // how long the nonce is remembered
	ClientType                          identity.ClientType
	Origin                              identity.Origin
	Story                               *trace.Story
}

var (
	errAppID      = fault.New(fault.Unauthenticated, fault.CodeAppIDRefused)
	errNonceUsed  = fault.New(fault.Unauthenticated, fault.CodeNonceUsed)
	errAutoCreate = fault.New(fault.Forbidden, fault.CodeAutoCreateForbidden)
)

// signInRuns is how often a login is run that met another login of the same
// person: one to find out, one to find what the other made, one to spare.
const signInRuns = 3

// SignInByAppID lets somebody in whom a third-party server vouches for (Meeting
// API, 4.2): it takes the nonce, finds the member or creates one, writes back
// what the request carries, and issues a token. All or nothing: a refused login
// does not spend its nonce.
//
// Faults: Unauthenticated nonce_used, or app_id_refused for an organisation the
// App ID does not reach; Forbidden member_disabled, member_expired,
// organization_inactive, or
// auto_create_forbidden; Conflict member_limit, mobile_taken or email_taken;
// NotFound department_not_found; Invalid for what is malformed.
func (d *Directory) SignInByAppID(ctx context.Context, p AppIDProof) (in SignedIn, err error) {
	p.Story.About("", p.ThirdAccount)
	org, err := d.reached(ctx, p)
	if !p.Story.Check(trace.OrganizationKnown, err == nil, trace.Detail{Received: p.OrganizationRef}) {
		return in, err
	}
	p.Story.About(org.ID, "")
	done, err := d.db.Turn(ctx, personKey(org.ID, p.ThirdAccount))
	if err != nil {
		return in, err
	}
	defer done()
	since := d.caches.people.Now()
	find := d.remembered
	for range signInRuns {
		again := false
		err = d.db.Act(ctx, store.ActSignIn, func(tx *store.Tx) error {
			in, again, err = d.vouched(tx, org, p, find)
			return err
		})
		if err == nil || !again && fault.KindOf(err) != fault.Stale {
			break
		}
		find = readPerson
	}
	if err == nil && p.ThirdAccount != "" {
		d.remember(since, p.ThirdAccount, in)
	}
	tellVouched(p.Story, in, err)
	return in, err
}

// reached returns the organisation that the login is for, the zero one for the
// provider itself.
func (d *Directory) reached(ctx context.Context, p AppIDProof) (identity.Organization, error) {
	ref := string(p.AppID.OrganizationID)
	switch {
	case p.AppID.OfProvider():
		ref = p.OrganizationRef
	case p.OrganizationRef != "":
		return identity.Organization{}, errAppID
	}
	if ref == "" {
		if p.ThirdAccount != "" {
			return identity.Organization{}, errAppID
		}
		return identity.Organization{}, nil
	}
	org, err := d.organization(ctx, ref)
	if fault.Is(err, fault.CodeOrganizationNotFound) {
		return org, errAppID
	}
	return org, err
}

// vouched is the login in the caller's transaction. again tells that another
// login of the same person was in the way, so that the next run may succeed.
func (d *Directory) vouched(tx *store.Tx, org identity.Organization, p AppIDProof, find finder) (in SignedIn, again bool, err error) {
	if err := ticket.Claim(tx, p.AppID.NonceSpace(), p.Nonce, p.NonceUntil, errNonceUsed); err != nil {
		return in, false, err
	}
	if in, again, err = who(tx, org, p, find); err != nil {
		return in, again, err
	}
	return in, false, d.admit(tx, &in, EnterClient{ClientType: p.ClientType, CreateToken: true},
		admission{how: howAppID, methods: []string{identity.ByAppID}, app: p.AppID, origin: p.Origin})
}

// who finds, creates or updates the person that the request is about, and
// refuses one who may not come in before anything is written about them.
func who(tx *store.Tx, org identity.Organization, p AppIDProof, find finder) (in SignedIn, again bool, err error) {
	switch {
	case org.ID == "":
		in, err = defaultOperator(tx)
	case p.ThirdAccount == "":
		in.Organization = org
		in.Person, err = tx.Members.Owner(org.ID)
		if fault.Is(err, fault.CodeMemberNotFound) {
			err = errAppID
		}
	default:
		in.Organization = org
		in.Person, err = find(tx, org.ID, p.ThirdAccount)
		if fault.Is(err, fault.CodeMemberNotFound) {
			in, err = create(tx, org.ID, p)
			return in, raced(err), err
		}
	}
	if err != nil {
		return in, false, err
	}
	if err := in.standing(tx.Now()); err != nil || p.ThirdAccount == "" {
		return in, false, err
	}
	in.Person, err = carry(tx, in, p)
	return in, false, err
}

// finder finds a person by third account.
type finder func(tx *store.Tx, org identity.OrganizationID, third string) (identity.Person, error)

func readPerson(tx *store.Tx, org identity.OrganizationID, third string) (identity.Person, error) {
	return tx.Members.ByThirdAccount(org, third)
}

// remembered is a finder that asks the database only where memory does not
// tell. Who was suspended elsewhere a moment ago does not come in as they were:
// the token is stored only while they stand as remembered. That and a write on
// top of what is remembered, which meets another version, are run again with
// readPerson.
func (d *Directory) remembered(tx *store.Tx, org identity.OrganizationID, third string) (identity.Person, error) {
	if p, ok := d.caches.people.Get(personKey(org, third)); ok && p.Active(tx.Now()) {
		return p, nil
	}
	return readPerson(tx, org, third)
}

// remember keeps who signed in. It waits for the commit: what a transaction
// reads may come from others that share its commit and fail with it.
func (d *Directory) remember(since store.Moment, third string, in SignedIn) {
	m := in.Person.Member
	key := personKey(m.OrganizationID, third)
	if _, ok := d.caches.people.Get(key); !ok {
		d.caches.people.Put(since, key, in.Person, string(in.Person.Account.ID), string(m.ID), string(m.OrganizationID))
	}
}

func personKey(org identity.OrganizationID, third string) string { return string(org) + "\x00" + third }

// raced tells the conflicts that two first logins of one person at once run
// into: the second finds the member of the first when it is run again. A
// conflict with somebody else comes again.
func raced(err error) bool {
	for _, code := range [...]fault.Code{fault.CodeThirdAccountTaken, fault.CodeMemberExists, fault.CodeMobileTaken, fault.CodeEmailTaken} {
		if fault.Is(err, code) {
			return true
		}
	}
	return false
}

func defaultOperator(tx *store.Tx) (in SignedIn, err error) {
	administrators, err := tx.Providers.All()
	if err != nil {
		return in, err
	}
	if len(administrators) == 0 {
		return in, errAppID
	}
	in.Provider, in.Person.Account = true, administrators[0]
	return in, nil
}

// create makes the member that an unknown third account stands for. The
// organisation is read again: whether it lets people in this way holds from
// the moment it was changed.
func create(tx *store.Tx, id identity.OrganizationID, p AppIDProof) (in SignedIn, err error) {
	if in.Organization, err = tx.Organizations.Get(id); err != nil {
		return in, err
	}
	switch {
	case !in.Organization.Active():
		return in, errFrozen
	case !in.Organization.AutoCreate, !p.AppID.AutoCreate:
		return in, errAutoCreate
	}
	name := p.Name
	if name == "" {
		name = p.ThirdAccount
	}
	in.Person, err = createMember(tx, in.Organization, NewMember{
		automatic: true, Name: name, ThirdAccount: p.ThirdAccount,
		Email: p.Email, Mobile: p.Mobile, DepartmentCode: p.DepartmentCode,
	}, identity.Credential{})
	if err != nil {
		return in, err
	}
	in.Created = true
	return in, audit.Record(tx, vouching(p, id), audit.MemberAutoCreated, audit.About{
		Organization: id, Target: string(in.Person.Member.ID),
		Details: map[string]string{"app_id": p.AppID.ID},
	})
}

// vouchedChecks are the checks that refuse a login in its transaction.
var vouchedChecks = map[fault.Code]trace.Check{
	fault.CodeNonceUsed:           trace.NonceFresh,
	fault.CodeAutoCreateForbidden: trace.AutoCreate,
	fault.CodeMemberLimit:         trace.MemberLimit,
	fault.CodeMobileTaken:         trace.ContactFree,
	fault.CodeEmailTaken:          trace.ContactFree,
	fault.CodeDepartmentNotFound:  trace.DepartmentKnown,
	fault.CodeAppIDRefused:        trace.MemberFound,
}

// tellVouched writes the end of a login into its story, after the transaction:
// a transaction may run more than once.
func tellVouched(s *trace.Story, in SignedIn, err error) {
	if err != nil {
		if check, ok := vouchedChecks[fault.Of(err).Code]; ok {
			s.Check(check, false, trace.Detail{})
			return
		}
		tellEntry(s, in, err)
		return
	}
	s.Check(trace.NonceFresh, true, trace.Detail{})
	found := trace.MemberFound
	if in.Created {
		found = trace.MemberCreated
	}
	s.Check(found, true, trace.Detail{Received: string(in.Person.Member.ID)})
	tellEntry(s, in, nil)
}
