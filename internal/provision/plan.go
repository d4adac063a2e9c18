package provision

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// The kinds of what receivers acknowledge.
const (
	kindTenant      = "tenant"
	kindApplication = "application"
	kindDepartment  = "department"
	kindPerson      = "person"
)

const (
	// maxSingles is how many departments are told one by one. Where more differ,
	// all are told at once.
	maxSingles = 20
	// maxPlanned is how many people one plan names, so that a plan has a bound.
	maxPlanned = 20 * MaxPeople
	readRows   = 500
)

// step is one call to be made.
type step struct {
	event       Event
	act         Act
	tenant      tenant
	credential  credential // its secret is not sealed yet
	departments []department
	people      []person
	acks        []ack // what is noted once the receiver has taken it, in the order of what is told
}

// ack is what is noted of one object.
type ack struct {
	store.SyncAck
	gone bool
}

// plan is what separates a receiver from what it should know.
type plan struct {
	steps  []step
	forget []ack // what need not be told any more
}

// planner compares what is stored with what one receiver has acknowledged.
type planner struct {
	tx   *store.Tx
	app  identity.Application
	sync identity.Sync
	org  identity.Organization
	plan plan
}

// newPlan is everything a receiver has to be told now, in the order in which it
// has to be told (OrgID, G.3): organisation, credential, departments that are
// new or changed, people, and departments that are gone, which are empty by
// then.
func (p *Syncs) newPlan(tx *store.Tx, app identity.Application, s identity.Sync) (plan, error) {
	org, err := tx.Organizations.Get(app.OrganizationID)
	if err != nil {
		return plan{}, err
	}
	w := planner{tx: tx, app: app, sync: s, org: org}
	if err := w.head(p.tenant(app, org)); err != nil {
		return plan{}, err
	}
	gone, err := w.departments()
	if err == nil {
		err = w.people()
	}
	w.plan.steps = append(w.plan.steps, gone...)
	return w.plan, err
}

// told makes what is noted of an object, and whether it differs from what the
// receiver has acknowledged.
func (w *planner) told(kind, object string, what any) (ack, error) {
	text, err := compact(what)
	return ack{SyncAck: store.SyncAck{Kind: kind, Object: object, Told: string(text), Digest: w.tx.SyncAcks.Digest(kind, string(text))}}, err
}

// difference is the act by which a receiver gets from what it has acknowledged
// to what it should know; ok is false where there is nothing to tell.
func difference(known store.SyncAck, wanted ack) (act Act, ok bool) {
	switch {
	case known.Refused != nil && string(known.Refused) == string(wanted.Digest):
		return 0, false
	case known.Digest == nil || known.Revoked:
		return Add, true
	case string(known.Digest) == string(wanted.Digest):
		return 0, false
	}
	return Modify, true
}

// head plans organisation and credential.
func (w *planner) head(t tenant) error {
	wanted, err := w.told(kindTenant, "", t)
	if err != nil {
		return err
	}
	known, err := w.tx.SyncAcks.Of(w.app.ID, kindTenant)
	if err != nil {
		return err
	}
	if act, ok := difference(known[""], wanted); ok {
		w.plan.steps = append(w.plan.steps, step{event: EventTenant, act: act, tenant: t, acks: []ack{wanted}})
	}
	c := credential{string(w.app.ID), w.app.ClientID, w.sync.ClientSecret}
	wanted, err = w.told(kindApplication, "", []any{c, w.sync.PublicKey, w.sync.Digest})
	if err != nil {
		return err
	}
	wanted.Told = "" // it holds the secret
	if known, err = w.tx.SyncAcks.Of(w.app.ID, kindApplication); err != nil {
		return err
	}
	if act, ok := difference(known[""], wanted); ok {
		w.plan.steps = append(w.plan.steps, step{event: EventApplication, act: act, credential: c, acks: []ack{wanted}})
	}
	return nil
}

// departments plans those that are new or changed and returns the steps for
// those that are gone.
func (w *planner) departments() (gone []step, err error) {
	known, err := w.tx.SyncAcks.Of(w.app.ID, kindDepartment)
	if err != nil {
		return nil, err
	}
	all := step{event: EventDepartments, act: Add}
	var singles []step
	fresh := !slices.ContainsFunc(slices.Collect(maps.Values(known)), func(a store.SyncAck) bool { return a.Digest != nil })
	for after := ""; ; {
		page, err := w.tx.Departments.Page(w.org.ID, after, readRows)
		if err != nil {
			return nil, err
		}
		for _, d := range page {
			after = d.Path
			one := department{d.Code, d.Name, parentCode(d)}
			wanted, err := w.told(kindDepartment, d.Code, one)
			if err != nil {
				return nil, err
			}
			all.departments, all.acks = append(all.departments, one), append(all.acks, wanted)
			if act, ok := difference(known[d.Code], wanted); ok {
				singles = append(singles, step{event: EventDepartment, act: act, departments: []department{one}, acks: []ack{wanted}})
			}
			delete(known, d.Code)
		}
		if len(page) < readRows {
			break
		}
	}
	if fresh || len(singles) > maxSingles {
		singles = []step{all}
	}
	w.plan.steps = append(w.plan.steps, singles...)
	return w.goneDepartments(known)
}

// parentCode is the code of the department above, which the path names.
func parentCode(d identity.Department) string {
	codes := strings.Split(strings.Trim(d.Path, "/"), "/")
	if d.Root() || len(codes) < 2 {
		return ""
	}
	return codes[len(codes)-2]
}

