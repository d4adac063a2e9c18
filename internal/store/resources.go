package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Resources is the table of what the provider granted to organisations, with
// the records of what was done to it. Every method takes the organisation; what
// belongs to another one is NotFound.
type Resources struct{ c *conn }

const resourceColumns = `id, organization_id, ref, kind, package, amount, ends_at, disabled, order_ref, version, created_at, updated_at`

func scanResource(scan func(...any) error) (r identity.Resource, err error) {
	var ends, created, updated int64
	err = scan(&r.ID, &r.OrganizationID, &r.Ref, &r.Kind, &r.Package, &r.Count, &ends, &r.Disabled, &r.Order, &r.Version, &created, &updated)
	r.EndsAt, r.CreatedAt, r.UpdatedAt = at(ends), at(created), at(updated)
	return r, err
}

var errNoResource = fault.New(fault.NotFound, fault.CodeResourceNotFound)

// ResourceQuery narrows a list of resources. Empty fields do not narrow.
type ResourceQuery struct {
	Text    string // part of the provider's name of the resource
	Kind    identity.ResourceKind
	Package identity.RoomPackage
	Order   string
	Status  identity.ResourceStatus
	// From and To bound the end of the resource: not before From, not after To.
	From, To time.Time
	// ByEnd is the order of the ends, else of the making; AfterEnd is then the end
	// of the resource After.
	ByEnd    bool
	AfterEnd time.Time
	Slice
}

func (q ResourceQuery) narrow(org identity.OrganizationID, now time.Time) *narrow {
	n := within(`organization_id`, org)
	n.containing(q.Text, `lower(ref)`)
	narrowResource(n, q.Kind, q.Package)
	if q.Order != "" {
		n.and(`order_ref = `, q.Order)
	}
	narrowTimes(n, `ends_at`, q.From, q.To)
	switch q.Status {
	case identity.ResourceLive:
		n.and(`NOT disabled AND ends_at > `, ms(now))
	case identity.ResourceExpired:
		n.and(`NOT disabled AND ends_at <= `, ms(now))
	case identity.ResourceDisabled:
		n.also(`disabled`)
	}
	return n
}

func narrowResource(n *narrow, kind identity.ResourceKind, size identity.RoomPackage) {
	if kind != "" {
		n.and(`kind = `, kind)
	}
	if size != "" {
		n.and(`package = `, size)
	}
}

func narrowTimes(n *narrow, column string, from, to time.Time) {
	if !from.IsZero() {
		n.and(column+` >= `, ms(from))
	}
	if !to.IsZero() {
		n.and(column+` <= `, ms(to))
	}
}

// Get returns a resource, or NotFound.
func (t Resources) Get(org identity.OrganizationID, id identity.ResourceID) (identity.Resource, error) {
	return found(t.c, errNoResource, scanResource,
		`SELECT `+resourceColumns+` FROM resources WHERE organization_id = $1 AND id = $2`, org, id)
}

// ByRef returns the resources with the provider's name, of one kind or, with
// "", of each that has one, in the order of their making.
func (t Resources) ByRef(org identity.OrganizationID, ref string, kind identity.ResourceKind) ([]identity.Resource, error) {
	n := within(`organization_id`, org)
	n.and(`ref = `, ref)
	narrowResource(n, kind, "")
	query, args := n.page(`SELECT `+resourceColumns+` FROM resources`, `id`, Slice{Limit: len(identity.ResourceKinds())})
	return list(t.c, scanResource, query, args...)
}

// Page returns resources in the wanted order. Their status is that of the
// transaction's instant.
func (t Resources) Page(org identity.OrganizationID, q ResourceQuery) ([]identity.Resource, error) {
	const selecting = `SELECT ` + resourceColumns + ` FROM resources`
	query, args := "", []any(nil)
	if n := q.narrow(org, t.c.tx.now); q.ByEnd {
		query, args = n.pageBy(selecting, `ends_at`, `id`, ms(q.AfterEnd), q.Slice)
	} else {
		query, args = n.page(selecting, `id`, q.Slice)
	}
	return list(t.c, scanResource, query, args...)
}

