package approval

import (
	"context"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Approval makes and decides requests.
type Approval struct {
	db      *store.DB
	address string // the product's own, for links in mails
}

// New returns the requests of a database. address is the product's own,
// without a slash at its end.
func New(db *store.DB, address string) *Approval { return &Approval{db, address} }

// Listed is a request with what people call those it is about.
type Listed = store.RequestRow

// Query narrows a page of requests.
type Query = store.RequestQuery

// The bounds of texts and lists.
const (
	maxText = 500 // characters of a reason or an answer
	// maxPage is a page of 200 and one row that tells of more.
	maxPage = 201
)

var (
	errForbidden = fault.New(fault.Forbidden, fault.CodeForbidden)
	errForeign   = fault.New(fault.Forbidden, fault.CodeRequestForeign)
	errNeedless  = fault.New(fault.Conflict, fault.CodeRequestNeedless)
	errOrder     = fault.New(fault.Conflict, fault.CodeRequestOrder)
)

// Standing is how a person's wish to enter an application stands: the newest
// requests, zero where there is none.
type Standing struct {
	Join   identity.Request // to join the organisation
	Entry  identity.Request
	Member bool // the person is a member by now
	// Foreign tells that the account is managed by another organisation, so
	// that it cannot ask to join.
	Foreign bool
	// Organization is the name of the application's.
	Organization string
}

// Of is the request that says how the wish stands: whoever is no member waits
// to join.
func (s Standing) Of() identity.Request {
	if !s.Member {
		return s.Join
	}
	return s.Entry
}

// Standing returns how the acting person's wish to enter an application
// stands.
func (r *Approval) Standing(ctx context.Context, actor identity.Actor, a identity.Application) (s Standing, err error) {
	if !actor.Somebody() {
		return s, errForbidden
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		s, _, err = standing(tx, actor.AccountID, a)
		return err
	})
	return s, err
}

// standing reads how a wish stands, and whose it is.
func standing(tx *store.Tx, id identity.AccountID, a identity.Application) (s Standing, account identity.Account, err error) {
	o, err := tx.Organizations.Get(a.OrganizationID)
	if err != nil {
		return s, account, err
	}
	if account, err = tx.Accounts.Get(id); err != nil {
		return s, account, err
	}
	_, err = tx.Members.ByAccount(a.OrganizationID, id)
	if err != nil && !fault.Is(err, fault.CodeMemberNotFound) {
		return s, account, err
	}
	s.Organization, s.Member = o.Name, err == nil
	s.Foreign = !s.Member && account.Kind != identity.Personal
	if s.Join, err = lastOf(tx, a.OrganizationID, id, ""); err != nil {
		return s, account, err
	}
	s.Entry, err = lastOf(tx, a.OrganizationID, id, a.ID)
	return s, account, err
}

// lastOf is the newest request for something, zero where there is none.
func lastOf(tx *store.Tx, org identity.OrganizationID, id identity.AccountID, a identity.ApplicationID) (identity.Request, error) {
	last, err := tx.Requests.Last(org, id, a)
	if fault.Is(err, fault.CodeRequestNotFound) {
		return identity.Request{}, nil
	}
	return last, err
}

// Ask asks for the acting person to be let in to an application: whoever is no
// member of its organisation asks to join first. While such a request waits it
// changes nothing, so that asking twice is asking once.
//
// An account that another organisation manages joins none: Forbidden
// (request_foreign). A suspended member is Forbidden (member_disabled). Whoever
// may enter has nothing to ask for: Conflict (request_needless). An application
// that is disabled or gone is NotFound (application_not_found).
func (r *Approval) Ask(ctx context.Context, actor identity.Actor, a identity.Application, reason string) (s Standing, err error) {
	if !actor.Somebody() {
		return s, errForbidden
	}
	reason, err = checkText("reason", reason)
	if err != nil {
		return s, err
	}
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		s, err = r.ask(tx, actor, a, reason)
		return err
	})
	return s, err
}

func (r *Approval) ask(tx *store.Tx, actor identity.Actor, a identity.Application, reason string) (Standing, error) {
	a, err := tx.Applications.Get(a.OrganizationID, a.ID)
	if err != nil {
		return Standing{}, err
	}
	s, account, err := standing(tx, actor.AccountID, a)
	if err != nil {
		return s, err
	}
	if err := mayAsk(tx, s, account, a); err != nil {
		return s, err
	}
	tx.NoEvent("what is asked for already is no new fact")
	w := wish{actor: actor, account: account, application: a, organization: s.Organization, reason: reason}
	if !s.Member {
		if s.Join, err = r.add(tx, w, identity.RequestJoin, s.Join); err != nil {
			return s, err
		}
		w.after = s.Join.ID
	}
	s.Entry, err = r.add(tx, w, identity.RequestEntry, s.Entry)
	return s, err
}

// mayAsk refuses what nobody needs or can have.
func mayAsk(tx *store.Tx, s Standing, account identity.Account, a identity.Application) error {
	if !a.Active() {
		return fault.New(fault.NotFound, fault.CodeApplicationNotFound)
	}
	if s.Foreign {
		return errForeign
	}
	if !s.Member {
		return nil
	}
	p, err := tx.Members.ByAccount(a.OrganizationID, account.ID)
	if err != nil {
		return err
	}
	now, err := tx.Applications.Admission(a.ID, a.OrganizationID, p.Member.ID)
	switch {
	case err != nil:
		return err
	case now.Status != identity.MemberActive:
		return fault.New(fault.Forbidden, fault.CodeMemberDisabled)
	case now.Admitted:
		return errNeedless
	}
	return nil
}