// goneDepartments tells of those that are no more, children before parents.
func (w *planner) goneDepartments(known map[string]store.SyncAck) (steps []step, err error) {
	last := map[string]department{}
	for code := range known {
		text, err := w.tx.SyncAcks.Told(w.app.ID, kindDepartment, code)
		if err != nil {
			return nil, err
		}
		var d department
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return nil, err
		}
		last[code] = d
	}
	depth := func(d department) (n int) {
		for n < len(last) {
			above, ok := last[d.Parent]
			if !ok {
				break
			}
			d = above
			n++
		}
		return n
	}
	for code, d := range last {
		note := ack{SyncAck: store.SyncAck{Kind: kindDepartment, Object: code}, gone: true}
		steps = append(steps, step{event: EventDepartment, act: Remove, departments: []department{d}, acks: []ack{note}})
	}
	slices.SortFunc(steps, func(a, b step) int {
		x, y := a.departments[0], b.departments[0]
		if dx, dy := depth(x), depth(y); dx != dy {
			return dy - dx
		}
		return strings.Compare(x.Code, y.Code)
	})
	return steps, nil
}

// crowd is the people to whom the same has happened.
type crowd struct {
	people []person
	acks   []ack
}

func (c *crowd) add(p person, a ack) { c.people, c.acks = append(c.people, p), append(c.acks, a) }

// people plans who may enter, and who may no more. Those who are gone come first:
// somebody else may have their account name by now.
func (w *planner) people() error {
	known, err := w.tx.SyncAcks.Of(w.app.ID, kindPerson)
	if err != nil {
		return err
	}
	var crowds [Revoke + 1]crowd
	for after := identity.MemberID(""); ; {
		page, err := w.tx.SyncAcks.Admitted(w.app, after, readRows)
		if err != nil {
			return err
		}
		for _, one := range page {
			after = one.Member.ID
			if err := w.person(&crowds, known[string(after)], one); err != nil {
				return err
			}
			delete(known, string(after))
		}
		if len(page) < readRows {
			break
		}
		if len(crowds[Add].people)+len(crowds[Modify].people) >= maxPlanned {
			known = nil // who is gone is seen when all were looked at
			break
		}
	}
	if err := w.gonePeople(&crowds, known); err != nil {
		return err
	}
	for _, act := range []Act{Remove, Revoke, Modify, Add} {
		w.batches(act, crowds[act])
	}
	return nil
}

// batches plans one act in calls of no more than the wire allows.
func (w *planner) batches(act Act, c crowd) {
	for start := 0; start < len(c.people); start += MaxPeople {
		end := min(start+MaxPeople, len(c.people))
		w.plan.steps = append(w.plan.steps, step{event: EventPeople, act: act, people: c.people[start:end], acks: c.acks[start:end]})
	}
}

// person plans one who may enter.
func (w *planner) person(crowds *[Revoke + 1]crowd, known store.SyncAck, one store.Admitted) error {
	p := w.portrait(one)
	wanted, err := w.told(kindPerson, string(one.Member.ID), p)
	if err != nil {
		return err
	}
	act, ok := difference(known, wanted)
	if !ok {
		return nil
	}
	if known.Object != "" && !known.Revoked {
		before, err := w.before(wanted.Object)
		if err != nil {
			return err
		}
		// Receivers know people by their account names.
		if before.UserName != "" && before.UserName != p.UserName {
			crowds[Remove].add(before, ack{SyncAck: store.SyncAck{Kind: kindPerson, Object: wanted.Object}, gone: true})
			act = Add
		}
	}
	crowds[act].add(p, wanted)
	return nil
}

// before is what a receiver was last told of a member.
func (w *planner) before(member string) (p person, err error) {
	text, err := w.tx.SyncAcks.Told(w.app.ID, kindPerson, member)
	if err != nil || text == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(text), &p)
}

// gonePeople plans those whom the receiver knows and who may not enter.
func (w *planner) gonePeople(crowds *[Revoke + 1]crowd, known map[string]store.SyncAck) error {
	for _, member := range slices.Sorted(maps.Keys(known)) {
		before, err := w.before(member)
		if err != nil {
			return err
		}
		note := ack{SyncAck: store.SyncAck{Kind: kindPerson, Object: member}, gone: true}
		if before.UserName == "" {
			w.plan.forget = append(w.plan.forget, note)
			continue
		}
		_, err = w.tx.Members.Get(w.org.ID, identity.MemberID(member))
		switch {
		case fault.KindOf(err) == fault.NotFound:
			crowds[Remove].add(before, note)
		case err != nil:
			return err
		case known[member].Revoked && known[member].Digest != nil:
		case w.sync.Wire == identity.SyncV1:
			crowds[Remove].add(before, note) // the first form knows nothing between
		default:
			if note, err = w.told(kindPerson, member, before); err != nil {
				return err
			}
			note.Revoked = true
			crowds[Revoke].add(before, note)
		}
	}
	return nil
}

// portrait is a member as the receiver is told.
func (w *planner) portrait(one store.Admitted) person {
	m, a := one.Member, one.Account
	p := person{
		UserName: a.Name, Name: m.Name, Department: one.Department, Role: roleUser, Enable: "false", Position: cut(m.Title, shortText),
	}
	if m.Administers() || w.app.Responsible == m.ID {
		p.Role = roleAdmin
	}
	if one.Active(w.tx.Now()) {
		p.Enable = "true"
	}
	p.tell(m.Attributes, w.sync.ReleasePersonal)
	if w.sync.ReleasePersonal {
		p.Mobile, p.Email = a.Mobile, a.Email
	}
	return p
}