// Count returns how many resources a query finds in all.
func (t Resources) Count(org identity.OrganizationID, q ResourceQuery) (int, error) {
	return t.c.counted(q.narrow(org, t.c.tx.now), `resources`)
}

// Insert adds a resource with version 1. One of this name and kind is a
// Conflict.
func (t Resources) Insert(r identity.Resource) error {
	n, err := t.c.exec(`INSERT INTO resources (`+resourceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)
		ON CONFLICT DO NOTHING`, r.ID, r.OrganizationID, r.Ref, r.Kind, r.Package, r.Count, ms(r.EndsAt), r.Disabled, r.Order,
		ms(r.CreatedAt), ms(r.UpdatedAt))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeResourceExists).At("ref")
	}
	return err
}

// Put stores an edited resource if it still has the version that was read, else
// Stale. Name, kind and package never change.
func (t Resources) Put(r identity.Resource) error {
	n, err := t.c.exec(`UPDATE resources SET amount = $4, ends_at = $5, disabled = $6, order_ref = $7, version = version + 1, updated_at = $8
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		r.OrganizationID, r.ID, r.Version, r.Count, ms(r.EndsAt), r.Disabled, r.Order, ms(r.UpdatedAt))
	return stale(n, err)
}

// Delete removes a resource with the rooms that it brought.
func (t Resources) Delete(org identity.OrganizationID, id identity.ResourceID) error {
	n, err := t.c.exec(`DELETE FROM resources WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoResource
	}
	return err
}

// Sum is what resources of a kind add up to at an instant.
type Sum struct {
	Kind    identity.ResourceKind
	Package identity.RoomPackage
	// Live is what counts, Expiring what of it ends soon, Expired what ended.
	Live, Expiring, Expired int
}

// Sums adds up the resources of an organisation at an instant, one row for each
// kind and package; "" adds up those of all organisations.
func (t Resources) Sums(org identity.OrganizationID, now time.Time) ([]Sum, error) {
	args := []any{ms(now), ms(now.Add(identity.ResourceExpiring))}
	where := `NOT disabled`
	if org != "" {
		args = append(args, org)
		where += ` AND organization_id = $3`
	}
	return list(t.c, func(scan func(...any) error) (s Sum, err error) {
		return s, scan(&s.Kind, &s.Package, &s.Live, &s.Expiring, &s.Expired)
	}, `SELECT kind, package, CAST(coalesce(sum(CASE WHEN ends_at > $1 THEN amount END), 0) AS BIGINT),
		CAST(coalesce(sum(CASE WHEN ends_at > $1 AND ends_at <= $2 THEN amount END), 0) AS BIGINT),
		CAST(coalesce(sum(CASE WHEN ends_at <= $1 THEN amount END), 0) AS BIGINT)
		FROM resources WHERE `+where+` GROUP BY kind, package ORDER BY kind, package`, args...)
}

// LiveOf adds up what several organisations have at the transaction's instant,
// by kind.
func (t Resources) LiveOf(orgs []identity.OrganizationID) (map[identity.OrganizationID]map[identity.ResourceKind]int, error) {
	of := map[identity.OrganizationID]map[identity.ResourceKind]int{}
	err := sets(orgs, func(some []identity.OrganizationID) error {
		args, in := among([]any{ms(t.c.tx.now)}, some)
		return t.c.each(`SELECT organization_id, kind, CAST(sum(amount) AS BIGINT) FROM resources
			WHERE organization_id IN `+in+` AND NOT disabled AND ends_at > $1 GROUP BY organization_id, kind`, args,
			func(scan func(...any) error) error {
				var org identity.OrganizationID
				var kind identity.ResourceKind
				var n int
				err := scan(&org, &kind, &n)
				if of[org] == nil {
					of[org] = map[identity.ResourceKind]int{}
				}
				of[org][kind] = n
				return err
			})
	})
	return of, err
}

// Live returns how many of a kind an organisation has at the transaction's
// instant.
func (t Resources) Live(org identity.OrganizationID, kind identity.ResourceKind) (n int, err error) {
	err = t.c.row(`SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM resources
		WHERE organization_id = $1 AND kind = $2 AND NOT disabled AND ends_at > $3`, org, kind, ms(t.c.tx.now)).scan(&n)
	return n, err
}

// Granted lists the kinds of which an organisation was granted something at any
// time, whatever became of it.
func (t Resources) Granted(org identity.OrganizationID) ([]identity.ResourceKind, error) {
	return list(t.c, func(scan func(...any) error) (kind identity.ResourceKind, err error) { return kind, scan(&kind) },
		`SELECT DISTINCT kind FROM resource_records WHERE organization_id = $1 ORDER BY kind`, org)
}

// Headcount returns how many members the organisations have together, and how
// many organisations there are; with one named, only that one.
func (t Resources) Headcount(org identity.OrganizationID) (members, organizations int, err error) {
	query, args := `SELECT CAST(coalesce(sum(members), 0) AS BIGINT), count(*) FROM organization_counts`, []any{}
	if org != "" {
		query, args = query+` WHERE organization_id = $1`, []any{org}
	}
	err = t.c.row(query, args...).scan(&members, &organizations)
	return members, organizations, err
}

// RecordQuery narrows a list of records. Empty fields do not narrow.
type RecordQuery struct {
	Text      string // part of the provider's name of the resource
	Kind      identity.ResourceKind
	Package   identity.RoomPackage
	Operation identity.ResourceOperation
	From, To  time.Time // bound the end of the resource
	// Since and Until bound when it was done.
	Since, Until time.Time
	Newest       bool // first; After is then the record that the page comes before
	Slice
}

func (q RecordQuery) narrow(org identity.OrganizationID) *narrow {
	n := within(`organization_id`, org)
	n.containing(q.Text, `lower(ref)`)
	narrowResource(n, q.Kind, q.Package)
	narrowTimes(n, `ends_at`, q.From, q.To)
	narrowTimes(n, `at`, q.Since, q.Until)
	if q.Operation != "" {
		n.and(`operation = `, q.Operation)
	}
	return n
}

const recordColumns = `id, operation, resource_id, organization_id, ref, kind, package, amount, ends_at, disabled, order_ref, actor_name, at`

func scanRecord(scan func(...any) error) (r identity.ResourceRecord, err error) {
	var ends, when int64
	o := &r.Resource
	err = scan(&r.ID, &r.Operation, &o.ID, &o.OrganizationID, &o.Ref, &o.Kind, &o.Package, &o.Count, &ends, &o.Disabled, &o.Order, &r.ActorName, &when)
	o.EndsAt, r.At = at(ends), at(when)
	return r, err
}

// Record adds a record of what was done to a resource.
func (t Resources) Record(r identity.ResourceRecord) error {
	o := r.Resource
	_, err := t.c.exec(`INSERT INTO resource_records (`+recordColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.ID, r.Operation, o.ID, o.OrganizationID, o.Ref, o.Kind, o.Package, o.Count, ms(o.EndsAt), o.Disabled, o.Order, r.ActorName, ms(r.At))
	return err
}

// Records returns records in the order of their making, or in its reverse.
func (t Resources) Records(org identity.OrganizationID, q RecordQuery) ([]identity.ResourceRecord, error) {
	page := (*narrow).page
	if q.Newest {
		page = (*narrow).pageBack
	}
	query, args := page(q.narrow(org), `SELECT `+recordColumns+` FROM resource_records`, `id`, q.Slice)
	return list(t.c, scanRecord, query, args...)
}

// CountRecords returns how many records a query finds in all.
func (t Resources) CountRecords(org identity.OrganizationID, q RecordQuery) (int, error) {
	return t.c.counted(q.narrow(org), `resource_records`)
}