// wish is what a request is made from.
type wish struct {
	actor        identity.Actor
	account      identity.Account
	application  identity.Application
	organization string // its name
	reason       string
	after        identity.RequestID
}

// remindAfter is how long those who decide are not told of another request of
// the same person for the same thing.
const remindAfter = time.Hour

// add makes a request, unless one waits.
func (r *Approval) add(tx *store.Tx, w wish, kind identity.RequestKind, last identity.Request) (identity.Request, error) {
	if last.State == identity.RequestPending {
		return last, nil
	}
	request := identity.Request{
		ID: identity.NewRequestID(tx.Now()), Kind: kind, OrganizationID: w.application.OrganizationID, AccountID: w.account.ID,
		State: identity.RequestPending, Reason: w.reason, CreatedAt: tx.Now(), Version: 1,
	}
	if kind == identity.RequestEntry {
		request.ApplicationID, request.After = w.application.ID, w.after
	}
	added, err := tx.Requests.Add(request)
	if err != nil {
		return request, err
	}
	if !added {
		return tx.Requests.Last(request.OrganizationID, request.AccountID, request.ApplicationID)
	}
	if err := record(tx, w.actor, audit.RequestMade, request); err != nil {
		return request, err
	}
	if !last.CreatedAt.IsZero() && tx.Now().Sub(last.CreatedAt) < remindAfter {
		return request, nil
	}
	return request, r.tellDeciders(tx, w, request)
}

// Withdraw ends a request of the acting person while nobody has decided it,
// and with a wish to join whatever waits for it. Somebody else's is NotFound
// (request_not_found); one that was decided is Conflict (request_decided).
func (r *Approval) Withdraw(ctx context.Context, actor identity.Actor, id identity.RequestID) error {
	if !actor.Somebody() {
		return errForbidden
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		request, err := tx.Requests.OfAccount(actor.AccountID, id)
		if err != nil {
			return err
		}
		return endAll(tx, request, func(one identity.Request) error {
			one.State, one.DecidedAt = identity.RequestWithdrawn, tx.Now()
			if err := tx.Requests.Decide(one); err != nil {
				return err
			}
			return record(tx, actor, audit.RequestWithdrawn, one)
		})
	})
}

// endAll ends a request and those that wait for it.
func endAll(tx *store.Tx, request identity.Request, end func(identity.Request) error) error {
	if err := end(request); err != nil || request.Kind != identity.RequestJoin {
		return err
	}
	waiting, err := tx.Requests.Waiting(request.ID)
	if err != nil {
		return err
	}
	for _, one := range waiting {
		if err := end(one); err != nil {
			return err
		}
	}
	return nil
}

// Again asks once more for what a request of the acting person asked for. A
// wish to join is made again by the wish to enter that came after it.
func (r *Approval) Again(ctx context.Context, actor identity.Actor, id identity.RequestID) (s Standing, err error) {
	if !actor.Somebody() {
		return s, errForbidden
	}
	var a identity.Application
	err = r.db.View(ctx, func(tx *store.Tx) error {
		request, err := tx.Requests.OfAccount(actor.AccountID, id)
		a = identity.Application{ID: request.ApplicationID, OrganizationID: request.OrganizationID}
		return err
	})
	if err != nil {
		return s, err
	}
	return r.Ask(ctx, actor, a, "")
}

// Mine returns the newest requests of the acting person, newest first.
func (r *Approval) Mine(ctx context.Context, actor identity.Actor) (all []Listed, err error) {
	if !actor.Somebody() {
		return nil, errForbidden
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Requests.Mine(actor.AccountID, maxPage)
		return err
	})
	return all, err
}

// Page returns requests to an organisation, newest first, to whoever decides
// them.
func (r *Approval) Page(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q Query) (all []Listed, err error) {
	if err := access.Allow(actor, access.DecideRequests, org); err != nil {
		return nil, err
	}
	if q.Limit <= 0 || q.Limit > maxPage {
		q.Limit = maxPage
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Requests.Page(org, q)
		return err
	})
	return all, err
}

// checkText reads a reason or an answer: one line of bounded length.
func checkText(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case len([]rune(text)) > maxText:
		return "", fault.New(fault.Invalid, fault.CodeFieldLength).At(field).With("min", 0).With("max", maxText)
	case !identity.CleanText(text) || strings.ContainsAny(text, "\r\n\t"):
		return "", fault.New(fault.Invalid, fault.CodeFieldFormat).At(field).With("want", "want.one_line")
	}
	return text, nil
}

func record(tx *store.Tx, actor identity.Actor, what audit.Type, r identity.Request) error {
	details := map[string]string{"kind": string(r.Kind), "account": string(r.AccountID)}
	if r.ApplicationID != "" {
		details["application"] = string(r.ApplicationID)
	}
	return audit.Record(tx, actor, what, audit.About{Organization: r.OrganizationID, Target: string(r.ID), Details: details})
}
